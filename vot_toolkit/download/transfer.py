"""Transfers: one file from the server, gone on with after whatever stopped it, and checked."""

from __future__ import annotations

import hashlib
import http.client
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path

from vot_toolkit.download.description import ALGORITHMS, Archive
from vot_toolkit.errors import DownloadError
from vot_toolkit.version import toolkit_version

PART = ".part"
CHUNK = 2**18
TIMEOUT_S = 30.0
"""Longest silence of the server."""

TRIES = 6
"""Attempts in a row that may bring nothing."""

FIRST_PAUSE_S = 0.5
"""Before the second attempt; doubled before each further one."""

MOST_BYTES = 2**36
"""Of a file whose length the server does not tell."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses that another attempt may not meet."""

_RANGE = re.compile(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)")


class StoppedError(Exception):
    """The user, or a fault elsewhere, has ended the download."""


class _BrokenError(Exception):
    """An attempt that did not bring the whole file; another one may."""


class Fetcher:
    """Fetches files, for several threads at once.

    Parameters
    ----------
    advance : callable
        Is told the bytes that came; below 0 for those that have to come again.
    checksums : bool
        Whether checksums of the description are compared.
    pause : callable, optional
        Waits so many seconds; by default as long, or until `stop` is called.
    """

    def __init__(
        self,
        advance: Callable[[int], None],
        *,
        checksums: bool = True,
        pause: Callable[[float], object] | None = None,
    ) -> None:
        self._advance, self._checksums = advance, checksums
        self._stopped = threading.Event()
        self._pause = pause or self._stopped.wait

    def stop(self) -> None:
        """End all transfers soon; what has come is kept for the next time."""
        self._stopped.set()

    def fetch(self, archive: Archive, path: Path) -> None:
        """Fetch a file; it appears under its name only when it is whole and checked.

        Raises
        ------
        DownloadError
            If the server refuses it, falls silent for good, or gives another file than described.
        StoppedError
            If `stop` was called.
        """
        if path.exists():
            return
        part = path.with_name(path.name + PART)
        for final in (False, True):
            self._complete(archive.url, part)
            if self._is_right(archive, part, final=final):
                part.replace(path)
                _validator(part).unlink(missing_ok=True)
                return
            # What was resumed may have been another file's beginning: once more from the start.
            self._discard(part)

    def _complete(self, url: str, part: Path) -> None:
        """Attempt until the file is whole."""
        idle = 0
        while True:
            before = _size(part)
            try:
                self._attempt(url, part)
                return
            except _BrokenError as fault:
                idle = 0 if _size(part) > before else idle + 1
                if idle == TRIES:
                    hint = "what has come is kept: the same command goes on from there"
                    raise DownloadError(f"{url}: {fault}, {TRIES} times", hint=hint) from None
            self._pause(FIRST_PAUSE_S * 2 ** max(0, idle - 1))

    def _attempt(self, url: str, part: Path) -> None:
        """Ask for what is missing, and append it."""
        if self._stopped.is_set():
            raise StoppedError
        offset = _size(part)
        headers = {}
        if offset:
            headers = {"Range": f"bytes={offset}-", **_condition(part)}
        try:
            with open_url(url, headers) as response:
                self._receive(response, part, offset)
        except urllib.error.HTTPError as error:
            self._refused(url, error, part, offset)
        except (OSError, http.client.HTTPException) as error:
            raise _BrokenError(f"the connection broke ({_reason(error)})") from None

    def _receive(self, response: HTTPResponse, part: Path, offset: int) -> None:
        if response.status != http.HTTPStatus.PARTIAL_CONTENT:
            self._advance(-offset)
            offset = 0
        elif _start(response) != offset:
            self._discard(part)
            raise _BrokenError("the server sent another part than asked for")
        if not offset:
            _validator(part).write_text(_strong_validator(response), encoding="utf-8")
        length = response.headers.get("Content-Length")
        end = offset + int(length) if length and length.isdecimal() else None
        with part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            self._copy(response, file.write, (end or MOST_BYTES) - offset)
        if end is not None and _size(part) < end:
            raise _BrokenError(f"the connection ended after {_size(part)} of {end} bytes")

    def _copy(self, response: HTTPResponse, write: Callable[[bytes], int], most: int) -> None:
        while chunk := response.read(CHUNK):
            most -= len(chunk)
            if most < 0:
                raise DownloadError(f"{response.url}: more bytes than the server announced")
            write(chunk)
            self._advance(len(chunk))
            if self._stopped.is_set():
                raise StoppedError

    def _refused(self, url: str, error: urllib.error.HTTPError, part: Path, offset: int) -> None:
        """Sort out an answer that is no file."""
        with error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                found = _RANGE.fullmatch(error.headers.get("Content-Range", ""))
                if found and found[2] == str(offset):
                    return  # nothing was missing
                self._discard(part)
                raise _BrokenError("the part that was there is longer than the file") from None
            if error.code in PASSING:
                raise _BrokenError(f"the server says {error.code} {error.reason}") from None
        what = f"{url}: the server says {error.code} {error.reason}"
        raise DownloadError(what, hint="is it still there? --url names a mirror") from None

    def _is_right(self, archive: Archive, part: Path, *, final: bool) -> bool:
        """Compare the checksum; what differs for the second time is an error."""
        if not self._checksums or archive.checksum is None:
            return True
        algorithm = ALGORITHMS[len(archive.checksum)]
        with part.open("rb") as file:
            found = hashlib.file_digest(file, algorithm).hexdigest()
        if found == archive.checksum:
            return True
        if not final:
            return False
        self._discard(part)
        raise DownloadError(
            f"{archive.url}: its {algorithm} is {found}, the description says {archive.checksum}",
            hint="fetched twice; --no-checksums takes the file as it is",
        )

    def _discard(self, part: Path) -> None:
        self._advance(-_size(part))
        part.unlink(missing_ok=True)
        _validator(part).unlink(missing_ok=True)


def open_url(url: str, headers: dict[str, str], method: str = "GET") -> HTTPResponse:
    """Ask a server for something; see `urllib.request.urlopen` for what it raises."""
    agent = {"User-Agent": f"siammask-bench/{toolkit_version()}", **headers}
    request = urllib.request.Request(url, headers=agent, method=method)
    response: HTTPResponse = urllib.request.urlopen(request, timeout=TIMEOUT_S)
    return response


def content_length(url: str) -> int | None:
    """Ask how long a file is; None when the server does not say."""
    try:
        with open_url(url, {}, "HEAD") as response:
            length = response.headers.get("Content-Length", "")
    except (OSError, http.client.HTTPException):
        return None
    return int(length) if length.isdecimal() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _validator(part: Path) -> Path:
    """Name the file that says which version of the remote file a part belongs to."""
    return part.with_name(part.name + ".etag")


def _strong_validator(response: HTTPResponse) -> str:
    tag: str = response.headers.get("ETag", "")
    return "" if tag.startswith("W/") or not tag.isprintable() else tag


def _condition(part: Path) -> dict[str, str]:
    """Ask for the rest only if the file is still the one that the part is of."""
    path = _validator(part)
    tag = path.read_text(encoding="utf-8") if path.exists() else ""
    return {"If-Range": tag} if tag else {}


def _start(response: HTTPResponse) -> int | None:
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return int(found[1]) if found and found[1] else None


def _reason(error: Exception) -> object:
    return getattr(error, "reason", None) or error or type(error).__name__
