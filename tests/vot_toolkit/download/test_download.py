"""Downloads from a server that keeps to its description, and from one that does not."""

from __future__ import annotations

import io
import re
import shutil
import threading
import time
from collections import namedtuple

import pytest
from rich.console import Console

from vot_toolkit.claim import claimed
from vot_toolkit.cli.download import download_command
from vot_toolkit.dataset import open_dataset
from vot_toolkit.dataset.verify import verify
from vot_toolkit.download import transfer
from vot_toolkit.download.download import STAGING, download
from vot_toolkit.download.progress import SilentDownload
from vot_toolkit.errors import DownloadError, FormatError, UsageError

NAMES = ["bag", "ball1", "ants 1"]


@pytest.fixture
def fetch(tree, tmp_path):
    """Download the tree's set into the folder ``VOT``."""

    def start(**settings):
        return download(tree.url, tmp_path / "VOT", **{"workers": 2, **settings})

    return start


def check_whole(folder, names=NAMES):
    """Make sure that a set is there, sound, and nothing else."""
    assert (folder / "list.txt").read_text().split("\n")[:-1] == names
    assert list(verify(open_dataset(folder))) == []
    assert sorted(path.name for path in folder.iterdir()) == sorted([*names, "list.txt"])


class Counted(SilentDownload):
    """Adds up the bytes."""

    def __init__(self):
        self.total, self.num_bytes, self.notes, self.finished = None, 0, [], []
        self._lock = threading.Lock()

    def note(self, text):
        self.notes.append(text)

    def start(self, num_sequences, num_bytes):
        self.total = num_bytes

    def advance(self, num_bytes):
        with self._lock:
            self.num_bytes += num_bytes

    def finish(self, sequence):
        self.finished.append(sequence)


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_set_comes_whole_whatever_its_checksums_are(tree, fetch, tmp_path, algorithm):
    tree.describe(algorithm)
    progress = Counted()
    done = fetch(progress=progress)
    assert (done.num_new, done.problems) == (3, ())
    check_whole(tmp_path / "VOT")
    assert progress.num_bytes == progress.total
    assert sorted(progress.finished) == sorted(NAMES)
    dataset = open_dataset(tmp_path / "VOT")
    assert dataset["bag"].size == (40, 30)
    assert dataset["bag"].images[0].name == "00000001.jpg"
    metadata = (tmp_path / "VOT/bag/sequence").read_text()
    assert "channels.color=color/%08d.jpg\n" in metadata
    assert "fps=30\n" in metadata


def test_what_is_there_is_kept(tree, fetch, tmp_path):
    tree.describe()
    fetch(sequences=["ball1"])
    assert (tmp_path / "VOT/list.txt").read_text() == "ball1\n"
    tree.requests.clear()
    progress = Counted()
    fetch(progress=progress)
    check_whole(tmp_path / "VOT")
    assert progress.notes == ["1 sequence already there: kept"]
    assert not any("ball1" in path for _, path, _ in tree.requests)
    tree.requests.clear()
    assert fetch().num_new == 0
    assert [path for _, path, _ in tree.requests] == ["/vot/main/description.json"]


def cut(after):
    """Drop the connection after some bytes of every answer."""

    def fault(handler, data):
        return handler.send(data, body=True, stop=after)

    return fault


def test_a_dropped_connection_is_gone_on_with(tree, fetch, tmp_path):
    tree.describe()
    path = tree.path(".zip")
    images = max(tree.files, key=lambda name: len(tree.files[name]))
    tree.faults = {path: cut(100), images: cut(1500)}
    progress = Counted()
    assert fetch(progress=progress).problems == ()
    check_whole(tmp_path / "VOT")
    asked = [asked for verb, name, asked in tree.requests if (verb, name) == ("GET", images)]
    assert asked[:3] == [None, "bytes=1500-", "bytes=3000-"]
    assert progress.num_bytes == progress.total, "nothing was fetched twice"


def test_a_server_without_ranges_is_begun_again(tree, fetch, tmp_path):
    tree.describe()
    tree.ranges = False
    images = max(tree.files, key=lambda name: len(tree.files[name]))
    left = [cut(700), cut(900), cut(5)]
    tree.faults[images] = lambda handler, data: left.pop()(handler, data) if left else None
    progress = Counted()
    assert fetch(progress=progress).problems == ()
    check_whole(tmp_path / "VOT")
    assert progress.num_bytes == progress.total


