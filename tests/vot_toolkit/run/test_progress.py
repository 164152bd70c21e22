"""What is shown while trackers run, line by line and live."""

import io

import pytest
from rich.console import Console

from vot_toolkit.errors import TrackerError
from vot_toolkit.run import progress
from vot_toolkit.run.progress import LineProgress, LiveProgress, progress_for


@pytest.fixture
def clock(monkeypatch):
    """Give a clock that is set by hand."""

    class Clock:
        now = 100.0

        def monotonic(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def console(terminal=False):
    return Console(file=io.StringIO(), force_terminal=terminal, width=100, color_system=None)


def text(console):
    return console.file.getvalue()


def test_lines_come_at_most_every_few_seconds(clock):
    out = console()
    lines = progress_for(out)
    lines.start("ncc", 100)
    for second, frames in enumerate((10, 30, 60), start=1):
        clock.now = 100 + 3 * second
        lines.update(frames, 100 if second < 3 else 80, second)
        lines.finish_sequence("baseline", f"s{second}")
    lines.update(80, 80, 1)
    clock.now = 110
    lines.stop()
    assert text(out).splitlines() == [
        "ncc: baseline/s2 done, 30 of 100 frames, 5 frames/s, 2 failures",
        "ncc: 80 frames in 10.0 s, 8 frames/s, 1 failure",
    ]


def test_notes_are_no_markup():
    out = console()
    LineProgress(out).note("[red]ants1[/red]: frame 3")
    assert text(out) == "[red]ants1[/red]: frame 3\n"


def test_the_bar_shows_frames_and_failures():
    out = console(terminal=True)
    bar = progress_for(out)
    assert isinstance(bar, LiveProgress)
    bar.start("ncc [x]", 100)
    bar.update(40, 80, 3)
    bar.finish_sequence("baseline", "ants1")
    bar._bars.refresh()
    bar.stop()
    assert "ncc [x]" in text(out) and "40/80 frames" in text(out) and "3 failures" in text(out)


def test_a_failed_run_is_told_first_and_is_not_done(run):
    out = console()
    lines = LineProgress(out, interval_s=0.0)
    run("Troubled", options={"trouble": "raising"}, progress=lines)
    options, failed, *done, closing = text(out).splitlines()
    assert options == "fake: sequence=1, frame=7, trouble=raising"
    assert failed.startswith("fake: baseline/cup, repetition 1 failed: frame 7: update raised")
    assert [line.split(" frames,")[0] for line in done] == [
        "fake: baseline/dove done, 25 of 45",
        "fake: baseline/ball done, 45 of 45",
    ]
    assert closing.startswith("fake: 45 frames in ")


def test_what_workers_print_is_kept_beside_the_results(run, capfd):
    out = console()
    folder = run(
        "Chatty", engine="process", workers=2, sequences=["ball"], progress=LineProgress(out)
    ).folder
    printed = (folder / "printed.log").read_text().split()
    assert printed[:4] == ["started", "by", "a", "child"]
    assert text(out).splitlines()[-1] == f"fake: what it printed is in {folder}/printed.log"
    assert capfd.readouterr() == ("", "")


def test_what_was_printed_while_it_could_not_be_built_is_shown(run, tmp_path, capfd):
    out = console()
    with pytest.raises(TrackerError):
        run("Deadly", engine="process", workers=1, progress=LineProgress(out))
    assert text(out) == "fake: the last of what it printed:\nno\nlicence\n"
    assert capfd.readouterr() == ("", "")
    assert not (tmp_path / "results").exists()


def test_a_run_tells_how_far_it_is(run):
    out = console()
    lines = LineProgress(out, interval_s=0.0)
    run("Unsaid", progress=lines, sequences=["ball"])
    run("Unsaid", progress=lines, repetitions=4)
    shown = text(out).splitlines()
    assert shown[0].startswith("fake: baseline/ball done, 60 of 60 frames, ")
    assert shown[1].startswith("fake: 60 frames in ")
    assert shown[2].startswith("1 of 3 sequences is already in ")
    assert shown[2].endswith("fake: kept")
    # The fourth repetition of both is dropped from the total in turn.
    assert shown[3].startswith("fake: baseline/cup done, 90 of 190 frames, ")
    assert shown[4].startswith("fake: baseline/dove done, 165 of 165 frames, ")
