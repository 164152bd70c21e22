"""The command ``track``: follow targets through a video."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from siammask.cli.console import Advance, bar, note
from siammask.cli.interrupt import INTERRUPTED, Interrupt
from siammask.errors import RegionError, UsageError

if TYPE_CHECKING:
    from siammask.cli.network import TrackerOptions
    from siammask.tracker import MultiTracker
    from siammask.video.recording import Recording
    from siammask.video.sources import Image, Source
    from siammask.video.window import Window

Region = NDArray[np.float64]

MAX_TARGETS = 255
"""Labels of an 8-bit PNG, but for the background."""


def track_command(
    source: str,
    options: TrackerOptions,
    console: Console,
    *,
    inits: Sequence[str] = (),
    out: Path | None = None,
    show: bool = False,
    lost_below: float | None = None,
    suffix: str = ".jpg",
    fps: float | None = None,
) -> int:
    """Follow targets through a video.

    Parameters
    ----------
    source : str
        As `siammask.video.sources.open_source` takes it.
    options : TrackerOptions
        Checkpoint, settings, and what computes the network.
    console : Console
        Where to print.
    inits : sequence of str
        One region a target, in the first frame; without any, boxes are drawn in the window.
    out : Path, optional
        A folder or a video file; see `siammask.video.recording.Places`.
    show : bool
        Whether to show the frames in a window.
    lost_below : float, optional
        Score under which a target counts as lost.
    suffix : str
        ``.jpg`` or ``.png``, of annotated frames in a folder.
    fps : float, optional
        Of a video file; by default the source's, or 25.

    Returns
    -------
    int
        Exit status: 0; 130 after Ctrl-C, when everything up to then is whole.

    Raises
    ------
    UserError
        If an option, the source, a frame or the checkpoint cannot be used. What was done up to a
        faulty frame is kept, whole.
    """
    if out is None and not show:
        raise UsageError("nothing would remain", hint="give --out, --show, or both")
    if not inits and not show:
        raise UsageError("no target", hint="give --init x,y,w,h for each; or --show, to draw them")
    if len(inits) > MAX_TARGETS:
        raise UsageError(f"{len(inits)} targets", hint=f"a mask has {MAX_TARGETS} labels at most")
    _quieten_decoders()
    try:
        from siammask.video.recording import Places, Recording
        from siammask.video.sources import open_source
        from siammask.video.window import Window

        # What is quick to find out comes before the checkpoint is read.
        regions = [parse_region(text) for text in inits]
        opened = open_source(source)
        places = None if out is None else Places.of(out)
        threshold = options.find_settings().seg_thr
        window = Window() if show else None
        tracker = options.build(lost_below=lost_below)
        recording = Recording(places, threshold, suffix=suffix, fps=fps or opened.fps)
        run = _Run(opened, tracker, recording, window)
        if opened.gap is not None:
            note(console, f"{source}: the numbering of frames has gaps: {opened.gap}")
        with bar(console, Path(source).name, opened.num_frames) as advance:
            status = run.follow(regions, advance)
    except KeyboardInterrupt:  # before the first frame, or for the second time
        return INTERRUPTED
    note(console, run.summary)
    if run.broke_off:
        note(console, f"warning: {source} breaks off before frame {run.broke_off}: is it whole?")
    if out is not None:
        note(console, f"in {out}")
    return status


def parse_region(text: str) -> Region:
    """Parse a target of the command line.

    Raises
    ------
    UsageError
        If these are not 4 or 8 finite numbers.

    Examples
    --------
    >>> parse_region("10,20, 30.5,40").tolist()
    [10.0, 20.0, 30.5, 40.0]
    """
    with suppress(ValueError):
        values = np.array([float(part) for part in text.split(",")])
        if len(values) in (4, 8) and np.isfinite(values).all():
            return values
    hint = "accepted: x,y,w,h or x1,y1,x2,y2,x3,y3,x4,y4, in px"
    raise UsageError(f"--init {text!r}", hint=hint)


class _Run:
    """The loop over the frames, and all that takes part in it."""

    def __init__(
        self, source: Source, tracker: MultiTracker, recording: Recording, window: Window | None
    ) -> None:
        self._source, self._tracker = source, tracker
        self._recording, self._window = recording, window
        self._interrupt = Interrupt()
        self._seconds = 0.0
        self._is_over = False

    def follow(self, regions: Sequence[Region], advance: Advance) -> int:
        """Go through the frames; whatever ends it, what was recorded is whole."""
        begin = time.monotonic()
        with self._interrupt:
            try:
                for picture in self._pictures(regions):
                    advance()
                    watched = self._window is None or self._window.show(picture)
                    if self._interrupt.requested or not watched:
                        break
                else:
                    self._is_over = True
            finally:
                self._recording.close()
                if self._window is not None:
                    self._window.close()
        self._seconds = time.monotonic() - begin
        return self._interrupt.exit_status

    @property
    def summary(self) -> str:
        """What was done, in one line."""
        done, there = self._recording.num_frames, self._source.num_frames
        count = f"{done} of {there}" if there is not None and done < there else str(done)
        head = "stopped; " if self._interrupt.requested else ""
        lost = f", {self._recording.num_lost} times lost" if self._recording.num_lost else ""
        rate = done / max(self._seconds, 1e-6)
        return f"{head}{count} frames in {self._seconds:.1f} s, {rate:.1f} frames/s{lost}"

    @property
    def broke_off(self) -> int | None:
        """Number, from 0, of the frame that did not come though the source has it by its word."""
        done, there = self._recording.num_frames, self._source.num_frames
        return done if self._is_over and there is not None and done < there else None

    def _pictures(self, regions: Sequence[Region]) -> Iterator[Image]:
        """Make a picture of each frame."""
        frames = iter(self._source)
        first = next(frames)
        if not regions and self._window is not None:
            regions = self._window.select(first.image)
        try:
            targets = self._tracker.initialize(first.image, regions)
        except RegionError as error:
            raise RegionError(error.what, file=first.place, hint=error.hint) from None
        yield self._recording.start(first, regions)
        for frame in frames:
            found = self._tracker.update(frame.image)
            yield self._recording.add(frame, [found[target] for target in targets])


def _quieten_decoders() -> None:
    """Keep OpenCV's and FFmpeg's own lines away; an error of ours says what is wrong."""
    os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
