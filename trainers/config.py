"""Recipes: what is trained on what, and how, as a config.json says it.

The config files of the original and of its Ascend port are recipes as they are. What they leave to
the command line has a section of its own here, ``training``; a file without it takes that of the
recipe that the stage has anyway. Nothing is passed over: a key that is not known, or a value that
nothing here can do, is an error that names the key's path.

References
----------
Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019,
section 3.3; where a value comes from stands in each file of ``trainers/configs``, as ``source``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from siammask.anchors import Anchors
from siammask.errors import SettingsError
from siammask.settings import BASE_SIZE, EXEMPLAR_SIZE, NUM_ANCHORS, Settings
from trainers.errors import RecipeError
from vot_toolkit.wording import guess, shortened

STRIDE: Final = 8
"""Of the network, in px of the search image."""

UNCUT: Final = 167
"""Side in px from which on the map of a search image is wide enough to keep its border."""

NAMES: Final = (
    "siammask_base",
    "siammask_base_original",
    "siammask_mine",
    "siammask_sharp",
    "siammask_tiny",
    "siamrpn_resnet",
)
"""The recipes that come with this package."""

OF_STAGE: Final[Mapping[str, str]] = {
    "base": "siammask_base",
    "sharp": "siammask_sharp",
    "rpn": "siamrpn_resnet",
}
"""What a stage is trained by when nothing else is asked for."""

Positive = Annotated[float, Field(gt=0)]
FromZero = Annotated[float, Field(ge=0)]
Probability = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]


def _is_off(value: object) -> object:
    """Take 0 for false, as the original's files may say it."""
    return False if value == 0 else value


Off = Annotated[Literal[False], BeforeValidator(_is_off)]
"""What nothing here can do."""


