"""What does not get into the training data, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a target or an image is left out, as the summary says it."""

    MISSING_IMAGE = "image missing"
    UNREADABLE_IMAGE = "image unreadable"
    OTHER_SIZE = "image not of the annotation's size"
    MISSING_MASK = "mask missing"
    UNREADABLE_MASK = "mask unreadable"
    BAD_ANNOTATION = "annotation unreadable"
    BROKEN_CROP = "crop or mask broken, as --check found"
    FLAT = "box without width or height"
    SUBPIXEL = "box of 1 px or less: nothing is left after COCO's -1"
    SMALL = "object of 1000 px or less"
    NO_OUTLINE = "object without a contour of 3 points"
    ABSENT = "object not in its mask"
    OUTSIDE = "box outside the image"
    NO_REGION = "frame without region"
    SINGLE_FRAME = "track with gaps: run of a single frame"
    EARLIER_RUN = "track with gaps: run before the last (--original)"


FAULTS = frozenset(
    {
        Reason.MISSING_IMAGE,
        Reason.UNREADABLE_IMAGE,
        Reason.OTHER_SIZE,
        Reason.MISSING_MASK,
        Reason.UNREADABLE_MASK,
        Reason.BAD_ANNOTATION,
        Reason.BROKEN_CROP,
    }
)
"""Reasons that tell of an incomplete or broken source; all others are rules."""


@dataclass(frozen=True)
class Dropped:
    """One target or image that was left out.

    Parameters
    ----------
    reason : Reason
        Why.
    place : str
        Where: a file, and what in it.
    """

    reason: Reason
    place: str

    @property
    def is_fault(self) -> bool:
        """Tell whether the source is to blame; what it concerns is tried again by the next run."""
        return self.reason in FAULTS


class UnusableError(Exception):
    """A file of the source from which nothing can be made.

    Parameters
    ----------
    reason : Reason
        What is wrong with it.
    place : object
        The file, or where in it.
    """

    def __init__(self, reason: Reason, place: object) -> None:
        super().__init__(reason, place)
        self.dropped = Dropped(reason, str(place))
