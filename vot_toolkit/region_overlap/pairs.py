"""The public functions: check what is given, choose rules and backend, count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import RegionError, UsageError
from vot_toolkit.region import Array, Mask, Region, as_region
from vot_toolkit.region_overlap.backends import Switches, kernel, pair_kernel, switches
from vot_toolkit.rules import Rules, as_rules, load_rules
from vot_toolkit.trajectory import Trajectory

EXACT = "exact"
"""Name, in place of a rule set, of true polygon geometry."""

LARGEST = float(2**24)
"""Largest bound, and largest number without bounds, in px: float32 tells pixels apart up to here,
and the cost grows with the window."""

ACCEPTED_BOUNDS = (
    "accepted: None, (right, bottom), or one such row a pair; "
    f"each 0 to {LARGEST:.0f}, or both infinite for none"
)

Bounds = tuple[float, float] | NDArray[Any] | None
UNBOUNDED = np.array([[np.inf, np.inf]])
NOTHING = np.empty(0)


def overlap(
    a: Any, b: Any, bounds: tuple[float, float] | None = None, rules: str = "vot2018"
) -> float:
    """Overlap of two regions: pixels in both over pixels in either.

    Parameters
    ----------
    a, b : region
        4 numbers x, y, width, height; 2n >= 6 numbers x1, y1, …; 1 special code, which
        is 0, 1 or 2; or a `vot_toolkit.region.Mask`. In px.
    bounds : tuple of float, optional
        Right and bottom limit in px that the reference is given, left and top being 0: the image's
        (width, height), or (width - 1, height - 1), as each analysis has it.
    rules : str
        A rule set, see `vot_toolkit.rules.rule_names`; or ``exact`` for the area of the polygons'
        intersection over that of their union, without pixels.

    Returns
    -------
    float
        In [0, 1]; NaN for a special code, and where the reference gives NaN.

    Raises
    ------
    RegionError
        If a region has a wrong count of numbers, one that is not finite, or, without bounds, one
        beyond 2**24; if the bounds are no such limits; if a mask meets ``exact``.
    RulesError
        If there is no such rule set.

    Examples
    --------
    >>> overlap([1, 1, 100, 100], [50, 50, 100, 100])
    0.15278562903404236
    >>> overlap([1, 1, 100, 100], [50, 50, 100, 100], rules="matlab7")
    0.1494913548231125
    >>> round(overlap([1, 1, 100, 100], [50, 50, 100, 100], rules="exact"), 6)
    0.149491
    >>> overlap([2], [50, 50, 100, 100])
    nan
    """
    pair = Trajectory.of(a), Trajectory.of(b)
    return float(overlaps(*pair, bounds=bounds, rules=rules)[0])


def overlap_within(
    bounds: tuple[float, float], rules: str = "vot2018"
) -> Callable[[Region, Region], float]:
    """Prepare the overlap under fixed bounds, for an experiment that asks once a frame.

    Parameters
    ----------
    bounds : tuple of float
        As for `overlap`.
    rules : str
        A rule set.

    Returns
    -------
    callable
        Takes two regions that `vot_toolkit.region.as_region` gave; gives what `overlap` gives.

    Raises
    ------
    RegionError, RulesError
        As `overlap`.

    Examples
    --------
    >>> within = overlap_within((639, 479))
    >>> within(np.array([0.0, 0.0, 10.0, 10.0]), np.array([5.0, 0.0, 10.0, 10.0]))
    0.375
    """
    (right, bottom), count = _limits(bounds, 1)[0].tolist(), pair_kernel()
    chosen = switches(load_rules(rules).overlap)

    def within(a: Region, b: Region) -> float:
        if isinstance(a, Mask) or isinstance(b, Mask):
            return overlap(a, b, bounds, rules)
        return count(a, b, right, bottom, chosen)

    return within


def overlaps(
    a: Any, b: Any, bounds: Bounds = None, rules: str = "vot2018", threads: int = 1
) -> Array:
    """Overlap of many pairs of regions.

    Parameters
    ----------
    a, b : array, Trajectory or iterable of regions
        N regions each: arrays of shape (N, 4) or (N, 8), or regions of mixed kinds.
    bounds : tuple, array of shape (N, 2), or None
        As for `overlap`, for all pairs or for each.
    rules : str
        As for `overlap`.
    threads : int
        Threads to spread the pairs over; the result does not depend on it.

    Returns
    -------
    float64 array, shape (N,)
        As `overlap` gives for each pair; empty for no pairs.

    Raises
    ------
    RegionError
        As `overlap`, and if `a` and `b` differ in length; names the index.
    UsageError
        If `threads` is less than 1.

    Examples
    --------
    >>> overlaps([[0, 0, 10, 10], [0]], [[5, 0, 10, 10], [0, 0, 9, 9]], bounds=(640, 480))
    array([0.375,   nan])
    """
    if threads < 1:
        raise UsageError(f"threads={threads}", hint="accepted: 1 or more")
    first, second = _trajectory(a), _trajectory(b)
    if len(first) != len(second):
        raise RegionError(f"{len(first)} regions against {len(second)}", hint="as many of each")
    limits = _limits(bounds, len(first))
    _check_finite(first)
    _check_finite(second)
    if rules == EXACT:
        from vot_toolkit.region_overlap.exact import overlaps as exact_overlaps

        return exact_overlaps(first, second, limits)
    if np.isinf(limits).any():
        _check_small(first)
        _check_small(second)
    return count_overlaps(first, second, limits, rules, threads=threads)[0]


def count_overlaps(
    first: Trajectory,
    second: Trajectory,
    bounds: Array,
    rules: str | Rules,
    *,
    threads: int = 1,
    tighter: bool = False,
) -> tuple[Array, Array]:
    """Count the pixels of checked regions.

    Parameters
    ----------
    first, second : Trajectory
        N regions each.
    bounds : float64 array, shape (1, 2) or (N, 2)
        Right and bottom limits in px; infinite for none.
    rules : str or Rules
        A rule set or its name.
    threads : int
        Threads to spread the pairs over.
    tighter : bool
        Whether to compute the overlaps under bounds one pixel tighter too.

    Returns
    -------
    tuple of float64 arrays, shapes (N,) and (N,) or (0,)
        Overlaps, and overlaps under the tighter bounds if they were asked for.
    """
    chosen = as_rules(rules).overlap
    out = np.empty(len(first))
    inner = np.empty(len(first) if tighter else 0)
    if threads > 1:
        _count_threaded(first, second, bounds, switches(chosen), out, inner, threads)
    else:
        _count(first, second, bounds, switches(chosen), out, inner, slice(None))
    if first.masks or second.masks:
        from vot_toolkit.region_overlap.masks import overlap_masks

        overlap_masks(first, second, bounds, chosen, out, inner)
    return out, inner


def _count(
    first: Trajectory,
    second: Trajectory,
    bounds: Array,
    rules: Switches,
    out: Array,
    inner: Array,
    part: slice,
) -> None:
    """Hand the pairs of one part to the backend; offsets reach one further than pairs."""
    begin, end, _ = part.indices(len(first))
    limits = bounds[part] if len(bounds) > 1 else bounds
    kernel()(
        first.values,
        first.offsets[begin : end + 1],
        second.values,
        second.offsets[begin : end + 1],
        limits,
        rules,
        out[part],
        inner[part],
    )


def _count_threaded(
    first: Trajectory,
    second: Trajectory,
    bounds: Array,
    rules: Switches,
    out: Array,
    inner: Array,
    threads: int,
) -> None:
    edges = np.linspace(0, len(first), threads + 1).astype(int).tolist()
    parts = [slice(begin, end) for begin, end in pairwise(edges)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda part: _count(first, second, bounds, rules, out, inner, part), parts))


def _trajectory(regions: Any) -> Trajectory:
    if isinstance(regions, Trajectory):
        return regions
    if isinstance(regions, np.ndarray) and regions.ndim == 2 and regions.shape[1] in (4, 8):
        return Trajectory.from_table(regions.astype(np.float64, copy=False))
    return Trajectory.from_regions(_indexed(regions))


def _indexed(regions: Iterable[Any]) -> Iterable[Array | Mask]:
    for index, region in enumerate(regions):
        try:
            yield as_region(region)
        except RegionError as error:
            raise RegionError(f"region {index}: {error.what}", hint=error.hint) from None


def _limits(bounds: Bounds, count: int) -> Array:
    if bounds is None:
        return UNBOUNDED
    try:
        limits = np.atleast_2d(np.asarray(bounds, dtype=np.float64))
    except (TypeError, ValueError):
        raise RegionError(f"not bounds: {bounds!r}", hint=ACCEPTED_BOUNDS) from None
    if limits.shape not in {(1, 2), (count, 2)}:
        raise RegionError(
            f"bounds of shape {np.shape(bounds)} for {count} pairs", hint=ACCEPTED_BOUNDS
        )
    absent = (limits == np.inf).all(axis=1)
    usable = absent | ((limits >= 0) & (limits <= LARGEST)).all(axis=1)
    if not usable.all():
        wrong = limits[int(np.argmin(usable))].tolist()
        raise RegionError(f"bounds {wrong}", hint=ACCEPTED_BOUNDS)
    return np.ascontiguousarray(limits)


def _check_finite(trajectory: Trajectory) -> None:
    finite = np.isfinite(trajectory.values)
    if not finite.all():
        raise RegionError(
            f"{_named(trajectory, ~finite)} is not finite",
            hint="every coordinate must be a finite number",
        )


def _check_small(trajectory: Trajectory) -> None:
    """Refuse what would take forever without bounds."""
    small = np.abs(trajectory.values) <= LARGEST
    hint = f"accepted without bounds: up to {LARGEST:.0f}; or give bounds"
    if not small.all():
        raise RegionError(f"{_named(trajectory, ~small)} is too large", hint=hint)
    for index, mask in trajectory.masks.items():
        if max(map(abs, mask.box)) > LARGEST:
            raise RegionError(f"region {index}: a mask in the box {mask.box} is too far", hint=hint)


def _named(trajectory: Trajectory, wrong: NDArray[np.bool_]) -> str:
    """Name the first of the wrong numbers and the region to which it belongs."""
    place = int(np.argmax(wrong))
    index = int(np.searchsorted(trajectory.offsets, place, side="right")) - 1
    return f"region {index}: the number {trajectory.values[place]}"
