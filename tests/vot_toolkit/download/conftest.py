"""A server for downloads: a tree as the VOT challenges publish it, with faults on request."""

from __future__ import annotations

import hashlib
import io
import json
import re
import threading
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

LENGTHS = {"bag": 4, "ball1": 6, "ants 1": 5}
SIZE = (40, 30)


def zipped(members):
    """Give the bytes of a zip file."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def annotations(name, length):
    """Give the annotation files of a sequence whose target stands still."""
    return {
        "groundtruth.txt": "10,10,9.5,8.25\n" * length,
        "occlusion.tag": "0\n" * length,
        "practical.value": "0.5\n" * length,
    }


def images(length, pattern="{:08d}.jpg"):
    """Give the images of a sequence, noise that does not shrink."""
    noise = np.random.default_rng(length)
    found = {}
    for number in range(1, length + 1):
        pixels = noise.integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8)
        found[pattern.format(number)] = cv2.imencode(".jpg", pixels)[1].tobytes()
    return found


@dataclass
class Tree:
    """What the server has, and how it misbehaves."""

    files: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    ranges: bool = True
    url: str = ""

    def describe(self, algorithm="sha1", **changes):
        """Publish the set ``vot`` with all sequences and their description."""
        entries = []
        for name, length in LENGTHS.items():
            uid = hashlib.sha512(name.encode()).hexdigest()
            parts = {
                f"/vot/main/{name}.zip": zipped(annotations(name, length)),
                f"/sequences/{uid}.zip": zipped(images(length)),
            }
            self.files.update(parts)
            sums = [hashlib.new(algorithm, data).hexdigest() for data in parts.values()]
            color = {"url": f"../../sequences/{uid}.zip", "pattern": "%08d.jpg", "uid": uid}
            entries.append(
                {
                    "name": name,
                    "fps": 30,
                    "length": length,
                    "width": SIZE[0],
                    "height": SIZE[1],
                    "annotations": {"url": f"{name}.zip", "checksum": sums[0]},
                    "channels": {"color": {**color, "checksum": sums[1]}},
                }
            )
        self.publish({"homepage": "http://localhost/", "sequences": entries, **changes})
        return entries

    def publish(self, description):
        """Put a description on the server."""
        self.files["/vot/main/description.json"] = json.dumps(description).encode()

    def count(self, method="GET"):
        """Count the requests for each path."""
        return Counter(path for verb, path, _ in self.requests if verb == method)

    def path(self, ending):
        """Give the path of a file by its ending."""
        return next(path for path in self.files if path.endswith(ending))


class Handler(BaseHTTPRequestHandler):
    """Answers with the files of a tree, ranges included."""

    tree: Tree
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Say nothing."""

    def do_HEAD(self):
        self.answer(body=False)

    def do_GET(self):
        self.answer(body=True)

    def answer(self, body):
        path = self.path.replace("%20", " ")
        self.tree.requests.append((self.command, path, self.headers.get("Range")))
        data = self.tree.files.get(path)
        if data is None:
            return self.reply(404, b"")
        fault = self.tree.faults.get(path)
        if body and fault is not None and (done := fault(self, data)) is not None:
            return done
        return self.send(data, body)

    def send(self, data, body, stop=None):
        """Send a file, or the range asked for; only `stop` bytes of it."""
        tag = f'"{hashlib.md5(data).hexdigest()}"'
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range", tag)
        start = int(match[1]) if match and self.tree.ranges and condition == tag else 0
        if match and start >= len(data):
            return self.reply(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        headers = {"ETag": tag}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        return self.reply(206 if start else 200, data[start:], headers, body, stop)

    def reply(self, status, data, headers=None, body=True, stop=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if body:
            self.wfile.write(data[:stop])
        if stop is not None:
            self.close_connection = True
        return True


@pytest.fixture
def tree(monkeypatch):
    """Start a server; give what it has."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Tree()
    handler = type("OwnHandler", (Handler,), {"tree": found})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/vot/main/description.json"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    """Shorten the pauses between attempts."""
    monkeypatch.setattr("vot_toolkit.download.transfer.FIRST_PAUSE_S", 0.001)
    monkeypatch.setattr("vot_toolkit.download.transfer.CHUNK", 256)
