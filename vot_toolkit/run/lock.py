"""The lock on a tracker's results: two runs must not write into one folder at once.

It is the file ``.lock`` in the folder, made with O_EXCL, which is atomic on NFS since version 3; in
it stands who made it. That process removes it; the next run takes it over from one that died.
Whether a process lives can only be seen on its own machine, so that a lock of another host is
respected until somebody removes it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from vot_toolkit.errors import ResultsError, UserError

FILE_NAME = ".lock"

UNWRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS)

LONGEST = 4096
"""Bytes in a lock, far more than there are."""


@dataclass(frozen=True)
class Holder:
    """The process that holds a lock.

    Parameters
    ----------
    host : str
        Name of its machine.
    kernel : str
        Which start of that machine, and which of its process spaces; process numbers of others
        mean nothing here.
    pid : int
        Its number.
    started : str
        When it was started, in the kernel's own count; numbers are given out again.
    since : str
        When it took the lock, ISO 8601, UTC.
    """

    host: str
    kernel: str
    pid: int
    started: str
    since: str

    @classmethod
    def current(cls) -> Holder:
        """Describe this process."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        pid = os.getpid()
        return cls(socket.gethostname(), _kernel(), pid, _start_of(pid) or "", now)

    @property
    def is_gone(self) -> bool:
        """Whether it is known to have ended; False when that cannot be seen from here."""
        here = self.host == socket.gethostname() and self.kernel == _kernel()
        return here and _start_of(self.pid) != self.started

    def __str__(self) -> str:
        """Name it for the user."""
        return f"process {self.pid} on {self.host} since {self.since}"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; make the folder, and remove it again when nothing was put there.

    A folder that this user may not write to is not locked: then nothing can be written into it.

    Raises
    ------
    ResultsError
        If another run holds it; names host, process and time.
    UserError
        If the folder cannot be made, or the disk is full.
    """
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        locked = _take(folder)
    except OSError as error:
        _remove_empty(made)
        if error.errno not in UNWRITABLE:
            raise UserError(f"cannot be written: {error.strerror}", file=folder) from None
        locked = False
    try:
        yield
    finally:
        if locked:
            (folder / FILE_NAME).unlink(missing_ok=True)
        _remove_empty(made)


def _take(folder: Path) -> bool:
    """Make the lock, or take over one whose holder is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    while True:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            if _take_over(path):
                return True
            continue
        try:
            _sign(handle)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(handle)
        return True


def _take_over(path: Path) -> bool:
    """Put this process's name into a lock whose holder is gone; False when the lock is gone.

    Of several runs that find the same dead holder one must win: the file stays, and is read and
    written again under a lock of the kernel's, which cannot outlive its process.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not _is_same(path, handle):
            return False
        holder = _holder(os.pread(handle, LONGEST, 0))
        if holder is None or not holder.is_gone:
            raise _in_use(path, holder)
        os.ftruncate(handle, 0)
        _sign(handle)
        return True
    finally:
        os.close(handle)


def _in_use(path: Path, holder: Holder | None) -> ResultsError:
    hint = f"wait for it, or take another --name; if it is no more, remove {path}"
    who = "a run that does not say who it is" if holder is None else str(holder)
    return ResultsError(f"{path.parent} is in use by {who}", hint=hint)


def _sign(handle: int) -> None:
    os.write(handle, (json.dumps(asdict(Holder.current())) + "\n").encode())


def _holder(data: bytes) -> Holder | None:
    try:
        holder = Holder(**json.loads(data))
    except (ValueError, TypeError):
        return None
    return holder if isinstance(holder.pid, int) else None


def _is_same(path: Path, handle: int) -> bool:
    """Tell whether a path still leads to an open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _kernel() -> str:
    """Name this start of the machine and this process space; empty where there is no telling."""
    parts = []
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        parts.append(Path("/proc/self/ns/pid").readlink().name)
    return " ".join(parts)


def _start_of(pid: int) -> str | None:
    """Give when a process was started, in the kernel's count; None when there is none.

    Where the system does not tell, it is empty for one that lives.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if state[0] in "ZX" else state[19]
    except (FileNotFoundError, ProcessLookupError):
        return "" if not Path("/proc/self").exists() and _lives(pid) else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders, from the innermost out, as long as they are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
