"""Small prepared data sets, made in a moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from trainers.data.sources import Source, SourceConfig, read_source

RESTARTS = [cv2.IMWRITE_JPEG_RST_INTERVAL, 2]

Boxes = dict[str, dict[str, dict[str, list[float]]]]


@pytest.fixture(scope="session")
def data_golden(golden: Path) -> dict[str, Any]:
    """Numbers that the released training code printed."""
    numbers: dict[str, Any] = json.loads((golden / "siammask" / "data.json").read_text())
    return numbers


@pytest.fixture(scope="session")
def pattern() -> tuple[Any, Any]:
    """Give the image and the mask of the golden numbers."""
    y, x = np.mgrid[:511, :511]
    channels = (3 * x + y) % 256, (x + 5 * y) % 256, 20 + 200 * ((x // 8 + y // 8) % 2)
    mask = ((x - 255) / 60) ** 2 + ((y - 255) / 90) ** 2 < 1
    return np.stack(channels, axis=-1).astype(np.uint8), mask.astype(np.uint8)


def picture(seed: int) -> Any:
    """Make a crop with edges and texture."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (16, 16, 3), dtype=np.uint8)
    image = cv2.resize(coarse, (511, 511), interpolation=cv2.INTER_CUBIC).astype(int)
    return np.clip(image + random.integers(-12, 13, image.shape), 0, 255).astype(np.uint8)


def ellipse(seed: int) -> Any:
    """Make a mask, 0 and 255, around the middle of a crop."""
    mask = np.zeros((511, 511), dtype=np.uint8)
    axes = 40 + seed * 7 % 30, 30 + seed * 11 % 50
    return cv2.ellipse(mask, (255, 255), axes, seed * 20, 0, 360, 255, -1)


@pytest.fixture(scope="session")
def prepare() -> Callable[..., SourceConfig]:
    """Give the function that writes a data set: videos of two tracks of so many frames."""

    def write(
        root: Path, *, videos: int = 2, frames: int = 3, restarts: bool = True, name: str = "coco"
    ) -> SourceConfig:
        boxes: Boxes = {}
        options = RESTARTS if restarts else []
        for number in range(videos * 2 * frames):
            video, track = f"v{number // (2 * frames)}", f"{number // frames % 2:02d}"
            frame = f"{number % frames * 2:06d}"
            (root / video).mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(root / video / f"{frame}.{track}.x.jpg"), picture(number), options)
            cv2.imwrite(str(root / video / f"{frame}.{track}.m.png"), ellipse(number))
            tracks = boxes.setdefault(video, {})
            tracks.setdefault(track, {})[frame] = [80 + number * 3, 90 - number]
        annotations = root.with_suffix(".json")
        annotations.write_text(json.dumps(boxes))
        return SourceConfig(name, root, annotations)

    return write


@pytest.fixture(scope="session")
def prepared(
    prepare: Callable[..., SourceConfig], tmp_path_factory: pytest.TempPathFactory
) -> SourceConfig:
    """Give a data set with masks, whose files have restart markers; not to be changed."""
    return prepare(tmp_path_factory.mktemp("prepared") / "crops")


@pytest.fixture(scope="session")
def plain(
    prepare: Callable[..., SourceConfig], tmp_path_factory: pytest.TempPathFactory
) -> SourceConfig:
    """Give the same data set as the released tools write it."""
    return prepare(tmp_path_factory.mktemp("plain") / "crops", restarts=False)


@pytest.fixture
def annotate(tmp_path: Path) -> Callable[..., Source]:
    """Give the function that reads a source of the given boxes; it has no crops."""

    def read(boxes: Mapping[str, Any], name: str = "vid", **options: Any) -> Source:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(boxes))
        return read_source(SourceConfig(name, tmp_path / name, path, **options))

    return read


@pytest.fixture(params=["compiled", "plain"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a test run with the compiled kernel, and as where the package was built without."""
    from trainers.data import compiled

    if request.param == "plain":
        monkeypatch.setattr(compiled, "kernel", None)
    elif compiled.kernel is None:
        pytest.skip("the package was installed without a compiler")
    return str(request.param)
