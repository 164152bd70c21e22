"""Scores as a table and as JSON."""

from __future__ import annotations

import math
from typing import Any

from rich.table import Table
from rich.text import Text

from siammask.vos.measures import Statistics
from siammask.vos.scoring import ObjectScore, Scores, VideoScore

COLUMNS = ("mean ↑", "recall ↑", "decay ↓")


def score_table(scores: Scores, per_object: bool = False) -> Table:
    """Make the table: a line a video, the mean over all objects last.

    Parameters
    ----------
    scores : Scores
        What to show.
    per_object : bool
        Whether each object of a video with several has a line too.

    Returns
    -------
    Table
        Numbers from 0 to 1 with three decimals; a dash where there is none.
    """
    table = Table(title=Text(_title(scores)), title_justify="left", box=None, pad_edge=False)
    table.add_column("video", no_wrap=True)
    table.add_column("objects", justify="right")
    for measure in ("J", "F"):
        for column in COLUMNS:
            table.add_column(f"{measure} {column}", justify="right")
    for video in scores.videos:
        table.add_row(Text(video.name), str(len(video.objects)), *_cells(video))
        if per_object and len(video.objects) > 1:
            for item in video.objects:
                table.add_row(Text(f"  {item.label}", style="dim"), "", *_cells(item))
    table.add_section()
    table.add_row("all", str(len(scores.objects)), *_cells(scores), style="bold")
    return table


def score_dict(scores: Scores) -> dict[str, Any]:
    """Make what ``--json`` writes; anything undefined is None."""
    dataset = scores.dataset
    return {
        "schema_version": 1,
        "dataset": {
            "name": dataset.name,
            "kind": dataset.kind,
            "split": dataset.split or None,
            "videos": len(dataset.videos),
        },
        "j_and_f": _number(scores.mean),
        **_measures(scores),
        "videos": {
            video.name: {
                **_measures(video),
                "objects": {
                    str(item.label): {"frames": item.num_frames, **_measures(item)}
                    for item in video.objects
                },
            }
            for video in scores.videos
        },
        "problems": [{"video": name, "what": what} for name, what in scores.problems.items()],
    }


def _title(scores: Scores) -> str:
    dataset = scores.dataset
    done, there = len(scores.videos), len(dataset.videos)
    part = "1 video" if there == 1 else f"{there} videos"
    part = part if done == there else f"{done} of {part}"
    return f"{dataset.title} ({dataset.kind}, {part}): J&F {_cell(scores.mean)}"


def _cells(scored: Scores | VideoScore | ObjectScore) -> list[str]:
    parts: tuple[Statistics, ...] = (scored.region, scored.contour)
    return [_cell(value) for part in parts for value in (part.mean, part.recall, part.decay)]


def _cell(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _measures(scored: Scores | VideoScore | ObjectScore) -> dict[str, Any]:
    parts = {"J": scored.region, "F": scored.contour}
    return {
        name: {key: _number(value) for key, value in vars(part).items()}
        for name, part in parts.items()
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
