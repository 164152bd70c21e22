"""Intervals in tables and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.measures.uncertainty import RESAMPLES
from vot_toolkit.report.rankings import INTERVALS, NO_INTERVALS, rankings


def test_each_headline_score_lies_in_its_interval(analysis: Analysis) -> None:
    for scores in analysis.trackers.values():
        for experiment, names in (
            ("baseline", {"eao", "accuracy", "robustness"}),
            ("unsupervised", {"overlap"}),
        ):
            found = scores[experiment]
            assert set(found.intervals) == names
            for name, (low, high) in found.intervals.items():
                assert low <= getattr(found, name) <= high
                assert found.estimates[name].value == pytest.approx(getattr(found, name))
    assert RESAMPLES == 10_000


def test_a_tracker_that_never_fails_is_known_to_have_failed_never(analysis: Analysis) -> None:
    assert analysis.trackers["good"]["baseline"].intervals["robustness"] == [0.0, 0.0]


def test_tables_carry_them_when_asked(analysis: Analysis) -> None:
    plain, carrying = (next(iter(rankings(analysis, ci=ci))) for ci in (False, True))
    assert all(not cell.interval for row in plain.rows for cell in row)
    assert all(cell.interval.startswith("[0.") for row in carrying.rows for cell in row[2:5])
    assert INTERVALS in [note for grid in rankings(analysis, ci=True) for note in grid.notes]


def test_json_has_them_when_asked(analysis: Analysis) -> None:
    plain, carrying = analysis.to_dict(), analysis.to_dict(ci=True)
    assert "intervals" not in plain["trackers"]["good"]["baseline"]
    found = carrying["trackers"]["poor"]["baseline"]["intervals"]
    assert found.keys() == {"eao", "accuracy", "robustness"}
    json.dumps(carrying, allow_nan=False)


@pytest.mark.parametrize("rules", ["pysot", "vot-toolkit"])
def test_under_every_definition(report_set: Path, rules: str) -> None:
    found = analyze(report_set / "results", report_set / "set.json", "poor", rules=rules)
    scores = found.trackers["poor"]["baseline"]
    for name in ("accuracy", "robustness", "eao"):
        assert scores.estimates[name].value == pytest.approx(getattr(scores, name), rel=1e-5)
    # Undefined there, or not a ratio over all frames.
    assert found.trackers["poor"]["unsupervised"].intervals == {}


def test_two_sequences_tell_nothing_of_their_scatter(small_results: Path) -> None:
    found = analyze(small_results / "results", small_results / "set.json")
    assert found.trackers["good"]["baseline"].intervals == {}
    *_, last = rankings(found, ci=True)
    assert NO_INTERVALS in last.notes and INTERVALS not in last.notes
