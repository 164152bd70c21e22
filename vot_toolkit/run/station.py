"""A station: workers on another machine, led by calls that return at once with what happened.

Nothing of a cluster is known here; `vot_toolkit.run.ray` carries the calls.
"""

from __future__ import annotations

import hashlib
import socket
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from vot_toolkit.errors import RunError, TrackerError, UserError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.run.child import Output
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.jobs import Job
from vot_toolkit.run.process import Crew
from vot_toolkit.tracker.registry import TrackerSpec, is_file_target
from vot_toolkit.version import toolkit_version

CALL_S = 0.2
"""Longest time of a call without news, in s."""

LONGEST_PRINTED = 2**20
"""Bytes of what a tracker printed that one call passes on, the last ones."""

EVERYWHERE = "every node must see it by the same path, as on a shared disk"


@dataclass(frozen=True)
class Orders:
    """What a station is to do.

    Parameters
    ----------
    spec : TrackerSpec
        The tracker; paths in it are absolute.
    source : bytes or None
        The file of the tracker's class, for where it is not; None for a registered tracker.
    files : mapping from path to SHA-256
        Files that the tracker's options name.
    timeout_s : float or None
        Time one call of the tracker may take.
    lanes, readers : int
        As for a worker.
    version : str
        Of this package, on the driver.
    """

    spec: TrackerSpec
    source: bytes | None
    files: Mapping[str, str]
    timeout_s: float | None
    lanes: int
    readers: int
    version: str

    @classmethod
    def prepare(
        cls, spec: TrackerSpec, timeout_s: float | None, lanes: int = 1, readers: int = 1
    ) -> Orders:
        """Collect what another machine needs to build a tracker."""
        options = {key: _absolute(key, text) for key, text in spec.options}
        files = {text: _digest(Path(text)) for text in options.values() if _is_file(text)}
        source = None
        if is_file_target(spec.target):
            file, _, name = spec.target.rpartition(":")
            path = Path(file).expanduser().absolute()
            spec, source = replace(spec, target=f"{path}:{name}"), path.read_bytes()
        spec = replace(spec, options=tuple(options.items()))
        return cls(spec, source, files, timeout_s, lanes, readers, toolkit_version())


@dataclass
class News:
    """What happened at a station since the last call.

    Parameters
    ----------
    host : str
        Name of its machine.
    built : bool or None
        The word of a tracker that was built on whether its answers vary; None when none was.
    over : list of (ticket, outcome)
        Jobs that ended.
    missing : Path or None
        A file that a job needs and that is not on that machine.
    error : UserError or None
        Why nothing can be done there.
    frames, failures : int
        Of all jobs under way, for display.
    printed : bytes
        What the tracker printed.
    """

    host: str = ""
    built: bool | None = None
    over: list[tuple[int, Run | Fault]] = field(default_factory=list)
    missing: Path | None = None
    error: UserError | None = None
    frames: int = 0
    failures: int = 0
    printed: bytes = b""


class Station:
    """One worker, which is replaced when it is lost, and the jobs that came from afar.

    Parameters
    ----------
    orders : Orders
        What to do. They are looked at in the first call.
    """

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._desk = _Desk()
        self._output = Output()
        self._read = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._crew: Crew | None = None

    def step(self, jobs: Iterable[tuple[int, Job]]) -> News:
        """Take in jobs, each with a ticket; work on until something happens, but not for long."""
        self._desk.add(jobs)
        end = time.monotonic() + CALL_S
        try:
            if self._crew is None:
                self._crew = self._open()
            while not self._desk.has_news and time.monotonic() < end:
                self._crew.step()
        except UserError as error:
            self._desk.news.error = error
        return replace(self._desk.pass_on(), host=socket.gethostname(), printed=self._printed())

    def close(self) -> None:
        """End the worker, and remove what was written."""
        if self._crew is not None:
            self._crew.dismiss(0.0)
        if self._folder is not None:
            self._folder.cleanup()

    def _open(self) -> Crew:
        """Find out whether this machine has what is needed; then open the crew."""
        orders = self._orders
        _check_version(orders.version)
        for path, digest in orders.files.items():
            _check_file(Path(path), digest)
        return Crew(
            self._placed(orders.spec, orders.source),
            self._desk,
            1,
            orders.timeout_s,
            self._output,
            orders.lanes,
            orders.readers,
        )

    def _placed(self, spec: TrackerSpec, source: bytes | None) -> TrackerSpec:
        """Give the tracker with its file on this machine: there already, or written now."""
        if source is None:
            return spec
        file, _, name = spec.target.rpartition(":")
        path = Path(file)
        if path.is_file() and path.read_bytes() == source:
            return spec
        self._folder = tempfile.TemporaryDirectory(prefix="vot_toolkit_")
        copy = Path(self._folder.name) / path.name
        copy.write_bytes(source)
        return replace(spec, target=f"{copy}:{name}")

    def _printed(self) -> bytes:
        text, self._read = self._output.since(self._read, LONGEST_PRINTED)
        return text


class _Desk:
    """The ledger of a station."""

    def __init__(self) -> None:
        self.news = News()
        self._waiting: deque[Job] = deque()
        self._tickets: dict[Job, int] = {}
        self._known = False

    def add(self, jobs: Iterable[tuple[int, Job]]) -> None:
        for ticket, job in jobs:
            self._tickets[job] = ticket
            self._waiting.append(job)

    @property
    def has_news(self) -> bool:
        return bool(self.news.over) or self.news.built is not None

    def pass_on(self) -> News:
        passed, self.news = self.news, News(frames=self.news.frames, failures=self.news.failures)
        return passed

    def built(self, deterministic: bool) -> None:
        self.news.built = deterministic
        self._known = True

    def take(self) -> Job | None:
        return self._waiting.popleft() if self._waiting else None

    @property
    def ready(self) -> int:
        """Jobs that may start; at first one, since the tracker is built before there are any."""
        return len(self._waiting) if self._known else 1

    @property
    def finished(self) -> bool:
        return False

    def done(self, job: Job, run: Run) -> None:
        self.news.over.append((self._tickets.pop(job), run))

    def failed(self, job: Job, fault: Fault) -> None:
        if fault.file is not None and not fault.file.exists():
            self.news.missing = fault.file
        self.news.over.append((self._tickets.pop(job), fault))

    def tick(self, frames: int, failures: int) -> None:
        self.news.frames, self.news.failures = frames, failures


def _check_version(version: str) -> None:
    if version != toolkit_version():
        raise RunError(
            f"node {socket.gethostname()}: vot_toolkit {toolkit_version()}, "
            f"{version} where the run was started",
            hint="every node needs the same version",
        )


def _check_file(path: Path, digest: str) -> None:
    host = socket.gethostname()
    try:
        found = _digest(path)
    except OSError as error:
        raise TrackerError(f"node {host}: {error.strerror}", file=path, hint=EVERYWHERE) from None
    if found != digest:
        raise TrackerError(f"node {host}: another file of this name", file=path, hint=EVERYWHERE)


def _absolute(key: str, text: str) -> str:
    """Give an option that names a file or folder with its whole path."""
    path = Path(text).expanduser()
    # Without a folder before it, a word may well be a file's name by chance.
    meant = key == "checkpoint" or "/" in text
    return str(path.absolute()) if text and meant and path.exists() else text


def _is_file(text: str) -> bool:
    return Path(text).is_absolute() and Path(text).is_file()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
