"""From files to overlaps: bounds, precision and special codes as each rule set has them."""

from __future__ import annotations

import numpy as np
import pytest

from vot_toolkit.cores import usable_cores
from vot_toolkit.dataset import Dataset, Sequence
from vot_toolkit.errors import DatasetError
from vot_toolkit.formats.text import format_trajectory
from vot_toolkit.region_overlap import overlap
from vot_toolkit.results import find_files
from vot_toolkit.rules import rule_names
from vot_toolkit.scoring import check_sizes, score
from vot_toolkit.trajectory import Trajectory

SIZE = (60, 50)
RANDOM = np.random.RandomState(5)
TRUTH = RANDOM.uniform(0, 30, (12, 1)) + RANDOM.uniform(5, 40, (12, 4))
TRUTH[:, 2:] = RANDOM.uniform(15, 40, (12, 2))
REPORTS = TRUTH + RANDOM.uniform(-6, 6, (12, 4))
SPECIAL = {0: 1, 5: 2, 6: 0, 7: 0, 8: 0, 9: 0, 10: 1}


@pytest.fixture
def dataset():
    """Two sequences of twelve rectangles, most of which reach out of the image."""
    truth = Trajectory.from_table(TRUTH)
    return Dataset("made", (Sequence("ants", truth, SIZE), Sequence("bag", truth, SIZE)))


@pytest.fixture
def results(tmp_path):
    """Results of one tracker T with a failure in frame 5."""
    rows = [[SPECIAL[k]] if k in SPECIAL else REPORTS[k].tolist() for k in range(12)]
    for name in ("ants", "bag"):
        folder = tmp_path / "T" / "baseline" / name
        folder.mkdir(parents=True)
        text = "".join(",".join(repr(value) for value in row) + "\n" for row in rows)
        (folder / f"{name}_001.txt").write_text(text)
        (folder / f"{name}_002.txt").write_text(format_trajectory(Trajectory.of(*rows)))
    return tmp_path


def scored(results, dataset, rules, workers=1):
    files, problems = find_files(results, "T", "baseline", dataset)
    assert problems == []
    return list(score(files, dataset, rules, workers))


@pytest.mark.parametrize("rules", rule_names())
def test_overlaps_are_those_of_each_pair_under_the_bounds_of_each_measure(rules, results, dataset):
    first = scored(results, dataset, rules)[0]
    assert first.problems == ()
    assert not first.rejected
    run = first.sequence.runs[0]
    single = rules != "pysot"
    inner = SIZE if rules == "vot-toolkit" else (SIZE[0] - 1, SIZE[1] - 1)
    for frame in range(12):
        if frame in SPECIAL:
            assert np.isnan(run.overlaps[frame])
            eao = run.eao_overlaps[frame]
            assert eao == 0 if rules == "vot-toolkit" else np.isnan(eao)
            assert run.codes[frame] == SPECIAL[frame]
            continue
        pair = [REPORTS[frame], TRUTH[frame]]
        if single:
            pair = [values.astype(np.float32).astype(float) for values in pair]
        assert run.overlaps[frame] == overlap(*pair, bounds=SIZE, rules=rules)
        assert run.eao_overlaps[frame] == overlap(*pair, bounds=inner, rules=rules)
        assert run.codes[frame] == -1


def test_the_bounds_of_accuracy_and_eao_make_a_difference_here(results, dataset):
    run = scored(results, dataset, "vot2018")[0].sequence.runs[0]
    assert np.nanmax(np.abs(run.overlaps - run.eao_overlaps)) > 1e-4


def test_repetitions_and_sequences_keep_their_order(results, dataset):
    entries = scored(results, dataset, "vot2018")
    assert [entry.sequence.name for entry in entries] == ["ants", "bag"]
    assert [len(entry.sequence.runs) for entry in entries] == [2, 2]
    assert entries[0].sequence.length == 12
    written = entries[0].sequence.runs[1].overlaps
    np.testing.assert_allclose(written, entries[0].sequence.runs[0].overlaps, atol=2e-3)


@pytest.mark.parametrize("rules", rule_names())
def test_any_number_of_workers_gives_the_same(rules, results, dataset):
    one, three = (scored(results, dataset, rules, workers) for workers in (1, 3))
    for a, b in zip(one, three, strict=True):
        for run, same in zip(a.sequence.runs, b.sequence.runs, strict=True):
            assert run.overlaps.tobytes() == same.overlaps.tobytes()
            assert run.eao_overlaps.tobytes() == same.eao_overlaps.tobytes()
            assert run.codes.tolist() == same.codes.tolist()


def test_seconds_come_from_the_time_file(results, dataset):
    path = results / "T" / "baseline" / "ants" / "ants_time.txt"
    path.write_text("0.5,0\nNaN,0\n")
    ants, bag = scored(results, dataset, "vot2018")
    np.testing.assert_array_equal(ants.sequence.seconds, [[0.5, 0], [np.nan, 0]])
    assert bag.sequence.seconds is None


def test_a_broken_time_file_is_a_problem_with_its_line(results, dataset):
    path = results / "T" / "baseline" / "ants" / "ants_time.txt"
    path.write_text("0.5,0\nsoon,0\n")
    ants = scored(results, dataset, "vot2018")[0]
    assert ants.sequence.seconds is None
    assert len(ants.sequence.runs) == 2
    (problem,) = ants.problems
    assert (problem.file, problem.line) == (str(path), 2)


@pytest.mark.parametrize(
    "text",
    ["1e300,1,2,3", "9" * 39 + ",1,2,3", "9" * 20, "-1e30", "nan,1,2,-1e300", "nan,1,2,1e999"],
)
def test_numbers_beyond_single_precision_are_problems(text, results, dataset):
    path = results / "T" / "baseline" / "ants" / "ants_001.txt"
    lines = path.read_text().splitlines()
    lines[1] = text
    path.write_text("\n".join(lines))
    entry = scored(results, dataset, "vot2018")[0]
    assert len(entry.sequence.runs[0]) == 1
    assert [(problem.file, problem.line) for problem in entry.problems] == [(str(path), 2)]


def test_check_sizes_names_the_sequence_without_size(dataset):
    check_sizes(dataset)
    unsized = Sequence("car", Trajectory.of([1, 2, 3, 4]))
    with pytest.raises(DatasetError, match="'car': the image size is unknown"):
        check_sizes(Dataset("made", (*dataset.sequences, unsized)))
    with pytest.raises(DatasetError, match="the data set made has no sequence"):
        check_sizes(Dataset("made", ()))


def test_there_is_a_core():
    assert usable_cores() >= 1
