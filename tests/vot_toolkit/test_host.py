"""User and host: named when they are asked for, and never a reason to fail."""

from __future__ import annotations

import getpass
import socket

from vot_toolkit.host import UNKNOWN, describe_host


def test_user_and_host_are_named(monkeypatch):
    monkeypatch.setenv("LOGNAME", "somebody")
    monkeypatch.setattr(socket, "gethostname", lambda: "box")
    assert describe_host() == {"user": "somebody", "host": "box"}


def test_a_system_without_names(monkeypatch):
    def nobody():
        raise OSError("No username set in the environment")

    monkeypatch.setattr(getpass, "getuser", nobody)
    monkeypatch.setattr(socket, "gethostname", lambda: "")
    assert describe_host() == {"user": UNKNOWN, "host": UNKNOWN}
