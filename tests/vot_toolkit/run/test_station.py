"""A station: what it needs on its machine, and what it passes on."""

import hashlib
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from vot_toolkit.errors import RunError, TrackerError
from vot_toolkit.run.engine import Fault
from vot_toolkit.run.jobs import Job, challenge
from vot_toolkit.run.station import Orders, Station

PROTOCOL = challenge().experiments["unsupervised"]


@pytest.fixture
def open_station():
    """Give stations that are closed in the end."""
    opened = []

    def make(orders):
        opened.append(Station(orders))
        return opened[-1]

    yield make
    for station in opened:
        station.close()


def steps(station, jobs=()):
    """Give the news of a station, call by call; the jobs go with the first."""
    yield station.step(list(enumerate(jobs)))
    for _ in range(300):
        yield station.step([])


def job(dataset, name="ball"):
    return Job("unsupervised", dataset[name], PROTOCOL, 1)


def test_the_tracker_comes_with_its_file(dataset, spec, open_station, tmp_path):
    orders = Orders.prepare(spec("Chatty"), None)
    missing = f"{tmp_path}/elsewhere/fake_trackers.py:Chatty"
    station = open_station(replace(orders, spec=replace(orders.spec, target=missing)))
    news = next(news for news in steps(station) if news.built is not None)
    assert news.built is True and news.host == socket.gethostname() and news.over == []
    printed, jobs = b"", [job(dataset), job(dataset, "cup")]
    over = {}
    for news in steps(station, jobs):
        printed += news.printed
        over.update(news.over)
        if len(over) == 2:
            break
    assert [len(over[ticket].trajectory) for ticket in (0, 1)] == [20, 30]
    assert printed.split() == b"started by a child".split() * 2
    folder = Path(station._folder.name)
    station.close()
    assert not folder.exists()


def test_a_file_that_is_there_is_used_there(spec, open_station):
    station = open_station(Orders.prepare(spec("Steady"), None))
    assert next(news for news in steps(station) if news.built is not None).error is None
    assert station._folder is None


def test_a_checkpoint_that_is_not_there(spec, open_station, tmp_path, monkeypatch):
    weights = tmp_path / "weights.pth"
    weights.write_bytes(b"1")
    monkeypatch.chdir(tmp_path)
    orders = Orders.prepare(spec("Weighted", checkpoint="weights.pth", device="cpu"), None)
    assert dict(orders.spec.options) == {"checkpoint": str(weights), "device": "cpu"}
    assert orders.files == {str(weights): hashlib.sha256(b"1").hexdigest()}
    weights.write_bytes(b"2")
    host = socket.gethostname()
    shared = "every node must see it by the same path, as on a shared disk"
    error = open_station(orders).step([]).error
    assert isinstance(error, TrackerError)
    assert str(error) == f"{weights}: node {host}: another file of this name ({shared})"
    weights.unlink()
    error = open_station(orders).step([]).error
    assert str(error) == f"{weights}: node {host}: No such file or directory ({shared})"


def test_another_version_is_refused(spec, open_station):
    orders = replace(Orders.prepare(spec("Steady"), None), version="0")
    error = open_station(orders).step([]).error
    assert isinstance(error, RunError) and "0 where the run was started" in str(error)


def test_a_tracker_that_cannot_be_built_is_an_error(spec, open_station):
    station = open_station(Orders.prepare(spec("Unbuildable"), None))
    error = next(news.error for news in steps(station) if news.error is not None)
    assert "OSError: no weights" in str(error)


def test_images_that_are_not_there_are_named(dataset, spec, open_station, tmp_path):
    ball = dataset["ball"]
    gone = tuple(tmp_path / path.name for path in ball.images)
    task = replace(job(dataset), sequence=replace(ball, images=gone))
    station = open_station(Orders.prepare(spec("Steady"), None))
    news = next(news for news in steps(station, [task]) if news.over)
    ((ticket, fault),) = news.over
    assert ticket == 0 and isinstance(fault, Fault) and news.missing == gone[0]


def test_options_that_are_words_stay_words(spec, tmp_path, monkeypatch):
    (tmp_path / "fast").write_text("")
    monkeypatch.chdir(tmp_path)
    orders = Orders.prepare(spec("Noted", note="fast"), None)
    assert dict(orders.spec.options) == {"note": "fast"} and not orders.files
    orders = Orders.prepare(spec("Noted", note="./fast"), None)
    assert list(orders.files) == [str(tmp_path / "fast")]
