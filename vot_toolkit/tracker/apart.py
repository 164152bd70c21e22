"""Checking a tracker in a process of its own, which may hang, crash and print as it likes."""

from __future__ import annotations

import multiprocessing
from dataclasses import replace
from math import isfinite
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from typing import Any

from vot_toolkit.errors import UsageError
from vot_toolkit.run.child import Output, begin, cause_of_death, end, interrupts_held_back
from vot_toolkit.tracker.check import CheckReport, Finding, check
from vot_toolkit.tracker.registry import TrackerSpec

TIMEOUT_S = 60.0
"""Enough to load a large network on a slow disk."""

EXIT_GRACE_S = 5.0
"""How long a process whose pipe is closed may take until its exit code is known."""

KEPT = 8192
"""Bytes of what a tracker printed last."""


def check_apart(tracker: TrackerSpec, timeout_s: float = TIMEOUT_S) -> CheckReport:
    """Check a tracker in a process of its own.

    Parameters
    ----------
    tracker : TrackerSpec
        What to build there.
    timeout_s : float
        Time that building it, or one frame, may take, in s.

    Returns
    -------
    CheckReport
        As `check` gives it, with the last of what the tracker printed. When it hangs or its process
        ends, that is an error after what was found before.

    Raises
    ------
    UsageError
        If the time is not above 0.
    """
    if not (timeout_s > 0 and isfinite(timeout_s)):
        raise UsageError(f"--timeout {timeout_s:g}", hint="accepted: seconds, above 0")
    output, heard = Output(), _Heard(tracker.target)
    process, pipe = _start(tracker, output)
    grace_s = 0.0
    try:
        answering = _listen(process, pipe, heard, timeout_s)
        grace_s = EXIT_GRACE_S if answering else 0.0
    finally:
        code = end(process, grace_s)
        pipe.close()
    if answering:
        died = f"its process {cause_of_death(code)}"
        report = heard.report or heard.cut_off(died, "what it printed may say why")
    else:
        report = heard.cut_off(f"no answer within {timeout_s:g} s", "--timeout S gives it more")
    return replace(report, printed=output.read(last=KEPT).decode(errors="replace"))


class _Heard:
    """What was heard from the child so far."""

    def __init__(self, target: str) -> None:
        self.report: CheckReport | None = None
        self._target = target
        self._stage = ""
        self._findings: list[Finding] = []

    def take(self, message: str | Finding | CheckReport) -> None:
        """Take in what comes next, what was found, or the report at the end."""
        if isinstance(message, CheckReport):
            self.report = message
        elif isinstance(message, Finding):
            self._findings.append(message)
        else:
            self._stage = message

    def cut_off(self, what: str, advice: str) -> CheckReport:
        """Give the report that did not come, which ends with a fault."""
        fault = Finding("error", f"{self._stage or 'starting'}: {what}", advice)
        return CheckReport(self._target, (*self._findings, fault))


def _start(spec: TrackerSpec, output: Output) -> tuple[SpawnProcess, Any]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, spec, output))
    with interrupts_held_back():
        process.start()
    theirs.close()
    return process, ours


def _serve(pipe: Any, spec: TrackerSpec, output: Output) -> None:
    """Check, in the child: send what comes next, what was found, and at last the report."""
    begin(output)
    pipe.send(check(spec, beat=pipe.send, tell=pipe.send))


def _listen(process: SpawnProcess, pipe: Any, heard: _Heard, timeout_s: float) -> bool:
    """Listen until the report is there or the child is gone; False when it hangs."""
    while heard.report is None:
        # A pipe that a tracker's own child holds open does not tell of a death.
        if not wait([pipe, process.sentinel], timeout_s):
            return False
        try:
            if not pipe.poll():
                break
            heard.take(pipe.recv())
        except (EOFError, ConnectionResetError):
            break
    return True
