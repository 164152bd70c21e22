"""A whole run with apex: its state is in the checkpoint, and goes on."""

from __future__ import annotations

import json
import sys
from importlib import import_module, util
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")


@pytest.fixture
def amp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Install the double of `test_apex.py`."""
    spec = util.spec_from_file_location("double", Path(__file__).parents[1] / "test_apex.py")
    assert spec is not None and spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path / "packages" / "apex"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "amp.py").write_text(module.DOUBLE)
    monkeypatch.syspath_prepend(str(folder.parent))
    yield import_module("apex.amp")
    for name in [each for each in sys.modules if each.partition(".")[0] == "apex"]:
        del sys.modules[name]


def test_its_state_is_in_the_checkpoint_and_goes_on(
    tiny: Any, config: Path, tmp_path: Path, amp: Any
) -> None:
    given = {
        "config": str(config),
        "out": str(tmp_path / "out"),
        "amp": "O1",
        "amp_backend": "apex",
        "loss_scale": "dynamic",
    }
    assert tiny.main(json.dumps({**given, "out": str(tmp_path / "whole"), "steps": 12})) == 0
    assert tiny.main(json.dumps({**given, "steps": 10})) == 0
    content = torch.load(tmp_path / "out" / "part_e1_s2.pth", weights_only=True)
    # It goes on with the scale when the optimizer is made anew for the second epoch.
    assert content["amp"]["loss_scaler0"] == {"loss_scale": 65536.0, "unskipped": 10}
    amp.STATE["loss_scaler0"] = {"loss_scale": 1.0, "unskipped": 0}
    assert tiny.main(json.dumps({**given, "steps": 12})) == 0
    assert amp.state_dict()["loss_scaler0"] == {"loss_scale": 65536.0, "unskipped": 12}
    assert tiny.read_trace(tmp_path / "out") == tiny.read_trace(tmp_path / "whole")
    assert [call[:2] for call in amp.CALLS[:1]] == [("initialize", "O1")]
