"""Checking that a tracker keeps the contract, before it spends hours on a data set."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np

from vot_toolkit.challenges import load_challenge
from vot_toolkit.errors import TrackerError, UserError
from vot_toolkit.experiment import Run, agree, drive, unsupervised
from vot_toolkit.region import Array, Mask, Region
from vot_toolkit.region_overlap import overlaps
from vot_toolkit.results import names_a_folder
from vot_toolkit.tracker.protocol import METHODS, missing_parts, takes_files
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.tracker.square import Image, Scene, moving_square
from vot_toolkit.wording import shortened

RESTART = 4
"""Frame in the middle of the sequence on which the second run starts."""

RECTANGLE = "a rectangle"
CORNERS = "four corners, started again on another frame"
AGAIN = "a rectangle again"

Beat = Callable[[str], None]
"""Is told what comes next, before every call of the tracker."""


@dataclass(frozen=True)
class Finding:
    """One line of a report.

    Parameters
    ----------
    level : str
        ``ok``; ``warning``: works, but look at it; ``error``: breaks the contract.
    what : str
        What was found.
    advice : str
        What to do about it; empty when there is nothing to do.
    """

    level: Literal["ok", "warning", "error"]
    what: str
    advice: str = ""


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    Parameters
    ----------
    tracker : str
        Name of the tracker.
    findings : tuple of Finding
        In the order of the checks.
    printed : str
        The last of what it printed, where that was kept apart.
    """

    tracker: str
    findings: tuple[Finding, ...]
    printed: str = ""

    @property
    def ok(self) -> bool:
        """Whether the contract is kept; warnings do not break it."""
        return all(finding.level != "error" for finding in self.findings)


def check(
    tracker: TrackerSpec | str | object,
    beat: Beat = lambda _: None,
    tell: Callable[[Finding], None] = lambda _: None,
) -> CheckReport:
    """Run a tracker on a tiny sequence and see whether it keeps the contract.

    Parameters
    ----------
    tracker : TrackerSpec, str or object
        What to build (a str is a name or ``file.py:Class``), or a tracker that is built.
    beat : callable, optional
        Is told what comes next, before every call of the tracker.
    tell : callable, optional
        Is given every finding as soon as it is made.

    Returns
    -------
    CheckReport
        A tracker's faults are findings in it, never exceptions.
    """
    subject = TrackerSpec(tracker) if isinstance(tracker, str) else tracker
    if not isinstance(subject, TrackerSpec):
        return CheckReport(_name(subject), _told(_findings(subject, beat), tell))
    beat("building it")
    try:
        built = subject.construct()
    except UserError as error:
        return CheckReport(subject.target, _told([_error("it cannot be built", error)], tell))
    findings = chain([Finding("ok", "it is built")], _findings(built, beat))
    return CheckReport(_name(built), _told(findings, tell))


def _told(findings: Iterable[Finding], tell: Callable[[Finding], None]) -> tuple[Finding, ...]:
    made = []
    for finding in findings:
        tell(finding)
        made.append(finding)
    return tuple(made)


def _findings(tracker: object, beat: Beat) -> Iterator[Finding]:
    missing = missing_parts(tracker)
    yield _name_finding(tracker)
    yield _determinism_declared(tracker)
    for method in [part for part in missing if part in METHODS]:
        yield Finding("error", f"it has no method {method}", "the contract needs both methods")
    if not set(METHODS) & set(missing):
        yield from _runs(tracker, beat)


def _runs(tracker: Any, beat: Beat) -> Iterator[Finding]:
    """Track a rectangle; corners, from another frame; the rectangle again."""
    scene, images = moving_square(), _Images(beat)
    first = images.track(RECTANGLE, tracker, scene)
    yield _started(RECTANGLE, first)
    second = images.track(CORNERS, tracker, moving_square(RESTART, polygon=True))
    yield _started(CORNERS, second)
    again = images.track(AGAIN, tracker, scene)
    yield images.finding()
    if isinstance(first, Run):
        yield _repeated(tracker, scene, first, again)
        yield _followed(scene, first)
        yield _speed(first)


class _Images:
    """Gives images that cannot be written to, and sees whether the tracker can live with that."""

    def __init__(self, beat: Beat) -> None:
        self._beat = beat
        self._writable = False
        self._changed = False

    def track(self, kind: str, tracker: Any, scene: Scene) -> Run | UserError:
        given = scene.copied(self._writable)
        outcome = _track(tracker, given, lambda frame: self._beat(f"{kind}, frame {frame}"))
        pairs = zip(scene.images, given.images, strict=True)
        self._changed |= any(not np.array_equal(*pair) for pair in pairs)
        if isinstance(outcome, Run) or self._writable:
            return outcome
        self._writable = True
        second = self.track(kind, tracker, scene)
        if isinstance(second, Run):
            return second
        # It fails either way: that the images could not be written to was not the cause.
        self._writable = False
        return outcome

    def finding(self) -> Finding:
        if self._changed:
            advice = "draw and normalise on a copy: image = image.copy()"
            return Finding("error", "it changes the image it is given", advice)
        if self._writable:
            advice = "others may share the image: copy it before handing it on"
            return Finding("warning", "it needs images that can be written to", advice)
        return Finding("ok", "it leaves the images as they are")


