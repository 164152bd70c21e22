"""Files of weights: every wrapping that people have, read without running code from the file.

Accepted are the released files of SiamMask, snapshots of its training, pysot's siammask_r50_l3, our
own, as ``.pth`` or ``.safetensors``; the content decides, not the name.
"""

from __future__ import annotations

import io
import json
import pickle
import re
import warnings
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from safetensors.torch import save as dump_safetensors
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from siammask import zoo
from siammask.atomic import write_whole
from siammask.device import find_device
from siammask.errors import CheckpointError
from siammask.model import VARIANTS, SiamMask, build

State = dict[str, Tensor]

PYSOT = {
    "backbone.": "features.features.",
    "neck.": "features.",
    "rpn_head.": "rpn_model.",
    "mask_head.": "mask_model.mask.",
    "refine_head.": "refine_model.",
}
"""How pysot's names begin, and ours in their place."""

COUNTERS = ".num_batches_tracked"
"""Ending of the entries that files of torch before 0.4.1 lack; nothing is computed with them."""

NAMED = 5
"""How many tensors of one kind a message names."""

AGAIN = "download or copy it again"

ACCEPTED = "accepted: a state dict, or a dict that has one as 'state_dict'"

CONVERT = (
    "where the file is trusted, open it with torch.load(file, weights_only=False) and "
    "torch.save the dict of its tensors alone"
)


def load(
    path: Path | str, device: str | torch.device = "cpu", variant: str | None = None
) -> SiamMask:
    """Load a network from a file of weights.

    Parameters
    ----------
    path : Path or str
        The file, in any wrapping that this module knows; or the name of a network that comes with
        this package, ``siammask_tiny``.
    device : str
        Where the network goes: ``cpu``, ``cuda``, ``cuda:1``, ``npu``.
    variant : str, optional
        ``rpn``, ``base`` or ``sharp``; by default the one whose tensors the file has. A smaller one
        takes its part of a larger one's file.

    Returns
    -------
    SiamMask
        In evaluation mode, float32.

    Raises
    ------
    CheckpointError
        If the file cannot be read, would need code to be run, or does not have exactly the
        variant's tensors; these are named.
    ModelError
        If there is no such variant.
    DeviceError
        If the device cannot be used.
    """
    place = find_device(device)
    path = zoo.choose(path)
    state = read(path)
    model = _empty(variant or _nearest_variant(state, path))
    if variant is not None:
        state = {name: tensor for name, tensor in state.items() if not _is_of_larger(name, variant)}
    load_state(model, state, path)
    return model.to(place).eval()


def load_state(
    model: nn.Module,
    state: Mapping[str, Tensor],
    path: Path | str,
    *,
    absent: tuple[str, ...] = (),
    unused: tuple[str, ...] = (),
) -> None:
    """Copy tensors into a network that must have exactly these.

    Parameters
    ----------
    model : Module
        Takes them.
    state : mapping of str to Tensor
        What `read` gave.
    path : Path
        Where they come from, for messages.
    absent : tuple of str
        How names begin that may be missing; those tensors stay as they are.
    unused : tuple of str
        How names begin that are passed over.

    Raises
    ------
    CheckpointError
        If tensors are missing, unused, of another shape or not finite.
    """
    own = model.state_dict()
    given = {name: each for name, each in state.items() if not name.startswith(unused)}
    optional = (name for name in own if name.endswith(COUNTERS) or name.startswith(absent))
    missing = own.keys() - given.keys() - set(optional)
    faults = [
        _listed("missing", sorted(missing, key=list(own).index)),
        _listed("unused", [name for name in given if name not in own]),
        _listed("of another shape", _misshapen(own, given)),
        _listed("not finite", [name for name in given if not _is_finite(given[name])]),
    ]
    if any(faults):
        what = f"not the weights of this network: {'; '.join(filter(None, faults))}"
        raise CheckpointError(what, file=path, hint=_expected(model))
    model.load_state_dict(given, strict=False)


def load_backbone(model: SiamMask, path: Path | str) -> None:
    """Load the weights of a bare ResNet into the backbone, to train from.

    Parameters
    ----------
    model : SiamMask
        Takes them.
    path : Path or str
        A file of the modified ResNet-50, called ``resnet.model`` by the original; its last stage
        and classifier are passed over. A whole SiamMask does as well.

    Raises
    ------
    CheckpointError
        If the file cannot be read or does not fit; torchvision's ResNet-50 does not.
    """
    prefix = "features.features."
    state = read(Path(path))
    if not any(name.startswith(prefix) for name in state):
        state = {f"{prefix}{name.removeprefix('features.')}": each for name, each in state.items()}
    inner = {name: each for name, each in state.items() if name.startswith(prefix)}
    backbone = {name.removeprefix(prefix): each for name, each in inner.items()}
    load_state(model.features.features, backbone, path, unused=("layer4.", "fc."))


