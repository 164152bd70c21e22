"""Lanes: many jobs in lock step, a frame of each with one call of the tracker.

The regions are those of the jobs one by one, as far as the tracker keeps its word (see
`vot_toolkit.tracker.protocol.LaneTracker`). The times are not: the time of a step is shared out
evenly among its targets, so that the frames per second made of them are the throughput. How long
one target would take alone is not to be had from a run with lanes.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerError
from vot_toolkit.experiment import Initialize, Request, Run, answer, bounded, start
from vot_toolkit.experiment.drive import Clock
from vot_toolkit.region import Array
from vot_toolkit.region_overlap import overlap_within
from vot_toolkit.run.ahead import ImagesAhead
from vot_toolkit.run.attempt import Slot, check_images, fault_of
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.seeds import job_seed, seed_generators
from vot_toolkit.tracker.protocol import LaneTracker

Image = NDArray[np.uint8]


class LockStep:
    """Jobs under way with one tracker, each in a lane.

    Parameters
    ----------
    tracker : LaneTracker
        Without targets.
    slots : sequence of Slot
        Where each lane shows how far it is; as many lanes there are.
    readers : int
        Threads that decode images ahead.
    """

    def __init__(self, tracker: LaneTracker, slots: Sequence[Slot], readers: int = 1) -> None:
        self._tracker = tracker
        self._slots = slots
        self._pool = ThreadPoolExecutor(readers, thread_name_prefix="images")
        self._lanes: dict[int, _Lane] = {}

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return bool(self._lanes)

    @property
    def free(self) -> list[int]:
        """Lanes without a job."""
        return [number for number in range(len(self._slots)) if number not in self._lanes]

    def begin(self, number: int, job: Job) -> Fault | None:
        """Put a job into a free lane, where it starts with the next step; or say why it cannot."""
        slot = self._slots[number]
        slot.clear()
        try:
            self._lanes[number] = _Lane(job, self._tracker, slot, self._pool)
        except (Exception, SystemExit) as error:
            return _fault(error, 0)
        return None

    def step(self) -> list[tuple[int, Run | Fault]]:
        """Take every job through a frame.

        Returns
        -------
        list of (lane, outcome)
            Of the jobs that ended; their lanes are free. Whatever the tracker raises for a target
            ends that target's job only.
        """
        lanes = [lane for lane in self._lanes.values() if lane.read()]
        going = [lane for lane in lanes if not isinstance(lane.request, Initialize)]
        for lane in lanes:
            if isinstance(lane.request, Initialize):
                lane.start()
        if going:
            self._update(going)
        over = {n: lane.outcome for n, lane in self._lanes.items() if lane.outcome is not None}
        for number in over:
            del self._lanes[number]
        return list(over.items())

    def close(self) -> None:
        """Let go of all jobs and threads."""
        self._lanes.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _update(self, lanes: list[_Lane]) -> None:
        """Let the tracker find all targets in their next frames, and share out the time."""
        for lane in lanes:
            lane.slot.enter(lane.request.frame)
        before = time.perf_counter()
        values = self._values(lanes)
        share_s = (time.perf_counter() - before) / len(lanes)
        for lane, value in zip(lanes, values, strict=True):
            lane.slot.leave()
            lane.take(value, share_s)

    def _values(self, lanes: list[_Lane]) -> list[object]:
        """Give for each lane what the tracker returned, or what it raised."""
        images = {lane.target: lane.image for lane in lanes}
        try:
            found = self._tracker.update_many(images)
            return [_value(found, target) for target in images]
        except (Exception, SystemExit) as error:
            if len(lanes) == 1:
                return [error]
        # The targets are as they were: one by one shows which of them is at fault.
        return [value for lane in lanes for value in self._values([lane])]


def _value(found: Any, target: object) -> object:
    try:
        return found[target]
    except (KeyError, IndexError, TypeError):
        hint = "accepted: a mapping with a region for every target given"
        raise TrackerError(f"update_many gave nothing for target {target}", hint=hint) from None


class _Lane:
    """One job under way.

    To the experiment's driver it is a tracker, whose `initialize` is the tracker's `add` or
    `restart`, and whose `update` gives what the step of all lanes has found.
    """

    def __init__(self, job: Job, tracker: LaneTracker, slot: Slot, pool: Executor) -> None:
        self.name, self.deterministic = "lane", True
        self.slot = slot
        self.target: Any = None
        self.outcome: Run | Fault | None = None
        self._job = job
        self._tracker = tracker
        self._images = ImagesAhead(job.sequence, pool)
        self._machine = start(job.sequence, job.protocol, bounded(overlap_within, job.sequence))
        self._value: object = None
        check_images(job.sequence)
        self.request: Request = next(self._machine)
        self._images.seek(self.request.frame)

    def read(self) -> bool:
        """Wait for the image of the next request; False when there is none, and the job ends."""
        try:
            self.image = self._images.read(self.request.frame)
        except (Exception, SystemExit) as error:
            self._end(_fault(error, self.request.frame))
        return self.outcome is None

    def start(self) -> None:
        """Answer a request to start the target."""
        if self.target is None:
            seed_generators(job_seed(self._job.sequence.name, self._job.repetition))
        else:
            self.slot.count_failure()
        self.slot.enter(self.request.frame)
        self._answer(time.perf_counter)
        self.slot.leave()

    def take(self, value: object, share_s: float) -> None:
        """Answer a request for the next region with what the step found, or raised."""
        self._value = value
        self._answer(iter((0.0, share_s)).__next__)

    def initialize(self, image: Image, region: Array) -> None:
        """Start the target, under its number if it has one."""
        if self.target is None:
            self.target = self._tracker.add(image, region)
        else:
            self._tracker.restart(self.target, image, region)

    def update(self, image: Image) -> object:
        """Give what was found in the image, or raise what was raised."""
        if isinstance(self._value, BaseException):
            raise self._value
        return self._value

    def _answer(self, clock: Clock) -> None:
        try:
            report = answer(self.request, self, self.image, clock)
            self.request = self._machine.send(report)
            self._images.seek(self.request.frame)
        except StopIteration as end:
            self._end(cast(Run, end.value))
        except (Exception, SystemExit) as error:
            self._end(_fault(error, self.request.frame))

    def _end(self, outcome: Run | Fault) -> None:
        """End the job; the tracker forgets its target."""
        self._images.close()
        self._machine.close()
        self.outcome = outcome
        try:
            if self.target is not None:
                self._tracker.remove(self.target)
        except (Exception, SystemExit) as error:
            self.outcome = _fault(error, self.request.frame)


def _fault(error: BaseException, frame: int) -> Fault:
    """Make a job's fault of what was raised; the tracker goes on with its other targets."""
    return replace(fault_of(error, frame), by_tracker=False)
