"""What the options of the commands accept, and what ``--help`` says of them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


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


class ResettingExperiment(StrEnum):
    """Experiments in which a tracker can fail."""

    BASELINE = "baseline"
    REALTIME = "realtime"


class ScoredExperiment(StrEnum):
    """Experiments, where one is meant."""

    BASELINE = "baseline"
    REALTIME = "realtime"
    UNSUPERVISED = "unsupervised"


class RunExperiment(StrEnum):
    """Experiments that can be run."""

    ALL = "all"
    BASELINE = "baseline"
    REALTIME = "realtime"
    UNSUPERVISED = "unsupervised"


class EngineName(StrEnum):
    """Ways to spread the work."""

    PROCESS = "process"
    SERIAL = "serial"
    RAY = "ray"


class Device(StrEnum):
    """Hardware a tracker may be asked to use."""

    CPU = "cpu"
    CUDA = "cuda"
    NPU = "npu"


class ReportFormat(StrEnum):
    """Formats of a report."""

    HTML = "html"
    LATEX = "latex"
    MARKDOWN = "markdown"
    PNG = "png"
    PDF = "pdf"
    SVG = "svg"


class PlacedImages(StrEnum):
    """What becomes of the images when a data set is converted."""

    NONE = "none"
    LINK = "link"
    COPY = "copy"


class Listing(StrEnum):
    """What can be listed."""

    TRACKERS = "trackers"
    DATASETS = "datasets"
    RULES = "rules"


RulesOption = Annotated[RuleSet, typer.Option("--rules", help="Whose numbers to compute.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write everything to this file.")]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", help="Write a page with charts (extra `report`).")
]
IntervalsOption = Annotated[
    bool, typer.Option("--ci", help="95 % intervals, by resampling sequences.")
]
ThreadsOption = Annotated[int | None, typer.Option("--workers", min=1, help="Threads; one a core.")]
CheckpointOption = Annotated[
    Path | None, typer.Option("--checkpoint", help="Weights, handed to the tracker.", exists=True)
]
DeviceOption = Annotated[Device | None, typer.Option("--device", help="Handed to the tracker.")]
TrackerOptions = Annotated[
    list[str] | None, typer.Option("--option", help="key=value of the tracker; may be repeated.")
]
AttributesOption = Annotated[bool, typer.Option("--attributes", help="Scores of each attribute.")]
SequencesOption = Annotated[bool, typer.Option("--per-sequence", help="Scores of each sequence.")]

# Of eval alone.
TrackersOption = Annotated[
    list[str], typer.Option("--tracker", help="Name, or file.py:Class; may be repeated.")
]
LabelOption = Annotated[
    str | None,
    typer.Option("--name", help="Name in results and tables; the tracker's by default."),
]
DatasetOption = Annotated[
    str | None,
    typer.Option(
        "--dataset",
        help="VOT folder, VOT2018.json, or a name; by default $VOT_DATASET, data/VOT2018, "
        "or the embedded synthetic set.",
    ),
]
ExperimentOption = Annotated[
    RunExperiment, typer.Option("--experiment", help="Which experiment to run.")
]
SequenceOption = Annotated[
    list[str] | None, typer.Option("--sequence", help="Only this sequence; may be repeated.")
]
RepetitionsOption = Annotated[
    int | None,
    typer.Option("--repetitions", min=1, help="15 by default, 1 for a deterministic tracker."),
]
ResultsOption = Annotated[Path, typer.Option("--results", help="Where results are kept.")]
EngineOption = Annotated[EngineName, typer.Option("--engine", help="How to run.")]
AddressOption = Annotated[
    str | None, typer.Option("--address", help="Cluster of --engine ray; this machine by default.")
]
ProcessesOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes; one a core.")
]
LanesOption = Annotated[
    int, typer.Option("--lanes", min=1, help="Jobs side by side in each, if the tracker can.")
]
TimeoutOption = Annotated[
    float | None, typer.Option("--timeout", help="Seconds one frame may take.")
]
RegistryOption = Annotated[
    Path | None,
    typer.Option("--registry", help="trackers.ini: its sections are trackers too.", exists=True),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Run again what is there.")]
RecordOption = Annotated[
    Path | None, typer.Option("--record", help="Folder to write a record of this run to.")
]
RecordHostOption = Annotated[
    bool, typer.Option("--record-host", help="Name user and host in the record.")
]

# Of tune alone.
SpaceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--space",
        help="option=start:stop:step (both ends), start:stop, or a|b|c, with commas between "
        "options; or a name: siammask-base, siammask-sharp. May be repeated.",
    ),
]
CheckpointsOption = Annotated[
    str | None,
    typer.Option("--checkpoints", help="Quoted pattern of files; each is scored."),
]
ObjectiveOption = Annotated[
    str,
    typer.Option(
        "--objective", help="eao, accuracy, robustness, failures, overlap; or realtime.eao, …"
    ),
]
HoldoutOption = Annotated[
    float | None,
    typer.Option(
        "--holdout", help="Share of the sequences not tuned on: 0.3, or 0 for --checkpoints alone."
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of the held-out draw and the sampler.")]
SamplerOption = Annotated[
    str, typer.Option("--sampler", help="grid; or of Optuna: tpe, random, cmaes.")
]
TrialsOption = Annotated[
    int | None,
    typer.Option("--trials", min=1, help="Most trials: all of a grid, else 100, by default."),
]
TopOption = Annotated[
    int, typer.Option("--top", min=1, help="Trials shown, and run on the sequences held out.")
]
OutOption = Annotated[Path, typer.Option("--out", help="Folder of trials, table and settings.")]
ChartOption = Annotated[
    Path | None, typer.Option("--chart", help=".svg, .png or .pdf; OUT/trials.svg by default.")
]

# Of the commands that explain results.
ScoredDatasetOption = Annotated[
    str, typer.Option("--dataset", help="VOT folder, VOT2018.json, or a name.")
]
ResultsArgument = Annotated[Path, typer.Argument(help="Folder with one folder a tracker.")]
SomeTrackersOption = Annotated[
    list[str] | None, typer.Option("--tracker", help="Only this tracker; may be repeated.")
]
