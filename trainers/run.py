"""One process of a training: from options to a checkpoint, two lines and a record."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from siammask import zoo
from trainers import checkpoints, comm
from trainers.apex import Apex
from trainers.backends import choose_backend, find_backend
from trainers.backends.protocol import Backend
from trainers.checkpoints import Snapshot
from trainers.config import Recipe
from trainers.errors import LaunchError
from trainers.feed import Feed, open_feed
from trainers.hooks.checkpoint import SaveCheckpoints
from trainers.hooks.guards import SkippedSteps
from trainers.hooks.progress import progress_for
from trainers.hooks.protocol import Hook
from trainers.hooks.tensorboard import FOLDER as BOARD
from trainers.hooks.tensorboard import TensorBoard
from trainers.hooks.trace import FILE as TRACE
from trainers.hooks.trace import Trace
from trainers.hooks.validation import FOLDER as RESULTS
from trainers.hooks.validation import Validation, find_dataset, vot_score
from trainers.launch import Place, pin, threads_for
from trainers.loop import Ending, Job, Loop, memory_format
from trainers.options import NOTHING, Options
from trainers.precision import find_precision
from trainers.record import final_lines, summarize, training_record, write_summary
from trainers.stages import Stage, Start, find_stage
from trainers.stopping import StopRequest
from vot_toolkit.cores import usable_cores
from vot_toolkit.errors import UsageError
from vot_toolkit.places import check_folder

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130
"""Exit status of a program ended by Ctrl-C, as shells give it: 128 and the signal's number."""

PRETRAINED = Path("models") / "resnet.model"
"""Taken when it is there and nothing else was asked for."""

BEFORE = "before"
"""Folders for what an earlier run left, when one begins anew in its place."""

Feeder = Callable[[Recipe, Place], Feed]


@dataclass(frozen=True)
class Surroundings:
    """In what a training runs.

    Parameters
    ----------
    place : Place
        Which process this is.
    backend, device
        On what it computes.
    cores : int
        That it may use.
    note : callable
        Says something to the user, in the first process.
    progress : Hook
        Shows how far it is.
    stop : StopRequest
        Knows whether it was told to stop.
    """

    place: Place
    backend: Backend
    device: torch.device
    cores: int
    note: Callable[[str], None]
    progress: Hook
    stop: StopRequest


def run(
    options: Options,
    place: Place,
    console: Console,
    *,
    begin: float | None = None,
    feeder: Feeder | None = None,
    stage: Stage | None = None,
) -> int:
    """Train, as one of the processes, and say what came of it.

    Parameters
    ----------
    options : Options
        What the user asked for.
    place : Place
        Which process this is.
    console : Console
        Where the first process writes.
    begin : float, optional
        When the command was given, in seconds since 1970.
    feeder : callable, optional
        Opens the data; by default the loader of the recipe's data sets.
    stage : Stage, optional
        What is trained; by default the one registered under its name.

    Returns
    -------
    int
        Exit status: 0, or 130 when it was told to stop.

    Raises
    ------
    UserError
        If something that was asked for cannot be had, or the training does not get on.
    """
    begin = time.time() if begin is None else begin
    progress = progress_for(console)
    note: Callable[[str], None] = progress.note if place.rank == 0 else _silence
    backend = _backend(options, place, note)
    cores = pin(place) if options.pin else usable_cores()
    threads = threads_for(backend.device_type, 1 if options.pin else place.local_world)
    device = backend.start(place.local_rank, threads=threads if place.local_world > 1 else None)
    comm.join(backend.group, place, device=device)
    try:
        with StopRequest(note, patient=place.world > 1) as stop:
            surroundings = Surroundings(place, backend, device, cores, note, progress, stop)
            loop = _prepare(options, stage or find_stage(options.stage), surroundings, feeder)
            ending = loop.run()
        return _finish(loop, options, ending, time.time() - begin, note)
    finally:
        comm.leave()


def _silence(_: str) -> None:
    """Say nothing: another process does."""


def _backend(options: Options, place: Place, note: Callable[[str], None]) -> Backend:
    if options.backend is None:
        backend, why = choose_backend()
        note(f"training on {backend.name}: {why}")
    else:
        backend = find_backend(options.backend)
    wanted = options.devices
    if place.launcher is not None and wanted not in (None, place.local_world, place.world):
        fault = f"{wanted} devices asked for, {place.launcher} started {place.local_world} here"
        raise LaunchError(fault, hint="leave the number out, or give the launcher's")
    return backend


