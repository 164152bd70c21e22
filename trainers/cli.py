"""The command line of the stages; the work is done in `run`.

Only Typer is imported here, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from vot_toolkit.errors import UsageError, UserError

BEGIN = "TRAINERS_BEGIN"
"""Tells the processes of a run when the command was given, in seconds since 1970."""


class Amp(StrEnum):
    """Precisions."""

    O0 = "O0"
    O1 = "O1"
    BF16 = "bf16"


class AmpBackend(StrEnum):
    """Who does mixed precision."""

    NATIVE = "native"
    APEX = "apex"


_HARDWARE = {"rich_help_panel": "Hardware"}
_DATA = {"rich_help_panel": "What is trained"}
_OUTPUT = {"rich_help_panel": "Results"}

Config = Annotated[
    str | None,
    typer.Option("--config", help="A config.json, or the name of a recipe.", **_DATA),
]
DataFolder = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of the data sets; by default as the config says.", **_DATA),
]
Pretrained = Annotated[
    str | None,
    typer.Option(
        "--pretrained",
        help="The ResNet-50 to start from, or none; by default models/resnet.model if it is there.",
        **_DATA,
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        help="A checkpoint of the same kind of network to train further, or siammask_tiny.",
        **_DATA,
    ),
]
BaseCheckpoint = Annotated[
    Path | None,
    typer.Option("--base-checkpoint", help="What trainers.base trained, to start from.", **_DATA),
]
Epochs = Annotated[int | None, typer.Option(min=1, help="20 by default.", **_DATA)]
BatchSize = Annotated[
    int | None, typer.Option(min=1, help="Pairs on each device; 64 by default.", **_DATA)
]
Workers = Annotated[
    int | None,
    typer.Option(min=0, help="Processes that make samples, for each device.", **_HARDWARE),
]
Steps = Annotated[
    int | None, typer.Option(min=1, help="End after so many steps of the whole run.", **_DATA)
]
Seed = Annotated[int | None, typer.Option(min=0, help="Of everything random.", **_DATA)]
Npus = Annotated[int | None, typer.Option("--npus", min=1, help="Ascend NPUs.", **_HARDWARE)]
Gpus = Annotated[int | None, typer.Option("--gpus", min=1, help="CUDA GPUs.", **_HARDWARE)]
Cpus = Annotated[
    int | None, typer.Option("--cpus", min=1, help="Processes on the CPU.", **_HARDWARE)
]
OneCpu = Annotated[bool, typer.Option("--cpu", help="One process on the CPU.", **_HARDWARE)]
Device = Annotated[
    str | None,
    typer.Option(
        "--device", help="Another registered backend, as NAME or NAME:COUNT.", **_HARDWARE
    ),
]
AmpOption = Annotated[
    Amp,
    typer.Option("--amp", help="float32; float16 with a loss scale; bfloat16.", **_HARDWARE),
]
AmpBackendOption = Annotated[
    AmpBackend, typer.Option("--amp-backend", help="torch, or apex if you have it.", **_HARDWARE)
]
LossScaleOption = Annotated[
    str, typer.Option("--loss-scale", help="Of O1: a number, or dynamic.", **_HARDWARE)
]
Restarts = Annotated[
    int,
    typer.Option(
        "--max-restarts", min=0, help="How often to start again after a failure.", **_HARDWARE
    ),
]
Pin = Annotated[
    bool, typer.Option("--pin/--no-pin", help="Keep each process to its cores.", **_HARDWARE)
]
Out = Annotated[Path, typer.Option("--out", help="Where everything is written.", **_OUTPUT)]
Resume = Annotated[
    str,
    typer.Option("--resume", help="auto: go on in --out; never; or a checkpoint.", **_OUTPUT),
]
RecordFolder = Annotated[
    Path | None, typer.Option("--record", help="Folder to write a record to.", **_OUTPUT)
]
RecordHost = Annotated[
    bool, typer.Option("--record-host", help="Name user and host in the record.", **_OUTPUT)
]
Label = Annotated[str | None, typer.Option("--label", help="Name in the record.", **_OUTPUT)]
Evaluate = Annotated[
    str | None,
    typer.Option(
        "--eval",
        help="Score every epoch's checkpoint on VOT2018, synthetic or a folder; keep the best.",
        **_OUTPUT,
    ),
]
SaveEvery = Annotated[
    int | None, typer.Option(min=1, help="Save within epochs too, every N steps.", **_OUTPUT)
]
Keep = Annotated[
    int | None, typer.Option(min=1, help="Keep only the last N checkpoints.", **_OUTPUT)
]
LogEvery = Annotated[int, typer.Option(min=1, help="Steps between two lines.", **_OUTPUT)]
KeepMomentum = Annotated[
    bool,
    typer.Option(
        "--keep-momentum",
        help="When other parts begin to train; the original loses it.",
        **_DATA,
    ),
]


def train(
    stage: str,
    module: str,
    *,
    npus: int | None,
    gpus: int | None,
    cpus: int | None,
    cpu: bool,
    device: str | None,
    **options: Any,
) -> None:
    """Become one of the processes of a run, or start them; ends the program."""
    from trainers.launch import find_place, start_processes, threads_for
    from trainers.options import Options

    backend, devices = chosen_devices(npus=npus, gpus=gpus, cpus=cpus, cpu=cpu, device=device)
    plain: dict[str, Any] = {
        key: str(each) if isinstance(each, StrEnum) else each for key, each in options.items()
    }
    request = Options(stage, backend=backend, devices=devices, **plain)
    begin = float(os.environ.get(BEGIN) or time.time())
    place = find_place()
    if place.launcher is None and (devices or 1) > 1:
        os.environ[BEGIN] = str(begin)
        threads = threads_for("cpu" if backend == "cpu" else "accelerator", devices or 1)
        _check(request)
        status = start_processes(
            module, sys.argv[1:], devices or 1, threads=threads, max_restarts=request.max_restarts
        )
        raise typer.Exit(status)
    from trainers.run import run
    from vot_toolkit.cli.console import terminal

    raise typer.Exit(run(request, place, terminal(), begin=begin))


def chosen_devices(
    *, npus: int | None, gpus: int | None, cpus: int | None, cpu: bool, device: str | None
) -> tuple[str | None, int | None]:
    """Give the backend and how many of its devices were asked for.

    Raises
    ------
    UsageError
        If several were.

    Examples
    --------
    >>> chosen_devices(npus=8, gpus=None, cpus=None, cpu=False, device=None)
    ('npu', 8)
    >>> chosen_devices(npus=None, gpus=None, cpus=None, cpu=False, device="xpu:2")
    ('xpu', 2)
    """
    given: dict[str, tuple[str, int | None]] = {}
    for option, name, count in (
        ("--npus", "npu", npus),
        ("--gpus", "cuda", gpus),
        ("--cpus", "cpu", cpus),
        ("--cpu", "cpu", 1 if cpu else None),
    ):
        if count is not None:
            given[option] = (name, count)
    if device is not None:
        name, _, text = device.partition(":")
        if text and not (text.isdigit() and int(text)):
            raise UsageError(f"--device {device!r}", hint="accepted: NAME or NAME:COUNT")
        given["--device"] = (name, int(text) if text else None)
    if len(given) > 1:
        raise UsageError(f"{' and '.join(given)}", hint="one of them")
    return next(iter(given.values()), (None, None))


def _check(options: Any) -> None:
    """Find what is wrong before processes are started, each of which would say it."""
    from trainers.backends import find_backend
    from trainers.errors import BackendError
    from trainers.run import find_recipe

    find_recipe(options)
    count = find_backend(options.backend).count()
    if options.backend != "cpu" and options.devices > count:
        fault = f"{options.devices} of {options.backend} asked for, there are {count}"
        raise BackendError(fault, hint=f"ask for at most {count}, or see which are visible")


def door(command: Callable[..., None]) -> Callable[[], None]:
    """Make of a command what ``python -m`` runs: a user's error is one line and an exit status."""
    app = typer.Typer(add_completion=False, rich_markup_mode="rich", pretty_exceptions_enable=False)
    app.command()(command)

    def main() -> None:
        """Run the command line."""
        try:
            app()
        except UserError as error:
            _fail(str(error), error.exit_status)
        except Exception as error:
            # siammask's errors, of a package that knows nothing of this one.
            status = getattr(error, "exit_status", None)
            if status is None:
                raise
            _fail(str(error), status)

    return main


def _fail(message: str, status: int) -> None:
    print(f"error: {message}", file=sys.stderr)
    sys.exit(status)
