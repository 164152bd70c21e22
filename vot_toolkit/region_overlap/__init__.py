"""Overlap of regions, by pixel counts as VOT defines it or as exact geometry.

`overlap` and `overlaps` check their input and hand it to a backend; all backends give the same
bits. Pixels are counted in the floating point of the references, where the order in which a
polygon's corners are given can decide a pixel (see `vot_toolkit.region_overlap.reference`).
"""

from vot_toolkit.region_overlap.backends import overlap_backend
from vot_toolkit.region_overlap.pairs import overlap, overlap_within, overlaps

__all__ = ["overlap", "overlap_backend", "overlap_within", "overlaps"]
