"""The commands ``vos`` and ``vos-score``: segment the videos of a data set, and score masks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from siammask.atomic import write_whole
from siammask.cli.console import bar, note
from siammask.cli.interrupt import INTERRUPTED
from siammask.errors import UsageError, UserError

if TYPE_CHECKING:
    from siammask.cli.network import TrackerOptions
    from siammask.tracker import MultiTracker
    from siammask.video.index_png import Labels
    from siammask.vos.dataset import Dataset, Video
    from siammask.vos.results import ResultFolder


def vos_command(
    dataset: Path,
    options: TrackerOptions,
    out: Path,
    console: Console,
    *,
    kind: str | None = None,
    split: str | None = None,
    videos: Sequence[str] = (),
    threshold: float | None = None,
    per_object: bool = False,
    json_file: Path | None = None,
) -> int:
    """Segment the videos of a data set and score them where there are annotations.

    Parameters
    ----------
    dataset : Path
        Folder of the data set.
    options : TrackerOptions
        Checkpoint, settings, and what computes the network.
    out : Path
        Folder of results; videos that are there are kept.
    console : Console
        Where to print.
    kind, split : str, optional
        As for `siammask.vos.dataset.open_dataset`.
    videos : sequence of str
        Only these; all by default.
    threshold : float, optional
        Of the fusion; by default ``seg_thr`` of the settings.
    per_object : bool
        Whether the table has a line an object.
    json_file : Path, optional
        Where the scores are written.

    Returns
    -------
    int
        Exit status: 0; 1 when a video could not be segmented or scored; 130 after Ctrl-C.

    Raises
    ------
    UserError
        If an option, the data set or the checkpoint cannot be used at all, or the folder holds
        results of another run.
    """
    _check_writable(json_file)
    try:
        opened = _open(dataset, kind, split, videos, console)
        threshold = options.find_settings().seg_thr if threshold is None else threshold
        tracker = options.build(mask=True)
        run = {
            **options.to_dict(),
            "threshold": threshold,
            "dataset": opened.name,
            "kind": opened.kind,
        }
        problems = _segment_all(opened, tracker, threshold, out, run, console)
        status = _show(out, opened, console, per_object, json_file, problems)
    except KeyboardInterrupt:
        note(console, f"stopped; whole videos are in {out}, the same command goes on from there")
        return INTERRUPTED
    note(console, f"results: {out}")
    return status


def score_command(
    results: Path,
    dataset: Path,
    console: Console,
    *,
    kind: str | None = None,
    split: str | None = None,
    videos: Sequence[str] = (),
    per_object: bool = False,
    json_file: Path | None = None,
) -> int:
    """Score masks of any program.

    Parameters
    ----------
    results : Path
        Folder with a folder of PNG a video.
    dataset, console, kind, split, videos, per_object, json_file
        As for `vos_command`.

    Returns
    -------
    int
        Exit status: 0; 1 when a video could not be scored.

    Raises
    ------
    UserError
        If the data set cannot be used or has no annotations, or there are no results at all.
    """
    _check_writable(json_file)
    opened = _open(dataset, kind, split, videos, console)
    return _show_scores(results, opened, console, per_object, json_file, {})


def _open(
    folder: Path, kind: str | None, split: str | None, videos: Sequence[str], console: Console
) -> Dataset:
    """Open a data set and say what was found."""
    from siammask.vos.dataset import open_dataset

    opened = open_dataset(folder, kind, split).select(videos)
    frames = sum(len(video.frames) for video in opened.videos)
    told = "" if kind else f", told by {opened.told_by}"
    count = f"{_videos(len(opened.videos))}, {frames} frames"
    note(console, f"{opened.title}: {opened.kind}{told}; {count}")
    return opened


def _videos(count: int) -> str:
    return "1 video" if count == 1 else f"{count} videos"


def _check_writable(file: Path | None) -> None:
    """Find out before hours of work whether a file's folder is there."""
    if file is not None and not file.absolute().parent.is_dir():
        raise UsageError(f"--json {file}", hint="its folder does not exist")


def _segment_all(
    dataset: Dataset,
    tracker: MultiTracker,
    threshold: float,
    out: Path,
    run: dict[str, Any],
    console: Console,
) -> dict[str, str]:
    """Segment the videos that are not done; give what went wrong with which."""
    from siammask.vos.results import ResultFolder

    results = ResultFolder(out, dataset.kind)
    results.claim(run)
    problems: dict[str, str] = {}
    missing: list[Video] = []
    for video in dataset.videos:
        try:
            missing += [] if results.has(video) else [video]
        except UserError as error:
            problems[video.name] = str(error)
    done = len(dataset.videos) - len(missing) - len(problems)
    if done:
        note(console, f"already in {out}: {_videos(done)}")
    total = sum(len(video.frames) for video in missing)
    with bar(console, dataset.title, total) as advance:
        for video in missing:
            try:
                _segment_one(video, tracker, threshold, results, advance)
            except UserError as error:
                problems[video.name] = str(error)
    return problems


def _segment_one(
    video: Video,
    tracker: MultiTracker,
    threshold: float,
    results: ResultFolder,
    advance: Callable[[], None],
) -> None:
    from siammask.vos.segmentation import segment

    def counted() -> Iterator[tuple[str, Labels]]:
        for frame in segment(video, tracker, threshold):
            yield frame
            advance()

    results.write(video, counted())


def _show(
    out: Path,
    dataset: Dataset,
    console: Console,
    per_object: bool,
    json_file: Path | None,
    problems: Mapping[str, str],
) -> int:
    """Score what can be scored, and name what cannot."""
    from siammask.vos.scoring import is_annotated

    if len(problems) == len(dataset.videos):
        return _show_problems(problems, console)
    if is_annotated(dataset):
        return _show_scores(out, dataset, console, per_object, json_file, problems)
    note(console, f"{dataset.title} has annotations of first frames only: nothing to score with")
    return _show_problems(problems, console)


def _show_scores(
    results: Path,
    dataset: Dataset,
    console: Console,
    per_object: bool,
    json_file: Path | None,
    problems: Mapping[str, str],
) -> int:
    from siammask.vos.report import score_dict, score_table
    from siammask.vos.scoring import score

    with bar(console, "scoring", len(dataset.videos), "videos") as advance:
        scores = score(results, dataset, advance)
    console.print(score_table(scores, per_object))
    if json_file is not None:
        write_whole(json_file, json.dumps(score_dict(scores), indent=1, allow_nan=False) + "\n")
    # A video that could not be segmented cannot be scored either: its first fault is enough.
    return _show_problems({**scores.problems, **problems}, console)


def _show_problems(problems: Mapping[str, str], console: Console) -> int:
    for video, what in problems.items():
        note(console, f"problem: {video}: {what}")
    return 1 if problems else 0
