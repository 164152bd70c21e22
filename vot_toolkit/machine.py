"""The machine a measurement was taken on, as far as it matters to compare measurements.

No user, host name or path is in it. Nothing is looked at before `describe_machine` is called, and
no accelerator is touched unless asked for.
"""

from __future__ import annotations

import csv
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from vot_toolkit.cores import usable_cores

PACKAGES = {
    "numpy": ("numpy",),
    "opencv": (
        "opencv-contrib-python-headless",
        "opencv-python-headless",
        "opencv-contrib-python",
        "opencv-python",
    ),
    "torch": ("torch",),
    "torch-npu": ("torch-npu",),
    "cuda": (
        "nvidia-cuda-runtime",
        "nvidia-cuda-runtime-cu13",
        "nvidia-cuda-runtime-cu12",
        "nvidia-cuda-runtime-cu11",
    ),
}
"""What decides speed and last digits, with the distributions that provide it."""

CANN_FOLDERS = ("ASCEND_TOOLKIT_HOME", "ASCEND_HOME_PATH")
"""Variables that CANN's set_env.sh sets to the folder with its ``version.cfg``, a line of which is
``toolkit_running_version=[7.0.0.5.242:7.0.0]``."""

TOOL_TIMEOUT_S = 20.0


@dataclass(frozen=True)
class Accelerator:
    """One kind of accelerator.

    Parameters
    ----------
    device : str
        ``cuda`` or ``npu``.
    name : str
        As its tool prints it.
    count : int
        How many of these there are.
    memory_mib : int or None
        Memory of each, in MiB.
    driver : str or None
        Version of the driver, or of the tool where that is one with it.
    """

    device: str
    name: str
    count: int
    memory_mib: int | None = None
    driver: str | None = None


@dataclass(frozen=True)
class Machine:
    """Hardware and software under a measurement.

    Parameters
    ----------
    cpu : str
        Model of the processor.
    physical_cores : int or None
        None where the system does not tell.
    logical_cores : int
        With those of hyper-threading.
    usable_cores : int
        Those that this process may run on.
    memory_mib : int or None
        Main memory, in MiB.
    system : str
        Operating system and its version.
    python : str
        Version of Python, with the implementation.
    packages : mapping from name to version
        Those of `PACKAGES` that are installed, and CANN where its environment is set.
    accelerators : tuple of Accelerator
        Empty also when they were not asked for.
    load : tuple of float or None
        Load average over 1, 5 and 15 minutes; tells whether a measurement was alone.
    """

    cpu: str
    physical_cores: int | None
    logical_cores: int
    usable_cores: int
    memory_mib: int | None
    system: str
    python: str
    packages: Mapping[str, str] = field(default_factory=dict)
    accelerators: tuple[Accelerator, ...] = ()
    load: tuple[float, float, float] | None = None


def describe_machine(*, accelerators: bool = False) -> Machine:
    """Describe this machine now.

    Parameters
    ----------
    accelerators : bool
        Whether to ask ``nvidia-smi`` and ``npu-smi``; each may take seconds.

    Returns
    -------
    Machine
    """
    info = _read(Path("/proc/cpuinfo"))
    return Machine(
        cpu=_cpu_model(info),
        physical_cores=_physical_cores(info),
        logical_cores=os.cpu_count() or 1,
        usable_cores=usable_cores(),
        memory_mib=_memory_mib(),
        system=_system(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        packages=_packages(),
        accelerators=find_accelerators() if accelerators else (),
        load=os.getloadavg() if hasattr(os, "getloadavg") else None,
    )


def find_accelerators() -> tuple[Accelerator, ...]:
    """Ask the vendors' tools, where they are installed, what accelerators there are."""
    query = "--query-gpu=name,memory.total,driver_version"
    gpus = _answer("nvidia-smi", query, "--format=csv,noheader,nounits")
    npus = _answer("npu-smi", "info")
    return (*parse_nvidia_smi(gpus), *parse_npu_smi(npus))


def parse_nvidia_smi(text: str) -> tuple[Accelerator, ...]:
    """Read what `find_accelerators` asks of ``nvidia-smi``: name, memory in MiB, driver.

    Examples
    --------
    >>> parse_nvidia_smi("NVIDIA A100, 81920, 550.54" + chr(10) + "NVIDIA A100, 81920, 550.54")
    (Accelerator(device='cuda', name='NVIDIA A100', count=2, memory_mib=81920, driver='550.54'),)
    """
    rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]
    found: list[tuple[str, str, int | None, str | None]] = [
        # Memory is "[N/A]" where it is shared with the CPU.
        ("cuda", row[0], int(row[1]) if row[1].isdigit() else None, row[2])
        for row in rows
        if len(row) == 3
    ]
    return _counted(found)


