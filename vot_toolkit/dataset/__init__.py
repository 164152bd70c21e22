"""Data sets: annotated sequences from a VOT folder, a VOT JSON file or the embedded renderer."""

from vot_toolkit.dataset.sequence import Dataset, Sequence
from vot_toolkit.dataset.source import open_dataset

__all__ = ["Dataset", "Sequence", "open_dataset"]
