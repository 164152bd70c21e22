"""The loop: epochs of steps, with everything that goes along as hooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import torch
from torch import Tensor, nn

from trainers import comm
from trainers.apex import Apex
from trainers.backends.protocol import Backend
from trainers.checkpoints import Progress, Snapshot, random_state, set_random_state
from trainers.errors import CropsError
from trainers.feed import Feed
from trainers.hooks.protocol import Hook, Line
from trainers.parameters import clip_groups
from trainers.performance import Stopwatch
from trainers.precision import LossScale, Precision
from trainers.reading import Reading, read_later
from trainers.schedules import learning_rates
from trainers.stages.protocol import Losses, Phase, Stage
from trainers.step import ApexStep, NativeStep, Outcome, Skipped, Step

if TYPE_CHECKING:
    from trainers.config import Recipe

Ending = Literal["complete", "steps", "stopped"]
"""All epochs are done, as many steps as were asked for are, or it was told to stop."""

LOG_EVERY = 10


@dataclass(frozen=True)
class Job:
    """What is trained, on what, and how.

    Parameters
    ----------
    stage, recipe, model
        What; the model is on the device.
    feed : Feed
        Batches of this process.
    backend, device
        On what.
    precision : Precision
        In which floats.
    folder : Path
        Where everything is written.
    config : mapping
        What makes it another training if it differs.
    apex : Apex or None
        Takes the place of autocast and of the loss scale.
    max_steps : int or None
        Steps of the whole run after which it ends.
    log_every : int
        Steps between two lines.
    keep_momentum : bool
        Whether parameters that go on training keep their momentum when the optimizer is made anew.
        The original loses it.
    note : callable
        Says something to the user.
    """

    stage: Stage
    recipe: Recipe
    model: nn.Module
    feed: Feed
    backend: Backend
    device: torch.device
    precision: Precision
    folder: Path
    config: Mapping[str, Any] = field(default_factory=dict)
    apex: Apex | None = None
    max_steps: int | None = None
    log_every: int = LOG_EVERY
    keep_momentum: bool = False
    note: Callable[[str], None] = print


def memory_format(recipe: Recipe, backend: Backend) -> torch.memory_format:
    """Give the order in which images lie in memory: the recipe's, or what the device likes."""
    wanted = recipe.training.channels_last
    if wanted is None:
        return backend.memory_format()
    return torch.channels_last if wanted else torch.contiguous_format


class Losing(nn.Module):
    """The losses of a batch as a module, which DistributedDataParallel can wrap."""

    def __init__(self, stage: Stage, model: nn.Module, recipe: Recipe) -> None:
        super().__init__()
        self.model = model
        self._stage = stage
        self._recipe = recipe

    def forward(self, batch: Mapping[str, Tensor]) -> Losses:
        """Compute them."""
        return self._stage.losses(self.model, batch, self._recipe)


