"""Folders of results: which files belong to what, what is missing, what is too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vot_toolkit.dataset import Dataset, Sequence
from vot_toolkit.errors import ResultsError
from vot_toolkit.results import find_experiments, find_files, find_trackers
from vot_toolkit.trajectory import Trajectory


def make_set(*names: str) -> Dataset:
    truth = Trajectory.from_table(np.ones((3, 4)))
    return Dataset("made", tuple(Sequence(name, truth, (9, 9)) for name in names))


@pytest.fixture
def put(tmp_path):
    """Put empty files into the baseline results of tracker T on a sequence."""

    def put_files(sequence: str, *names: str) -> Path:
        folder = tmp_path / "T" / "baseline" / sequence
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            (folder / name).write_text("")
        return folder

    return put_files


def find(results, *names):
    files, problems = find_files(results, "T", "baseline", make_set(*names))
    return {entry.sequence: [Path(path).name for path in entry.repetitions] for entry in files}, [
        (problem.sequence, problem.what) for problem in problems
    ]


def numbered(sequence: str, *numbers: int, suffix: str = "txt") -> list[str]:
    return [f"{sequence}_{number:03d}.{suffix}" for number in numbers]


def test_trackers_are_the_visible_subfolders(tmp_path):
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.txt").write_text("")
    assert find_trackers(tmp_path) == ("a", "b")


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_a_folder_that_is_none_is_an_error(name, tmp_path):
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(ResultsError, match="no such folder of results") as caught:
        find_trackers(tmp_path / name)
    assert caught.value.file == tmp_path / name


def test_an_empty_folder_is_an_error_that_shows_the_layout(tmp_path):
    with pytest.raises(ResultsError, match="no tracker in this folder") as caught:
        find_trackers(tmp_path)
    assert "<tracker>/<experiment>/<sequence>/<sequence>_001.txt" in caught.value.hint


def test_the_folder_of_one_tracker_is_an_error_that_names_the_one_above(tmp_path):
    (tmp_path / "T" / "baseline").mkdir(parents=True)
    with pytest.raises(ResultsError, match="folder of one tracker") as caught:
        find_trackers(tmp_path / "T")
    assert str(tmp_path) in caught.value.hint


def test_experiments_come_in_the_order_of_the_challenge(tmp_path):
    for name in ("unsupervised", "longterm", "baseline"):
        (tmp_path / "T" / name).mkdir(parents=True)
    assert find_experiments(tmp_path, "T") == ("baseline", "unsupervised")
    assert find_experiments(tmp_path, "none") == ()


def test_files_are_listed_by_number_in_the_order_of_the_set(tmp_path, put):
    put("zebra", *numbered("zebra", 2, 10, 1), *numbered("zebra", 3, suffix="bin"))
    put("ants", *numbered("ants", *range(1, 11)))
    put("zebra", *numbered("zebra", 4, 5, 6, 7, 8, 9))
    files, problems = find(tmp_path, "zebra", "ants")
    assert list(files) == ["zebra", "ants"]
    assert files["zebra"][:4] == [*numbered("zebra", 1, 2), "zebra_003.bin", "zebra_004.txt"]
    assert files["zebra"][9] == "zebra_010.txt"
    assert problems == []


def test_times_and_properties_are_no_results_and_no_problem(tmp_path, put):
    put("ants", "ants_001.txt", "ants_time.txt", "ants_001_confidence.value", "ants_001_time.value")
    assert find(tmp_path, "ants") == ({"ants": ["ants_001.txt"]}, [])


@pytest.mark.parametrize(
    "name",
    ["ants_1.txt", "ants_0002.txt", "ants.txt", "bag_002.txt", "ants_002_x.txt", "ants_abc.bin"],
)
def test_other_result_files_are_named_and_left_out(name, tmp_path, put):
    put("ants", "ants_001.txt", name)
    files, problems = find_files(tmp_path, "T", "baseline", make_set("ants"))
    assert [Path(path).name for path in files[0].repetitions] == ["ants_001.txt"]
    (problem,) = problems
    assert Path(problem.file) == tmp_path / "T" / "baseline" / "ants" / name
    assert problem.what == "no file of a repetition: left out"


def test_text_wins_over_binary_of_the_same_number_and_the_other_is_named(tmp_path, put):
    put("ants", "ants_001.txt", "ants_001.bin")
    files, problems = find(tmp_path, "ants")
    assert files == {"ants": ["ants_001.txt"]}
    assert problems == [("ants", "no file of a repetition: left out")]


def test_signs_of_patterns_in_names_are_meant_as_they_are(tmp_path, put):
    put("a.b(1)", "a.b(1)_001.txt")
    put("axb", "axb_001.txt")
    assert find(tmp_path, "a.b(1)", "axb") == (
        {"a.b(1)": ["a.b(1)_001.txt"], "axb": ["axb_001.txt"]},
        [],
    )


def test_folders_of_no_sequence_of_the_set_are_named(tmp_path, put):
    put("ants", "ants_001.txt")
    put("bag", "bag_001.txt")
    put("car")
    assert find(tmp_path, "ants")[1] == [
        ("bag", "not in the data set: left out"),
        ("car", "not in the data set: left out"),
    ]


def test_sequences_that_a_selection_leaves_out_are_no_problem(tmp_path, put):
    for name in ("ants", "bag"):
        put(name, f"{name}_001.txt")
    part = make_set("ants", "bag").select(["bag"])
    files, problems = find_files(tmp_path, "T", "baseline", part)
    assert [entry.sequence for entry in files] == ["bag"]
    assert problems == []


def test_sequences_without_results_are_named(tmp_path, put):
    put("ants", "ants_001.txt")
    put("bag", "bag_time.txt")
    files, problems = find(tmp_path, "ants", "bag", "car")
    assert files == {"ants": ["ants_001.txt"], "bag": [], "car": []}
    assert problems == [
        ("bag", "no results for this sequence"),
        ("car", "no results for this sequence"),
    ]


def test_an_experiment_without_any_file_names_every_sequence(tmp_path):
    (tmp_path / "T" / "baseline").mkdir(parents=True)
    assert [name for name, _ in find(tmp_path, "ants", "bag")[1]] == ["ants", "bag"]


MISSING = {
    "the last of two": ((1,), 2, "repetition 002 missing, other sequences have 2"),
    "all but three of fifteen, an early stop": ((1, 2, 3), 15, None),
    "all but four of fifteen": ((1, 2, 3, 4), 15, "repetitions 005, 006, 007, 008, 009, … missing"),
    "one of fifteen": (tuple({*range(1, 16)} - {7}), 15, "repetition 007 missing"),
    "a gap among three": ((1, 2, 5), 15, "repetitions 003, 004 missing"),
    "the first": ((2, 3), 3, "repetition 001 missing"),
    "none": ((1, 2), 2, None),
}


@pytest.mark.parametrize("name", MISSING)
def test_missing_repetitions_are_named(name, tmp_path, put):
    numbers, most, expected = MISSING[name]
    put("ants", *numbered("ants", *numbers))
    put("bag", *numbered("bag", *range(1, most + 1)))
    _, problems = find(tmp_path, "ants", "bag")
    if expected is None:
        assert problems == []
    else:
        ((sequence, what),) = problems
        assert sequence == "ants"
        assert what.startswith(expected)
        assert what.endswith(f"scored by the {len(numbers)} there")


def test_one_stray_repetition_is_named_and_the_others_are_complete(tmp_path, put):
    for name in ("ants", "bag", "car"):
        put(name, *numbered(name, 1))
    put("bag", *numbered("bag", 2, 7))
    assert find(tmp_path, "ants", "bag", "car")[1] == [
        ("bag", "repetitions 002, 007 too many, most sequences have 1: scored by all 3")
    ]


def test_a_gap_in_a_lone_sequence_says_nothing_of_others(tmp_path, put):
    put("ants", *numbered("ants", 1, 3))
    assert find(tmp_path, "ants")[1] == [("ants", "repetition 002 missing: scored by the 2 there")]


def test_early_stops_do_not_say_how_many_are_complete(tmp_path, put):
    for name in ("ants", "bag", "car"):
        put(name, *numbered(name, 1, 2, 3))
    put("dove", *numbered("dove", *range(1, 16)))
    assert find(tmp_path, "ants", "bag", "car", "dove")[1] == []
