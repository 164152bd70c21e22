"""The command as users type it: output, exit status, kill and go on."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

HEAVY = {"cv2", "numpy", "pycocotools", "torch", "pydantic"}


def command(*words):
    return [sys.executable, "-m", "trainers.prepare", *map(str, words)]


def prepare(*words, **options):
    return subprocess.run(command(*words), capture_output=True, text=True, check=False, **options)


@pytest.fixture
def many(ytb_source):
    """Make Youtube-VOS of 22 videos, enough to be stopped in the middle."""
    import json

    root = ytb_source / "train"
    meta = json.loads((root / "meta.json").read_text())
    for number in range(20):
        name = f"many{number:02d}"
        meta["videos"][name] = meta["videos"]["003"]
        for kind in ("JPEGImages", "Annotations"):
            shutil.copytree(root / kind / "003", root / kind / name)
    (root / "meta.json").write_text(json.dumps(meta))
    return ytb_source


def test_help_answers_without_loading_anything():
    code = (
        "import sys, atexit; atexit.register(lambda: print('\\n', *sys.modules));"
        "from trainers.prepare.app import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "--original" in done.stdout
    assert not HEAVY & {name.split(".")[0] for name in done.stdout.splitlines()[-1].split()}


def test_prepare_then_check_then_spoil(ytb_source, tmp_path):
    out = tmp_path / "data" / "ytb_vos"
    done = prepare("ytb_vos", ytb_source, "--workers", 1, "--original", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        f"ytb_vos: looking through {ytb_source}",
        "note: --original changes nothing in ytb_vos, only in vid",
    ]
    assert lines[3] == "data/ytb_vos/train.json: 2 videos, 3 tracks, 4 crops with masks"
    assert "object of 1000 px or less" in done.stdout
    assert lines[-1] == "all that was left out: data/ytb_vos/dropped.txt"
    done = prepare("ytb_vos", "--check", "--out", out, "--workers", 1)
    assert done.returncode == 0, done.stderr
    assert "2 videos, 3 tracks, 4 crops, 4 masks, nothing is wrong" in done.stdout
    (out / "crop511" / "train" / "003" / "000000.00.x.jpg").unlink()
    done = prepare("ytb_vos", "--check", "--out", out, "--workers", 1)
    assert done.returncode == 1 and "000000.00.x.jpg: No such file" in done.stdout


def test_a_missing_image_gives_exit_status_1(det_source, tmp_path):
    done = prepare("det", det_source, "--out", tmp_path / "out", "--workers", 1)
    assert done.returncode == 1
    assert "files of the source are missing or unreadable; mended, run this again" in done.stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["coco"], "error: no SOURCE (where coco was unpacked to)"),
        (["folder", "nowhere"], "error: nowhere: no such folder (expected a folder a video"),
        (["imagenet", "."], "'imagenet' is not one of"),
        (["vid", ".", "--check", "--out", "nowhere"], "nowhere: nothing is prepared here"),
    ],
)
def test_bad_usage_is_one_line_and_exit_status_2(words, what, tmp_path):
    done = prepare(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert what in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_goes_on(run, many, tmp_path, contents, ending):
    whole, _, _ = run("ytb_vos", many, out="whole")
    out = tmp_path / "cut"
    process = subprocess.Popen(
        command("ytb_vos", many, "--out", out, "--workers", 2),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    journal = out / ".prepare" / "parts.jsonl"
    deadline = time.monotonic() + 60
    while not journal.exists() or journal.read_bytes().count(b"\n") < 5:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.005)
    # As a terminal does it: the signal goes to the workers too.
    os.killpg(process.pid, ending) if ending == signal.SIGINT else process.kill()
    said = process.communicate(timeout=60)[1]
    if ending == signal.SIGINT:
        assert process.returncode == 130
        assert said == "stopped; what is there is whole, and the same command goes on\n"
        assert not list(out.rglob(".*.part"))
    done_before = journal.read_bytes().count(b"\n")
    assert 5 <= done_before < 22 and not (out / "train.json").exists()
    again = prepare("ytb_vos", many, "--out", out, "--workers", 2)
    assert again.returncode == 0, again.stderr
    assert "images are there from a run before" in again.stdout
    assert contents(out) == contents(whole.root)


def test_licences_decide_the_crops(coco_source, tmp_path):
    pytest.importorskip("pycocotools")
    done = prepare("coco", coco_source, "--licences", "4,5", "--workers", 1, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "data/coco/train2017.json: 1 videos, 1 tracks, 1 crops with masks" in done.stdout
    done = prepare("coco", coco_source, "--workers", 1, cwd=tmp_path)
    assert done.returncode == 2
    assert "was prepared with licences '4,5', asked for is None" in done.stderr
    done = prepare("coco", coco_source, "--licences", "free", cwd=tmp_path)
    assert done.returncode == 2 and "--licences 'free' is no list of numbers" in done.stderr
