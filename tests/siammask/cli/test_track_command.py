"""``track`` as users type it, on a network by a formula."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.cli.track import parse_region
from siammask.errors import UsageError
from siammask.tracker import MultiTracker
from siammask.video import window as windows
from siammask.video.index_png import read_labels
from siammask.video.recording import format_region
from siammask.video.sources import open_source

BOX, OTHER = "130.25,87.5,40,62", "30,40,70,50"


def test_two_targets_into_a_folder(run, network, frames: Path, weights: Path, tmp_path: Path):
    out = tmp_path / "out"
    status, text, errors = run(
        "track", frames, "--checkpoint", weights, "--init", BOX, "--init", OTHER, "--out", out
    )
    assert (status, errors) == (0, "")
    assert text.splitlines()[0].startswith("6 frames in ")
    assert text.splitlines()[1] == f"in {out}"
    assert sorted(path.name for path in out.iterdir()) == [
        "frames", "masks", "regions", "scores.csv",
    ]  # fmt: skip
    assert len(list((out / "frames").iterdir())) == 6
    assert network.passes == [2] * 5  # both targets in one pass a frame
    labels = read_labels(out / "masks" / "00001.png")
    assert set(np.unique(labels)) == {0, 1, 2}


def test_regions_are_those_of_the_python_api(run, network, frames, weights, tmp_path):
    run("track", frames, "--checkpoint", weights, "--init", BOX, "--out", tmp_path / "out")
    tracker = MultiTracker(network, "vot2018")
    images = [frame.image for frame in open_source(str(frames))]
    tracker.initialize(images[0], [parse_region(BOX)])
    expected = ["1", *(format_region(tracker.update(image)[0].region) for image in images[1:])]
    lines = (tmp_path / "out" / "regions" / "target_1.txt").read_text().splitlines()
    assert lines == expected


def test_a_video_from_a_video(run, network, frames, weights, tmp_path):
    words = ("--checkpoint", weights, "--init", BOX)
    run("track", frames, *words, "--out", tmp_path / "one.mp4", "--fps", 10)
    source = open_source(str(tmp_path / "one.mp4"))
    assert (source.num_frames, source.fps) == (6, 10.0)
    status, _, _ = run("track", tmp_path / "one.mp4", *words, "--out", tmp_path / "two.avi")
    assert status == 0
    source = open_source(str(tmp_path / "two.avi"))
    assert (len(list(source)), source.fps) == (6, 10.0)
    assert (tmp_path / "two" / "masks" / "000005.png").is_file()


def test_a_video_that_breaks_off_is_told(run, network, frames, weights, tmp_path):
    words = ("--checkpoint", weights, "--init", BOX, "--out")
    run("track", frames, *words, tmp_path / "whole.avi")
    status, text, _ = run("track", tmp_path / "whole.avi", *words, tmp_path / "one")
    assert status == 0 and "warning" not in text
    data = (tmp_path / "whole.avi").read_bytes()
    (tmp_path / "cut.avi").write_bytes(data[: len(data) * 3 // 4])
    assert open_source(str(tmp_path / "cut.avi")).num_frames == 6
    status, text, _ = run("track", tmp_path / "cut.avi", *words, tmp_path / "two")
    done = len(list((tmp_path / "two" / "frames").iterdir()))
    assert status == 0 and 1 < done < 6
    assert f"{done} of 6 frames" in text
    assert f"warning: {tmp_path}/cut.avi breaks off before frame {done}: is it whole?" in text


def test_frames_left_out_of_the_numbering_are_told(run, network, frames, weights, tmp_path):
    (frames / "00002.png").unlink()
    words = ("--checkpoint", weights, "--init", BOX, "--out", tmp_path / "out")
    status, text, _ = run("track", frames, *words)
    assert status == 0
    assert "numbering of frames has gaps: 00001.png is followed by 00003.png" in text


def test_eight_numbers_and_png(run, network, frames, weights, tmp_path):
    corners = "40,50,90,40,100,90,50,100"
    status, _, errors = run(
        "track", frames, "--checkpoint", weights, "--init", corners, "--out", tmp_path / "out",
        "--frames", "png", "--settings", "davis", "--placement", "exact",
    )  # fmt: skip
    assert (status, errors) == (0, "")
    assert (tmp_path / "out" / "frames" / "00003.png").is_file()


def test_a_lost_target(run, network, frames, weights, tmp_path):
    status, text, _ = run(
        "track", frames, "--checkpoint", weights, "--init", BOX, "--out", tmp_path / "out",
        "--lost-below", "1.0",
    )  # fmt: skip
    assert status == 0
    assert "5 times lost" in text
    assert (tmp_path / "out" / "regions" / "target_1.txt").read_text() == "1\n" + "0\n" * 5


def test_a_box_network_has_upright_boxes(run, network, frames, weights, tmp_path):
    network.mask_size = None
    status, _, _ = run(
        "track", frames, "--checkpoint", weights, "--init", BOX, "--out", tmp_path / "out"
    )
    assert status == 0
    assert not (tmp_path / "out" / "masks").exists()
    lines = (tmp_path / "out" / "regions" / "target_1.txt").read_text().splitlines()
    assert [len(line.split(",")) for line in lines] == [1, 4, 4, 4, 4, 4]


def test_a_faulty_frame_is_named_and_what_was_done_is_whole(
    run, network, frames, weights, tmp_path
):
    (frames / "00004.png").write_bytes(b"junk")
    out = tmp_path / "out.mp4"
    status, _, errors = run("track", frames, "--checkpoint", weights, "--init", BOX, "--out", out)
    assert status == 1
    assert "00004.png: an image that cannot be decoded" in errors
    assert len(list(open_source(str(out)))) == 4
    lines = (tmp_path / "out" / "regions" / "target_1.txt").read_text().splitlines()
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "nothing would remain (give --out, --show, or both)"),
        (("--out", "{tmp}/out"), "no target (give --init x,y,w,h for each"),
        (("--out", "{tmp}/out", "--init", "1,2,3"), "--init '1,2,3' (accepted: x,y,w,h or"),
        (("--out", "{tmp}/out", "--init", "1,2,3,nan"), "--init '1,2,3,nan'"),
        (("--out", "{tmp}/out", "--init", "1,2,0,9"), "clip/00000.png: an empty region"),
        (
            ("--out", "{tmp}/out", "--init", BOX, "--init", "999,2,30,9"),
            "clip/00000.png: the target 999,2,30,9 lies outside the frame of 320x240 px",
        ),
        (("--out", "{tmp}/out", "--init", BOX, "--settings", "vot"), "settings 'vot'"),
        (("--out", "{tmp}", "--init", BOX), "frames: is there already"),
        (("--show", "--init", BOX), "--show: this OpenCV has no windows (leave --show out"),
    ],
)
def test_bad_usage_is_one_clear_line(
    run, network, frames, weights, tmp_path, monkeypatch, words, expected
):
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: "  GUI:                NONE\n")
    (tmp_path / "frames").mkdir()
    filled = [word.format(tmp=tmp_path) for word in words]
    status, text, errors = run("track", frames, "--checkpoint", weights, *filled)
    assert (status, text) == (2, "")
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert expected in errors
    assert not (tmp_path / "out").exists()


def test_what_may_not_be_read_is_one_clear_line(
    run, network, frames, weights, tmp_path, monkeypatch
):
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", refuse)
    words = ("--checkpoint", weights, "--init", BOX, "--out", tmp_path / "out")
    status, text, errors = run("track", frames, *words)
    assert (status, text) == (2, "")
    assert errors == f"error: {frames}: Permission denied\n"


@pytest.mark.parametrize("text", ["", "1,2,3,4,5", "1,2,3,x", "1 2 3 4", "inf,1,2,3"])
def test_what_is_no_region(text: str) -> None:
    with pytest.raises(UsageError, match="accepted: x,y,w,h or x1,y1"):
        parse_region(text)


def test_with_a_checkpoint(run, formula_checkpoint, frames, tmp_path) -> None:
    for index in range(2, 6):
        (frames / f"{index:05d}.png").unlink()
    words = ("track", frames, "--init", BOX, "--out", tmp_path / "out", "--checkpoint")
    status, text, errors = run(*words, formula_checkpoint("tiny"))
    assert (status, errors) == (0, "")
    assert text.startswith("2 frames in ")
    assert (tmp_path / "out" / "masks" / "00001.png").is_file()


def test_what_is_no_checkpoint(run, weights, frames, tmp_path) -> None:
    pytest.importorskip("torch")
    words = ("track", frames, "--init", BOX, "--out", tmp_path / "out", "--checkpoint")
    for checkpoint in (weights, tmp_path / "nowhere.pth"):
        status, text, errors = run(*words, checkpoint)
        assert (status, text) == (2, "")
        assert errors.startswith(f"error: {checkpoint}: ")
        assert errors.count("\n") == 1
    assert not (tmp_path / "out").exists()


class FakeScreen:
    """OpenCV's windows, as far as they are used."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, boxes: list[list[int]], keys: list[int]):
        self.shown = 0
        self.keys = iter(keys)
        replaced = {
            "getBuildInformation": lambda: "  GUI:                QT5\n",
            "namedWindow": lambda *arguments: None,
            "destroyWindow": lambda *arguments: None,
            "selectROIs": lambda *arguments: np.array(boxes, np.int32).reshape(-1, 4),
            "imshow": self.show,
            "waitKey": lambda wait: next(self.keys, -1),
            "getWindowProperty": lambda *arguments: 1.0,
        }
        for name, function in replaced.items():
            monkeypatch.setattr(cv2, name, function)
        monkeypatch.setenv("DISPLAY", ":0")

    def show(self, title: str, image: np.ndarray) -> None:
        self.shown += 1


