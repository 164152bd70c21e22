"""Recipes: those that come along, the original's files, and everything that is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from trainers.config import NAMES, OF_STAGE, Recipe
from trainers.errors import RecipeError

COCO = {"root": "../../data/coco/crop511", "anno": "../../data/coco/train2017.json"}


def original(**changes):
    """Write a config as the original's experiments have it, with sections replaced."""
    config = {
        "network": {"arch": "Custom"},
        "hp": {"instance_size": 255, "base_size": 8},
        "lr": {
            "type": "log",
            "start_lr": 0.005,
            "end_lr": 0.0025,
            "warmup": {
                "start_lr": 0.001,
                "end_lr": 0.005,
                "type": "step",
                "step": 1,
                "epoch": 5,
            },
        },
        "loss": {"weight": [1.0, 1.2, 36]},
        "train_datasets": {
            "datasets": {"coco": {**COCO, "frame_range": 1}},
            "template": {"shift": 4, "scale": 0.05},
            "search": {"shift": 64, "scale": 0.18, "blur": 0.18},
            "neg": 0.2,
            "gray": 0.25,
            "num": 600000,
            "template_size": 127,
            "search_size": 255,
            "base_size": 8,
            "size": 25,
        },
        "val_datasets": {
            "datasets": {"vid": {"root": "crop511", "anno": "val.json", "num_use": 1000}},
            "template": {"shift": 0, "scale": 0},
            "search": {"shift": 12, "scale": 0.18},
            "num": 1000,
            "search_size": 255,
            "base_size": 0,
            "size": 17,
        },
        "anchors": {
            "stride": 8,
            "ratios": [0.33, 0.5, 1, 2, 3],
            "scales": [8],
            "round_dight": 0,
        },
    }
    return config | changes


def with_data(**changes):
    config = original()
    config["train_datasets"] |= changes
    return config


def parsed(config, stage="base"):
    return Recipe.parse(json.dumps(config), stage)


def refused(config, stage="base"):
    with pytest.raises(RecipeError) as caught:
        parsed(config, stage)
    return str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_own_recipes(name):
    recipe = Recipe.named(name)
    assert recipe.source
    others = ("siammask_base_original", "siammask_mine", "siammask_tiny")
    assert OF_STAGE[recipe.training.stage] == name or name in others
    assert recipe.train_datasets.cells == (3 if name == "siammask_sharp" else 25)
    assert Recipe.parse(json.dumps(recipe.to_dict())) == recipe


def test_weights_and_rates_of_own_recipes():
    found = {name: (Recipe.named(name).loss.weight, Recipe.named(name).lr.end_lr) for name in NAMES}
    assert found == {
        "siammask_base": ((1, 1, 32), 0.0005),
        "siammask_base_original": ((1, 1.2, 36), 0.0025),
        "siammask_mine": ((2, 1, 12), 0.0001),
        "siammask_sharp": ((0, 0, 36), 0.0025),
        "siammask_tiny": ((2, 1, 12), 0.0003),
        "siamrpn_resnet": ((1, 1), 0.0025),
    }


def test_own_recipes_are_read_as_files_too(tmp_path):
    for name in NAMES:
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(Recipe.named(name).to_dict()))
        assert Recipe.read(path).to_dict() == Recipe.named(name).to_dict()


def test_the_originals_file(tmp_path):
    path = tmp_path / "config.json"
    path.write_text(json.dumps(original()))
    recipe = Recipe.read(path, "base")
    assert recipe.lr.warmup.epoch == 5 and recipe.loss.weight == (1, 1.2, 36)
    assert recipe.train_datasets.num == 600000
    assert recipe.train_datasets.search.shift == 64
    assert recipe.val_datasets.cells == 17
    # What a config.json of the original does not say is as in the stage's own recipe.
    assert recipe.training == Recipe.named("siammask_base").training


def test_augmentation_in_a_section_of_its_own():
    config = original()
    data = config["train_datasets"]
    data["augmentation"] = {key: data.pop(key) for key in ("template", "search", "neg", "gray")}
    assert parsed(config) == parsed(original())
    data["neg"] = 0.5
    assert "train_datasets.augmentation.neg=0.2: neg is given twice" in refused(config)


def test_sharp():
    data = {
        "datasets": {"coco": COCO},
        "search": {"shift": 8, "scale": 0.18, "blur": 0.18},
        "search_size": 143,
        "base_size": 0,
        "size": 3,
    }
    recipe = parsed(original(train_datasets=data), "sharp")
    assert recipe.train_datasets.cells == 3
    assert recipe.training.rebuild_optimizer == "epoch"


def test_what_need_not_be_said():
    recipe = Recipe.parse(json.dumps({"train_datasets": {"datasets": {"coco": COCO}}}))
    data = recipe.train_datasets
    assert (recipe.loss.weight, recipe.lr.type) == ((1, 1, 36), "log")
    assert (data.cells, data.neg, data.gray, data.search.blur) == (25, 0, 0, 0)
    assert (data.datasets["coco"].frame_range, data.datasets["coco"].num_use) == (100, None)
    assert recipe.clip.parts == {"": 10.0}


