"""What a machine says of itself."""

import json
import platform
import sys
from dataclasses import asdict

from vot_toolkit import machine
from vot_toolkit.machine import (
    Accelerator,
    describe_machine,
    parse_npu_smi,
    parse_nvidia_smi,
)

NPU_SMI = """\
+------------------------------------------------------------------------------------------------+
| npu-smi 23.0.rc3                 Version: 23.0.rc3                                             |
+---------------------------+---------------+----------------------------------------------------+
| NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
| Chip                      | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |
+===========================+===============+====================================================+
| 0     910B3               | OK            | 93.6        40                0    / 0             |
| 0                         | 0000:C1:00.0  | 0           0    / 0          3344 / 65536         |
+===========================+===============+====================================================+
| 1     910B3               | OK            | 90.1        38                0    / 0             |
| 0                         | 0000:01:00.0  | 0           0    / 0          3343 / 65536         |
+===========================+===============+====================================================+
+---------------------------+---------------+----------------------------------------------------+
| NPU     Chip              | Process id    | Process name             | Process memory(MB)      |
+===========================+===============+====================================================+
| No running processes found in NPU 0                                                            |
+===========================+===============+====================================================+
"""


def test_this_machine():
    found = describe_machine()
    assert found.cpu and found.logical_cores >= found.usable_cores >= 1
    assert found.python == f"CPython {platform.python_version()}"
    assert found.packages["numpy"] and found.packages["opencv"]
    assert found.accelerators == ()


def test_no_name_of_user_or_host(monkeypatch):
    monkeypatch.setattr(
        platform, "uname", lambda: platform.uname_result("Linux", "secret", "6", "", "arm")
    )
    for name in ("USER", "LOGNAME", "HOME", "HOSTNAME"):
        monkeypatch.setenv(name, "/home/secret")
    text = json.dumps(asdict(describe_machine()))
    assert "Linux 6 arm" in text
    assert "secret" not in text and sys.prefix not in text


def test_cann_is_no_package(tmp_path, monkeypatch):
    (tmp_path / "version.cfg").write_text(
        "# version: 1.0\nruntime_running_version=[7.0.0.5.242:7.0.0]\n"
        "toolkit_running_version=[7.0.0.5.242:7.0.RC1]\n"
    )
    monkeypatch.setenv("ASCEND_TOOLKIT_HOME", str(tmp_path))
    assert describe_machine().packages["cann"] == "7.0.RC1"
    (tmp_path / "version.cfg").unlink()
    assert "cann" not in describe_machine().packages


def test_nvidia_smi():
    text = "NVIDIA H100 80GB HBM3, 81559, 550.54.15\n" * 2 + "NVIDIA GB10, [N/A], 580.95\n"
    assert parse_nvidia_smi(text) == (
        Accelerator("cuda", "NVIDIA H100 80GB HBM3", 2, 81559, "550.54.15"),
        Accelerator("cuda", "NVIDIA GB10", 1, None, "580.95"),
    )


def test_npu_smi():
    assert parse_npu_smi(NPU_SMI) == (Accelerator("npu", "Ascend 910B3", 2, 65536, "23.0.rc3"),)
    assert parse_npu_smi("") == ()


def test_tools_are_asked_on_demand_only(monkeypatch):
    asked = []
    monkeypatch.setattr(machine, "_answer", lambda *command: asked.append(command) or "")
    describe_machine()
    assert asked == []
    assert describe_machine(accelerators=True).accelerators == ()
    assert [command[0] for command in asked] == ["nvidia-smi", "npu-smi"]


def test_a_tool_that_fails_is_no_accelerator(tmp_path, monkeypatch):
    tool = tmp_path / "nvidia-smi"
    tool.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed'\nexit 9\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert machine.find_accelerators() == ()


def test_an_arm_processor_has_no_model_name():
    info = "processor\t: 0\nCPU implementer\t: 0x48\nCPU part\t: 0xd01\n"
    assert machine._cpu_model(info).endswith("implementer 0x48 part 0xd01")


def test_cores_of_two_sockets():
    block = "processor\t: {}\nphysical id\t: {}\ncore id\t\t: {}\n"
    threads = [(0, 0, 0), (1, 0, 1), (2, 1, 0), (3, 1, 1), (4, 0, 0), (5, 0, 1)]
    assert machine._physical_cores("\n".join(block.format(*t) for t in threads)) == 4
    assert machine._physical_cores("") is None
