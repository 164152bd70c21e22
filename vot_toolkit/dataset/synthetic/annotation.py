"""Annotations as the native VOT folders hold them: text, one line per frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from vot_toolkit.dataset.synthetic import tags
from vot_toolkit.dataset.synthetic.motion import Point
from vot_toolkit.dataset.synthetic.scene import Scene
from vot_toolkit.dataset.synthetic.stage import Frame, Mask


class Annotator:
    """Collects the truth about frames as they are rendered, without keeping the images."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._boxes: list[str] = []
        self._masks: list[str] = []
        self._views: list[Point] = []
        self._centres: list[Point] = []
        self._light: list[float] = []
        self._areas: list[float] = []
        self._hidden: list[float] = []

    def add(self, frame: Frame) -> None:
        """Take in the next frame."""
        self._boxes.append(box_text(frame.corners))
        self._masks.append(mask_text(frame.visible))
        self._views.append(frame.view)
        self._centres.append(frame.centre)
        self._light.append(frame.light)
        self._areas.append(frame.area)
        self._hidden.append(frame.hidden)

    def files(self) -> dict[str, str]:
        """Give the text of every annotation file by its name."""
        texts = {
            "groundtruth.txt": _lines(self._boxes),
            "masks.txt": _lines(self._masks),
            "sequence": _metadata(self._scene, len(self._boxes)),
        }
        for tag, values in self.tags().items():
            texts[f"{tag}.tag"] = _lines(str(int(value)) for value in values)
        return texts

    def tags(self) -> dict[str, list[bool]]:
        """Give the attributes of all frames so far, by tag."""
        # ** 0.5 is pow(), which libraries round differently; NumPy's square root is IEEE's.
        sizes = np.sqrt(np.array(self._areas)).tolist()
        return {
            "camera_motion": tags.camera_motion(self._views),
            "illum_change": tags.illum_change(self._light),
            "occlusion": tags.occlusion(self._hidden),
            "size_change": tags.size_change(self._areas),
            "motion_change": tags.motion_change(self._centres, sizes),
        }


def box_text(corners: Sequence[Point]) -> str:
    """Eight numbers with four decimals: the corners of a rotated box."""
    return ",".join(f"{value:.4f}" for corner in corners for value in corner)


def mask_text(mask: Mask) -> str:
    """Give VOT's run-length code of a mask.

    It is ``mx,y,w,h`` of the tight box, then the lengths of runs of zeros, ones, zeros and so on,
    row by row. An empty mask gives ``m0,0,0,0``.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return "m0,0,0,0"
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    flat = mask[top:bottom, left:right].ravel()
    ends = [*(np.flatnonzero(flat[1:] != flat[:-1]) + 1).tolist(), len(flat)]
    runs = [end - start for start, end in zip([0, *ends], ends, strict=False)]
    head = [left, top, right - left, bottom - top]
    return "m" + ",".join(str(int(number)) for number in [*head, *([0] if flat[0] else []), *runs])


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _metadata(scene: Scene, length: int) -> str:
    return _lines(
        [
            f"name={scene.name}",
            "fps=30",
            "format=default",
            "channels.color=color/%08d.jpg",
            f"width={scene.size[0]}",
            f"height={scene.size[1]}",
            f"length={length}",
        ]
    )
