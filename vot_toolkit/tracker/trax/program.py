"""A tracker's program: its process group, its lines, what it prints, and its end."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from vot_toolkit.errors import FormatError, TrackerError
from vot_toolkit.tracker.trax.message import PREFIX, Message, format_message, parse_message
from vot_toolkit.wording import shortened

TICK_S = 0.1
"""How often the end of a program is looked for whose output a child of its own holds open."""

EXIT_GRACE_S = 5.0
"""How long a program that has closed its output may take until its exit code is known."""

QUIT_GRACE_S = 1.0
"""How long a program may take to end by itself when it is told to."""

BLOCK = 2**16
LONGEST_LINE = 2**26
"""Bytes; the mask of any image is far below."""

MOST_PRINTED = 2**26
"""Bytes that one process may print: what prints more is out of order."""

MOST_PASSED_ON = 2**16
"""Bytes of that which are passed on, to stand in the log of the run."""

TAIL = 2**12
LINES_SHOWN = 5

# It outlives this process, and ends the group when its standard input is closed: by `end`, or by
# the system when this process is killed.
GUARD = 'read -r _; kill -s KILL -- -"$0"'


class Program:
    """A running program that is sent messages and gives them; it lives no longer than this object.

    It has a process group of its own, which is ended with it, also when this process is killed.

    Parameters
    ----------
    command : str or sequence of str
        A command for the shell; or the program and its arguments.
    environment : mapping from str to str
        All of its environment variables.
    folder : Path
        Where it runs.

    Raises
    ------
    TrackerError
        If it cannot be started.
    """

    def __init__(
        self, command: str | Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        try:
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                shell=isinstance(command, str),
                cwd=folder,
                env=dict(environment),
                process_group=0,
            )
        except OSError as error:
            raise TrackerError(f"its program cannot be started: {error}") from None
        guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, str(self._process.pid)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,
        )
        self._streams = _Streams(self._process)
        self.end = weakref.finalize(self, _end, self._process, guard, self._streams)

    def listen(self, timeout_s: float) -> Message:
        """Wait for a message.

        Raises
        ------
        TrackerError
            If none comes in time, the program ends, or what comes is no message. The program is
            ended then, and the error shows the last of what it printed.
        """
        deadline = time.monotonic() + timeout_s
        with self._ended_by_fault():
            while True:
                message = self._streams.next_message()
                if message is not None:
                    return message
                left_s = deadline - time.monotonic()
                if left_s <= 0:
                    raise TrackerError(f"its program gave no reply within {timeout_s:g} s")
                if not self._streams.work(min(left_s, TICK_S)):
                    self._check_alive()

    def send(self, message: Message) -> None:
        """Send a message, on its way when something is listened for.

        Raises
        ------
        TrackerError
            If the program has sent a message that nothing asked for: its next one would be taken
            for the reply to this.
        """
        with self._ended_by_fault():
            self._streams.work(0)
            early = self._streams.next_message()
            if early is not None:
                raise TrackerError(f"its program sent {early.name!r}, which nothing asked for")
            self._streams.put(format_message(message))

    def fault(self, what: str) -> TrackerError:
        """End the program, and give an error that shows the last of what it printed."""
        _kill_group(self._process)
        # Its last words are still in the pipes.
        with suppress(TrackerError):
            while self._streams.work(0):
                pass
        self.end()
        last = self._streams.last_lines()
        return TrackerError(what, hint=f"the last it printed: {last}" if last else None)

    def quit(self) -> None:
        """Tell the program to end, and end it when it does not."""
        if not self.end.alive:
            return
        self._streams.put(format_message(Message("quit")))
        deadline = time.monotonic() + QUIT_GRACE_S
        # Read on, since a program that nobody listens to may be kept from its end by that.
        with suppress(TrackerError):
            while time.monotonic() < deadline and self._exit_code() is None:
                self._streams.work(TICK_S / 5)
        self.end()

    def _check_alive(self) -> None:
        """Raise when the program is gone, though a child of it may hold its output open."""
        code = self._exit_code()
        if code is None and self._streams.at_end:
            code = self._awaited_exit_code()
            if code is None:
                raise TrackerError("its program has closed its output")
        if code is not None:
            raise TrackerError(f"its program {_manner(code)}")

    def _awaited_exit_code(self) -> int | None:
        deadline = time.monotonic() + EXIT_GRACE_S
        while self._exit_code() is None and time.monotonic() < deadline:
            time.sleep(TICK_S / 10)
        return self._exit_code()

    def _exit_code(self) -> int | None:
        """Look whether it has ended, and leave it a zombie: its number stays its own till `end`."""
        state = os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if state is None:
            return None
        return state.si_status if state.si_code == os.CLD_EXITED else -state.si_status

    @contextmanager
    def _ended_by_fault(self) -> Iterator[None]:
        try:
            yield
        except FormatError as error:
            raise self.fault(f"its program sent {error.what}") from None
        except TrackerError as error:
            raise self.fault(error.what) from None


class _Streams:
    """The three standard streams of a program, read and written side by side."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin and process.stdout and process.stderr, "all three are pipes"
        self._input, self._output, self._errors = process.stdin, process.stdout, process.stderr
        self._to_send = memoryview(b"")
        self._received = bytearray()
        self._searched = 0
        self._printed = _Printed()
        self._selector = selectors.DefaultSelector()
        for stream in (self._input, self._output, self._errors):
            os.set_blocking(stream.fileno(), False)
        self._selector.register(self._output, selectors.EVENT_READ)
        self._selector.register(self._errors, selectors.EVENT_READ)

    @property
    def at_end(self) -> bool:
        """Whether the program has closed its output."""
        return self._output not in self._selector.get_map()

    def put(self, text: str) -> None:
        """Take in what is to be sent."""
        waiting = len(self._to_send) > 0
        self._to_send = memoryview(bytes(self._to_send) + text.encode())
        if not waiting:
            self._selector.register(self._input, selectors.EVENT_WRITE)

    def work(self, timeout_s: float) -> bool:
        """Send and receive what can be; False when nothing could within that time.

        Raises
        ------
        TrackerError
            If the program prints too much, or a line that does not end.
        """
        events = self._selector.select(timeout_s)
        for key, _ in events:
            if key.fileobj is self._input:
                self._write()
            elif key.fileobj is self._output:
                self._received += self._read(self._output)
                if len(self._received) > LONGEST_LINE:
                    raise TrackerError(f"its program sent a line of over {LONGEST_LINE} bytes")
            else:
                self._printed.take(self._read(self._errors))
        return bool(events)

    def next_message(self) -> Message | None:
        """Give the next message that is whole; lines that are none count as printed.

        Raises
        ------
        FormatError
            If a line begins as a message and is none.
        """
        while (end := self._received.find(b"\n", self._searched)) >= 0:
            line = bytes(self._received[: end + 1])
            del self._received[: end + 1]
            self._searched = 0
            # A tracker that prints without ending its line has the message behind that.
            before, prefix, rest = line.partition(PREFIX.encode())
            self._printed.take(before)
            if prefix:
                return parse_message(PREFIX + rest.decode(errors="replace"))
        self._searched = len(self._received)
        return None

    def last_lines(self) -> str:
        """Give the last lines printed, on one."""
        return self._printed.last_lines()

    def close(self) -> None:
        """Close all three."""
        self._selector.close()
        for stream in (self._input, self._output, self._errors):
            with suppress(OSError):
                stream.close()

    def _write(self) -> None:
        try:
            count = os.write(self._input.fileno(), self._to_send[:BLOCK])
            self._to_send = self._to_send[count:]
        except BlockingIOError:
            return
        except OSError:
            # That it listens no more is no fault yet: it may have said why.
            self._to_send = memoryview(b"")
        if not len(self._to_send):
            self._selector.unregister(self._input)

    def _read(self, stream: IO[bytes]) -> bytes:
        try:
            data = os.read(stream.fileno(), BLOCK)
        except BlockingIOError:
            return b""
        if not data:
            self._selector.unregister(stream)
        return data


