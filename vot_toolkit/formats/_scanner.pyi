import numpy as np
from numpy.typing import NDArray

def scan(data: bytes) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None: ...
