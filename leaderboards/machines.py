"""Machines in a few words, as far as boards need to tell them apart."""

from __future__ import annotations

import re

from leaderboards.entry import Fact
from vot_toolkit.machine import Machine

ARCHITECTURES = {"x86_64": "x86", "AMD64": "x86", "aarch64": "ARM", "arm64": "ARM"}
"""Names of processor families as the reference's table has them."""

_NOISE = re.compile(r"\((?:R|TM)\)|\bCPU\b|@.*$|\bProcessor\b|\b\d+-Core\b")
"""What makers add to the names of processors."""


def machine_facts(machine: Machine | None) -> dict[str, Fact]:
    """Give what is known of a machine as facts; nothing when it is not known."""
    if machine is None:
        return {}
    accelerator = machine.accelerators[0] if machine.accelerators else None
    return {
        "machine": machine_title(machine),
        "cpu": short_cpu(machine.cpu),
        "architecture": architecture(machine.system),
        "cores": machine.usable_cores,
        "accelerator": None if accelerator is None else accelerator.name,
        "driver": None if accelerator is None else accelerator.driver,
        "cann": machine.packages.get("cann"),
        "cuda": machine.packages.get("cuda"),
        "python": machine.python,
        "torch": machine.packages.get("torch"),
    }


def machine_title(machine: Machine) -> str:
    """Say a machine in one line: accelerators first, as they decide speed."""
    cores = f"{machine.usable_cores} of {machine.logical_cores} cores"
    cpu = f"{short_cpu(machine.cpu)}, {cores}"
    found = [f"{each.count} x {each.name}" for each in machine.accelerators]
    return ", ".join([*found, cpu])


def short_cpu(name: str) -> str:
    """Leave out of a processor's name what tells nothing.

    Examples
    --------
    >>> short_cpu("Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz")
    'Intel Xeon E5-2690 v4'
    >>> short_cpu("AMD EPYC 7742 64-Core Processor")
    'AMD EPYC 7742'
    """
    return " ".join(_NOISE.sub(" ", name).split())


def architecture(system: str) -> str | None:
    """Give the family of the processor, ``x86`` or ``ARM``, from the system's description.

    Examples
    --------
    >>> architecture("Ubuntu 24.04, Linux 6.8 aarch64"), architecture("Linux 6.8 riscv64")
    ('ARM', 'riscv64')
    """
    word = system.split()[-1] if system.split() else ""
    return ARCHITECTURES.get(word, word or None)
