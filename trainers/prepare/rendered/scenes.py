"""A scene: some things that move before a background, seen by a camera that moves too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from trainers.prepare.rendered.paths import Curve, curve
from trainers.prepare.rendered.photographs import Library
from trainers.prepare.rendered.sprites import Cover, Sprite, sprite
from trainers.prepare.rendered.surfaces import surface
from trainers.prepare.window import Image

HEIGHT, WIDTH = 336, 448
"""Size of a frame in px: a little less than the window of a target of middle size."""

SIZES = (24.0, 96.0)
"""Least and largest square root of a target's area, in px."""

LEAST_AREA = 300
"""Visible px of a target."""

LEAST_SHARE = 0.45
"""Share of a target that must be visible, inside the frame and in front."""

BACKGROUND_ROOM = 1.5
"""How much larger the background is than a frame."""


@dataclass(frozen=True, eq=False)
class Motion:
    """How a thing moves.

    Parameters
    ----------
    x, y : Curve
        Its middle, in px of the frame.
    size : Curve
        Natural logarithm of the square root of its area, in px.
    turn : Curve
        In degrees.
    aspect, shear : Curve
        Logarithm of the stretch along its axis; shift of the one axis along the other.
    bend : Curve
        How far it bends, in px of the sprite.
    light : Curve
        Logarithm of its brightness.
    """

    x: Curve
    y: Curve
    size: Curve
    turn: Curve
    aspect: Curve
    shear: Curve
    bend: Curve
    light: Curve


@dataclass(frozen=True, eq=False)
class Actor:
    """A thing and how it moves.

    Parameters
    ----------
    sprite : Sprite
        What it looks like.
    motion : Motion
        How it moves.
    phase, waves : float
        Of its bending: where a wave begins, and how many are in its height.
    is_target : bool
        Whether it is annotated; others only hide what is behind them.
    """

    sprite: Sprite
    motion: Motion
    phase: float
    waves: float
    is_target: bool = True


@dataclass(frozen=True, eq=False)
class Frame:
    """A picture with the visible pixels of its targets.

    Parameters
    ----------
    image : uint8 array, shape (336, 448, 3)
        BGR.
    masks : mapping of int to uint8 array, shape (336, 448)
        By the number of the actor; of those that are visible enough.
    """

    image: Image
    masks: dict[int, NDArray[np.uint8]]


@dataclass(frozen=True, eq=False)
class Scene:
    """All that is needed for any of its frames.

    Parameters
    ----------
    background : uint8 array
        Larger than a frame.
    camera : tuple of Curve
        Shift in x and y in px, turn in degrees, and logarithm of the zoom.
    actors : tuple of Actor
        From the back to the front.
    exposure : Curve
        Logarithm of the brightness.
    shadow : tuple of Curve or None
        Place of a shadow's edge in px, its direction in degrees, and how much light is left.
    seed : int
        Of what is drawn for each frame.
    """

    background: Image
    camera: tuple[Curve, Curve, Curve, Curve]
    actors: tuple[Actor, ...]
    exposure: Curve
    shadow: tuple[Curve, Curve, Curve] | None
    seed: int

    def frame(self, time: float) -> Frame:
        """Render the frame at a time in [0, 1]."""
        random = np.random.default_rng([self.seed, round(time * 1e6)])
        image = self._behind(time).astype(np.float32)
        shown: list[tuple[int, Cover, float]] = []
        for number, actor in enumerate(self.actors):
            cover, area = _lay(image, actor, time, random)
            shown = [(other, seen * (1 - cover), whole) for other, seen, whole in shown]
            if actor.is_target:
                shown.append((number, cover, area))
        self._light(image, time)
        masks = {}
        for number, cover, area in shown:
            mask = (cover > 0.5).astype(np.uint8)
            seen = int(mask.sum())
            if seen >= LEAST_AREA and seen >= LEAST_SHARE * area:
                masks[number] = mask
        return Frame(_exposed(image, random), masks)

    def _behind(self, time: float) -> Image:
        x, y, turn, zoom = (each.at(time) for each in self.camera)
        height, width = self.background.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, float(np.exp(zoom)))
        matrix[:, 2] += (WIDTH / 2 - width / 2 + x, HEIGHT / 2 - height / 2 + y)
        image: Image = cv2.warpAffine(
            self.background, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT
        )
        return image

    def _light(self, image: NDArray[np.float32], time: float) -> None:
        image *= np.float32(np.exp(self.exposure.at(time)))
        if self.shadow is not None:
            place, direction, left = (each.at(time) for each in self.shadow)
            angle = np.radians(direction)
            across = np.arange(WIDTH, dtype=np.float32) - WIDTH / 2
            down = np.arange(HEIGHT, dtype=np.float32)[:, None] - HEIGHT / 2
            beyond = (np.cos(angle) * across + np.sin(angle) * down - place) / 24 + 0.5
            image *= (1 - (1 - left) * np.clip(beyond, 0, 1))[..., None].astype(np.float32)


