"""The command ``tune``: what it says, writes and returns."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from vot_toolkit.errors import UsageError
from vot_toolkit.report import extra
from vot_toolkit.run.serial import SerialEngine

TABLE = """\
Shifted · baseline.accuracy · 3 trials on 3 sequences of tiny · rules vot2018
┏━━━┳━━━━━━━━━┳━━━━━━━━┳━━━━━━━━┳━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━┓
┃ # ┃ shift   ┃  EAO ↑ ┃    A ↑ ┃    R ↓ ┃ failures ↓ ┃ held-out A ↑ ┃
┡━━━╇━━━━━━━━━╇━━━━━━━━╇━━━━━━━━╇━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━┩
│ 1 │ 2       │ 1.0000 │ 1.0000 │ 0.0000 │        0.0 │       1.0000 │
│ 2 │ 3       │ 0.8889 │ 0.8889 │ 0.0000 │        0.0 │       0.8889 │
│ 3 │ 4       │ 0.7895 │ 0.7895 │ 0.0000 │        0.0 │       0.7895 │
│   │ its own │ 0.7000 │ 0.7000 │ 0.0000 │        0.0 │       0.7000 │
└───┴─────────┴────────┴────────┴────────┴────────────┴──────────────┘
  held out: 1 sequence, dog
  the first beats the tracker's own options by +0.3000 where it was chosen, and by +0.3000 on the \
sequences held out
"""


def test_from_start_to_settings(command, tmp_path):
    pytest.importorskip("altair")
    status, text = command(space=["shift=2:4:1"], objective="accuracy", holdout=0.25)
    assert status == 0
    lines = text.splitlines()
    assert lines[0] == "tiny: 4 sequences, 66 frames"
    assert lines[1].startswith("its own options, Shifted: accuracy 0.")
    assert lines[4].startswith("3/3 Shifted_shift_")
    assert lines[5] == "the best 3 on the 1 sequence held out"
    assert TABLE in text
    assert "settings: tuning/best.json; eval takes them by --option settings=tuning/best" in text
    assert lines[-1] == "chart: tuning/trials.svg"
    drawing = ElementTree.parse(tmp_path / "tuning" / "trials.svg")
    assert drawing.getroot().tag.endswith("svg")
    trials = json.loads((tmp_path / "tuning" / "trials.json").read_text())
    assert trials["sequences"]["held_out"] and len(trials["trials"]) == 3
    assert "3 trials" in command(space=["shift=2:4:1"], objective="accuracy", holdout=0.25)[1]


def test_a_search_in_vain_is_said(command):
    _, text = command(space=["shift=6:7:1"], objective="accuracy", holdout=0.25)
    assert "no trial beats the tracker's own options where they were chosen" in text


def test_epochs_stand_in_their_order(command, tmp_path):
    for epoch, weight in ((1, 3), (2, 0.5), (10, 1)):
        (tmp_path / f"e{epoch}.pth").write_text(str(weight))
    status, text = command(checkpoints="e*.pth", options=["shift=2"], top=1)
    rows = [line for line in text.splitlines() if line.startswith("│")]
    assert status == 0
    assert [row.split("│")[1].strip() for row in rows] == ["3", "1", "2"]
    assert [row.split("│")[2].strip() for row in rows] == ["e1.pth", "e2.pth", "e10.pth"]
    assert json.loads((tmp_path / "tuning/best.json").read_text())["options"] == {
        "shift": "2",
        "checkpoint": "e2.pth",
    }


def test_what_failed_is_said(command):
    status, text = command(space=["mode=steady|raising"], holdout=0)
    assert status == 1
    assert "not ranked: 1 trial; Shifted_mode_raising: ant: frame 1: update raised" in text


def test_ctrl_c_says_how_to_go_on(command, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(SerialEngine, "run", interrupt)
    status, text = command(space=["shift=2:4:1"])
    assert status == 130
    assert text.splitlines()[-1].startswith("stopped; what is done is in tuning")


def test_a_chart_is_drawn_where_it_can_be(command, tmp_path, monkeypatch):
    with pytest.raises(UsageError, match="accepted endings"):
        command(space=["shift=2:4:1"], chart=tmp_path / "chart.gif")
    monkeypatch.setattr(extra, "LIBRARIES", ("no_such_library",))
    with pytest.raises(UsageError, match="reports need no_such_library"):
        command(space=["shift=2:4:1"], chart=tmp_path / "chart.png")
    status, text = command(space=["shift=2:4:1"])
    assert status == 0
    assert "no chart: reports need no_such_library" in text
