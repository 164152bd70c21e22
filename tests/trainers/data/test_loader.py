"""Batches from other processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from dataclasses import fields

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from trainers.data.loader import Loader  # noqa: E402
from trainers.data.order import Share, order  # noqa: E402
from trainers.data.plan import Plan, Position  # noqa: E402
from trainers.data.samples import SampleConfig, Samples  # noqa: E402
from trainers.data.sources import read_source  # noqa: E402
from trainers.errors import CropsError  # noqa: E402

CONFIG = SampleConfig()
NUM = 16


@pytest.fixture(scope="module")
def samples(prepared):
    return Samples([read_source(prepared)], CONFIG, seed=3)


def plan(batch=4, rank=0, world=1):
    return Plan(order([Share(2, NUM)], 2 * NUM), NUM, batch, rank, world)


def same(first, second):
    for each in fields(first):
        one, other = getattr(first, each.name), getattr(second, each.name)
        if not (torch.equal(one, other) if isinstance(one, torch.Tensor) else one == other):
            return False
    return True


@pytest.fixture(scope="module")
def epochs(samples):
    """Give all batches of two epochs, made without other processes."""
    loader = Loader(samples, plan())
    found = []
    for epoch in range(2):
        loader.set_epoch(epoch)
        found.append(list(loader))
    return found


def test_epochs_differ(epochs):
    assert [len(epoch) for epoch in epochs] == [4, 4]
    assert not same(epochs[0][0], epochs[1][0])


@pytest.mark.parametrize("workers", [1, 2])
def test_other_processes_make_the_same(samples, epochs, workers):
    loader = Loader(samples, plan(), workers=workers)
    for epoch, expected in enumerate(epochs):
        loader.set_epoch(epoch)
        assert len(loader) == 4
        assert all(map(same, loader, expected))
        assert loader.position == Position(epoch, 4)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_stopped_run_goes_on_at_the_same_sample(samples, epochs, workers):
    loader = Loader(samples, plan(), workers=workers)
    loader.set_epoch(1)
    running = iter(loader)
    assert [same(next(running), expected) for expected in epochs[1][:2]] == [True, True]
    again = Loader(samples, plan(), workers=workers)
    again.set_position(loader.position)
    assert len(again) == 2
    assert all(map(same, again, epochs[1][2:]))


def test_an_iteration_can_be_left_and_begun_anew(samples, epochs):
    loader = Loader(samples, plan(), workers=2)
    next(iter(loader))
    loader.set_epoch(0)
    assert all(map(same, loader, epochs[0]))


def test_two_devices_see_what_one_sees(samples, epochs):
    loaders = [Loader(samples, plan(2, rank, 2)) for rank in range(2)]
    for whole, *parts in zip(epochs[0], *loaders, strict=True):
        assert torch.equal(torch.cat([part.search for part in parts]), whole.search)
        assert torch.equal(torch.cat([part.labels for part in parts]), whole.labels)


def test_workers_draw_differently(epochs):
    offsets = np.concatenate([batch.offsets.numpy() for epoch in epochs for batch in epoch])
    assert len(np.unique(offsets.reshape(-1, 6), axis=0)) == 2 * NUM


@pytest.fixture
def broken(prepare, tmp_path):
    config = prepare(tmp_path / "crops")
    paths = sorted(config.root.rglob("*.x.jpg"))
    for path in paths[:2]:
        path.unlink()
    return Samples([read_source(config)], CONFIG, seed=3), [str(path) for path in paths[:2]]


@pytest.mark.parametrize("workers", [0, 2])
def test_unreadable_crops_are_counted_by_name(broken, workers):
    samples, paths = broken
    loader = Loader(samples, plan(), workers=workers)
    assert len(list(loader)) == 4
    assert loader.skipped == dict.fromkeys(paths, "missing")


@pytest.mark.parametrize("workers", [0, 2])
def test_too_many_unreadable_crops_end_the_run(broken, workers):
    samples, _ = broken
    loader = Loader(samples, plan(), workers=workers, tolerance=1)
    with pytest.raises(CropsError, match=r"x\.jpg: missing; 2 crops cannot be used, 1 tolerated"):
        list(loader)


def test_errors_of_other_processes_arrive_whole(prepare, tmp_path):
    config = prepare(tmp_path / "crops")
    for path in config.root.rglob("*.x.jpg"):
        path.unlink()
    loader = Loader(Samples([read_source(config)], CONFIG, seed=3), plan(), workers=1)
    with pytest.raises(CropsError) as error:
        list(loader)
    assert str(error.value).endswith("trainers.prepare --check)")
    assert "Traceback" not in str(error.value)


ITERATING = """
import multiprocessing, pickle, signal, sys, time
samples, plan = pickle.load(open(sys.argv[1], "rb"))
told = []
if __name__ == "__main__":
    from trainers.data.loader import Loader

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda number, frame: told.append(number))
    # One batch at a time, so that the others are still to be made when the signal comes.
    loader = Loader(samples, plan, workers=1, prefetch=1)
    for number, batch in enumerate(loader):
        if not number:
            print(*(each.pid for each in multiprocessing.active_children()), flush=True)
            while not told:
                time.sleep(0.01)
    print("made", number + 1, flush=True)
"""


@pytest.fixture
def iterating(samples, tmp_path):
    """Start a process that has begun an epoch and waits for a signal; give it and its worker."""
    (tmp_path / "script.py").write_text(ITERATING)
    (tmp_path / "arguments").write_bytes(pickle.dumps((samples, plan())))
    with subprocess.Popen(
        [sys.executable, "script.py", "arguments"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        yield process, int(process.stdout.readline())


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_signals_to_all_processes_let_batches_come(iterating):
    """Whoever trains decides when to stop, and may need a batch for it."""
    process, worker = iterating
    for each in (signal.SIGINT, signal.SIGTERM):
        os.killpg(process.pid, each)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "made 4\n")
    assert not is_there(worker)


def test_nothing_is_left_of_a_killed_run(iterating):
    process, worker = iterating
    process.kill()
    process.wait()
    deadline = time.monotonic() + 60
    # What is left of it is ended by a thread, and then taken away by the system.
    while is_there(worker):
        assert time.monotonic() < deadline, f"process {worker} goes on"
        time.sleep(0.02)