def scene(random: Generator, library: Library) -> Scene:
    """Draw a scene.

    Parameters
    ----------
    random : numpy.random.Generator
        Source of chance.
    library : Library
        The photographs.
    """
    actors = [_actor(random, sprite(random, library)) for _ in range(int(random.integers(2, 5)))]
    if random.random() < 0.5:
        like = actors[0].sprite
        other = like.painted(random) if random.random() < 0.4 else like
        actors.append(_actor(random, other))
    if random.random() < 0.35:
        actors.append(replace(_actor(random, sprite(random, library)), is_target=False))
    order = random.permutation(len(actors))
    still = random.random() < 0.3
    reach = 0.0 if still else 1.0
    shadow = None
    if random.random() < 0.3:
        shadow = (
            curve(random, 0, 150),
            curve(random, random.uniform(0, 360), 20),
            curve(random, 0.6, 0.15),
        )
    return Scene(
        background=_background(random, library),
        camera=(
            curve(random, 0, 50 * reach),
            curve(random, 0, 30 * reach),
            curve(random, 0, 8 * reach),
            curve(random, 0, 0.15 * reach),
        ),
        actors=tuple(actors[number] for number in order),
        exposure=curve(random, random.uniform(-0.3, 0.15), random.choice((0.05, 0.3))),
        shadow=shadow,
        seed=int(random.integers(2**31)),
    )


def _actor(random: Generator, look: Sprite) -> Actor:
    small, large = np.log(SIZES)
    lively = random.uniform(0.3, 1)
    motion = Motion(
        x=curve(random, random.uniform(0.15, 0.85) * WIDTH, 110 * lively),
        y=curve(random, random.uniform(0.15, 0.85) * HEIGHT, 80 * lively),
        size=curve(random, random.uniform(small, large), 0.35 * lively),
        turn=curve(random, random.uniform(-180, 180), random.choice((10, 40, 120)) * lively),
        aspect=curve(random, random.uniform(-0.25, 0.25), 0.25 * lively),
        shear=curve(random, 0, 0.2 * lively),
        bend=curve(random, 0, 7 * lively),
        light=curve(random, random.uniform(-0.2, 0.2), 0.2 * lively),
    )
    return Actor(look, motion, random.random(), random.uniform(0.5, 2))


