"""The engine for clusters: Ray starts an actor for each core or accelerator, each with a tracker.

An actor is a `Station`. It has a worker process as those of the process engine, so that a tracker
that hangs, crashes or prints is dealt with there, and results are those of that engine to the byte.
They are stored by the driver alone: nodes need the data set and the checkpoint, to be read by the
same path, and no folder of results.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ray
from ray.exceptions import RayActorError, RayError, RayTaskError

from vot_toolkit.cores import usable_cores
from vot_toolkit.errors import RunError, UsageError
from vot_toolkit.run.child import Output
from vot_toolkit.run.engine import Fault, Ledger
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.station import EVERYWHERE, News, Orders, Station
from vot_toolkit.tracker.registry import TrackerSpec
from vot_toolkit.wording import counted, shortened

TICK_S = 0.1
ANSWER_S = 10.0
"""How long a cluster may take to answer; Ray itself asks for many minutes."""

EXIT_GRACE_S = 5.0
"""How long stations may take to end their workers."""

MOST_TRIES = 3
"""How often a job is given to a worker that is lost before it counts as failed."""

ACCELERATORS = {"cuda": "GPU", "npu": "NPU"}
"""What Ray calls them; it shows each actor only its own."""


class RayEngine:
    """Work through jobs on a cluster.

    Parameters
    ----------
    address : str, optional
        Of a running cluster, as `ray.init` takes it; by default a cluster of this machine is
        started for the run, unless the program is connected to one.
    workers : int, optional
        Most workers at a time; by default as many as the cluster has accelerators of the device,
        or cores.
    timeout_s : float, optional
        As for the process engine.
    device : str, optional
        ``cuda`` or ``npu`` for a worker on each accelerator; else there is one on each core.
    lanes : int
        As for the process engine.
    """

    def __init__(
        self,
        address: str | None = None,
        workers: int | None = None,
        timeout_s: float | None = None,
        device: str | None = None,
        lanes: int = 1,
    ) -> None:
        self._address = address
        self._limit = workers
        self._timeout_s = timeout_s
        self._device = device
        self._lanes = lanes

    def run(self, spec: TrackerSpec, ledger: Ledger, output: Output | None = None) -> None:
        """Work until the ledger is finished; see `Engine.run`.

        Raises
        ------
        RunError
            If no worker can be started, or a node cannot read what it needs.
        UsageError
            If there is no such cluster, or it has no such accelerator.
        """
        with _connected(self._address):
            place = _place(self._device)
            cores = int(place.get("num_cpus", 1))
            orders = Orders.prepare(spec, self._timeout_s, self._lanes, cores)
            limit = self._limit or _count(self._device)
            fleet = _Fleet(orders, ledger, output, place, limit)
            grace_s = 0.0
            try:
                while not ledger.finished:
                    fleet.step()
                grace_s = EXIT_GRACE_S
            finally:
                fleet.dismiss(grace_s)


@contextmanager
def _connected(address: str | None) -> Iterator[None]:
    """Connect to a cluster, or start one; a connection that is there already is used, and stays."""
    if ray.is_initialized():
        yield
        return
    address = address or os.environ.get("RAY_ADDRESS")
    try:
        if address:
            _check_answers(address)
        _connect(address)
    except (OSError, ValueError, RuntimeError, RayError) as error:
        what = f"--address {address}: {shortened(str(error))}"
        raise UsageError(what, hint="accepted: that of a running Ray cluster, host:port") from None
    try:
        yield
    finally:
        ray.shutdown()


def _check_answers(address: str) -> None:
    """Raise OSError if nothing answers at host:port; of other addresses Ray knows more."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        socket.create_connection((host, int(port)), ANSWER_S).close()


def _connect(address: str | None) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address:
        ray.init(address=address, **quiet)
        return
    # A cluster of this run's own does not report on its use to the makers of Ray.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(address="local", num_cpus=usable_cores(), include_dashboard=False, **quiet)


def _nodes(resource: str) -> list[dict[str, float]]:
    """Give the resources of the live nodes that have some of one kind."""
    found = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return [resources for resources in found if resources.get(resource, 0) >= 1]


def _count(device: str | None) -> int:
    resource = ACCELERATORS.get(device or "", "CPU")
    return int(sum(node[resource] for node in _nodes(resource)))


