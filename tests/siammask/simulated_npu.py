"""A device named ``npu`` that is the CPU: it shows where tensors are, nothing about NPUs.

`install` renames the device that torch keeps for others and runs every operator on a CPU copy.
Operators that meet tensors of both devices raise, as on a real one. The device is registered for
the whole process, so that tests run it in one of their own. It leans on a private function of
torch and goes with the version that CI pins.
"""

from __future__ import annotations

import contextlib
import types
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_map

NUM_DEVICES = 2

# What may see tensors of both devices: copies.
CROSSING = {
    "aten::to",
    "aten::_to_copy",
    "aten::copy_",
    "aten::_copy_from",
    "aten::_copy_from_and_resize",
    "aten::set_",
}


class NpuModule(types.ModuleType):
    """Stands for ``torch.npu``; `calls` lists what was asked of the device.

    `operators` counts what was computed, `reads` what brought something from the device to the
    host: what a real one makes the host wait for.
    """

    class Event:
        """A point in the device's queue, which is always done."""

        def record(self) -> None:
            """Note nothing."""

        def synchronize(self) -> None:
            """Wait for nothing."""

    def __init__(self) -> None:
        super().__init__("torch.npu")
        self.calls: list[tuple[Any, ...]] = []
        self.operators: Counter[str] = Counter()
        self.reads: Counter[str] = Counter()
        self._current = 0

    def is_initialized(self) -> bool:
        return True

    def is_available(self) -> bool:
        return True

    def device_count(self) -> int:
        return NUM_DEVICES

    def current_device(self) -> int:
        return self._current

    def set_device(self, device: Any) -> None:
        self._current = device if isinstance(device, int) else torch.device(device).index or 0
        self.calls.append(("set_device", self._current))

    def synchronize(self, device: Any = None) -> None:
        self.calls.append(("synchronize",))

    def manual_seed_all(self, seed: int) -> None:
        self.calls.append(("seed", seed))

    manual_seed = manual_seed_all

    def get_device_name(self, device: Any = 0) -> str:
        return "simulated NPU"

    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.float16, torch.bfloat16]

    def get_rng_state(self, device: Any = None) -> torch.Tensor:
        return torch.get_rng_state()

    def set_rng_state(self, state: torch.Tensor, device: Any = None) -> None:
        torch.set_rng_state(state)

    def empty_cache(self) -> None:
        self.calls.append(("empty_cache",))

    def _is_in_bad_fork(self) -> bool:
        return False

    @contextlib.contextmanager
    def device(self, device: Any) -> Iterator[None]:
        yield


class NpuTensor(torch.Tensor):
    """A tensor that says it is on the device; `raw` is its CPU copy."""

    raw: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, raw: torch.Tensor) -> NpuTensor:
        tensor = torch.Tensor._make_wrapper_subclass(
            cls,
            raw.size(),
            strides=raw.stride(),
            storage_offset=raw.storage_offset(),
            dtype=raw.dtype,
            layout=raw.layout,
            device=torch.device("npu", 0),
            requires_grad=False,
        )
        tensor.raw = raw
        return tensor

    def __init__(self, raw: torch.Tensor) -> None:
        """Take the place of the base class's, which knows no `raw`."""

    def __repr__(self) -> str:
        return f"npu({self.raw!r})"

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


def install() -> NpuModule:
    """Register the device with torch, once in a process; gives what becomes ``torch.npu``."""
    from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

    module = NpuModule()
    _setup_privateuseone_for_python_backend("npu", backend_module=module)
    for name in ("empty.memory_format", "empty_strided"):
        _register_factory(name)
    return module


LOW = ("conv2d", "conv_transpose2d.input", "linear", "matmul", "mm", "bmm", "addmm")
"""What autocast computes in 16 bits: the same as on a real NPU, in short."""

HIGH = (
    "log_softmax.int",
    "softmax.int",
    "binary_cross_entropy_with_logits",
    "smooth_l1_loss",
    "soft_margin_loss",
    "exp",
    "sum",
)
"""What it computes in 32 bits."""


