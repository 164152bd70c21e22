"""Any bytes in any file of a data set give a set or a named error, soon and in little memory."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.dataset import open_dataset
from vot_toolkit.dataset.folder import image_size
from vot_toolkit.dataset.verify import verify
from vot_toolkit.errors import UserError
from vot_toolkit.tracker.settings import expanded

MOST_MEMORY = 2**26 + 2**24
"""The largest mask that is accepted, and some more."""

FILES = ("list.txt", "a/groundtruth.txt", "a/occlusion.tag", "a/sequence", "a/color/1.jpg")
SOUND = {
    "list.txt": b"a\n",
    "a/groundtruth.txt": b"1,2,3,4\n1,2,3,4\n",
    "a/occlusion.tag": b"0\n1\n",
    "a/sequence": b"width=64\nheight=48\nchannels.color=color/%08d.jpg\n",
}
PIECES = [
    b"a", b"b", b"..", b"/", b"\0", b"\n", b"\r\n", b"=", b"1", b"0", b"9" * 30, b".", b"-", b"nan",
    b"width=", b"height=", b"channels.color=", b"%08d", b"%n", b"m0,0,2,2,", b",", b"\xff\xd8\xff",
    b"\xef\xbb\xbf", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"<svg width='1'>", b"\xf0",
]  # fmt: skip
contents = st.one_of(
    st.binary(max_size=60), st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join)
)


def soundly(function, *arguments):
    """Call a reader; give its result, or the named error, and hold it to its bounds."""
    tracemalloc.start()
    begin = time.process_time()
    try:
        return function(*arguments)
    except UserError as error:
        assert error.what
        return error
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MOST_MEMORY
        assert time.process_time() - begin < 10


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(FILES), contents, min_size=1))
def test_any_bytes_in_a_folder(tmp_path_factory, changed):
    root = tmp_path_factory.mktemp("set")
    for name, data in (SOUND | changed).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    found = soundly(open_dataset, root)
    if not isinstance(found, UserError):
        assert all(len(sequence) for sequence in found)
        assert found.digest()
        assert all(isinstance(fault, str) for fault in soundly(lambda: list(verify(found))))


numbers = st.one_of(
    st.integers(-3, 3),
    st.floats(),
    st.sampled_from([10**40, -(10**400), 1e308, True, None, "1", "nan", [1, 2], {}]),
)
regions = st.lists(numbers, max_size=9)
names = st.one_of(st.text(max_size=3), st.sampled_from(["a", "..", "a/b", "x" * 300, "\ud800"]))
entries = st.fixed_dictionaries(
    {
        "gt_rect": st.one_of(
            st.lists(regions, max_size=3), st.lists(st.just([1, 2, 3, 4]), max_size=3)
        )
    },
    optional={
        "img_names": st.lists(names, max_size=3),
        "width": numbers,
        "height": numbers,
        "occlusion": st.lists(numbers, max_size=3),
        "other": numbers,
    },
)


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(names, entries, max_size=2))
def test_any_annotations_in_json(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("set") / "set.json"
    path.write_text(json.dumps(data))
    found = soundly(open_dataset, path)
    if isinstance(found, UserError):
        assert found.file == path
    else:
        assert found.digest()
        assert all(isinstance(fault, str) for fault in soundly(lambda: list(verify(found))))


@settings(deadline=None, max_examples=100)
@given(contents)
def test_any_bytes_as_an_image(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("set") / "1.jpg"
    path.write_bytes(data)
    size = soundly(image_size, path)
    assert size is None or (len(size) == 2 and min(size) > 0)


@settings(deadline=None, max_examples=100)
@given(st.one_of(contents, entries.map(lambda entry: json.dumps({"options": entry}).encode())))
def test_any_bytes_as_a_settings_file(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("set") / "best.json"
    path.write_bytes(data)
    soundly(expanded, {"settings": str(path)})


LONG = 200_000


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a/groundtruth.txt", b"1" * LONG + b"x\n"),
        ("a/groundtruth.txt", b"1." + b"1" * LONG + b"x,2,3,4\n"),
        ("a/occlusion.tag", b"1" * LONG + b"x\n"),
        ("a/sequence", b"width=" + b"9" * LONG + b"\nheight=1\n"),
        ("list.txt", b"".join(b"%x\n" % number for number in range(LONG // 4))),
        ("list.txt", b"n" * 300),
        ("list.txt", b"a\0b"),
    ],
)
def test_a_folder_that_was_made_to_hang(tmp_path, name, data):
    for file, content in (SOUND | {name: data}).items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes(content)
    begin = time.process_time()
    with pytest.raises(UserError):
        open_dataset(tmp_path)
    assert time.process_time() - begin < 30


@pytest.mark.parametrize(
    "changes",
    [
        {"occlusion": ["1"] * 20_000 + ["1" * 20_000]},
        {"occlusion": [1] * 20_000 + [10**40]},
        {"width": 10**400, "height": 1},
        {"width": 1e308, "height": 1},
        {"img_names": ["a\0b"]},
        {"img_names": ["a" * 5000]},
    ],
)
def test_annotations_that_were_made_to_crash(tmp_path, changes):
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"a": {"gt_rect": [[1, 2, 3, 4]], **changes}}))
    assert isinstance(soundly(open_dataset, path), UserError)


@pytest.mark.parametrize("name", ["../../up", "", "..", "a/b", "\ud800", "n" * 300])
def test_a_sequence_whose_results_would_lie_elsewhere(tmp_path, name):
    path = tmp_path / "set.json"
    path.write_text(json.dumps({name: {"gt_rect": [[1, 2, 3, 4]]}}))
    with pytest.raises(UserError, match="accepted: the name of a folder"):
        open_dataset(path)