def _place(device: str | None) -> dict[str, Any]:
    """Say what an actor needs: an accelerator with its share of the cores, or one core."""
    resource = ACCELERATORS.get(device or "", "CPU")
    nodes = _nodes(resource)
    if not nodes:
        raise UsageError(
            f"--device {device} with --engine ray" if device else "--engine ray",
            hint=f"the cluster has no node with a resource {resource}",
        )
    cores = max(1, int(min(node.get("CPU", 1) // node[resource] for node in nodes)))
    if resource == "CPU":
        return {"num_cpus": 1}
    if resource == "GPU":
        return {"num_cpus": cores, "num_gpus": 1}
    return {"num_cpus": cores, "resources": {resource: 1}}


class Actor(Station):
    """A station in a process of Ray's."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders)
        # A worker must not load the program that Ray runs actors with.
        vars(sys.modules["__main__"]).pop("__file__", None)


class _Fleet:
    """The stations of one run; all methods run in the driver."""

    def __init__(
        self,
        orders: Orders,
        ledger: Ledger,
        output: Output | None,
        place: dict[str, Any],
        limit: int,
    ) -> None:
        # Sent to the cluster once, not with every actor.
        self._orders = ray.put(orders)
        self._lanes = orders.lanes
        self._ledger = ledger
        self._output = output
        self._make = ray.remote(Actor).options(max_restarts=0, **place)
        self._limit = limit
        self._remotes: list[_Remote] = []
        self._again: list[Job] = []
        self._tries: dict[Job, int] = {}
        self._stillborn = 0

    def step(self) -> None:
        """Hand out what is ready, wait for a moment, and deal with what happened."""
        self._hire()
        self._hand_out()
        calls = {remote.ask(): remote for remote in self._remotes}
        news, _ = ray.wait(list(calls), num_returns=1, timeout=TICK_S)
        for call in news:
            self._hear(calls[call])
        self._ledger.tick(
            sum(remote.frames for remote in self._remotes if remote.jobs),
            sum(remote.failures for remote in self._remotes if remote.jobs),
        )

    def dismiss(self, grace_s: float) -> None:
        """End all stations, with the processes that they started."""
        closing = [remote.actor.close.remote() for remote in self._remotes if remote.built]
        if closing and grace_s:
            ray.wait(closing, num_returns=len(closing), timeout=grace_s)
        for remote in self._remotes:
            ray.kill(remote.actor)
        self._remotes.clear()

    def _hire(self) -> None:
        """Start stations for the jobs that those who are free or on their way cannot take."""
        free = sum(not remote.jobs for remote in self._remotes)
        wanted = self._ledger.ready + len(self._again) - free
        for _ in range(min(wanted, self._limit - len(self._remotes))):
            self._remotes.append(_Remote(self._make.remote(self._orders)))

    def _hand_out(self) -> None:
        takers = [remote for remote in self._remotes if remote.built]
        while takers:
            remote = min(takers, key=lambda remote: len(remote.jobs))
            job = self._next() if len(remote.jobs) < self._lanes else None
            if job is None:
                return
            remote.give(job)

    def _next(self) -> Job | None:
        return self._again.pop() if self._again else self._ledger.take()

    def _hear(self, remote: _Remote) -> None:
        try:
            news = remote.answer()
        except RayTaskError:
            raise  # a fault of this program
        except RayError as error:
            self._lose(remote, error)
        else:
            self._take_in(remote, news)

    def _take_in(self, remote: _Remote, news: News) -> None:
        if self._output is not None and news.printed:
            self._output.write(news.printed)
        if news.error is not None:
            raise news.error
        if news.missing is not None and news.missing.exists():
            what = f"node {news.host}: no such file there"
            raise RunError(what, file=news.missing, hint=EVERYWHERE)
        if news.built is not None:
            remote.built = True
            self._stillborn = 0
            self._ledger.built(news.built)
        for ticket, outcome in news.over:
            job = remote.jobs.pop(ticket)
            if isinstance(outcome, Fault):
                self._ledger.failed(job, outcome)
            else:
                self._ledger.done(job, outcome)

    def _lose(self, remote: _Remote, error: RayError) -> None:
        """Have the jobs of a lost station done by others, unless they lose every one."""
        self._remotes.remove(remote)
        if not isinstance(error, RayActorError):
            ray.kill(remote.actor)
        if not remote.built:
            self._count_stillborn(error)
        for job in remote.jobs.values():
            self._tries[job] = self._tries.get(job, 0) + 1
            if self._tries[job] < MOST_TRIES:
                self._again.append(job)
            else:
                lost = counted(MOST_TRIES, "worker")
                fault = Fault(f"{lost} lost with it, the last one: {shortened(str(error))}")
                self._ledger.failed(job, fault)

    def _count_stillborn(self, error: RayError) -> None:
        self._stillborn += 1
        if self._stillborn >= MOST_TRIES:
            what = f"--engine ray: no worker can be started: {shortened(str(error))}"
            raise RunError(what, hint="every node needs vot_toolkit, in the same version")


class _Remote:
    """One station as the driver sees it."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self.built = False
        self.jobs: dict[int, Job] = {}
        self.frames = self.failures = 0
        self._call: Any = None
        self._unsent: list[tuple[int, Job]] = []
        self._tickets = 0

    def give(self, job: Job) -> None:
        """Have a job sent with the next call."""
        self._tickets += 1
        self.jobs[self._tickets] = job
        self._unsent.append((self._tickets, job))

    def ask(self) -> Any:
        """Give the call that is under way; make one if there is none."""
        if self._call is None:
            self._call = self.actor.step.remote(self._unsent)
            self._unsent = []
        return self._call

    def answer(self) -> News:
        """Give what the call returned."""
        call, self._call = self._call, None
        news: News = ray.get(call)
        self.frames, self.failures = news.frames, news.failures
        return news
