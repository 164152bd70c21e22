"""Files are whole or absent."""

import os

import pytest

from vot_toolkit.atomic import sweep, write_whole
from vot_toolkit.errors import UserError


def test_text_is_written_as_it_is(tmp_path):
    path = tmp_path / "new" / "a.txt"
    write_whole(path, "1\nü\r\n")
    assert path.read_bytes() == "1\nü\r\n".encode()
    write_whole(path, "")
    assert path.read_bytes() == b""


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_an_interrupted_write_leaves_what_was_there(tmp_path, monkeypatch, interruption):
    path = tmp_path / "a.txt"
    write_whole(path, "before")

    def interrupt(_):
        names = [entry.name for entry in tmp_path.iterdir() if entry != path]
        assert len(names) == 1 and not names[0].endswith(".txt")
        raise interruption

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(interruption):
        write_whole(path, "after")
    assert [entry.read_text() for entry in tmp_path.iterdir()] == ["before"]


def test_what_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"file/a\.txt: cannot be written: "):
        write_whole(tmp_path / "file" / "a.txt", "x")


def test_leftovers_are_swept(tmp_path):
    for name in (".a.txt.12.part", "a.txt", ".hidden", "b.part"):
        (tmp_path / name).write_text("")
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden", "a.txt", "b.part"]
    sweep(tmp_path / "none")
