"""Whole folders of results: scores, damage of every kind, and the form of the JSON."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vot_toolkit.analysis import analyze
from vot_toolkit.dataset import open_dataset
from vot_toolkit.errors import DatasetError, ResultsError, RulesError, UsageError
from vot_toolkit.formats.binary import format_binary
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.measures.interval import estimate_interval
from vot_toolkit.rules import rule_names

LENGTHS = {"alpha": 60, "beta": 50, "gamma": 45, "delta": 30}
FAILURES = {("alpha", 1): [20], ("beta", 1): [45], ("gamma", 2): [30], ("delta", 2): [28]}
CUTTING_RULES = [name for name in rule_names() if name != "vot-toolkit"]
INTERVAL = [46, 291]
"""That of VOT2019, the name which the set is given: a change of lengths does not change it."""


def truth(name: str) -> np.ndarray:
    """Make polygons that wander, or rectangles in beta."""
    random = np.random.RandomState(len(name) + LENGTHS[name])
    steps = random.normal(0, 1.5, (LENGTHS[name], 2)).cumsum(axis=0)
    left_top = np.clip(np.array([35.0, 25.0]) + steps, 5, 60)
    if name == "beta":
        return np.hstack([left_top, np.full((LENGTHS[name], 2), (25.5, 20.25))])
    corners = np.array([0, 3, 24, 0, 27, 18, 2, 21], dtype=float)
    return np.tile(left_top, 4) + corners


def play(name: str, repetition: int, failures=(), reset: bool = True) -> list[str]:
    """Write a run on a sequence, near to the truth, lost at the failures."""
    random = np.random.RandomState(100 * LENGTHS[name] + repetition)
    regions = truth(name) + random.normal(0, 2, truth(name).shape)
    lines, start = [], 0
    for frame in range(LENGTHS[name]):
        if frame == start:
            lines.append("1")
        elif frame < start:
            lines.append("0")
        elif reset and frame in failures:
            lines.append("2")
            start = frame + 5
        else:
            lines.append(",".join(f"{value:.4f}" for value in regions[frame]))
    return lines


class Place:
    """A small data set and results of tracker `good` on it, to be damaged."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results = root / "results"
        self.annotations = {
            name: {
                "gt_rect": truth(name).tolist(),
                "width": 100,
                "height": 80,
                "occlusion": [int(frame % 7 > 4) for frame in range(length)],
                "size_change": [int(12 < frame < 35) for frame in range(length)],
            }
            for name, length in LENGTHS.items()
        }
        self.write_annotations()

    def write_annotations(self, name: str = "VOT2019") -> Path:
        path = self.root / f"{name}.json"
        path.write_text(json.dumps(self.annotations))
        return path

    def file(
        self, name: str, number: int = 1, experiment: str = "baseline", tracker="good"
    ) -> Path:
        return self.results / tracker / experiment / name / f"{name}_{number:03d}.txt"

    def write(self, lines: list[str], *args, **more) -> Path:
        path = self.file(*args, **more)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n" if lines else "")
        return path

    def lines(self, *args, **more) -> list[str]:
        return self.file(*args, **more).read_text().splitlines()

    def analyze(self, rules="vot2018", dataset="VOT2019", **more):
        return analyze(self.results, self.root / f"{dataset}.json", rules=rules, **more)

    def scores(self, rules="vot2018", experiment="baseline", **more):
        return self.analyze(rules, **more).to_dict()["trackers"]["good"][experiment]


@pytest.fixture
def place(tmp_path):
    """Sound results: two repetitions of baseline, one of realtime and unsupervised."""
    made = Place(tmp_path)
    for name in LENGTHS:
        for number in (1, 2):
            made.write(play(name, number, FAILURES.get((name, number), ())), name, number)
        made.write(play(name, 3, [25]), name, experiment="realtime")
        made.write(play(name, 4, reset=False), name, experiment="unsupervised")
    return made


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
    assert list(baseline["sequences"]) == list(LENGTHS)
    for values in baseline["sequences"].values():
        assert {"accuracy", "failures"} <= set(values)
    assert baseline["sequences"]["alpha"]["failures"] == 0.5
    assert list(unsupervised["sequences"]) == list(LENGTHS)
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


# Damage. Each takes the place and returns the sequence, file, line and words of the one problem.


def shorter(place):
    return "alpha", place.write(place.lines("alpha")[:-7], "alpha"), 54, "53 lines for 60 frames"