def _background(random: Generator, library: Library) -> Image:
    if random.random() < 0.75:
        photograph = library.photographs[int(random.integers(len(library.photographs)))].read()
    else:
        photograph = surface(random, HEIGHT, WIDTH)
    height, width = (round(side * BACKGROUND_ROOM) for side in (HEIGHT, WIDTH))
    if random.random() < 0.4:
        top, left = (int(random.integers(side // 2)) for side in photograph.shape[:2])
        photograph = photograph[top : top + photograph.shape[0] // 2,
                                left : left + photograph.shape[1] // 2]  # fmt: skip
    if random.random() < 0.5:
        photograph = photograph[:, ::-1]
    image: Image = cv2.resize(photograph, (width, height), interpolation=cv2.INTER_LINEAR)
    return image


def _lay(
    image: NDArray[np.float32], actor: Actor, time: float, random: Generator
) -> tuple[Cover, float]:
    """Put an actor into a frame; gives what it covers, and its area were nothing cut off."""
    motion = actor.motion
    matrix, area = _pose(actor, time)
    pixels, cover = _bent(actor, motion.bend.at(time))
    # Drawn in every frame, so that the draws that follow are the same whatever it shows.
    length, angle, chance = random.exponential(5), random.uniform(0, 180), random.random()
    box = _reach(matrix, cover.shape)
    if box is None:
        return np.zeros(image.shape[:2], np.float32), area
    left, top, right, bottom = box
    matrix = matrix - np.array([[0, 0, left], [0, 0, top]])
    size = right - left, bottom - top
    part = cv2.warpAffine(pixels, matrix, size, flags=cv2.INTER_LINEAR,
                          borderMode=cv2.BORDER_REPLICATE).astype(np.float32)  # fmt: skip
    seen: Any = cv2.warpAffine(cover, matrix, size, flags=cv2.INTER_LINEAR)
    if chance < 0.25 and length >= 2:
        kernel = _stroke(min(length, 15), angle)
        part, seen = cv2.filter2D(part, -1, kernel), cv2.filter2D(seen, -1, kernel)
    part *= np.float32(np.exp(motion.light.at(time)))
    place = image[top:bottom, left:right]
    place += (part - place) * seen[..., None]
    whole = np.zeros(image.shape[:2], np.float32)
    whole[top:bottom, left:right] = seen
    return whole, area


def _pose(actor: Actor, time: float) -> tuple[NDArray[np.float64], float]:
    """Give what maps the sprite into the frame, and the area there."""
    motion, look = actor.motion, actor.sprite
    side = float(np.exp(np.clip(motion.size.at(time), np.log(16), np.log(130))))
    stretch = float(np.exp(motion.aspect.at(time) / 2))
    angle = np.radians(motion.turn.at(time))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    form = np.array([[stretch, motion.shear.at(time)], [0, 1 / stretch]])
    linear = turn @ form * (side / max(look.extent, 1))
    height, width = look.cover.shape
    middle = np.array([motion.x.at(time), motion.y.at(time)])
    matrix = np.hstack([linear, (middle - linear @ (width / 2, height / 2))[:, None]])
    return matrix, side * side


def _bent(actor: Actor, bend: float) -> tuple[Image, Cover]:
    """Shift the rows of a sprite by a wave."""
    look = actor.sprite
    height, width = look.cover.shape
    if abs(bend) < 0.7:
        return look.pixels, look.cover
    row = np.arange(height, dtype=np.float32)
    shift = bend * np.sin(2 * np.pi * (actor.waves * row / height + actor.phase))
    columns = np.arange(width, dtype=np.float32)[None] + shift[:, None].astype(np.float32)
    rows = np.repeat(row[:, None], width, 1)
    pixels: Image = cv2.remap(look.pixels, columns, rows, cv2.INTER_LINEAR,
                              borderMode=cv2.BORDER_REPLICATE)  # fmt: skip
    cover: Cover = cv2.remap(look.cover, columns, rows, cv2.INTER_LINEAR)
    return pixels, cover


def _reach(matrix: NDArray[np.float64], shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """Give the part of the frame into which a sprite can come; None when it is outside."""
    height, width = shape
    corners = matrix @ np.array([[0, width, width, 0], [0, 0, height, height], [1, 1, 1, 1]])
    low, high = np.floor(corners.min(1)).astype(int), np.ceil(corners.max(1)).astype(int)
    left, top = np.maximum(low, 0).tolist()
    right, bottom = np.minimum(high, (WIDTH, HEIGHT)).tolist()
    return (left, top, right, bottom) if left < right and top < bottom else None


def _stroke(length: float, angle: float) -> NDArray[np.float32]:
    """Make the kernel of a motion blur."""
    side = 2 * int(length / 2 + 1) + 1
    kernel = np.zeros((side, side), np.float32)
    middle, reach = side // 2, length / 2
    step = reach * np.cos(np.radians(angle)), reach * np.sin(np.radians(angle))
    ends = [tuple(round(16 * (middle + sign * each)) for each in step) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return kernel / max(float(kernel.sum()), 1e-6)


def _exposed(image: NDArray[np.float32], random: Generator) -> Image:
    """Do what cameras do: blur, add noise, and cut off what is too bright."""
    blurred, noisy, sigma, noise = random.random(4)
    if blurred < 0.3:
        image = cv2.GaussianBlur(image, (0, 0), 0.4 + 1.2 * sigma)
    if noisy < 0.3:
        grain = np.random.default_rng(int(noise * 2**31)).standard_normal(
            (HEIGHT, WIDTH, 1), dtype=np.float32
        )
        image = image + grain * np.float32(2 + 8 * noise)
    return np.clip(image, 0, 255).astype(np.uint8)
