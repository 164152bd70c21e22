"""Runs made up by hand and at random, and each measure written out slowly from its definition."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st

from vot_toolkit.measures.runs import ScoredRun, ScoredSequence
from vot_toolkit.rules import load_rules, rule_names

TAGS = ("occlusion", "size_change")
NAN = float("nan")


@pytest.fixture(scope="session")
def all_rules():
    """Load the measure rules of every rule set, by name."""
    return {name: load_rules(name).measures for name in rule_names()}


def make_run(codes, overlaps, eao_overlaps=None) -> ScoredRun:
    """Make a run; a frame with a code has no overlap."""
    codes = np.asarray(codes, dtype=np.int64)

    def without_codes(values):
        return np.where(codes >= 0, np.nan, np.asarray(values, dtype=float))

    inner = overlaps if eao_overlaps is None else eao_overlaps
    return ScoredRun(without_codes(overlaps), without_codes(inner), codes)


def play(length: int, failures) -> list[int]:
    """Give the codes of a run by the protocol: restart five frames after each failure."""
    codes, start = [-1] * length, 0
    while start < length:
        codes[start] = 1
        failure = min((f for f in failures if start < f < length), default=None)
        if failure is None:
            break
        codes[failure] = 2
        start = failure + 5
        codes[failure + 1 : start] = [0] * (min(start, length) - failure - 1)
    return codes


class Slow:
    """The measures by their definitions, frame by frame, in plain Python."""

    def __init__(self, rules) -> None:
        self.rules = rules

    @staticmethod
    def mean(values) -> float | None:
        known = [value for value in values if not math.isnan(value)]
        return sum(known) / len(known) if known else None

    def burnt_in(self, codes, overlaps) -> list[float]:
        """Take out ten frames from each initialisation on."""
        kept = list(overlaps)
        for start, code in enumerate(codes):
            if code == 1:
                for frame in range(start, min(start + 10, len(kept))):
                    kept[frame] = NAN
        return kept

    def frame_means(self, sequence, tag=None, burn_in=True) -> list[float]:
        """Filter by tag, then burn in, then take the mean of each frame over repetitions."""
        flags = [True] * sequence.length if tag is None else list(sequence.flags(tag))
        rows = []
        for run in sequence.runs:
            frames = [frame for frame in range(len(run)) if flags[frame]]
            codes = [int(run.codes[frame]) for frame in frames]
            overlaps = [float(run.overlaps[frame]) for frame in frames]
            rows.append(self.burnt_in(codes, overlaps) if burn_in else overlaps)
        means = []
        for frame in range(sum(flags)):
            mean = self.mean([row[frame] for row in rows if frame < len(row)])
            means.append(NAN if mean is None else mean)
        return means

    def accuracy(self, sequences, tag=None) -> float | None:
        if self.rules.accuracy == "weighted-sequences":
            present = [sequence for sequence in sequences if sequence.runs]
            total = sum(sequence.length for sequence in present)
            weighted = sum(self.mean_of_runs(s) * s.length for s in present)
            return weighted / total if total else None
        return self.mean([mean for s in sequences for mean in self.frame_means(s, tag)])

    def mean_of_runs(self, sequence) -> float:
        means = []
        for run in sequence.runs:
            mean = self.mean(self.burnt_in(run.codes.tolist(), run.overlaps.tolist()))
            means.append(0.0 if mean is None else mean)
        return sum(means) / len(means)

    def failures(self, sequences, tag=None) -> float:
        total = 0.0
        for sequence in sequences:
            flags = [True] * sequence.length if tag is None else list(sequence.flags(tag))
            counts = [
                sum(1 for frame, code in enumerate(run.codes) if code == 2 and flags[frame])
                for run in sequence.runs
            ]
            total += sum(counts) / len(counts) if counts else 0
        return total

    def robustness(self, sequences) -> float | None:
        if self.rules.robustness == "weighted-failures":
            present = [sequence for sequence in sequences if sequence.runs]
            frames = sum(sequence.length for sequence in present)
            weighted = sum(self.failures([s]) * s.length for s in present)
            return weighted / frames if frames else None
        if self.rules.robustness == "per-annotated-frame":
            frames = sum(sequence.length for sequence in sequences)
        else:
            frames = sum(max(map(len, s.runs), default=0) for s in sequences)
        return 100 * self.failures(sequences) / frames if frames else None

    def eao_curve(self, sequences, tag=None) -> np.ndarray:
        """Write every fragment into a row, padded with 0 or NaN, and average the columns."""
        if self.rules.longest == "sequence":
            longest = max((sequence.length for sequence in sequences), default=0)
        else:
            longest = max((len(run) for s in sequences for run in s.runs), default=0)
        rows, weights = [], []
        for row, padding, weight in self.fragments(sequences, tag):
            rows.append(row + [padding] * (longest - len(row)))
            weights.append(weight)
        curve = np.zeros(longest)
        for i in range(longest):
            if i == 0:
                curve[i] = 1.0 if self.rules.first_length else 0.0
                continue
            numerator, denominator, present = 0.0, 0.0, False
            for row, weight in zip(rows, weights, strict=True):
                if not math.isnan(row[i]):
                    present = True
                    numerator += weight * (sum(row[1 : i + 1]) / i)
                    denominator += weight
            if present:
                curve[i] = numerator / denominator if denominator else NAN
        return curve

    def fragments(self, sequences, tag):
        last = [len(sequence.runs) for sequence in sequences if sequence.runs]
        for sequence in sequences:
            flags = [True] * sequence.length if tag is None else list(sequence.flags(tag))
            for run in sequence.runs:
                if not len(run):
                    continue
                if self.rules.fragment_weight == "own-sequence":
                    base = 1 / len(sequence.runs)
                elif self.rules.fragment_weight == "last-sequence":
                    base = 1 / last[-1]
                else:
                    base = 1.0
                if self.rules.closing == "every":
                    yield from self.cut_at_failures(run, base)
                else:
                    yield from self.cut_at_restarts(run, flags, base)

    def cut_at_restarts(self, run, flags, base):
        """Cut as PT and the MATLAB toolkits do (4.3)."""
        overlaps, n = run.eao_overlaps.tolist(), len(run)
        failures = [frame for frame in range(n) if run.codes[frame] == 2]
        if not failures:
            yield overlaps, NAN, base * sum(flags[:n]) / n
            return
        overlaps = [0.0 if math.isnan(value) else value for value in overlaps]
        at_end = self.rules.closing == "restart-at-end"
        points = [0] + [x + 5 for x in failures if x + 5 < n or (at_end and x + 5 == n)]
        for start, stop in pairwise(points):
            weight = base * sum(flags[start : min(stop + 1, n)]) / (stop - start + 1)
            yield overlaps[start : stop + 1], 0.0, weight
        start = points[-1]
        if start < n:
            yield overlaps[start:], NAN, base * sum(flags[start:n]) / (n - start)

    def cut_at_failures(self, run, base):
        """Cut as the official Python toolkit does (4.5)."""
        overlaps = [0.0 if math.isnan(value) else value for value in run.eao_overlaps.tolist()]
        starts = [frame for frame in range(len(run)) if run.codes[frame] == 1]
        failures = [frame for frame in range(len(run)) if run.codes[frame] == 2]
        for start, failure in zip(starts, failures, strict=False):
            yield overlaps[start:failure], 0.0, base
        if len(starts) > len(failures):
            yield overlaps[starts[-1] :], NAN, base

    def eao(self, curve, interval) -> float | None:
        shift = self.rules.first_length
        low, high = interval
        chosen = [curve[i - shift] for i in range(low, high + 1) if i - shift < len(curve)]
        return self.mean(chosen)

    def average_overlap(self, sequences, tag=None) -> float | None:
        if self.rules.average_overlap == "none":
            return None
        if self.rules.average_overlap == "weighted-sequences":
            total = sum(sequence.length for sequence in sequences)
            means = [self.mean(self.frame_means(s)) or 0.0 for s in sequences]
            weighted = sum(m * s.length for m, s in zip(means, sequences, strict=True))
            return weighted / total if total else None
        frames = []
        for sequence in sequences:
            flags = [True] * sequence.length if tag is None else list(sequence.flags(tag))
            means = self.frame_means(sequence, burn_in=False)
            frames += [0.0 if math.isnan(m) else m for m, f in zip(means, flags, strict=True) if f]
        return sum(frames) / len(frames) if frames else None


@pytest.fixture(scope="session")
def slow():
    """Give the slow definitions under given measure rules."""
    return Slow


@pytest.fixture(scope="session")
def protocol():
    """`play`: the codes of a run of a given length with failures at given frames."""
    return play


@pytest.fixture(scope="session")
def make():
    """`make_run`: a run of codes and overlaps."""
    return make_run


@pytest.fixture(scope="session")
def perfect():
    """Build a sequence on which every proper region overlaps by 1."""

    def build(length: int, failures=(), repetitions: int = 1, name: str = "made") -> ScoredSequence:
        run = make_run(play(length, failures), np.ones(length))
        return ScoredSequence(name, length, (run,) * repetitions)

    return build


@st.composite
def runs(draw, length: int) -> ScoredRun:
    """Draw a run by the protocol: failures anywhere, also so late that no restart follows."""
    frames = length
    if draw(st.integers(0, 4)) == 0:
        frames = draw(st.integers(1, length))
    late = st.sampled_from([max(frames - back, 1) for back in (1, 2, 4, 5, 6)])
    failures = draw(st.lists(st.one_of(st.integers(1, 60), late), max_size=4))
    random = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    overlaps = random.rand(frames).astype(np.float32).astype(float)
    inner = random.rand(frames).astype(np.float32).astype(float)
    undefined = draw(st.lists(st.integers(0, frames - 1), max_size=2))
    overlaps[undefined] = inner[undefined] = np.nan
    codes = play(frames, failures)
    for frame in draw(st.lists(st.integers(1, frames), max_size=1)):
        if frame < frames and codes[frame] == -1:
            codes[frame] = 0
    return make_run(codes, overlaps, inner)


@st.composite
def sequences(draw) -> ScoredSequence:
    """Draw a sequence: up to three repetitions, some of them short, and random attributes."""
    length = draw(st.one_of(st.integers(1, 14), st.integers(15, 60)))
    repetitions = draw(st.sampled_from([1, 1, 2, 3, 0]))
    made = tuple(draw(runs(length)) for _ in range(repetitions))
    random = np.random.RandomState(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    present = draw(st.sets(st.sampled_from(TAGS)))
    tags = {tag: random.rand(length) < share for tag in sorted(present)}
    return ScoredSequence(f"made{length}", length, made, tags)


sets = st.lists(sequences(), min_size=1, max_size=4)


@pytest.fixture(scope="session")
def random_sets():
    """Strategy: random sets of scored sequences."""
    return sets


def check_same(name: str, found: float | None, expected: float | None) -> None:
    """Compare two numbers to a relative 1e-12; None equals itself only."""
    assert (found is None) == (expected is None), (name, found, expected)
    if found is not None:
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15, err_msg=name)


@pytest.fixture(scope="session")
def same():
    """`check_same`: compare a score under the named rules."""
    return check_same
