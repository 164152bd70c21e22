"""The README's section on one's own tracker, word for word: its files, its commands, its table."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import vot_toolkit

README = Path(__file__).parents[2] / "README.md"
TITLE = "## Evaluate your tracker in five minutes\n"
FILE = re.compile(r"^```\w+\n(?:#|;) (?P<name>\S+\.\w+)\b(?P<rest>.*?)^```$", re.M | re.S)
COMMAND = re.compile(r"^    python (-m vot_toolkit .+)$", re.M)
TABLE = re.compile(r"^    synthetic ·.*\n(?:    [┏┃┡│└].*\n)+", re.M)
ROW = re.compile(r"^ *│ +1 │ \S+ +│ (?P<scores>.+) │ +[\d.]+ │$", re.M)
"""A row of a table: the tracker's name, its scores, and its speed, which is the machine's."""


def section():
    text = README.read_text(encoding="utf-8").partition(TITLE)[2]
    assert text, f"the README has the section{TITLE.strip('#')}"
    return text.partition("\n## ")[0]


@pytest.fixture
def newcomer(tmp_path):
    """Copy the section's files into an empty folder; run a command there, give what it prints."""
    for block in FILE.finditer(section()):
        (tmp_path / block["name"]).write_text("# " + block["name"] + block["rest"])
    known = {"PATH", "HOME", "OMP_NUM_THREADS"}
    clean = {key: text for key, text in os.environ.items() if key in known}
    clean["PYTHONPATH"] = str(Path(vot_toolkit.__file__).parents[1])

    def run(arguments):
        done = subprocess.run(
            [sys.executable, *shlex.split(arguments)],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    return run


def commands():
    found = COMMAND.findall(section())
    assert len(found) == 4
    return found


def test_a_class(newcomer):
    check, evaluate = commands()[:2]
    said = newcomer(check)
    assert said.endswith("mine keeps the contract\n") and "in 7 of 15 frames" in said
    assert "in 7 of 15 frames" in " ".join(section().split())
    shown = TABLE.search(section())[0]
    assert ROW.search(newcomer(evaluate))["scores"] == ROW.search(shown)["scores"]


def test_a_program(newcomer):
    pytest.importorskip("trax", reason="the extra trax is not installed")
    said = newcomer(commands()[2])
    assert said.endswith("mine-trax keeps the contract\n")


@pytest.mark.slow
def test_a_program_in_the_whole_protocol(newcomer):
    """It gives the numbers of the class, as the README says."""
    pytest.importorskip("trax", reason="the extra trax is not installed")
    shown = TABLE.search(section())[0]
    assert ROW.search(newcomer(commands()[3]))["scores"] == ROW.search(shown)["scores"]
