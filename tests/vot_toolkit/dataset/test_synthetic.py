"""The embedded data set: layout, truth of the annotations, and the same bytes every time."""

from __future__ import annotations

import hashlib
import math
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vot_toolkit.dataset import synthetic
from vot_toolkit.dataset.synthetic import motion, outline, sine, sprite, store, tags, texture
from vot_toolkit.dataset.synthetic.annotation import Annotator, box_text, mask_text
from vot_toolkit.dataset.synthetic.backdrop import Backdrop, Band
from vot_toolkit.dataset.synthetic.scene import Actor, Crowd, Scene
from vot_toolkit.dataset.synthetic.scenes import SCENES
from vot_toolkit.dataset.synthetic.stage import frames

# SHA-256 of all pixels before JPEG, and of all annotation texts, of SMALL.
GOLDEN_PIXELS = "a50ae04935ccaad8f707d22ad7de760eb84adf88b8a689c6be333303ec40fb05"
GOLDEN_TEXTS = "370b00bdeb320974a2fed78d80697e6e5fd34cc257e772a21ef3995d8e490e4c"

GREY = texture.Coat(((90, 90, 90), (170, 170, 170)), cell=(20, 20))
RED = texture.Coat(((160, 20, 20), (230, 60, 40)), pattern="spots", spacing=0.5)
STAR = (sprite.Part(outline.Petals(1.0, 5, 0.4), replace(RED, pattern="checks")),)
SMALL = Scene(
    name="small",
    happens="a box turns and grows under a bar while the camera moves and the light fades",
    size=(96, 72),
    length=20,
    seed=1,
    backdrop=Backdrop((Band(GREY), Band(replace(GREY, pattern="bricks", spacing=8), 40, 5))),
    target=Actor(
        (sprite.Part(outline.Box(1.0, 0.6), RED),),
        motion.Motion(
            x=motion.through((0, 25), (20, 95)),
            y=motion.still(36),
            size=motion.through((0, 10), (20, 18)),
            turn=motion.through((0, 0), (20, 0.3)),
        ),
    ),
    camera=motion.Camera(
        x=motion.through((0, 0), (20, 33.3)), y=motion.still(0, motion.Wave(2, 9))
    ),
    light=motion.through((0, 1), (20, 0.5)),
    front=(
        Actor(
            (sprite.Part(outline.Box(0.3, 4.0), GREY),),
            motion.Motion(motion.still(55), motion.still(36), motion.still(12)),
        ),
    ),
    crowds=(Crowd(STAR, 2, (8, 12), (20, 20, 90, 60), (1.0, 0.5), 0.02),),
    shutter=1.0,
)
SHORTEST = min(SCENES, key=lambda scene: scene.length * scene.size[0] * scene.size[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One real sequence on disk."""
    path = tmp_path_factory.mktemp("synthetic") / SHORTEST.name
    synthetic.render_sequence(SHORTEST.name, path)
    return path


def decode(text: str, shape: tuple[int, int]) -> np.ndarray:
    """Slow mask decoder, written from the format's description."""
    x, y, w, h, *runs = map(int, text.removeprefix("m").split(","))
    bits = [bit for index, run in enumerate(runs) for bit in [index % 2] * run]
    assert len(bits) == w * h
    mask = np.zeros(shape, bool)
    mask[y : y + h, x : x + w] = np.array(bits, bool).reshape(h, w)
    return mask


def test_scenes_span_the_stated_ranges():
    assert len(SCENES) >= 10
    assert len(set(synthetic.sequence_names())) == len(SCENES)
    assert len({scene.seed for scene in SCENES}) == len(SCENES)
    assert 1200 <= sum(scene.length for scene in SCENES) <= 1400
    for scene in SCENES:
        assert 60 <= scene.length <= 200
        assert (320, 240) <= scene.size <= (640, 480)
        assert scene.happens


def test_unknown_sequence_is_a_key_error(tmp_path):
    with pytest.raises(KeyError, match="nothing"):
        synthetic.render_sequence("nothing", tmp_path)


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys; from vot_toolkit.dataset import synthetic; synthetic.sequence_names();"
        "sys.exit('cv2' in sys.modules or 'torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], env=_environment()).returncode == 0


def test_layout_is_complete_and_lengths_agree(folder):
    images = sorted(path.name for path in (folder / "color").iterdir())
    assert images == [f"{number:08d}.jpg" for number in range(1, SHORTEST.length + 1)]
    texts = {path.name for path in folder.iterdir() if path.is_file()}
    assert texts == {"groundtruth.txt", "masks.txt", "sequence", *(f"{t}.tag" for t in tags.TAGS)}
    for name in texts - {"sequence"}:
        assert len((folder / name).read_text().splitlines()) == SHORTEST.length
    for tag in tags.TAGS:
        assert set((folder / f"{tag}.tag").read_text().split()) <= {"0", "1"}


def test_metadata_and_images_agree(folder):
    import cv2

    metadata = dict(line.split("=") for line in (folder / "sequence").read_text().splitlines())
    image = cv2.imread(str(folder / (metadata["channels.color"] % SHORTEST.length)))
    assert image.shape == (int(metadata["height"]), int(metadata["width"]), 3)
    assert {key: metadata[key] for key in ("name", "fps", "format", "length")} == {
        "name": SHORTEST.name,
        "fps": "30",
        "format": "default",
        "length": str(SHORTEST.length),
    }


def test_boxes_are_eight_numbers_around_the_masks(folder):
    boxes = (folder / "groundtruth.txt").read_text().splitlines()
    masks = (folder / "masks.txt").read_text().splitlines()
    for box, mask in zip(boxes, masks, strict=True):
        corners = np.array([float(number) for number in box.split(",")]).reshape(4, 2)
        assert np.isfinite(corners).all()
        rows, columns = np.nonzero(decode(mask, SHORTEST.size[::-1]))
        low, high = corners.min(axis=0), corners.max(axis=0)
        assert (low - 1 <= (columns.min(), rows.min())).all()
        assert ((columns.max(), rows.max()) <= high).all()


def test_a_second_run_and_another_process_give_the_same_files(folder, tmp_path):
    code = (
        "import sys; from pathlib import Path; from vot_toolkit.dataset import synthetic;"
        "synthetic.render_sequence(sys.argv[1], Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, SHORTEST.name, str(tmp_path / "other")]
    subprocess.run(command, check=True, env=_environment())
    assert synthetic.digest(folder) == synthetic.digest(tmp_path / "other")


def _environment() -> dict[str, str]:
    """Let a child import what this process imports, wherever pytest found it."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}


def test_pixels_and_texts_are_the_golden_ones():
    annotator, pixels = Annotator(SMALL), hashlib.sha256()
    for frame in frames(SMALL):
        annotator.add(frame)
        pixels.update(frame.image.tobytes())
    texts = hashlib.sha256(repr(sorted(annotator.files().items())).encode())
    assert (pixels.hexdigest(), texts.hexdigest()) == (GOLDEN_PIXELS, GOLDEN_TEXTS)


@pytest.mark.parametrize(("name", "text"), [("x", "2"), ("y", "1"), ("z/x", "1")])
def test_digest_sees_names_and_contents(tmp_path, name, text):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    path = tmp_path / "b" / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    assert synthetic.digest(tmp_path / "a") != synthetic.digest(tmp_path / "b")


@pytest.fixture
def one_scene(monkeypatch):
    """A set of a single tiny sequence."""
    monkeypatch.setattr(store, "SCENES", (SMALL,))


@pytest.mark.usefixtures("one_scene")
def test_a_set_appears_whole_and_is_kept(tmp_path):
    seen: list[tuple[int, int]] = []
    target = tmp_path / "cache" / "set"
    synthetic.render(target, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(20, 20)]
    assert (target / "list.txt").read_text() == "small\n"
    before = synthetic.digest(target)
    synthetic.render(target)
    assert (len(seen), synthetic.digest(target)) == (1, before)
    assert [path.name for path in target.parent.iterdir()] == ["set"]


@pytest.mark.usefixtures("one_scene")
def test_the_slower_of_two_runs_keeps_the_faster_ones_set(tmp_path, monkeypatch):
    target, render_scene = tmp_path / "set", store.render_scene

    def overtaken(scene, folder):
        monkeypatch.setattr(store, "render_scene", render_scene)
        synthetic.render(target)
        render_scene(scene, folder)

    monkeypatch.setattr(store, "render_scene", overtaken)
    synthetic.render(target)
    assert (target / "small" / "groundtruth.txt").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


@pytest.mark.usefixtures("one_scene")
def test_a_run_that_dies_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "render_scene", lambda scene, folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        synthetic.render(tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("one_scene")
def test_a_foreign_folder_is_not_overwritten(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "mine").write_text("x")
    with pytest.raises(OSError, match="set"):
        synthetic.render(tmp_path / "set")
    assert [path.name for path in tmp_path.rglob("*")] == ["set", "mine"]


@pytest.mark.slow
def test_whole_set_has_the_expected_digest_and_every_attribute(tmp_path):
    target = tmp_path / "set"
    synthetic.render(target, workers=2)
    assert synthetic.digest(target) == synthetic.EXPECTED_DIGEST
    assert tuple((target / "list.txt").read_text().split()) == synthetic.sequence_names()
    counts, empty = np.zeros(len(tags.TAGS), int), 0
    for sequence in (path for path in target.iterdir() if path.is_dir()):
        table = np.array([np.loadtxt(sequence / f"{tag}.tag", int) for tag in tags.TAGS])
        counts += table.sum(axis=1)
        empty += np.count_nonzero(~table.any(axis=0))
        assert "m0,0,0,0" not in (sequence / "masks.txt").read_text().split()
    assert (counts >= 50).all()
    assert empty >= 200


def test_annotations_of_a_frame_describe_its_pixels():
    plain = replace(
        SMALL, length=15, front=(), crowds=(), light=motion.still(1), camera=motion.Camera()
    )
    for frame in frames(plain):
        rows, columns = np.nonzero(frame.visible)
        assert frame.hidden == 0
        assert frame.centre == pytest.approx((columns.mean() + 0.5, rows.mean() + 0.5), abs=0.3)
        # The outline is a box with barely rounded corners: its mask fills it.
        assert len(rows) == pytest.approx(frame.area, rel=0.03)
        red, blue = (frame.image[rows, columns, channel].mean() for channel in (2, 0))
        assert red > 2 * blue


def test_occluder_is_cut_out_of_the_mask():
    hidden = [frame.hidden for frame in frames(SMALL)]
    bare = list(frames(replace(SMALL, front=())))
    assert hidden[0] == 0
    assert max(hidden) > 0.2
    for frame, whole in zip(frames(SMALL), bare, strict=True):
        assert not (frame.visible & ~whole.visible).any()
        share = 1 - np.count_nonzero(frame.visible) / np.count_nonzero(whole.visible)
        assert frame.hidden == pytest.approx(share)


def test_part_outside_the_image_counts_as_hidden():
    half_out = replace(SMALL.target.motion, x=motion.still(0), turn=motion.still(0))
    scene = replace(SMALL, target=replace(SMALL.target, motion=half_out), length=1, front=())
    assert next(frames(scene)).hidden == pytest.approx(0.5, abs=0.06)


def test_box_text_has_four_decimals():
    assert box_text(((0, 1), (2.5, 1 / 3))) == "0.0000,1.0000,2.5000,0.3333"


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["....", "...."], "m0,0,0,0"),
        (["....", "..#."], "m2,1,1,1,0,1"),
        ([".##.", ".#.."], "m1,0,2,2,0,3,1"),
        (["..#.", ".##."], "m1,0,2,2,1,3"),
    ],
)
def test_mask_text_by_hand(rows, text):
    mask = np.array([[cell == "#" for cell in row] for row in rows])
    assert mask_text(mask) == text


@given(st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=9))
def test_mask_text_decodes_to_the_mask(rows):
    mask = np.array(rows)
    assert (decode(mask_text(mask), mask.shape) == mask).all()


def test_camera_motion_needs_more_than_its_threshold():
    step = tags.CAMERA_SHIFT
    views = [(0.0, 0.0), (0.0, 0.0), (step, 0.0), (step, 1.01 * step), (step, 1.01 * step)]
    assert tags.camera_motion(views) == [False, False, False, True, False]


def test_illum_change_lasts_for_its_span():
    light = [1.0] * 5 + [0.8] * 20
    assert tags.illum_change(light) == [False] * 5 + [True] * 8 + [False] * 12
    assert not any(tags.illum_change([1 + 0.001 * index for index in range(60)]))


def test_size_change_sees_growing_and_shrinking():
    assert not any(tags.size_change([100.0 + index for index in range(30)]))
    for factor in (1.03, 1 / 1.03):
        found = tags.size_change([100 * factor**index for index in range(30)])
        assert found == [index > 8 for index in range(30)]  # 1.03**9 = 1.305


def test_occlusion_needs_more_than_a_tenth():
    assert tags.occlusion([0, 0.1, 0.11, 1]) == [False, False, True, True]


def test_motion_change_is_found_at_a_kink_only():
    straight = [(4.0 * index, 0.0) for index in range(30)]
    assert not any(tags.motion_change(straight, [40.0] * 30))
    turned = straight[:15] + [(56.0, 4.0 * index) for index in range(1, 16)]
    expected = [abs(index - 15) <= tags.JOLT_REACH for index in range(30)]
    assert tags.motion_change(turned, [40.0] * 30) == expected
    # The same kink of 5.7 pixels is small for a target of 100 pixels.
    assert not any(tags.motion_change(turned, [100.0] * 30))


@given(st.floats(-1000, 1000))
def test_sine_is_the_sine(turns):
    assert sine.sine(turns) == pytest.approx(math.sin(2 * math.pi * turns), abs=1e-9)
    assert sine.cosine(turns) == pytest.approx(math.cos(2 * math.pi * turns), abs=1e-9)


def test_curves_pass_their_knots_and_hold_at_the_ends():
    knots = ((0, 5.0), (10, 9.0), (40, -3.0))
    for curve in (motion.through(*knots), motion.kinked(*knots)):
        assert [curve.at(time) for time, _ in knots] == pytest.approx([5, 9, -3])
        assert (curve.at(-4), curve.at(99)) == (5, -3)
    assert motion.kinked(*knots).at(25) == pytest.approx(3)


def test_waves_add_and_bounces_point_upwards():
    assert motion.still(2, motion.Wave(3, 8)).at(2) == pytest.approx(5)
    bounce = motion.still(2, motion.Wave(3, 8, bounce=True))
    assert [bounce.at(time) for time in (0, 2, 6)] == pytest.approx([2, -1, -1])


@pytest.mark.parametrize(
    "shape",
    [
        outline.Ellipse(0.9, 0.4, x=0.1, y=-0.2, turn=0.07),
        outline.Box(0.8, 0.3, x=-0.1, corner=0.2, turn=0.15),
        outline.Petals(0.9, 5, 0.4, y=0.1),
        outline.Convex(((-0.5, -0.8), (0.9, 0.0), (-0.5, 0.7))),
    ],
)
def test_extent_is_tight_around_the_inside(shape):
    axis = (np.arange(800) + 0.5) / 300 - 4 / 3
    rows, columns = np.nonzero(shape.distance(axis[np.newaxis, :], axis[:, np.newaxis]) < 0)
    found = axis[[columns.min(), rows.min(), columns.max(), rows.max()]]
    assert shape.extent() == pytest.approx(found, abs=0.01)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**31 - 1), st.integers(2, 30), st.integers(1, 5))
def test_noise_fills_its_range(seed, cell, octaves):
    noise = texture.fractal(np.random.RandomState(seed), (40, 50), (cell, cell), octaves)
    assert noise.shape == (40, 50)
    assert (noise.min(), noise.max()) == (0, 255)


def test_unknown_pattern_is_refused():
    axis = np.arange(4.0)
    with pytest.raises(ValueError, match="zigzag"):
        texture.paint(replace(RED, pattern="zigzag"), np.random.RandomState(0), axis, axis, 1.0)


def test_sprite_at_its_own_resolution_keeps_its_area():
    disc = (sprite.Part(outline.Ellipse(1.0, 1.0), replace(GREY, shade=0)),)
    painted = sprite.paint_sprite(disc, 40, np.random.RandomState(0))
    for size in (40.0, 21.0, 9.0):
        pose = motion.Pose(x=50.3, y=49.8, size=size, stretch=0.8, cos=0.6, sin=0.8)
        mask = sprite.object_mask(painted, pose, (0, 0, 100, 100))
        assert np.count_nonzero(mask) == pytest.approx(math.pi * 0.8 * size * size, rel=0.03)


def test_opaque_layer_replaces_and_clear_layer_keeps():
    image = np.full((4, 6, 3), 77, np.uint8)
    layer = np.zeros((4, 3, 4), np.uint16)
    layer[1] = (10, 20, 30, 255)
    sprite.compose(image, layer, (2, 0, 5, 4))
    assert (image[1, 2:5] == (10, 20, 30)).all()
    image[1, 2:5] = 77
    assert (image == 77).all()
