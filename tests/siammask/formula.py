"""Weights and images by a formula: the same numbers in every program, without a file.

A network with them tracks nothing, but what it computes is known to the last digit.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from siammask.model import SiamMask, build


def residues(seed: int, count: int) -> np.ndarray:
    """Give r(0) ... r(count - 1), in [-0.5, 0.5)."""
    start = 12345 + seed * 2654435761 % 2**31
    # A mask is the remainder by a power of two, and much quicker.
    state = (np.arange(count, dtype=np.int64) * 1103515245 + start) & (2**31 - 1)
    return state / 2**31 - 0.5


def uniform(seed: int, *shape: int) -> np.ndarray:
    """Give float64 numbers in [0, 1)."""
    return residues(seed, int(np.prod(shape))).reshape(shape) + 0.5


def image(seed: int, size: int, batch: int = 1) -> torch.Tensor:
    """Make float64 images, (batch, 3, size, size), 0 ... 255; 1 is the template, 2 the search."""
    return torch.from_numpy(255 * uniform(seed, batch, 3, size, size))


def patches(seed: int, size: int, batch: int = 1) -> np.ndarray:
    """Make uint8 patches, (batch, size, size, 3), as a tracker cuts them."""
    return (255 * uniform(seed, batch, size, size, 3)).astype(np.uint8)


def fill(model: torch.nn.Module) -> torch.nn.Module:
    """Give every tensor of a network its formula weights, and set it to evaluation."""
    state = model.state_dict()
    normalized = {name.rpartition(".")[0] for name in state if name.endswith("running_mean")}
    with torch.no_grad():
        for name, tensor in state.items():
            if not name.endswith("num_batches_tracked"):
                values = _values(name, tuple(tensor.shape), normalized).astype(np.float32)
                tensor.copy_(torch.from_numpy(values))
    return model.eval()


def filled(variant: str) -> SiamMask:
    """Build a float32 network with formula weights."""
    model = build(variant)
    fill(model)
    return model


def write_checkpoint(path: Path, variant: str = "sharp") -> Path:
    """Write a network with formula weights as the released checkpoints are wrapped."""
    state = {f"module.{name}": tensor for name, tensor in filled(variant).state_dict().items()}
    wrapped = {"epoch": 20, "arch": "Custom", "state_dict": state, "best_acc": 0.0}
    torch.save(wrapped, path)
    return path


def _values(name: str, shape: tuple[int, ...], normalized: set[str]) -> np.ndarray:
    seed = sum(name.encode())
    drawn = residues(seed, int(np.prod(shape))).reshape(shape)
    owner, _, kind = name.rpartition(".")
    if owner in normalized:
        offset, scale = {
            "weight": (0.5, 0.2),
            "bias": (0.0, 0.2),
            "running_mean": (0.0, 0.1),
            "running_var": (1.0, 0.4),
        }[kind]
        return offset + scale * drawn
    if len(shape) == 4:
        # Each output of the transposed convolution sees the inputs once: its stride is its size.
        fan = shape[0] if owner.endswith("deconv") else np.prod(shape[1:])
        return drawn * np.sqrt(12) * np.sqrt(2 / fan)
    return 0.2 * drawn
