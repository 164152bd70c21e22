"""Devices: the one place that knows the CPU, CUDA GPUs and Ascend NPUs.

A device is named ``cpu``, ``cuda``, ``cuda:1``, ``npu`` or ``npu:0``. What NPUs need is imported
only when one is asked for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import torch

from siammask.errors import DeviceError
from siammask.extras import advice

KINDS = ("cpu", "cuda", "npu")

ACCEPTED = "accepted: cpu, cuda, cuda:1, npu, npu:0"


def find_device(name: str | torch.device) -> torch.device:
    """Find a device that can be used now.

    Parameters
    ----------
    name : str or torch.device
        Its kind, and the number of one of several.

    Returns
    -------
    torch.device
        With a number unless it is the CPU; the first without one.

    Raises
    ------
    DeviceError
        If there is no such kind, its software is missing, or there is no device of that number.

    Examples
    --------
    >>> find_device("cpu")
    device(type='cpu')
    >>> find_device("gpu")
    Traceback (most recent call last):
    ...
    siammask.errors.DeviceError: no device 'gpu' (did you mean 'cuda'? accepted: cpu, cuda, \
cuda:1, npu, npu:0)
    """
    kind, number = _parse(str(name))
    if kind == "cpu":
        return torch.device("cpu")
    count = _count_cuda() if kind == "cuda" else _count_npu()
    if number >= count:
        there = ", ".join(f"{kind}:{each}" for each in range(count))
        raise DeviceError(f"no device '{kind}:{number}'", hint=f"there are {there}")
    return torch.device(kind, number)


def half_precision(device: torch.device) -> torch.dtype | None:
    """Tell which 16-bit floats a device computes faster than 32-bit ones.

    Parameters
    ----------
    device : torch.device
        What `find_device` gave.

    Returns
    -------
    torch.dtype or None
        bfloat16 on a CPU with AMX or AVX-512 instructions for it; float16 on NPUs and on GPUs from
        compute capability 7.0 on; None elsewhere, where 16 bits are computed in 32.
    """
    if device.type == "cpu":
        return torch.bfloat16 if _cpu_computes_bfloat16() else None
    if device.type == "cuda":
        return torch.float16 if torch.cuda.get_device_capability(device) >= (7, 0) else None
    return torch.float16


@contextmanager
def full_precision(device: torch.device) -> Iterator[None]:
    """Compute 32-bit convolutions in 32 bits: GPUs shorten them to 19 otherwise."""
    if device.type != "cuda":
        yield
        return
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32 = before


def _parse(name: str) -> tuple[str, int]:
    match = re.fullmatch(r"([a-z]+)(?::(\d+))?", name)
    if match is None or match[1] not in KINDS:
        # By its letters alone "gpu" is nearest to an NPU.
        meant = name.partition(":")[0].replace("gpu", "cuda")
        near = difflib.get_close_matches(meant, KINDS, n=1)
        guess = f"did you mean {near[0]!r}? " if near else ""
        raise DeviceError(f"no device {name!r}", hint=guess + ACCEPTED)
    if match[1] == "cpu" and match[2] not in (None, "0"):
        raise DeviceError(f"no device {name!r}", hint="there is one, cpu")
    return match[1], int(match[2] or 0)


def _count_cuda() -> int:
    if torch.version.cuda is None and torch.version.hip is None:
        fault = f"device 'cuda': this torch, {torch.__version__}, is built without CUDA"
        raise DeviceError(fault, hint="install a CUDA build of torch, or use cpu")
    if not torch.cuda.is_available():
        hint = "nvidia-smi and CUDA_VISIBLE_DEVICES tell more; or use cpu"
        raise DeviceError("device 'cuda': no GPU can be used", hint=hint)
    return torch.cuda.device_count()


def _count_npu() -> int:
    npu = _npu()
    if not npu.is_available():
        hint = "npu-smi info and ASCEND_RT_VISIBLE_DEVICES tell more; or use cpu"
        raise DeviceError("device 'npu': no NPU can be used", hint=hint)
    return int(npu.device_count())


def _npu() -> Any:
    """Give torch's npu module, which torch_npu registers."""
    # Already there when torch loads it by itself, and with a simulated device.
    if not hasattr(torch, "npu"):
        try:
            import_module("torch_npu")
        except ModuleNotFoundError:
            fault = "device 'npu': torch_npu is not installed"
            raise DeviceError(fault, hint=f"{advice('npu')}; or use cpu") from None
        except (ImportError, OSError) as error:
            fault = f"device 'npu': torch_npu cannot be loaded: {error}"
            hint = "install CANN and source its set_env.sh, or use cpu"
            raise DeviceError(fault, hint=hint) from error
    return getattr(torch, "npu")  # noqa: B009 (torch itself has no such name)


def _cpu_computes_bfloat16() -> bool:
    # Only recent versions of torch tell; an older one is taken at its slowest.
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16") or capabilities.get("avx512_bf16"))