class _Printed:
    """What a program printed: the first part is passed on, and the last part kept."""

    def __init__(self) -> None:
        self._tail = b""
        self._count = 0

    def take(self, data: bytes) -> None:
        """Take in what was printed next.

        Raises
        ------
        TrackerError
            If that makes too much.
        """
        if not data:
            return
        room = max(0, MOST_PASSED_ON - self._count)
        if room:
            sys.stderr.write(data[:room].decode(errors="replace"))
            sys.stderr.flush()
        self._count += len(data)
        self._tail = (self._tail + data)[-TAIL:]
        if self._count > MOST_PRINTED:
            raise TrackerError(f"its program printed more than {MOST_PRINTED // 2**20} MiB")

    def last_lines(self) -> str:
        """Give the last lines, on one."""
        lines = [shortened(line) for line in self._tail.decode(errors="replace").splitlines()]
        return shortened(" | ".join([line for line in lines if line][-LINES_SHOWN:]))


def _manner(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _end(
    process: subprocess.Popen[bytes], guard: subprocess.Popen[bytes], streams: _Streams
) -> None:
    """End the program and all in its group; nothing else has its number until it is waited for."""
    guard.kill()
    guard.wait()
    _kill_group(process)
    process.wait()
    streams.close()
    if guard.stdin is not None:
        guard.stdin.close()


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
