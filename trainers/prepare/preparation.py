"""A preparation: all parts of a data set become crops, then one JSON."""

from __future__ import annotations

import shutil
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from trainers.errors import PreparationError
from trainers.prepare.annotations import Properties, format_annotations, format_tracks
from trainers.prepare.crew import work_through
from trainers.prepare.dropped import Dropped
from trainers.prepare.journal import Journal
from trainers.prepare.layout import Layout
from trainers.prepare.options import Options
from trainers.prepare.part import Plan
from trainers.prepare.progress import Progress
from trainers.prepare.workshop import Workshop
from vot_toolkit.atomic import write_whole


@dataclass
class Report:
    """What a preparation gave, parts of earlier runs included.

    Parameters
    ----------
    name : str
        Name of the set.
    splits : dict
        Properties of each JSON, by its file.
    dropped : list of Dropped
        What was left out, in the order of the parts.
    """

    name: str
    splits: dict[Path, Properties] = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def has_faults(self) -> bool:
        """Tell whether the source lacked something."""
        return any(drop.is_fault for drop in self.dropped)


def prepare(
    plan: Plan, options: Options, layout: Layout, *, workers: int, progress: Progress
) -> Report:
    """Prepare a data set, going on where a run before was stopped.

    Parameters
    ----------
    plan : Plan
        Its parts.
    options : Options
        Must be those of the run before, if there was one.
    layout : Layout
        Where everything goes.
    workers : int
        Processes.
    progress : Progress
        Told how far it is.

    Returns
    -------
    Report
        Also on disk: the JSON files with their properties, and ``dropped.txt``.

    Raises
    ------
    PreparationError
        If there are no parts, two have one name, the options differ, something cannot be written,
        or a worker was ended.
    """
    _check_parts(plan, options)
    options.claim(layout.options)
    with Journal(layout.journal) as journal:
        _make_crops(plan, layout, journal, workers, progress)
        return _write(plan, layout, journal)


def _check_parts(plan: Plan, options: Options) -> None:
    """Refuse no parts, and two whose crops would have the same names."""
    if not plan.parts:
        raise PreparationError("nothing is annotated", file=options.source)
    key, count = Counter(part.key for part in plan.parts).most_common(1)[0]
    if count > 1:
        raise PreparationError(
            f"{count} videos are called {key!r}", file=options.source, hint="names must differ"
        )


def _make_crops(
    plan: Plan, layout: Layout, journal: Journal, workers: int, progress: Progress
) -> None:
    waiting = [part for part in plan.parts if not journal.has(part)]
    total = sum(part.num_images for part in plan.parts)
    progress.start(plan.name, total, total - sum(part.num_images for part in waiting))
    if waiting:
        _discard(layout.packed)
    try:
        with closing(work_through(Workshop(layout), waiting, workers)) as outcomes:
            for outcome in outcomes:
                journal.append(outcome)
                progress.advance(outcome.num_images, outcome.num_crops)
    finally:
        progress.stop()


def _discard(packed: Path) -> None:
    """Remove a packed form, since it is known by names and would keep crops that have changed."""
    if packed.exists():
        shutil.rmtree(packed)


def _write(plan: Plan, layout: Layout, journal: Journal) -> Report:
    report = Report(plan.name)
    for split in plan.splits:
        properties = Properties(plan.name, plan.has_mask)
        videos = {}
        for outcome in journal.outcomes(part for part in plan.parts if part.split == split):
            report.dropped += outcome.dropped
            if outcome.tracks:
                videos[outcome.key] = format_tracks(outcome.tracks)
                properties.count(outcome.tracks)
        write_whole(layout.properties(split), properties.to_json())
        write_whole(layout.annotations(split), format_annotations(videos))
        report.splits[layout.annotations(split)] = properties
    lines = (f"{drop.reason.value}\t{drop.place}\n" for drop in report.dropped)
    write_whole(layout.dropped, "".join(lines))
    return report
