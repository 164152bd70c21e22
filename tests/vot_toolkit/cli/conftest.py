"""A tiny folder data set with images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

SIZE = (96, 72)


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """Make two sequences of 8 and 10 frames in which a bright square moves over noise."""
    import cv2

    folder = tmp_path / "small"
    random = np.random.RandomState(0)
    background = random.randint(0, 90, (SIZE[1], SIZE[0], 3)).astype(np.uint8)
    square = random.randint(120, 255, (20, 20, 3)).astype(np.uint8)
    for name, frames in (("one", 8), ("two", 10)):
        images = folder / name / "color"
        images.mkdir(parents=True)
        boxes = [(10 + 3 * index, 20 + index, 20, 20) for index in range(frames)]
        for index, (x, y, width, height) in enumerate(boxes):
            frame = background.copy()
            frame[y : y + height, x : x + width] = square
            cv2.imwrite(str(images / f"{index + 1:08d}.png"), frame)
        text = "".join(",".join(map(str, box)) + "\n" for box in boxes)
        (folder / name / "groundtruth.txt").write_text(text)
    return folder
