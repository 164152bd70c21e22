"""Scores of whole folders of results, and the form of the JSON."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest

from vot_toolkit.analysis import analyze
from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import DatasetError, ResultsError, RulesError, UsageError
from vot_toolkit.formats.binary import format_binary
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.measures.interval import estimate_interval
from vot_toolkit.rules import rule_names

INTERVAL = [46, 291]
"""That of VOT2019, the name which the set is given: a change of lengths does not change it."""


@pytest.mark.parametrize("rules", rule_names())
def test_sound_results_have_no_problem_and_every_score(rules, place):
    analysis = place.analyze(rules)
    assert analysis.problems == ()
    baseline = analysis.trackers["good"]["baseline"]
    assert 0.5 < baseline.accuracy < 1
    assert 0 < baseline.eao < 1
    assert baseline.failures == 2
    assert list(analysis.trackers["good"]) == ["baseline", "realtime", "unsupervised"]
    assert baseline.undefined == {}


@pytest.mark.parametrize("rules", rule_names())
def test_the_json_has_the_form_that_is_promised(rules, place):
    data = place.analyze(rules).to_dict()
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert {"schema_version", "dataset", "rules", "trackers", "problems"} <= set(data)
    assert data["schema_version"] == 1
    assert data["rules"] == rules
    assert data["dataset"].items() >= {"name": "VOT2019", "sequences": 4, "frames": 185}.items()
    baseline, realtime, unsupervised = data["trackers"]["good"].values()
    headlines = {"accuracy", "robustness", "failures", "eao", "eao_interval", "eao_curve"}
    headlines |= {"attributes", "sequences", "repetitions", "fps"}
    assert headlines <= set(baseline)
    assert set(realtime) == set(baseline)
    assert {"overlap", "success_curve", "attributes", "sequences"} <= set(unsupervised)
    assert (baseline["repetitions"], realtime["repetitions"]) == (2, 1)
    assert baseline["eao_interval"] == INTERVAL
    assert len(baseline["eao_curve"]) == 60
    assert set(baseline["attributes"]) == {"occlusion", "size_change", "empty"}
    for values in baseline["attributes"].values():
        assert {"accuracy", "failures", "eao"} <= set(values)
    assert list(baseline["sequences"]) == list(place.lengths)
    for values in baseline["sequences"].values():
        assert {"accuracy", "failures"} <= set(values)
    assert baseline["sequences"]["alpha"]["failures"] == 0.5
    assert list(unsupervised["sequences"]) == list(place.lengths)
    assert unsupervised["sequences"]["alpha"].keys() == {"overlap"}
    assert unsupervised["attributes"]["empty"].keys() == {"overlap"}
    assert len(unsupervised["success_curve"]) == (0 if rules == "pysot" else 100)
    assert (unsupervised["overlap"] is None) == (rules == "pysot")


ATTRIBUTES = {
    "vot2018": {"accuracy", "failures", "eao"},
    "matlab7": {"accuracy", "failures", "eao"},
    "pysot": {"eao"},
    "vot-toolkit": set(),
}


@pytest.mark.parametrize("rules", ATTRIBUTES)
def test_what_rules_do_not_define_of_attributes_is_null(rules, place):
    for values in place.scores(rules)["attributes"].values():
        assert {name for name, value in values.items() if value is not None} == ATTRIBUTES[rules]


def test_robustness_in_each_unit(place):
    assert place.scores("vot2018")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("pysot")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("vot-toolkit")["robustness"] == pytest.approx(0.5)


def test_the_time_files_give_frames_a_second(place):
    assert place.scores()["fps"] is None
    (place.file("alpha").parent / "alpha_time.txt").write_text("0.1,0.1,0\nNaN,NaN,0\n")
    (place.file("beta").parent / "beta_time.txt").write_text("0.05,0.05,0\n")
    assert place.scores()["fps"] == pytest.approx(15)
    assert place.analyze().problems == ()


@pytest.mark.parametrize("rules", ["vot2018", "vot-toolkit"])
def test_binary_and_text_files_may_be_mixed(rules, place):
    text = place.analyze(rules).to_dict()
    for name, number in (("alpha", 1), ("beta", 2), ("gamma", 1), ("gamma", 2)):
        path = place.file(name, number)
        path.with_suffix(".bin").write_bytes(format_binary(read_trajectory(path)))
        path.unlink()
    assert place.analyze(rules).to_dict() == text


def test_trackers_and_experiments_are_those_asked_for(place):
    shutil.copytree(place.results / "good", place.results / "better")
    analysis = place.analyze(trackers=["good"], experiments="realtime")
    assert {name: list(found) for name, found in analysis.trackers.items()} == {
        "good": ["realtime"]
    }
    assert list(place.analyze(trackers="good").trackers) == ["good"]
    analysis = place.analyze(trackers=["good", "better"], experiments=["unsupervised", "baseline"])
    assert list(analysis.trackers) == ["good", "better"]
    assert set(analysis.trackers["better"]) == {"unsupervised", "baseline"}
    assert list(place.analyze().trackers) == ["better", "good"]


def test_a_tracker_asked_for_and_absent_is_an_error_that_lists_those_there(place):
    with pytest.raises(ResultsError, match=r"no results of tracker 'best'.*there are good"):
        place.analyze(trackers=["good", "best"])


def test_an_empty_results_folder_is_an_error(place):
    shutil.rmtree(place.results / "good")
    with pytest.raises(ResultsError, match="no tracker in this folder"):
        place.analyze()
    shutil.rmtree(place.results)
    with pytest.raises(ResultsError, match="no such folder"):
        place.analyze()


def test_unknown_rules_and_experiments_are_errors_that_list_what_there_is(place):
    with pytest.raises(RulesError, match=r"no rule set 'vot2081' .did you mean 'vot2018'"):
        place.analyze("vot2081")
    with pytest.raises(UsageError, match=r"no experiment 'longterm' .accepted: baseline"):
        place.analyze(experiments="longterm")


def test_an_unknown_image_size_is_an_error(place):
    del place.annotations["beta"]["width"]
    place.write_annotations()
    with pytest.raises(DatasetError, match="'beta': the image size is unknown"):
        place.analyze()


def test_the_interval_comes_from_the_name_of_the_set_else_from_its_lengths(place):
    place.write_annotations("VOT2018")
    place.write_annotations("made")
    assert place.scores(dataset="VOT2018")["eao_interval"] == [100, 356]
    estimated = estimate_interval(list(place.lengths.values()))
    assert place.scores(dataset="made")["eao_interval"] == [estimated.low, estimated.high]


@pytest.mark.parametrize("name", ["made", "VOT2019"])
def test_a_selection_keeps_the_interval_and_is_marked_partial(name, place):
    whole = open_dataset(place.write_annotations(name))
    everything = analyze(place.results, whole)
    part = analyze(place.results, whole.select(["beta", "alpha"]))
    assert part.problems == ()
    data = part.to_dict()
    assert data["dataset"] == {"name": name, "sequences": 2, "frames": 110, "partial": True}
    baseline = data["trackers"]["good"]["baseline"]
    assert list(baseline["sequences"]) == ["alpha", "beta"]
    full = everything.to_dict()
    assert full["dataset"]["partial"] is False
    assert baseline["eao_interval"] == full["trackers"]["good"]["baseline"]["eao_interval"]
    for sequence, values in baseline["sequences"].items():
        assert values == full["trackers"]["good"]["baseline"]["sequences"][sequence]


@pytest.mark.parametrize("rules", rule_names())
def test_one_sequence_has_no_eao_and_the_reason_is_said(rules, place):
    for name in ("beta", "gamma", "delta"):
        del place.annotations[name]
        for experiment in ("baseline", "realtime", "unsupervised"):
            shutil.rmtree(place.file(name, experiment=experiment).parent)
    place.write_annotations("made")
    scores = place.scores(rules, dataset="made")
    assert scores["eao"] is scores["eao_interval"] is None
    assert "two distinct sequence lengths" in scores["undefined"]["eao"]
    assert scores["accuracy"] is not None
    assert list(scores["undefined"]) == ["eao"]


def test_an_undefined_overlap_makes_null_in_the_curve_and_never_nan(place):
    lines = place.lines("alpha", 2)
    lines[30] = "0"
    place.write(lines, "alpha", 2)
    scores = place.scores()
    assert None in scores["eao_curve"]
    json.dumps(scores, allow_nan=False)


def test_the_json_file_is_the_dictionary(place, tmp_path):
    analysis = place.analyze()
    analysis.write_json(tmp_path / "out" / "scores.json")
    assert json.loads((tmp_path / "out" / "scores.json").read_text()) == analysis.to_dict()


def test_an_open_data_set_is_scored_as_its_file(place):
    dataset = open_dataset(place.root / "VOT2019.json")
    assert analyze(place.results, dataset).to_dict() == place.analyze().to_dict()


def test_a_folder_is_scored_as_its_json(place, tmp_path):
    for name, entry in place.annotations.items():
        folder = tmp_path / "VOT2019" / name
        folder.mkdir(parents=True)
        rows = [",".join(map(repr, region)) for region in entry["gt_rect"]]
        (folder / "groundtruth.txt").write_text("\n".join(rows))
        (folder / "sequence").write_text("width=100\nheight=80\n")
        for tag in ("occlusion", "size_change"):
            (folder / f"{tag}.tag").write_text("\n".join(map(str, entry[tag])))
    (tmp_path / "VOT2019" / "list.txt").write_text("\n".join(place.lengths))
    assert analyze(place.results, tmp_path / "VOT2019").to_dict() == place.analyze().to_dict()


def test_a_name_may_have_letters_of_any_script(place):
    shutil.copytree(place.results / "good", place.results / "Škočaj 車")
    analysis = place.analyze()
    assert analysis.problems == ()
    data = analysis.to_dict()["trackers"]
    assert data["Škočaj 車"] == data["good"]


def test_the_order_of_sequences_changes_no_score(place):
    dataset = open_dataset(place.root / "VOT2019.json")
    back = replace(dataset, sequences=dataset.sequences[::-1])
    there, again = (
        analyze(place.results, either).trackers["good"]["baseline"] for either in (dataset, back)
    )
    assert again.eao == pytest.approx(there.eao, rel=1e-13)
    assert again.accuracy == pytest.approx(there.accuracy, rel=1e-13)
