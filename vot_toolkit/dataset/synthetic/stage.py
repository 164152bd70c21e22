"""A scene in action: its sprites and world, and the frames they give."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vot_toolkit.dataset.synthetic.backdrop import Image, World, look, paint_world
from vot_toolkit.dataset.synthetic.motion import Camera, Motion, Point, Pose, distance
from vot_toolkit.dataset.synthetic.scene import Actor, Scene
from vot_toolkit.dataset.synthetic.sprite import (
    Sprite,
    Window,
    clipped,
    compose,
    exposure,
    object_extent,
    object_mask,
    paint_sprite,
    window_of,
)

Mask = NDArray[np.bool_]

MAX_EXPOSURES = 9
BLUR_STEP = 2.0  # pixels between two exposures that are averaged


@dataclass(frozen=True)
class Frame:
    """One rendered frame and the truth about it.

    Parameters
    ----------
    image
        BGR, shape (height, width, 3).
    corners
        The target's rotated box, hidden parts included.
    visible
        The target's visible pixels, shape (height, width).
    hidden
        Share of its pixels that are covered or outside the image.
    centre, area
        Centre and area of its box.
    view
        The camera's place in the world.
    light
        Brightness.
    """

    image: Image
    corners: tuple[Point, ...]
    visible: Mask
    hidden: float
    centre: Point
    area: float
    view: Point
    light: float


@dataclass(frozen=True)
class Player:
    """A painted actor."""

    sprite: Sprite
    motion: Motion


def frames(scene: Scene) -> Iterator[Frame]:
    """Render a scene frame by frame."""
    # One stream of random numbers for each kind: a change to a crowd leaves the world as it is.
    world = paint_world(scene.backdrop, _world_bounds(scene), _stream(scene, 0))
    target = _player(scene.target, scene, 1)
    crowd = [
        actor
        for index, group in enumerate(scene.crowds)
        for actor in group.actors(scene.length, _stream(scene, 100 + index))
    ]
    behind = _players((*crowd, *scene.behind), scene, 1000)
    front = _players(scene.front, scene, 2000)
    for time in range(scene.length):
        yield _frame(scene, world, target, behind, front, time)


def _frame(
    scene: Scene, world: World, target: Player, behind: list[Player], front: list[Player], time: int
) -> Frame:
    width, height = scene.size
    view, light = scene.camera.view(time), scene.light.at(time)
    image = look(world, _views(scene.camera, time, scene.shutter), width, height)
    for player in (*behind, target, *front):
        _draw(image, player, scene.camera, time, scene.shutter)
    pose = target.motion.pose(time, view)
    covers = [(player.sprite, player.motion.pose(time, view)) for player in front]
    visible, hidden = _visibility(target.sprite, pose, covers, width, height)
    extent = object_extent(scene.target.figure)
    middle = pose.place((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
    unit_area = (extent[2] - extent[0]) * (extent[3] - extent[1])
    return Frame(
        image=_lit(image, light),
        corners=pose.corners(extent),
        visible=visible,
        hidden=hidden,
        centre=middle,
        area=unit_area * pose.size * pose.size * pose.stretch,
        view=view,
        light=light,
    )


def _draw(image: Image, player: Player, camera: Camera, time: int, shutter: float) -> None:
    poses = _poses(player, camera, time, shutter)
    window = clipped(window_of(player.sprite, poses), image.shape[1], image.shape[0])
    if _has_pixels(window):
        compose(image, exposure(player.sprite, poses, window), window)


def _visibility(
    sprite: Sprite, pose: Pose, covers: list[tuple[Sprite, Pose]], width: int, height: int
) -> tuple[Mask, float]:
    """Visible pixels of the target in the image, and the share of all its pixels that is not."""
    window = window_of(sprite, [pose])
    whole = object_mask(sprite, pose, window)
    left, top, right, bottom = clipped(window, width, height)
    visible = np.zeros((height, width), np.bool_)
    seen = visible[top:bottom, left:right]
    seen |= whole[top - window[1] : bottom - window[1], left - window[0] : right - window[0]]
    for cover, cover_pose in covers:
        overlap = _intersection(window_of(cover, [cover_pose]), (left, top, right, bottom))
        if _has_pixels(overlap):
            covered = object_mask(cover, cover_pose, overlap)
            visible[overlap[1] : overlap[3], overlap[0] : overlap[2]] &= ~covered
    return visible, 1.0 - int(np.count_nonzero(visible)) / int(np.count_nonzero(whole))


def _views(camera: Camera, time: int, shutter: float) -> list[Point]:
    start, end = camera.view(time - shutter / 2), camera.view(time + shutter / 2)
    return [camera.view(moment) for moment in _moments(time, shutter, distance(start, end))]


def _poses(player: Player, camera: Camera, time: int, shutter: float) -> list[Pose]:
    first, last = (
        player.motion.pose(moment, camera.view(moment)).corners(player.sprite.bounds)
        for moment in (time - shutter / 2, time + shutter / 2)
    )
    way = max(distance(a, b) for a, b in zip(first, last, strict=True))
    return [
        player.motion.pose(moment, camera.view(moment)) for moment in _moments(time, shutter, way)
    ]


def _moments(time: int, shutter: float, way: float) -> list[float]:
    """Give the times to expose at: an odd number, so that the middle one is ``time``."""
    if way < 1.0:
        return [float(time)]
    half = min(math.ceil(way / (2 * BLUR_STEP)), MAX_EXPOSURES // 2)
    return [time + shutter * step / (2 * half + 1) for step in range(-half, half + 1)]


def _lit(image: Image, light: float) -> Image:
    gain = math.floor(light * 256 + 0.5)
    if gain == 256:
        return image
    table = np.minimum(np.arange(256, dtype=np.int32) * gain + 128 >> 8, 255)
    lit: Image = table.astype(np.uint8)[image]
    return lit


def _world_bounds(scene: Scene) -> tuple[int, int, int, int]:
    """Everything the camera sees, with a rim for sub-pixel shifts and half-frame exposures."""
    half_frames = range(-1, 2 * scene.length + 1)
    xs, ys = zip(*(scene.camera.view(step / 2) for step in half_frames), strict=True)
    width, height = scene.size
    return (
        math.floor(min(xs)) - 2,
        math.floor(min(ys)) - 2,
        math.ceil(max(xs)) + width + 3,
        math.ceil(max(ys)) + height + 3,
    )


def _players(actors: tuple[Actor, ...], scene: Scene, stream: int) -> list[Player]:
    return [_player(actor, scene, stream + index) for index, actor in enumerate(actors)]


def _player(actor: Actor, scene: Scene, stream: int) -> Player:
    largest = max(actor.motion.size.at(time) for time in range(scene.length))
    sprite = paint_sprite(actor.figure, math.ceil(largest), _stream(scene, stream))
    return Player(sprite, actor.motion)


def _stream(scene: Scene, number: int) -> np.random.RandomState:
    # RandomState, not Generator: its streams are frozen for all NumPy versions to come.
    return np.random.RandomState(scene.seed * 10_000 + number)


def _intersection(a: Window, b: Window) -> Window:
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def _has_pixels(window: Window) -> bool:
    return window[0] < window[2] and window[1] < window[3]
