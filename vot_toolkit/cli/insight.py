"""The commands that show what is behind the scores, and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vot_toolkit.cli import choices
from vot_toolkit.cli.choices import (
    AnalyzedExperiment,
    ReportFormat,
    ResettingExperiment,
    RuleSet,
    ScoredExperiment,
)

insight = typer.Typer()


@insight.command()
def report(
    results: choices.ResultsArgument,
    dataset: choices.ScoredDatasetOption,
    out: Annotated[Path, typer.Option(help="File; a folder for png, pdf and svg.")],
    format: Annotated[
        ReportFormat, typer.Option(help="A page, tables, or figures.")
    ] = ReportFormat.HTML,
    tracker: choices.SomeTrackersOption = None,
    experiment: Annotated[
        AnalyzedExperiment, typer.Option(help="Only this experiment.")
    ] = AnalyzedExperiment.ALL,
    rules: choices.RulesOption = RuleSet.VOT2018,
    workers: choices.ThreadsOption = None,
) -> None:
    """Write tables and figures: one HTML page, LaTeX, Markdown, or image files."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.report import report_command

    raise typer.Exit(
        report_command(
            results,
            dataset,
            terminal(),
            kind=format.value,
            out=out,
            trackers=tracker,
            experiment=experiment.value,
            rules=rules.value,
            workers=workers,
        )
    )


@insight.command()
def explain(
    tracker: Annotated[str, typer.Argument(help="Folder of its results.")],
    results: choices.ResultsOption,
    dataset: choices.ScoredDatasetOption,
    experiment: Annotated[
        AnalyzedExperiment, typer.Option(help="Only this experiment.")
    ] = AnalyzedExperiment.ALL,
    rules: Annotated[
        RuleSet, typer.Option(help="From which the others are explained.")
    ] = RuleSet.VOT2018,
    json: choices.JsonOption = None,
    workers: choices.ThreadsOption = None,
) -> None:
    """Say why a tracker's numbers differ between rule sets, switch by switch."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.explain import explain_command

    raise typer.Exit(
        explain_command(
            tracker,
            results,
            dataset,
            terminal(),
            experiment=experiment.value,
            rules=rules.value,
            json_file=json,
            workers=workers,
        )
    )


@insight.command()
def failures(
    tracker: Annotated[str, typer.Argument(help="Folder of its results.")],
    results: choices.ResultsOption,
    dataset: choices.ScoredDatasetOption,
    experiment: Annotated[
        ResettingExperiment, typer.Option(help="Of which experiment.")
    ] = ResettingExperiment.BASELINE,
    sequence: choices.SequenceOption = None,
    rules: choices.RulesOption = RuleSet.VOT2018,
    json: choices.JsonOption = None,
    strips: Annotated[
        Path | None, typer.Option(help="Folder for pictures of the frames around each.")
    ] = None,
) -> None:
    """List every failure of a tracker: sequence, frame, attributes, overlap before it."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.failures import failures_command

    raise typer.Exit(
        failures_command(
            tracker,
            results,
            dataset,
            terminal(),
            experiment=experiment.value,
            sequences=sequence,
            rules=rules.value,
            json_file=json,
            strips=strips,
        )
    )


@insight.command()
def view(
    sequence: Annotated[str, typer.Argument(help="Name of a sequence with images.")],
    dataset: choices.ScoredDatasetOption,
    results: choices.ResultsOption = Path("results"),
    tracker: Annotated[
        list[str] | None, typer.Option(help="Drawn over the ground truth; may be repeated.")
    ] = None,
    experiment: Annotated[
        ScoredExperiment, typer.Option(help="Of which experiment.")
    ] = ScoredExperiment.BASELINE,
    repetition: Annotated[int, typer.Option(min=1, help="Number of the result file.")] = 1,
    frames: Annotated[
        str | None, typer.Option(help="FIRST:LAST, FIRST:LAST:STEP, or 3,7,9; from 1.")
    ] = None,
    scale: Annotated[float, typer.Option(min=0.05, max=8, help="Size of the picture.")] = 1.0,
    fps: Annotated[float, typer.Option(min=0.1, max=240, help="Frames per second.")] = 20.0,
    out: Annotated[
        Path | None, typer.Option(help="FILE.mp4, or FILE.png for a strip; a window without.")
    ] = None,
) -> None:
    """Draw ground truth and trackers on the frames of a sequence."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.view import view_command

    raise typer.Exit(
        view_command(
            sequence,
            dataset,
            terminal(),
            results=results,
            trackers=tracker,
            experiment=experiment.value,
            repetition=repetition,
            frames=frames,
            scale=scale,
            fps=fps,
            out=out,
        )
    )