class Section(BaseModel):
    """A part of a recipe; nothing in it changes, and numbers are finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Network(Section):
    """Which network it is.

    Parameters
    ----------
    arch : str
        Its class; the original looks it up by this name.
    variant : str, optional
        In place of the stage's own, one with the same heads: ``tiny`` for the stage base.
    """

    arch: Literal["Custom"] = "Custom"
    variant: str | None = None


class AnchorShapes(Section):
    """The anchors; see `siammask.anchors.Anchors`."""

    stride: Literal[8] = 8
    ratios: tuple[Positive, ...] = (0.33, 0.5, 1, 2, 3)
    scales: tuple[Positive, ...] = (8,)
    round_dight: int = Field(
        default=0, ge=0, validation_alias=AliasChoices("round_dight", "round_digits")
    )
    anchor_density: Literal[1] = 1

    @property
    def anchors(self) -> Anchors:
        """The anchors as the data and the tracker use them."""
        return Anchors(self.stride, self.ratios, self.scales, self.round_dight)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if len(self.anchors) != NUM_ANCHORS:
            raise _clash("ratios", list(self.ratios), "the network has 5 anchors", "5 in all")
        return self


class Schedule(Section):
    """How a learning rate goes from epoch to epoch; `trainers.schedules` has the formulas.

    Parameters
    ----------
    type : str
        ``log`` (evenly spaced logarithms), ``step`` (times a factor every ``step`` epochs),
        ``multi-step`` (times a factor at the epochs of ``steps``), ``linear`` or ``cos``.
    start_lr, end_lr : float
        First and last value; for ``log``, 0.03 and 0.0005 when they are not given.
    step : int or list of int
        See above; a list means ``steps``.
    mult : float
        The factor, where no ``end_lr`` says it.
    """

    type: Literal["log", "step", "multi-step", "linear", "cos"] = "log"
    start_lr: Positive | None = None
    end_lr: Positive | None = None
    step: Count | None = None
    steps: tuple[Count, ...] | None = None
    mult: Positive | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_steps(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("step"), list):
            steps = values["step"]
            values = {key: value for key, value in values.items() if key != "step"}
            return {"steps": steps, **values}
        return values

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        needs: dict[str, tuple[str, ...]] = {
            "log": (),
            "step": ("start_lr", "step"),
            "multi-step": ("start_lr", "steps"),
            "linear": ("start_lr", "end_lr"),
            "cos": ("start_lr", "end_lr"),
        }
        for key in needs[self.type]:
            if getattr(self, key) is None:
                raise _clash(key, None, f"type {self.type!r} needs it", "a value")
        factor = self.type in ("step", "multi-step")
        if factor and (self.end_lr is None) == (self.mult is None):
            given = {"end_lr": self.end_lr, "mult": self.mult}
            raise _clash("end_lr", self.end_lr, f"beside mult={given['mult']}", "one of the two")
        used = (*needs[self.type], "start_lr", "end_lr", *(("mult",) if factor else ()))
        for key in ("step", "steps", "mult"):
            if key not in used and getattr(self, key) is not None:
                fault = f"type {self.type!r} does not use it"
                raise _clash(key, getattr(self, key), fault, "none")
        return self


class Warmup(Schedule):
    """The first epochs, before the schedule proper.

    Parameters
    ----------
    epoch : int
        How many.
    """

    epoch: Count


class LearningRate(Schedule):
    """The learning rate.

    Parameters
    ----------
    warmup : Warmup, optional
        What comes before.
    feature_lr_mult, rpn_lr_mult, mask_lr_mult : float
        Times this, for the features, the heads of class and box, and all that makes masks.
    """

    warmup: Warmup | None = None
    feature_lr_mult: Positive = 1.0
    rpn_lr_mult: Positive = 1.0
    mask_lr_mult: Positive = 1.0

    def multiplier(self, part: str) -> float:
        """Give the multiplier of ``feature``, ``rpn`` or ``mask``."""
        return float(getattr(self, f"{part}_lr_mult"))


class Loss(Section):
    """Weights of the losses of class, box and mask."""

    weight: Annotated[tuple[FromZero, ...], Field(min_length=2, max_length=3)] = (1, 1, 36)

    @field_validator("weight")
    @classmethod
    def _teaches(cls, weight: tuple[float, ...]) -> tuple[float, ...]:
        if not any(weight):
            raise PydanticCustomError("recipe", "Input should be at least one weight above 0")
        return weight


class Clip(Section):
    """The largest norm of the gradient: of everything, or where they differ, of each part.

    A single number means all of them.
    """

    feature: Positive = 10.0
    rpn: Positive = 10.0
    mask: Positive | None = None
    split: bool = False

    @model_validator(mode="before")
    @classmethod
    def _of_number(cls, values: Any) -> Any:
        if isinstance(values, (int, float)) and not isinstance(values, bool):
            return {"feature": values, "rpn": values}
        return values

    @property
    def parts(self) -> dict[str, float]:
        """The norm of each part, by its name; of all together under ``""``."""
        mask = self.rpn if self.mask is None else self.mask
        if self.split or not self.feature == self.rpn == mask:
            return {"feature": self.feature, "rpn": self.rpn, "mask": mask}
        return {"": self.feature}


class AugmentationLimits(Section):
    """How far chance may change an image; `trainers.data.window.Augmentation` explains.

    The colour offset is always added: ``color`` can say nothing else. ``resize`` cannot be had.
    """

    shift: FromZero = 0
    scale: Annotated[float, Field(ge=0, lt=1)] = 0
    blur: Probability = 0
    flip: Probability = 0
    color: Literal[1] = 1
    resize: Off = False


class AnchorTarget(Section):
    """Which anchors teach something; `trainers.data.targets.Sampling` explains."""

    thr_high: Probability = 0.6
    thr_low: Probability = 0.3
    positive: Count = 16
    negative: Annotated[int, Field(ge=0)] = 16
    rpn_batch: Count = 64

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.thr_low > self.thr_high:
            raise _clash(
                "thr_low", self.thr_low, f"above thr_high={self.thr_high}", "up to thr_high"
            )
        if self.positive > self.rpn_batch:
            raise _clash(
                "positive", self.positive, f"above rpn_batch={self.rpn_batch}", "up to rpn_batch"
            )
        return self


class DataSet(Section):
    """A prepared data set.

    Parameters
    ----------
    root, anno : str
        Folder of the crops, and JSON of the boxes; `Recipe.located` says what they are relative to.
    num_use : int, optional
        How often a video of it is used in a round; none, or -1, is each once.
    frame_range : int
        Largest distance of the frames of a pair.
    mark : str
        How messages call it, where that is not its key.
    path_format, mask_format : str
        Names of crops, by frame, track and the letter x; of masks, by frame and track.
    has_mask : bool, optional
        Whether it has masks; else what was prepared says it, or the name.
    """

    root: Annotated[str, Field(min_length=1)]
    anno: Annotated[str, Field(min_length=1)]
    num_use: Count | None = None
    frame_range: Annotated[int, Field(ge=0)] = 100
    mark: str | None = None
    path_format: str = "{}.{}.{}.jpg"
    mask_format: str = "{}.{}.m.png"
    has_mask: bool | None = None

    @field_validator("num_use", mode="before")
    @classmethod
    def _all(cls, value: object) -> object:
        return None if value == -1 and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _formats_fit(self) -> Self:
        for key, fields in (("path_format", 3), ("mask_format", 2)):
            value = getattr(self, key)
            if not _takes(value, fields):
                raise _clash(key, value, "cannot be filled in", f"a text with {fields} times {{}}")
        return self


class Data(Section):
    """What pairs are made of, and how.

    Parameters
    ----------
    datasets : mapping of str to DataSet
        By name; ``coco`` and ``ytb_vos`` have masks where nothing else says so.
    template, search : AugmentationLimits
        Of each image. The original's files may have them, with ``neg`` and ``gray``, in a section
        ``augmentation``.
    neg, inner_neg, gray : float
        Probabilities of a negative pair, of one from a single data set, of a pair without colour.
    num : int, optional
        Pairs of an epoch; by default one round through all data sets.
    template_size, search_size : int
        Sides of the images in px.
    base_size, size : int, optional
        Cells of the response beside ``(search_size - template_size) / 8 + 1``, and in all; by
        default what the network gives.
    anchor_target : AnchorTarget
        Which anchors teach something.
    """

    datasets: Annotated[dict[str, DataSet], Field(min_length=1)]
    template: AugmentationLimits = AugmentationLimits()
    search: AugmentationLimits = AugmentationLimits()
    neg: Probability = 0
    inner_neg: Probability = 0
    gray: Probability = 0
    num: Count | None = None
    template_size: Literal[127] = 127
    search_size: Annotated[int, Field(ge=EXEMPLAR_SIZE)] = 255
    base_size: Annotated[int, Field(ge=0)] | None = None
    size: Count | None = None
    origin_size: Literal[127] = 127
    crop_size: Literal[0] = 0
    template_small: Off = False
    anchor_target: AnchorTarget = AnchorTarget()

    @model_validator(mode="before")
    @classmethod
    def _flatten(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("augmentation"), dict):
            inner = values["augmentation"]
            rest = {key: value for key, value in values.items() if key != "augmentation"}
            if twice := inner.keys() & rest.keys():
                key = min(twice)
                raise _clash(f"augmentation.{key}", inner[key], f"{key} is given twice", "one")
            return {**rest, **inner}
        return values

    @model_validator(mode="after")
    def _sizes_match(self) -> Self:
        over = self.search_size - self.template_size
        if over % STRIDE:
            raise _clash(
                "search_size", self.search_size, "size not match", "127 + 8n, such as 255 and 143"
            )
        if self.size is not None:
            found = over // STRIDE + 1 + self._base_size
            if self.size != found:
                formula = f"({self.search_size} - 127) / 8 + 1 + base_size {self._base_size}"
                raise _clash("size", self.size, "size not match", f"{formula} = {found}")
        return self

    @property
    def cells(self) -> int:
        """Cells along one side of the response."""
        return (self.search_size - self.template_size) // STRIDE + 1 + self._base_size

    @property
    def network_base_size(self) -> int:
        """The ``base_size`` of what the network really gives for such a search image."""
        return BASE_SIZE if self.search_size >= UNCUT else 0

    @property
    def _base_size(self) -> int:
        if self.base_size is not None:
            return self.base_size
        return self.network_base_size


class Training(Section):
    """What the original takes from its command line, and what was fixed in its code.

    Parameters
    ----------
    stage : str, optional
        Which stage this is for.
    epochs : int
        How many.
    batch : int
        Pairs of a step.
    batch_of : str
        ``device``: on each; ``run``: on all devices together.
    lr_times_devices : bool
        Whether all learning rates are multiplied by the number of devices.
    workers : int
        Processes that make samples, for each device.
    seed, list_seed : int
        Of the run, and of the order of the videos alone.
    momentum, weight_decay : float
        Of the optimizer, for every parameter.
    backbone : str
        ``pretrained``: it knows images, and is frozen but for what ``unfreeze`` says; ``fresh``: it
        knows nothing, and all of it trains from the first step, batch normalisation included.
    channels_last : bool, optional
        Whether a pixel's channels lie together in memory; by default what is faster with the large
        network on the device.
    unfreeze : float
        Share of the epochs after which the last stages of the backbone train too; 1 is never.
    unfrozen_lr : float
        What their learning rate is multiplied by.
    rebuild_optimizer : str
        ``phase``: a new optimizer, without momentum, when other parts begin to train; ``epoch``: at
        every epoch, as the original does in the stage sharp.
    largest_loss : float
        A step with a larger loss is skipped, as is one whose loss is no number.
    """

    stage: str | None = None
    epochs: Count = 20
    batch: Count = 64
    batch_of: Literal["device", "run"] = "device"
    lr_times_devices: bool = True
    workers: Annotated[int, Field(ge=0)] = 20
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 12345
    list_seed: Annotated[int, Field(ge=0)] = 123456
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    weight_decay: FromZero = 1e-4
    backbone: Literal["pretrained", "fresh"] = "pretrained"
    channels_last: bool | None = None
    unfreeze: Probability = 0.5
    unfrozen_lr: Positive = 0.1
    rebuild_optimizer: Literal["phase", "epoch"] = "phase"
    largest_loss: Positive = 1e4


class Recipe(Section):
    """All that is to be said of a training but where it runs.

    Parameters
    ----------
    source : str or list of str
        Where the values come from.
    network, hp, anchors, lr, loss, clip, train_datasets, val_datasets
        The sections of the original's files; ``hp`` is the tracker's, `siammask.settings`. No
        training reads the ``val_datasets``.
    training : Training
        What those files leave open.

    Examples
    --------
    >>> recipe = Recipe.named("siammask_base")
    >>> recipe.loss.weight, recipe.lr.end_lr, recipe.train_datasets.cells
    ((1.0, 1.0, 32.0), 0.0005, 25)
    >>> recipe.changed(epochs=0)
    Traceback (most recent call last):
    trainers.errors.RecipeError: training.epochs=0 (accepted: greater than or equal to 1)
    """

    source: str | tuple[str, ...] = ""
    network: Network = Network()
    hp: dict[str, JsonValue] = {}
    anchors: AnchorShapes = AnchorShapes()
    lr: LearningRate = LearningRate()
    loss: Loss = Loss()
    clip: Clip = Clip()
    train_datasets: Data
    val_datasets: Data | None = None
    training: Training = Training()

    _folder: Path | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _network_gives_it(self) -> Self:
        data = self.train_datasets
        if data.base_size not in (None, data.network_base_size):
            real = data.model_copy(update={"base_size": None}).cells
            key = "train_datasets.base_size"
            fault = f"size not match: the network gives {real} cells for {data.search_size} px"
            raise _clash(key, data.base_size, fault, str(data.network_base_size))
        return self

    @classmethod
    def read(cls, path: Path | str, stage: str | None = None) -> Recipe:
        """Read a config file: ours, the original's or the Ascend port's.

        Parameters
        ----------
        path : Path or str
            The file.
        stage : str, optional
            What is to be trained by it; gives the section ``training`` to a file without one.

        Raises
        ------
        RecipeError
            If the file cannot be read, or something in it cannot be used; names the file, and the
            path, value and what is accepted of each such key.
        """
        path = Path(path).expanduser()
        try:
            recipe = cls.parse(_read_text(path), stage)
            # The tracker's part, which has its own rules.
            Settings.read(path)
        except (RecipeError, SettingsError) as error:
            raise RecipeError(error.what, file=path, hint=error.hint) from None
        recipe._folder = path.resolve().parent
        return recipe

    @classmethod
    def parse(cls, text: str, stage: str | None = None) -> Recipe:
        """Do what `read` does with the text of a file, but for the tracker's part.

        Raises
        ------
        RecipeError
            As for `read`.
        """
        values = _parse_json(text)
        if stage is not None and stage in OF_STAGE and "training" not in values:
            own = json.loads(_packaged(OF_STAGE[stage]))["training"]
            values = {**values, "training": own}
        recipe = _checked(cls, values)
        if stage is not None and recipe.training.stage not in (None, stage):
            what = f"training.stage={recipe.training.stage!r}: a recipe of another stage"
            raise RecipeError(what, hint=f"accepted here: {stage!r}")
        return recipe

    @classmethod
    def named(cls, name: str, stage: str | None = None) -> Recipe:
        """Give one of the recipes that come with this package, `NAMES`.

        Raises
        ------
        RecipeError
            If there is none of that name, or it is for another stage.
        """
        if name not in NAMES:
            hint = f"{guess(name, NAMES)}accepted: {', '.join(NAMES)}, or a config.json"
            raise RecipeError(f"no recipe {name!r}", hint=hint)
        return cls.parse(_packaged(name), stage)

    @classmethod
    def find(cls, given: Path | str | None, stage: str) -> Recipe:
        """Give the recipe for a stage by whatever stands for it.

        Parameters
        ----------
        given : Path, str or None
            A file, as `read` takes it; a name, as `named` takes it; None is the stage's own.
        stage : str
            What is to be trained.

        Raises
        ------
        RecipeError
            If `read` or `named` raise it, or the stage has no recipe of its own.
        """
        if given is None:
            if stage not in OF_STAGE:
                raise RecipeError(f"stage {stage!r} has no recipe", hint="give a config.json")
            return cls.named(OF_STAGE[stage], stage)
        if isinstance(given, Path) or given.endswith(".json") or "/" in given:
            return cls.read(given, stage)
        return cls.named(given, stage)

    def changed(self, **training: Any) -> Recipe:
        """Give a recipe with other values in its section ``training``; None changes nothing.

        Raises
        ------
        RecipeError
            If a value is not accepted.
        """
        wanted = {key: value for key, value in training.items() if value is not None}
        values = self.to_dict()
        recipe = _checked(Recipe, {**values, "training": {**values["training"], **wanted}})
        recipe._folder = self._folder
        return recipe

    def located(self, data: Path | None = None) -> Recipe:
        """Give a recipe whose data sets have paths that can be opened from here.

        Parameters
        ----------
        data : Path, optional
            Folder of all data sets. What a relative path has behind a folder called ``data`` lies
            below it: ``../../data/coco/crop511`` in ``DATA/coco/crop511``. Without, a path is
            relative to the config file if it is there, else to the working directory.
        """
        place: Callable[[str], str] = lambda text: str(_place(text, data, self._folder))  # noqa: E731
        changed = {}
        for key in ("train_datasets", "val_datasets"):
            section = getattr(self, key)
            if section is not None:
                sets = {
                    name: each.model_copy(
                        update={"root": place(each.root), "anno": place(each.anno)}
                    )
                    for name, each in section.datasets.items()
                }
                changed[key] = section.model_copy(update={"datasets": sets})
        return self.model_copy(update=changed)

    def device_batch(self, devices: int) -> int:
        """Give the pairs of a step on each of some devices.

        Raises
        ------
        RecipeError
            If a batch of the whole run cannot be shared by them.

        Examples
        --------
        >>> Recipe.named("siammask_base_original").device_batch(4)
        16
        """
        training = self.training
        if training.batch_of == "device":
            return training.batch
        if training.batch % devices:
            what = f"training.batch={training.batch} of the run cannot be shared by {devices}"
            raise RecipeError(what, hint="a multiple of the devices, or batch_of 'device'")
        return training.batch // devices

    def to_dict(self) -> dict[str, Any]:
        """Give everything, defaults included, as JSON has it; `parse` takes it."""
        values: dict[str, Any] = self.model_dump(mode="json")
        return values

    @cached_property
    def anchor_shapes(self) -> Anchors:
        """The anchors as the data and the tracker use them."""
        return self.anchors.anchors


def _clash(key: str, value: object, fault: str, accepted: str) -> PydanticCustomError:
    """Say that a value does not go with another one, or with the network."""
    context = {"key": key, "value": repr(value), "fault": fault, "accepted": accepted}
    return PydanticCustomError("clash", "{fault}", context)


def _takes(text: str, count: int) -> bool:
    try:
        return text.format(*"ftx"[:count]).count("{") == 0 and text.count("{}") <= count
    except (ValueError, LookupError):
        return False


def _packaged(name: str) -> str:
    return (files("trainers") / "configs" / f"{name}.json").read_text("utf-8")


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        hint = f"accepted: a config.json, or {', '.join(NAMES)}"
        raise RecipeError(f"cannot read the recipe: {error.strerror}", hint=hint) from None
    except UnicodeDecodeError:
        raise RecipeError("not JSON: no text", hint="accepted: a config.json") from None


def _parse_json(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise RecipeError(f"not JSON: {error}", hint="accepted: a config.json") from None
    if not isinstance(values, dict):
        what = f"the file holds {shortened(repr(values), 60)}"
        raise RecipeError(what, hint="accepted: a JSON object, a config.json")
    return values


def _checked(model: type[Recipe], values: Mapping[str, Any]) -> Recipe:
    try:
        # By way of JSON, where a list is what a tuple is made of.
        return model.model_validate_json(json.dumps(values, default=str))
    except ValidationError as error:
        faults = [_fault(each) for each in error.errors(include_url=False)]
    what, hint = faults[0]
    more = "".join(f"; {what} ({hint})" for what, hint in faults[1:])
    raise RecipeError(
        f"{what}" if not more else f"{what} ({hint}){more}", hint=None if more else hint
    )


def _fault(error: Any) -> tuple[str, str]:
    """Turn one of pydantic's errors into what is wrong, and what is accepted."""
    loc: tuple[int | str, ...] = error["loc"]
    if error["type"] == "clash":
        context = error["ctx"]
        what = f"{_path((*loc, context['key']))}={context['value']}: {context['fault']}"
        return what, f"accepted: {context['accepted']}"
    value = shortened(json.dumps(error["input"], default=repr), 60)
    if error["type"] == "extra_forbidden":
        known = _keys(loc[:-1])
        section = f" in {_path(loc[:-1])}" if loc[:-1] else ""
        hint = f"{guess(str(loc[-1]), known)}accepted{section}: {', '.join(known)}"
        return f"{_path(loc)}={value}: no such key", hint
    if error["type"] == "missing":
        return f"{_path(loc)} is missing", "it has no default"
    accepted = error["msg"].removeprefix("Input should be ").removeprefix("a valid ")
    return f"{_path(loc)}={value}", f"accepted: {accepted}"


