"""Scores that the reference programs printed, and those that were published, digit for digit."""

from __future__ import annotations

import json
import runpy

import pytest

from vot_toolkit.analysis import Analysis, analyze
from vot_toolkit.dataset import Dataset, open_dataset

HEADLINES = ("accuracy", "robustness", "failures", "eao")


@pytest.fixture(scope="module")
def expected(golden):
    """Read what the reference programs printed."""
    return json.loads((golden / "vot" / "expected_analysis.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def vot2018(real_data) -> Dataset:
    """Open the real annotations."""
    return open_dataset(real_data / "vot2018" / "VOT2018.json")


@pytest.fixture(scope="module")
def scored(real_data, vot2018):
    """Score the real results under a rule set, each once."""
    done: dict[str, Analysis] = {}

    def score(rules: str) -> Analysis:
        if rules not in done:
            done[rules] = analyze(real_data / "vot2018" / "results", vot2018, rules=rules)
        return done[rules]

    return score


@pytest.mark.real_data
@pytest.mark.parametrize("rules", ["vot2018", "pysot", "matlab2019", "vot-toolkit"])
def test_real_results_have_no_problem(rules, scored):
    assert scored(rules).problems == ()


@pytest.mark.real_data
def test_pysot_toolkit(scored, expected):
    for tracker, printed in expected["pysot"].items():
        scores = scored("pysot").trackers[tracker]["baseline"]
        found = {name: getattr(scores, name) for name in HEADLINES}
        assert found == pytest.approx({name: printed[name] for name in HEADLINES}, rel=1e-12)
        tags = {tag: scores.by_attribute[tag]["eao"] for tag in printed["eao_tags"]}
        assert tags == pytest.approx(printed["eao_tags"], rel=1e-12)


@pytest.mark.real_data
def test_vot_toolkit(scored, expected):
    for tracker, printed in expected["vot-toolkit"].items():
        scores = scored("vot-toolkit").trackers[tracker]["baseline"]
        for name in ("accuracy", "robustness", "failures"):
            assert getattr(scores, name) == pytest.approx(printed[name], rel=1e-12), tracker
        assert scores.eao == pytest.approx(printed["eao"], abs=1e-6), tracker


@pytest.mark.real_data
@pytest.mark.parametrize("tracker", ["KCF", "SiamFC"])
def test_matlab_toolkit_of_2019_to_the_printed_decimals(tracker, scored, expected):
    printed = expected["matlab2019"][tracker]
    scores = scored("matlab2019").trackers[tracker]
    baseline, unsupervised = scores["baseline"], scores["unsupervised"]
    assert round(baseline.eao, 4) == printed["eao_baseline"]
    assert round(scores["realtime"].eao, 4) == printed["eao_realtime"]
    assert round(unsupervised.overlap, 4) == printed["overlap_unsupervised"]["all"]
    assert round(baseline.accuracy, 4) == printed["accuracy"]["pooled"]
    assert baseline.failures == printed["failures"]["pooled"]
    tags = sorted(set(baseline.by_attribute) - {"empty"})
    assert len(tags) == 5
    for tag in tags:
        values = baseline.by_attribute[tag]
        assert round(values["accuracy"], 4) == printed["accuracy"][tag], tag
        assert values["failures"] == printed["failures"][tag], tag
        overlap = unsupervised.by_attribute[tag]["overlap"]
        assert round(overlap, 4) == printed["overlap_unsupervised"][tag], tag


STORED_EAO = {
    ("KCF", "baseline"): (0.135117738033, 0.134861402242),
    ("SiamFC", "baseline"): (0.187519298996, 0.187981299122),
    ("KCF", "realtime"): (0.133937098263, 0.133618150318),
    ("SiamFC", "realtime"): (0.181581652959, 0.181998396255),
}
"""EAO with rectangles x+w-1, as Octave stored it, and with x+w (spec 4.6)."""


@pytest.mark.real_data
@pytest.mark.parametrize(("tracker", "experiment"), STORED_EAO)
def test_eao_to_twelve_decimals(tracker, experiment, scored):
    found = [
        round(scored(rules).trackers[tracker][experiment].eao, 12)
        for rules in ("matlab2019", "vot2018")
    ]
    assert found == list(STORED_EAO[tracker, experiment])


KCF_BY_OCTAVE = {
    None: (0.448049164735485, 165, 0.267071974545),
    "camera_motion": (0.440869982945093, 70, 0.281580185471),
    "illum_change": (0.528897348827542, 8, 0.320201376150),
    "motion_change": (0.438560343295819, 31, 0.270373602650),
    "occlusion": (0.408033168878222, 17, 0.262815363485),
    "size_change": (0.439557289820161, 25, 0.277424370171),
}
"""Accuracy, failures and average overlap of KCF, all frames and by attribute (spec 4.6)."""


@pytest.mark.real_data
@pytest.mark.parametrize("tag", KCF_BY_OCTAVE)
def test_stored_accuracy_failures_and_overlap_of_kcf(tag, scored):
    scores = scored("matlab2019").trackers["KCF"]
    baseline, unsupervised = scores["baseline"], scores["unsupervised"]
    if tag is None:
        found = (baseline.accuracy, baseline.failures, unsupervised.overlap)
    else:
        values = baseline.by_attribute[tag]
        overlap = unsupervised.by_attribute[tag]["overlap"]
        found = (values["accuracy"], values["failures"], overlap)
    accuracy, failures, overlap = KCF_BY_OCTAVE[tag]
    assert found[0] == pytest.approx(accuracy, rel=0, abs=1e-15)
    assert found[1] == failures
    assert found[2] == pytest.approx(overlap, rel=0, abs=5.1e-13)


PUBLISHED = {
    "KCF": (0.1349, 0.1340, 0.4472, 0.7726, 165, 0.1336, 0.2667),
    "SiamFC": (0.1880, 0.1868, 0.5029, 0.5853, 125, 0.1820, 0.3445),
    "LADCF": (0.3886, 0.3886, 0.5025, 0.1592, 34, 0.0664, 0.4210),
}
"""EAO, EAO by pysot, accuracy, robustness, failures, realtime EAO, average overlap (section 6)."""


@pytest.mark.real_data
@pytest.mark.parametrize("tracker", PUBLISHED)
def test_published_figures_to_four_decimals(tracker, scored):
    eao, eao_pysot, accuracy, robustness, failures, realtime, overlap = PUBLISHED[tracker]
    scores = scored("vot2018").trackers[tracker]
    baseline = scores["baseline"]
    assert round(baseline.eao, 4) == eao
    assert round(baseline.accuracy, 4) == accuracy
    assert round(baseline.robustness, 4) == robustness
    assert baseline.failures == failures
    assert round(scores["realtime"].eao, 4) == realtime
    assert round(scores["unsupervised"].overlap, 4) == overlap
    assert round(scored("pysot").trackers[tracker]["baseline"].eao, 4) == eao_pysot


@pytest.mark.real_data
def test_a_selection_is_scored_over_the_interval_of_the_whole_set(real_data, vot2018):
    part = vot2018.select(["ants1", "bag", "girl"])
    scores = analyze(real_data / "vot2018" / "results", part, trackers=["SiamMask"])
    assert scores.problems == ()
    assert scores.to_dict()["dataset"]["partial"] is True
    assert scores.trackers["SiamMask"]["baseline"].interval == (100, 356)


@pytest.fixture(scope="module")
def synthetic(golden, tmp_path_factory):
    """Write the made-up tracker T00 with 15 repetitions."""
    folder = tmp_path_factory.mktemp("synthetic")
    made = runpy.run_path(str(golden / "vot" / "synthetic_results.py"))
    made["write_synthetic_results"](folder)
    return folder, made["EXPECTED"]


@pytest.mark.parametrize(("rules", "eao_tolerance"), [("pysot", 1e-12), ("vot-toolkit", 1e-6)])
def test_fifteen_repetitions_of_a_made_up_tracker(rules, eao_tolerance, synthetic):
    folder, expected = synthetic
    analysis = analyze(folder / "results", folder / "VOT2018.json", rules=rules)
    scores = analysis.trackers["T00"]["baseline"]
    assert analysis.problems == ()
    assert scores.repetitions == 15
    for name in ("accuracy", "robustness", "failures"):
        assert getattr(scores, name) == pytest.approx(expected[rules][name], rel=1e-12), name
    assert scores.eao == pytest.approx(expected[rules]["eao"], rel=0, abs=eao_tolerance)
