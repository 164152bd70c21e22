"""The window of a target: the square of an image that becomes its crop of 511x511 px."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainers.data.window import CROP_SIZE, EXEMPLAR_SIZE

Image = NDArray[np.uint8]

CONTEXT = 0.5
"""Part of width + height that is added to both sides as context (SiamFC, section 4.2)."""


@dataclass(frozen=True)
class Window:
    """A square of an image.

    Parameters
    ----------
    left, top : float
        Its corner, in px of the image; may lie outside.
    side : float
        Its side, in px of the image.
    """

    left: float
    top: float
    side: float

    @classmethod
    def around(cls, centre: tuple[float, float], size: tuple[float, float]) -> Window:
        """Give the window of a target.

        Parameters
        ----------
        centre : tuple of float
            x, y of the target's centre, in px.
        size : tuple of float
            Its width and height, in px; their sum is above 0.

        Examples
        --------
        >>> Window.around((100.0, 80.0), (63.5, 63.5))
        Window(left=-155.5, top=-175.5, side=511.0)
        """
        side = template_side(size) * CROP_SIZE / EXEMPLAR_SIZE
        return cls(centre[0] - side / 2, centre[1] - side / 2, side)

    def transform(self) -> NDArray[np.float64]:
        """Map px of the image to px of the crop, shape (2, 3).

        One edge of the window falls on the centre of pixel 0, the other on that of pixel 510.
        """
        scale = (CROP_SIZE - 1) / self.side
        return np.array([[scale, 0.0, -scale * self.left], [0.0, scale, -scale * self.top]])

    def crop(self, image: Image, border: tuple[float, ...]) -> Image:
        """Cut the window out of an image.

        Parameters
        ----------
        image : uint8 array, shape (height, width, 3)
            Blue, green, red.
        border : tuple of float
            Colour of what lies outside the image; `mean_colour` for training.

        Returns
        -------
        uint8 array, shape (511, 511, 3)
            Bilinear.
        """
        crop: Image = self._warped(image, border)
        return crop

    def crop_mask(self, mask: NDArray[np.bool_ | np.uint8], threshold: float) -> Image:
        """Cut the window out of a mask.

        Parameters
        ----------
        mask : bool or uint8 array, shape (height, width)
            1 where the target is.
        threshold : float
            Least share of a pixel, not included, that makes it one of the target.

        Returns
        -------
        uint8 array, shape (511, 511)
            0 and 255; 0 outside the image.
        """
        import cv2

        warped = self._warped(mask.astype(np.float32, order="C"), (0.0,))
        inside: Any = cv2.compare(warped, threshold, cv2.CMP_GT)
        return inside  # type: ignore[no-any-return]

    def _warped(self, image: Any, border: tuple[float, ...]) -> Any:
        import cv2

        return cv2.warpAffine(
            image,
            self.transform(),
            (CROP_SIZE, CROP_SIZE),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=border,
        )


def mean_colour(image: Image) -> tuple[float, ...]:
    """Give the mean of each channel of an image of shape (height, width, 3)."""
    import cv2

    mean: tuple[float, ...] = cv2.mean(image)[:3]
    return mean


def template_side(size: tuple[float, float]) -> float:
    """Give the side of the square that becomes the template: the target with its context, in px.

    Examples
    --------
    >>> template_side((64.0, 64.0))
    128.0
    """
    width, height = size
    context = CONTEXT * (width + height)
    return math.sqrt((width + context) * (height + context))
