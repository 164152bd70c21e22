"""Evidence: every overlap behind the scores of a record, packed into JSON without loss.

With it a record can be scored again, resampled and taken apart by attribute years later, without
results and annotations. Overlaps are kept as they are, float32 where the rules have that, because
quantised ones would give other digits; sums for each length would be larger than the overlaps
themselves. Bytes of equal significance stand together and zlib takes what repeats: 0.1 MB for each
repetition of VOT2018, next to nothing for one that is equal to the last.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import FormatError
from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.region import Array

FORMAT = 1
_BITS: dict[str, np.dtype[Any]] = {"float32": np.dtype("<u4"), "float64": np.dtype("<u8")}
_FLOATS: dict[str, np.dtype[Any]] = {"float32": np.dtype("<f4"), "float64": np.dtype("<f8")}
_BYTE: np.dtype[Any] = np.dtype("u1")
_CODE: np.dtype[Any] = np.dtype("i1")

Bytes = NDArray[np.uint8]


def pack(sequences: Sequence[ScoredSequence]) -> dict[str, Any]:
    """Pack the overlaps of one experiment.

    Parameters
    ----------
    sequences : sequence of ScoredSequence
        Every sequence of the set, in its order; times are left out.

    Returns
    -------
    dict
        As JSON takes it; `unpack` gives the sequences back, bit for bit.
    """
    runs = [run for each in sequences for run in each.runs]
    tags = sorted({tag for each in sequences for tag in each.tags})
    precision = _precision(runs)
    overlaps = [_bits(run.overlaps, precision) for run in runs]
    inner = [_bits(run.eao_overlaps, precision) for run in runs]
    differing = (one ^ other for one, other in zip(overlaps, inner, strict=True))
    return {
        "format": FORMAT,
        "names": [each.name for each in sequences],
        "lengths": [each.length for each in sequences],
        "frames": [[len(run) for run in each.runs] for each in sequences],
        "precision": precision,
        "codes": _squeezed(run.codes.astype(_CODE).view(_BYTE) for run in runs),
        "overlaps": _squeezed(map(_by_significance, overlaps)),
        # Nearly all are equal to the overlaps: only what differs is kept.
        "eao_overlaps": _squeezed(map(_by_significance, differing)),
        "tags": {
            tag: _squeezed(np.packbits(each.flags(tag)) for each in sequences) for tag in tags
        },
    }


def unpack(packed: Mapping[str, Any]) -> tuple[ScoredSequence, ...]:
    """Give back what was packed.

    Raises
    ------
    FormatError
        If it is not what `pack` gives, or of a newer format.
    """
    if packed.get("format") != FORMAT:
        fault = f"evidence of format {packed.get('format')!r}"
        raise FormatError(fault, hint=f"this version reads {FORMAT}: upgrade siammask-bench")
    try:
        return tuple(_sequences(packed))
    except (KeyError, TypeError, ValueError, binascii.Error, zlib.error) as error:
        raise FormatError(f"damaged evidence: {type(error).__name__}: {error}") from None


def _sequences(packed: Mapping[str, Any]) -> Iterator[ScoredSequence]:
    lengths, frames = packed["lengths"], packed["frames"]
    runs = iter(_runs(packed, [number for each in frames for number in each]))
    tags = {tag: _flags(text, lengths) for tag, text in packed["tags"].items()}
    for index, (name, length) in enumerate(zip(packed["names"], lengths, strict=True)):
        own = tuple(next(runs) for _ in frames[index])
        yield ScoredSequence(name, length, own, {tag: each[index] for tag, each in tags.items()})


def _runs(packed: Mapping[str, Any], frames: Sequence[int]) -> Iterator[ScoredRun]:
    precision = packed["precision"]
    size = _BITS[precision].itemsize
    codes = _parts(_expanded(packed["codes"]), frames)
    overlaps = _parts(_expanded(packed["overlaps"]), [size * number for number in frames])
    inner = _parts(_expanded(packed["eao_overlaps"]), [size * number for number in frames])
    for own_codes, one, other in zip(codes, overlaps, inner, strict=True):
        bits = _bits_of(one, precision)
        yield ScoredRun(
            _values(bits, precision),
            _values(bits ^ _bits_of(other, precision), precision),
            own_codes.view(_CODE).astype(np.int64),
        )


def _precision(runs: Iterable[ScoredRun]) -> str:
    """Find out whether every overlap is a float32 number, as most rules have it."""
    for run in runs:
        for values in (run.overlaps, run.eao_overlaps):
            if not np.array_equal(values, values.astype(np.float32), equal_nan=True):
                return "float64"
    return "float32"


def _bits(values: Array, precision: str) -> NDArray[Any]:
    # All NaN are one: which of them it was says nothing.
    plain = np.where(np.isnan(values), np.nan, values)
    return plain.astype(_FLOATS[precision]).view(_BITS[precision])


def _values(bits: NDArray[Any], precision: str) -> Array:
    return bits.view(_FLOATS[precision]).astype(np.float64)


def _by_significance(bits: NDArray[Any]) -> Bytes:
    return bits.view(_BYTE).reshape(len(bits), bits.dtype.itemsize).T.ravel()


def _bits_of(part: Bytes, precision: str) -> NDArray[Any]:
    size = _BITS[precision].itemsize
    return np.ascontiguousarray(part.reshape(size, -1).T).view(_BITS[precision]).ravel()


def _flags(text: str, lengths: Sequence[int]) -> list[NDArray[np.bool_]]:
    parts = _parts(_expanded(text), [-(-length // 8) for length in lengths])
    pairs = zip(parts, lengths, strict=True)
    return [np.unpackbits(part, count=length).astype(bool) for part, length in pairs]


def _squeezed(parts: Iterable[NDArray[Any]]) -> str:
    data = b"".join(part.tobytes() for part in parts)
    return base64.b64encode(zlib.compress(data, 9)).decode("ascii")


def _expanded(text: str) -> Bytes:
    return np.frombuffer(zlib.decompress(base64.b64decode(text, validate=True)), dtype=np.uint8)


def _parts(data: Bytes, sizes: Sequence[int]) -> Iterator[Bytes]:
    if len(data) != sum(sizes):
        raise ValueError(f"{len(data)} bytes, expected {sum(sizes)}")
    for start, stop in pairwise(accumulate(sizes, initial=0)):
        yield data[start:stop]