def parse_npu_smi(text: str) -> tuple[Accelerator, ...]:
    """Read the table of ``npu-smi info``: two lines a chip, number and name, then its memory."""
    match = re.search(r"Version:\s*(\S+)", text)
    tool = match[1] if match else None
    found: list[tuple[str, str, int | None, str | None]] = []
    name: str | None = None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        first = re.fullmatch(r"\d+\s+(\S+)", cells[0])
        if first and len(cells) == 3:
            name = first[1]
        elif name is not None and len(cells) == 3:
            # The last "used / total" pair is the memory on the chip's package (HBM), in MB.
            totals = re.findall(r"\d+\s*/\s*(\d+)", cells[2])
            found.append(("npu", f"Ascend {name}", int(totals[-1]) if totals else None, tool))
            name = None
    return _counted(found)


def _counted(
    found: list[tuple[str, str, int | None, str | None]],
) -> tuple[Accelerator, ...]:
    """Merge equal ones, in the order of their first."""
    return tuple(
        Accelerator(device, name, found.count((device, name, memory, driver)), memory, driver)
        for device, name, memory, driver in dict.fromkeys(found)
    )


def _answer(tool: str, *arguments: str) -> str:
    """Give what a tool prints; nothing when it is not installed or fails."""
    program = shutil.which(tool)
    if program is None:
        return ""
    try:
        answer = subprocess.run(
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=TOOL_TIMEOUT_S,
            check=True,
        )
    # A driver without a device makes its tool fail: that is no accelerator.
    except (subprocess.SubprocessError, OSError):
        return ""
    return answer.stdout


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _cpu_model(info: str) -> str:
    match = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
    if match:
        return " ".join(match[1].split())
    part = re.search(r"^CPU part\s*:\s*(\S+)$", info, re.MULTILINE)
    # ARM processors give numbers of maker and design only.
    maker = re.search(r"^CPU implementer\s*:\s*(\S+)$", info, re.MULTILINE)
    if maker and part:
        return f"{platform.machine()} implementer {maker[1]} part {part[1]}"
    return platform.processor() or platform.machine() or "unknown"


def _physical_cores(info: str) -> int | None:
    cores = set()
    for block in info.split("\n\n"):
        fields = dict(re.findall(r"^(physical id|core id)\s*:\s*(\d+)$", block, re.MULTILINE))
        if len(fields) == 2:
            cores.add((fields["physical id"], fields["core id"]))
    return len(cores) or None


def _memory_mib() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    except (ValueError, OSError, AttributeError):
        return None


def _system() -> str:
    kernel = f"{platform.system()} {platform.release()} {platform.machine()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except (OSError, KeyError):
        return kernel


def _packages() -> dict[str, str]:
    found = {}
    for name, distributions in PACKAGES.items():
        for distribution in distributions:
            try:
                found[name] = version(distribution)
                break
            except PackageNotFoundError:
                continue
    cann = _cann()
    return found if cann is None else {**found, "cann": cann}


def _cann() -> str | None:
    """Find the version of CANN, which is no Python package."""
    for variable in CANN_FOLDERS:
        if folder := os.environ.get(variable):
            text = _read(Path(folder) / "version.cfg")
            match = re.search(r"toolkit_\w*version=\[(?:[\w.]+:)?([\w.]+)\]", text)
            if match:
                return match[1]
    return None
