"""Sources of frames: order, names, and every way to have none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.errors import ImageError, SourceError
from siammask.video.sources import Camera, ImageFolder, VideoFile, open_source
from siammask.video.writers import VideoFileWriter


def image(value: int, height: int = 24, width: int = 32) -> np.ndarray:
    return np.full((height, width, 3), value, np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make eleven frames whose names do not sort as text, and a file that is no frame."""
    place = tmp_path / "frames"
    place.mkdir()
    for number in range(11):
        cv2.imwrite(str(place / f"f{number}.png"), image(10 * number))
    (place / "notes.txt").write_text("no frame")
    return place


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    writer = VideoFileWriter(path, fps=12.5)
    for number in range(7):
        writer.write("", image(30 * number))
    writer.close()
    return path


def test_a_folder_in_natural_order(folder: Path) -> None:
    source = open_source(str(folder))
    frames = list(source)
    assert source.num_frames == 11
    assert [frame.name for frame in frames] == [f"f{number}" for number in range(11)]
    assert [int(frame.image[0, 0, 0]) for frame in frames] == list(range(0, 110, 10))
    assert [int(frame.image[0, 0, 0]) for frame in source] == list(range(0, 110, 10))


@pytest.mark.parametrize(
    ("names", "gap"),
    [
        (["00001", "00002", "00003"], None),
        (["00000", "00005", "00010"], None),
        (["f8", "f9", "f11", "f15"], "f9.png is followed by f11.png"),
        (["v2_0", "v2_5", "v2_15"], "v2_5.png is followed by v2_15.png"),
        (["a1", "a2", "b9"], None),
        (["cat", "dog"], None),
        (["1"], None),
    ],
)
def test_a_gap_in_the_numbering(tmp_path: Path, names: list[str], gap: str | None) -> None:
    for name in names:
        (tmp_path / f"{name}.png").touch()
    assert ImageFolder(tmp_path).gap == gap


def test_grey_alpha_and_deep_images_become_bgr(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "1.png"), np.full((8, 9), 7, np.uint8))
    cv2.imwrite(str(tmp_path / "2.png"), np.full((8, 9, 4), 9, np.uint8))
    cv2.imwrite(str(tmp_path / "3.png"), np.full((8, 9), 7 * 257, np.uint16))
    images = [frame.image for frame in ImageFolder(tmp_path)]
    assert all(image.shape == (8, 9, 3) and image.dtype == np.uint8 for image in images)
    assert [image[0, 0].tolist() for image in images] == [[7] * 3, [9] * 3, [7] * 3]


def test_a_video_file(video: Path) -> None:
    source = open_source(str(video))
    frames = list(source)
    assert (source.num_frames, source.fps, len(frames)) == (7, 12.5, 7)
    assert [frame.name for frame in frames][:2] == ["000000", "000001"]
    levels = [frame.image.mean() for frame in frames]
    np.testing.assert_allclose(levels, np.arange(0, 210, 30), atol=4)


def test_the_frame_that_cannot_be_decoded_is_named(folder: Path) -> None:
    (folder / "f3.png").write_bytes(b"junk")
    (folder / "f7.png").write_bytes(b"")
    frames = iter(open_source(str(folder)))
    assert [next(frames).name for _ in range(3)] == ["f0", "f1", "f2"]
    with pytest.raises(ImageError, match=r"f3\.png: an image that cannot be decoded"):
        next(frames)
    (folder / "f3.png").unlink()
    with pytest.raises(ImageError, match=r"f7\.png: an image that cannot be decoded"):
        list(open_source(str(folder)))


def test_a_frame_that_vanishes_is_named(folder: Path) -> None:
    source = open_source(str(folder))
    (folder / "f5.png").unlink()
    with pytest.raises(ImageError, match=r"f5\.png: cannot be read: No such file"):
        list(source)


def test_a_frame_of_another_size_is_named(folder: Path) -> None:
    cv2.imwrite(str(folder / "f4.png"), image(0, 24, 33))
    with pytest.raises(ImageError, match=r"f4\.png is 33x24, but .*f0\.png is 32x24"):
        list(open_source(str(folder)))


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no image in this folder \(accepted: .bmp, .jpeg"):
        open_source(str(tmp_path))


def test_two_frames_of_one_name(folder: Path) -> None:
    cv2.imwrite(str(folder / "f4.jpg"), image(0))
    with pytest.raises(SourceError, match=r"two frames of one name: f4\.jpg, f4\.png"):
        open_source(str(folder))


def test_what_is_no_source(tmp_path: Path, folder: Path) -> None:
    text = tmp_path / "clip.mp4"
    text.write_text("<html>not found</html>")
    with pytest.raises(SourceError, match=r"clip\.mp4: no video that OpenCV can decode"):
        open_source(str(text))
    with pytest.raises(SourceError, match="'nowhere': no such folder or file"):
        open_source("nowhere")
    with pytest.raises(SourceError, match=r"f1\.png: a single image \(accepted: a folder"):
        open_source(str(folder / "f1.png"))


def test_a_number_is_a_camera_unless_it_is_a_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert isinstance(open_source("99"), Camera)
    folder.rename("99")
    assert isinstance(open_source("99"), ImageFolder)


def test_a_camera_that_is_not_there() -> None:
    with pytest.raises(SourceError, match="camera 99 cannot be opened"):
        list(open_source("99"))


def test_a_camera_gives_frames_until_it_ends(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = cv2.VideoCapture(str(video))
    monkeypatch.setattr(cv2, "VideoCapture", lambda number: capture)
    frames = list(open_source("0"))
    assert len(frames) == 7
    assert frames[3].place == "camera 0 frame 3"
    assert not capture.isOpened()


def test_a_video_is_closed_when_it_is_left(video: Path) -> None:
    frames = iter(VideoFile(video))
    next(frames)
    frames.close()  # type: ignore[attr-defined]
    assert list(frames) == []
