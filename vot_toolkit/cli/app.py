"""The commands and their options; the work is done in the module of each command.

Only Typer is imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from vot_toolkit.errors import UserError

app = typer.Typer(
    name="vot_toolkit",
    help="Score visual object trackers by the VOT2018 rules, and run them.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


class RuleSet(StrEnum):
    """Rule sets, as the command line offers them."""

    VOT2018 = "vot2018"
    PYSOT = "pysot"
    MATLAB2019 = "matlab2019"
    MATLAB7 = "matlab7"
    VOT_TOOLKIT = "vot-toolkit"


class AnalyzedExperiment(StrEnum):
    """Experiments that can be scored."""

    ALL = "all"
    BASELINE = "baseline"
    REALTIME = "realtime"
    UNSUPERVISED = "unsupervised"


class RunExperiment(StrEnum):
    """Experiments that can be run."""

    ALL = "all"
    BASELINE = "baseline"
    UNSUPERVISED = "unsupervised"


class EngineName(StrEnum):
    """Ways to spread the work."""

    PROCESS = "process"
    SERIAL = "serial"


class Device(StrEnum):
    """Hardware a tracker may be asked to use."""

    CPU = "cpu"
    CUDA = "cuda"
    NPU = "npu"


class Listing(StrEnum):
    """What can be listed."""

    TRACKERS = "trackers"
    DATASETS = "datasets"
    RULES = "rules"


RulesOption = Annotated[RuleSet, typer.Option("--rules", help="Whose numbers to compute.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write everything to this file.")]
CheckpointOption = Annotated[
    Path | None, typer.Option("--checkpoint", help="Weights, handed to the tracker.", exists=True)
]
DeviceOption = Annotated[Device | None, typer.Option("--device", help="Handed to the tracker.")]
TrackerOptions = Annotated[
    list[str] | None, typer.Option("--option", help="key=value of the tracker; may be repeated.")
]
AttributesOption = Annotated[bool, typer.Option("--attributes", help="Scores of each attribute.")]
SequencesOption = Annotated[bool, typer.Option("--per-sequence", help="Scores of each sequence.")]


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
    rules: RulesOption = RuleSet.VOT2018,
    attributes: AttributesOption = False,
    per_sequence: SequencesOption = False,
    json: JsonOption = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Threads; one a core.")] = None,
) -> None:
    """Score the raw results of trackers."""
    from vot_toolkit.cli.analyze import analyze_command

    raise typer.Exit(
        analyze_command(
            results,
            dataset,
            trackers=tracker,
            experiment=experiment.value,
            rules=rules.value,
            workers=workers,
            attributes=attributes,
            per_sequence=per_sequence,
            json_file=json,
        )
    )


@app.command("eval")
def evaluate(
    tracker: Annotated[list[str], typer.Option(help="Name, or file.py:Class; may be repeated.")],
    checkpoint: CheckpointOption = None,
    name: Annotated[
        str | None, typer.Option(help="Name in results and tables; the tracker's by default.")
    ] = None,
    dataset: Annotated[
        str | None,
        typer.Option(
            help="VOT folder, VOT2018.json, or a name; by default $VOT_DATASET, data/VOT2018, "
            "or the embedded synthetic set."
        ),
    ] = None,
    experiment: Annotated[
        RunExperiment, typer.Option(help="Which experiment to run.")
    ] = RunExperiment.BASELINE,
    sequence: Annotated[
        list[str] | None, typer.Option(help="Only this sequence; may be repeated.")
    ] = None,
    repetitions: Annotated[
        int | None, typer.Option(min=1, help="15 by default, 1 for a deterministic tracker.")
    ] = None,
    results: Annotated[Path, typer.Option(help="Where results are kept.")] = Path("results"),
    engine: Annotated[EngineName, typer.Option(help="How to run.")] = EngineName.PROCESS,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core.")] = None,
    device: DeviceOption = None,
    option: TrackerOptions = None,
    timeout: Annotated[float | None, typer.Option(help="Seconds one frame may take.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Run again what is there.")] = False,
    rules: RulesOption = RuleSet.VOT2018,
    json: JsonOption = None,
    record: Annotated[
        Path | None, typer.Option(help="Folder to write a record of this run to.")
    ] = None,
) -> None:
    """Run trackers under the VOT2018 protocol and score them; goes on where it was stopped."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.eval import evaluate_command

    raise typer.Exit(
        evaluate_command(
            tracker,
            terminal(),
            dataset=dataset,
            results=results,
            options=option or (),
            json_file=json,
            record=record,
            name=name,
            checkpoint=checkpoint,
            device=device and device.value,
            experiments=experiment.value,
            sequences=sequence,
            repetitions=repetitions,
            engine=engine.value,
            workers=workers,
            timeout=timeout,
            force=force,
            rules=rules.value,
        )
    )


@app.command("list")
def list_things(
    what: Annotated[Listing, typer.Argument(help="What to list.")],
) -> None:
    """List trackers, data sets or rule sets."""
    from vot_toolkit.cli.console import terminal
    from vot_toolkit.cli.list import list_datasets, list_rules, list_trackers

    commands = {
        Listing.TRACKERS: list_trackers,
        Listing.DATASETS: list_datasets,
        Listing.RULES: list_rules,
    }
    commands[what](terminal())


@app.command()
def check(
    tracker: Annotated[str, typer.Argument(help="Name, or file.py:Class.")],
    checkpoint: CheckpointOption = None,
    device: DeviceOption = None,
    option: TrackerOptions = None,
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
