"""A training learns, and says what it did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

from vot_toolkit.errors import UsageError


def test_the_loss_falls(tiny: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tiny.write_data(
        tmp_path / "data", videos=1, num=80, lr=0.1, epochs=3, batch=2, unfreeze=1
    )
    given = {"config": str(config), "out": str(tmp_path / "out"), "record": str(tmp_path / "rec")}
    assert tiny.main(json.dumps({**given, "label": "tiny", "log_every": 4})) == 0
    losses = [line["loss"] for line in tiny.read_trace(tmp_path / "out")]
    assert len(losses) == 30
    # 9.9 after 21.5 where this was written.
    assert sum(losses[-10:]) < 0.7 * sum(losses[:10])
    *_, fps, duration = capsys.readouterr().out.splitlines()
    assert fps.startswith("Final Performance images/sec : ")
    assert duration.startswith("E2E Training Duration sec : ")
    (record,) = (tmp_path / "rec").iterdir()
    found = json.loads(record.read_text())
    assert (found["kind"], found["label"], found["precision"]) == ("training", "tiny", "float32")
    assert found["results"]["steps"] == 120 and found["results"]["ending"] == "complete"
    assert found["results"]["speed"]["images_per_s"] == pytest.approx(float(fps[31:]), abs=0.005)
    assert found["config"]["recipe"]["loss"]["weight"] == [1, 1, 32]
    assert str(tmp_path) not in record.read_text()
    assert "host" not in found["config"]


def test_user_and_host_are_in_the_record_when_asked_for(
    tiny: Any, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody")
    given = {"config": str(config), "out": str(tmp_path / "out"), "record_host": True, "steps": 1}
    with pytest.raises(UsageError, match="--record-host without a record"):
        tiny.main(json.dumps(given))
    assert tiny.main(json.dumps({**given, "record": str(tmp_path / "rec")})) == 0
    (record,) = (tmp_path / "rec").iterdir()
    assert json.loads(record.read_text())["config"]["host"]["user"] == "somebody"


def test_momentum_is_lost_when_the_backbone_joins_unless_it_is_kept(
    tiny: Any, config: Path, tmp_path: Path
) -> None:
    traces = {}
    for keep in (False, True):
        out = tmp_path / str(keep)
        given = {"config": str(config), "out": str(out), "keep_momentum": keep, "steps": 11}
        assert tiny.main(json.dumps(given)) == 0
        traces[keep] = [line["loss"] for line in tiny.read_trace(out)]
    # The ninth is the first with the new optimizer, and the first that its step changes the tenth.
    assert traces[True][:9] == traces[False][:9]
    assert traces[True][9] != traces[False][9]


def test_what_is_complete_is_left_alone(
    tiny: Any, config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = json.dumps({"config": str(config), "out": str(tmp_path), "keep": 1})
    assert tiny.main(given) == 0
    assert [each.name for each in tmp_path.glob("*.pth")] == ["checkpoint_e2.pth"]
    before = tiny.read_trace(tmp_path)
    capsys.readouterr()
    assert tiny.main(given) == 0
    said = capsys.readouterr().out
    assert "at its end of 2 epochs" in said and "nothing was left to do" in said
    assert tiny.read_trace(tmp_path) == before
