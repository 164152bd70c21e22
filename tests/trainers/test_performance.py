"""The speed by the formula of the Ascend port, with a clock of our own."""

from __future__ import annotations

import pytest

from trainers.performance import Stopwatch


class Clock:
    """Goes on by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def run(epochs: list[list[float]], phases: list[str] | None = None) -> tuple[Stopwatch, list[str]]:
    """Let iterations of these lengths pass; between epochs a checkpoint takes 1000 s."""
    clock, waits = Clock(), list[str]()
    watch = Stopwatch(64, lambda: waits.append("wait"), clock)
    for seconds, phase in zip(epochs, phases or ["all"] * len(epochs), strict=True):
        watch.begin_epoch(phase)
        for each in seconds:
            clock.now += each
            watch.step()
        watch.end_epoch()
        clock.now += 1000
    return watch, waits


def test_the_first_hundred_of_each_epoch_do_not_count() -> None:
    watch, waits = run([[5.0] * 100 + [0.25] * 20, [7.0] * 100 + [0.5] * 20])
    assert watch.speed is not None
    assert watch.speed.iterations == 40
    assert watch.speed.iteration_s == pytest.approx((0.25 + 0.5) / 2)
    assert watch.speed.images_per_s == pytest.approx(64 / 0.375)
    assert watch.speed.note is None
    # Where an epoch begins, behind its first step, behind its hundredth, at its end.
    assert len(waits) == 8


def test_an_epoch_that_was_too_short_does_not_count_beside_one_that_was_not() -> None:
    watch, _ = run([[9.0] * 30, [1.0] * 101])
    assert watch.speed is not None
    assert (watch.speed.iterations, watch.speed.iteration_s) == (1, 1.0)


def test_fewer_are_all_but_the_first_and_it_is_said() -> None:
    watch, _ = run([[60.0, 2.0, 4.0]])
    assert watch.speed is not None
    assert (watch.speed.iteration_s, watch.speed.left_out) == (3.0, 1)
    assert watch.speed.note == (
        "no epoch had more than 100 iterations: the first 1 of each left out, the mean is over 2"
    )


def test_one_is_better_than_none() -> None:
    watch, _ = run([[8.0]])
    assert watch.speed is not None
    assert (watch.speed.images_per_s, watch.speed.left_out) == (8.0, 0)
    assert "none of each left out" in str(watch.speed.note)


def test_none_is_none() -> None:
    watch, _ = run([[]])
    assert watch.speed is None and watch.phases == {}


def test_phases_are_apart() -> None:
    watch, _ = run([[1.0] * 110, [3.0] * 110, [1.0] * 110], ["heads", "layers", "heads"])
    assert {name: each.iteration_s for name, each in watch.phases.items()} == {
        "heads": 1.0,
        "layers": 3.0,
    }