def _path(loc: tuple[int | str, ...]) -> str:
    path = ""
    for each in loc:
        path += f"[{each}]" if isinstance(each, int) else f".{each}" if path else each
    return path


def _keys(loc: tuple[int | str, ...]) -> list[str]:
    """List the keys of the section at a place."""
    section: type[BaseModel] = Recipe
    for each in loc:
        section = _SECTIONS.get(str(each), section)
    if "datasets" in loc:
        section = DataSet
    return list(section.model_fields)


_SECTIONS: Final[Mapping[str, type[BaseModel]]] = {
    "network": Network,
    "anchors": AnchorShapes,
    "lr": LearningRate,
    "warmup": Warmup,
    "loss": Loss,
    "clip": Clip,
    "train_datasets": Data,
    "val_datasets": Data,
    "template": AugmentationLimits,
    "search": AugmentationLimits,
    "anchor_target": AnchorTarget,
    "training": Training,
}


def _place(text: str, data: Path | None, folder: Path | None) -> Path:
    path = Path(text).expanduser()
    if path.is_absolute():
        return path
    if data is not None:
        parts = [part for part in PurePosixPath(text).parts if part not in ("..", ".")]
        return data.joinpath(*(parts[parts.index("data") + 1 :] if "data" in parts else parts))
    if folder is not None and (folder / path).exists():
        return folder / path
    return path
