"""Fixtures of the whole suite."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is the machine's matter, which others may be using.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

# Shells start programs in the background with Ctrl-C ignored, and what these start inherits that:
# then no test could interrupt anything.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def importable_by_children(monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    """Let processes that a test starts import the test's module, wherever pytest was started."""
    monkeypatch.syspath_prepend(pytestconfig.rootpath)


@pytest.fixture(scope="session")
def golden() -> Path:
    """Folder of numbers that other programs printed."""
    return GOLDEN


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real annotations and results, which are not part of this project."""
    named = os.environ.get("VOT_REAL_DATA")
    if not named:
        pytest.skip("VOT_REAL_DATA does not name the folder of real data")
    folder = Path(named)
    assert folder.is_dir(), f"VOT_REAL_DATA={named} is no folder"
    return folder
