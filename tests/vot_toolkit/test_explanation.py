"""Why numbers differ between rule sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vot_toolkit.analysis import analyze
from vot_toolkit.dataset import open_dataset
from vot_toolkit.explanation import Explanation, explain, switches_between
from vot_toolkit.report.explanations import explanation_grids
from vot_toolkit.rules import load_rules, rule_names


@pytest.fixture
def explanation(small_results: Path) -> Explanation:
    dataset = open_dataset(small_results / "set.json")
    (found,), _ = explain(small_results / "results", dataset, "poor", workers=1)
    return found


def test_the_scores_are_those_of_every_rule_set(
    explanation: Explanation, small_results: Path
) -> None:
    assert tuple(explanation.scores) == rule_names()
    for rules in rule_names():
        found = analyze(small_results / "results", small_results / "set.json", "poor", rules=rules)
        scores = found.trackers["poor"]["baseline"]
        expected = {"eao": scores.eao, "accuracy": scores.accuracy, "robustness": scores.robustness}
        assert explanation.scores[rules] == expected


def test_contributions_and_interaction_make_up_the_difference(explanation: Explanation) -> None:
    for difference in explanation.differences:
        before, after = (explanation.scores[name] for name in (difference.before, difference.after))
        for name, total in difference.total.items():
            assert total == pytest.approx(after[name] - before[name])
            parts = sum(each.effect[name] for each in difference.contributions)
            assert parts + difference.interaction[name] == pytest.approx(total)


def test_one_switch_alone_leaves_no_interaction(explanation: Explanation) -> None:
    (difference,) = [each for each in explanation.differences if each.after == "matlab2019"]
    (only,) = difference.contributions
    assert only.switch.name == "rectangle" and only.effect == difference.total
    assert set(difference.interaction.values()) == {0.0}


@pytest.mark.parametrize("after", rule_names()[1:])
def test_flipping_every_switch_gives_the_other_rule_set(after: str) -> None:
    rules, target = load_rules("vot2018"), load_rules(after)
    for switch in switches_between(rules, target):
        rules = switch.flip(rules)
    assert (rules.overlap, rules.measures, rules.results) == (
        target.overlap, target.measures, target.results,
    )  # fmt: skip


def test_tables_name_what_is_at_work_and_what_is_not(explanation: Explanation) -> None:
    grids = list(explanation_grids(explanation))
    assert [grid.title for grid in grids] == [
        "poor · baseline", "from vot2018 to pysot", "from vot2018 to matlab2019",
        "from vot2018 to matlab7", "from vot2018 to vot-toolkit",
    ]  # fmt: skip
    last = grids[-1]
    names = [row[0].text for row in last.rows]
    assert names[-2:] == ["interaction", "difference"] and "robustness" in names
    assert "attributes" in last.notes[-1]


def test_undefined_scores_have_no_difference(small_results: Path) -> None:
    poor = small_results / "results" / "poor"
    (poor / "baseline").rename(poor / "unsupervised")
    dataset = open_dataset(small_results / "set.json")
    (found,), _ = explain(small_results / "results", dataset, "poor", workers=1)
    assert found.scores["pysot"] == {"overlap": None}
    assert found.differences[0].total == found.differences[0].interaction == {"overlap": None}
    assert json.dumps(found.to_dict(), allow_nan=False)
