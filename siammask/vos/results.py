"""Results of video object segmentation: one folder a video, one PNG a frame, whole or absent."""

from __future__ import annotations

import glob
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2

from siammask.atomic import write_whole
from siammask.errors import OutputError
from siammask.video.index_png import Labels, encode_labels
from siammask.vos.dataset import Kind, Video

RUN_FILE = "run.json"
"""Says how the results were made."""

SUBFOLDERS = {"ytb_vos": "Annotations"}
"""Where a kind's server looks for the videos; directly in the folder by default."""

SCORED_PLACES = ("", "Annotations", "480p", "Annotations/480p")
"""Where the videos of results may be, in the folder that is named."""


class ResultFolder:
    """A folder that results are written to, video by video.

    Parameters
    ----------
    folder : Path
        Made when it is missing.
    kind : str
        ``davis2016`` writes 0 and 255 in grey, the others labels with a palette.
    """

    def __init__(self, folder: Path, kind: Kind) -> None:
        self._folder = folder
        self._place = folder / SUBFOLDERS.get(kind, "")
        self._binary = kind == "davis2016"

    def claim(self, run: Mapping[str, Any]) -> None:
        """Note how the results are made; those of another run are not mixed with.

        Parameters
        ----------
        run : mapping
            What decides on the results, as JSON has it.

        Raises
        ------
        OutputError
            If results were made in another way; names what differs.
        """
        path = self._folder / RUN_FILE
        if path.exists():
            _check_same(run, _read_run(path), path)
        else:
            write_whole(path, json.dumps(dict(run), indent=1) + "\n")

    def has(self, video: Video) -> bool:
        """Tell whether a video is done.

        Raises
        ------
        OutputError
            If its folder lacks a frame, which no run of ours leaves.
        """
        folder = self._place / video.name
        if not folder.exists():
            return False
        for frame in video.frames:
            if not (folder / f"{frame.stem}.png").is_file():
                what = f"lacks {frame.stem}.png"
                raise OutputError(what, file=folder, hint="remove the folder to do it again")
        return True

    def write(self, video: Video, labels: Iterable[tuple[str, Labels]]) -> int:
        """Write a video; its folder appears when all of it is there.

        Parameters
        ----------
        video : Video
            Names the folder.
        labels : iterable of str and uint8 array, shape (height, width)
            Name and labels of each frame.

        Returns
        -------
        int
            How many frames were written.

        Raises
        ------
        OutputError
            If something cannot be written.
        """
        for leftover in self._place.glob(f".{glob.escape(video.name)}.*.part"):
            shutil.rmtree(leftover, ignore_errors=True)  # of a killed run
        temporary = self._place / f".{video.name}.{os.getpid()}.part"
        try:
            count = 0
            for name, frame in labels:
                write_whole(temporary / f"{name}.png", self._encode(frame))
                count += 1
            temporary.replace(self._place / video.name)
        except OSError as error:
            raise OutputError(f"cannot be written: {error.strerror}", file=self._place) from None
        finally:
            # Ctrl-C included. After the rename there is nothing to remove.
            shutil.rmtree(temporary, ignore_errors=True)
        return count

    def _encode(self, labels: Labels) -> bytes:
        if not self._binary:
            return encode_labels(labels)
        _, coded = cv2.imencode(".png", (labels > 0).astype(labels.dtype) * 255)
        return bytes(coded.tobytes())


def find_results(folder: Path, videos: Iterable[Video]) -> Path:
    """Find where in a folder the results of videos are: directly, or as DAVIS packs them.

    Raises
    ------
    OutputError
        If there are none.
    """
    names = [video.name for video in videos]
    for place in SCORED_PLACES:
        if any((folder / place / name).is_dir() for name in names):
            return folder / place
    hint = f"expected folders such as {names[0]} with one PNG a frame"
    raise OutputError("no results of this data set", file=folder, hint=hint)


def _read_run(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise OutputError(f"cannot be read: {error}", file=path) from None


def _check_same(run: Mapping[str, Any], before: Mapping[str, Any], path: Path) -> None:
    for key in run:
        if before.get(key) != run[key]:
            raise OutputError(
                f"results of another run: {key} was {before.get(key)!r}, and is {run[key]!r}",
                file=path,
                hint="name another folder with --out, or remove this one",
            )
