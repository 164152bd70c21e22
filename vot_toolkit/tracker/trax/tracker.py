"""A program that speaks TraX as a tracker like any other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from vot_toolkit.errors import TrackerError
from vot_toolkit.region import Array, Region
from vot_toolkit.tracker.trax.client import Client, State
from vot_toolkit.tracker.trax.description import Description
from vot_toolkit.tracker.trax.program import Program


class Found(NamedTuple):
    """What the tracker found.

    Parameters
    ----------
    region : Region
        In px.
    score : float or None
        Its confidence; None when it gave none.
    """

    region: Region
    score: float | None


class TraxTracker:
    """Runs the program of a section of ``trackers.ini``, anew for every start.

    As in the challenges of that time nothing is left of one start in the next. Loading the program
    is not in the time of a frame, since `prepare` does it.

    Parameters
    ----------
    description : Description
        What to run.
    **arguments : str
        Properties for the program, beside those of the description.
    """

    takes_files = True

    def __init__(self, description: Description, **arguments: str) -> None:
        self.name = description.name
        self.deterministic = description.deterministic
        self._description = description
        self._arguments = {**description.arguments, **arguments}
        self._client: Client | None = None
        self._fresh = False

    def prepare(self) -> None:
        """Start the program, and wait for its greeting.

        Raises
        ------
        TrackerError
            If it cannot be started, or does not greet in time.
        """
        self.close()
        program = Program(
            self._description.command_line(),
            self._description.environment(os.environ),
            self._description.folder,
        )
        self._client = Client(program, self._description.timeout_s)
        self._fresh = True

    def initialize(self, image: Path, region: Array) -> None:
        """Start on a target.

        Parameters
        ----------
        image : Path
            File of the first frame.
        region : float64 array, shape (4,) or (8,)
            The target, in px.

        Raises
        ------
        TrackerError
            If the program fails; the error shows the last of what it printed.
        """
        if not self._fresh:
            self.prepare()
        self._fresh = False
        with self._conversation() as client:
            client.initialize(image, region, self._arguments)

    def update(self, image: Path) -> Found:
        """Find the target in the next image; raises as `initialize`."""
        with self._conversation() as client:
            return _found(client.frame(image))

    def close(self) -> None:
        """End the program; done also when the tracker is deleted and when this process ends."""
        client, self._client, self._fresh = self._client, None, False
        if client is not None:
            client.quit()

    @contextmanager
    def _conversation(self) -> Iterator[Client]:
        """Give the client; a reply that was not waited for would be taken for the next one."""
        if self._client is None:
            raise TrackerError("no run is under way", hint="initialize starts one")
        try:
            yield self._client
        except BaseException:
            self._client.end()
            self._client = None
            raise


def _found(state: State) -> Found:
    if state.score is None:
        return Found(state.region, None)
    try:
        return Found(state.region, float(state.score))
    except ValueError:
        what = f"its program replied with the confidence {state.score!r}"
        raise TrackerError(what, hint="a confidence is a number") from None
