"""The commands that show what is behind the scores, and their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vot_toolkit.cli import choices
from vot_toolkit.cli.choices import AnalyzedExperiment, ReportFormat, RuleSet

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
