"""Rendering to disk: one sequence, the whole set, and the digest of what lies there."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from vot_toolkit.dataset.synthetic.annotation import Annotator
from vot_toolkit.dataset.synthetic.backdrop import Image
from vot_toolkit.dataset.synthetic.scene import Scene
from vot_toolkit.dataset.synthetic.scenes import SCENES
from vot_toolkit.dataset.synthetic.stage import frames

Progress = Callable[[int, int], None]

JPEG_QUALITY = 92


def render_scene(scene: Scene, folder: Path, progress: Progress | None = None) -> None:
    """Render one sequence into its folder, which is made and may exist."""
    (folder / "color").mkdir(parents=True, exist_ok=True)
    annotator = Annotator(scene)
    for number, frame in enumerate(frames(scene), start=1):
        (folder / "color" / f"{number:08d}.jpg").write_bytes(_jpeg(frame.image))
        annotator.add(frame)
        if progress:
            progress(number, scene.length)
    for name, text in annotator.files().items():
        (folder / name).write_text(text, encoding="ascii", newline="\n")


def render_set(folder: Path, workers: int, progress: Progress | None) -> None:
    """Render all sequences beside ``folder`` and then move them there in one step."""
    if _is_whole(folder):
        return
    unfinished = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    unfinished.mkdir(parents=True)
    try:
        total, done = sum(scene.length for scene in SCENES), 0
        for step in _rendered(unfinished, workers):
            done += step
            if progress:
                progress(done, total)
        names = "".join(f"{scene.name}\n" for scene in SCENES)
        (unfinished / "list.txt").write_text(names, encoding="ascii", newline="\n")
        _publish(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def digest_of(folder: Path) -> str:
    """SHA-256 over the sorted relative names and the contents of all files."""
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    total = hashlib.sha256()
    for name in sorted(name for name, path in files.items() if path.is_file()):
        content = files[name].read_bytes()
        total.update(f"{name}\n{len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def _rendered(folder: Path, workers: int) -> Iterator[int]:
    """Render all sequences; gives a number of frames whenever so many more are done."""
    if workers > 1:
        # Fresh interpreters: forking a process that runs threads (OpenCV's, torch's) can hang it.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            # The longest first, so that no worker is left with one at the end.
            jobs = {
                pool.submit(render_scene, scene, folder / scene.name): scene.length
                for scene in sorted(SCENES, key=_work, reverse=True)
            }
            for job in as_completed(jobs):
                job.result()
                yield jobs[job]
        return
    for scene in SCENES:
        render_scene(scene, folder / scene.name)
        yield scene.length


def _work(scene: Scene) -> int:
    return scene.length * scene.size[0] * scene.size[1]


def _publish(unfinished: Path, folder: Path) -> None:
    try:
        unfinished.rename(folder)
    except OSError:
        # Another process was faster: its set is the same.
        if not _is_whole(folder):
            raise


def _is_whole(folder: Path) -> bool:
    # The folder appears in one step, so that any file of it vouches for all.
    return (folder / "list.txt").is_file()


def _jpeg(image: Image) -> bytes:
    import cv2

    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        JPEG_QUALITY,
        # Full-resolution colour: decoders differ in how they enlarge subsampled channels.
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(image), options)
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG image")
    return data.tobytes()