class Loop:
    """A training that is going on; what hooks know as `Run`.

    Parameters
    ----------
    job : Job
        What to do.
    hooks : iterable of Hook
        What goes along; called in this order.
    should_stop : callable
        Asked after every step.
    """

    def __init__(
        self,
        job: Job,
        hooks: Iterable[Hook] = (),
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self.job = job
        self.progress = Progress()
        self.total_steps = 0
        self.best: dict[str, object] = {}
        self.losses: list[float] = []
        self.phase: Phase | None = None
        self.skipped = Skipped(job.device)
        self.scale = LossScale(job.precision.loss_scale, job.device)
        self._hooks = [each for each in hooks if comm.is_main() or not each.main_only]
        self._should_stop = should_stop
        self._stop = False
        self._images = job.recipe.device_batch(comm.world_size()) * comm.world_size()
        self.stopwatch = Stopwatch(self._images, job.backend.synchronize)
        self._rates = learning_rates(job.recipe, comm.world_size())
        self._log = _Log(self._images, job.log_every, job.backend)
        self._optimizer: Any = None
        self._step: Step | None = None

    @property
    def folder(self) -> Path:
        """Where everything is written."""
        return self.job.folder

    @property
    def note(self) -> Callable[[str], None]:
        """Says something to the user."""
        return self.job.note

    @property
    def epochs(self) -> int:
        """How many there are."""
        return self.job.recipe.training.epochs

    @property
    def steps(self) -> int:
        """How many an epoch has."""
        return self.job.feed.steps

    @property
    def total(self) -> int:
        """How many steps this run ends after."""
        whole = self.epochs * self.steps
        return whole if self.job.max_steps is None else min(whole, self.job.max_steps)

    def run(self) -> Ending:
        """Train until the end, or until told to stop.

        Raises
        ------
        UserError
            If data cannot be read, a place cannot be written, or the training does not get on.
        """
        try:
            self._tell(lambda hook: hook.begin(self))
            ending = self._run()
            self._tell(lambda hook: hook.end(self, complete=ending != "stopped"))
            return ending
        except CropsError:
            # Alone it can save what is done; others wait for gradients by now.
            if not comm.is_distributed():
                self._tell(lambda hook: hook.end(self, complete=False))
            raise
        finally:
            self._tell(lambda hook: hook.close())

    def _run(self) -> Ending:
        while self.progress.epoch < self.epochs:
            if self.job.max_steps is not None and self.total_steps >= self.job.max_steps:
                return "steps"
            self._enter(self.progress.epoch)
            self._tell(lambda hook: hook.begin_epoch(self))
            self._epoch()
            if self.progress.step:
                return "stopped" if self._stop else "steps"
            self._tell(lambda hook: hook.end_epoch(self))
            # Hooks may have taken long enough to be told to stop meanwhile.
            if self._stop or (self._should_stop() and not comm.is_distributed()):
                return "stopped"
        return "complete"

    def _epoch(self) -> None:
        """Do what is left of an epoch, until told to stop."""
        assert self.phase is not None, "entered before"
        self.stopwatch.begin_epoch(self.phase.name)
        batches = self.job.feed.batches(self.progress.epoch, self.progress.step)
        epoch, first = self.progress.epoch, self.progress.step
        self._log.begin(self._learning_rates())
        for step in range(first, self.steps):
            outcome = self._one(batches)
            self.total_steps += 1
            # The last step of an epoch is the beginning of the next one.
            last = step + 1 == self.steps
            self.progress = Progress(epoch + 1) if last else Progress(epoch, step + 1)
            self._after(outcome, (epoch, step + 1))
            if self._stop or self.total_steps == self.job.max_steps:
                break
        self._take(self._log.flush())
        self.stopwatch.end_epoch()

    def _one(self, batches: Iterator[Any]) -> Outcome:
        assert self._step is not None, "entered before"
        begin = time.perf_counter()
        batch = next(batches)
        self._log.waited(time.perf_counter() - begin)
        return self._step(self._moved(batch))

    def _moved(self, batch: Any) -> Mapping[str, Tensor]:
        moved = dict(self.job.feed.to_device(batch, self.job.device))
        order = memory_format(self.job.recipe, self.job.backend)
        for name in ("template", "search"):
            if name in moved:
                moved[name] = moved[name].contiguous(memory_format=order)
        return moved

    def _after(self, outcome: Outcome, place: tuple[int, int]) -> None:
        """Log, tell the hooks, and find out whether to stop, in all processes alike."""
        wish = self._should_stop()
        self._take(self._log.step(outcome, self, place, wish))
        self.stopwatch.step()
        self._tell(lambda hook: hook.step(self))
        self._stop = self._agreed(wish) or self._stop

    def _agreed(self, wish: bool) -> bool:
        """Stop at once where that can be agreed on without waiting for a device.

        Elsewhere the next line carries the wish to the other processes.
        """
        if not comm.is_distributed():
            return wish
        if self.job.device.type != "cpu":
            return False
        return bool(comm.mean(torch.tensor(float(wish))) > 0)

    def _take(self, taken: tuple[Line, bool] | None) -> None:
        if taken is not None:
            line, stop = taken
            self._stop = stop or self._stop
            self.losses.append(line.loss)
            self._tell(lambda hook: hook.log(self, line))

    def _tell(self, event: Callable[[Hook], None]) -> None:
        for hook in self._hooks:
            event(hook)

    def _enter(self, epoch: int) -> None:
        """Let another phase begin if it is another, and set the learning rates."""
        stage, recipe = self.job.stage, self.job.recipe
        phase = stage.phase(epoch, recipe)
        if phase != self.phase:
            self._begin_phase(phase)
        for group in self._optimizer.param_groups:
            group["lr"] = self._rates[epoch] * group["lr_scale"]

    def _begin_phase(self, phase: Phase) -> None:
        job = self.job
        # The hooks that averaged gradients go with what set them.
        self._step = None
        job.stage.enter(job.model, phase)
        groups = job.stage.groups(job.model, phase, job.recipe)
        momentum = self._momentum() if job.keep_momentum else {}
        self._optimizer = self._new_optimizer(groups)
        for parameter, buffer in momentum.items():
            if parameter in self._optimizer.state:
                self._optimizer.state[parameter]["momentum_buffer"] = buffer
        model = job.model
        if job.apex is not None:
            before = job.apex.state_dict() if self.phase is not None else {}
            model, self._optimizer = job.apex.initialize(model, self._optimizer)
            job.apex.load_state_dict(before)
        self._step = self._new_step(self._wrapped(model), phase)
        self.phase = phase

    def _new_optimizer(self, groups: list[dict[str, Any]]) -> Any:
        training = self.job.recipe.training
        momentum, decay = training.momentum, training.weight_decay
        if self.job.apex is None:
            return self.job.backend.sgd(groups, momentum=momentum, weight_decay=decay)
        fused = getattr(self.job.backend, "fused_for_apex", None)
        found = fused and fused(groups, momentum=momentum, weight_decay=decay)
        return found or torch.optim.SGD(groups, lr=0.0, momentum=momentum, weight_decay=decay)

    def _momentum(self) -> dict[Tensor, Tensor]:
        if self._optimizer is None:
            return {}
        states = self._optimizer.state.items()
        return {each: state["momentum_buffer"] for each, state in states if state}

    def _wrapped(self, model: nn.Module) -> nn.Module:
        losing = Losing(self.job.stage, model, self.job.recipe)
        if not comm.is_distributed():
            return losing
        return nn.parallel.DistributedDataParallel(
            losing, find_unused_parameters=False, gradient_as_bucket_view=True
        )

    def _new_step(self, forward: nn.Module, phase: Phase) -> Step:
        job = self.job
        clip = clip_groups(job.model, phase, job.recipe)
        limit = job.recipe.training.largest_loss
        call = cast("Callable[[Mapping[str, Tensor]], Losses]", forward)
        if job.apex is not None:
            return ApexStep(
                call,
                self._optimizer,
                apex=job.apex,
                skipped=self.skipped,
                clip=clip,
                loss_limit=limit,
            )
        return NativeStep(
            call,
            self._optimizer,
            device_type=job.backend.device_type,
            precision=job.precision,
            scale=self.scale,
            skipped=self.skipped,
            clip=clip,
            loss_limit=limit,
        )

    def _learning_rates(self) -> dict[str, float]:
        groups = self._optimizer.param_groups
        return {str(group["name"]): float(group["lr"]) for group in groups}

    def snapshot(self) -> Snapshot:
        """Take everything to go on with; to be called by all processes together."""
        job = self.job
        # What is logged after it must not be missing when the run goes on from here.
        self._take(self._log.flush())
        return Snapshot(
            progress=self.progress,
            samples=self.progress.step * self._images,
            total_steps=self.total_steps,
            model=job.model.state_dict(),
            optimizer=self._optimizer.state_dict(),
            scale=self.scale.state_dict(),
            apex=job.apex.state_dict() if job.apex is not None else {},
            skipped=self.skipped.state_dict(),
            random=comm.gather(random_state(job.backend.random_state())),
            stage=job.stage.name,
            config=job.config,
            anchors=job.recipe.anchors.model_dump(mode="json"),
            best=self.best,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot, whose config was compared; before `run`."""
        job = self.job
        job.model.load_state_dict(snapshot.model)
        epoch = snapshot.progress.epoch
        step = snapshot.samples // self._images
        # The optimizer is that of the last epoch in which something was trained.
        self._enter(epoch if snapshot.progress.step else max(epoch - 1, 0))
        self._load_optimizer(snapshot.optimizer)
        self.scale.load_state_dict(snapshot.scale)
        if job.apex is not None:
            job.apex.load_state_dict(snapshot.apex)
        self.skipped.load_state_dict(snapshot.skipped)
        self.best = dict(snapshot.best)
        self.progress = Progress(epoch, step)
        self.total_steps = epoch * self.steps + step
        self._restore_random(snapshot)

    def _load_optimizer(self, state: Mapping[str, Any]) -> None:
        self._optimizer.load_state_dict(state)
        for parameter, own in self._optimizer.state.items():
            # Fused kernels go through both memories side by side.
            if own.get("momentum_buffer") is not None:
                buffer = torch.empty_like(parameter).copy_(own["momentum_buffer"])
                own["momentum_buffer"] = buffer

    def _restore_random(self, snapshot: Snapshot) -> None:
        if len(snapshot.random) != comm.world_size():
            self.note(
                f"the run was on {len(snapshot.random)} devices and goes on on "
                f"{comm.world_size()}: from the same sample, with other batches"
            )
            return
        device = set_random_state(snapshot.random[comm.rank()])
        if device is not None:
            self.job.backend.set_random_state(device)


class _Log:
    """Makes lines of steps; numbers are read one step later, so that the device goes on."""

    def __init__(self, images: int, every: int, backend: Backend) -> None:
        self._images = images
        self._every = every
        self._backend = backend
        self._rates: dict[str, float] = {}
        self._pending: tuple[Reading, Callable[[list[float]], Line]] | None = None
        self._begin = 0.0
        self._wait = 0.0
        self._count = 0

    def begin(self, rates: dict[str, float]) -> None:
        """Begin to measure."""
        self._rates = rates
        self._restart()

    def _restart(self) -> None:
        self._begin, self._wait, self._count = time.perf_counter(), 0.0, 0

    def waited(self, seconds: float) -> None:
        """Add a time that was waited for data."""
        self._wait += seconds

    def step(
        self, outcome: Outcome, loop: Loop, place: tuple[int, int], wish: bool
    ) -> tuple[Line, bool] | None:
        """Take a step, and give the line that is ready by now, and whether to stop."""
        taken = self.flush()
        self._count += 1
        last = place[1] == loop.steps or loop.total_steps == loop.total
        if last or loop.total_steps % self._every == 0:
            self._pending = self._start(outcome, loop, place, wish)
            # On a CPU the numbers are there; nothing is gained by keeping them.
            if taken is None and self._pending[0].is_done:
                return self.flush()
        return taken

    def _start(
        self, outcome: Outcome, loop: Loop, place: tuple[int, int], wish: bool
    ) -> tuple[Reading, Callable[[list[float]], Line]]:
        losses = outcome.losses
        terms, metrics = list(losses.terms), list(losses.metrics)
        values = [
            torch.full_like(outcome.loss, float(wish)),
            outcome.loss,
            outcome.grad_norm,
            loop.scale.value,
            loop.skipped.total,
            loop.skipped.in_a_row,
            *losses.terms.values(),
            *losses.metrics.values(),
        ]
        vector = comm.mean(torch.stack([each.detach().float() for each in values]))
        rates, total_steps = self._rates, loop.total_steps
        images_per_s, data_share = self._speed()

        def line(numbers: list[float]) -> Line:
            loss, norm, scale, skipped, in_a_row, *rest = numbers[1:]
            return Line(
                epoch=place[0],
                step=place[1],
                total_steps=total_steps,
                loss=loss,
                terms=dict(zip(terms, rest, strict=False)),
                metrics=dict(zip(metrics, rest[len(terms) :], strict=True)),
                lr=rates,
                grad_norm=norm,
                scale=scale,
                skipped=round(skipped),
                skipped_in_a_row=round(in_a_row),
                images_per_s=images_per_s,
                data_share=data_share,
            )

        return read_later(vector, self._backend), line

    def flush(self) -> tuple[Line, bool] | None:
        """Give the line that was begun, if one was, and whether to stop."""
        if self._pending is None:
            return None
        reading, line = self._pending
        self._pending = None
        numbers = reading.values()
        return line(numbers), numbers[0] > 0

    def _speed(self) -> tuple[float, float]:
        """Give images/s and the share of waiting since this was asked last."""
        seconds = max(time.perf_counter() - self._begin, 1e-9)
        images_per_s, data_share = self._count * self._images / seconds, self._wait / seconds
        self._restart()
        return images_per_s, min(data_share, 1.0)
