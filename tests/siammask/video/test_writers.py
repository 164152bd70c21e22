"""Writers: frames come back, and files are whole at every moment."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from siammask.errors import OutputError
from siammask.video.sources import open_source
from siammask.video.writers import ImageFolderWriter, VideoFileWriter


def ramp(height: int = 48, width: int = 64) -> np.ndarray:
    grey = np.add.outer(np.arange(height), 2 * np.arange(width)).astype(np.uint8)
    return np.dstack([grey, grey // 2, 255 - grey])


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_folder_of_images(tmp_path: Path, suffix: str) -> None:
    writer = ImageFolderWriter(tmp_path / "new" / "folder", suffix)
    writer.write("00000", ramp())
    writer.write("00001", ramp() // 2)
    writer.close()
    files = sorted((tmp_path / "new" / "folder").iterdir())
    assert [file.name for file in files] == [f"00000{suffix}", f"00001{suffix}"]
    np.testing.assert_allclose(
        cv2.imread(str(files[0])), ramp(), atol=0 if suffix == ".png" else 40
    )


@pytest.mark.parametrize("suffix", [".mp4", ".m4v", ".mov", ".mkv", ".avi"])
def test_a_video_file_can_be_played(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"clip{suffix}"
    writer = VideoFileWriter(path, fps=10.0)
    for _ in range(5):
        writer.write("", ramp())
    assert not path.exists()
    writer.close()
    frames = list(open_source(str(path)))
    assert len(frames) == 5
    assert np.abs(frames[2].image.astype(int) - ramp()).mean() < 6
    assert list(tmp_path.iterdir()) == [path]


def test_a_side_of_an_odd_number_of_pixels_gets_one_more(tmp_path: Path) -> None:
    writer = VideoFileWriter(tmp_path / "clip.mp4")
    writer.write("", ramp(47, 63))
    writer.close()
    (frame,) = open_source(str(tmp_path / "clip.mp4"))
    assert frame.image.shape == (48, 64, 3)


def test_no_frame_no_file(tmp_path: Path) -> None:
    VideoFileWriter(tmp_path / "clip.mp4").close()
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"clip\.mp4: cannot be written"):
        VideoFileWriter(tmp_path / "file" / "clip.mp4").write("", ramp())
    with pytest.raises(OutputError, match=r"0\.png: cannot be written"):
        ImageFolderWriter(tmp_path / "file", ".png").write("0", ramp())
