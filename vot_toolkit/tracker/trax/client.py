"""The conversation with a tracker's program: greeting, start, frames."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from vot_toolkit.errors import TrackerError
from vot_toolkit.region import Array, Region
from vot_toolkit.tracker.trax.forms import (
    IMAGE_FORMATS,
    REGION_FORMATS,
    image_text,
    read_region,
    region_text,
)
from vot_toolkit.tracker.trax.message import Message
from vot_toolkit.tracker.trax.program import Program

NEWEST = 4
"""Newest version of the protocol that is spoken here."""

OBJECTS_APART = 4
"""First version in which the target is introduced before the first image, each in a message."""


class State(NamedTuple):
    """A reply.

    Parameters
    ----------
    region : Region
        In px.
    score : str or None
        The property ``confidence``, as it came.
    """

    region: Region
    score: str | None


class Client:
    """A tracker's program from its greeting on.

    Parameters
    ----------
    program : Program
        Just started.
    timeout_s : float
        Time it has for every reply, in s.

    Raises
    ------
    TrackerError
        If it does not greet in time, or asks for what is not spoken here.
    """

    def __init__(self, program: Program, timeout_s: float) -> None:
        self._program = program
        self._timeout_s = timeout_s
        greeting = self._listen("hello")
        self._version = self._read_version(greeting.properties.get("trax.version", "1"))
        self._regions = self._common(greeting, "trax.region", "rectangle", REGION_FORMATS)
        self._images = self._common(greeting, "trax.image", "path", IMAGE_FORMATS)
        self._common(greeting, "trax.channels", "color", ("color",))

    def initialize(self, image: Path, region: Array, arguments: Mapping[str, str]) -> State:
        """Start on a target.

        Parameters
        ----------
        image : Path
            File of the first frame.
        region : float64 array, shape (4,) or (2n,)
            The target, in px.
        arguments : mapping from str to str
            Properties for the program.

        Raises
        ------
        TrackerError
            If it does not reply with a region in time.
        """
        target, picture = region_text(region, self._regions), image_text(image, self._images)
        if self._version < OBJECTS_APART:
            return self._ask(Message("initialize", (picture, target), arguments))
        self._program.send(Message("initialize", (target,)))
        return self._ask(Message("frame", (picture,), arguments))

    def frame(self, image: Path) -> State:
        """Go on to the next frame; raises as `initialize`."""
        return self._ask(Message("frame", (image_text(image, self._images),)))

    def quit(self) -> None:
        """End the conversation, and the program."""
        self._program.quit()

    def end(self) -> None:
        """End the program at once."""
        self._program.end()

    def _ask(self, message: Message) -> State:
        self._program.send(message)
        reply = self._listen("state")
        if len(reply.arguments) != 1:
            what = f"its program replied with {len(reply.arguments)} regions for one target"
            raise self._program.fault(what)
        try:
            region = read_region(reply.arguments[0])
        except TrackerError as error:
            raise self._program.fault(error.what) from None
        return State(region, reply.properties.get("confidence"))

    def _listen(self, expected: str) -> Message:
        message = self._program.listen(self._timeout_s)
        if message.name == expected:
            return message
        if message.name == "quit":
            reason = message.properties.get("trax.reason")
            raise self._program.fault("its program quit" + (f": {reason}" if reason else ""))
        raise self._program.fault(f"its program sent {message.name!r} instead of {expected!r}")

    def _read_version(self, text: str) -> int:
        if text.isdecimal() and 1 <= int(text) <= NEWEST:
            return int(text)
        raise self._program.fault(
            f"its program speaks version {text!r} of TraX; versions 1 to {NEWEST} are spoken here"
        )

    def _common(
        self, greeting: Message, key: str, default: str, accepted: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Give what of a list both sides know."""
        offered = greeting.properties.get(key, default).split(";")
        common = tuple(name for name in accepted if name in offered)
        if common:
            return common
        raise self._program.fault(
            f"its program asks for {key} {greeting.properties.get(key)!r}; "
            f"there is {', '.join(accepted)}"
        )
