"""Every tracker that is registered, with the options it needs."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

import pytest

from vot_toolkit.tracker import registry
from vot_toolkit.tracker.protocol import Tracker
from vot_toolkit.tracker.registry import TrackerSpec

OURS = {
    "identity": "vot_toolkit.tracker.identity:build",
    "ncc": "vot_toolkit.tracker.ncc:build",
    **{
        name: f"vot_toolkit.tracker.opencv:{name}"
        for name in ("csrt", "kcf", "mil", "mosse", "medianflow")
    },
    "siammask": "siammask.vot:build",
}
"""The trackers of this project, whether or not it is installed."""

FORMULA = Path(__file__).parents[1] / "siammask" / "formula.py"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give every tracker of this project, and every other registered one, to a test."""
    if "tracker_name" in metafunc.fixturenames:
        installed = {entry.name for entry in registry._find_entry_points()}
        metafunc.parametrize("tracker_name", sorted(installed | set(OURS)), scope="module")


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a checkpoint of SiamMask that tracks nothing, in the official wrapping."""
    spec = importlib.util.spec_from_file_location("contract_formula", FORMULA)
    assert spec is not None and spec.loader is not None
    formula = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(formula)
    path: Path = formula.write_checkpoint(tmp_path_factory.mktemp("weights") / "tiny.pth", "tiny")
    return path


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register the trackers of this project beside those that are installed."""
    others = [entry for entry in registry._find_entry_points() if entry.name not in OURS]
    ours = [EntryPoint(name, value, registry.GROUP) for name, value in OURS.items()]
    monkeypatch.setattr(registry, "_find_entry_points", lambda: (*ours, *others))


@pytest.fixture
def spec(registered: None, tracker_name: str, request: pytest.FixtureRequest) -> TrackerSpec:
    """Give the spec of the tracker under test."""
    if tracker_name != "siammask":
        return TrackerSpec(tracker_name)
    if find_spec("torch") is None:
        pytest.skip("siammask needs torch, which is not installed")
    path = request.getfixturevalue("checkpoint")
    return TrackerSpec("siammask", (("checkpoint", str(path)),))


@pytest.fixture(scope="session")
def pair() -> Callable[[TrackerSpec], tuple[Tracker, Tracker]]:
    """Build two of a tracker once, for all tests; each test starts them anew."""
    return cache(lambda spec: (spec.build(), spec.build()))


@pytest.fixture
def tracker(spec: TrackerSpec, pair: Callable[[TrackerSpec], tuple[Tracker, Tracker]]) -> Tracker:
    """Give the tracker under test, which another test may have used."""
    return pair(spec)[0]


@pytest.fixture
def other(spec: TrackerSpec, pair: Callable[[TrackerSpec], tuple[Tracker, Tracker]]) -> Tracker:
    """Give a second one of the same kind."""
    return pair(spec)[1]