def longer(place):
    lines = place.lines("alpha")
    return "alpha", place.write([*lines, *lines[-3:]], "alpha"), 61, "longer by 3"


def empty_file(place):
    return "alpha", place.write([], "alpha"), 1, "0 lines for 60 frames, shorter by 60"


def change(place, line: int, text: str) -> Path:
    lines = place.lines("alpha")
    lines[line - 1] = text
    return place.write(lines, "alpha")


def garbage_in_line_17(place):
    return "alpha", change(place, 17, "3.5,x,2,2"), 17, "not a number: 'x'"


def blank_line_17(place):
    return "alpha", change(place, 17, ""), 17, "read up to the line before"


def wrong_count_in_line_17(place):
    return "alpha", change(place, 17, "1,2,3"), 17, "a line of 3 numbers"


def no_utf8_in_line_17(place):
    path = place.file("alpha")
    lines = path.read_bytes().splitlines()
    lines[16] = b"\xff\xfe\xfd"
    path.write_bytes(b"\n".join(lines))
    return "alpha", path, 17, "not a number"


def first_line_is_a_region(place):
    return "alpha", change(place, 1, "1,2,30,40"), 1, "does not begin with an initialisation"


def failure_without_restart(place):
    return "alpha", change(place, 26, "1,2,30,40"), 21, "failure"


def failure_without_skipped_frames(place):
    return "alpha", change(place, 40, "2"), 40, "failure"


def missing_repetition(place):
    path = place.file("alpha", 2)
    path.unlink()
    return "alpha", path.parent, None, "repetition 002 missing"


def missing_sequence(place):
    folder = place.file("alpha").parent
    shutil.rmtree(folder)
    return "alpha", folder, None, "no results for this sequence"


def empty_sequence_folder(place):
    folder = place.file("alpha").parent
    for path in folder.iterdir():
        path.unlink()
    return "alpha", folder, None, "no results for this sequence"


def unknown_sequence(place):
    return "omega", place.write(["1"], "omega").parent, None, "not in the data set"


def unknown_file(place):
    path = place.file("alpha").with_name("alpha_1.txt")
    path.write_text("1\n")
    return "alpha", path, None, "no file of a repetition"


def folder_in_place_of_a_file(place):
    path = place.file("alpha")
    path.unlink()
    path.mkdir()
    return "alpha", path, None, "cannot be read"


def truncated_binary(place):
    path = place.file("alpha")
    data = format_binary(read_trajectory(path))
    path.unlink()
    path.with_suffix(".bin").write_bytes(data[:-5])
    return "alpha", path.with_suffix(".bin"), None, "ends in the middle of a region"


def text_in_place_of_binary(place):
    path = place.file("alpha").rename(place.file("alpha").with_suffix(".bin"))
    return "alpha", path, None, "not a binary trajectory"


def broken_times(place):
    path = place.file("alpha").with_name("alpha_time.txt")
    path.write_text("0.1,0.1\n0.1\n")
    return "alpha", path, 2, "1 columns, 2 in the first row"


def a_failure_too_much_without_its_repetition(place):
    path = place.file("delta", 2)
    lines = place.lines("delta", 2)
    lines[9] = "2"
    place.write(lines, "delta", 2)
    return "delta", path, 10, "failure"


