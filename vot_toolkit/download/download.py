"""Downloading a set: what is missing, whole sequences only, several at a time."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from vot_toolkit.atomic import write_whole
from vot_toolkit.claim import claimed
from vot_toolkit.download.description import Archive, RemoteSequence, parse_description
from vot_toolkit.download.progress import DownloadProgress, SilentDownload, size_text
from vot_toolkit.download.transfer import PART, Fetcher, StoppedError, content_length, open_url
from vot_toolkit.download.unpacking import unpack
from vot_toolkit.errors import DownloadError, UsageError, UserError
from vot_toolkit.places import check_folder
from vot_toolkit.wording import counted, guess

WORKERS = 4
STAGING = ".download"
"""Folder inside the target for what is not whole yet."""

MOST_DESCRIPTION = 2**26
"""Bytes of a description: that of VOT2018 has some tens of thousands."""

GROWTH = 1.1
"""Of an archive of JPEGs when unpacked, where nothing says it."""

RESERVE = 2**26
"""Bytes that must remain free."""


@dataclass(frozen=True)
class Download:
    """What came of a download.

    Parameters
    ----------
    folder : Path
        The VOT folder.
    num_new : int
        Sequences that came now.
    problems : tuple of UserError
        Sequences that did not come.
    """

    folder: Path
    num_new: int
    problems: tuple[UserError, ...]


def download(
    url: str,
    folder: Path,
    *,
    sequences: Iterable[str] | None = None,
    workers: int = WORKERS,
    checksums: bool = True,
    progress: DownloadProgress | None = None,
) -> Download:
    """Download the sequences of a set that are not there yet.

    Parameters
    ----------
    url : str
        Of the ``description.json``.
    folder : Path
        The VOT folder; a sequence appears in it when it is whole, with its images.
    sequences : iterable of str, optional
        Only these.
    workers : int
        Sequences at a time.
    checksums : bool
        Whether the description's checksums are compared.
    progress : DownloadProgress, optional
        Who is told.

    Returns
    -------
    Download

    Raises
    ------
    DownloadError
        If the description cannot be fetched.
    FormatError
        If it is none.
    UsageError
        If a sequence is not in it, or the disk has no room.
    """
    check_folder("--out", folder)
    progress = progress or SilentDownload()
    listed = parse_description(_fetch_description(url), url)
    chosen = _chosen(listed, sequences)
    missing = [sequence for sequence in chosen if not (folder / sequence.name).exists()]
    if len(missing) < len(chosen):
        progress.note(f"{counted(len(chosen) - len(missing), 'sequence')} already there: kept")
    with ThreadPoolExecutor(workers) as pool:
        missing = list(pool.map(_measured, missing))
    loading = _Loading(folder, checksums, workers, progress)
    loading.check_space(missing)
    with claimed(folder / STAGING, "claim") as free:
        if not free:
            raise UsageError(f"--out {folder}: another download is at it", hint="wait for it")
        problems = loading.run(missing)
        _write_list(folder, listed)
    if not problems:
        shutil.rmtree(folder / STAGING, ignore_errors=True)
    return Download(folder, len(missing) - len(problems), tuple(problems))


def _fetch_description(url: str) -> bytes:
    try:
        with open_url(url, {}) as response:
            data = response.read(MOST_DESCRIPTION + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise DownloadError(
            f"{url}: {error}", hint="is the address right, and the network there? --url for mirrors"
        ) from None
    if len(data) > MOST_DESCRIPTION:
        raise DownloadError(f"{url}: longer than a description can be")
    return data


def _chosen(
    listed: tuple[RemoteSequence, ...], names: Iterable[str] | None
) -> tuple[RemoteSequence, ...]:
    if names is None:
        return listed
    known = {sequence.name: sequence for sequence in listed}
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            hint = f"{guess(name, known)}the set has {', '.join(list(known)[:8])}, …"
            raise UsageError(f"--sequence {name!r}: no such name", hint=hint)
    return tuple(sequence for sequence in listed if sequence.name in wanted)


def _measured(sequence: RemoteSequence) -> RemoteSequence:
    """Ask the server for sizes that the description does not tell."""
    archives = tuple(
        archive
        if archive.compressed is not None
        else replace(archive, compressed=content_length(archive.url))
        for archive in sequence.archives
    )
    return replace(sequence, archives=archives)


def _write_list(folder: Path, listed: tuple[RemoteSequence, ...]) -> None:
    """List what is there now, in the order of the description."""
    names = [sequence.name for sequence in listed if (folder / sequence.name).is_dir()]
    if names:
        write_whole(folder / "list.txt", "".join(f"{name}\n" for name in names))


class _Loading:
    """The work of one download; methods of a sequence run in threads."""

    def __init__(
        self, folder: Path, checksums: bool, workers: int, progress: DownloadProgress
    ) -> None:
        self._folder, self._staging = folder, folder / STAGING
        self._workers, self._progress = workers, progress
        self._fetcher = Fetcher(progress.advance, checksums=checksums)

    def check_space(self, sequences: list[RemoteSequence]) -> None:
        """Make sure that the disk can hold everything.

        Raises
        ------
        UsageError
            If it cannot; names both numbers.
        """
        archives = [archive for sequence in sequences for archive in sequence.archives]
        unpacked = sum(_unpacked(archive) for archive in archives)
        largest = sorted((archive.compressed or 0 for archive in archives), reverse=True)
        needed = unpacked + sum(largest[: self._workers]) - self._num_bytes_there(sequences)
        place = next(p for p in (self._folder, *self._folder.absolute().parents) if p.exists())
        free = shutil.disk_usage(place).free
        if needed + RESERVE > free:
            raise UsageError(
                f"--out {self._folder}: {size_text(needed)} are needed, {size_text(free)} are free",
                hint="another --out, or some of it by --sequence",
            )

    def run(self, sequences: list[RemoteSequence]) -> list[UserError]:
        """Load all sequences; give what went wrong, in their order."""
        if not sequences:
            return []
        self._progress.start(len(sequences), self._num_bytes_to_come(sequences))
        pool = ThreadPoolExecutor(self._workers)
        try:
            jobs = {pool.submit(self._load, sequence): sequence.name for sequence in sequences}
            problems = {jobs[job]: fault for job in as_completed(jobs) if (fault := _fault(job))}
        finally:
            # After Ctrl-C the threads end with the chunk they are at.
            self._fetcher.stop()
            pool.shutdown(cancel_futures=True)
            self._progress.stop()
        return [problems[sequence.name] for sequence in sequences if sequence.name in problems]

    def _load(self, sequence: RemoteSequence) -> None:
        """Fetch and unpack one sequence, and let it appear."""
        unfinished = self._staging / sequence.name
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        files = [self._file(sequence, archive) for archive in sequence.archives]
        for archive, file in zip(sequence.archives, files, strict=True):
            self._fetcher.fetch(archive, file)
            self._unpack(sequence, archive, file, unfinished)
        _add_metadata(sequence, unfinished)
        unfinished.rename(self._folder / sequence.name)
        for file in files:
            file.unlink()
        self._progress.finish(sequence.name)

    def _unpack(
        self, sequence: RemoteSequence, archive: Archive, file: Path, unfinished: Path
    ) -> None:
        wrappers = {sequence.name, archive.place or sequence.name}
        try:
            unpack(file, unfinished / archive.place, archive.uncompressed, wrappers)
        except DownloadError as error:
            # It is whole, so that going on with it would end here again.
            file.unlink(missing_ok=True)
            raise DownloadError(f"{archive.url}: {error.what}", hint=error.hint) from None

    def _file(self, sequence: RemoteSequence, archive: Archive) -> Path:
        return self._staging / f"{sequence.name}.{archive.place or 'annotations'}.zip"

    def _num_bytes_there(self, sequences: list[RemoteSequence]) -> int:
        """Count what an earlier run has fetched."""
        files = [self._file(s, archive) for s in sequences for archive in s.archives]
        places = [place for file in files for place in (file, file.with_name(file.name + PART))]
        return sum(place.stat().st_size for place in places if place.exists())

    def _num_bytes_to_come(self, sequences: list[RemoteSequence]) -> int | None:
        sizes = [archive.compressed for s in sequences for archive in s.archives]
        if any(size is None for size in sizes):
            return None
        return max(0, sum(filter(None, sizes)) - self._num_bytes_there(sequences))


def _unpacked(archive: Archive) -> int:
    if archive.uncompressed is not None:
        return archive.uncompressed
    return int((archive.compressed or 0) * GROWTH)


def _fault(job: Future[None]) -> UserError | None:
    """Give a user's error of a finished job; any other error is raised."""
    try:
        job.result()
    except UserError as error:
        return error
    except StoppedError:
        return DownloadError("stopped")
    except OSError as error:
        name = error.filename
        return DownloadError(f"cannot be written: {error.strerror}", file=name)
    return None


def _add_metadata(sequence: RemoteSequence, folder: Path) -> None:
    """Write the file ``sequence`` unless the archive had one."""
    path = folder / "sequence"
    if not path.exists():
        lines = (f"{key}={value}\n" for key, value in sequence.metadata.items())
        path.write_text("".join(lines), encoding="utf-8")