def test_minus_one_is_every_video_once():
    data = {"datasets": {"coco": {**COCO, "num_use": -1}}}
    assert parsed(original(train_datasets=data)).train_datasets.datasets["coco"].num_use is None


@pytest.mark.parametrize(
    ("clip", "parts"),
    [
        (10, {"": 10}),
        ({"feature": 10, "rpn": 10}, {"": 10}),
        ({"feature": 5, "rpn": 10}, {"feature": 5, "rpn": 10, "mask": 10}),
        ({"feature": 10, "rpn": 10, "split": True}, {"feature": 10, "rpn": 10, "mask": 10}),
    ],
)
def test_clip(clip, parts):
    assert parsed(original(clip=clip)).clip.parts == parts


def test_shapes_of_anchors():
    shapes = parsed(original()).anchor_shapes.shapes
    assert shapes.astype(int).tolist() == [[104, 32], [88, 40], [64, 64], [40, 80], [32, 96]]


REFUSED = {
    "unknown": (original(losses={}), "losses={}: no such key (did you mean 'loss'? accepted: sour"),
    "unknown below": (
        with_data(sise=25),
        "train_datasets.sise=25: no such key (did you mean 'size'? accepted in train_datasets: dat",
    ),
    "unknown in a set": (
        with_data(datasets={"coco": {**COCO, "framerange": 3}}),
        "train_datasets.datasets.coco.framerange=3: no such key (did you mean 'frame_range'? accep",
    ),
    "unknown in the warmup": (
        original(lr={"warmup": {"epochs": 5, "epoch": 5}}),
        "lr.warmup.epochs=5: no such key (did you mean 'epoch'?",
    ),
    "text": (with_data(neg="0.2"), 'train_datasets.neg="0.2" (accepted: number)'),
    "true": (with_data(num=True), "train_datasets.num=true (accepted: integer)"),
    "fraction": (with_data(num=1.5), "train_datasets.num=1.5 (accepted: "),
    "not finite": (original(loss={"weight": [1, 1, float("inf")]}), "loss.weight[2]="),
    "above": (with_data(gray=2), "train_datasets.gray=2 (accepted: less than or equal to 1)"),
    "below": (
        original(loss={"weight": [1, -1, 36]}),
        "loss.weight[1]=-1 (accepted: greater than or equal to 0)",
    ),
    "no weight": (original(loss={"weight": [0, 0, 0]}), "(accepted: at least one weight above 0)"),
    "one weight": (original(loss={"weight": [1]}), "loss.weight=[1] (accepted: "),
    "type": (
        original(lr={"type": "exp"}),
        "lr.type=\"exp\" (accepted: 'log', 'step', 'multi-step', 'linear' or 'cos')",
    ),
    "linear without end": (
        original(lr={"type": "linear", "start_lr": 0.1}),
        "lr.end_lr=None: type 'linear' needs it",
    ),
    "step without factor": (
        original(lr={"type": "step", "start_lr": 0.1, "step": 3}),
        "lr.end_lr=None: beside mult=None (accepted: one of the two)",
    ),
    "not used": (
        original(lr={"type": "log", "step": 3}),
        "lr.step=3: type 'log' does not use it (accepted: none)",
    ),
    "missing": (with_data(datasets={"coco": {"root": "a"}}), "datasets.coco.anno is missing"),
    "no data": (
        {key: each for key, each in original().items() if key != "train_datasets"},
        "train_datasets is missing",
    ),
    "no sets": (with_data(datasets={}), "train_datasets.datasets={} (accepted: "),
    "unknown in a set called search": (
        with_data(datasets={"search": {**COCO, "rot": 1}}),
        "train_datasets.datasets.search.rot=1: no such key (did you mean 'root'? accepted in train",
    ),
    "another network": (
        original(network={"arch": "Other"}),
        "network.arch=\"Other\" (accepted: 'Custom')",
    ),
    "anchors": (
        original(anchors={"ratios": [1, 2]}),
        "anchors.ratios=[1.0, 2.0]: the network has 5 anchors (accepted: 5 in all)",
    ),
    "stride": (original(anchors={"stride": 16}), "anchors.stride=16 (accepted: 8)"),
    "size": (
        with_data(size=17),
        "train_datasets.size=17: size not match (accepted: (255 - 127) / 8 + 1 + base_size 8 = 25)",
    ),
    "base_size": (
        with_data(base_size=0, size=17),
        "train_datasets.base_size=0: size not match: the network gives 25 cells for 255 px (accep",
    ),
    "search_size": (
        with_data(search_size=250),
        "train_datasets.search_size=250: size not match (accepted: 127 + 8n, such as 255 and 143)",
    ),
    "template_size": (with_data(template_size=128), "template_size=128 (accepted: 127)"),
    "validation": (
        original(val_datasets={"datasets": {"vid": COCO}, "base_size": 0, "size": 25}),
        "val_datasets.size=25: size not match (accepted: (255 - 127) / 8 + 1 + base_size 0 = 17)",
    ),
    "resize": (
        with_data(search={"resize": True}),
        "train_datasets.search.resize=true (accepted: False)",
    ),
    "thresholds": (
        with_data(anchor_target={"thr_low": 0.7}),
        "train_datasets.anchor_target.thr_low=0.7: above thr_high=0.6",
    ),
    "format": (
        with_data(datasets={"coco": {**COCO, "path_format": "{a}.jpg"}}),
        "datasets.coco.path_format='{a}.jpg': cannot be filled in",
    ),
    "training": (original(training={"epochs": 0}), "training.epochs=0 (accepted: greater than"),
    "stage": (
        original(training={"stage": "sharp"}),
        "training.stage='sharp': a recipe of another stage (accepted here: 'base')",
    ),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_refused(case):
    config, text = REFUSED[case]
    assert text in refused(config)


def test_all_faults_are_named():
    text = refused(with_data(neg=2, gray=3, sise=1))
    for key in ("neg=2", "gray=3", "sise=1"):
        assert f"train_datasets.{key}" in text


def test_faults_name_the_file(tmp_path):
    path = tmp_path / "config.json"
    for content, text in (
        ("{", "not JSON: Expecting"),
        ("[1]", "the file holds [1] (accepted: a JSON object"),
        (json.dumps(original(hp={"lr": 3})), "hp.lr=3"),
        ('{"loss": 3}', "loss=3"),
    ):
        path.write_text(content)
        with pytest.raises(RecipeError) as caught:
            Recipe.read(path, "base")
        assert caught.value.file == path and text in str(caught.value)
    with pytest.raises(RecipeError, match="cannot read the recipe: No such file"):
        Recipe.read(tmp_path / "absent.json")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecipeError, match="not JSON"):
        Recipe.read(path)


