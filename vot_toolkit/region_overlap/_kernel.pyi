"""Types of the compiled kernel."""

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.region import Array
from vot_toolkit.region_overlap.backends import Switches

def overlaps(
    values_a: Array,
    offsets_a: NDArray[np.int64],
    values_b: Array,
    offsets_b: NDArray[np.int64],
    bounds: Array,
    switches: Switches,
    out: Array,
    tighter: Array,
) -> None: ...
def overlap_of_pair(
    a: Array, b: Array, right: float, bottom: float, switches: Switches
) -> float: ...
