"""The outcome of a part: its boxes, what was left out, and how much was made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from trainers.prepare.dropped import Dropped, Reason
from trainers.prepare.part import Box

Tracks = dict[str, dict[str, Box]]
"""Boxes by two-digit track and six-digit frame, as the JSON has them."""


@dataclass
class Outcome:
    """What became of a part.

    Parameters
    ----------
    key, split, fingerprint, num_images
        Those of the part.
    tracks : dict
        Box of each crop that was made.
    dropped : list of Dropped
        What was left out.
    """

    key: str
    split: str
    fingerprint: str
    num_images: int
    tracks: Tracks = field(default_factory=dict)
    dropped: list[Dropped] = field(default_factory=list)

    def add(self, track: str, frame: int, box: Box) -> None:
        """Note a crop that was made."""
        self.tracks.setdefault(track, {})[f"{frame:06d}"] = box

    @property
    def num_crops(self) -> int:
        """Crops that were made."""
        return sum(map(len, self.tracks.values()))

    @property
    def is_sound(self) -> bool:
        """Tell whether the source lacked nothing, so that there is nothing to try again."""
        return not any(drop.is_fault for drop in self.dropped)

    def to_line(self) -> str:
        """Write it as one line of JSON."""
        dropped = [[drop.reason.name, drop.place] for drop in self.dropped]
        return json.dumps({**vars(self), "dropped": dropped}, separators=(",", ":")) + "\n"

    @classmethod
    def from_line(cls, line: bytes) -> Outcome:
        """Read what `to_line` wrote; a line cut off raises ValueError."""
        values = json.loads(line)
        dropped = [Dropped(Reason[name], place) for name, place in values.pop("dropped")]
        return cls(**values, dropped=dropped)
