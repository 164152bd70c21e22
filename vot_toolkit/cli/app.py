"""The commands and their options; the work is done in the module of each command.

Only Typer is imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vot_toolkit.cli import choices
from vot_toolkit.cli.choices import AnalyzedExperiment, EngineName, Listing, RuleSet, RunExperiment
from vot_toolkit.cli.data import data
from vot_toolkit.cli.exchange import exchange
from vot_toolkit.cli.insight import insight
from vot_toolkit.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    name="vot_toolkit",
    help="Score visual object trackers by the VOT2018 rules, and run them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@app.command()
def analyze(
    results: Annotated[Path, typer.Argument(help="Folder with one folder a tracker.")],
    dataset: Annotated[str, typer.Option(help="VOT folder, VOT2018.json, or a name.")],
    tracker: Annotated[
        list[str] | None, typer.Option(help="Only this tracker; may be repeated.")
    ] = None,
    experiment: Annotated[
        AnalyzedExperiment, typer.Option(help="Only this experiment.")
    ] = AnalyzedExperiment.ALL,
    rules: choices.RulesOption = RuleSet.VOT2018,
    attributes: choices.AttributesOption = False,
    per_sequence: choices.SequencesOption = False,
    ci: choices.IntervalsOption = False,
    json: choices.JsonOption = None,
    html: choices.HtmlOption = None,
    workers: choices.ThreadsOption = None,
) -> None:
    """Score the raw results of trackers."""
    from vot_toolkit.cli.analyze import analyze_command
    from vot_toolkit.cli.output import Output

    raise typer.Exit(
        analyze_command(
            results,
            dataset,
            trackers=tracker,
            experiment=experiment.value,
            rules=rules.value,
            workers=workers,
            output=Output(attributes, per_sequence, ci, json, html),
        )
    )


@app.command("eval")
def evaluate(
    tracker: choices.TrackersOption,
    registry: choices.RegistryOption = None,
    checkpoint: choices.CheckpointOption = None,
    name: choices.LabelOption = None,
    dataset: choices.DatasetOption = None,
    experiment: choices.ExperimentOption = RunExperiment.BASELINE,
    sequence: choices.SequenceOption = None,
    repetitions: choices.RepetitionsOption = None,
    results: choices.ResultsOption = Path("results"),
    engine: choices.EngineOption = EngineName.PROCESS,
    address: choices.AddressOption = None,
    workers: choices.ProcessesOption = None,
    lanes: choices.LanesOption = 1,
    device: choices.DeviceOption = None,
    option: choices.TrackerOptions = None,
    timeout: choices.TimeoutOption = None,
    force: choices.ForceOption = False,
    rules: choices.RulesOption = RuleSet.VOT2018,
    ci: choices.IntervalsOption = False,
    json: choices.JsonOption = None,
    html: choices.HtmlOption = None,
    record: choices.RecordOption = None,
    record_host: choices.RecordHostOption = False,
) -> None:
    """Run trackers under the VOT2018 protocol and score them; goes on where it was stopped."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.eval import evaluate_command
    from vot_toolkit.cli.output import Output

    raise typer.Exit(
        evaluate_command(
            tracker,
            terminal(),
            dataset=dataset,
            results=results,
            options=option or (),
            output=Output(ci=ci, json_file=json, html_file=html),
            record=record,
            record_host=record_host,
            registry=registry,
            name=name,
            checkpoint=checkpoint,
            device=device and device.value,
            experiments=experiment.value,
            sequences=sequence,
            repetitions=repetitions,
            engine=engine.value,
            address=address,
            workers=workers,
            lanes=lanes,
            timeout=timeout,
            force=force,
            rules=rules.value,
        )
    )


@app.command()
def tune(
    tracker: Annotated[str, typer.Option(help="Name, or file.py:Class.")],
    space: choices.SpaceOption = None,
    checkpoints: choices.CheckpointsOption = None,
    checkpoint: choices.CheckpointOption = None,
    dataset: choices.DatasetOption = None,
    objective: choices.ObjectiveOption = "eao",
    holdout: choices.HoldoutOption = None,
    seed: choices.SeedOption = 0,
    sampler: choices.SamplerOption = "grid",
    trials: choices.TrialsOption = None,
    top: choices.TopOption = 10,
    sequence: choices.SequenceOption = None,
    repetitions: choices.RepetitionsOption = None,
    out: choices.OutOption = Path("tuning"),
    chart: choices.ChartOption = None,
    engine: choices.EngineOption = EngineName.PROCESS,
    workers: choices.ProcessesOption = None,
    device: choices.DeviceOption = None,
    option: choices.TrackerOptions = None,
    timeout: choices.TimeoutOption = None,
    force: choices.ForceOption = False,
    rules: choices.RulesOption = RuleSet.VOT2018,
) -> None:
    """Look for the best options of a tracker, or the best of its checkpoints."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.tune import tune_command

    raise typer.Exit(
        tune_command(
            tracker,
            terminal(),
            space=space or (),
            checkpoints=checkpoints,
            checkpoint=checkpoint,
            dataset=dataset,
            objective=objective,
            holdout=holdout,
            seed=seed,
            sampler=sampler,
            trials=trials,
            top=top,
            sequences=sequence,
            repetitions=repetitions,
            out=out,
            chart=chart,
            engine=engine.value,
            workers=workers,
            device=device and device.value,
            options=option or (),
            timeout=timeout,
            force=force,
            rules=rules.value,
        )
    )


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
    registry: choices.RegistryOption = None,
) -> None:
    """List trackers, data sets or rule sets."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.list import list_datasets, list_rules, list_trackers

    commands: dict[Listing, Callable[[Console], None]] = {
        Listing.TRACKERS: partial(list_trackers, registry=registry),
        Listing.DATASETS: list_datasets,
        Listing.RULES: list_rules,
    }
    commands[what](terminal())


@app.command()
def check(
    tracker: Annotated[str, typer.Argument(help="Name, or file.py:Class.")],
    registry: choices.RegistryOption = None,
    checkpoint: choices.CheckpointOption = None,
    device: choices.DeviceOption = None,
    option: choices.TrackerOptions = None,
    timeout: Annotated[
        float, typer.Option(help="Seconds that building it, or one frame, may take.")
    ] = 60.0,
) -> None:
    """Run a tracker on a tiny sequence and say whether it keeps the contract."""
    from vot_toolkit.cli.check import check as check_command
    from vot_toolkit.cli.console import terminal

    raise typer.Exit(
        check_command(
            tracker,
            option or (),
            terminal(),
            registry=registry,
            checkpoint=checkpoint,
            device=device and device.value,
            timeout_s=timeout,
        )
    )


@app.command()
def verify(
    dataset: Annotated[str, typer.Argument(help="VOT folder, VOT2018.json, or a name.")],
) -> None:
    """Say what a data set lacks or contradicts."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.verify import verify_command

    raise typer.Exit(verify_command(dataset, terminal()))


app.add_typer(insight)
app.add_typer(data)
app.add_typer(exchange)


def main() -> None:
    """Run the command line: a user's error is one line and its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Unicode shows question marks
    try:
        app()
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
