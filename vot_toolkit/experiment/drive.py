"""Driving an experiment with a tracker: images in, reports out, time measured."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerError
from vot_toolkit.experiment.machine import Initialize, Machine, Report, Request, Run
from vot_toolkit.tracker.protocol import Tracker, reply, starting_region
from vot_toolkit.wording import shortened

Image = NDArray[np.uint8] | Path
"""A frame's pixels, or its file for a tracker that takes those."""

Clock = Callable[[], float]


def drive(
    machine: Machine,
    tracker: Tracker,
    read_image: Callable[[int], Image],
    clock: Clock,
    watch: Callable[[Request, Report], None] | None = None,
) -> Run:
    """Answer the requests of one experiment with one tracker, to the end.

    Parameters
    ----------
    machine : Machine
        A fresh experiment, from `vot_toolkit.experiment.start`.
    tracker : Tracker
        Started anew at every `Initialize`.
    read_image : callable
        Gives a frame (from 0) as uint8 array, shape (height, width, 3), BGR; or as file, for a
        tracker with `takes_files`.
    clock : callable
        Gives the time in s, such as `time.perf_counter`. It is read before and after the
        tracker's own call; reading the image is not in it.
    watch : callable, optional
        Is told of every request and its report.

    Returns
    -------
    Run
        What the experiment made of it.

    Raises
    ------
    TrackerError
        If the tracker raises, or reports what is no region; names the frame, from 0.
    """
    request = next(machine)
    while True:
        # The former image is let go only now: memory given back before would be mapped anew.
        image = read_image(request.frame)
        report = answer(request, tracker, image, clock)
        if watch is not None:
            watch(request, report)
        try:
            request = machine.send(report)
        except StopIteration as end:
            return cast(Run, end.value)


def answer(request: Request, tracker: Tracker, image: Image, clock: Clock) -> Report:
    """Answer one request with a tracker, and measure how long it took.

    Parameters
    ----------
    request : Request
        What the experiment asks for.
    tracker : Tracker
        What is asked.
    image : uint8 array, shape (height, width, 3), or Path
        The request's frame, BGR, or its file.
    clock : callable
        Gives the time in s.

    Returns
    -------
    Report
        With the region as the tracker gave it; None for `Initialize`.

    Raises
    ------
    TrackerError
        If the tracker raises, or reports what is no region; names the frame, from 0.
    """
    if isinstance(request, Initialize):
        given_region = starting_region(request.region)
        if hasattr(tracker, "prepare"):
            _timed(request, clock, tracker, "prepare")
        _, seconds = _timed(request, clock, tracker, "initialize", image, given_region)
        return Report(None, seconds)
    value, seconds = _timed(request, clock, tracker, "update", image)
    try:
        given = reply(value)
    except TrackerError as error:
        what = f"frame {request.frame}: {error.what}"
        raise TrackerError(what, hint=error.hint) from error.__cause__
    return Report(given.region, seconds, given.score)


def _timed(
    request: Request, clock: Clock, tracker: Tracker, name: str, *arguments: object
) -> tuple[object, float]:
    before = clock()
    try:
        value = getattr(tracker, name)(*arguments)
    except TrackerError as error:
        what = f"frame {request.frame}: {error.what}"
        raise TrackerError(what, file=error.file, hint=error.hint) from error
    # A tracker that calls sys.exit must not end the program that runs it.
    except (Exception, SystemExit) as error:
        what = f"frame {request.frame}: {name} raised {_described(error)}"
        raise TrackerError(what, hint=_place(error)) from error
    return value, clock() - before


def _described(error: BaseException) -> str:
    """Give type and message on one line of bounded length; OpenCV's messages have several."""
    message = shortened(str(error))
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _place(error: BaseException) -> str | None:
    """Say where in the tracker's code an error was raised; None if the call did not get there."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    if last.filename == __file__:
        return None
    return f"at {last.filename}:{last.lineno}, in {last.name}"
