"""Settings files stand for the options in them."""

import json

import pytest

from vot_toolkit.errors import FormatError, UsageError
from vot_toolkit.tracker.settings import expanded, write_settings


@pytest.fixture
def best(tmp_path):
    path = tmp_path / "best.json"
    write_settings(path, "ncc", {"search": "0.2", "mode": "fast"}, {"objective": "eao"})
    return path


def test_a_file_stands_for_its_options(best):
    assert expanded({"settings": str(best)}) == {"search": "0.2", "mode": "fast"}


def test_an_option_beside_it_wins(best):
    assert expanded({"search": "3", "settings": str(best)}) == {"search": "3", "mode": "fast"}


@pytest.mark.parametrize("text", ["vot2018", "", "absent.json", "/no/such/file.json"])
def test_other_texts_are_left_to_the_tracker(text):
    assert expanded({"settings": text}) == {"settings": text}


@pytest.mark.parametrize("content", ['{"hp": {"lr": 0.3}}', "[1]", "no json", "[" * 100_000])
def test_other_files_are_left_to_the_tracker(tmp_path, content):
    path = tmp_path / "config.json"
    path.write_text(content)
    assert expanded({"settings": str(path)}) == {"settings": str(path)}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"options": {}, "schema_version": 9}, "this version reads 1"),
        ({"options": {}}, "schema_version None"),
        ({"options": {"lr": 0.3}, "schema_version": 1}, "options that are no texts"),
        ({"options": 3, "schema_version": 1}, "options that are no texts"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, data, said):
    path = tmp_path / "best.json"
    path.write_text(json.dumps(data))
    with pytest.raises(FormatError, match=said) as caught:
        expanded({"settings": str(path)})
    assert caught.value.file == path


def test_a_settings_file_names_no_other(best, tmp_path):
    with pytest.raises(UsageError):
        write_settings(tmp_path / "next.json", "ncc", {"settings": str(best)}, {})
