"""The command ``view``: ground truth and trackers drawn on the frames of a sequence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from vot_toolkit.cli.dataset import open_shown
from vot_toolkit.errors import UsageError
from vot_toolkit.places import check_file

STRIP_FRAMES = 12
"""Frames of a strip when none are named."""

ENDINGS = ("mp4", "png")


def view_command(
    sequence: str,
    dataset: str,
    console: Console,
    *,
    results: Path = Path("results"),
    trackers: Sequence[str] | None = None,
    experiment: str = "baseline",
    repetition: int = 1,
    frames: str | None = None,
    scale: float = 1.0,
    fps: float = 20.0,
    out: Path | None = None,
) -> int:
    """Draw, and show or write.

    Parameters
    ----------
    sequence : str
        Which sequence.
    dataset : str
        As typed; with images.
    console : Console
        Where what was written is named.
    results : Path
        Folder with one folder a tracker.
    trackers : sequence of str, optional
        Which trackers; by default the ground truth alone.
    experiment : str
        Of which experiment.
    repetition : int
        Number of the result file.
    frames : str, optional
        ``FIRST:LAST`` or ``FIRST:LAST:STEP``, from 1; or numbers with commas.
    scale : float
        Shown px for one of the image.
    fps : float
        Frames per second of window and video.
    out : Path, optional
        ``.mp4`` or ``.png``; a window without.

    Returns
    -------
    int
        Exit status.

    Raises
    ------
    UserError
        If there is no such sequence, image or result; if nothing can be shown or written so.
    """
    kind = _kind(out)
    scene_dataset = open_shown(dataset, console)
    from vot_toolkit.pictures.scenes import open_scene

    scene = open_scene(results, scene_dataset, sequence, trackers or (), experiment, repetition)
    count = len(scene.sequence)
    chosen = parse_frames(frames, count) if frames else range(count)
    if out is None:
        from vot_toolkit.pictures.window import show_window

        show_window(sequence, chosen, lambda index: scene.frame(index, scale), fps)
        return 0
    if kind == "mp4":
        from vot_toolkit.pictures.video import write_video

        write_video(out, (scene.frame(index, scale) for index in chosen), fps)
    else:
        from vot_toolkit.pictures.strips import sequence_strip, write_png

        shown = chosen if frames else spread(count, STRIP_FRAMES)
        write_png(out, sequence_strip([scene.frame(index, scale) for index in shown]))
    console.print(str(out), markup=False, highlight=False, soft_wrap=True)
    return 0


def _kind(out: Path | None) -> str:
    if out is None:
        return ""
    check_file("--out", out)
    kind = out.suffix.lower().removeprefix(".")
    if kind not in ENDINGS:
        accepted = ", ".join(f".{each}" for each in ENDINGS)
        raise UsageError(f"--out {out}: no such kind of picture", hint=f"accepted: {accepted}")
    return kind


def parse_frames(text: str, count: int) -> Sequence[int]:
    """Read which frames are meant, and give their indices from 0.

    Parameters
    ----------
    text : str
        ``FIRST:LAST``, ``FIRST:LAST:STEP`` or numbers with commas, from 1; an end may be left out.
    count : int
        Frames there are.

    Raises
    ------
    UsageError
        If it is none of these, or no frame is meant.

    Examples
    --------
    >>> list(parse_frames("1:10:4", 100)), parse_frames("3,7", 100), list(parse_frames("98:", 100))
    ([0, 4, 8], [2, 6], [97, 98, 99])
    """
    try:
        chosen = _range(text, count) if ":" in text else [int(part) - 1 for part in text.split(",")]
    except ValueError:
        chosen = []
    if not chosen or min(chosen) < 0 or max(chosen) >= count:
        raise UsageError(
            f"--frames {text!r} names no frames of this sequence",
            hint=f"accepted: FIRST:LAST, FIRST:LAST:STEP or 3,7,9, from 1 to {count}",
        )
    return chosen


def _range(text: str, count: int) -> Sequence[int]:
    first, last, *step = text.split(":")
    return range(int(first or 1) - 1, int(last or count), int(step[0]) if step else 1)


def spread(count: int, wanted: int) -> Iterable[int]:
    """Spread some frames evenly over a sequence, the first and the last among them.

    Examples
    --------
    >>> list(spread(11, 3)), list(spread(2, 3))
    ([0, 5, 10], [0, 1])
    """
    if count <= wanted:
        return range(count)
    return [round(place * (count - 1) / (wanted - 1)) for place in range(wanted)]
