"""Data sets written into a folder of their own."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest


@pytest.fixture
def write_text():
    """Write a text file, making its folders, and give its path."""

    def write(path: Path, text: str | bytes) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def write_image():
    """Write an image of a size (width, height) whose blue value is given."""

    def write(path: Path, size: tuple[int, int] = (32, 24), blue: int = 7) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
        pixels[..., 0] = blue
        done, data = cv2.imencode(path.suffix, pixels)
        assert done
        path.write_bytes(data.tobytes())
        return path

    return write
