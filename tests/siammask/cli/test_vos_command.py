"""``vos`` and ``vos-score`` as users type them, on a network by a formula."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from siammask.video.index_png import read_labels


def test_davis_2017(run, network, davis2017: Path, weights: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, text, errors = run(
        "vos", "--dataset", davis2017, "--checkpoint", weights, "--out", out,
        "--json", tmp_path / "scores.json",
    )  # fmt: skip
    assert (status, errors) == (0, "")
    lines = text.splitlines()
    assert lines[0] == "DAVIS val: davis2017, told by ImageSets/2017; 2 videos, 12 frames"
    assert lines[1].startswith("DAVIS val (davis2017, 2 videos): J&F 0.")
    assert [line.split()[0] for line in lines[2:6]] == ["video", "cats", "ants", "all"]
    assert lines[6] == f"results: {out}"
    assert network.passes == [2] * 10  # both objects in one pass a frame
    data = json.loads((tmp_path / "scores.json").read_text())
    assert 0 < data["J"]["mean"] < 1
    assert sorted(path.name for path in out.iterdir()) == ["ants", "cats", "run.json"]
    # The first frame is the annotation itself.
    truth = read_labels(davis2017 / "Annotations/480p/cats/00000.png")
    assert (read_labels(out / "cats/00000.png") == truth).all()


def test_a_stopped_run_goes_on(run, network, davis2017, weights, tmp_path, monkeypatch) -> None:
    words = ("vos", "--dataset", davis2017, "--checkpoint", weights, "--out", tmp_path / "out")
    answer, asked = type(network).track, []

    def stop_in_the_second_video(self, template, patches):
        asked.append(1)
        if len(asked) == 8:
            raise KeyboardInterrupt
        return answer(self, template, patches)

    monkeypatch.setattr(type(network), "track", stop_in_the_second_video)
    status, text, _ = run(*words)
    assert status == 130
    assert "stopped; whole videos are in" in text
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["cats", "run.json"]
    before = (tmp_path / "out/cats").stat().st_mtime_ns
    monkeypatch.setattr(type(network), "track", answer)
    status, text, _ = run(*words)
    assert status == 0
    assert "already in" in text
    assert (tmp_path / "out/cats").stat().st_mtime_ns == before
    assert (tmp_path / "out/ants/00005.png").exists()


def test_results_of_another_run(run, network, davis2017, weights, tmp_path) -> None:
    words = ("vos", "--dataset", davis2017, "--checkpoint", weights, "--out", tmp_path / "out")
    run(*words, "--video", "cats")
    status, _, errors = run(*words, "--threshold", "0.5")
    assert status == 2
    assert "results of another run: threshold was 0.35, and is 0.5" in errors
    status, _, errors = run(*words, "--placement", "exact")
    assert "placement was 'original', and is 'exact'" in errors
    weights.write_bytes(b"other weights")
    status, _, errors = run(*words)
    assert "checkpoint was" in errors


def test_a_faulty_video_does_not_stop_the_others(run, network, davis2017, weights, tmp_path):
    (davis2017 / "JPEGImages/480p/cats/00003.jpg").write_bytes(b"junk")
    status, text, _ = run(
        "vos", "--dataset", davis2017, "--checkpoint", weights, "--out", tmp_path / "out"
    )
    assert status == 1
    assert "(davis2017, 1 of 2 videos)" in text
    (problem,) = [line for line in text.splitlines() if line.startswith("problem: ")]
    assert problem.startswith("problem: cats: ")
    assert "cats/00003.jpg: an image that cannot be decoded" in problem
    assert not (tmp_path / "out/cats").exists()


def test_only_faulty_videos(run, network, davis2017, weights, tmp_path) -> None:
    (davis2017 / "JPEGImages/480p/cats/00003.jpg").write_bytes(b"junk")
    status, text, errors = run(
        "vos", "--dataset", davis2017, "--checkpoint", weights, "--out", tmp_path / "out",
        "--video", "cats",
    )  # fmt: skip
    assert (status, errors) == (1, "")
    assert "problem: cats: " in text


def test_youtube_with_first_frames_only(run, network, youtube, weights, tmp_path) -> None:
    status, text, errors = run(
        "vos", "--dataset", youtube(), "--checkpoint", weights, "--out", tmp_path / "out"
    )
    assert (status, errors) == (0, "")
    assert "ytb_vos valid has annotations of first frames only: nothing to score with" in text
    folder = tmp_path / "out/Annotations/0a1b"
    assert len(list(folder.iterdir())) == 6
    assert network.passes == [1, 1, 2, 1, 1]


def test_davis_2016_and_its_layout(run, network, davis2016, weights, tmp_path) -> None:
    status, text, _ = run(
        "vos", "--dataset", davis2016, "--checkpoint", weights, "--out", tmp_path / "out"
    )
    assert status == 0
    assert "DAVIS-2016 val (davis2016, 1 video): J&F 0." in text
    assert set(read_labels(tmp_path / "out/bear/00002.png").ravel().tolist()) == {0, 255}


def test_a_network_without_masks(run, network, davis2017, weights, tmp_path) -> None:
    network.mask_size = None
    status, _, errors = run(
        "vos", "--dataset", davis2017, "--checkpoint", weights, "--out", tmp_path / "out"
    )
    assert status == 2
    assert "which has no masks" in errors


def test_scoring_masks_of_any_program(run, davis2017, tmp_path) -> None:
    results = tmp_path / "results"
    shutil.copytree(davis2017 / "Annotations/480p", results)
    words = ("vos-score", "--results", results, "--dataset", davis2017)
    status, text, _ = run(*words, "--per-object", "--json", tmp_path / "scores.json")
    assert status == 0
    assert "J&F 1.000" in text
    assert json.loads((tmp_path / "scores.json").read_text())["j_and_f"] == 1.0
    (results / "ants/00002.png").unlink()
    status, text, _ = run(*words)
    assert status == 1
    assert "problem: ants: " in text
    assert "00002.png: cannot be read: No such file" in text


def test_ctrl_c_while_scoring(run, davis2017, tmp_path, monkeypatch) -> None:
    shutil.copytree(davis2017 / "Annotations/480p", tmp_path / "results")

    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("siammask.vos.scoring.score", stopped)
    file = tmp_path / "scores.json"
    words = ("--results", tmp_path / "results", "--dataset", davis2017, "--json", file)
    status, text, _ = run("vos-score", *words)
    assert status == 130 and "J&F" not in text and not file.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--dataset", "{tmp}/nowhere"), "no folder"),
        (("--dataset", "{davis}", "--split", "test"), "no list for split 'test'"),
        (("--dataset", "{davis}", "--video", "cat"), "did you mean 'cats'?"),
        (("--dataset", "{davis}", "--json", "{tmp}/no/scores.json"), "its folder does not exist"),
        (("--dataset", "{davis}"), "no results of this data set"),
    ],
)
def test_bad_usage_is_one_clear_line(run, davis2017, tmp_path, words, expected) -> None:
    filled = [word.format(tmp=tmp_path, davis=davis2017) for word in words]
    status, _, errors = run("vos-score", "--results", tmp_path, *filled)
    assert status == 2
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert expected in errors
