"""Scoring results of video object segmentation: J and F of each object, each video, over all.

Which frames count:

* DAVIS: all but the first, which is given, and the last, for which some of the methods of 2016 had
  no result; it was left out ever since so that numbers can be compared
  (github.com/davisvideochallenge/davis2017-evaluation, issue 10).
* YouTube-VOS: of each object, all annotated frames after its first, which is given, to its last.
  Its server has the annotations of the validation set to itself, and tells seen from unseen
  categories; there is nothing to score a set of first frames with.

The mean over objects is the score, each object of the same weight (Pont-Tuset et al.,
arXiv:1704.00675, section 3). A video with a fault in its results is named and not scored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from siammask.errors import DatasetError, ImageError, UserError
from siammask.video.index_png import Labels, labels_in, read_labels
from siammask.vos.dataset import VOID, Dataset, Kind, Object, Video
from siammask.vos.measures import (
    Statistics,
    contour_accuracy,
    mean_statistics,
    region_similarity,
    statistics,
)
from siammask.vos.results import find_results


@dataclass(frozen=True)
class ObjectScore:
    """J and F of one object.

    Parameters
    ----------
    label : int
        Of the object.
    num_frames : int
        Frames that count.
    region, contour : Statistics
        Of J and of F.
    """

    label: int
    num_frames: int
    region: Statistics
    contour: Statistics


@dataclass(frozen=True)
class VideoScore:
    """The objects of one video.

    Parameters
    ----------
    name : str
        Of the video.
    objects : tuple of ObjectScore
        At least one.
    """

    name: str
    objects: tuple[ObjectScore, ...]

    @property
    def region(self) -> Statistics:
        """J: mean over the objects."""
        return mean_statistics([item.region for item in self.objects])

    @property
    def contour(self) -> Statistics:
        """F: mean over the objects."""
        return mean_statistics([item.contour for item in self.objects])


@dataclass(frozen=True)
class Scores:
    """What there is to say about results.

    Parameters
    ----------
    dataset : Dataset
        What they are for.
    videos : tuple of VideoScore
        Those that could be scored, in order.
    problems : dict from str to str
        What is wrong with each of the others, with its file.
    """

    dataset: Dataset
    videos: tuple[VideoScore, ...]
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def objects(self) -> list[ObjectScore]:
        """All objects."""
        return [item for video in self.videos for item in video.objects]

    @property
    def region(self) -> Statistics:
        """J: mean over all objects."""
        return mean_statistics([item.region for item in self.objects])

    @property
    def contour(self) -> Statistics:
        """F: mean over all objects."""
        return mean_statistics([item.contour for item in self.objects])

    @property
    def mean(self) -> float:
        """J&F: mean of the means of J and F."""
        return (self.region.mean + self.contour.mean) / 2


def score(results: Path, dataset: Dataset, advance: Callable[[], None] = lambda: None) -> Scores:
    """Score a folder of results.

    Parameters
    ----------
    results : Path
        With a folder a video, of one PNG a frame: indexed or grey labels; for DAVIS 2016 anything
        above 0 is the object.
    dataset : Dataset
        With the annotations of all frames.
    advance : callable
        Called after each video.

    Returns
    -------
    Scores
        Of all videos without a fault.

    Raises
    ------
    OutputError
        If there are no results at all.
    DatasetError
        If there are annotations of first frames only.
    """
    if not is_annotated(dataset):
        raise DatasetError(
            f"{dataset.title} has annotations of first frames only",
            hint="its server has the others; hand the results in there",
        )
    place = find_results(results, dataset.videos)
    scored, problems = [], {}
    for video in dataset.videos:
        try:
            scored.append(score_video(video, place / video.name, dataset.kind))
        except UserError as error:
            problems[video.name] = str(error)
        advance()
    return Scores(dataset, tuple(scored), problems)


def score_video(video: Video, folder: Path, kind: Kind) -> VideoScore:
    """Score the results of one video.

    Parameters
    ----------
    video : Video
        With the annotations of all frames that count.
    folder : Path
        With one PNG a frame.
    kind : str
        Says which frames count.

    Raises
    ------
    UserError
        If an annotation is missing or cannot be read; or if a frame's result is missing, cannot be
        read, has another size than the annotation, or a label that is no object's.
    """
    values: dict[int, list[tuple[float, float]]] = {item.label: [] for item in video.objects}
    for index in _counted(video, kind):
        if not any(_counts(item, index) for item in video.objects):
            continue
        truth = video.labels(index)
        result = _read_result(folder / f"{video.frames[index].stem}.png", video, truth.shape)
        void = None if video.merged or VOID not in truth else truth == VOID
        for item in video.objects:
            if _counts(item, index):
                one, other = truth == item.label, result == item.label
                pair = region_similarity(one, other, void), contour_accuracy(one, other, void)
                values[item.label].append(pair)
    return VideoScore(video.name, tuple(_object_score(*each) for each in values.items()))


def is_annotated(dataset: Dataset) -> bool:
    """Tell whether there is any annotation to score with, besides those of first frames."""
    return any(_has_more(video, dataset.kind) for video in dataset.videos)


def _has_more(video: Video, kind: Kind) -> bool:
    given = {item.first for item in video.spans or (Object(1, 0, 0),)}
    return any(
        video.annotations[index].is_file() for index in _counted(video, kind) if index not in given
    )


def _counted(video: Video, kind: Kind) -> range:
    """Give the frames that are not at an end that is left out."""
    return range(1, len(video.frames) if kind == "ytb_vos" else len(video.frames) - 1)


def _counts(item: Object, index: int) -> bool:
    """Tell whether a frame counts for an object; in DAVIS they are there from the first on."""
    return item.first < index <= item.last


def _read_result(path: Path, video: Video, shape: tuple[int, ...]) -> Labels:
    labels = read_labels(path)
    if labels.shape != shape:
        sizes = [f"{size[1]}x{size[0]}" for size in (labels.shape, shape)]
        raise ImageError(f"is {sizes[0]}, but its annotation is {sizes[1]}", file=path)
    if video.merged:
        return (labels > 0).astype(np.uint8)
    known = [item.label for item in video.objects]
    strange = sorted(labels_in(labels) - {0, *known})
    if strange:
        hint = f"labels of {video.name}: {', '.join(map(str, known))}"
        raise ImageError(f"holds label {strange[0]}, which is no object's", file=path, hint=hint)
    return labels


def _object_score(label: int, values: Sequence[tuple[float, float]]) -> ObjectScore:
    region, contour = ([pair[measure] for pair in values] for measure in (0, 1))
    return ObjectScore(label, len(values), statistics(region), statistics(contour))
