"""Regions on frames, strips, videos, and what keys do to the window."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from vot_toolkit.dataset import Sequence
from vot_toolkit.errors import UsageError, UserError
from vot_toolkit.failure import Failure
from vot_toolkit.pictures.drawing import View, box_around, draw_region, write_text
from vot_toolkit.pictures.frame import Scene, state_of
from vot_toolkit.pictures.strips import AROUND, TILE, failure_strip, write_png
from vot_toolkit.pictures.video import write_video
from vot_toolkit.pictures.window import Player, show_window
from vot_toolkit.region import Mask
from vot_toolkit.trajectory import Trajectory

RED = (0, 0, 255)


def blank(height: int = 60, width: int = 80) -> np.ndarray:
    return np.full((height, width, 3), 128, np.uint8)


def is_red(pixel: np.ndarray) -> bool:
    return bool(pixel[2] > 180 and pixel[0] < 80)


def test_an_outline_runs_where_the_region_ends() -> None:
    image = blank()
    draw_region(image, np.array([20.0, 10.0, 30.0, 20.0]), RED)
    for x, y in ((20, 20), (50, 20), (35, 10), (35, 30)):
        assert is_red(image[y, x])
    assert (image[20, 35] == 128).all() and (image[45, 70] == 128).all()


def test_a_view_moves_and_enlarges_it() -> None:
    image = blank(100, 100)
    region = np.array([20.0, 10, 40, 10, 40, 30, 20, 30])
    draw_region(image, region, RED, View(left=15, top=5, scale=4))
    # Column 20 has its centre 5.5 px from the left edge of the view, at 4 * 5.5 - 0.5.
    assert is_red(image[50, 21]) or is_red(image[50, 22])


@pytest.mark.parametrize("region", [np.array([1.0]), Mask(0, 0, np.zeros((0, 0), dtype=bool))])
def test_what_has_no_outline_draws_nothing(region: object) -> None:
    image = blank()
    draw_region(image, region, RED)
    assert (image == 128).all()
    assert box_around(region) is None


def test_a_mask_is_drawn_where_its_pixels_are() -> None:
    image = blank()
    mask = Mask(30, 20, np.ones((10, 20), dtype=bool))
    draw_region(image, mask, RED, thickness=1)
    assert is_red(image[20, 40]) and is_red(image[29, 40]) and (image[25, 40] == 128).all()
    assert box_around(mask).tolist() == [30, 20, 20, 10]


def test_words_at_the_border_do_no_harm() -> None:
    image = blank(20, 20)
    write_text(image, "wider than the image 車", (2, 2))
    assert image.shape == (20, 20, 3)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Twenty frames in which a square moves, and a run that loses it in the eleventh."""
    paths, boxes = [], []
    for index in range(20):
        frame = blank(72, 96)
        boxes.append([10.0 + 2 * index, 20, 16, 16])
        x = 10 + 2 * index
        frame[20:36, x : x + 16] = 255
        paths.append(tmp_path / f"{index:03d}.png")
        cv2.imwrite(str(paths[-1]), frame)
    run = [[1], *boxes[1:10], [2], [0], [0], [0], [0], [1], *boxes[16:19]]
    sequence = Sequence("square", Trajectory.of(*boxes), (96, 72), {}, tuple(paths))
    return Scene(sequence, {"mine": Trajectory.of(*run)})


def test_states_are_in_words(scene: Scene) -> None:
    run = scene.trajectories["mine"]
    states = [state_of(run, index) for index in (0, 5, 10, 11, 19)]
    assert states == ["start", "", "lost", "skipped", "none"]


def test_a_frame_has_the_size_asked_for(scene: Scene) -> None:
    assert scene.frame(3).shape == (72, 96, 3)
    assert scene.frame(3, 2.0).shape == (144, 192, 3)


def test_a_cutout_has_the_target_in_its_middle(scene: Scene) -> None:
    scale = scene.fitting_scale(12, (100, 80))
    assert scale == pytest.approx(80 / (16 * 2.2))
    middle = scene.cutout(12, (100, 80), scale)[35:45, 45:55]
    assert middle.min() > 240


def test_a_strip_shows_what_is_around_the_failure(scene: Scene, tmp_path: Path) -> None:
    strip = failure_strip(scene, Failure("square", 1, 11, 10, 1.0, ()))
    count = sum(0 <= 10 + offset < 20 for offset in AROUND)
    assert strip.shape == (TILE[1], count * (TILE[0] + 4) - 4, 3)
    write_png(tmp_path / "a" / "strip.png", strip)
    assert (cv2.imread(str(tmp_path / "a" / "strip.png")) == strip).all()


def test_a_video_has_every_frame(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "out" / "square.mp4"
    write_video(path, (scene.frame(index)[:71, :95] for index in range(20)), 20.0)
    video = cv2.VideoCapture(str(path))
    assert int(video.get(cv2.CAP_PROP_FRAME_COUNT)) == 20
    assert (int(video.get(3)), int(video.get(4))) == (94, 70)
    assert [each.name for each in path.parent.iterdir()] == ["square.mp4"]


def test_a_fault_in_the_middle_leaves_no_video(tmp_path: Path) -> None:
    def frames():
        yield blank()
        raise UserError("a broken image")

    with pytest.raises(UserError, match="broken"):
        write_video(tmp_path / "x.mp4", frames(), 20.0)
    assert list(tmp_path.iterdir()) == []


def test_keys_of_the_window() -> None:
    player = Player(3)
    for place, playing in ((1, True), (2, True), (2, False)):
        player.advance()
        assert (player.place, player.playing) == (place, playing)
    assert player.press("space") and (player.place, player.playing) == (0, True)
    assert player.press("Right") and (player.place, player.playing) == (1, False)
    assert player.press("Left") and player.press("Left") and player.place == 0
    assert not player.press("Escape")


def test_without_a_display_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tkinter", reason="this Python has no Tk")
    monkeypatch.setenv("DISPLAY", "")
    with pytest.raises(UsageError, match=r"no window can be opened.*--out FILE\.mp4"):
        show_window("x", [0], lambda index: blank(), 20.0)
