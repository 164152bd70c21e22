"""What the loop asks of a stage; everything it does not know itself.

The loop builds the model once. At each epoch it asks for the phase; when that is another than
before, it lets the stage enter it and makes a new optimizer of the groups, which loses momentum.
At each step it asks for the losses, goes back through ``total`` and only logs the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import Tensor, nn

    from trainers.config import Recipe


@dataclass(frozen=True)
class Start:
    """Where weights come from; without any they are drawn at random.

    Parameters
    ----------
    pretrained : Path, optional
        The ResNet-50 of ImageNet that the original calls ``resnet.model``.
    base_checkpoint : Path, optional
        A checkpoint of the whole network, on which the refinement is built.
    weights : Path, optional
        A checkpoint of a network of the same kind, to train further.
    """

    pretrained: Path | None = None
    base_checkpoint: Path | None = None
    weights: Path | None = None


@dataclass(frozen=True)
class Group:
    """Parts of the model that train with one learning rate.

    Parameters
    ----------
    name : str
        What it is called in logs.
    parts : tuple of str
        Names of modules; their parameters train.
    multiplier : str
        Which of the recipe's multipliers applies: ``feature``, ``rpn`` or ``mask``.
    scale : float
        Times that.
    normalizes : bool
        Whether its batch normalisation uses, and learns from, the batch; if not, it uses what it
        has learnt before. Scale and offset train in both cases.
    """

    name: str
    parts: tuple[str, ...]
    multiplier: str
    scale: float = 1.0
    normalizes: bool = True


@dataclass(frozen=True)
class Phase:
    """What trains in an epoch; equal phases need no new optimizer.

    Parameters
    ----------
    name : str
        What it is called in logs and in the performance that is measured.
    groups : tuple of Group
        What trains. Nothing else does: no gradient, normalisation as learnt.
    generation : int
        Phases that differ in nothing else need a new optimizer all the same.
    """

    name: str
    groups: tuple[Group, ...]
    generation: int = 0


@dataclass(frozen=True, eq=False)
class Losses:
    """What a batch says about the network.

    Parameters
    ----------
    total : scalar Tensor
        The weighted sum, attached to the graph.
    terms : mapping of str to scalar Tensor
        ``rpn_cls_loss``, ``rpn_loc_loss`` and, with masks, ``rpn_mask_loss``; unweighted, detached.
    metrics : mapping of str to scalar Tensor
        With masks ``mask_iou_mean``, ``mask_iou_at_5`` and ``mask_iou_at_7``; detached.
    """

    total: Tensor
    terms: Mapping[str, Tensor]
    metrics: Mapping[str, Tensor]


class Stage(Protocol):
    """One way to train; a class whose instances are made without arguments."""

    @property
    def name(self) -> str:
        """What it is registered as."""

    def model(self, recipe: Recipe, start: Start) -> nn.Module:
        """Build the network, on the CPU, with the weights to start from.

        Raises
        ------
        UserError
            If a file is missing or does not fit; says where such a file comes from.
        """

    def phase(self, epoch: int, recipe: Recipe) -> Phase:
        """Say what trains in an epoch, counted from 0, whatever was before."""

    def enter(self, model: nn.Module, phase: Phase) -> None:
        """Set for every part whether it trains, and how it normalizes.

        To be called again after anything that called ``model.train()`` or ``model.eval()``.
        """

    def groups(self, model: nn.Module, phase: Phase, recipe: Recipe) -> list[dict[str, Any]]:
        """Give the optimizer's groups: ``params``, ``name`` and ``lr_scale``, a float.

        A group's learning rate is the epoch's times its ``lr_scale``.
        """

    def losses(self, model: nn.Module, batch: Mapping[str, Tensor], recipe: Recipe) -> Losses:
        """Compute the losses of a batch; nothing is read back from the device.

        The forward pass is in here. To be run in several processes it is wrapped in a module whose
        forward is this, so that DistributedDataParallel sees it.

        Parameters
        ----------
        model : Module
            On the batch's device.
        batch : mapping of str to Tensor
            ``template`` (B, 3, 127, 127) and ``search`` (B, 3, N, N), float, BGR, 0 ... 255;
            ``label_cls`` (B, 5, S, S) int64, 1, 0 or -1; ``label_loc`` (B, 4, 5, S, S);
            ``label_loc_weight`` (B, 5, S, S); with masks ``label_mask`` (B, 1, N, N), 1 or -1, and
            ``label_mask_weight`` (B, 1, S, S), used where it is 1.
        """
