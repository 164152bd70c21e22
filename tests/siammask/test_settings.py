"""Settings by name and from the original's config files; each fault is named with its place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from siammask.anchors import Anchors
from siammask.errors import SettingsError
from siammask.settings import NAMED, Settings


@pytest.fixture
def write(tmp_path):
    def written(config):
        path = tmp_path / "config.json"
        path.write_text(config if isinstance(config, str) else json.dumps(config))
        return path

    return written


CONFIG_VOT = {
    "network": {"arch": "Custom"},
    "hp": {
        "instance_size": 255,
        "base_size": 8,
        "out_size": 127,
        "seg_thr": 0.30,
        "penalty_k": 0.04,
        "window_influence": 0.42,
        "lr": 0.25,
    },
    "lr": {"type": "log", "start_lr": 0.01},
    "anchors": {
        "stride": 8,
        "ratios": [0.33, 0.5, 1, 2, 3],
        "scales": [8],
        "round_dight": 0,
    },
}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("base", (0.09, 0.39, 0.38, 0.30)),
        ("vot2018", (0.04, 0.42, 0.25, 0.30)),
        ("vot2018-ld", (0.10, 0.41, 0.32, 0.15)),
        ("davis", (0.04, 0.40, 1.0, 0.35)),
    ],
)
def test_named(name, values):
    found = Settings.named(name)
    assert (found.penalty_k, found.window_influence, found.lr, found.seg_thr) == values
    assert (found.instance_size, found.num_cells) == (255, 25)
    assert found.placement == "original"


def test_config_of_the_original(write):
    assert Settings.read(write(CONFIG_VOT)) == NAMED["vot2018"]


def test_empty_config_is_the_defaults(write):
    assert Settings.read(write({"hp": {}})) == Settings()


def test_anchors_come_from_the_config(write):
    path = write({"anchors": {"ratios": [1, 2, 3, 4, 5], "scales": [4], "anchor_density": 1}})
    assert Settings.read(path).anchors == Anchors(ratios=(1, 2, 3, 4, 5), scales=(4,))


def test_find(write):
    assert Settings.find("davis") == NAMED["davis"]
    assert Settings.find(str(write(CONFIG_VOT))) == Settings.find(write(CONFIG_VOT))
    assert Settings.find(NAMED["base"]) is not None
    assert Settings.find("base", lr=0.5, seg_thr=None) == replace(Settings(), lr=0.5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lr": 1.5}, r"lr=1.5 \(accepted for lr: a number in \[0, 1\]\)"),
        ({"lr": True}, "lr=True"),
        ({"lr": "0.5"}, "lr='0.5'"),
        ({"seg_thr": 1}, r"accepted for seg_thr: a number in \[0, 1\)"),
        ({"penalty_k": float("nan")}, "penalty_k=nan"),
        ({"window_influence": -0.1}, "window_influence=-0.1"),
        ({"instance_size": 256}, "instance_size=256 .*127 \\+ 8n"),
        ({"instance_size": 127}, "instance_size=127"),
        ({"windowing": "hann"}, "accepted for windowing: cosine, uniform"),
        ({"placement": "true"}, "accepted for placement: original, exact"),
        ({"anchors": Anchors(scales=(4, 8))}, "5 anchors a cell"),
        ({"out_size": 127}, "no setting 'out_size'"),
        ({"penalty": 0.1}, "no setting 'penalty' .did you mean 'penalty_k'"),
    ],
)
def test_values_that_cannot_be_used(changes, message):
    with pytest.raises(SettingsError, match=message):
        Settings.find("base", **changes)


@pytest.mark.parametrize("given", [None, 3, b"vot2018"])
def test_what_are_no_settings(given):
    with pytest.raises(SettingsError, match=r"settings=.*accepted for settings: Settings, base,"):
        Settings.find(given)


def test_name_that_does_not_exist():
    with pytest.raises(SettingsError, match=r"'vot2081'.*did you mean 'vot2018'.*davis"):
        Settings.named("vot2081")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("not JSON", "not JSON"),
        ("[1]", "the file holds a list"),
        ({"penalty_k": 0.1}, "neither hp nor anchors"),
        ({"hp": 3}, "hp holds an int"),
        ({"hp": {"penalty_K": 0.1}}, "penalty_K=0.1 .did you mean 'penalty_k'"),
        ({"hp": {"lr": "fast"}}, "hp.lr='fast' .accepted for hp.lr"),
        ({"hp": {"base_size": 0}}, "hp.base_size=0 .accepted for hp.base_size: 8"),
        ({"hp": {"exemplar_size": 255}}, "accepted for hp.exemplar_size: 127"),
        ({"hp": {"exemplar_size": 100.0}}, "hp.exemplar_size=100.0"),
        ({"hp": {"context_amount": "0.5"}}, "hp.context_amount='0.5'"),
        ({"anchors": {"stride": 16}}, "stride 8 and 5 anchors"),
        ({"anchors": {"stride": 8.0}}, "stride 8 and 5 anchors"),
        ({"anchors": {"ratios": [1, 2]}}, "stride 8 and 5 anchors"),
        ({"anchors": {"ratios": [1, "x"]}}, "accepted for anchors.ratios"),
        ({"anchors": {"ratio": [1]}}, "did you mean 'ratios'"),
        ({"anchors": {"anchor_density": 2}}, "anchors.anchor_density=2"),
        ({"anchors": {"anchor_density": "2"}}, "anchors.anchor_density='2'"),
        ({"anchors": {"round_dight": 0.5}}, "anchors.round_dight=0.5"),
    ],
)
def test_faults_in_a_file_are_named_with_the_file(write, config, message):
    path = write(config)
    with pytest.raises(SettingsError, match=message) as caught:
        Settings.find(path)
    assert caught.value.file == path
    assert str(caught.value).startswith(str(path))


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match=r"cannot read the settings: No such file.*vot2018"):
        Settings.find(str(tmp_path / "config.json"))
