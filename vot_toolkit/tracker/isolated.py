"""Running a tracker in a process of its own, new for every run.

Some trackers keep a state that no `initialize` resets, so that a run depends on those before it in
the same process. In a new process every run starts alike, as in the official toolkit of 2018, which
restarted the tracker's program after every failure.
"""

from __future__ import annotations

import multiprocessing.connection
import os
import pickle
import select
import signal
import socket
import struct
import subprocess
import sys
import traceback
import weakref
from collections.abc import Callable
from threading import Thread
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import TrackerError, UserError
from vot_toolkit.region import Array
from vot_toolkit.run.seeds import BASE_SEED, seed_generators
from vot_toolkit.run.threads import VARIABLES, hold_to_one_thread
from vot_toolkit.tracker.protocol import Reply, Tracker, reply
from vot_toolkit.wording import shortened

TICK_S = 0.1
EXIT_GRACE_S = 5.0
"""How long a process that has closed its end may take until its exit code is known."""

Bytes: TypeAlias = "memoryview[int]"
SIZE = struct.Struct("<Q")

# Ctrl-C reaches every process of a terminal; only the parent acts on it.
PROGRAM = """
import sys
sys.path[:] = sys.argv[2:]
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from vot_toolkit.tracker.isolated import serve
serve(int(sys.argv[1]))
"""


class IsolatedTracker:
    """Runs a tracker in a child process, which is replaced by a new one at every `initialize`.

    The child has one thread for each numerical library, and its random generators start from a
    fixed seed. What the tracker prints goes to the standard error stream.

    Starting the child takes about 0.3 s, most of it for loading OpenCV; it is part of the time of
    `initialize`, so that a tracker that fails often is slow. The time of `update` contains the
    transfer of the image, which is 0.5 to 1 ms for 1 MB.

    Parameters
    ----------
    name : str
        Names the folder of its results.
    build : callable
        Gives the tracker when called without arguments, in the child. Is pickled: a function or
        class of a module that can be imported, a `functools.partial` of one, or the `build` of a
        `TrackerSpec`.
    deterministic : bool
        Whether two runs, each in a new process, agree.

    Examples
    --------
    >>> from vot_toolkit.tracker.identity import IdentityTracker
    >>> tracker = IsolatedTracker("identity", IdentityTracker, deterministic=True)
    >>> image = np.zeros((48, 64, 3), dtype=np.uint8)
    >>> tracker.initialize(image, np.array([10.0, 20.0, 30.0, 15.0]))
    >>> tracker.update(image).region
    array([10., 20., 30., 15.])
    >>> tracker.close()
    """

    def __init__(self, name: str, build: Callable[[], Tracker], *, deterministic: bool) -> None:
        self.name = name
        self.deterministic = deterministic
        self._build = build
        self._child: _Child | None = None

    def initialize(self, image: NDArray[np.uint8], region: Array) -> None:
        """End the process of the run before, and start the tracker in a new one.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.
        region : float64 array, shape (4,) or (8,)
            The target, in px.

        Raises
        ------
        TrackerError
            If the tracker raises, or its process dies.
        """
        self.close()
        self._child = _Child()
        self._ask("start", self._build, image, region)

    def update(self, image: NDArray[np.uint8]) -> Reply:
        """Find the target in the next image.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            BGR.

        Returns
        -------
        Reply
            What the tracker returned, checked.

        Raises
        ------
        TrackerError
            If the tracker raises or returns no region, or its process dies; the run is over then.
        """
        return cast(Reply, self._ask("track", image))

    def close(self) -> None:
        """End the process; done also when the tracker is deleted and when the program ends."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ask(self, *request: object) -> object:
        if self._child is None:
            raise TrackerError("no run is under way", hint="initialize starts one")
        try:
            return self._child.ask(request)
        # An answer that nobody waited for would be taken for that of the next request.
        except BaseException:
            self.close()
            raise


class _Child:
    """The process as its parent sees it; lives no longer than this object."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._channel = _Channel(ours)
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-c", PROGRAM, str(handle), *sys.path],
                stdin=subprocess.DEVNULL,
                # What a tracker prints must not get between the program's own results.
                stdout=2,
                pass_fds=[handle],
                env={**os.environ, **dict.fromkeys(VARIABLES, "1"), "PYTHONHASHSEED": "0"},
            )
        self.end = weakref.finalize(self, _end, self._process, self._channel)

    def ask(self, request: tuple[object, ...]) -> object:
        """Give the answer to a request; raise it if it is an error."""
        try:
            self._channel.send(_pickled(request))
            answer = self._receive()
        except (EOFError, ConnectionError):
            raise TrackerError(f"the tracker's process {self._cause_of_death()}") from None
        if isinstance(answer, TrackerError):
            raise answer
        return answer

    def _receive(self) -> object:
        # A channel that the tracker's own child holds open does not tell of a death.
        while not self._channel.ready(TICK_S):
            if self._process.poll() is not None and not self._channel.ready(0):
                raise EOFError
        return _unpickled(self._channel.receive())

    def _cause_of_death(self) -> str:
        try:
            code = self._process.wait(EXIT_GRACE_S)
        except subprocess.TimeoutExpired:
            return "has closed its channel"
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"


