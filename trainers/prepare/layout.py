"""Where everything lies in a folder of prepared data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROPERTIES_SUFFIX = ".properties.json"


@dataclass(frozen=True)
class Layout:
    """The folder ``--out``.

    Parameters
    ----------
    root : Path
        Need not exist.
    """

    root: Path

    @property
    def crops(self) -> Path:
        """The folder of the crops; the name is that of the original."""
        return self.root / "crop511"

    @property
    def packed(self) -> Path:
        """The folder of the same crops in a few large files."""
        return self.root / "packed511"

    def crop(self, video: str, frame: int, track: str) -> Path:
        """Give the place of a crop, as the original's loader looks for it."""
        return self.crops / video / f"{frame:06d}.{track}.x.jpg"

    def mask(self, video: str, frame: int, track: str) -> Path:
        """Give the place of a crop's mask."""
        return self.crops / video / f"{frame:06d}.{track}.m.png"

    def annotations(self, split: str) -> Path:
        """Give the place of the JSON of boxes."""
        return self.root / f"{split}.json"

    def properties(self, split: str) -> Path:
        """Give the place of what is known about the JSON of boxes, beside it."""
        return self.root / f"{split}{PROPERTIES_SUFFIX}"

    @property
    def dropped(self) -> Path:
        """The list of everything that was left out."""
        return self.root / "dropped.txt"

    @property
    def options(self) -> Path:
        """How the folder was prepared."""
        return self.root / ".prepare" / "options.json"

    @property
    def journal(self) -> Path:
        """The parts that are done."""
        return self.root / ".prepare" / "parts.jsonl"

    def prepared_splits(self) -> list[str]:
        """List the JSON files of boxes that are there, by name."""
        names = (path.name for path in sorted(self.root.glob("*.json")))
        return [name.removesuffix(".json") for name in names if not _is_properties(name)]


def _is_properties(name: str) -> bool:
    return name.endswith(PROPERTIES_SUFFIX)
