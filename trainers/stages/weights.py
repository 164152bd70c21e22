"""The files that a stage starts from."""

from __future__ import annotations

from pathlib import Path

from siammask import checkpoints
from siammask.errors import CheckpointError
from siammask.model import SiamMask, build
from trainers.errors import StageError
from trainers.stages.protocol import Start

PRETRAINED = (
    "resnet.model is a ResNet-50 of ImageNet with SiamMask's 3x3 shortcuts, 265 tensors, 174 MB; "
    "the page of the original, github.com/foolwood/SiamMask, says where to download it for its "
    "experiments; put it at models/resnet.model or name it with --pretrained; torchvision's "
    "ResNet-50 does not fit"
)

WEIGHTS = (
    "accepted: a checkpoint of the kind of network that the config names, or siammask_tiny, which "
    "comes with siammask"
)

BASE = (
    "trainers.base writes one after each epoch, checkpoint_e<k>.pth: take the one that scores best "
    "on VOT2018; the original's checkpoints do as well"
)


def from_backbone(variant: str, start: Start) -> SiamMask:
    """Build a network with all weights given, with a backbone of ImageNet, or from nothing.

    Raises
    ------
    StageError
        If the file is missing or does not fit, or there is a base checkpoint, which this does not
        start from.
    """
    if start.base_checkpoint is not None:
        what = f"variant {variant!r} does not start from a base checkpoint"
        hint = "trainers.sharp does; --weights starts from a network of the same kind"
        raise StageError(what, file=start.base_checkpoint, hint=hint)
    model = build(variant)
    if start.weights is not None:
        _check_is_there(start.weights, "no weights there", WEIGHTS)
        try:
            checkpoints.load_state(model, checkpoints.read(start.weights), start.weights)
        except CheckpointError as error:
            raise StageError(
                error.what, file=start.weights, hint=_joined(error, WEIGHTS)
            ) from error
    elif start.pretrained is not None:
        _check_is_there(start.pretrained, "no pretrained ResNet-50 there", PRETRAINED)
        try:
            checkpoints.load_backbone(model, start.pretrained)
        except CheckpointError as error:
            hint = _joined(error, PRETRAINED)
            raise StageError(error.what, file=start.pretrained, hint=hint) from error
    return model


def from_base(start: Start) -> SiamMask:
    """Build a network that refines, from a checkpoint of one that does not, or does.

    The refinement starts from nothing where the checkpoint has none.

    Raises
    ------
    StageError
        If there is no checkpoint, it is missing, or does not fit.
    """
    if start.pretrained is not None:
        what = "sharp does not start from a bare ResNet: its backbone is the base checkpoint's"
        raise StageError(what, file=start.pretrained, hint=BASE)
    if start.base_checkpoint is None:
        raise StageError("no base checkpoint: give one with --base-checkpoint", hint=BASE)
    path = start.base_checkpoint
    _check_is_there(path, "no base checkpoint there", BASE)
    model = build("sharp")
    try:
        checkpoints.load_state(model, checkpoints.read(path), path, absent=("refine_model.",))
    except CheckpointError as error:
        raise StageError(error.what, file=path, hint=_joined(error, BASE)) from error
    return model


def _check_is_there(path: Path, what: str, hint: str) -> None:
    if not path.is_file():
        raise StageError(what, file=path, hint=hint)


def _joined(error: CheckpointError, hint: str) -> str:
    return hint if error.hint is None else f"{error.hint}; {hint}"