DAMAGES = [
    shorter,
    longer,
    empty_file,
    garbage_in_line_17,
    blank_line_17,
    wrong_count_in_line_17,
    no_utf8_in_line_17,
    first_line_is_a_region,
    failure_without_restart,
    failure_without_skipped_frames,
    missing_repetition,
    missing_sequence,
    empty_sequence_folder,
    unknown_sequence,
    unknown_file,
    folder_in_place_of_a_file,
    truncated_binary,
    text_in_place_of_binary,
    broken_times,
    a_failure_too_much_without_its_repetition,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damage_is_one_problem_with_file_and_line_and_the_rest_is_scored(damage, place):
    sequence, file, line, words = damage(place)
    analysis = place.analyze()
    (problem,) = analysis.problems
    assert (problem.tracker, problem.sequence) == ("good", sequence)
    assert Path(problem.file) == file
    assert problem.line == line
    assert words in problem.what
    data = analysis.to_dict()
    assert data["problems"] == [
        {
            "tracker": "good",
            "sequence": sequence,
            "file": str(file),
            "line": line,
            "what": problem.what,
        }
    ]
    json.dumps(data, allow_nan=False)
    baseline = data["trackers"]["good"]["baseline"]
    assert 0.5 < baseline["accuracy"] < 1
    assert 0 < baseline["eao"] < 1
    assert list(baseline["sequences"]) == list(LENGTHS)


def test_damage_of_every_kind_at_once_is_all_listed(place):
    blank_line_17(place)
    unknown_sequence(place)
    unknown_file(place)
    place.write(place.lines("beta")[:-1], "beta")
    place.file("gamma", 2).unlink()
    shutil.rmtree(place.file("delta", experiment="realtime").parent)
    found = [(problem.sequence, problem.line) for problem in place.analyze().problems]
    expected = [("omega", None), ("alpha", None), ("gamma", None), ("delta", None)]
    assert sorted(found, key=str) == sorted([*expected, ("alpha", 17), ("beta", 50)], key=str)


@pytest.mark.parametrize("rules", CUTTING_RULES)
@pytest.mark.parametrize("experiment", ["baseline", "unsupervised"])
def test_a_longer_file_is_scored_as_if_cut(rules, experiment, place):
    sound = place.scores(rules, experiment)
    lines = place.lines("alpha", experiment=experiment)
    place.write([*lines, "2", "0", "1,2,3,4"], "alpha", experiment=experiment)
    assert len(place.analyze(rules).problems) == 1
    assert place.scores(rules, experiment) == sound


@pytest.mark.parametrize("rules", CUTTING_RULES)
def test_garbage_in_line_17_is_scored_as_the_sixteen_lines_before(rules, place):
    garbage_in_line_17(place)
    broken = place.scores(rules)
    place.write(place.lines("alpha")[:16], "alpha")
    assert place.scores(rules) == broken


def shorten(place, name: str, frames: int) -> None:
    """Cut both repetitions of a sequence."""
    for number in (1, 2):
        place.write(place.lines(name, number)[:frames], name, number)


def cut_annotations(place, name: str, frames: int) -> None:
    """Cut the ground truth of a sequence."""
    for key in ("gt_rect", "occlusion", "size_change"):
        del place.annotations[name][key][frames:]
    place.write_annotations()


@pytest.mark.parametrize("rules", CUTTING_RULES)
def test_what_is_missing_of_a_shorter_file_is_code_0_in_accuracy_and_absent_in_eao(rules, place):
    shorten(place, "gamma", 38)
    short = place.scores(rules)
    for number in (1, 2):
        place.write([*place.lines("gamma", number), *["0"] * 7], "gamma", number)
    padded = place.scores(rules)
    assert short["accuracy"] == padded["accuracy"]
    assert short["failures"] == padded["failures"] == 2
    for tag, values in short["attributes"].items():
        assert values["accuracy"] == padded["attributes"][tag]["accuracy"]
    shorten(place, "gamma", 38)
    cut_annotations(place, "gamma", 38)
    cut = place.scores(rules)
    assert short["eao"] == cut["eao"]
    assert short["eao_curve"] == cut["eao_curve"]
    assert short["eao_curve"] != padded["eao_curve"]


def test_a_shorter_file_divides_failures_by_annotated_or_by_compared_frames(place):
    shorten(place, "gamma", 38)
    assert place.scores("vot2018")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("matlab2019")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("pysot")["robustness"] == pytest.approx(100 * 2 / 178)


def test_pysot_compares_the_shorter_of_the_two(place):
    shorten(place, "gamma", 38)
    short = place.scores("pysot")
    cut_annotations(place, "gamma", 38)
    assert place.analyze("pysot").problems != ()
    assert place.scores("pysot") == short


@pytest.mark.parametrize("rules", ["vot2018", "matlab2019", "matlab7"])
def test_what_is_missing_of_a_shorter_file_is_overlap_0_in_average_overlap(rules, place):
    more = {"experiment": "unsupervised"}
    sound = place.scores(rules, **more)
    lines = place.lines("gamma", **more)
    place.write(lines[:38], "gamma", **more)
    short = place.scores(rules, **more)
    place.write([*lines[:38], *["0"] * 7], "gamma", **more)
    padded = place.scores(rules, **more)
    for name in ("overlap", "success_curve", "attributes", "sequences"):
        assert short[name] == padded[name]
    assert short["overlap"] < sound["overlap"]


@pytest.mark.parametrize(
    "damage",
    [shorter, longer, empty_file, garbage_in_line_17, missing_sequence, truncated_binary],
    ids=lambda damage: damage.__name__,
)
def test_the_python_toolkit_does_not_score_files_of_the_wrong_length(damage, place):
    damage(place)
    analysis = place.analyze("vot-toolkit")
    assert len(analysis.problems) == 1
    data = analysis.to_dict()["trackers"]["good"]
    headlines = ("accuracy", "robustness", "failures", "eao")
    assert [data["baseline"][name] for name in headlines] == [None] * 4
    reason = data["baseline"]["undefined"]
    assert set(reason) == set(headlines)
    assert all("wrong length" in text for text in reason.values())
    assert data["realtime"]["eao"] is not None
    assert data["unsupervised"]["overlap"] is not None


def test_a_missing_repetition_leaves_the_score_of_the_others(place):
    place.file("alpha", 2).unlink()
    alpha = place.scores()["sequences"]["alpha"]
    assert alpha["failures"] == 1
    for name in LENGTHS:
        place.file(name, 2).unlink(missing_ok=True)
    assert place.analyze().problems == ()
    assert place.scores()["sequences"]["alpha"]["accuracy"] == alpha["accuracy"]


def test_a_sequence_without_results_counts_its_frames_only(place):
    missing_sequence(place)
    scores = place.scores()
    assert scores["sequences"]["alpha"].items() >= {"accuracy": None, "failures": None}.items()
    assert scores["failures"] == 1.5
    assert scores["robustness"] == pytest.approx(100 * 1.5 / 185)
    assert len(scores["eao_curve"]) == 60


def test_three_repetitions_in_one_sequence_and_fifteen_in_others_are_complete(place):
    for name in LENGTHS:
        for number in range(3, 4 if name == "gamma" else 16):
            place.write(play(name, number, [17]), name, number)
    assert place.analyze().problems == ()
    assert place.scores()["repetitions"] == 15
    place.write(play("gamma", 4), "gamma", 4)
    (problem,) = place.analyze().problems
    assert problem.sequence == "gamma"
    assert "005" in problem.what


@pytest.mark.parametrize("rules", ["vot2018", "vot-toolkit"])
def test_binary_and_text_files_may_be_mixed(rules, place):
    text = place.analyze(rules).to_dict()
    for name, number in (("alpha", 1), ("beta", 2), ("gamma", 1), ("gamma", 2)):
        path = place.file(name, number)
        path.with_suffix(".bin").write_bytes(format_binary(read_trajectory(path)))
        path.unlink()
    assert place.analyze(rules).to_dict() == text


@pytest.mark.parametrize("rules", rule_names())
def test_any_number_of_workers_gives_the_same(rules, place):
    garbage_in_line_17(place)
    shorten(place, "beta", 40)
    assert (
        place.analyze(rules, workers=1).to_dict()
        == place.analyze(rules, workers=3).to_dict()
        == place.analyze(rules).to_dict()
    )


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


def test_an_experiment_asked_for_and_absent_is_a_problem(place):
    shutil.rmtree(place.results / "good" / "realtime")
    assert place.analyze().problems == ()
    analysis = place.analyze(experiments=["baseline", "realtime"])
    (problem,) = analysis.problems
    assert (problem.tracker, problem.sequence, problem.line) == ("good", None, None)
    assert Path(problem.file) == place.results / "good" / "realtime"
    assert "no results of experiment realtime" in problem.what
    assert list(analysis.trackers["good"]) == ["baseline"]


def test_an_empty_experiment_folder_names_every_sequence(place):
    for folder in (place.results / "good" / "realtime").iterdir():
        shutil.rmtree(folder)
    analysis = place.analyze()
    assert [problem.sequence for problem in analysis.problems] == list(LENGTHS)
    realtime = analysis.to_dict()["trackers"]["good"]["realtime"]
    assert realtime["accuracy"] is realtime["eao"] is realtime["failures"] is None
    assert set(realtime["undefined"]) == {"accuracy", "robustness", "failures", "eao"}
    json.dumps(analysis.to_dict(), allow_nan=False)


def test_an_empty_tracker_folder_is_a_problem(place):
    (place.results / "lazy").mkdir()
    analysis = place.analyze()
    (problem,) = analysis.problems
    assert (problem.tracker, problem.file) == ("lazy", str(place.results / "lazy"))
    assert "no results" in problem.what
    assert analysis.to_dict()["trackers"]["lazy"] == {}
    assert "baseline" in analysis.trackers["good"]


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
    estimated = estimate_interval(list(LENGTHS.values()))
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
    (tmp_path / "VOT2019" / "list.txt").write_text("\n".join(LENGTHS))
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
