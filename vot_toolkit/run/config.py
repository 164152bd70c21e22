"""The configuration of a run, checked before anything starts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from vot_toolkit.cores import usable_cores
from vot_toolkit.dataset.sequence import Dataset
from vot_toolkit.errors import UsageError
from vot_toolkit.run.engine import Engine
from vot_toolkit.run.jobs import challenge
from vot_toolkit.wording import guess

OPTIONS = {"experiments": "--experiment", "sequences": "--sequence"}
"""Options whose name on the command line is not the field's with dashes."""


class RunConfig(BaseModel):
    """How trackers are run.

    Parameters
    ----------
    experiments : tuple of str
        Names of the challenge's experiments.
    sequences : tuple of str or None
        Those to run; None for all.
    repetitions : int or None
        None for the protocol's; a deterministic tracker runs once in any case.
    engine : str
        ``process``, ``serial`` or ``ray``.
    address : str or None
        The cluster for ``ray``; None for one of this machine.
    workers : int or None
        Processes; None for one on each usable core, or on each core or accelerator of the cluster.
    lanes : int
        Jobs that each worker runs side by side, for a tracker that can do it.
    timeout : float or None
        Seconds that one call of the tracker may take.
    device : str or None
        Given to the tracker as an option; None leaves it to the tracker.
    force : bool
        Remove the results of these jobs first.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    experiments: tuple[str, ...]
    sequences: tuple[str, ...] | None = None
    repetitions: Annotated[int, Field(ge=1, le=999)] | None = None
    engine: Literal["process", "serial", "ray"] = "process"
    address: str | None = None
    workers: Annotated[int, Field(ge=1)] | None = None
    lanes: Annotated[int, Field(ge=1)] = 1
    timeout: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    device: Literal["cpu", "cuda", "npu"] | None = None
    force: bool = False

    @property
    def num_workers(self) -> int:
        """Most processes at a time, whether given or not."""
        return 1 if self.engine == "serial" else self.workers or usable_cores()

    @model_validator(mode="after")
    def _engine_can_do_it(self) -> RunConfig:
        if self.engine == "serial" and self.timeout is not None:
            raise UsageError(
                f"--timeout {self.timeout:g} with --engine serial",
                hint="only --engine process or ray can interrupt a tracker",
            )
        if self.engine == "serial" and (self.workers or 1) > 1:
            raise UsageError(
                f"--workers {self.workers} with --engine serial",
                hint="the serial engine is one worker; --engine process takes more",
            )
        if self.address is not None and self.engine != "ray":
            raise UsageError(
                f"--address {self.address} with --engine {self.engine}",
                hint="it names the cluster of --engine ray",
            )
        if self.lanes > 1 and "realtime" in self.experiments:
            raise UsageError(
                f"--lanes {self.lanes} with --experiment realtime",
                hint="in a step of many targets there is no time of one; it takes --lanes 1",
            )
        return self


def run_config(experiments: str | Iterable[str], dataset: Dataset, **values: Any) -> RunConfig:
    """Check a configuration against the challenge and a data set.

    Parameters
    ----------
    experiments : str or iterable of str
        Names, or ``all``.
    dataset : Dataset
        Where the sequences must be.
    **values
        The other fields of `RunConfig`.

    Raises
    ------
    UsageError
        If a value is not accepted; names the option, the value and what is accepted.
    """
    known = challenge(dataset.name).experiments
    names = (experiments,) if isinstance(experiments, str) else tuple(experiments)
    names = tuple(known) if "all" in names else names
    _check_names("--experiment", names, [*known, "all"])
    if values.get("sequences") is not None:
        values["sequences"] = tuple(values["sequences"])
        _check_names("--sequence", values["sequences"], [s.name for s in dataset])
    try:
        return RunConfig(experiments=tuple(dict.fromkeys(names)), **values)
    except ValidationError as error:
        raise _usage_error(error.errors()[0]) from None


def engine_for(config: RunConfig) -> Engine:
    """Build the engine that a configuration names.

    Raises
    ------
    UsageError
        If it is ``ray``, and that is not installed.
    """
    if config.engine == "serial":
        from vot_toolkit.run.serial import SerialEngine

        return SerialEngine(config.lanes)
    if config.engine == "ray":
        return _ray_engine(config)
    from vot_toolkit.run.process import ProcessEngine

    return ProcessEngine(config.workers, config.timeout, config.lanes)


def _ray_engine(config: RunConfig) -> Engine:
    try:
        from vot_toolkit.run.ray import RayEngine
    except ModuleNotFoundError as error:
        if error.name != "ray":
            raise
        hint = "pip install 'siammask-bench[ray]'"
        raise UsageError("--engine ray: ray is not installed", hint=hint) from None
    return RayEngine(config.address, config.workers, config.timeout, config.device, config.lanes)


def _check_names(option: str, names: tuple[str, ...], accepted: list[str]) -> None:
    if not names:
        raise UsageError(f"{option}: none given", hint=_accepted(accepted))
    for name in names:
        if name not in accepted:
            hint = guess(name, accepted) + _accepted(accepted)
            raise UsageError(f"{option} {name!r}: no such name", hint=hint)


def _accepted(names: list[str]) -> str:
    return "accepted: " + ", ".join(names[:10]) + (", …" if len(names) > 10 else "")


def _usage_error(fault: Mapping[str, Any]) -> UsageError:
    field = str(fault["loc"][0])
    option = OPTIONS.get(field, "--" + field.replace("_", "-"))
    hint = fault["msg"].replace("Input should be", "accepted:")
    return UsageError(f"{option} {fault['input']!r}", hint=hint)
