"""Faults that leave a file readable, and scores that are not there: each is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.errors import ResultsError


def alpha(folder: Path) -> Path:
    """Give the first result file of the tracker `good`."""
    return folder / "results" / "good" / "baseline" / "alpha" / "alpha_001.txt"


def scored(folder: Path, **choices: str) -> Analysis:
    return analyze(folder / "results", folder / "set.json", **choices)


def change_line(path: Path, line: int, text: str) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = text
    path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("left", ["145.0000", "3", "0.5", "-2"])
def test_a_line_cut_off_to_one_number_is_no_special_code(small_results: Path, left: str) -> None:
    change_line(alpha(small_results), 40, left)
    (problem,) = scored(small_results).problems
    assert (problem.file, problem.line) == (str(alpha(small_results)), 40)
    assert "no special code" in problem.what


def test_the_code_of_an_empty_cell_is_an_unknown_frame(small_results: Path) -> None:
    change_line(alpha(small_results), 20, "-1")
    analysis = scored(small_results)
    run = analysis.trackers["good"]["baseline"].sequences[0].runs[0]
    assert run.codes[19] == 0
    assert not analysis.problems


def test_an_initialisation_without_a_failure_is_named(small_results: Path) -> None:
    change_line(alpha(small_results), 20, "1")
    (problem,) = scored(small_results).problems
    assert problem.line == 20
    assert "initialisation without a failure" in problem.what


def test_a_tracker_without_results_is_a_problem_beside_others_and_alone(
    small_results: Path,
) -> None:
    empty = small_results / "results" / "empty"
    empty.mkdir()
    beside = scored(small_results)
    alone = analyze(small_results / "results", small_results / "set.json", trackers=["empty"])
    for analysis in (beside, alone):
        (problem,) = analysis.problems
        assert (problem.tracker, problem.file) == ("empty", str(empty))
        assert analysis.trackers["empty"] == {}


def test_an_experiment_that_is_nowhere_is_a_problem_of_each_tracker(small_results: Path) -> None:
    analysis = scored(small_results, experiments="realtime")
    assert [problem.tracker for problem in analysis.problems] == ["good", "poor"]
    assert all("no results of experiment realtime" in p.what for p in analysis.problems)


def test_a_folder_without_trackers_is_an_error(tmp_path: Path, small_results: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ResultsError, match="no tracker in this folder"):
        analyze(tmp_path / "nothing", small_results / "set.json")


def test_an_undefined_curve_is_the_reason_that_is_given(small_results: Path) -> None:
    for sequence in ("alpha", "beta"):
        path = small_results / "results" / "good" / "baseline" / sequence / f"{sequence}_001.txt"
        change_line(path, 5, "0")
    scores = scored(small_results).trackers["good"]["baseline"]
    assert scores.to_dict()["eao"] is None
    assert scores.undefined == {
        "eao": "the expected overlap is undefined at every length of the interval"
    }
