"""What a user asks of a run, beside the recipe."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

NOTHING = "none"
"""Instead of a file: start from nothing."""


@dataclass(frozen=True)
class Options:
    """The options of the doors; see their ``--help``.

    Parameters
    ----------
    stage : str
        ``base``, ``sharp``, ``rpn``, or another that is registered.
    backend : str or None
        Which hardware; None looks what there is.
    devices : int or None
        On this host.
    epochs, batch, workers, seed : int or None
        Instead of the recipe's; `batch` is of each device.
    steps : int or None
        Of the whole run.
    """

    stage: str
    config: str | None = None
    backend: str | None = None
    devices: int | None = None
    data: Path | None = None
    pretrained: str | None = None
    base_checkpoint: Path | None = None
    weights: str | None = None
    epochs: int | None = None
    batch: int | None = None
    workers: int | None = None
    seed: int | None = None
    steps: int | None = None
    amp: str = "O0"
    amp_backend: str = "native"
    loss_scale: str = "128"
    out: Path = Path("output")
    resume: str = "auto"
    record: Path | None = None
    record_host: bool = False
    label: str | None = None
    evaluate: str | None = None
    save_every: int | None = None
    keep: int | None = None
    log_every: int = 10
    keep_momentum: bool = False
    pin: bool = True
    max_restarts: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Give them as JSON knows them; of paths only the last part, which names no one."""
        values = asdict(self)
        paths = ("config", "pretrained", "weights", "evaluate", "resume")
        return {
            key: Path(each).name if isinstance(each, Path) or (each and key in paths) else each
            for key, each in values.items()
        }
