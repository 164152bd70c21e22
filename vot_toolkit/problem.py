"""What is wrong with results and was not silently passed over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a tracker's results or run.

    Parameters
    ----------
    tracker : str
        Name of the tracker's folder.
    sequence : str or None
        The sequence concerned; None for the whole experiment.
    file : str or None
        The file or folder.
    line : int or None
        The line of that file, from 1.
    what : str
        What is wrong, and what was made of it.
    """

    tracker: str
    sequence: str | None
    file: str | None
    line: int | None
    what: str

    def to_dict(self) -> dict[str, str | int | None]:
        """Give the fields as JSON object."""
        return {
            "tracker": self.tracker,
            "sequence": self.sequence,
            "file": self.file,
            "line": self.line,
            "what": self.what,
        }
