"""Sets by name: where each is described."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from vot_toolkit.errors import UsageError
from vot_toolkit.wording import guess

FILE_NAME = "description.json"


def stack_names() -> tuple[str, ...]:
    """List the sets that can be downloaded by name.

    Examples
    --------
    >>> stack_names()[:2]
    ('vot2013', 'vot2014')
    """
    return tuple(_known())


def description_url(name: str, url: str | None) -> str:
    """Give the address of a set's description.

    Parameters
    ----------
    name : str
        A name of `stack_names`, in any case; any name when an address is given.
    url : str or None
        Of a mirror: the description, or the folder that it is in.

    Raises
    ------
    UsageError
        If there is no such set, or the address is none of the web.

    Examples
    --------
    >>> description_url("mine", "http://localhost:8000/set/")
    'http://localhost:8000/set/description.json'
    """
    if url is None:
        if name.lower() not in _known():
            hint = f"{guess(name, stack_names())}accepted: {', '.join(stack_names())}; or --url"
            raise UsageError(f"no data set {name!r} to download", hint=hint)
        return str(_known()[name.lower()]["url"])
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"--url {url}", hint="accepted: http://… or https://…")
    return f"{url.rstrip('/')}/{FILE_NAME}" if not url.endswith(".json") else url


@cache
def _known() -> dict[str, Any]:
    path = Path(__file__).with_name("stacks.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