def _prepare(options: Options, stage: Stage, around: Surroundings, feeder: Feeder | None) -> Loop:
    """Build everything that a training needs, and go to where it stopped."""
    backend, place, note = around.backend, around.place, around.note
    recipe = find_recipe(options)
    precision = find_precision(options.amp, backend, loss_scale=options.loss_scale)
    if precision.note is not None:
        note(precision.note)
    check_folder("--out", options.out)
    if options.record is not None:
        check_folder("--record", options.record)
    elif options.record_host:
        raise UsageError("--record-host without a record", hint="--record DIR writes one")
    hooks = _hooks(options, around)
    found = _checkpoint(options, place, note)
    seed_everything(recipe.training.seed, backend)
    model = stage.model(recipe, _start(options, recipe, note, quiet=found is not None))
    job = Job(
        stage=stage,
        recipe=recipe,
        model=_on_device(model, recipe, around),
        feed=_feed(options, recipe, around) if feeder is None else feeder(recipe, place),
        backend=backend,
        device=around.device,
        precision=precision,
        folder=options.out,
        config=identity(options, recipe),
        apex=_apex(options),
        max_steps=options.steps,
        log_every=options.log_every,
        keep_momentum=options.keep_momentum,
        note=note,
    )
    loop = Loop(job, hooks, around.stop)
    seed_everything(recipe.training.seed + place.rank, backend)
    if found is None:
        note(f"{loop.epochs} epochs of {loop.steps} steps, {_devices(backend, place)}")
    else:
        _go_on(loop, *found)
    return loop


def _on_device(model: nn.Module, recipe: Recipe, around: Surroundings) -> nn.Module:
    placed: Any = model.to(device=around.device)
    moved: nn.Module = placed.to(memory_format=memory_format(recipe, around.backend))
    return moved


def _go_on(loop: Loop, path: Path, snapshot: Snapshot) -> None:
    checkpoints.check_same(snapshot.config, loop.job.config, path)
    loop.restore(snapshot)
    place = f"epoch {loop.progress.epoch + 1}, step {loop.progress.step + 1}"
    if loop.progress.epoch >= loop.epochs:
        place = "its end"
    loop.note(f"going on from {path}, at {place} of {loop.epochs} epochs of {loop.steps} steps")


def _devices(backend: Backend, place: Place) -> str:
    kind = backend.describe().get("device", backend.name)
    return f"on {place.world} x {kind}" if place.world > 1 else f"on {kind}"


def find_recipe(options: Options) -> Recipe:
    """Give the recipe with what the options change, and paths that can be opened.

    Raises
    ------
    RecipeError
        If it cannot be used.
    """
    recipe = Recipe.find(options.config, options.stage).changed(
        epochs=options.epochs,
        batch=options.batch,
        batch_of=None if options.batch is None else "device",
        workers=options.workers,
        seed=options.seed,
        stage=options.stage,
    )
    return recipe.located(options.data)


def identity(options: Options, recipe: Recipe) -> dict[str, Any]:
    """Give what makes a run another training if it differs; devices and places do not."""
    values = recipe.to_dict()
    for key in ("source", "hp", "val_datasets"):
        values.pop(key, None)
    for key in ("workers", "channels_last"):
        values["training"].pop(key, None)
    for each in values["train_datasets"]["datasets"].values():
        each.pop("root", None)
        each.pop("anno", None)
    return {
        "stage": options.stage,
        "recipe": values,
        "amp": options.amp,
        "amp_backend": options.amp_backend,
        "loss_scale": options.loss_scale,
        "keep_momentum": options.keep_momentum,
    }


