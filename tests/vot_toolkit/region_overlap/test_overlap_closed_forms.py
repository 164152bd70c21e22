"""Overlaps that can be checked by eye, by the reference and by every backend."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vot_toolkit.region_overlap import overlap, reference
from vot_toolkit.region_overlap.spans import row_spans
from vot_toolkit.rules import load_rules

NAN = math.nan
RULES = ("vot2018", "pysot", "matlab2019", "matlab7", "vot-toolkit")
VGA = (640, 480)

# Name: two regions and bounds; the overlap under vot2018 = pysot, matlab2019, matlab7, vot-toolkit,
# as measured with the programs themselves. None: not measured.
MEASURED = {
    "a quarter of 100x100": (
        ([1, 1, 100, 100], [50, 50, 100, 100], None),
        (0.152786, 0.149491, 0.149491, 0.149491),
    ),
    "10x10 shifted by 1 in x": (
        ([0, 0, 10, 10], [1, 0, 10, 10], None),
        (0.833333, 0.818182, 0.818182, 0.818182),
    ),
    "10x10 shifted by 1 in y": (
        ([0, 0, 10, 10], [0, 1, 10, 10], None),
        (0.833333, 0.818182, 0.818182, 0.818182),
    ),
    "touching": (([0, 0, 10, 10], [10, 0, 10, 10], None), (0, 0, 0, 0)),
    "touching by .2 px": (([0, 0, 10.2, 10], [10, 0, 10, 10], None), (0.047619, 0, 0, 0)),
    "no size inside 10x10": (([5, 5, 0, 0], [0, 0, 10, 10], None), (0, 0.04, 0.04, 0)),
    "no size twice": (([5, 5, 0, 0], [5, 5, 0, 0], None), (NAN, 1, 1, 1)),
    "a line of no width twice": (([5, 5, 0, 10], [5, 5, 0, 10], None), (NAN, 1, 1, 1)),
    "1x1 twice": (([5, 5, 1, 1], [5, 5, 1, 1], None), (1, NAN, 1, 1)),
    ".4x.4 twice": (([5, 5, 0.4, 0.4], [5, 5, 0.4, 0.4], None), (NAN, 1, 1, 1)),
    "a negative width": (([10, 0, -10, 10], [0, 0, 10, 10], None), (1, 0.833333, 0.833333, 0)),
    "ties to the even 0": (
        ([0.5, 0.5, 10, 10], [0, 0, 10, 10], None),
        (0.704225, 0.680672, 0.680672, 1),
    ),
    "ties to the even 2": (
        ([1.5, 1.5, 10, 10], [1, 1, 10, 10], None),
        (0.704225, 0.680672, 0.680672, 0.680672),
    ),
    "across the right border": (
        ([630, 100, 40, 40], [620, 100, 40, 40], VGA),
        (0.52381, 0.52381, 0.52381, 0.5),
    ),
    "across the right border, bounds one less": (
        ([630, 100, 40, 40], [620, 100, 40, 40], (639, 479)),
        (0.5, 0.5, 0.5, 0.473684),
    ),
    "one outside": (([10, 10, 20, 20], [700, 10, 20, 20], VGA), (0, 0, 0, 0)),
    "both outside": (([700, 10, 20, 20], [700, 10, 20, 20], VGA), (0, 0, 0, 0)),
    "both begin just below the last row": (
        ([414.8239, 480.7685, 60, 90], [416.8777, 480.7638, 60, 90], VGA),
        (NAN, None, None, 0),
    ),
    "a diamond in its square": (
        ([50, 0, 100, 50, 50, 100, 0, 50], [0, 0, 100, 100], None),
        (0.500049, 0.509949, 0.509998, 0.509998),
    ),
    "a bow-tie in its square": (
        ([0, 0, 10, 10, 10, 0, 0, 10], [0, 0, 10, 10], None),
        (0.735537, 0.561983, 0.561983, 0.561983),
    ),
    "a pixel in 2e5 x 2e5": (([5, 5, 1, 1], [0, 0, 2e5, 2e5], None), (0, 0, 0, None)),
}
COLUMNS = {"vot2018": 0, "pysot": 0, "matlab2019": 1, "matlab7": 2, "vot-toolkit": 3}


@pytest.mark.parametrize("case", MEASURED.values(), ids=MEASURED)
def test_corner_cases_have_the_measured_overlap(overlap_of, case):
    (a, b, bounds), measured = case
    for rules, column in COLUMNS.items():
        expected = measured[column]
        if expected is not None:
            for p, q in ((a, b), (b, a)):
                found = round(overlap_of(p, q, bounds, rules), 6)
                assert np.array_equal(found, expected, equal_nan=True), rules


def test_a_pixel_in_a_huge_square_is_counted_where_no_guard_forbids_it(backend, counted):
    pair = np.array([5.0, 5, 1, 1]), np.array([0, 0, 2e5, 2e5])
    rules = load_rules("vot-toolkit").overlap
    assert counted(backend, [pair[0]], [pair[1]], None, rules)[0] == [1 / 4e10]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("rules", RULES)
def test_a_coordinate_that_is_not_finite_gives_nan_below_the_public_functions(
    overlap_of, wrong, rules
):
    for bounds in (None, VGA):
        assert math.isnan(overlap_of([wrong, 0, 10, 10], [0, 0, 10, 10], bounds, rules))
        assert math.isnan(overlap_of([0, 0, 10, 10], [0, 0, 9, 0, 9, wrong], bounds, rules))


@pytest.mark.parametrize(
    ("rules", "side"),
    [("vot2018", 6), ("pysot", 6), ("matlab2019", 5), ("matlab7", 5), ("vot-toolkit", 5)],
)
def test_a_rectangle_of_5_px_has_6_columns_where_it_ends_at_x_plus_w(overlap_of, rules, side):
    frame = [0, 0, 15, 0, 15, 15, 0, 15]  # 16x16 pixels under every rule set
    assert overlap_of([2, 3, 5, 5], frame, None, rules) == side**2 / 256


@pytest.mark.parametrize("rules", RULES)
def test_bounds_reach_one_pixel_further_than_the_image_but_in_vot_toolkit(overlap_of, rules):
    """Of columns 8 … 30, width 10 leaves 8, 9 and 10, in vot-toolkit 8 and 9; `b` has 10 … 30."""
    a, b = [8, 0, 30, 0, 30, 9, 8, 9], [0, 0, 30, 0, 30, 9, 0, 9]
    columns = 10 if rules == "vot-toolkit" else 11
    kept = 2 if rules == "vot-toolkit" else 3
    assert overlap_of(a, b, (10, 20), rules) == pytest.approx(kept / columns, rel=1e-7)
    assert overlap_of(a, b, (9, 19), rules) == pytest.approx((kept - 1) / (columns - 1), rel=1e-7)


@pytest.mark.parametrize("rules", ["vot2018", "matlab2019", "matlab7"])
def test_quotient_is_rounded_to_single_precision_but_in_vot_toolkit(overlap_of, rules):
    a, b = [0, 0, 9, 0, 9, 9, 0, 9], [0, 0, 29, 0, 29, 9, 0, 9]
    assert overlap_of(a, b, None, rules) == float(np.float32(1) / np.float32(3))
    assert overlap_of(a, b, None, "vot-toolkit") == 1 / 3


def test_ties_round_away_from_zero():
    values = np.array([-2.5, -1.5, -0.5, -0.25, 0.0, 0.5, 1.5, 2.5], dtype=np.float32)
    assert reference.round_away(values).tolist() == [-3, -2, -1, 0, 0, 1, 2, 3]


def test_ties_left_of_the_bounds_round_the_other_way_than_inside(overlap_of):
    """The x of -.5 becomes -1 when the window begins at 0, and 0 when it begins at -1.

    Columns of the triangle by row, bounded: 0-3, 0-3, 1-3; unbounded: 0-3, 1-3, 2-3.
    """
    triangle, square = [-0.5, 0, 3, 0, 3, 3], [0, 0, 3, 0, 3, 3, 0, 3]
    assert overlap_of(triangle, square, (100, 100)) == 11 / 16
    assert overlap_of(triangle, square, None) == 9 / 16


def test_vot_toolkit_rounds_the_four_numbers_of_a_rectangle_apart(overlap_of):
    """Numbers x = 1.5 and w = 2.5 give columns 2 and 3; their sum, 4, would give a third."""
    frame = [0, 0, 9, 0, 9, 9, 0, 9]
    assert overlap_of([1.5, 0, 2.5, 10], frame, None, "vot-toolkit") == 0.2


@pytest.mark.parametrize(
    ("a", "b", "bounds", "expected"),
    [
        ([3, 3, 1, 9], [3, 5, 1, 2], None, 1.0),  # joint box one column wide
        ([3, 3, 9, 1], [5, 3, 2, 1], None, 1.0),  # one row high
        ([3, 3, 0, 0], [3, 3, 0, 0], None, 1.0),  # no pixel
        ([0, 0, 20, 20], [0, 0, 10, 10], (1, 50), 0.0),  # window one column wide
        ([0, 0, 20, 20], [0, 0, 10, 10], (50, 1), 0.0),
        ([3, 3, 0, 5], [9, 3, 0, 5], None, 0.0),  # box of several columns, no pixel
    ],
)
def test_vot_toolkit_calls_thin_joint_boxes_1_and_thin_windows_0(
    overlap_of, a, b, bounds, expected
):
    assert overlap_of(a, b, bounds, "vot-toolkit") == expected


@pytest.mark.parametrize("rules", ["vot2018", "pysot", "matlab2019", "matlab7"])
def test_areas_that_differ_by_more_than_1e10_overlap_0(overlap_of, rules):
    pixel, strip = [0, 0, 1, 0, 1, 1, 0, 1], [0, 0, 2**24, 0, 2**24, 600, 0, 600]
    assert overlap_of(pixel, strip, None, rules) == 0
    assert overlap_of(pixel, strip, (40, 40), rules) > 0


@pytest.mark.parametrize("size", [1e3, 2e9, 1e12, 3e38, 1e300])
@pytest.mark.parametrize("rules", RULES)
def test_a_square_around_the_image_fills_it_however_large_it_is(overlap_of, size, rules):
    around = [-size, -size, size, -size, size, size, -size, size]
    window = 640 * 480 if rules == "vot-toolkit" else 641 * 481
    inner = [0, 0, 99, 0, 99, 99, 0, 99]  # 100x100 pixels
    assert overlap_of(around, inner, VGA, rules) == pytest.approx(1e4 / window, rel=1e-7)


def picture(mask: np.ndarray) -> list[str]:
    """Show a mask, one string a row."""
    return ["".join("#" if pixel else "." for pixel in row) for row in mask]


def drawn_by_spans(vertices: np.ndarray, width: int, height: int, fill: int) -> np.ndarray:
    """Draw a polygon from its row spans."""
    mask = np.zeros((height, width), dtype=bool)
    spans = row_spans(vertices, np.arange(height), width, fill)
    for first, last in zip(spans[0::2], spans[1::2], strict=True):
        for row in range(height):
            assert not mask[row, first[row] : last[row] + 1].any(), "spans overlap"
            mask[row, first[row] : last[row] + 1] = True
    return mask


DRAWINGS = {
    "diamond": (
        [(3, 0), (6, 3), (3, 6), (0, 3)],
        [".......", "..###..", ".#####.", "#######", ".#####.", "..###..", "......."],
        ["...#...", "..###..", ".#####.", "#######", ".#####.", "..###..", "...#..."],
    ),
    "bow-tie": (
        [(0, 0), (4, 4), (4, 0), (0, 4)],
        ["#####", "##.##", "#####", "##.##", "#####"],
        ["#####", "##.##", "#####", "##.##", "#####"],
    ),
    "box of one column": ([(2, 0), (2, 0), (2, 2), (2, 2)], ["...", "...", "..."], ["..#"] * 3),
    "box of one row": (
        [(0, 1), (2, 1), (2, 1), (0, 1)],
        ["...", "...", "..."],
        ["...", "###", "..."],
    ),
    "a point": ([(1, 1), (1, 1), (1, 1)], ["...", "...", "..."], ["...", ".#.", "..."]),
    "box": ([(1, 0), (2, 0), (2, 2), (1, 2)], [".##.", ".##.", ".##."], [".##."] * 3),
    "cut off left and right": ([(-2, 0), (7, 0), (7, 1), (-2, 1)], ["####"] * 2, ["####"] * 2),
    "left of the window": ([(-5, 0), (-2, 0), (-2, 1), (-5, 1)], ["...."] * 2, ["...."] * 2),
    "right of the window": ([(4, 0), (9, 0), (9, 1), (4, 1)], ["...."] * 2, ["...."] * 2),
    "no vertices": ([], ["..", ".."], ["..", ".."]),
    # A level edge in the middle of a chain: left out in 2018, half counted in 2020.
    "a step to the right": (
        [(0, 0), (2, 0), (2, 2), (4, 2), (4, 4), (0, 4)],
        ["###..", "###..", "###..", "#####", "#####"],
        ["###..", "###..", "###.#", "#####", "#####"],
    ),
    "a step to the left": (
        [(0, 4), (4, 4), (4, 2), (2, 2), (2, 0), (0, 0)],
        ["###..", "###..", "###..", "#####", "#####"],
        ["###..", "###..", "#####", "#####", "#####"],
    ),
}


@pytest.mark.parametrize("draw", [reference.draw, drawn_by_spans], ids=["reference", "spans"])
@pytest.mark.parametrize("case", DRAWINGS.values(), ids=DRAWINGS)
def test_drawings(draw, case):
    points, *pictures = case
    vertices = np.array(points, dtype=np.int64).reshape(-1, 2)
    for fill, expected in zip((2018, 2020), pictures, strict=True):
        drawn = draw(vertices, len(expected[0]), len(expected), fill)
        assert picture(drawn) == expected, fill


def test_spans_of_no_rows_are_none():
    vertices = np.array([(0, 0), (3, 0), (3, 3)])
    assert row_spans(vertices, np.arange(0), 4, 2018).shape[1] == 0


def test_the_public_function_gives_the_documented_numbers():
    """The numbers of its docstring, here for every backend that the suite is run with."""
    assert overlap([1, 1, 100, 100], [50, 50, 100, 100]) == 0.15278562903404236
    assert overlap([1, 1, 100, 100], [50, 50, 100, 100], rules="matlab7") == 0.1494913548231125
    assert math.isnan(overlap([2], [50, 50, 100, 100]))
    assert math.isnan(overlap(2, 1))
