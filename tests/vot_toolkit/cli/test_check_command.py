"""The command ``check``, as it is printed."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from vot_toolkit.cli.check import check
from vot_toolkit.errors import UsageError


@pytest.fixture
def console():
    """Give a console of 100 columns."""
    return Console(file=io.StringIO(), width=100)


def lines(console: Console) -> list[str]:
    """Give what was printed, without blanks at the ends."""
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_tracker_in_order(console):
    assert check("ncc", ["search=1.5"], console) == 0
    *found, speed, verdict = lines(console)
    assert found == [
        "✓  it is built",
        "✓  its name is 'ncc'",
        "✓  it says deterministic = True",
        "✓  a rectangle: 15 regions of 4 numbers, with scores",
        "✓  four corners, started again on another frame: 11 regions of 4 numbers, with scores",
        "✓  it leaves the images as they are",
        "✓  two runs from one start agree",
        "✓  it is on the target in 15 of 15 frames, mean overlap 1.00",
    ]
    assert speed.startswith("✓  ")
    assert verdict == "ncc keeps the contract"


def test_warning_keeps_the_contract(console):
    assert check("identity", [], console) == 0
    warning = "!  it is on the target in 7 of 15 frames, mean overlap 0.12"
    assert warning in lines(console)


def test_tracker_that_is_not_there(console):
    assert check("ncd", [], console) == 1
    fault, *advice, verdict = lines(console)
    assert fault == "✗  it cannot be built: no tracker 'ncd'"
    assert advice[0].startswith("   → did you mean 'ncc'? there are ")
    assert verdict == "ncd breaks the contract"


def test_square_brackets_are_no_markup(console, tmp_path):
    path = tmp_path / "odd.py"
    path.write_text("raise ValueError('[bold]x[/bold]')\n", encoding="utf-8")
    assert check(f"{path}:A", [], console) == 1
    assert "[bold]x[/bold]" in "".join(lines(console))


def test_option_without_a_value(console):
    with pytest.raises(UsageError, match="option 'search'"):
        check("ncc", ["search"], console)


WEIGHTED = """
class A:
    name = "a"
    deterministic = True

    def __init__(self, checkpoint: str = "none", device: str = "none", extra: int = 0):
        print("\\033[31m" + f"{checkpoint} [b]{device}[/b]" + "\\033[0m", extra + 1)
        if extra == 2:
            import time
            time.sleep(60)

    def initialize(self, image, region):
        self.region = region

    def update(self, image):
        return self.region
"""


@pytest.fixture
def weighted(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(WEIGHTED, encoding="utf-8")
    return f"{path}:A"


def test_checkpoint_and_device_are_options_and_what_is_printed_is_shown(console, weighted):
    status = check(weighted, ["extra=4"], console, checkpoint="w.pth", device="cpu")
    assert status == 0
    *_, heading, printed, verdict = lines(console)
    assert (heading, printed) == ("the last of what it printed:", "   w.pth [b]cpu[/b] 5")
    assert verdict == "a keeps the contract"


def test_tracker_that_hangs(console, weighted):
    assert check(weighted, ["extra=2"], console, timeout_s=3) == 1
    assert lines(console)[:2] == [
        "✗  building it: no answer within 3 s",
        "   → --timeout S gives it more",
    ]