class _Channel:
    """One end of the connection between parent and child; a message is a list of byte blocks."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._input = end.makefile("rb")

    def send(self, blocks: list[Bytes]) -> None:
        self._socket.sendall(SIZE.pack(len(blocks)))
        for block in blocks:
            self._socket.sendall(SIZE.pack(block.nbytes))
            self._socket.sendall(block)

    def ready(self, timeout_s: float) -> bool:
        """Wait until there is a message, or the other end is closed."""
        return bool(multiprocessing.connection.wait([self._socket], timeout_s))

    def receive(self) -> list[Bytes]:
        return [self._read(self._read_size()) for _ in range(self._read_size())]

    def close(self) -> None:
        self._input.close()
        self._socket.close()

    def _read_size(self) -> int:
        return cast(int, SIZE.unpack(self._read(SIZE.size))[0])

    def _read(self, size: int) -> Bytes:
        # Memory of its own for each block, since a tracker may keep an image.
        block = np.empty(size, dtype=np.uint8).data
        if self._input.readinto(block) < size:
            raise EOFError
        return block


def serve(handle: int) -> None:
    """Answer the requests of the parent until that is gone; this is the child's whole life.

    Parameters
    ----------
    handle : int
        File descriptor of the channel to the parent.
    """
    Thread(target=_end_with_parent, args=(handle,), daemon=True).start()
    channel = _Channel(socket.socket(fileno=handle))
    run = _Run()
    try:
        while True:
            channel.send(_answer(run, channel.receive()))
    except (EOFError, ConnectionError):
        return


class _Run:
    """One run of the tracker, in the child; a method for each request."""

    def start(self, build: Callable[[], Tracker], image: NDArray[np.uint8], region: Array) -> None:
        seed_generators(BASE_SEED)
        self._tracker = build()
        hold_to_one_thread()
        self._tracker.initialize(image, region)

    def track(self, image: NDArray[np.uint8]) -> Reply:
        return reply(self._tracker.update(image))


def _answer(run: _Run, request: list[Bytes]) -> list[Bytes]:
    try:
        name, *arguments = cast(tuple[str, ...], _unpickled(request))
        return _pickled(getattr(run, name)(*arguments))
    # An error of a class of the tracker's own might not be known in the parent.
    except UserError as error:
        known = TrackerError(error.what, file=error.file, line=error.line, hint=error.hint)
        return _pickled(known)
    except (Exception, SystemExit) as error:
        message = shortened(f"{type(error).__name__}: {error}").rstrip(":")
        return _pickled(TrackerError(message, hint=_place(error)))


def _place(error: BaseException) -> str:
    """Say where in the tracker's code an error was raised; the traceback stays in the child."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"at {last.filename}:{last.lineno}, in {last.name}"


def _pickled(value: object) -> list[Bytes]:
    """Pickle a value; the arrays in it follow as they are, without being copied."""
    buffers: list[pickle.PickleBuffer] = []
    data = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return [memoryview(data), *(buffer.raw() for buffer in buffers)]


def _unpickled(parts: list[Bytes]) -> object:
    return pickle.loads(parts[0], buffers=parts[1:])


def _end_with_parent(handle: int) -> None:
    """End this process when the parent's end is closed, even while the tracker hangs."""
    poll = select.poll()
    # Without any event asked for, it returns on a hang-up only.
    poll.register(handle, 0)
    poll.poll()
    os._exit(1)


def _end(process: subprocess.Popen[bytes], channel: _Channel) -> None:
    channel.close()
    process.kill()
    process.wait()
