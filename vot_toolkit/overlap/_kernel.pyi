"""Types of the compiled kernel."""

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.overlap.backends import Switches
from vot_toolkit.region import Array

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
