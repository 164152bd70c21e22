"""ILSVRC VID: videos with boxes; tracks may have gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from trainers.errors import PreparationError
from trainers.prepare.dropped import Dropped, Reason, UnusableError
from trainers.prepare.ilsvrc import Thing, find_root, read_things
from trainers.prepare.part import Plan, Shot, Target
from trainers.prepare.pictures import read_image
from trainers.prepare.runs import Run, numbered_runs

SUBSETS = (*(f"ILSVRC2015_VID_train_{number:04d}" for number in range(4)), "val")


@dataclass(frozen=True)
class VidPart:
    """One video of VID; see `Part`.

    Parameters
    ----------
    key : str
        ``<subset>/<video>``.
    annotations, images : Path
        The folders of its files.
    num_images : int
        Annotation files.
    last_run_only : bool
        Whether of a track with gaps only the last run is kept, as the original did.
    """

    key: str
    annotations: Path
    images: Path
    num_images: int
    last_run_only: bool
    fingerprint: str = ""

    @property
    def split(self) -> str:
        """``val`` for the videos of the validation set."""
        return "val" if "val" in self.key else "train"

    def shots(self) -> Iterator[Shot | Dropped]:
        """Go through the frames, each run of a track under a number of its own."""
        things, faults = self._read()
        yield from faults
        runs, left_out = numbered_runs(_frames_by_track(things), self.last_run_only)
        for reason, run in left_out:
            yield Dropped(reason, f"{self.key}, track {run.track}, frames {run.span}")
        for frame, found in _runs_by_frame(runs).items():
            yield from self._shot(frame, found, things[frame])

    def _read(self) -> tuple[dict[int, dict[int, Thing]], list[Dropped]]:
        """Read objects by frame and track, and name the files that cannot be read."""
        frames: dict[int, dict[int, Thing]] = {}
        faults = []
        for path in sorted(self.annotations.glob("*.xml")):
            try:
                things = read_things(path)
                frames[int(path.stem)] = {thing.track or 0: thing for thing in things}
            except UnusableError as fault:
                faults.append(fault.dropped)
            except ValueError:
                faults.append(Dropped(Reason.BAD_ANNOTATION, f"{path}: not named by a number"))
        return frames, faults

    def _shot(
        self, frame: int, runs: list[Run], things: dict[int, Thing]
    ) -> Iterator[Shot | Dropped]:
        targets = []
        for run in runs:
            thing = things[run.track]
            if thing.is_flat:
                yield Dropped(Reason.FLAT, f"{self.key}, frame {frame}, track {run.track}")
            else:
                targets.append(Target(run.number, thing.box))
        image = self.images / f"{frame:06d}.JPEG"
        yield Shot(frame, tuple(targets), partial(read_image, image), str(image))


def _frames_by_track(things: dict[int, dict[int, Thing]]) -> dict[int, list[int]]:
    frames = defaultdict(list)
    for frame, found in things.items():
        for track in found:
            frames[track].append(frame)
    return frames


def _runs_by_frame(runs: list[Run]) -> dict[int, list[Run]]:
    frames = defaultdict(list)
    for run in runs:
        for frame in run.frames:
            frames[frame].append(run)
    return dict(sorted(frames.items()))


def plan(source: Path, *, last_run_only: bool = False) -> Plan:
    """List the videos of all subsets.

    Parameters
    ----------
    source : Path
        With ``Annotations/VID/train/<subset>/<video>`` and ``Data/VID/…``; see `find_root`. The
        subset ``val`` may lie beside ``train``, as it is unpacked, or in it.
    last_run_only : bool
        See `VidPart`.

    Raises
    ------
    PreparationError
        If there is no subset.
    """
    root = find_root(source, "VID")
    folders = {subset: place for subset in SUBSETS if (place := _place(root, subset)) is not None}
    if not folders:
        place = root / "Annotations" / "VID"
        hint = f"expected folders such as train/{SUBSETS[0]}"
        raise PreparationError("no subset of VID", file=place, hint=hint)
    absent = [subset for subset in SUBSETS if subset not in folders]
    parts = tuple(
        VidPart(f"{subset}/{video.name}", video, _images(root, video), count, last_run_only)
        for subset, folder in folders.items()
        for video in sorted(folder.iterdir())
        if (count := sum(1 for _ in video.glob("*.xml")))
    )
    notes = (f"{len(absent)} of {len(SUBSETS)} subsets are absent: {', '.join(absent)}",)
    return Plan("vid", parts, has_mask=False, notes=notes if absent else ())


def _place(root: Path, subset: str) -> Path | None:
    folder = root / "Annotations" / "VID"
    return next((at for at in (folder / "train" / subset, folder / subset) if at.is_dir()), None)


def _images(root: Path, video: Path) -> Path:
    return root / "Data" / video.relative_to(root / "Annotations")
