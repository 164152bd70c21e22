import numpy as np
from numpy.typing import NDArray

def grid(
    left: float,
    top: float,
    right: float,
    bottom: float,
    patch_left: int,
    patch_top: int,
    columns: NDArray[np.int32],
    rows: NDArray[np.int32],
) -> None: ...
def interpolate(
    pixels: NDArray[np.uint8],
    columns: NDArray[np.int32],
    rows: NDArray[np.int32],
    out: NDArray[np.uint8],
) -> None: ...
def covered(
    pixels: NDArray[np.uint8],
    columns: NDArray[np.int32],
    rows: NDArray[np.int32],
    out: NDArray[np.uint8],
) -> None: ...
def cut_tiles(
    data: bytes | memoryview,
    size_at: int,
    data_at: int,
    columns: int,
    rows: int,
    left: int,
    top: int,
    right: int,
    bottom: int,
    width: int,
    height: int,
) -> tuple[bytearray | None, int]: ...
def label(
    centres: NDArray[np.float64],
    widths: NDArray[np.float64],
    heights: NDArray[np.float64],
    left: float,
    top: float,
    right: float,
    bottom: float,
    high: float,
    low: float,
    positives: int,
    total: int,
    priorities: NDArray[np.uint32],
    labels: NDArray[np.int8],
) -> None: ...
