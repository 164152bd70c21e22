"""Who ran something and where, which records leave out unless it is asked for."""

from __future__ import annotations

import getpass
import socket

UNKNOWN = "unknown"


def describe_host() -> dict[str, str]:
    """Name the user and the host of this process.

    Returns
    -------
    dict
        ``user`` and ``host``; ``unknown`` where the system has no name, as in some containers.
    """
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # no variable, and no entry in the list of users
        user = UNKNOWN
    return {"user": user, "host": socket.gethostname() or UNKNOWN}
