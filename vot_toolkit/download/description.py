"""``description.json``: which sequences a set has, and where their archives are.

Fields that are used::

    {"sequences": [{"name": "bag", "fps": 30, "width": 480, "height": 360,
        "annotations": {"url": "bag.zip", "checksum": "…", "compressed": 1, "uncompressed": 2},
        "channels": {"color": {"url": "../../sequences/….zip", "checksum": "…",
                               "pattern": "%08d.jpg", "compressed": 1, "uncompressed": 2}}}]}

Addresses are relative to the description's. A checksum is told by its length: MD5, SHA-1, SHA-256
or SHA-512, in hexadecimal digits. Only names and addresses must be there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from vot_toolkit.errors import FormatError
from vot_toolkit.results import names_a_folder
from vot_toolkit.wording import shortened

ALGORITHMS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""Digits of a checksum to its algorithm."""

METADATA = ("fps", "width", "height", "length", "uid")
"""Fields that go into a sequence's file ``sequence``."""

MOST_SEQUENCES = 100_000

_DIGITS = re.compile(r"[0-9a-fA-F]+")
_PATTERN = re.compile(r"[^/\\%]*%0[1-9]d[^/\\%]*")


@dataclass(frozen=True)
class Archive:
    """A zip file on the server.

    Parameters
    ----------
    url : str
        Its address.
    place : str
        Folder inside the sequence's that it is unpacked to; empty for the sequence's own.
    checksum : str or None
        Hexadecimal digits in small letters; None where there is none.
    compressed, uncompressed : int or None
        Bytes of the file, and of what is in it; None where the description does not say.
    """

    url: str
    place: str
    checksum: str | None = None
    compressed: int | None = None
    uncompressed: int | None = None


@dataclass(frozen=True)
class RemoteSequence:
    """One sequence on the server.

    Parameters
    ----------
    name : str
        Name of the sequence, which is that of a folder.
    archives : tuple of Archive
        The annotations first, then the images of each channel.
    metadata : mapping of str
        Lines of the file ``sequence``.
    """

    name: str
    archives: tuple[Archive, ...]
    metadata: Mapping[str, str]


def parse_description(data: bytes, url: str) -> tuple[RemoteSequence, ...]:
    """Read a description.

    Parameters
    ----------
    data : bytes
        The JSON file.
    url : str
        Where it came from; addresses in it are relative to this.

    Raises
    ------
    FormatError
        If it is no description; names the sequence and the field.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{url}: not JSON: {shortened(str(error))}") from None
    entries = found.get("sequences") if isinstance(found, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_SEQUENCES:
        raise FormatError(f"{url}: no list of sequences", hint="expected a VOT description.json")
    sequences = tuple(_sequence(entry, url) for entry in entries)
    names = [sequence.name for sequence in sequences]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"{url}: sequence {twice!r} is listed twice")
    return sequences


def _sequence(entry: Any, url: str) -> RemoteSequence:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not names_a_folder(name):
        raise FormatError(f"{url}: a sequence named {name!r}", hint="expected a folder's name")
    where = f"{url}: sequence {name!r}"
    channels = entry.get("channels", {})
    if not isinstance(channels, dict) or not channels:
        raise FormatError(f"{where} has no channels")
    archives = [_archive(entry.get("annotations"), "", f"{where}, annotations", url)]
    for channel, part in channels.items():
        if not names_a_folder(channel):
            raise FormatError(f"{where}: a channel named {channel!r}")
        archives.append(_archive(part, channel, f"{where}, channel {channel}", url))
    return RemoteSequence(name, tuple(archives), dict(_metadata(entry, name, channels)))


def _archive(entry: Any, place: str, where: str, url: str) -> Archive:
    link = entry.get("url") if isinstance(entry, dict) else None
    if not isinstance(link, str) or not link:
        raise FormatError(f"{where}: no url")
    # Blanks and letters beyond ASCII stand as they are in some descriptions.
    address = quote(urljoin(url, link), safe="%/:=&?~#+!$,;'@()*[]")
    if urlsplit(address).scheme not in ("http", "https"):
        raise FormatError(f"{where}: url {link!r}", hint="expected one of http or https")
    checksum = _checksum(entry.get("checksum"), where)
    sizes = (_size(entry.get(key)) for key in ("compressed", "uncompressed"))
    return Archive(address, place, checksum, *sizes)


def _checksum(value: Any, where: str) -> str | None:
    if value is None or value == "":
        return None
    known = isinstance(value, str) and len(value) in ALGORITHMS and _DIGITS.fullmatch(value)
    if not known:
        hint = f"expected the digits of {', '.join(ALGORITHMS.values())}"
        raise FormatError(f"{where}: checksum {shortened(str(value), 40)!r}", hint=hint)
    return str(value).lower()


def _size(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _metadata(
    entry: Mapping[str, Any], name: str, channels: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    yield "name", name
    yield "format", "default"
    for channel, part in channels.items():
        pattern = part.get("pattern")
        if isinstance(pattern, str) and _PATTERN.fullmatch(pattern) and pattern.isprintable():
            yield f"channels.{channel}", f"{channel}/{pattern}"
    for key in METADATA:
        value = entry.get(key)
        # Numbers and identifiers only: a line break would be another line of the file.
        if type(value) in (int, float, str) and str(value).isprintable():
            yield key, str(value)
