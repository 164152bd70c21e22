"""Records: written once, read back typed, refused when touched."""

import json
from dataclasses import replace

import numpy as np
import pytest

from vot_toolkit.errors import FormatError
from vot_toolkit.machine import Accelerator, Machine
from vot_toolkit.records import Record, read_record, write_record
from vot_toolkit.version import CodeVersion, code_version

MACHINE = Machine(
    cpu="Model X",
    physical_cores=2,
    logical_cores=4,
    usable_cores=2,
    memory_mib=1024,
    system="Linux",
    python="CPython 3.11",
    packages={"numpy": "2.4"},
    accelerators=(Accelerator("npu", "Ascend 910B3", 8, 65536, "23.0"),),
    load=(0.5, 0.25, 0.0),
)
RECORD = Record(
    kind="evaluation",
    label="SiamMask 2/b",
    config={"repetitions": None, "sequences": ["ants1"]},
    results={"fps": 31.5, "eao": None},
    machine=MACHINE,
    code=CodeVersion("1.0", "abc", modified=True),
    checkpoint="f" * 64,
    seed=0,
    created="2026-11-22T08:00:00+00:00",
)


def test_what_is_written_is_read(tmp_path):
    path = write_record(RECORD, tmp_path / "new" / "folder")
    assert path.name == f"evaluation-SiamMask-2-b-{RECORD.digest}.json"
    assert read_record(path) == RECORD
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_name_is_that_of_the_content():
    # Pinned: another canonical form would make all older records look edited.
    assert RECORD.digest == "72290505bb3ca395"
    assert replace(RECORD, label="other").digest != RECORD.digest


def test_a_record_of_the_first_version_is_read(tmp_path):
    old = replace(RECORD, schema_version=1)
    # Pinned in the first version.
    assert old.digest == "3c0bffd6f3413408"
    assert read_record(write_record(old, tmp_path)) == old


def test_where_it_was_run_may_be_unknown(tmp_path):
    unknown = replace(RECORD, machine=None)
    assert read_record(write_record(unknown, tmp_path)) == unknown


def test_what_is_not_finite_is_null(tmp_path):
    values = {"eao": np.float64("nan"), "curve": np.array([1.0, np.inf]), "n": np.int64(3)}
    path = write_record(replace(RECORD, results=values), tmp_path)
    assert read_record(path).results == {"eao": None, "curve": [1.0, None], "n": 3}


def test_an_edited_record_is_refused(tmp_path):
    path = write_record(RECORD, tmp_path)
    path.write_text(path.read_text().replace("31.5", "99.5"))
    with pytest.raises(FormatError, match=r"the content has hash .*records are never edited"):
        read_record(path)


def test_layout_is_not_content(tmp_path):
    path = write_record(RECORD, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()), sort_keys=True))
    assert read_record(path) == RECORD


def test_a_cut_record_is_refused(tmp_path):
    path = write_record(RECORD, tmp_path)
    path.write_text(path.read_text()[:-20])
    with pytest.raises(FormatError, match=rf"{path.name}:\d+: not JSON, or cut off"):
        read_record(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"schema_version": 3},
            "schema_version 3, newer than 2 (this version reads up to 2; a newer one: "
            "python -m pip install --upgrade siammask-bench)",
        ),
        ({"schema_version": None}, "schema_version None: not a record"),
        ({"kind": "guess"}, "kind 'guess' (accepted: evaluation, training)"),
        ({"seed": ...}, "not a record: seed is missing"),
        ({"extra": 1}, "not a record: Record.__init__() got an unexpected keyword argument"),
        ({"machine": {"cpu": "x"}}, "not a record: load is missing"),
        ({"results": []}, "not a record: results is []"),
        ({"label": 3}, "not a record: label is 3"),
        ({"machine": 3}, "not a record: 'int' object is not iterable"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path, change, message):
    data = {**RECORD.to_dict(), **change}
    data = {key: value for key, value in data.items() if value is not ...}
    path = write_by_content(data, tmp_path)
    with pytest.raises(FormatError) as error:
        read_record(path)
    assert f"{path}: {message}" in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1]", "no JSON object"), ('{"a": NaN}', "NaN is no number of JSON"), ("", "not JSON")],
)
def test_other_files_are_refused(tmp_path, text, message):
    path = tmp_path / "evaluation-x-0.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        read_record(path)


def test_an_infinite_number_is_refused(tmp_path):
    path = write_record(RECORD, tmp_path)
    path.write_text(path.read_text().replace("31.5", "1e999"))
    with pytest.raises(FormatError, match="a number in it is not finite"):
        read_record(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"none\.json: cannot be read: No such file"):
        read_record(tmp_path / "none.json")


def test_the_code_says_what_it_is():
    found = code_version()
    assert found.version
    assert found.commit is None or len(found.commit) == 40


def write_by_content(data, folder):
    """Write any JSON under the name of its hash."""
    from vot_toolkit.records import digest_of

    path = folder / f"evaluation-x-{digest_of(data)}.json"
    path.write_text(json.dumps(data))
    return path
