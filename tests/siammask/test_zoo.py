"""Networks that come with the package: found by name, and only if they are whole."""

import hashlib
import json
from pathlib import Path

import pytest

from siammask import zoo
from siammask.errors import CheckpointError


@pytest.fixture
def folder(tmp_path):
    """Make a folder with one network, and a card without its weights."""
    (tmp_path / "some.safetensors").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    (tmp_path / "some.json").write_text(json.dumps({"sha256": digest}))
    (tmp_path / "gone.json").write_text("{}")
    return tmp_path


def test_found_by_name(folder):
    assert zoo.names(folder) == ["some"]
    assert zoo.find("some", folder) == folder / "some.safetensors"


def test_unknown(folder, tmp_path_factory):
    with pytest.raises(CheckpointError, match=r"no network 'sone'.*did you mean 'some'"):
        zoo.find("sone", folder)
    with pytest.raises(CheckpointError, match="give a file of weights"):
        zoo.find("some", tmp_path_factory.mktemp("empty"))


def test_changed_weights(folder):
    (folder / "some.safetensors").write_bytes(b"other weights")
    with pytest.raises(CheckpointError, match="changed since it was packed"):
        zoo.find("some", folder)


def test_the_default(folder):
    assert zoo.default(folder) is None
    (folder / f"{zoo.DEFAULT}.safetensors").write_bytes(b"weights")
    assert zoo.default(folder) == folder / f"{zoo.DEFAULT}.safetensors"


def test_choosing(folder, tmp_path, monkeypatch):
    assert zoo.choose("some", folder) == folder / "some.safetensors"
    assert zoo.choose("other.pth", folder) == Path("other.pth")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "some").touch()
    assert zoo.choose("some", folder) == Path("some"), "a file of that very name goes first"
    with pytest.raises(CheckpointError, match="none came with this package"):
        zoo.choose(None, folder)
    digest = hashlib.sha256(b"ours").hexdigest()
    (folder / f"{zoo.DEFAULT}.safetensors").write_bytes(b"ours")
    (folder / f"{zoo.DEFAULT}.json").write_text(json.dumps({"sha256": digest}))
    assert zoo.choose(None, folder).name == f"{zoo.DEFAULT}.safetensors"


def test_those_of_the_package_are_whole():
    for name in zoo.names():
        assert zoo.find(name).stat().st_size <= 4e6
        assert {"data", "recipe", "seed", "scores", "limits", "licence"} <= zoo.card(name).keys()
