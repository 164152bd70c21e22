"""Failures, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import ResultsError, UsageError
from vot_toolkit.failure import Failure, find_failures
from vot_toolkit.report.failures import failure_grid
from vot_toolkit.report.markdown import markdown


def test_where_what_and_how_well_before(small_results: Path) -> None:
    dataset = open_dataset(small_results / "set.json")
    failures, problems = find_failures(small_results / "results", dataset, "poor")
    assert problems == []
    # Two rectangles of 31x25 px, one 8 px beside the other.
    before = pytest.approx(23 / 39, abs=1e-7)
    assert failures == [
        Failure("alpha", 1, 16, 15, before, ("occlusion",)),
        Failure("beta", 1, 16, 15, before, ("occlusion",)),
    ]
    assert failures[0].to_dict()["attributes"] == ["occlusion"]


def test_the_number_of_a_repetition_is_that_of_its_file(small_results: Path) -> None:
    folder = small_results / "results" / "poor" / "baseline" / "alpha"
    (folder / "alpha_001.txt").rename(folder / "alpha_003.txt")
    dataset = open_dataset(small_results / "set.json").select(["alpha"])
    failures, problems = find_failures(small_results / "results", dataset, "poor")
    assert [failure.repetition for failure in failures] == [3]
    assert any("missing" in problem.what for problem in problems)


def test_a_failure_right_after_a_start_has_no_overlap_before(small_results: Path) -> None:
    path = small_results / "results" / "good" / "baseline" / "beta" / "beta_001.txt"
    path.write_text("\n".join(["1", "2", *"0000", "1", *["10,20,30,24"] * 23]) + "\n")
    dataset = open_dataset(small_results / "set.json")
    (first,), _ = find_failures(small_results / "results", dataset, "good")
    assert (first.frame, first.tracked, first.overlap_before) == (2, 1, None)


def test_what_there_is_not_is_named(small_results: Path) -> None:
    dataset = open_dataset(small_results / "set.json")
    results = small_results / "results"
    with pytest.raises(ResultsError, match=r"no results of tracker 'god' \(there are good, poor\)"):
        find_failures(results, dataset, "god")
    with pytest.raises(ResultsError, match=r"no results of experiment realtime .*baseline"):
        find_failures(results, dataset, "good", "realtime")
    with pytest.raises(UsageError, match="has no failures"):
        find_failures(results, dataset, "good", "unsupervised")


def test_the_table_counts_attributes() -> None:
    failures = [
        Failure("bag", 1, 9, 8, 0.5, ("occlusion", "size_change")),
        Failure("bag", 2, 40, 3, None, ()),
        Failure("car", 1, 7, 6, 0.25, ("occlusion",)),
    ]
    text = markdown([failure_grid("x", failures)])
    assert "| bag | 1 | 9 | 8 | 0.500 | occlusion, size change |" in text
    assert "3 failures; frames with occlusion 2, size change 1, none 1" in text
    assert failure_grid("x · baseline", []).notes == ("x · baseline: 0 failures",)
