"""Records go to other people: no folder of this machine may be in them."""

import pytest

from vot_toolkit.scorecard import without_folders


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("raised (at /home/me/secret/bad.py:30, in update)", "raised (at bad.py:30, in update)"),
        ("/home/me/secret/weights.bin", "weights.bin"),
        ("C:\\Users\\me\\weights.bin", "weights.bin"),
        ("3 of 12 frames/s, 1/2", "3 of 12 frames/s, 1/2"),
        ("weights.bin", "weights.bin"),
        (None, None),
        (12, 12),
    ],
)
def test_of_a_path_the_last_part_is_kept(text, kept):
    assert without_folders(text) == kept
