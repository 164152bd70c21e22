"""What is left to the device."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from trainers.data import reference  # noqa: E402
from trainers.data.batches import Batch, blurred, to_inputs  # noqa: E402
from trainers.data.draws import Blur  # noqa: E402
from trainers.data.samples import Arrays, BlurredImage, SampleConfig  # noqa: E402

CONFIG = SampleConfig()
BLURS = (
    BlurredImage(0, False, Blur(3, 0.25)),
    BlurredImage(1, True, Blur(5, 1.0)),
    BlurredImage(2, False, Blur(45, 0.6)),
)


@pytest.fixture
def arrays():
    random = np.random.default_rng(0)
    arrays = Arrays.empty(3, CONFIG)
    for name in ("template", "search", "masks"):
        values = getattr(arrays, name)
        values[:] = random.integers(0, 2 if name == "masks" else 256, values.shape)
    arrays.offsets[:] = random.normal(0, 8, arrays.offsets.shape)
    arrays.labels[:] = random.integers(-1, 2, arrays.labels.shape)
    arrays.mask_weights[:] = random.integers(-1, 2, arrays.mask_weights.shape)
    arrays.weights[:], arrays.boxes[:] = 0.5, 7
    return arrays


def original(image, offset, blur):
    """Subtract, then blur, in float64; then make float32 of it."""
    image = image - offset.astype(np.float64)
    if blur is not None:
        image = cv2.filter2D(image, -1, reference.blur_kernel(blur))
    return reference.to_network(image)


def test_without_blur_equal_to_the_original_s_order(arrays):
    """Float32 holds all pixels and offsets; one subtraction is rounded, at both ends alike."""
    inputs = to_inputs(Batch.of(arrays))
    for row in range(3):
        for side, images, found in (
            (0, arrays.template, inputs.template),
            (1, arrays.search, inputs.search),
        ):
            expected = original(images[row], arrays.offsets[row, side], None)
            assert np.array_equal(found[row].numpy(), expected)


def test_with_blur_equal_but_for_rounding_at_the_border_too(arrays):
    arrays.blurs = list(BLURS)
    inputs = to_inputs(Batch.of(arrays))
    for each in BLURS:
        images, found = (
            (arrays.template, inputs.template) if each.template else (arrays.search, inputs.search)
        )
        offset = arrays.offsets[each.row, 0 if each.template else 1]
        expected = original(images[each.row], offset, each.blur)
        assert found[each.row].numpy() == pytest.approx(expected, abs=2e-4)
        assert np.abs(expected - original(images[each.row], offset, None)).max() > 20


def test_only_what_is_blurred_changes(arrays):
    sharp = to_inputs(Batch.of(arrays))
    arrays.blurs = [BLURS[0]]
    inputs = to_inputs(Batch.of(arrays))
    assert torch.equal(inputs.search[1:], sharp.search[1:])
    assert torch.equal(inputs.template, sharp.template)


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 22), st.floats(0, 1), st.floats(-300, 300))
def test_blur_leaves_a_constant_alone(half, weight, value):
    image = torch.full((3, 50, 60), value)
    assert torch.allclose(blurred(image, Blur(2 * half + 1, weight)), image, atol=1e-3)


def test_blur_is_opencv_s():
    image = np.random.default_rng(1).uniform(0, 255, (40, 50, 3)).astype(np.float32)
    blur = Blur(7, 0.3)
    expected = cv2.filter2D(image.astype(np.float64), -1, reference.blur_kernel(blur))
    found = blurred(torch.from_numpy(image).permute(2, 0, 1), blur)
    assert found.permute(1, 2, 0).numpy() == pytest.approx(expected, abs=1e-4)


def test_types_and_shapes(arrays):
    inputs = to_inputs(Batch.of(arrays))
    assert inputs.search.shape == (3, 3, 255, 255)
    assert inputs.search.is_contiguous(memory_format=torch.channels_last)
    assert inputs.labels.dtype == torch.int64
    assert {inputs.search.dtype, inputs.masks.dtype, inputs.mask_weights.dtype} == {torch.float32}
    assert inputs.masks.unique().tolist() == [-1, 1]
    assert np.array_equal(inputs.mask_weights.numpy(), arrays.mask_weights)


def test_without_masks(arrays):
    inputs = to_inputs(Batch.of(replace(arrays, masks=None, mask_weights=None)))
    assert inputs.masks is None
    assert inputs.mask_weights is None


def test_batches_move(arrays):
    batch = Batch.of(arrays).to("meta")
    assert batch.search.device.type == "meta"
    assert len(batch) == 3
