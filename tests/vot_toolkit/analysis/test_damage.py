"""Damaged results: every fault is listed with file and line, and the rest is scored."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from vot_toolkit.formats.binary import format_binary
from vot_toolkit.formats.text import read_trajectory
from vot_toolkit.rules import rule_names

CUTTING_RULES = [name for name in rule_names() if name != "vot-toolkit"]


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
    assert list(baseline["sequences"]) == list(place.lengths)


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


@pytest.mark.parametrize("rules", CUTTING_RULES)
def test_what_is_missing_of_a_shorter_file_is_code_0_in_accuracy_and_absent_in_eao(rules, place):
    place.shorten("gamma", 38)
    short = place.scores(rules)
    for number in (1, 2):
        place.write([*place.lines("gamma", number), *["0"] * 7], "gamma", number)
    padded = place.scores(rules)
    assert short["accuracy"] == padded["accuracy"]
    assert short["failures"] == padded["failures"] == 2
    for tag, values in short["attributes"].items():
        assert values["accuracy"] == padded["attributes"][tag]["accuracy"]
    place.shorten("gamma", 38)
    place.cut_annotations("gamma", 38)
    cut = place.scores(rules)
    assert short["eao"] == cut["eao"]
    assert short["eao_curve"] == cut["eao_curve"]
    assert short["eao_curve"] != padded["eao_curve"]


def test_a_shorter_file_divides_failures_by_annotated_or_by_compared_frames(place):
    place.shorten("gamma", 38)
    assert place.scores("vot2018")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("matlab2019")["robustness"] == pytest.approx(100 * 2 / 185)
    assert place.scores("pysot")["robustness"] == pytest.approx(100 * 2 / 178)


def test_pysot_compares_the_shorter_of_the_two(place):
    place.shorten("gamma", 38)
    short = place.scores("pysot")
    place.cut_annotations("gamma", 38)
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
    for name in place.lengths:
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
    for name in place.lengths:
        for number in range(3, 4 if name == "gamma" else 16):
            place.write(place.play(name, number, [17]), name, number)
    assert place.analyze().problems == ()
    assert place.scores()["repetitions"] == 15
    place.write(place.play("gamma", 4), "gamma", 4)
    (problem,) = place.analyze().problems
    assert problem.sequence == "gamma"
    assert "005" in problem.what


@pytest.mark.parametrize("rules", rule_names())
def test_any_number_of_workers_gives_the_same(rules, place):
    garbage_in_line_17(place)
    place.shorten("beta", 40)
    assert (
        place.analyze(rules, workers=1).to_dict()
        == place.analyze(rules, workers=3).to_dict()
        == place.analyze(rules).to_dict()
    )


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
    assert [problem.sequence for problem in analysis.problems] == list(place.lengths)
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
