"""The switches of a rule set, each with the values it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class OverlapRules:
    """How two regions are drawn and compared.

    Parameters
    ----------
    rectangle : str
        Where a rectangle ends: at ``x+w``, or one pixel earlier at ``x+w-1``.
    rounding : str
        ``away``: coordinates are shifted to the window in float32 and then rounded half away from
        zero. ``even``: they are rounded half to even first, a rectangle's four numbers apart, and
        the window follows from the rounded numbers.
    fill : int
        Year of the filling rule. 2018: a row of one pixel's width stays empty. 2020: horizontal
        edges count as crossings and a last pair of equal crossings fills its pixel.
    degenerate : str
        ``box-guards``: pairs whose float boxes do not meet, or differ in area by more than 1e10,
        overlap 0, and pairs without any pixel give NaN. ``thin-is-one``: a joint box of one pixel's
        width or height overlaps 1, such a clipped window 0, and pairs without any pixel give 0.
    precision : str
        Type of the quotient: ``float32`` or ``float64``.
    """

    rectangle: Literal["x+w", "x+w-1"]
    rounding: Literal["away", "even"]
    fill: Literal[2018, 2020]
    degenerate: Literal["box-guards", "thin-is-one"]
    precision: Literal["float32", "float64"]


@dataclass(frozen=True)
class MeasureRules:
    """How overlaps become accuracy, robustness, EAO and average overlap.

    Parameters
    ----------
    coordinates : str
        Type into which the numbers of a file are read: ``float32`` or ``float64``.
    accuracy_bounds, eao_bounds : str
        Right and bottom limit given to the overlap: ``size`` or ``size-1``.
    burn_in : int
        Frames left out of accuracy from each initialisation on.
    skip_initialize : int
        Frames from a failure to the restart, where a fragment of EAO ends.
    accuracy : str
        ``pooled-frames``: mean over repetitions for each frame, then over the frames of the set.
        ``weighted-sequences``: mean over each trajectory, over repetitions, weighted by length.
    robustness : str
        ``per-annotated-frame``, ``per-compared-frame``: failures in 100 frames.
        ``weighted-failures``: failures of a sequence, weighted by its length.
    attributes : str
        ``accuracy-failures-eao``: all three for each attribute. ``eao``: only EAO. ``none``.
    special_overlap : str
        Overlap of a frame with a special code in EAO: ``nan`` or ``zero``.
    closing : str
        Which failures close a fragment of EAO: those with ``restart-inside`` the sequence
        (frame + skip < frames), also with ``restart-at-end`` (frame + skip <= frames), or
        ``every``.
    unfailed_nan : str
        A NaN overlap in a run without failure: ``keep`` (those lengths drop out) or ``zero``.
    longest : str
        What bounds the EAO curve: the longest ``sequence`` or the longest ``result``.
    fragment_weight : str
        Weight of a fragment: 1 over the repetitions of its ``own-sequence``, of the
        ``last-sequence``, or ``one``.
    curve : str
        Type in which the EAO curve is stored: ``float32`` or ``float64``.
    first_length : int
        1: the interval low … high names lengths that count the first frame (indices low-1 …
        high-1). 0: it names indices low … high.
    average_overlap : str
        ``all-frames``: special and missing frames count 0, mean over all frames.
        ``weighted-sequences``: burn-in, special frames left out, sequence means weighted by length.
        ``none``: not defined.
    """

    coordinates: Literal["float32", "float64"]
    accuracy_bounds: Literal["size", "size-1"]
    eao_bounds: Literal["size", "size-1"]
    burn_in: int
    skip_initialize: int
    accuracy: Literal["pooled-frames", "weighted-sequences"]
    robustness: Literal["per-annotated-frame", "per-compared-frame", "weighted-failures"]
    attributes: Literal["accuracy-failures-eao", "eao", "none"]
    special_overlap: Literal["nan", "zero"]
    closing: Literal["restart-inside", "restart-at-end", "every"]
    unfailed_nan: Literal["keep", "zero"]
    longest: Literal["sequence", "result"]
    fragment_weight: Literal["own-sequence", "last-sequence", "one"]
    curve: Literal["float32", "float64"]
    first_length: Literal[0, 1]
    average_overlap: Literal["all-frames", "weighted-sequences", "none"]


@dataclass(frozen=True)
class ResultRules:
    """What happens to a result file of the wrong length.

    Parameters
    ----------
    longer : str
        ``cut``: frames past the ground truth are dropped. ``reject``: the tracker is not scored.
    shorter : str
        ``keep``: the frames there are scored; what is missing is left out of accuracy and EAO,
        counts 0 in average overlap, and counts in the frames of robustness as `MeasureRules` has
        it. ``reject``: not scored.
    """

    longer: Literal["cut", "reject"]
    shorter: Literal["keep", "reject"]


@dataclass(frozen=True)
class Rules:
    """One rule set.

    Parameters
    ----------
    name : str
        The name users type.
    title : str
        One line that says whose numbers these are.
    overlap : OverlapRules
        How regions are compared.
    measures : MeasureRules
        How overlaps become scores.
    results : ResultRules
        What happens to files of the wrong length.
    """

    name: str
    title: str
    overlap: OverlapRules
    measures: MeasureRules
    results: ResultRules
