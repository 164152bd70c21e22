"""``trackers.ini`` as the official toolkit's users write it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from vot_toolkit.errors import FormatError, TrackerChoiceError, TrackerError, UserError
from vot_toolkit.tracker.registry import TrackerSpec, target_in
from vot_toolkit.tracker.trax.description import (
    read_description,
    section_digest,
    tracker_sections,
)

PUBLISHED = """\
[NCC]  # <tracker-name>
label = Normalised Cross-Correlation
protocol = trax
command = ./ncc --fast "two words"

# from the toolkit's questions and answers
[D3S]
label = D3S
protocol = traxpython
command = vot_wrapper
# separate by ; if using multiple paths
paths = /media/HDD Data/D3S/pytracking;../native/trax
# Additional environment paths
env_PATH = /opt/bin;${PATH}
env_Percent = 100%%
arg_model = /models/model.onnx
timeout = 60
restart = true
meta_deterministic = true

[DiMP]
protocol = traxpython
command = import pytracking.run_vot as run_vot; run_vot.run_vot2020('dimp', 'dimp50')
linkpaths = lib
python = /opt/conda/bin/python
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "trackers.ini"
    path.write_text(PUBLISHED)
    return path


def test_sections_and_labels(file):
    assert tracker_sections(file) == [
        ("NCC", "Normalised Cross-Correlation"),
        ("D3S", "D3S"),
        ("DiMP", "DiMP"),
    ]


def test_a_program(file):
    ncc = read_description(file, "NCC")
    assert (ncc.name, ncc.label) == ("NCC", "Normalised Cross-Correlation")
    assert ncc.command_line() == ["./ncc", "--fast", "two words"]
    assert ncc.folder == file.parent
    assert (ncc.timeout_s, ncc.deterministic) == (30.0, False)


def test_a_module_of_python(file):
    d3s = read_description(file, "D3S")
    paths = ["/media/HDD Data/D3S/pytracking", str(file.parent / "../native/trax")]
    assert d3s.command_line() == [
        sys.executable,
        "-c",
        f"import sys; sys.path[:0] = {paths}; import vot_wrapper",
    ]
    assert (d3s.timeout_s, d3s.deterministic) == (60.0, True)
    assert d3s.arguments == {"model": "/models/model.onnx"}
    environment = d3s.environment({"PATH": "/bin", "HOME": "/root"})
    assert environment == {"PATH": "/opt/bin;/bin", "HOME": "/root", "Percent": "100%%"}


def test_a_statement_of_python(file):
    dimp = read_description(file, "DiMP")
    python, _, statement = dimp.command_line()
    assert python == "/opt/conda/bin/python"
    assert statement.endswith(
        "; import pytracking.run_vot as run_vot; run_vot.run_vot2020('dimp', 'dimp50')"
    )
    library = str(file.parent / "lib")
    assert dimp.environment({}) == {"LD_LIBRARY_PATH": library}
    assert dimp.environment({"LD_LIBRARY_PATH": "/x"}) == {"LD_LIBRARY_PATH": f"{library}:/x"}


def test_a_command_for_the_shell(file):
    file.write_text("[A]\nprotocol = trax\ncommand = cd x && ./run $HOME\n")
    assert read_description(file, "A").command_line() == "cd x && ./run $HOME"


def test_the_digest_is_of_the_section(file):
    before = section_digest(file, "NCC"), section_digest(file, "D3S")
    file.write_text(PUBLISHED.replace("--fast", "--slow"))
    after = section_digest(file, "NCC"), section_digest(file, "D3S")
    assert before[0] != after[0] and before[1] == after[1]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", FormatError, "no tracker in it"),
        ("command = x\n", FormatError, r"trackers\.ini:1: .*no section header"),
        ("[A]\ncommand\n", FormatError, r"trackers\.ini:2: "),
        ("[A]\ncommand = x\n[A]\n", FormatError, r"trackers\.ini:3: .*'A' already exists"),
        ("[A]\ncommand = x\ncommand = y\n", FormatError, r"trackers\.ini:3: .*already exists"),
        ("[A]\nprotocol = trax\n", FormatError, r"\[A\]: no command"),
        ("[A]\ncommand = x 'y\n", FormatError, r"\[A\]: command = x 'y: No closing quotation"),
        ("[A]\ncommand = x\ntimeout = soon\n", FormatError, r"\[A\]: timeout = soon \(accepted"),
        ("[A]\ncommand = x\ntimeout = 0\n", FormatError, r"timeout = 0"),
        ("[A]\ncommand = x\ntimout = 3\n", FormatError, r"key 'timout' \(did you mean 'timeout'"),
        (
            "[A]\ncommand = x\nprotocol = traxmatlab\n",
            TrackerError,
            r"protocol 'traxmatlab' is not spoken here .*accepted: trax, traxpython",
        ),
        ("[B]\ncommand = x\n", TrackerChoiceError, r"no tracker 'A' in it \(there are B\)"),
        ("\xe9".encode("latin-1"), FormatError, "no text in UTF-8"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, error, message):
    path = tmp_path / "trackers.ini"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(error, match=message) as caught:
        read_description(path, "A")
    assert caught.value.file == path


def test_other_keys_are_other_tools_business(file):
    file.write_text(
        "[A]\ncommand = x\nsocket = true\ntags = a,b\nmeta_year = 2018\nwhatsoever = 1\n"
    )
    assert read_description(file, "A").command == "x"


def test_a_missing_file(tmp_path):
    with pytest.raises(TrackerChoiceError, match="cannot be read: No such file"):
        tracker_sections(tmp_path / "trackers.ini")


def test_a_name_is_a_section_or_a_registered_tracker(file):
    assert target_in(None, "ncc") == "ncc"
    assert target_in(file, "NCC") == f"{file}:NCC"
    assert target_in(file, "ncc") == "ncc"
    assert target_in(file, "my.py:Mine") == "my.py:Mine"
    with pytest.raises(UserError, match=r"no tracker 'D3' in it \(did you mean 'D3S'"):
        target_in(file, "D3")


def test_a_section_as_target(file):
    spec = TrackerSpec(f"{file}:NCC")
    assert (spec.name, spec.settled_options()) == ("NCC", {})
    tracker = spec.build()
    assert (tracker.name, tracker.deterministic) == ("NCC", False)
    assert Path(tracker._description.folder) == file.parent