def install_autocast() -> None:
    """Let ``torch.autocast("npu")`` do what it does on a real one; once, after `install`."""
    fallback = torch.library.Library("_", "IMPL")
    fallback.fallback(torch.library.fallthrough_kernel, "AutocastPrivateUse1")
    _LIBRARIES.append(fallback)
    for name in LOW:
        _register_cast(name, lambda: torch.get_autocast_dtype("npu"))
    for name in HIGH:
        _register_cast(name, lambda: torch.float32)


def _register_cast(name: str, dtype: Callable[[], torch.dtype]) -> None:
    packet, _, overload = name.partition(".")
    operator = getattr(getattr(torch.ops.aten, packet), overload or "default")
    key = torch._C.DispatchKeySet(torch._C.DispatchKey.AutocastPrivateUse1)

    def cast(value: Any) -> Any:
        floats = isinstance(value, torch.Tensor) and value.is_floating_point()
        return value.to(dtype()) if floats and value.device.type == "npu" else value

    def compute(*args: Any, **kwargs: Any) -> Any:
        with torch._C._ExcludeDispatchKeyGuard(key):
            args, kwargs = tree_map(cast, (args, kwargs))
            return operator(*args, **kwargs)

    library = torch.library.Library("aten", "IMPL")
    library.impl(name, compute, "AutocastPrivateUse1")
    _LIBRARIES.append(library)


_LIBRARIES: list[torch.library.Library] = []


def _register_factory(name: str) -> None:
    packet, _, overload = name.partition(".")
    operator = getattr(getattr(torch.ops.aten, packet), overload or "default")

    def make(*args: Any, **kwargs: Any) -> Any:
        return _run(operator, args, kwargs | {"device": torch.device("npu", 0)})

    library = torch.library.Library("aten", "IMPL")
    library.impl(name, make, "PrivateUse1")
    # What a library registers goes with it.
    _LIBRARIES.append(library)


def _run(operator: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """Run an operator on the CPU copies, and give back what the device would."""
    name = operator._schema.name
    torch.npu.operators[name] += 1
    tensors = [each for each in tree_flatten((args, kwargs))[0] if isinstance(each, torch.Tensor)]
    if name not in CROSSING:
        _check_devices(name, tensors)
    raw_args, raw_kwargs = tree_map(_raw, (args, kwargs))
    if raw_kwargs.get("pin_memory") is not None:
        raw_kwargs["pin_memory"] = False
    result = operator(*raw_args, **raw_kwargs)
    asked = [each for each in tree_flatten((args, kwargs))[0] if isinstance(each, torch.device)]
    on_npu = asked[0].type == "npu" if asked else any(map(_is_npu, tensors))
    # An operator in place gives its argument, not a new tensor; one told where to go does not.
    known = {} if asked else {id(_raw(each)): each for each in tensors}

    if any(map(_is_npu, tensors)) and (not on_npu or not _has_tensors(result)):
        torch.npu.reads[name] += 1

    def wrap(value: Any) -> Any:
        if not isinstance(value, torch.Tensor):
            return value
        return known[id(value)] if id(value) in known else _placed(value, on_npu)

    return tree_map(wrap, result)


def _has_tensors(result: Any) -> bool:
    """Tell results on the device, or none at all, from values on the host."""
    values = [each for each in tree_flatten(result)[0] if each is not None]
    return not values or any(isinstance(each, torch.Tensor) for each in values)


def _check_devices(name: str, tensors: list[torch.Tensor]) -> None:
    if any(map(_is_npu, tensors)):
        for each in tensors:
            # A number from the host goes along, as on every device.
            if not _is_npu(each) and each.dim() > 0:
                fault = "Expected all tensors to be on the same device, found npu:0 and"
                raise RuntimeError(f"{name}: {fault} {each.device}")


def _is_npu(tensor: torch.Tensor) -> bool:
    return isinstance(tensor, NpuTensor)


def _placed(tensor: torch.Tensor, on_npu: bool) -> torch.Tensor:
    return NpuTensor(tensor) if on_npu else tensor


def _raw(value: Any) -> Any:
    if isinstance(value, NpuTensor):
        return value.raw
    if isinstance(value, torch.device) and value.type == "npu":
        return torch.device("cpu")
    return value
