"""The contract between the toolkit and a tracker; a tracker needs no base class."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerChoiceError, TrackerError
from vot_toolkit.region import Array, Code, Mask, Region, bounding_box, is_region_size

ACCEPTED = (
    "accepted: 4 numbers x,y,width,height; 6, 8, … numbers x1,y1,x2,y2,…; 1 special code; "
    "or an object with .region and optional .score, .mask"
)
METHODS = ("initialize", "update")
LANE_METHODS = ("add", "restart", "remove", "update_many")


class Tracker(Protocol):
    """What a tracker is to the toolkit.

    Parameters
    ----------
    name : str
        Names the folder of its results.
    deterministic : bool
        Whether two runs on the same images give the same regions.

    Notes
    -----
    A tracker may have more. With ``takes_files`` set to True it is given the absolute `Path` of
    each image instead of its pixels. A method ``prepare()`` is called before every `initialize`,
    and what it does is not in the time of the tracker. With a method ``lanes()`` it follows several
    targets at once, see `LaneTracker`.
    """

    name: str
    deterministic: bool

    def initialize(self, image: NDArray[np.uint8], region: Array, /) -> object:
        """Start, or start again: nothing of an earlier target may be left.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR, as OpenCV reads it. Must not be changed.
        region : float64 array, shape (4,) or (8,)
            The target: x, y, width, height or four corners, in px.
        """

    def update(self, image: NDArray[np.uint8], /) -> object:
        """Find the target in the next image.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR, as OpenCV reads it. Must not be changed.

        Returns
        -------
        object
            What `reply` accepts.
        """


class LaneTracker(Protocol):
    """Follows several targets, each through a video of its own, with one step for all of them.

    That is optional: a tracker that can do it has a method ``lanes()`` that gives such an object,
    new and without targets. ``eval --lanes N`` asks for it, and runs up to N jobs side by side.

    A target must get the regions that it gets alone, but for the rounding of batched sums; so it
    must not depend on the others, on when they come and go, or on the process-wide random
    generators during `update_many`. Those are seeded for the job before `add`: what is random for
    a target has its own generator, seeded there.

    When a method raises, all targets are as they were before.
    """

    def add(self, image: NDArray[np.uint8], region: Array, /) -> Any:
        """Start on one more target; give its number, which no other target has.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR, as OpenCV reads it. Must not be changed.
        region : float64 array, shape (4,) or (8,)
            The target: x, y, width, height or four corners, in px.

        Returns
        -------
        hashable
            By which the target is known from now on.
        """

    def restart(self, target: Any, image: NDArray[np.uint8], region: Array, /) -> object:
        """Start anew on a target that keeps its number, as after a failure; see `add`."""

    def remove(self, target: Any, /) -> object:
        """Forget a target."""

    def update_many(self, images: Mapping[Any, NDArray[np.uint8]], /) -> Mapping[Any, object]:
        """Find some of the targets, or all, each in the next image of its own video.

        Parameters
        ----------
        images : mapping from number to uint8 array, shape (height, width, 3)
            BGR; they may differ in size. Targets left out stay as they are.

        Returns
        -------
        mapping from number to object
            For each target what `reply` accepts.
        """


class Reply(NamedTuple):
    """What a tracker returned, checked.

    Parameters
    ----------
    region : Region
        A copy; of one number when it is a special code. In px.
    score : float, optional
        The tracker's confidence; None when it gave none, or NaN.
    mask : object
        As the tracker gave it; None when it gave none.
    """

    region: Region
    score: float | None = None
    mask: Any = None


def reply(value: object) -> Reply:
    """Check what a tracker's update returned.

    Parameters
    ----------
    value : array-like or object
        One special code, 4 or 2n >= 6 finite numbers, in any array-like; a `Mask`; or an object
        with ``.region`` (one of these) and optional ``.score`` (a number) and ``.mask``.

    Returns
    -------
    Reply
        Shares no memory with `value`, so that a tracker may use its array again.

    Raises
    ------
    TrackerError
        If it is none of these, or a number is NaN or infinite; says what came back.

    Examples
    --------
    >>> reply((10, 20, 30, 40)).region
    array([10., 20., 30., 40.])
    >>> reply([10, 20, 30])
    Traceback (most recent call last):
    vot_toolkit.errors.TrackerError: update returned 3 numbers: [10, 20, 30] (accepted: ...
    """
    if type(value) is np.ndarray:
        return Reply(_region(value))  # what comes on nearly every frame, and has no such parts
    region = getattr(value, "region", value)
    score = getattr(value, "score", None)
    return Reply(_region(region), _score(score), getattr(value, "mask", None))


def takes_files(tracker: object) -> bool:
    """Tell whether a tracker wants the files of images, not their pixels.

    Examples
    --------
    >>> takes_files(object())
    False
    """
    return bool(getattr(tracker, "takes_files", False))


def missing_parts(tracker: object) -> list[str]:
    """Name what an object lacks to be a tracker: methods, then attributes.

    Examples
    --------
    >>> missing_parts(object())
    ['initialize', 'update', 'name', 'deterministic']
    """
    methods = [part for part in METHODS if not callable(getattr(tracker, part, None))]
    return methods + [part for part in ("name", "deterministic") if not hasattr(tracker, part)]


def open_lanes(tracker: object) -> LaneTracker:
    """Give what follows several targets at once.

    Parameters
    ----------
    tracker : object
        As built.

    Raises
    ------
    TrackerError
        If the tracker follows one target only, or what its ``lanes()`` gives lacks a method.
    """
    hint = "accepted for it: --lanes 1; a tracker with lanes has a method lanes()"
    if not callable(getattr(tracker, "lanes", None)):
        what = f"--lanes: {type(tracker).__name__} follows one target at a time"
        raise TrackerChoiceError(what, hint=hint)
    opened: Any = tracker.lanes()  # type: ignore[attr-defined]
    missing = [part for part in LANE_METHODS if not callable(getattr(opened, part, None))]
    if missing:
        what = f"--lanes: {type(opened).__name__} has no {' and no '.join(missing)}"
        raise TrackerChoiceError(what, hint=f"needed are {', '.join(LANE_METHODS)}")
    return cast(LaneTracker, opened)


def starting_region(region: Region) -> Array:
    """Give the ground truth in a form that every tracker is bound to take.

    Parameters
    ----------
    region : Region
        A rectangle, polygon or mask that is not empty, in px.

    Returns
    -------
    float64 array, shape (4,) or (8,)
        A copy of a rectangle or of four corners; else the upright rectangle around it, in px.

    Examples
    --------
    >>> starting_region(np.array([0.0, 0.0, 4.0, 0.0, 2.0, 3.0]))
    array([0., 0., 4., 3.])
    """
    if isinstance(region, Mask):
        left, top, right, bottom = region.cropped().box
        return np.array([left, top, right - left + 1, bottom - top + 1], dtype=np.float64)
    return region.copy() if len(region) in (4, 8) else bounding_box(region)


def _region(value: object) -> Region:
    if isinstance(value, Mask):
        return value
    array = _numbers(value)
    numbers = array.tolist()
    if not is_region_size(len(numbers)) or not all(map(math.isfinite, numbers)):
        raise TrackerError(_fault(array, value), hint=ACCEPTED)
    if len(numbers) == 1 and numbers[0] not in Code.ALL:
        fault = f"update returned the special code {numbers[0]:g}"
        raise TrackerError(fault, hint="a special code is 0, 1 or 2")
    return array


def _numbers(value: object) -> Array:
    """Copy an array-like into a flat float64 array."""
    if type(value) is np.ndarray and value.dtype.char == "d" and value.ndim == 1:
        return value.copy()  # what comes on nearly every frame; the rest takes twice the time
    try:
        # NumPy would take None for NaN, "5" for 5 and True for 1: none of them is a region.
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            raise TypeError(f"numbers of type {array.dtype}")
        return array.ravel().astype(np.float64)
    # An array-like converts itself; a tensor that is not on the CPU raises errors of its own.
    except Exception as error:
        raise TrackerError(f"update returned {_shown(value)}", hint=ACCEPTED) from error


def _fault(array: Array, value: object) -> str:
    if not np.isfinite(array).all():
        return f"update returned a number that is not finite: {_shown(value)}"
    return f"update returned {array.size} numbers: {_shown(value)}"


def _score(value: object) -> float | None:
    if value is None:
        return None
    try:
        score = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError) as error:
        fault = f"update returned the score {_shown(value)}"
        raise TrackerError(fault, hint="a score is one number, or None") from error
    if math.isfinite(score):
        return score
    if math.isnan(score):
        return None
    fault = f"update returned the score {score}"
    raise TrackerError(fault, hint="a score is finite; NaN or None stands for no score")


def _shown(value: object) -> str:
    """Show a value on one line without flooding the terminal."""
    text = " ".join(repr(value.tolist() if isinstance(value, np.ndarray) else value).split())
    return text if len(text) <= 120 else text[:117] + "..."
