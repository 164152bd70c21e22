"""Coverage-guided fuzzing of every reader, by hand: not part of any suite.

    pip install atheris
    python tests/fuzz/fuzz_readers.py READER [CORPUS] [libFuzzer options, as -max_total_time=120]

READER is one of those below. It may give a result or raise a `UserError`; any other exception, 20 s
for one input or 2 GB of memory ends the run, and libFuzzer leaves the input in a file ``crash-…``,
``timeout-…`` or ``oom-…``.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["vot_toolkit", "imagesize"]):
    import imagesize  # noqa: F401

    from vot_toolkit.dataset.annotations import read_annotations
    from vot_toolkit.dataset.folder import image_size, read_flags, read_folder
    from vot_toolkit.dataset.verify import verify
    from vot_toolkit.download.description import parse_description
    from vot_toolkit.download.unpacking import unpack
    from vot_toolkit.errors import UserError
    from vot_toolkit.formats.binary import parse_binary
    from vot_toolkit.formats.properties import read_property
    from vot_toolkit.formats.text import read_trajectory
    from vot_toolkit.formats.times import read_times
    from vot_toolkit.tracker.settings import expanded

PLACE = Path(tempfile.mkdtemp(prefix="fuzz-readers-"))
OPTIONS = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=4096"]


def _written(name: str, data: bytes) -> Path:
    path = PLACE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _folder(data: bytes) -> None:
    """Share the bytes out to the files of a data set."""
    names = ("list.txt", "a/groundtruth.txt", "a/tag.tag", "a/sequence", "a/color/00000001.jpg")
    provider = atheris.FuzzedDataProvider(data)
    for name in names[:-1]:
        _written(f"set/{name}", provider.ConsumeBytes(provider.ConsumeIntInRange(0, 200)))
    _written(f"set/{names[-1]}", provider.ConsumeBytes(provider.remaining_bytes()))
    found = read_folder(PLACE / "set")
    assert found.digest()
    list(verify(found))


def _annotations(data: bytes) -> None:
    found = read_annotations(_written("set.json", data))
    assert found.digest()
    list(verify(found))


def _unpack(data: bytes) -> None:
    out = PLACE / "inner" / "out"
    shutil.rmtree(PLACE / "inner", ignore_errors=True)
    unpack(_written("archive.zip", data), out, None, ["color"])
    assert [path.name for path in out.parent.iterdir()] == ["out"], "something left the folder"


def _image(data: bytes) -> None:
    size = image_size(_written("image.jpg", data))
    assert size is None or min(size) > 0


READERS: dict[str, Callable[[bytes], object]] = {
    "text": lambda data: read_trajectory(_written("a.txt", data)),
    "binary": lambda data: parse_binary(data, Path("a.bin")),
    "times": lambda data: read_times(_written("a_time.txt", data)),
    "property": lambda data: read_property(_written("a.value", data)),
    "flags": lambda data: read_flags(_written("a.tag", data)),
    "folder": _folder,
    "annotations": _annotations,
    "image": _image,
    "settings": lambda data: expanded({"settings": str(_written("best.json", data))}),
    "description": lambda data: parse_description(data, "http://localhost/description.json"),
    "zip": _unpack,
}


def _zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


SEEDS: dict[str, list[bytes]] = {
    "text": [b"1\n1.5,2,3,4\n", b"m0,0,3,2,1,4\n", b"poly:1,2,3,4,5,6\n", b"nan,nan,nan,nan\n"],
    "binary": [
        bytes.fromhex("01000200000000010000000300000000020002000200010003000000"),
        bytes.fromhex("010001000000010000803f0000803f0000803f0000803f"),
    ],
    "times": [b"0.1,0\n0.2,NaN\n"],
    "property": [b"0.5\n\n-inf\n"],
    "flags": [b"0\n1\n"],
    "folder": [b"\x02a\n\x081,2,3,4\n\x020\n\x0fwidth=1\nheight=2"],
    "annotations": [b'{"a": {"gt_rect": [[1,2,3,4]], "img_names": ["a/1.jpg"], "t": [1]}}'],
    "image": [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\2",
        b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0",
    ],
    "settings": [b'{"schema_version": 1, "options": {"lr": "0.3"}}'],
    "description": [
        b'{"sequences": [{"name": "a", "annotations": {"url": "a.zip"}, '
        b'"channels": {"color": {"url": "b.zip", "pattern": "%08d.jpg"}}}]}'
    ],
    "zip": [
        _zipped({"color/1.jpg": b"1"}),
        _zipped({"groundtruth.txt": b"1,2,3,4\n" * 20, "a": b""}),
    ],
}


def main() -> None:
    """Fuzz one reader until libFuzzer's options end it."""
    name, *options = sys.argv[1:] or ["?"]
    if name not in READERS:
        sys.exit(f"reader {name!r}: accepted: {', '.join(READERS)}")
    if not options or options[0].startswith("-"):
        corpus = PLACE / "corpus"
        corpus.mkdir()
        for number, seed in enumerate(SEEDS[name]):
            (corpus / str(number)).write_bytes(seed)
        options.insert(0, str(corpus))
    reader = READERS[name]

    def once(data: bytes) -> None:
        try:
            reader(data)
        except UserError as error:
            assert error.what

    atheris.Setup([sys.argv[0], *OPTIONS, *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
