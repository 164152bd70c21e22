"""What is wrong with a data set: all of it, and in few lines."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from vot_toolkit.cli.verify import verify_command
from vot_toolkit.dataset import Dataset, Sequence
from vot_toolkit.dataset.verify import verify
from vot_toolkit.errors import DatasetError
from vot_toolkit.trajectory import Trajectory

TRUTH = Trajectory.of([1, 2, 3, 4], [2, 2, 3, 4])


def command(source):
    """Run the command; give its exit status and its lines."""
    console = Console(file=io.StringIO(), width=100)
    status = verify_command(str(source), console)
    return status, console.file.getvalue().splitlines()


@pytest.fixture
def annotated(tmp_path):
    """Write annotations of sequences of two frames, changed by the given entries."""

    def write(count, **entries):
        names = [f"s{number}" for number in range(count)]
        plain = {"gt_rect": [[1, 2, 3, 4], [2, 2, 3, 4]], "width": 32, "height": 24}
        data = {name: {**plain, "img_names": [f"{name}/1.jpg", f"{name}/2.jpg"]} for name in names}
        path = tmp_path / "VOT2099.json"
        path.write_text(json.dumps({**data, **entries}))
        return path

    return write


def test_annotations_without_images_are_one_line(annotated, tmp_path):
    status, lines = command(annotated(60))
    assert status == 1
    assert lines == [
        f"✗ no images of 60 of 60 sequences (all), the first would be {tmp_path}/s0/1.jpg: "
        "results can be scored, trackers cannot be run",
        "VOT2099: 60 sequences, 120 frames, 1 fault",
    ]


def test_sequences_without_images_are_named_together(tmp_path, write_image):
    images = [write_image(tmp_path / f"{number}.png") for number in (1, 2)]
    whole = Sequence("whole", TRUTH, (32, 24), {}, tuple(images))
    torn = Sequence("torn", TRUTH, (32, 24), {}, (images[0], tmp_path / "none.png"))
    bare = [Sequence(name, TRUTH, (32, 24)) for name in "abcd"]
    assert list(verify(Dataset("made", (whole, torn, *bare)))) == [
        "no images of 4 of 6 sequences (a, b, c and 1 more): results can be scored, "
        "trackers cannot be run",
        f"torn: the image of frame 2 is missing ({tmp_path}/none.png)",
    ]


def test_every_entry_that_cannot_be_read_is_named(annotated):
    path = annotated(1, t={"gt_rect": "x"}, u={"gt_rect": []}, v={"gt_rect": [[1, 2]]})
    status, lines = command(path)
    assert status == 1
    assert lines[:2] == [
        f"✗ {path}: sequence 't' has no list gt_rect",
        f"✗ {path}: sequence 'u': gt_rect is empty",
    ]
    assert "sequence 'v', gt_rect: a region of 2 numbers" in lines[2]
    assert lines[-1] == "VOT2099: 1 sequence, 2 frames, 4 faults"


def test_every_folder_that_cannot_be_read_is_named(tmp_path, write_text, write_image):
    root = tmp_path / "set"
    for name, text in (("good", "1,2,3,4\n"), ("bad", "1,2,3\n"), ("worse", "")):
        write_text(root / name / "groundtruth.txt", text)
    write_image(root / "good" / "1.png")
    write_text(root / "list.txt", "good\nbad\n../good\nworse\ngood\nnone\n")
    status, lines = command(root)
    assert status == 1
    assert [line.split(": ")[0] for line in lines] == [
        f"✗ {root}/list.txt:3",
        f"✗ {root}/list.txt:5",
        f"✗ {root}/bad/groundtruth.txt:1",
        f"✗ {root}/worse/groundtruth.txt",
        f"✗ {root}/none",
        "set",
    ]
    assert "not a name: '../good'" in lines[0] and "'good' is listed twice" in lines[1]
    assert lines[-1] == "set: 1 sequence, 1 frame, 5 faults"


def test_a_file_of_which_nothing_can_be_read_is_a_fault(tmp_path, write_text):
    path = write_text(tmp_path / "VOT2018.json", '{"ants')
    status, lines = command(path)
    assert status == 1
    assert lines[0].startswith(f"✗ {path}: not JSON")
    assert lines[1] == "VOT2018.json: 0 sequences, 0 frames, 1 fault"


def test_the_folder_of_one_sequence_names_the_one_above(tmp_path, write_text):
    write_text(tmp_path / "ants" / "groundtruth.txt", "1,2,3,4\n")
    (tmp_path / "ants" / "color").mkdir()
    with pytest.raises(DatasetError, match="the folder of one sequence") as caught:
        command(tmp_path / "ants")
    assert caught.value.hint == f"name the folder above, {tmp_path}"