def test_boxes_are_drawn_in_the_window(run, network, frames, weights, monkeypatch):
    screen = FakeScreen(monkeypatch, [[130, 87, 40, 62], [5, 5, 0, 9], [30, 40, 70, 50]], [])
    status, text, errors = run("track", frames, "--checkpoint", weights, "--show")
    assert (status, errors) == (0, "")
    assert text.startswith("6 frames in ")
    assert screen.shown == 6
    assert network.passes == [2] * 5


def test_the_window_ends_the_run(run, network, frames, weights, tmp_path, monkeypatch):
    FakeScreen(monkeypatch, [[130, 87, 40, 62]], [-1, -1, ord("q")])
    status, text, _ = run(
        "track", frames, "--checkpoint", weights, "--show", "--out", tmp_path / "out"
    )
    assert status == 0
    assert text.startswith("3 of 6 frames in ")
    assert len(list((tmp_path / "out" / "frames").iterdir())) == 3


def test_no_box_and_no_screen(run, network, frames, weights, monkeypatch):
    FakeScreen(monkeypatch, [], [])
    status, _, errors = run("track", frames, "--checkpoint", weights, "--show")
    assert status == 2
    assert "no box was drawn" in errors
    monkeypatch.setattr(windows.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    status, _, errors = run("track", frames, "--checkpoint", weights, "--show")
    assert "--show: there is no screen" in errors


SLOW = """
import importlib.util, sys, time
spec = importlib.util.spec_from_file_location("fake_network", {fake!r})
fake = importlib.util.module_from_spec(spec)
sys.modules["fake_network"] = fake
spec.loader.exec_module(fake)
class Slow(fake.FakeNetwork):
    def track(self, template, patches):
        time.sleep(0.1)
        return super().track(template, patches)
import siammask.cli.network
siammask.cli.network.open_network = lambda options: Slow(127)
from siammask.cli import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("out", ["out", "out.mp4"])
def test_ctrl_c_leaves_everything_whole(
    fake, frames: Path, weights: Path, tmp_path: Path, number: int, out: str
) -> None:
    for index in range(6, 200):  # more frames than there is time for
        (frames / f"{index:05d}.png").symlink_to(frames / f"{index % 6:05d}.png")
    script = textwrap.dedent(SLOW).format(fake=fake.__file__)
    words = ["track", frames, "--checkpoint", weights, "--init", BOX, "--out", tmp_path / out]
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 30
    while not (tmp_path / "out/masks/00003.png").exists() and time.monotonic() < limit:
        time.sleep(0.02)
    process.send_signal(number)
    text, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number, errors
    assert errors == ""
    assert text.startswith("stopped; ")
    regions = (tmp_path / "out/regions/target_1.txt").read_text().splitlines()
    count = len(regions)
    assert 4 <= count < 200
    assert len(list((tmp_path / "out/masks").iterdir())) == count - 1
    pictures = tmp_path / out if out.endswith(".mp4") else tmp_path / out / "frames"
    assert len(list(open_source(str(pictures)))) == count
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name]
