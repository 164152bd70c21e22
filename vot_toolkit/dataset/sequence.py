"""Sequences and data sets as the rest of the toolkit sees them, wherever they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.errors import DatasetError
from vot_toolkit.trajectory import Trajectory
from vot_toolkit.wording import counted

Tags = Mapping[str, NDArray[np.bool_]]

JPEG_START, JPEG_SCAN, JPEG_END = b"\xff\xd8", b"\xff\xda", b"\xff\xd9"
"""Markers of a JPEG file: of its start, of coded pixels, and of its end."""


@dataclass(frozen=True, eq=False)
class Sequence:
    """One annotated video.

    Parameters
    ----------
    name : str
        Name of the sequence and of its folder.
    groundtruth : Trajectory
        The target's true region in every frame.
    size : tuple of int or None
        Width and height of the images in px; None when no source tells it.
    tags : mapping from tag to bool array, shape (frames,)
        Which frames carry an attribute. A tag without data for this sequence is left out.
    images : tuple of Path or str
        One path a frame; empty when the source names none. The files need not exist.
    """

    name: str
    groundtruth: Trajectory
    size: tuple[int, int] | None = None
    tags: Tags = field(default_factory=dict)
    images: tuple[Path | str, ...] = ()

    def __len__(self) -> int:
        """Count the frames."""
        return len(self.groundtruth)

    @property
    def bounds(self) -> tuple[int, int]:
        """Width and height, for measures that clip at the image border.

        Raises
        ------
        DatasetError
            If nothing says how large the images are.
        """
        if self.size is None:
            raise DatasetError(
                f"sequence {self.name!r}: the image size is unknown",
                hint="it is read from VOT2018.json (width, height), from the file `sequence`, "
                "or from the first image; none of these gives it",
            )
        return self.size

    def image(self, index: int) -> NDArray[np.uint8]:
        """Read one frame.

        Parameters
        ----------
        index : int
            Frame, from 0.

        Returns
        -------
        uint8 array, shape (height, width, 3)
            Blue, green, red, as OpenCV reads it.

        Raises
        ------
        DatasetError
            If there is no image of that frame, or the file is missing or no image.
        """
        import cv2

        path = self._image_path(index)
        try:
            data = np.fromfile(path, dtype=np.uint8)
        except OSError as error:
            raise DatasetError(f"cannot read the image: {error.strerror}", file=path) from None
        whole = data.size > 0 and not _is_cut_jpeg(data)
        image: Any = cv2.imdecode(data, cv2.IMREAD_COLOR) if whole else None
        if image is None:
            raise DatasetError("not an image, or a truncated one", file=path)
        return image  # type: ignore[no-any-return]

    def file(self, index: int) -> Path:
        """Give the file of one frame, absolute.

        Parameters
        ----------
        index : int
            Frame, from 0.

        Raises
        ------
        DatasetError
            If there is no image of that frame, or no such file.
        """
        path = Path(self._image_path(index)).absolute()
        if not path.is_file():
            raise DatasetError("cannot read the image: no such file", file=path)
        return path

    def _image_path(self, index: int) -> Path | str:
        if not 0 <= index < len(self.images):
            found = counted(len(self.images), "image") if self.images else "no image"
            raise DatasetError(
                f"sequence {self.name!r} has {found}, none of frame {index}",
                hint="running a tracker needs one a frame",
            )
        return self.images[index]


def _is_cut_jpeg(data: NDArray[np.uint8]) -> bool:
    """Tell whether a JPEG has lost its end; OpenCV 4 would fill up with grey what is missing."""
    if data[:2].tobytes() != JPEG_START or data[-2:].tobytes() == JPEG_END:
        return False
    # Some programs put something behind the end. No marker occurs among the coded pixels.
    content = data.tobytes()
    return content.rfind(JPEG_END) < content.rfind(JPEG_SCAN)


@dataclass(frozen=True, eq=False)
class Dataset:
    """An ordered set of sequences.

    Parameters
    ----------
    name : str
        Name of the set; decides which EAO interval belongs to it.
    sequences : tuple of Sequence
        In the order of the source.
    notes : tuple of str
        What the source lacks or what was passed over, in sentences for the user.
    selected_from : Dataset, optional
        The larger set of which this is a selection.
    """

    name: str
    sequences: tuple[Sequence, ...]
    notes: tuple[str, ...] = ()
    selected_from: Dataset | None = None

    def __len__(self) -> int:
        """Count the sequences."""
        return len(self.sequences)

    def __iter__(self) -> Iterator[Sequence]:
        """Go through the sequences in order."""
        return iter(self.sequences)

    def __getitem__(self, name: str) -> Sequence:
        """Give a sequence by its name."""
        try:
            return self._by_name[name]
        except KeyError:
            raise DatasetError(
                f"no sequence {name!r} in {self.name}",
                hint=f"it has {', '.join(list(self._by_name)[:8])}"
                + (", …" if len(self) > 8 else ""),
            ) from None

    def __contains__(self, name: object) -> bool:
        """Tell whether a sequence of that name is in the set."""
        return name in self._by_name

    @cached_property
    def _by_name(self) -> dict[str, Sequence]:
        return {sequence.name: sequence for sequence in self.sequences}

    @cached_property
    def num_frames(self) -> int:
        """Frames of all sequences together."""
        return sum(len(sequence) for sequence in self.sequences)

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """Attributes that occur in the set, sorted, without ``empty``."""
        return tuple(sorted({tag for sequence in self.sequences for tag in sequence.tags}))

    def select(self, names: Iterable[str]) -> Dataset:
        """Give the set of these sequences only, in the order of this set.

        Raises
        ------
        DatasetError
            If a name is not in the set.
        """
        wanted = {self[name].name for name in names}
        chosen = tuple(sequence for sequence in self.sequences if sequence.name in wanted)
        return replace(self, sequences=chosen, selected_from=self.full)

    @property
    def full(self) -> Dataset:
        """The whole set: its lengths decide the EAO interval, also of a selection."""
        return self.selected_from or self

    @property
    def partial(self) -> bool:
        """Whether sequences of the whole set are left out."""
        return len(self) < len(self.full)

    def digest(self) -> str:
        """Hash names, annotations and image sizes; sets with one digest give the same scores."""
        import hashlib  # slow to load, and scoring never hashes

        state = hashlib.sha256()
        for sequence in self.sequences:
            state.update(f"{sequence.name}\0{sequence.size}\0{len(sequence)}\0".encode())
            state.update(np.ascontiguousarray(sequence.groundtruth.values).tobytes())
            state.update(np.ascontiguousarray(sequence.groundtruth.offsets).tobytes())
            for index, mask in sorted(sequence.groundtruth.masks.items()):
                state.update(f"{index}\0{mask.x}\0{mask.y}\0{mask.pixels.shape}\0".encode())
                state.update(np.ascontiguousarray(mask.pixels).tobytes())
            for tag in sorted(sequence.tags):
                state.update(tag.encode() + b"\0" + sequence.tags[tag].tobytes())
        return state.hexdigest()
