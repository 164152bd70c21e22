"""Places are checked before the work is done."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vot_toolkit.errors import UsageError
from vot_toolkit.places import check_file, check_folder


def test_what_is_not_there_can_be_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for check in (check_file, check_folder):
        check("--json", tmp_path / "new" / "newer" / "x")
        check("--json", Path("x"))
    check_file("--json", Path(os.devnull))
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_replaced_or_added_to(tmp_path):
    (tmp_path / "x").write_text("")
    check_file("--json", tmp_path / "x")
    check_folder("--record", tmp_path)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(UsageError, match=r"--json .*: this is a folder \(name a file\)"):
        check_file("--json", tmp_path)


@pytest.mark.parametrize("check", [check_file, check_folder])
def test_a_file_is_no_folder(check, tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(UsageError, match=r"--json .*: cannot be written \(.*/x is no folder\)"):
        check("--json", tmp_path / "x" / "new" / "y")


@pytest.mark.parametrize("check", [check_file, check_folder])
def test_a_protected_folder(check, tmp_path, monkeypatch):
    # Whoever runs the tests may be allowed everything.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match=rf"\({tmp_path} is protected\)"):
        check("--json", tmp_path / "new" / "x")
