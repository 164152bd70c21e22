"""VOT text: one region a line.

Reads what the VOT toolkits, TraX and pysot write: numbers separated by commas, Windows line ends,
codes as ``1`` or ``1.0``, blanks around numbers, empty lines at the very end, masks, and the
prefixes ``rect:``, ``poly:``, ``mask:``, ``special:``. Everything else is an error with file and
line.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from vot_toolkit.errors import FormatError
from vot_toolkit.formats.rle import MaskBudget, format_mask, parse_mask
from vot_toolkit.formats.scanner import scan_plain_file
from vot_toolkit.region import ACCEPTED, Array, Code, Mask, Region, is_region_size
from vot_toolkit.trajectory import Trajectory

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?nan", re.IGNORECASE | re.ASCII)
"""What is a number in a file; Python's float accepts more, such as ``1_000``.

Digits can be matched in one way only: else a long row of them before a letter takes hours.
"""

MAX_COORDINATE = float(np.finfo(np.float32).max)
"""Most of the rule sets read coordinates into single precision."""

INVALID = -1.0
"""Code that the MATLAB toolkit writes for an empty cell (6.0.3); the frame is unknown."""

BLANKS = " \t\r\n"
_PREFIX = re.compile(r"(rect|poly|special):")


def read_trajectory(path: Path) -> Trajectory:
    """Read a result or ground-truth file.

    Parameters
    ----------
    path : Path
        Text file, one region a line.

    Returns
    -------
    Trajectory
        One region a line; a region with a NaN is a special code, as TraX reads it.

    Raises
    ------
    FormatError
        If the file cannot be read or a line is no region; with file and line.
    """
    trajectory, fault = read_until_fault(path)
    if fault is not None:
        raise fault
    return trajectory


def read_until_fault(path: Path | str) -> tuple[Trajectory, FormatError | None]:
    """Read the regions before the first faulty line, and that fault, None for a sound file."""
    plain = scan_plain_file(path)
    if plain is not None:
        return Trajectory(*plain), None
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        return Trajectory.of(), FormatError(f"cannot be read: {error.strerror}", file=path)
    return _parse_lines(data, path)


def _parse_lines(data: bytes, file: Path | str) -> tuple[Trajectory, FormatError | None]:
    """Parse any text line by line: the definition of the format."""
    regions: list[Region] = []
    budget = MaskBudget()
    for number, line in enumerate(split_lines(data), start=1):
        try:
            regions.append(budget.kept(parse_region(line)))
        except FormatError as error:
            fault = FormatError(error.what, file=file, line=number, hint=error.hint)
            return Trajectory.from_regions(regions), fault
    return Trajectory.from_regions(regions), None


def split_lines(data: bytes) -> list[str]:
    r"""Split a file at its newlines only, without the empty lines at its very end.

    Bytes that are no UTF-8 become a character that is in no number.

    Examples
    --------
    >>> split_lines(b"1\r\n\n2 \n\n")
    ['1\r', '', '2']
    """
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff").rstrip(BLANKS)
    return text.split("\n") if text else []


def parse_region(line: str) -> Region:
    """Parse one line.

    Raises
    ------
    FormatError
        If the line is no region: empty, a token that is no number, a wrong count, or a number
        beyond single precision.

    Examples
    --------
    >>> parse_region("10.5,20, 30,40 ")
    array([10.5, 20. , 30. , 40. ])
    >>> parse_region("1.0")
    array([1.])
    >>> parse_region("nan,nan,nan,nan")
    array([0.])
    """
    text = line.strip(BLANKS)
    if text.startswith("m"):
        return parse_mask(text)
    if not text:
        raise FormatError("an empty line", hint=ACCEPTED)
    tokens = [token.strip(BLANKS) for token in _PREFIX.sub("", text, count=1).split(",")]
    for token in tokens:
        if not NUMBER.fullmatch(token):
            raise FormatError(f"not a number: {token[:40]!r} in {text[:60]!r}", hint=ACCEPTED)
    if not is_region_size(len(tokens)):
        raise FormatError(f"a line of {len(tokens)} numbers: {text[:60]!r}", hint=ACCEPTED)
    values = np.array([float(token) for token in tokens])
    if (np.abs(values) > MAX_COORDINATE).any():
        raise FormatError(f"a number too large for a coordinate in {text[:60]!r}")
    if np.isnan(values).any():
        return np.array([_nan_code(values)])
    if len(values) == 1:
        return np.array([_code(values[0], text)])
    return values


def _code(value: float, text: str) -> float:
    """Check a special code; a number alone is often what is left of a line cut off."""
    if value == INVALID:
        return float(Code.UNKNOWN)
    if value not in Code.ALL:
        raise FormatError(
            f"a line of one number that is no special code: {text[:60]!r}", hint="accepted: 0, 1, 2"
        )
    return value


def _nan_code(values: Array) -> float:
    """Give the special code TraX makes of a region with a NaN: minus its 4th number, else 0."""
    if len(values) == 4 and not math.isnan(values[3]):
        code = 0.0 - math.trunc(float(values[3]))
        return code if code in Code.ALL else float(Code.UNKNOWN)
    return float(Code.UNKNOWN)


def format_region(region: Region) -> str:
    """Write one region as the VOT toolkit of 2018 did.

    Codes as integers, coordinates with four decimals of their float32 value, masks as ``m…``.

    Examples
    --------
    >>> format_region(np.array([1.0])), format_region(np.array([0.1, 2.0, 30.0, 40.0]))
    ('1', '0.1000,2.0000,30.0000,40.0000')
    """
    if isinstance(region, Mask):
        return format_mask(region)
    if len(region) == 1:
        return str(int(region[0]))
    return ",".join(f"{value:.4f}" for value in region.astype(np.float32).tolist())


def format_trajectory(trajectory: Iterable[Region]) -> str:
    """Write one region a line, each line ended by a newline."""
    if not isinstance(trajectory, Trajectory) or trajectory.masks:
        return "".join(format_region(region) + "\n" for region in trajectory)
    # One template for all numbers: a call for each would take most of the time.
    sizes = trajectory.sizes().tolist()
    lines = {size: ",".join(["%.4f"] * size) + "\n" for size in set(sizes)} | {1: "%d\n"}
    template = "".join([lines[size] for size in sizes])
    return template % tuple(trajectory.values.astype(np.float32).tolist())