def read(path: Path | str) -> State:
    """Read the tensors of a file, under the names of the original.

    Parameters
    ----------
    path : Path or str
        A file of weights.

    Returns
    -------
    dict of str to Tensor
        On the CPU; without the wrapping, the prefix ``module.`` and pysot's names.

    Raises
    ------
    CheckpointError
        If it cannot be read, would need code to be run, or holds no named tensors.
    """
    path = Path(path)
    content = _read_safetensors(path) if _format(path) == "safetensors" else _read_torch(path)
    state = _unwrap(content, path)
    return _renamed({name.removeprefix("module."): each for name, each in state.items()})


def save(model: SiamMask, path: Path | str, *, half: bool = False) -> None:
    """Save the weights of a network so that `load` and the original read them.

    Parameters
    ----------
    model : SiamMask
        On any device; the file's tensors are on the CPU.
    path : Path or str
        ``.safetensors`` gives that format, any other ending torch's. The file is whole or absent,
        whenever the program is stopped.
    half : bool
        Whether to write 16-bit floats, half the size; `load` makes 32-bit ones of them.

    Raises
    ------
    OutputError
        If the file cannot be written.
    CheckpointError
        If a weight is too large for 16 bits.
    """
    path = Path(path)
    state = {name: each.detach().cpu().contiguous() for name, each in model.state_dict().items()}
    if half:
        state = {name: _halved(name, each, path) for name, each in state.items()}
    about = {"variant": model.variant.name}
    if path.suffix == ".safetensors":
        write_whole(path, _sorted_notes(dump_safetensors(state, {"format": "pt", **about})))
    else:
        buffer = io.BytesIO()
        torch.save({"state_dict": state, **about}, buffer)
        write_whole(path, buffer.getvalue())


def _sorted_notes(data: bytes) -> bytes:
    """Sort the notes in a file's header, which are written in another order each time.

    The same weights then give the same bytes, and the same SHA-256.
    """
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    return data[:8] + text.ljust(end - 8) + data[end:]


def _halved(name: str, tensor: Tensor, path: Path) -> Tensor:
    if not tensor.is_floating_point():
        return tensor
    halved = tensor.half()
    if not _is_finite(halved):
        raise CheckpointError(f"{name} is too large for 16 bits", file=path, hint="save all 32")
    return halved


def _format(path: Path) -> str:
    """Tell by its first bytes how a file is to be read: ``torch`` or ``safetensors``."""
    try:
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        folder = isinstance(error, IsADirectoryError)
        hint = "accepted: a file, .pth or .safetensors" if folder else None
        raise CheckpointError(f"cannot be read: {error.strerror}", file=path, hint=hint) from None
    fault = _fault_of(start)
    if fault is not None:
        what, hint = fault
        raise CheckpointError(what, file=path, hint=hint)
    return "safetensors" if start[8:9] == b"{" else "torch"


def _fault_of(start: bytes) -> tuple[str, str] | None:
    """Say what is wrong with a file that is no weights at all, and what to do."""
    if not start:
        return "the file is empty", AGAIN
    if start.startswith(b"version https://git-lfs"):
        return "a git-lfs pointer, not the weights", "fetch the file itself: git lfs pull"
    if re.match(rb"\s*<(!doctype|html|\?xml|head)", start, re.IGNORECASE):
        return "a web page, not weights: the download failed", AGAIN
    if start.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")):
        return "a packed archive, not weights", "unpack it and give the file inside"
    if _is_text(start):
        line = start.decode(errors="replace").strip().splitlines()[:1]
        return f"a text file, not weights; it begins {line[0][:40] if line else ''!r}", AGAIN
    return None


def _is_text(start: bytes) -> bool:
    return all(byte in b"\t\n\r\x0b\x0c" or byte >= 32 for byte in start) and start[8:9] != b"{"


def _read_safetensors(path: Path) -> State:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        what = f"a .safetensors file that is broken or cut off: {_first_line(error)}"
        raise CheckpointError(what, file=path, hint=AGAIN) from None


def _read_torch(path: Path) -> Any:
    """Read a file of torch, zipped or of the time before, without running code from it."""
    try:
        with warnings.catch_warnings():
            # Of unusual pickles, which are refused in the next moment.
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if needed := _needed_code(str(error)):
            what = f"not opened: it would run code from the file ({needed})"
            raise CheckpointError(what, file=path, hint=CONVERT) from None
        raise CheckpointError("not a file of torch", file=path, hint=AGAIN) from None
    except MemoryError:
        raise
    # What reading a broken pickle or zip raises is not bounded by any document.
    except Exception as error:
        raise CheckpointError(_break_of(error), file=path, hint=AGAIN) from None


