"""The libraries of reports, which come with an extra."""

from __future__ import annotations

from importlib.util import find_spec

from vot_toolkit.errors import UsageError

INSTALL = "pip install 'siammask-bench[report]'"

LIBRARIES = ("altair", "jinja2", "vl_convert")


def check_report_extra() -> None:
    """Make sure that charts and pages can be made, before the work whose result they show.

    Raises
    ------
    UsageError
        If a library is absent; names it and the command that installs all.
    """
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise UsageError(f"reports need {', '.join(missing)}", hint=INSTALL)
