"""Which code this is: the version of the distribution, and the commit when run from a checkout."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTION = "siammask-bench"
UNKNOWN = "unknown"
GIT_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class CodeVersion:
    """The code that produced a number.

    Parameters
    ----------
    version : str
        Version of the distribution, ``unknown`` when it is not installed.
    commit : str or None
        Commit of the checkout that the package lies in, None when it lies in none.
    modified : bool
        Whether tracked files of that checkout differ from the commit.
    """

    version: str
    commit: str | None = None
    modified: bool = False


def toolkit_version() -> str:
    """Give the version of the installed distribution, ``unknown`` when it is not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return UNKNOWN


@cache
def code_version() -> CodeVersion:
    """Describe the running code; asks git once when there is a checkout."""
    # A package inside somebody else's checkout, in a virtual environment, is not tracked by it.
    tracked = _git("ls-files", "--error-unmatch", Path(__file__).name) is not None
    commit = _git("rev-parse", "HEAD") if tracked else None
    modified = commit is not None and bool(_git("status", "--porcelain", "--untracked-files=no"))
    return CodeVersion(toolkit_version(), commit, modified)


def _git(*arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    try:
        answer = subprocess.run(
            [git, "-C", str(Path(__file__).parent), *arguments],
            capture_output=True,
            text=True,
            timeout=GIT_TIMEOUT_S,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return None
    return answer.stdout.strip()