def test_names():
    with pytest.raises(RecipeError, match=r"no recipe 'siammask_bass' \(did you mean 'siammask_ba"):
        Recipe.named("siammask_bass")
    with pytest.raises(RecipeError, match="a recipe of another stage"):
        Recipe.named("siammask_sharp", "base")
    with pytest.raises(RecipeError, match=r"stage 'mine' has no recipe \(give a config\.json"):
        Recipe.find(None, "mine")


def test_find(tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(original()))
    assert Recipe.find(None, "rpn") == Recipe.named("siamrpn_resnet")
    assert Recipe.find("siammask_base_original", "base").loss.weight[1] == 1.2
    assert Recipe.find(str(path), "base") == Recipe.find(path, "base")


def test_changed_keeps_the_rest():
    recipe = Recipe.named("siammask_base")
    changed = recipe.changed(epochs=3, seed=None)
    assert changed.training.epochs == 3 and changed.training.seed == recipe.training.seed
    assert changed.lr == recipe.lr
    with pytest.raises(RecipeError, match=r"training\.epoch=3: no such key \(did you mean 'epochs"):
        recipe.changed(epoch=3)


def test_a_recipe_does_not_change():
    recipe = Recipe.named("siammask_base")
    with pytest.raises(ValueError, match="frozen"):
        recipe.training.epochs = 3


def paths(recipe):
    each = recipe.train_datasets.datasets["coco"]
    return Path(each.root), Path(each.anno)


def test_a_folder_of_all_data_sets(tmp_path):
    expected = (tmp_path / "coco" / "crop511", tmp_path / "coco" / "train2017.json")
    assert paths(parsed(original()).located(tmp_path)) == expected
    assert paths(Recipe.named("siammask_base").located(tmp_path)) == expected


def test_paths_beside_the_file(tmp_path):
    experiment = tmp_path / "experiments" / "siammask_base"
    experiment.mkdir(parents=True)
    (tmp_path / "data" / "coco" / "crop511").mkdir(parents=True)
    (experiment / "config.json").write_text(json.dumps(original()))
    root, annotations = paths(Recipe.read(experiment / "config.json", "base").located())
    assert root.is_dir() and annotations == Path(COCO["anno"])
    changed = Recipe.read(experiment / "config.json", "base").changed(epochs=2)
    assert paths(changed.located()) == (root, annotations)


def test_absolute_paths_stay(tmp_path):
    config = with_data(datasets={"coco": {"root": str(tmp_path), "anno": str(tmp_path / "a")}})
    assert paths(parsed(config).located(Path("elsewhere"))) == (tmp_path, tmp_path / "a")


def test_batch_of_a_device():
    assert Recipe.named("siammask_base").device_batch(8) == 64
    assert Recipe.named("siammask_base_original").device_batch(8) == 8
    with pytest.raises(RecipeError, match=r"training\.batch=64 of the run cannot be shared by 3"):
        Recipe.named("siammask_base_original").device_batch(3)


def test_torch_is_not_needed():
    code = "import sys, trainers.config, trainers.schedules; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
