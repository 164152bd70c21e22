"""What is said while crops are made, and after."""

from pathlib import Path

import pytest
from rich.console import Console

from trainers.prepare import progress as progress_module
from trainers.prepare.annotations import Properties
from trainers.prepare.dropped import Dropped, Reason
from trainers.prepare.progress import LineProgress, LiveProgress, progress_for
from trainers.prepare.summary import dropped_table, split_line


@pytest.fixture
def clock(monkeypatch):
    """Let a second pass at each look at the clock."""
    ticks = iter(range(1000))
    monkeypatch.setattr(progress_module.time, "monotonic", lambda: float(next(ticks)))


def test_lines_tell_the_speed_and_the_time_left(clock):
    console = Console(record=True, width=80)
    progress = LineProgress(console, interval_s=2.0)
    progress.start("vid", 1000, 400)
    for _ in range(4):
        progress.advance(10, 25)
    progress.stop()
    assert console.export_text() == (
        "vid: 400 of 1000 images are there from a run before\n"
        "vid: 420 of 1000 images, 10 images/s, 58.0 s left\n"
        "vid: 440 of 1000 images, 10 images/s, 56.0 s left\n"
        "vid: 40 images, 100 crops in 5.0 s, 8.0 images/s\n"
    )


def test_nothing_done_is_nothing_said():
    console = Console(record=True, width=80)
    progress = LineProgress(console)
    progress.start("vid", 10)
    progress.stop()
    assert console.export_text() == ""


def test_a_terminal_gets_a_bar():
    console = Console(record=True, width=100, force_terminal=True)
    progress = progress_for(console)
    assert isinstance(progress, LiveProgress)
    progress.start("coco", 10, 4)
    progress.advance(3, 5)
    progress.stop()
    text = console.export_text()
    assert "coco" in text and "4/10" in text and "3 images, 5 crops in " in text
    assert isinstance(progress_for(Console(width=80, file=None)), LineProgress)


def test_the_summary_counts_by_reason():
    dropped = [
        Dropped(Reason.SMALL, "a.png, object 1"),
        Dropped(Reason.MISSING_IMAGE, "b.jpg"),
        Dropped(Reason.SMALL, "c.png, object 2"),
    ]
    console = Console(record=True, width=70)
    console.print(dropped_table(dropped))
    assert [line.rstrip() for line in console.export_text().splitlines()] == [
        "left out  why                        first",
        "       2  object of 1000 px or less  a.png, object 1",
        "       1  image missing              b.jpg",
    ]
    properties = Properties("coco", True, 2, 3, 4)
    assert split_line(Path("data/x.json"), properties) == (
        "data/x.json: 2 videos, 3 tracks, 4 crops with masks"
    )
