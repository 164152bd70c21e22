"""Archives: sound ones are unpacked, hostile ones are refused."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vot_toolkit.download import unpacking
from vot_toolkit.download.unpacking import unpack
from vot_toolkit.errors import DownloadError


@pytest.fixture
def archive(tmp_path):
    """Write a zip file of names and contents; a ZipInfo may stand for a name."""

    def write(*members):
        path = tmp_path / "archive.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in members:
                file.writestr(name, content)
        return path

    return write


def found(folder):
    """Give the files of a folder and their content."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_members_come_to_their_places(archive, tmp_path):
    unpack(archive(("a.jpg", b"1"), ("deep/b.jpg", b"2"), ("deep/", b"")), tmp_path / "o", None, ())
    assert found(tmp_path / "o") == {"a.jpg": b"1", "deep/b.jpg": b"2"}


def test_a_folder_around_everything_is_left_out(archive, tmp_path):
    path = archive(("color/1.jpg", b"1"), ("color/2.jpg", b"2"))
    unpack(path, tmp_path / "o", None, ["color", "bag"])
    assert set(found(tmp_path / "o")) == {"1.jpg", "2.jpg"}
    unpack(path, tmp_path / "other", None, ["bag"])
    assert set(found(tmp_path / "other")) == {"color/1.jpg", "color/2.jpg"}


def link(name):
    """Describe a member that is a symbolic link."""
    member = zipfile.ZipInfo(name)
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


def encrypted(name):
    member = zipfile.ZipInfo(name)
    member.flag_bits |= 1
    return member


@pytest.mark.parametrize(
    "name",
    ["../up.txt", "a/../../up.txt", "/etc/passwd", "..\\up.txt", "C:/up.txt", "a\nb"],
)
def test_a_member_that_leaves_the_folder_is_refused(archive, tmp_path, name):
    raw = zipfile.ZipInfo("placeholder")
    raw.filename = name
    with pytest.raises(DownloadError, match="leaves the folder"):
        unpack(archive(("good.txt", b"1"), (raw, b"2")), tmp_path / "o", None, ())
    assert not (tmp_path / "o").exists(), "nothing of it is unpacked"


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([(link("a"), "/etc")], "a link or device"),
        ([("a", b"1"), ("A", b"2")], "has a member twice"),
        ([], "a zip file of 0 files"),
    ],
)
def test_other_members_that_are_refused(archive, tmp_path, members, said):
    with pytest.raises(DownloadError, match=said):
        unpack(archive(*members), tmp_path / "o", None, ())
    assert not (tmp_path / "o").exists()


def test_an_encrypted_member_is_refused(archive, tmp_path):
    path = archive(("a", b"12345"))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(DownloadError, match="encrypted"):
        unpack(path, tmp_path / "o", None, ())


def test_a_member_without_a_name_is_refused(archive, tmp_path):
    path = archive(("a", b"1"), ("b", b"2"))
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\1\2")
    data[entry + 28], data[entry + 32] = 0, 1  # the name has become the comment
    path.write_bytes(data)
    with pytest.raises(DownloadError):
        unpack(path, tmp_path / "o", None, ())


def test_another_compression_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as file:
        file.writestr("a", b"1")
    with pytest.raises(DownloadError, match="packed by method 14"):
        unpack(tmp_path / "a.zip", tmp_path / "o", None, ())


def test_a_bomb_is_refused_before_it_goes_off(archive, tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "LEAST_LIMIT", 10_000)
    path = archive(("zeros", b"\0" * 2_000_000))
    with pytest.raises(DownloadError, match=r"bytes that unpacks to 2000000"):
        unpack(path, tmp_path / "o", None, ())
    with pytest.raises(DownloadError, match="unpacks to 2000000"):
        unpack(path, tmp_path / "o", 1_000_000, ())
    unpack(path, tmp_path / "o", 2_000_000, ())


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_says(archive, tmp_path):
    path = archive(("zeros", b"\0" * 5_000_000))
    data = path.read_bytes()
    assert data.count(struct.pack("<I", 5_000_000)) == 2
    path.write_bytes(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 100)))
    with pytest.raises(DownloadError, match="not a sound zip file"):
        unpack(path, tmp_path / "o", None, ())
    assert sum(map(len, found(tmp_path / "o").values())) <= 100


def test_a_full_disk_is_named(archive, tmp_path):
    (tmp_path / "o").write_text("in the way")
    with pytest.raises(DownloadError, match="cannot be unpacked"):
        unpack(archive(("a", b"1")), tmp_path / "o", None, ())


def sound():
    """Give the bytes of a small archive."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("groundtruth.txt", "1,2,3,4\n" * 20)
        file.writestr("color/00000001.jpg", bytes(range(200)))
    return data.getvalue()


SOUND = sound()


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(SOUND)),
)
def test_any_bytes_are_unpacked_or_a_named_error(tmp_path_factory, changes, length):
    place = tmp_path_factory.mktemp("zip")
    data = bytearray(SOUND)
    for position, value in changes:
        data[position] = value
    (place / "a.zip").write_bytes(data[:length])
    tracemalloc.start()
    try:
        unpack(place / "a.zip", place / "in" / "out", None, ())
    except DownloadError as error:
        assert error.what
    finally:
        assert tracemalloc.get_traced_memory()[1] < 2**26
        tracemalloc.stop()
    assert {path.name for path in place.iterdir()} <= {"a.zip", "in"}
    assert {path.name for path in (place / "in").glob("*")} <= {"out"}
