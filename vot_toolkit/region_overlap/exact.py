"""Overlap as geometry: area of the intersection over area of the union, without pixels.

This is not VOT's overlap, which counts pixels; the two differ by up to 0.1 for small targets.
"""

from __future__ import annotations

import numpy as np
import shapely

from vot_toolkit.errors import RegionError
from vot_toolkit.region import Array, corners
from vot_toolkit.trajectory import Trajectory


def overlaps(first: Trajectory, second: Trajectory, bounds: Array) -> Array:
    """Exact overlap of pairs of rectangles and polygons.

    Parameters
    ----------
    first, second : Trajectory
        N regions each, without masks. A rectangle reaches to x + width and y + height.
    bounds : float64 array, shape (1, 2) or (N, 2)
        Both regions are cut to 0 … right, 0 … bottom; infinite for no cut.

    Returns
    -------
    float64 array, shape (N,)
        NaN for a special code and for two regions without area.

    Raises
    ------
    RegionError
        If a region is a mask.
    """
    if first.masks or second.masks:
        raise RegionError("a mask has no exact outline", hint="choose a rule set, not 'exact'")
    p, q = _polygons(first), _polygons(second)
    bounded = np.isfinite(bounds[:, 0])
    if bounded.any():
        limits = np.where(bounded[:, None], bounds, 0)
        frames = np.where(bounded, shapely.box(0, 0, limits[:, 0], limits[:, 1]), None)
        p, q = (np.where(bounded, shapely.intersection(s, frames), s) for s in (p, q))
    meet = shapely.area(shapely.intersection(p, q))
    join = shapely.area(p) + shapely.area(q) - meet
    with np.errstate(invalid="ignore", divide="ignore"):
        values: Array = np.where(join > 0, meet / join, np.nan)
    return values


def _polygons(trajectory: Trajectory) -> Array:
    """Build shapely polygons, None for codes; outlines that cross themselves are mended."""
    shapes = np.array(
        [
            None if len(region) == 1 else shapely.Polygon(corners(region).reshape(-1, 2))
            for region in trajectory
            if isinstance(region, np.ndarray)
        ],
        dtype=object,
    )
    mended: Array = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    return mended
