"""What the public functions refuse, and what they say then."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.errors import RegionError, RulesError, UsageError, UserError
from vot_toolkit.region import Mask
from vot_toolkit.region_overlap import overlap, overlaps
from vot_toolkit.trajectory import Trajectory

BOX = [10.0, 10.0, 20.0, 20.0]
SQUARE = Mask(0, 0, np.ones((4, 4), dtype=bool))


@pytest.mark.parametrize("wrong", [[], [1, 2], [1, 2, 3], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7]])
def test_a_wrong_count_of_numbers_names_the_count_and_what_is_accepted(wrong):
    with pytest.raises(RegionError, match=rf"a region of {len(wrong)} numbers.*accepted: 4 num"):
        overlap(wrong, BOX)
    with pytest.raises(RegionError, match=rf"region 1: a region of {len(wrong)} numbers"):
        overlaps([BOX, BOX], [BOX, wrong])


@pytest.mark.parametrize("wrong", ["a box", None, [None] * 4, [[1, 2], [3]]])
def test_what_is_no_numbers_is_refused(wrong):
    with pytest.raises(RegionError, match=r"not a region|not finite"):
        overlap(BOX, wrong)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rules", ["vot2018", "vot-toolkit", "exact"])
def test_a_number_that_is_not_finite_is_refused_in_every_form(wrong, rules):
    broken = [10.0, wrong, 20.0, 20.0]
    with pytest.raises(RegionError, match=r"not finite.*10\.0, (nan|inf|-inf), 20\.0"):
        overlap(BOX, broken, (640, 480), rules)
    for form in (
        [BOX, broken],
        np.array([BOX, broken]),
        Trajectory.from_table(np.array([BOX, broken])),
    ):
        with pytest.raises(RegionError, match=r"region 1: .*not finite"):
            overlaps([BOX, BOX], form, (640, 480), rules)
        with pytest.raises(RegionError, match=r"region 1: .*not finite"):
            overlaps(form, [BOX, BOX], (640, 480), rules)


def test_a_number_alone_that_is_no_code_is_refused():
    with pytest.raises(RegionError, match="7 is no special code"):
        overlap([7], BOX)
    with pytest.raises(RegionError, match="region 1: 3 is no special code"):
        overlaps([BOX, BOX], [BOX, [3]])


@pytest.mark.parametrize("threads", [0, -2])
def test_no_thread_is_bad_usage(threads):
    with pytest.raises(UsageError, match=rf"threads={threads} \(accepted: 1 or more\)"):
        overlaps([BOX], [BOX], threads=threads)


def test_lists_of_different_length_name_both_lengths():
    with pytest.raises(RegionError, match="3 regions against 2"):
        overlaps([BOX] * 3, [BOX] * 2)


@pytest.mark.parametrize(
    "wrong",
    [
        640,
        (640, 480, 3),
        (0, 0, 640, 480),
        [[640, 480]] * 2,
        np.full((3, 3), 640),
        np.full((1, 3, 2), 640),
        (np.nan, 480),
        (640, np.nan),
        (-1, 480),
        (640, -0.5),
        (np.inf, 480),
        (640, np.inf),
        (-np.inf, -np.inf),
        (2**24 + 1, 480),
        [[640, 480], [640, 480], [640, np.inf]],
        "image",
        ("wide", "high"),
        [[640, 480], [640]],
    ],
)
@pytest.mark.parametrize("rules", ["vot2018", "vot-toolkit", "exact"])
def test_bounds_that_are_none_say_what_is_accepted(wrong, rules):
    with pytest.raises(RegionError, match=r"bounds.*accepted: None, \(right, bottom\)"):
        overlaps([BOX] * 3, [BOX] * 3, wrong, rules)


def test_infinite_bounds_are_none():
    a, b = [-5, -5, 20, 20], [-3, -3, 20, 20]
    free = overlap(a, b)
    assert free != overlap(a, b, (640, 480))
    assert overlap(a, b, (np.inf, np.inf)) == free
    mixed = overlaps([a, a], [b, b], np.array([[640, 480], [np.inf, np.inf]]))
    assert mixed.tolist() == [overlap(a, b, (640, 480)), free]


@pytest.mark.parametrize(("name", "near"), [("vot2019", "vot2018"), ("pysto", "pysot")])
def test_an_unknown_rule_set_suggests_the_nearest(name, near):
    with pytest.raises(RulesError, match=rf"no rule set '{name}' \(did you mean '{near}'\?"):
        overlap(BOX, BOX, rules=name)


def test_an_unknown_rule_set_lists_all_where_none_is_near():
    with pytest.raises(RulesError, match=r"\(there are vot2018, pysot, matlab2019, matlab7, vot-t"):
        overlaps([BOX], [BOX], rules="?")


@pytest.mark.parametrize("sign", [-1, 1])
def test_coordinates_beyond_2_to_the_24_need_bounds(sign):
    far, edge = [sign * (2.0**24 + 1), 0, 10, 10], [sign * 2.0**24, 0, 10, 10]
    message = r"region 1: the number -?16777217\.0 is too large \(.* up to 16777216; or give bounds"
    for first, second in (([BOX, far], [BOX, BOX]), ([BOX, BOX], [BOX, far])):
        with pytest.raises(RegionError, match=message):
            overlaps(first, second)
        with pytest.raises(RegionError, match=message):
            overlaps(first, second, np.array([[640, 480], [np.inf, np.inf]]))
        assert overlaps(first, second, (640, 480)).tolist() == [1, 0]
    assert overlap(edge, BOX) == 0
    assert overlap(far, far, rules="exact") == 1


def test_a_mask_beyond_2_to_the_24_needs_bounds():
    far = Mask(0, 2**40, SQUARE.pixels)
    with pytest.raises(RegionError, match=r"region 1: a mask in the box .* is too far"):
        overlaps([BOX, BOX], [SQUARE, far])
    assert overlap(BOX, far, (640, 480)) == 0


def test_every_error_is_a_user_error():
    assert issubclass(RegionError, UserError) and issubclass(RulesError, UserError)