def once(fault):
    """Let a fault happen once, and the server be overloaded from then on."""
    calls = []

    def overloaded(handler, data):
        calls.append(1)
        return fault(handler, data) if len(calls) == 1 else handler.reply(503, b"")

    return overloaded


def test_a_stopped_download_goes_on_in_the_next_run(tree, fetch, tmp_path):
    tree.describe()
    images = max(tree.files, key=lambda name: len(tree.files[name]))
    tree.faults[images] = once(cut(2000))
    done = fetch(workers=1)
    assert len(done.problems) == 1
    assert "the server says 503 Service Unavailable, 6 times (what has come is kept" in str(
        done.problems[0]
    )
    tree.faults.clear()
    tree.requests.clear()
    progress = Counted()
    assert fetch(progress=progress).problems == ()
    check_whole(tmp_path / "VOT")
    assert ("GET", images, "bytes=2000-") in tree.requests
    assert progress.num_bytes == progress.total == len(tree.files[images]) - 2000


def test_a_file_that_changed_in_between_is_begun_again(tree, fetch, tmp_path):
    tree.describe()
    sound = tree.files["/vot/main/bag.zip"]
    tree.files["/vot/main/bag.zip"] = b"an older file" * 100
    tree.faults["/vot/main/bag.zip"] = once(cut(600))
    assert fetch(sequences=["bag"]).problems
    assert (tmp_path / "VOT" / STAGING / "bag.annotations.zip.part").stat().st_size == 600
    tree.files["/vot/main/bag.zip"] = sound
    tree.faults.clear()
    tree.requests.clear()
    assert fetch().problems == ()
    check_whole(tmp_path / "VOT")
    asked = [asked for _, path, asked in tree.requests if path == "/vot/main/bag.zip"]
    assert asked == [None, "bytes=600-"], "its length, and the rest; the tag told that it changed"


def test_a_part_of_another_file_is_found_out(tree, fetch, tmp_path):
    tree.describe()
    staging = tmp_path / "VOT" / STAGING
    staging.mkdir(parents=True)
    for name in ("bag.annotations.zip.part", "bag.color.zip.part"):
        (staging / name).write_bytes(b"the beginning of something else")
    (staging / "ball1.annotations.zip.part").write_bytes(b"longer than the file" * 1000)
    assert fetch().problems == ()
    check_whole(tmp_path / "VOT")


def test_a_whole_part_needs_no_byte(tree, fetch, tmp_path):
    tree.describe()
    staging = tmp_path / "VOT" / STAGING
    staging.mkdir(parents=True)
    (staging / "bag.annotations.zip.part").write_bytes(tree.files["/vot/main/bag.zip"])
    assert fetch().problems == ()
    assert tree.count()["/vot/main/bag.zip"] == 1, "416: nothing is missing"


def test_a_lie_about_a_checksum_is_told(tree, fetch, tmp_path):
    entries = tree.describe()
    truth = entries[0]["annotations"]["checksum"]
    entries[0]["annotations"]["checksum"] = "0" * 40
    tree.publish({"sequences": entries})
    done = fetch()
    (problem,) = done.problems
    assert f"/vot/main/bag.zip: its sha1 is {truth}, the description says {'0' * 40}" in str(
        problem
    )
    assert "--no-checksums takes the file as it is" in str(problem)
    assert tree.count()["/vot/main/bag.zip"] == 2, "once more, from the start"
    assert not (tmp_path / "VOT/bag").exists()
    assert (tmp_path / "VOT/list.txt").read_text() == "ball1\nants 1\n", "the rest came"
    assert fetch(checksums=False).problems == ()
    check_whole(tmp_path / "VOT")


def test_a_broken_archive_without_checksum_is_told(tree, fetch, tmp_path):
    entries = tree.describe()
    for entry in entries:
        del entry["annotations"]["checksum"]
    tree.publish({"sequences": entries})
    sound = tree.files["/vot/main/bag.zip"]
    flipped = bytearray(sound)
    flipped[45] ^= 255
    for data in (bytes(flipped), sound[:-30], b"<html>not found</html>", b""):
        tree.files["/vot/main/bag.zip"] = data
        (problem,) = fetch().problems
        assert "bag.zip: not a sound zip file" in str(problem)
        assert not (tmp_path / "VOT/bag").exists()
    tree.files["/vot/main/bag.zip"] = sound
    assert fetch().problems == ()
    check_whole(tmp_path / "VOT")