def seed_everything(seed: int, backend: Backend) -> None:
    """Seed the random numbers of Python, NumPy, torch and the device."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    backend.seed(seed)


def _apex(options: Options) -> Apex | None:
    if options.amp_backend == "native":
        return None
    if options.amp_backend != "apex":
        hint = "accepted: native, apex"
        raise UsageError(f"--amp-backend {options.amp_backend!r}", hint=hint)
    scale = options.loss_scale
    return Apex(options.amp, "dynamic" if scale == "dynamic" else float(scale))


def _hooks(options: Options, around: Surroundings) -> list[Hook]:
    hooks: list[Hook] = [
        Trace(),
        around.progress,
        SkippedSteps(),
        SaveCheckpoints(options.save_every, options.keep),
    ]
    if options.evaluate is not None:
        hooks.append(_validation(options, around))
    return [*hooks, TensorBoard()]


def _validation(options: Options, around: Surroundings) -> Validation:
    from vot_toolkit.dataset import open_dataset

    assert options.evaluate is not None, "asked for"
    # A misspelt name must not show up after an epoch only.
    open_dataset(find_dataset(options.evaluate))
    name = around.backend.name
    device = name if name in ("cpu", "cuda", "npu") else "cpu"
    return Validation(vot_score(options.evaluate, device, options.out / RESULTS), around.stop)


def _start(options: Options, recipe: Recipe, note: Callable[[str], None], *, quiet: bool) -> Start:
    """Find the weights to start from, and say which they are, unless a run goes on."""
    tell = _silence if quiet else note
    if options.base_checkpoint is not None:
        tell(f"starting from {options.base_checkpoint}")
        return Start(base_checkpoint=options.base_checkpoint)
    if options.stage == "sharp":
        return Start()
    if options.weights is not None:
        if options.pretrained not in (None, NOTHING):
            raise UsageError("--weights has a backbone of its own", hint="leave out --pretrained")
        tell(f"starting from {options.weights}")
        known = options.weights in zoo.names()
        return Start(weights=zoo.find(options.weights) if known else Path(options.weights))
    if options.pretrained not in (None, NOTHING):
        tell(f"starting from {options.pretrained}")
        return Start(pretrained=Path(str(options.pretrained)))
    if recipe.training.backbone == "fresh":
        tell("starting from nothing: all of the network trains")
        return Start()
    if options.pretrained is None and PRETRAINED.is_file():
        tell(f"starting from {PRETRAINED}, which is there")
        return Start(pretrained=PRETRAINED)
    tell(
        "starting from nothing, with a backbone that knows no images and stays frozen for the "
        "first half: good for trying out only. The original's resnet.model as --pretrained, or as "
        f"{PRETRAINED}, is what results are made from"
    )
    return Start()


def _feed(options: Options, recipe: Recipe, around: Surroundings) -> Feed:
    workers = recipe.training.workers
    if options.workers is None and workers > around.cores:
        workers = around.cores
        around.note(f"processes that make samples: {workers} for each device, as many as cores")
    pins = around.backend.pins_memory()
    return open_feed(recipe, around.place, workers=workers, pin_memory=pins)


def _checkpoint(
    options: Options, place: Place, note: Callable[[str], None]
) -> tuple[Path, Snapshot] | None:
    """Find the checkpoint to go on from, the same in all processes."""
    # Processes that were started again go on with their own run, whatever it began with.
    resume = "auto" if place.restarts else options.resume
    if resume == "never":
        comm.only_main(lambda: _put_aside(options.out, note))
        return None
    if resume != "auto":
        return Path(resume), checkpoints.load(Path(resume))
    name = comm.only_main(lambda: _newest(options.out, note))
    return None if name is None else (options.out / name, checkpoints.load(options.out / name))


def _newest(folder: Path, note: Callable[[str], None]) -> str | None:
    found = checkpoints.load_newest(folder, note)
    return None if found is None else found[0].name


def _put_aside(folder: Path, note: Callable[[str], None]) -> None:
    """Move what an earlier run left out of the way."""
    left = [*checkpoints.find(folder), *(folder / each for each in (TRACE, BOARD, RESULTS))]
    left = [path for path in [*left, folder / "best.pth"] if path.exists()]
    if not left:
        return
    number = 1
    while (folder / f"{BEFORE}-{number}").exists():
        number += 1
    aside = folder / f"{BEFORE}-{number}"
    aside.mkdir()
    for path in left:
        path.rename(aside / path.name)
    note(f"an earlier run's files were moved to {aside}")


def _finish(
    loop: Loop, options: Options, ending: Ending, duration_s: float, note: Callable[[str], None]
) -> int:
    summary = summarize(loop, ending, duration_s, comm.world_size())
    if comm.is_main():
        write_summary(summary, options.out)
        if options.record is not None:
            from vot_toolkit.records import write_record

            note(f"record: {write_record(training_record(loop, options, summary), options.record)}")
        _tell(loop, ending, summary, note)
    return INTERRUPTED if ending == "stopped" else 0


def _tell(loop: Loop, ending: Ending, summary: dict[str, Any], note: Callable[[str], None]) -> None:
    newest = next(iter(checkpoints.find(loop.folder)), None)
    if ending == "stopped":
        command = f"python -m {_module()} {' '.join(sys.argv[1:])}".strip()
        note(f"stopped and saved as {newest}; the same command goes on: {command}")
    elif newest is not None:
        note(f"the last checkpoint is {newest}")
    speed = loop.stopwatch.speed
    if speed is None:
        note("nothing was left to do")
    elif speed.note is not None:
        note(speed.note)
    for name, each in loop.stopwatch.phases.items():
        if len(loop.stopwatch.phases) > 1:
            note(f"phase {name}: {each.images_per_s:.2f} images/s")
    for line in final_lines(summary):
        note(line)


def _module() -> str:
    """Give the door that was used, as ``python -m`` takes it."""
    main = sys.modules.get("__main__")
    spec = getattr(main, "__spec__", None)
    return "trainers.base" if spec is None else str(spec.name)
