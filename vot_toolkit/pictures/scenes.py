"""Scenes made of result files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vot_toolkit.dataset import Dataset
from vot_toolkit.errors import DatasetError, ResultsError
from vot_toolkit.failure import tracker_files
from vot_toolkit.pictures.frame import Scene
from vot_toolkit.results import read_repetition
from vot_toolkit.trajectory import Trajectory


def open_scene(
    results: Path,
    dataset: Dataset,
    sequence: str,
    trackers: Sequence[str],
    experiment: str = "baseline",
    repetition: int = 1,
) -> Scene:
    """Read what trackers did on a sequence.

    Parameters
    ----------
    results : Path
        Folder with one folder a tracker.
    dataset : Dataset
        With the sequence and its images.
    sequence : str
        Which sequence.
    trackers : sequence of str
        In the order of their colours; none for the ground truth alone.
    experiment : str
        Of all of them.
    repetition : int
        Number of the result file, from 1.

    Returns
    -------
    Scene

    Raises
    ------
    UserError
        If there is no such sequence, image, tracker, experiment or repetition.
    """
    video = dataset[sequence]
    if not video.images:
        raise DatasetError(
            f"sequence {sequence!r} has no images", hint="a VOT folder with its images is needed"
        )
    alone = dataset.select([sequence])
    found = {each: _trajectory(results, alone, each, experiment, repetition) for each in trackers}
    return Scene(video, found)


def _trajectory(
    results: Path, dataset: Dataset, tracker: str, experiment: str, repetition: int
) -> Trajectory:
    files = tracker_files(results, tracker, experiment, dataset)[0][0]
    for path in files.repetitions:
        if int(Path(path).stem[-3:]) == repetition:
            return read_repetition(files, path, len(dataset[files.sequence]))[0]
    there = ", ".join(Path(path).name for path in files.repetitions) or "none"
    raise ResultsError(
        f"no repetition {repetition} of {tracker} on {files.sequence}",
        file=files.folder,
        hint=f"there are {there}",
    )
