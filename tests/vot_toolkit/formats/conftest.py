"""Files with given bytes."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def write_file(tmp_path_factory):
    """Write bytes to a file that the next call replaces, and give its path."""
    path = tmp_path_factory.mktemp("formats") / "ants1_001.txt"

    def write(data: bytes):
        path.write_bytes(data)
        return path

    return write
