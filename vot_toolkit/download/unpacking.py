"""Unpacking archives, broken or hostile: nothing leaves the folder or fills the disk."""

from __future__ import annotations

import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from vot_toolkit.errors import DownloadError

MOST_MEMBERS = 200_000
LEAST_LIMIT = 2**26
"""Bytes that any archive may unpack to: flags of 0 and 1 shrink to a hundredth."""

MOST_GROWTH = 20
"""Times its own size that an archive may unpack to when nothing says how large its content is."""

BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
"""What zipfile raises of damaged files, by its documentation and by fuzzing."""

MARGIN = 1.5
"""Times the announced size that an archive may unpack to."""


def unpack(archive: Path, folder: Path, announced: int | None, prefixes: Iterable[str]) -> None:
    """Unpack a zip file.

    Parameters
    ----------
    archive : Path
        The file.
    folder : Path
        Where to; made when missing.
    announced : int or None
        Bytes that are said to be in it.
    prefixes : iterable of str
        Folders that the whole content may be wrapped in, which are left out then.

    Raises
    ------
    DownloadError
        If it is no sound zip file, a member would leave the folder, is a link or encrypted or
        there twice, or it unpacks to far more than it should; nothing is unpacked then but what
        came before a broken member.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [each for each in opened.infolist() if not each.filename.endswith("/")]
            targets = _targets(archive, members, frozenset(prefixes))
            _check_size(archive, members, announced)
            for member, target in zip(members, targets, strict=True):
                _unpack(opened, member, folder / target)
    except BROKEN as error:
        raise DownloadError(f"not a sound zip file: {error}", file=archive) from None
    except OSError as error:
        raise DownloadError(f"cannot be unpacked: {error.strerror}", file=folder) from None


def _targets(
    archive: Path, members: list[zipfile.ZipInfo], prefixes: frozenset[str]
) -> list[PurePosixPath]:
    """Say where each member goes; refuse what must not be unpacked."""
    if not 0 < len(members) <= MOST_MEMBERS:
        raise DownloadError(f"a zip file of {len(members)} files", file=archive)
    paths = [_path(archive, member) for member in members]
    wrappers = {path.parts[0] for path in paths}
    if len(wrappers) == 1 and wrappers <= prefixes and all(len(p.parts) > 1 for p in paths):
        paths = [PurePosixPath(*path.parts[1:]) for path in paths]
    # Compared as a file system would that knows no capitals.
    if len({str(path).casefold() for path in paths}) < len(paths):
        raise DownloadError("a zip file that has a member twice", file=archive)
    return paths


def _path(archive: Path, member: zipfile.ZipInfo) -> PurePosixPath:
    name = member.filename
    path = PurePosixPath(name)
    leaves = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if leaves or not path.parts or not name.isprintable():
        raise DownloadError(f"a member {name!r} that leaves the folder", file=archive)
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        raise DownloadError(f"a member {name!r} that is a link or device", file=archive)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DownloadError(
            f"a member {name!r} packed by method {member.compress_type}", file=archive
        )
    if member.flag_bits & 1:
        raise DownloadError(f"a member {name!r} that is encrypted", file=archive)
    return path


def _check_size(archive: Path, members: list[zipfile.ZipInfo], announced: int | None) -> None:
    total = sum(member.file_size for member in members)
    expected = announced * MARGIN if announced else archive.stat().st_size * MOST_GROWTH
    if total > max(expected, LEAST_LIMIT):
        what = f"a zip file of {archive.stat().st_size} bytes that unpacks to {total}"
        raise DownloadError(what, file=archive, hint=f"at most {expected:.0f} are expected")


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Unpack one member; zipfile gives no more bytes than its header says, and compares its CRC."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(member) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, 2**20)