def _track(tracker: Any, scene: Scene, beat: Callable[[int], None]) -> Run | UserError:
    """Run once through a scene; give the fault if there is one."""
    protocol = load_challenge("VOT2018").experiments["unsupervised"]

    def read_image(frame: int) -> Image | Path:
        beat(frame)
        return images[frame]

    try:
        with ExitStack() as stack:
            images: Sequence[Image | Path] = (
                _files(scene, stack) if takes_files(tracker) else scene.images
            )
            machine = unsupervised(scene.sequence, protocol)
            return drive(machine, tracker, read_image, time.perf_counter)
    except UserError as error:
        return error
    # What a tracker returns can raise too, when its attributes are read.
    except Exception as error:
        return TrackerError(f"{type(error).__name__}: {error}")


def _files(scene: Scene, stack: ExitStack) -> list[Path]:
    """Write the images, without loss, to files that are there as long as the stack."""
    import cv2

    folder = Path(stack.enter_context(TemporaryDirectory()))
    files = [folder / f"{index:08d}.png" for index in range(1, len(scene.images) + 1)]
    for file, image in zip(files, scene.images, strict=True):
        cv2.imwrite(str(file), image)
    return files


def _name(tracker: object) -> str:
    name = getattr(tracker, "name", None)
    return name if isinstance(name, str) and name else type(tracker).__name__


def _name_finding(tracker: object) -> Finding:
    name = getattr(tracker, "name", None)
    if name is None:
        advice = "its results go to the folder of the name it is called by; or say name = …"
        return Finding("warning", "it has no name", advice)
    if not isinstance(name, str) or not name:
        return Finding("error", f"its name is {name!r}", "a name is a str that is not empty")
    if not names_a_folder(name):
        advice = "its results go to a folder of that name: no slash, no dot first, one line"
        return Finding("error", f"its name is {name!r}", advice)
    return Finding("ok", f"its name is {name!r}")


def _determinism_declared(tracker: object) -> Finding:
    value = getattr(tracker, "deterministic", None)
    if value is None:
        advice = "taken as False: 3 to 15 repetitions; say deterministic = True or False"
        return Finding("warning", "it does not say whether it is deterministic", advice)
    if not isinstance(value, bool | np.bool_):
        return Finding("error", f"its deterministic is {value!r}", "accepted: True or False")
    return Finding("ok", f"it says deterministic = {value}")


def _started(kind: str, outcome: Run | UserError) -> Finding:
    if not isinstance(outcome, Run):
        return _error(f"{kind}: it fails", outcome)
    sizes = sorted({_size(region) for region in list(outcome.trajectory)[1:]})
    scores = ", with scores" if np.isfinite(outcome.scores).any() else ""
    reported = f"{len(outcome.trajectory) - 1} regions of {' or '.join(sizes)}{scores}"
    return Finding("ok", f"{kind}: {reported}")


def _size(region: Region) -> str:
    if isinstance(region, Mask):
        return "pixels"
    return f"{len(region)} numbers" if len(region) > 1 else "a special code"


def _repeated(tracker: object, scene: Scene, first: Run, again: Run | UserError) -> Finding:
    """Compare the first run with the one from the same start later."""
    if not isinstance(again, Run):
        return _error(f"{AGAIN}: it fails", again)
    declared = bool(getattr(tracker, "deterministic", False))
    if _same(scene, first, again):
        advice = "" if declared else "if that is always so, deterministic = True saves repetitions"
        return Finding("ok", "two runs from one start agree", advice)
    if not declared:
        return Finding("ok", "two runs from one start differ, as it may")
    frame = _first_difference(first, again)
    advice = "initialize has to reset everything; fix the seeds, or say deterministic = False"
    return Finding("error", f"it says deterministic, but two runs differ at frame {frame}", advice)


def _same(scene: Scene, a: Run, b: Run) -> bool:
    protocol = load_challenge("VOT2018").experiments["baseline"]
    width, height = scene.sequence.bounds
    bounded = partial(overlaps, bounds=(width - 1.0, height - 1.0))
    if a.trajectory == b.trajectory:
        return True
    return agree(a.trajectory, b.trajectory, bounded, protocol.deterministic_overlap)


def _first_difference(a: Run, b: Run) -> int:
    pairs = zip(a.trajectory, b.trajectory, strict=True)
    return next(i for i, pair in enumerate(pairs) if not _equal(*pair))


def _equal(a: Region, b: Region) -> bool:
    if isinstance(a, Mask) or isinstance(b, Mask):
        return a is b or (isinstance(a, Mask) and isinstance(b, Mask) and a == b)
    return np.array_equal(a, b)


def _followed(scene: Scene, run: Run) -> Finding:
    found = _overlaps(scene, run)
    hits = int(np.count_nonzero(found > 0))
    what = f"it is on the target in {hits} of {len(found)} frames, mean overlap {found.mean():.2f}"
    if 2 * hits >= len(found):
        return Finding("ok", what)
    advice = "the square moves 5 px a frame on a plain path: are x and y swapped, or BGR and RGB?"
    return Finding("warning", what, advice)


def _overlaps(scene: Scene, run: Run) -> Array:
    """Overlap with the true square in every frame but the first; 0 for a special code."""
    found = overlaps(run.trajectory, scene.sequence.groundtruth, bounds=scene.sequence.bounds)
    return np.nan_to_num(found[1:], nan=0.0)


def _speed(run: Run) -> Finding:
    seconds = float(np.median(run.times[1:]))
    return Finding("ok", f"{1000 * seconds:.2f} ms a frame (median, 160x120 px)")


def _error(what: str, error: UserError) -> Finding:
    place = (
        f"{error.file}:{error.line}: " if error.line else f"{error.file}: " if error.file else ""
    )
    return Finding("error", shortened(f"{what}: {place}{error.what}"), error.hint or "")