def test_what_is_not_there_is_told_at_once(tree, fetch):
    tree.describe()
    del tree.files["/vot/main/bag.zip"]
    (problem,) = fetch().problems
    assert "bag.zip: the server says 404 Not Found (is it still there?" in str(problem)
    assert tree.count()["/vot/main/bag.zip"] == 1


def test_no_description(tree, fetch, tmp_path):
    with pytest.raises(
        DownloadError, match=r"description\.json: HTTP Error 404.*--url for mirrors"
    ):
        fetch()
    with pytest.raises(DownloadError, match="Connection refused"):
        download("http://127.0.0.1:9/description.json", tmp_path)


def test_no_room_is_seen_before_anything_comes(tree, fetch, tmp_path, monkeypatch):
    tree.describe()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, 2**26 + 10_000))
    with pytest.raises(UsageError, match=r"\d+\.\d kB are needed, 67\.1 MB are free"):
        fetch()
    assert set(tree.count()) == {"/vot/main/description.json"}
    assert not (tmp_path / "VOT").exists()


def test_sizes_of_the_description_are_believed(tree, fetch):
    entries = tree.describe()
    for entry in entries:
        for part in (entry["annotations"], *entry["channels"].values()):
            part.update(compressed=1000, uncompressed=10**18)
    tree.publish({"sequences": entries})
    with pytest.raises(UsageError, match=r"TB are needed"):
        fetch()
    assert not tree.count("HEAD")


def test_two_downloads_into_one_folder(tree, fetch, tmp_path):
    tree.describe()
    with claimed(tmp_path / "VOT" / STAGING, "claim"), pytest.raises(UsageError, match="another"):
        fetch()


def test_an_unknown_sequence(tree, fetch):
    tree.describe()
    with pytest.raises(UsageError, match="did you mean 'ball1'"):
        fetch(sequences=["ball"])


def test_ctrl_c_ends_soon_and_keeps_what_came(tree, fetch, tmp_path):
    tree.describe()

    class Interrupting(Counted):
        def finish(self, sequence):
            raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch(progress=Interrupting())
    assert time.monotonic() - begin < 5
    assert fetch().problems == ()
    check_whole(tmp_path / "VOT")


def test_a_server_that_falls_silent(tree, fetch, tmp_path, monkeypatch):
    monkeypatch.setattr(transfer, "TIMEOUT_S", 0.2)
    tree.describe()
    calls, ended = [], threading.Event()

    def silent(handler, data):
        calls.append(1)
        return ended.wait(5) if len(calls) == 1 else None

    tree.faults["/vot/main/bag.zip"] = silent
    assert fetch().problems == ()
    ended.set()
    check_whole(tmp_path / "VOT")
    assert tree.count()["/vot/main/bag.zip"] >= 2


def test_the_command_verifies(tree, tmp_path):
    entries = tree.describe()
    console = Console(file=io.StringIO(), width=100)
    out = tmp_path / "VOT"
    mirror = tree.url.removesuffix("description.json")
    assert download_command("vot2018", out, console, url=mirror) == 0
    lines = console.file.getvalue().splitlines()
    assert lines[0] == f"{tree.url} to {out}"
    assert re.fullmatch(r"[\d.]+ kB in [\d.]+ s, .*B/s", lines[1])
    assert lines[-1] == "VOT: 3 sequences, 15 frames, nothing is wrong"
    shutil.rmtree(out / "bag")
    entries[0]["annotations"]["checksum"] = "0" * 32
    tree.publish({"sequences": entries})
    assert download_command("vot2018", out, console, url=mirror) == 1
    assert "✗ http://127.0.0.1" in console.file.getvalue()


def test_the_command_without_a_server(tmp_path):
    console = Console(file=io.StringIO())
    for name, url, said in [
        ("vot20018", None, "did you mean 'vot2018'"),
        ("mine", "file:///etc/", "accepted: http://"),
    ]:
        with pytest.raises(UsageError, match=said):
            download_command(name, tmp_path, console, url=url)


@pytest.mark.parametrize("description", [b"", b"[]", b'{"sequences": []}', b"\xff", b"[" * 100_000])
def test_a_description_that_is_none(tree, fetch, tmp_path, description):
    tree.files["/vot/main/description.json"] = description
    with pytest.raises(FormatError, match=r"description\.json: no"):
        fetch()
    assert not (tmp_path / "VOT").exists()