def _needed_code(message: str) -> str | None:
    """Find in torch's refusal what the file wanted to call."""
    match = re.search(r"(?:GLOBAL|class|function) ([\w.]+) was not an allowed", message)
    match = match or re.search(r"(?:GLOBAL|Unsupported (?:class|global)):? ([\w.]+)", message)
    if match is not None:
        return match[1]
    return "it says no more" if "legacy .tar format" in message else None


def _break_of(error: Exception) -> str:
    """Say in a few words why torch could not read a file."""
    text = str(error)
    if isinstance(error, EOFError) or "unexpected EOF" in text or "central directory" in text:
        return "broken or cut off: its end is missing"
    return f"broken, or not a file of torch: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:120]


def _unwrap(content: Any, path: Path) -> State:
    """Take the named tensors out of what a file holds."""
    if isinstance(content, Mapping) and isinstance(content.get("state_dict"), Mapping):
        content = content["state_dict"]
    if not isinstance(content, Mapping) or not content:
        what = f"holds {_described(content)}, not named tensors"
        raise CheckpointError(what, file=path, hint=ACCEPTED)
    others = [str(name) for name, value in content.items() if not _is_entry(name, value)]
    if others:
        what = f"not named tensors: {_some(others)}"
        raise CheckpointError(what, file=path, hint=ACCEPTED)
    return dict(content)


def _is_entry(name: object, value: object) -> bool:
    return isinstance(name, str) and isinstance(value, Tensor)


def _described(content: object) -> str:
    return "nothing" if content in ({}, None) else f"a {type(content).__name__}"


def _renamed(state: State) -> State:
    """Give pysot's tensors our names; others keep theirs."""
    if not any(name.startswith("backbone.") for name in state):
        return state
    renamed = {}
    for name, tensor in state.items():
        start = next((each for each in PYSOT if name.startswith(each)), "")
        renamed[PYSOT.get(start, "") + name.removeprefix(start)] = tensor
    return renamed


def _empty(variant: str) -> SiamMask:
    """Build a network whose weights are not set, which is quicker; counters are 0."""
    model = _outline(variant)
    model.to_empty(device="cpu")
    for name, buffer in model.named_buffers():
        if name.endswith(COUNTERS):
            buffer.zero_()
    return model


def _outline(variant: str) -> SiamMask:
    """Build a network of names and shapes alone, without memory and numbers."""
    with _Uninitialized(), torch.device("meta"):
        return build(variant)


class _Uninitialized(TorchFunctionMode):
    """Skips `torch.nn.init`, which on tensors without memory loads torch's compiler: seconds."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        given = kwargs or {}
        if getattr(func, "__module__", None) == "torch.nn.init":
            return given.get("tensor", args[0] if args else None)
        return func(*args, **given)


def _nearest_variant(state: State, path: Path) -> str:
    """Find the variant that has most in common with a file, counting what is not."""
    found = {name: _likeness(name, state) for name in VARIANTS}
    best = max(found, key=found.__getitem__)
    if found[best] == 0:
        what = f"holds no tensor of the network; it has {_some(state)}"
        bare = "conv1.weight" in state or "features.conv1.weight" in state
        hint = "a bare ResNet is something to train from" if bare else None
        raise CheckpointError(what, file=path, hint=hint)
    return best


def _likeness(variant: str, state: State) -> float:
    """Give the share of tensors that a file and a variant have both, in [0, 1]."""
    own = _outline(variant).state_dict()
    shared = [name for name in own if name in state and state[name].shape == own[name].shape]
    return len(shared) / len(own.keys() | state.keys())


def _is_of_larger(name: str, variant: str) -> bool:
    """Tell whether a tensor belongs to a part that a variant does without."""
    own = VARIANTS.get(variant)
    if own is None:
        return False
    parts = {"mask_model.": own.coarse_mask, "refine_model.": own.refined_mask}
    return any(size is None and name.startswith(part) for part, size in parts.items())


def _misshapen(own: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> list[str]:
    return [
        f"{name} {tuple(each.shape)} instead of {tuple(own[name].shape)}"
        for name, each in given.items()
        if name in own and each.shape != own[name].shape
    ]


def _is_finite(tensor: Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())


def _listed(kind: str, names: Sequence[str]) -> str:
    """Count tensors and name the first of them; nothing for none."""
    return f"{len(names)} {kind}: {_some(names)}" if names else ""


def _some(names: Collection[str]) -> str:
    rest = len(names) - NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(islice(names, NAMED)) + more


def _expected(model: nn.Module) -> str:
    variant = getattr(model, "variant", None)
    if variant is None:
        return "accepted: SiamMask's ResNet-50, with 3x3 shortcuts; torchvision's is another"
    return f"accepted: exactly the {len(model.state_dict())} tensors of {variant.name!r}"
