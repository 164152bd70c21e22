"""When something was made, so that adding it twice gives the same record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path


def newest(files: Iterable[Path]) -> str:
    """Give the time of the newest of some files in UTC, ISO 8601; 1970 without any."""
    latest = max((path.stat().st_mtime for path in files), default=0.0)
    return datetime.fromtimestamp(latest, UTC).isoformat(timespec="seconds")
