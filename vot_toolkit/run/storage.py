"""One tracker's results on disk: the official layout, whole files only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from vot_toolkit.atomic import sweep, write_whole
from vot_toolkit.errors import FormatError
from vot_toolkit.experiment.machine import Run
from vot_toolkit.formats.properties import format_property
from vot_toolkit.formats.text import format_trajectory, read_trajectory
from vot_toolkit.formats.times import format_times, read_times
from vot_toolkit.region import Array
from vot_toolkit.run.jobs import Course, Job
from vot_toolkit.trajectory import Trajectory

LOG = "printed.log"


class Storage:
    """The folder of one tracker's results, ``RESULTS/<label>``.

    A repetition is done when its ``<sequence>_001.txt``, written last, has a line for each frame:
    after a power cut a file may lack its content, and is written again. Only result and time files
    end in ``.txt``. Nothing is made on disk before the first result.

    Parameters
    ----------
    folder : Path
        Need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def repetitions(self, experiment: str, sequence: str, num_frames: int) -> set[int]:
        """Give the repetitions that are done, those with a line for each frame."""
        return {
            int(match[1])
            for path in self._sequence_folder(experiment, sequence).glob("*.txt")
            if (match := re.fullmatch(re.escape(sequence) + r"_(\d{3,})\.txt", path.name))
            and path.read_bytes().count(b"\n") == num_frames
        }

    def read(self, experiment: str, sequence: str, repetition: int) -> Trajectory:
        """Read a stored trajectory, with the digits that the file has."""
        return read_trajectory(self._result(experiment, sequence, repetition))

    def write(self, job: Job, run: Run, columns: int) -> None:
        """Store one repetition: its times, its scores where it has any, and last its regions.

        Parameters
        ----------
        job : Job
            Which repetition.
        run : Run
            Its outcome.
        columns : int
            Repetitions planned; as many columns the time file has at least.
        """
        name, repetition = job.sequence.name, job.repetition
        result = self._result(job.experiment, name, repetition)
        self._merge_times(result.with_name(f"{name}_time.txt"), run.times, repetition, columns)
        if not np.isnan(run.scores).all():
            scores = result.with_name(f"{result.stem}_confidence.value")
            write_whole(scores, format_property(run.scores), durable=False)
        write_whole(result, format_trajectory(run.trajectory), durable=False)

    def write_log(self, text: str) -> Path:
        """Store what the tracker printed in the last run that printed anything."""
        path = self.folder / LOG
        write_whole(path, text, durable=False)
        return path

    def clean(self, courses: Iterable[Course]) -> None:
        """Remove what a killed run left half written for these courses."""
        sweep(self.folder)
        for course in courses:
            sweep(self._sequence_folder(course.experiment, course.sequence.name))

    def remove(self, experiment: str, sequence: str) -> None:
        """Remove all results of one sequence in one experiment."""
        folder = self._sequence_folder(experiment, sequence)
        own = [path for path in folder.glob("*") if path.name.startswith(f"{sequence}_")]
        # Results go first: a run killed in between leaves nothing that counts as done.
        for path in sorted(own, key=lambda path: not _is_result(path, sequence)):
            path.unlink()

    def results(self) -> Iterator[tuple[str, str, Path]]:
        """Go through all result files: experiment, sequence, path; text or binary."""
        for path in sorted(self.folder.glob("*/*/*")):
            experiment, sequence = path.parts[-3:-1]
            if _is_result(path, sequence):
                yield experiment, sequence, path

    def _sequence_folder(self, experiment: str, sequence: str) -> Path:
        return self.folder / experiment / sequence

    def _result(self, experiment: str, sequence: str, repetition: int) -> Path:
        folder = self._sequence_folder(experiment, sequence)
        return folder / f"{sequence}_{repetition:03d}.txt"

    @staticmethod
    def _merge_times(path: Path, times: Array, repetition: int, columns: int) -> None:
        before = _read_times_if_usable(path, len(times))
        width = max(columns, repetition, before.shape[1])
        # The official files hold zeros for repetitions that were not run.
        table = np.zeros((len(times), width))
        table[:, : before.shape[1]] = before
        table[:, repetition - 1] = times
        write_whole(path, format_times(table), durable=False)


def _is_result(path: Path, sequence: str) -> bool:
    return bool(re.fullmatch(re.escape(sequence) + r"_\d{3,}\.(txt|bin)", path.name))


def _read_times_if_usable(path: Path, num_frames: int) -> Array:
    """Read a time file; no columns when it is absent or belongs to something else."""
    nothing = np.zeros((num_frames, 0))
    if not path.exists():
        return nothing
    try:
        times = read_times(path)
    except FormatError:
        # Times are by-products: a damaged file must not keep a result from being stored.
        return nothing
    return times if len(times) == num_frames else nothing
