"""The store and its index: nothing is read twice, and nothing breaks the board."""

from __future__ import annotations

import json
import time

import pytest

from leaderboards import index
from leaderboards.published import published_entries
from leaderboards.store import DEFAULT, VARIABLE, Store, find_entry
from vot_toolkit.errors import UsageError
from vot_toolkit.records import digest_of, write_record


def test_an_entry_holds_what_boards_show(filled):
    entries, problems = filled.entries()
    assert problems == [] and len(entries) == 5
    good = find_entry("good", entries)
    assert good.values["fps"] == 31.25 and good.fact("rules") == "vot2018"
    assert good.fact("machine") == "Intel Xeon E5-2690 v4, 8 of 28 cores"
    assert good.value("overlap").kind == "not run"
    assert find_entry("8p NPU", entries).values["device_images_per_s"] == 192.5


def test_nothing_is_read_twice(filled, monkeypatch):
    first = filled.entries()
    monkeypatch.setattr(index, "_read", None)
    assert filled.entries() == first


def test_what_is_new_changed_or_gone_is_noticed(filled, evaluated):
    filled.entries()
    path, new = filled.add(evaluated("good", precision="bf16"))
    assert new and len(filled.entries()[0]) == 6
    path.write_text(path.read_text().replace("31.25", "99.25"))
    entries, (problem,) = filled.entries()
    assert len(entries) == 5
    assert problem.file == str(path) and "the content has hash" in problem.what
    path.unlink()
    assert filled.entries()[1] == []


def test_a_damaged_index_is_made_anew(filled):
    expected = filled.entries()
    for text in ("{", "[]", '{"made_by": null}', '{"made_by": [1, "0"], "files": 3}'):
        (filled.folder / index.FILE).write_text(text)
        assert filled.entries() == expected


def test_a_store_that_cannot_be_written_to_is_read(filled, monkeypatch):
    def refuse(*_, **__):
        raise UsageError("protected")

    monkeypatch.setattr(index, "write_whole", refuse)
    assert len(filled.entries()[0]) == 5


def by_content(data) -> str:
    return f"evaluation-x-{digest_of(data)}.json"


def test_bad_files_are_named_and_the_rest_is_shown(filled, evaluated):
    folder = filled.folder
    record = evaluated("good")
    text = json.dumps(record.to_dict())
    (folder / "evaluation-cut-0123456789abcdef.json").write_text(text[:2000])
    (folder / "evaluation-edited-0123456789abcdef.json").write_text(text)
    (folder / "evaluation-nan-0123456789abcdef.json").write_text('{"eao": NaN}')
    (folder / f"evaluation-copy-{record.digest}.json").write_text(text)
    newer = {**record.to_dict(), "schema_version": 9}
    (folder / by_content(newer)).write_text(json.dumps(newer))
    odd = {**record.to_dict(), "results": {"problems": 3}}
    (folder / by_content(odd)).write_text(json.dumps(odd))
    entries, problems = filled.entries()
    assert len(entries) == 5
    found = sorted(problem.what for problem in problems)
    expected = (
        "NaN is no number of JSON",
        "a record whose content cannot be used",
        "newer than 2 (this version reads up to 2; a newer one: python -m pip install --upgrade",
        "cut off",
        "records are never edited",
        f"the same record as evaluation-copy-{record.digest}.json: taken once",
    )
    for part in expected:
        assert any(part in what for what in found), part
    assert len(problems) == len(expected)
    assert filled.entries()[1] == problems


def test_no_store_is_an_empty_one(tmp_path):
    assert Store(tmp_path / "none").entries() == ([], [])
    assert not (tmp_path / "none").exists()


def test_a_file_is_no_store(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="--store names the folder"):
        Store(tmp_path / "file")


def test_where_the_store_is(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert Store().folder == DEFAULT
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    assert Store().folder == tmp_path


def test_the_same_record_is_kept_once(filled, evaluated):
    path, new = filled.add(evaluated("good"))
    assert not new and path.name in {entry.file for entry in filled.entries()[0]}


def test_finding_by_hash_file_and_label(filled, evaluated):
    entries, _ = filled.entries()
    good = find_entry("good", entries)
    assert find_entry(good.digest[:6], entries) is good
    assert find_entry(good.file, entries) is good
    assert find_entry(f"some/where/{good.file}", entries) is good
    assert find_entry("GOOD", entries) is good
    with pytest.raises(UsageError, match=r"no record 'goood' \(did you mean 'good'"):
        find_entry("goood", entries)
    with pytest.raises(UsageError, match="the store is empty"):
        find_entry("x", [])


def test_of_a_label_the_newest_and_measured_is_meant(filled, evaluated):
    from dataclasses import replace

    later = replace(evaluated("good"), created="2026-12-01T00:00:00+00:00")
    filled.add(later)
    known = [*filled.entries()[0], *published_entries("evaluation")]
    assert find_entry("good", known).digest == later.digest
    assert find_entry("KCF", known).published
    beside = find_entry("SiamFC", known)
    assert find_entry("SiamMask", known, beside).fact("dataset") == "VOT2018"


@pytest.mark.slow
def test_five_thousand_records_take_less_than_a_second(store, evaluated, capsys):
    from leaderboards.cli.show import show_command

    record = evaluated("good").to_dict()
    record["results"].pop("evidence")
    store.folder.mkdir()
    for number in range(5000):
        record["label"] = f"tracker {number}"
        path = store.folder / f"evaluation-{number}-{digest_of(record)}.json"
        path.write_text(json.dumps(record))
    show_command("trackers", store=store.folder)
    begin = time.process_time()
    assert show_command("trackers", store=store.folder) == 0
    assert time.process_time() - begin < 1.0
    assert "… and 4960 more" in capsys.readouterr().out


def test_records_of_eval_are_taken_as_they_are(tmp_path, evaluated):
    path = write_record(evaluated("fair"), tmp_path)
    assert [entry.file for entry in Store(tmp_path).entries()[0]] == [path.name]
