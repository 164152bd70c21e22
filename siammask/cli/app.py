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

from siammask.errors import UserError

app = typer.Typer(
    name="siammask",
    help="Follow and segment objects in videos with a trained SiamMask.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


class Mode(StrEnum):
    """How a network is computed."""

    EXACT = "exact"
    FAST = "fast"


class Runtime(StrEnum):
    """What computes a network."""

    TORCH = "torch"
    ONNXRUNTIME = "onnxruntime"
    OPENVINO = "openvino"


class Placement(StrEnum):
    """Where a mask is pasted into its frame."""

    ORIGINAL = "original"
    EXACT = "exact"


class PictureFormat(StrEnum):
    """Files of annotated frames."""

    JPG = "jpg"
    PNG = "png"


class DatasetKind(StrEnum):
    """Data sets of video object segmentation."""

    DAVIS2016 = "davis2016"
    DAVIS2017 = "davis2017"
    YTB_VOS = "ytb_vos"


class ExportFormat(StrEnum):
    """Formats of other programs."""

    ONNX = "onnx"


CheckpointOption = Annotated[
    Path | None,
    typer.Option(
        help="Weights: .pth of the original, of pysot, our own, or .safetensors; without, those "
        "that come with this package."
    ),
]
DeviceOption = Annotated[str, typer.Option(help="cpu, cuda, cuda:1, npu, …")]
ModeOption = Annotated[Mode, typer.Option(help="fast: less precision where that is faster.")]
RuntimeOption = Annotated[Runtime, typer.Option(help="What computes the network.")]
PlacementOption = Annotated[
    Placement | None,
    typer.Option(
        help="Where masks are pasted: original, as published numbers were made, about 1 px right "
        "and below; or exact. By default the settings'."
    ),
]
DatasetOption = Annotated[
    Path, typer.Option(help="Folder of DAVIS or YouTube-VOS, as it is unpacked.")
]
KindOption = Annotated[DatasetKind | None, typer.Option(help="By default told from the folder.")]
SplitOption = Annotated[str | None, typer.Option(help="val by default; valid of YouTube-VOS.")]
VideoOption = Annotated[list[str] | None, typer.Option(help="Only this video; may be repeated.")]
JsonOption = Annotated[Path | None, typer.Option("--json", help="Write the scores to this file.")]
ObjectsOption = Annotated[bool, typer.Option("--per-object", help="Scores of each object.")]


@app.command()
def track(
    source: Annotated[
        str, typer.Argument(help="Folder of frames, video file, or a camera's number.")
    ],
    checkpoint: CheckpointOption = None,
    init: Annotated[
        list[str] | None,
        typer.Option(
            help="Target in the first frame: x,y,w,h or 8 numbers (4 corners), px; one for each "
            "target. Without it, boxes are drawn with the mouse (needs --show)."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for everything, or a video file (.mp4) with a folder beside it."),
    ] = None,
    show: Annotated[bool, typer.Option("--show", help="Show the frames in a window.")] = False,
    settings: Annotated[
        str, typer.Option(help="vot2018, vot2018-ld, davis, base, or a config.json.")
    ] = "vot2018",
    lost_below: Annotated[
        float | None,
        typer.Option(
            help="Score under which a target counts as lost and is not drawn.", min=0.0, max=1.0
        ),
    ] = None,
    device: DeviceOption = "cpu",
    mode: ModeOption = Mode.EXACT,
    runtime: RuntimeOption = Runtime.TORCH,
    placement: PlacementOption = None,
    frames: Annotated[
        PictureFormat, typer.Option(help="Format of annotated frames in a folder.")
    ] = PictureFormat.JPG,
    fps: Annotated[
        float | None,
        typer.Option(
            help="Frames a second of a video file; by default the source's, or 25.", min=1
        ),
    ] = None,
) -> None:
    """Follow targets through a video: annotated frames, regions, masks, scores."""
    from siammask.cli.console import terminal
    from siammask.cli.network import TrackerOptions
    from siammask.cli.track import track_command

    raise typer.Exit(
        track_command(
            source,
            TrackerOptions(
                checkpoint=_weights(checkpoint),
                settings=settings,
                placement=placement and placement.value,
                device=device,
                mode=mode.value,
                runtime=runtime.value,
            ),
            terminal(),
            inits=init or (),
            out=out,
            show=show,
            lost_below=lost_below,
            suffix=f".{frames.value}",
            fps=fps,
        )
    )


@app.command()
def vos(
    dataset: DatasetOption,
    out: Annotated[Path, typer.Option(help="Folder of results; what is done there is kept.")],
    checkpoint: CheckpointOption = None,
    kind: KindOption = None,
    split: SplitOption = None,
    video: VideoOption = None,
    settings: Annotated[
        str, typer.Option(help="vot2018, vot2018-ld, davis, base, or a config.json.")
    ] = "davis",
    threshold: Annotated[
        float | None,
        typer.Option(
            help="Probability above which a pixel is an object's; by default the settings'.",
            min=0.0,
            max=1.0,
        ),
    ] = None,
    device: DeviceOption = "cpu",
    mode: ModeOption = Mode.EXACT,
    runtime: RuntimeOption = Runtime.TORCH,
    placement: PlacementOption = None,
    per_object: ObjectsOption = False,
    json: JsonOption = None,
) -> None:
    """Segment the objects of a data set's videos, and score them; goes on where it was stopped."""
    from siammask.cli.console import terminal
    from siammask.cli.network import TrackerOptions
    from siammask.cli.vos import vos_command

    raise typer.Exit(
        vos_command(
            dataset,
            TrackerOptions(
                checkpoint=_weights(checkpoint),
                settings=settings,
                placement=placement and placement.value,
                device=device,
                mode=mode.value,
                runtime=runtime.value,
            ),
            out,
            terminal(),
            kind=kind and kind.value,
            split=split,
            videos=video or (),
            threshold=threshold,
            per_object=per_object,
            json_file=json,
        )
    )


@app.command("vos-score")
def vos_score(
    results: Annotated[Path, typer.Option(help="Folder with a folder of PNG a video.")],
    dataset: DatasetOption,
    kind: KindOption = None,
    split: SplitOption = None,
    video: VideoOption = None,
    per_object: ObjectsOption = False,
    json: JsonOption = None,
) -> None:
    """Score masks of any program: J and F of DAVIS, mean, recall and decay."""
    from siammask.cli.console import terminal
    from siammask.cli.vos import score_command

    raise typer.Exit(
        score_command(
            results,
            dataset,
            terminal(),
            kind=kind and kind.value,
            split=split,
            videos=video or (),
            per_object=per_object,
            json_file=json,
        )
    )


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="Folder for the files.")],
    checkpoint: CheckpointOption = None,
    format: Annotated[ExportFormat, typer.Option(help="Of which program.")] = ExportFormat.ONNX,
) -> None:
    """Write a network in another program's format, and check it there."""
    from siammask.cli.export import export as export_command

    export_command(_weights(checkpoint), out, format=format.value)


def _weights(checkpoint: Path | None) -> Path:
    """Give the file of weights, and say which it is where none was named."""
    from siammask import zoo
    from siammask.cli.console import note, terminal

    chosen = zoo.choose(checkpoint)
    if checkpoint is None:
        note(terminal(), f"weights: {chosen.stem}, which comes with this package (--checkpoint)")
    return chosen


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
    except PermissionError as error:  # from looking for a file, before it is opened
        print(f"error: {error.filename}: {error.strerror}", file=sys.stderr)
        sys.exit(UserError.exit_status)
