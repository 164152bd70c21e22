"""A network by a formula: what a tracker makes of it was printed by the original's code, too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from siammask.network import Response

CELLS = np.arange(25)
WIDTH, HEIGHT = 320, 240


def frame(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Draw the image of the golden numbers."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    red = 20 + 200 * ((x // 8 + y // 8) % 2)
    return np.stack([(3 * x + y) % 256, (x + 5 * y) % 256, red], axis=2).astype(np.uint8)


def class_logits() -> np.ndarray:
    """Give background 0, and a hill at row 11, column 14 of anchor 3 for the target."""
    anchor, y, x = np.meshgrid(np.arange(5), CELLS, CELLS, indexing="ij")
    hill = 4 * np.exp(-((x - 14) ** 2 + (y - 11) ** 2) / 18 - (anchor - 3) ** 2 / 2) - 2
    return np.concatenate([np.zeros_like(hill), hill]).astype(np.float32)


def offsets() -> np.ndarray:
    """Give dx, dy, dw, dh of all anchors."""
    anchor, y, x = np.meshgrid(np.arange(5), CELLS, CELLS, indexing="ij")
    parts = [
        0.02 * (x - 12) + 0 * anchor,
        -0.03 * (y - 12) + 0 * anchor,
        0.1 * np.sin(anchor + 0.1 * x),
        -0.05 * np.cos(anchor - 0.2 * y),
    ]
    return np.concatenate(parts).astype(np.float32)


def mask_logits(size: int) -> np.ndarray:
    """Give a slanted ellipse, the same at every cell."""
    u, v = np.meshgrid(np.arange(size), np.arange(size))
    p, q = (u - 0.48 * size) / (0.2 * size), (v - 0.52 * size) / (0.33 * size)
    return (6 * (1 - np.sqrt(p**2 + q**2 + 0.3 * p * q))).astype(np.float32)


@dataclass
class FakeNetwork:
    """Says the same of every patch, but for a shade that comes from template and patch.

    `tint` makes the class logits depend on both, so that targets differ from each other.
    """

    mask_size: int | None = 127
    tint: float = 0.0
    cells: list[tuple[int, int]] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)

    @property
    def variant(self) -> str:
        """Name the variant that has such masks."""
        return {None: "rpn", 63: "base", 127: "sharp"}[self.mask_size]

    def template(self, patches):
        """Keep the mean of each patch."""
        assert patches.dtype == np.uint8
        assert patches.shape[1:] == (127, 127, 3)
        return patches.mean(axis=(1, 2, 3))

    def join(self, templates):
        """Put the means one behind the other."""
        return np.concatenate(list(templates))

    def track(self, template, patches):
        """Answer by the formula."""
        assert patches.dtype == np.uint8
        assert patches.shape == (len(template), 255, 255, 3)
        self.passes.append(len(template))
        shade = self.tint * (patches.mean(axis=(1, 2, 3)) - template)[:, None, None, None]
        slope = np.linspace(-1, 1, 25, dtype=np.float32)
        cls = class_logits()[None] + (shade * slope).astype(np.float32)
        loc = np.repeat(offsets()[None], len(template), axis=0)
        return Response(cls, loc, features=len(template))

    def masks(self, response, rows, cols):
        """Give the ellipse for each cell."""
        assert len(rows) == len(cols) == response.features
        self.cells.extend(zip(rows, cols, strict=True))
        return np.repeat(mask_logits(self.mask_size).reshape(1, -1), len(rows), axis=0)
