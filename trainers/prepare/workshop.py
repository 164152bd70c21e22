"""From a part to its crops on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.layout import Layout
from trainers.prepare.outcome import Outcome
from trainers.prepare.part import Box, Part, Shot, Target
from trainers.prepare.window import Image, Window, mean_colour
from vot_toolkit.atomic import SUFFIX, sweep


@dataclass(frozen=True)
class Workshop:
    """Makes the crops of parts; given to each worker.

    Parameters
    ----------
    layout : Layout
        Where they go.
    """

    layout: Layout

    def __call__(self, part: Part, stopped: Callable[[], bool]) -> Outcome | None:
        """Make all crops of a part.

        Parameters
        ----------
        part : Part
            The video or image.
        stopped : callable
            Asked between images; tells whether to give up.

        Returns
        -------
        Outcome or None
            None when stopped; what was written until then is whole, and is written again.

        Raises
        ------
        PreparationError
            If a crop cannot be written.
        """
        outcome = Outcome(part.key, part.split, part.fingerprint, part.num_images)
        sweep(self.layout.crops / part.key)
        for item in part.shots():
            if stopped():
                return None
            if isinstance(item, Dropped):
                outcome.dropped.append(item)
            else:
                self._crop_all(item, outcome)
        return outcome

    def _crop_all(self, shot: Shot, outcome: Outcome) -> None:
        if not shot.targets:
            return
        try:
            image = shot.read()
        except UnusableError as fault:
            outcome.dropped.append(fault.dropped)
            return
        if shot.size is not None and image.shape[:2] != shot.size:
            height, width = image.shape[:2]
            place = f"{shot.place}: {width}x{height} px, annotated as {shot.size[1]}x{shot.size[0]}"
            outcome.dropped.append(Dropped(Reason.OTHER_SIZE, place))
            return
        border = mean_colour(image)
        for target in shot.targets:
            self._crop_one(shot, target, image, border, outcome)

    def _crop_one(
        self,
        shot: Shot,
        target: Target,
        image: Image,
        border: tuple[float, ...],
        outcome: Outcome,
    ) -> None:
        track = f"{target.track:02d}"
        window = target.window
        if not _meets(target.box, image):
            place = target.place or f"{shot.place}, track {track}"
            outcome.dropped.append(Dropped(Reason.OUTSIDE, place))
            return
        try:
            mask = _crop_mask(target, window, image, shot.mask_threshold)
        except UnusableError as fault:
            outcome.dropped.append(fault.dropped)
            return
        if mask is not None:
            write_image(self.layout.mask(outcome.key, shot.frame, track), mask)
        write_image(self.layout.crop(outcome.key, shot.frame, track), window.crop(image, border))
        outcome.add(track, shot.frame, target.box)


def _meets(box: Box, image: Image) -> bool:
    x1, y1, x2, y2 = box
    height, width = image.shape[:2]
    return x1 < width and y1 < height and x2 > 0 and y2 > 0


def _crop_mask(target: Target, window: Window, image: Image, threshold: float) -> Image | None:
    if target.mask is None:
        return None
    height, width = image.shape[:2]
    return window.crop_mask(target.mask((height, width)), threshold)


def write_image(path: Path, image: Image) -> None:
    """Write a crop or mask, whole or not at all.

    JPEG has OpenCV's default quality, as the original's crops, and restart markers, so that a
    loader can decode a part of it; the pixels are the same with and without. It is not waited until
    the disk has the file: millions would take days.

    Raises
    ------
    PreparationError
        If the file or its folder cannot be written.
    """
    import cv2

    from trainers.data.jpeg import RESTART_BLOCKS

    options = [cv2.IMWRITE_JPEG_RST_INTERVAL, RESTART_BLOCKS] if path.suffix == ".jpg" else []
    encoded: Any
    done, encoded = cv2.imencode(path.suffix, image, options)
    assert done, "arrays of 511x511 px can be encoded"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, encoded)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise PreparationError(
            what, file=path, hint="what is there is whole; make room and run the same command again"
        ) from None


def _write(path: Path, data: Image) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}{SUFFIX}")
    try:
        data.tofile(temporary)
        temporary.replace(path)
    except BaseException:
        # Ctrl-C included. After the rename there is nothing to remove.
        temporary.unlink(missing_ok=True)
        raise
