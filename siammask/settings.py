"""Settings of the tracker: by name, or from a config file of the original.

The side of a mask is no setting, though the original's files hold one (``out_size``): it is the
network's, 63 px without refinement and 127 px with.

References
----------
Q. Wang et al., "Fast Online Object Tracking and Segmentation: A Unifying Approach", CVPR 2019; the
values are those of the config files published with the code.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from operator import eq
from pathlib import Path
from typing import Any, Final, Literal, get_args

from siammask.anchors import Anchors
from siammask.errors import SettingsError

EXEMPLAR_SIZE: Final = 127
"""Side of the template patch in px; the network is built for it."""

BASE_SIZE: Final = 8
"""Cells that the released code sees beyond a search without padding, (255 - 127) / 8 + 1 = 17."""

NUM_ANCHORS: Final = 5
"""Anchors of one cell; the network has as many outputs."""

LEAST_INSTANCE_SIZE: Final = 143

Windowing = Literal["cosine", "uniform"]
Placement = Literal["original", "exact"]


@dataclass(frozen=True)
class Settings:
    """How the tracker uses what the network says; the defaults are the original's.

    Parameters
    ----------
    penalty_k : float
        Strength of the penalty on a change of size or shape, from 0.
    window_influence : float
        Weight of the window, which favours the middle of the search patch, in [0, 1].
    lr : float
        How fast the size follows, in [0, 1]; the position follows at once, whatever this is.
    seg_thr : float
        Probability above which a pixel belongs to the target, in [0, 1).
    instance_size : int
        Side of the search patch in px: 127 + 8n, at least 143. Networks are trained for 255.
    windowing : str
        ``cosine``, or ``uniform``: no place is favoured.
    placement : str
        Where a mask is pasted into the frame. ``original``: as the released code does and as all
        published numbers were made, which is about ``1 - k/2`` px right of and below its true
        place, ±0.5, with k frame pixels to a pixel of the search patch; less by up to 1 px towards
        the far side of the frame, and by k/2 px for a mask without refinement. ``exact``: at its
        true place.
    anchors : Anchors
        Shapes of the anchors; must be those the network was trained with.

    Raises
    ------
    SettingsError
        If a value cannot be used; says what is accepted.

    Examples
    --------
    >>> Settings().num_cells
    25
    >>> Settings(lr=1.5)
    Traceback (most recent call last):
    siammask.errors.SettingsError: lr=1.5 (accepted for lr: a number in [0, 1])
    """

    penalty_k: float = 0.09
    window_influence: float = 0.39
    lr: float = 0.38
    seg_thr: float = 0.30
    instance_size: int = 255
    windowing: Windowing = "cosine"
    placement: Placement = "original"
    anchors: Anchors = field(default_factory=Anchors)

    def __post_init__(self) -> None:
        for key, (accepts, accepted) in _ACCEPTED.items():
            require(key, getattr(self, key), accepts, accepted)

    @property
    def num_cells(self) -> int:
        """Cells along one side of the network's response."""
        return (self.instance_size - EXEMPLAR_SIZE) // self.anchors.stride + 1 + BASE_SIZE

    @classmethod
    def named(cls, name: str) -> Settings:
        """Give one of the published sets of settings.

        Parameters
        ----------
        name : str
            ``base`` (the defaults; SiamMask-base and the box-only network), ``vot2018``
            (SiamMask_VOT.pth), ``vot2018-ld`` (SiamMask_VOT_LD.pth) or ``davis``
            (SiamMask_DAVIS.pth).

        Raises
        ------
        SettingsError
            If there is no such name.

        Examples
        --------
        >>> Settings.named("vot2018").lr
        0.25
        """
        if name not in NAMED:
            hint = f"{_guess(name, NAMED)}accepted: {', '.join(NAMED)}, or a config.json"
            raise SettingsError(f"settings {name!r}: no such name", hint=hint)
        return NAMED[name]

    @classmethod
    def read(cls, path: Path | str) -> Settings:
        """Read a config file of the original; only its ``hp`` and ``anchors`` concern a tracker.

        Parameters
        ----------
        path : Path or str
            A JSON file. What is not in it has its default.

        Raises
        ------
        SettingsError
            If the file cannot be read, or holds a setting that does not exist or cannot be used;
            names file, key and value.
        """
        path = Path(path).expanduser()
        try:
            return _from_config(_read_json(path))
        except SettingsError as error:
            raise SettingsError(error.what, file=path, hint=error.hint) from error.__cause__

    @classmethod
    def find(cls, given: Settings | Path | str, **changes: Any) -> Settings:
        """Give settings by whatever stands for them, with single values changed.

        Parameters
        ----------
        given : Settings, Path or str
            Settings; a name, as `named` takes it; or a config file, as `read` takes it.
        **changes
            Fields of `Settings`; those that are None stay as they are.

        Raises
        ------
        SettingsError
            If `named` or `read` raise it, or a change is no setting or cannot be used.

        Examples
        --------
        >>> Settings.find("davis", seg_thr=0.5, lr=None) == replace(NAMED["davis"], seg_thr=0.5)
        True
        """
        known = [each.name for each in fields(cls)]
        wanted = {key: value for key, value in changes.items() if value is not None}
        for key in wanted:
            if key not in known:
                hint = f"{_guess(key, known)}accepted: {', '.join(known)}"
                raise SettingsError(f"no setting {key!r}", hint=hint)
        return replace(cls._found(given), **wanted)

    @classmethod
    def _found(cls, given: Settings | Path | str) -> Settings:
        if isinstance(given, Settings):
            return given
        if isinstance(given, Path):
            return cls.read(given)
        accepted = f"Settings, {', '.join(NAMED)}, or a config.json"
        require("settings", given, lambda value: isinstance(value, str), accepted)
        return cls.read(given) if given.endswith(".json") or "/" in given else cls.named(given)


def _guess(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {near[0]!r}? " if near else ""


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def in_unit(value: Any) -> bool:
    """Tell whether a value is a number in [0, 1]."""
    return _is_number(value) and 0 <= value <= 1


def _is_instance_size(value: Any) -> bool:
    fits = isinstance(value, int) and value >= LEAST_INSTANCE_SIZE
    return fits and (value - EXEMPLAR_SIZE) % 8 == 0


def _fit_network(anchors: Any) -> bool:
    # A stride of 8.0 would make a count of cells that is no whole number.
    fits = isinstance(anchors, Anchors) and type(anchors.stride) is int
    return fits and anchors.stride == 8 and len(anchors) == NUM_ANCHORS


Accepts = tuple[Callable[[Any], bool], str]

_ACCEPTED: Final[Mapping[str, Accepts]] = {
    "penalty_k": (lambda value: _is_number(value) and value >= 0, "a number from 0"),
    "window_influence": (in_unit, "a number in [0, 1]"),
    "lr": (in_unit, "a number in [0, 1]"),
    "seg_thr": (lambda value: in_unit(value) and value < 1, "a number in [0, 1)"),
    "instance_size": (_is_instance_size, "127 + 8n, at least 143; networks are trained for 255"),
    "windowing": (lambda value: value in get_args(Windowing), "cosine, uniform"),
    "placement": (lambda value: value in get_args(Placement), "original, exact"),
    "anchors": (_fit_network, "stride 8 and 5 anchors a cell, as the network has"),
}

_FIXED: Final[Mapping[str, object]] = {
    "exemplar_size": EXEMPLAR_SIZE,
    "base_size": BASE_SIZE,
    "total_stride": 8,
    "context_amount": 0.5,
    "anchor_num": NUM_ANCHORS,
}
"""Keys of ``hp`` that the network or the method leaves no choice in."""

_DERIVED: Final = ("out_size", "score_size", "ratios", "scales", "round_dight", "anchor")
"""Keys of ``hp`` that follow from the network or from ``anchors``; their values are not used."""

_ANCHOR_KEYS: Final = ("stride", "ratios", "scales", "round_dight", "anchor_density")


def require(key: str, value: object, accepts: Callable[[Any], bool], accepted: str) -> None:
    """Check a value.

    Raises
    ------
    SettingsError
        If it is not accepted; says what is.
    """
    if not accepts(value):
        raise SettingsError(f"{key}={value!r}", hint=f"accepted for {key}: {accepted}")


def _read_json(path: Path) -> Mapping[str, Any]:
    try:
        config = json.loads(path.read_bytes())
    except OSError as error:
        fault = f"cannot read the settings: {error.strerror}"
        raise SettingsError(fault, hint=f"accepted: a config.json, or {', '.join(NAMED)}") from None
    except ValueError as error:
        raise SettingsError(f"not JSON: {error}", hint="accepted: a config.json") from None
    return _mapping("the file", config)


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        kind = type(value).__name__
        article = "an" if kind[0] in "aeiou" else "a"
        raise SettingsError(
            f"{name} holds {article} {kind}", hint=f"accepted for {name}: a JSON object"
        )
    return value


def _from_config(config: Mapping[str, Any]) -> Settings:
    if not {"hp", "anchors"} & config.keys():
        hint = "accepted: a config.json of the original; eval alone reads what tune writes"
        raise SettingsError("no settings of a tracker: neither hp nor anchors", hint=hint)
    hp = _mapping("hp", config.get("hp", {}))
    free = [key for key in _ACCEPTED if key not in ("anchors", "placement")]
    _check_keys("hp", hp, [*free, *_FIXED, *_DERIVED])
    for key, value in _FIXED.items():
        require(f"hp.{key}", hp.get(key, value), partial(eq, value), f"{value}")
    for key in free:
        if key in hp:
            require(f"hp.{key}", hp[key], *_ACCEPTED[key])
    anchors = _anchors(_mapping("anchors", config.get("anchors", {})))
    return Settings(**{key: hp[key] for key in free if key in hp}, anchors=anchors)


def _anchors(config: Mapping[str, Any]) -> Anchors:
    _check_keys("anchors", config, _ANCHOR_KEYS)
    require("anchors.anchor_density", config.get("anchor_density", 1), partial(eq, 1), "1")
    default = Anchors()
    for key in ("ratios", "scales"):
        value = config.get(key, getattr(default, key))
        require(f"anchors.{key}", value, _are_positive, "a list of numbers above 0")
    digits = config.get("round_dight", 0)
    require("anchors.round_dight", digits, lambda value: type(value) is int, "a whole number")
    return Anchors(
        stride=config.get("stride", default.stride),
        ratios=tuple(config.get("ratios", default.ratios)),
        scales=tuple(config.get("scales", default.scales)),
        round_digits=digits,
    )


def _are_positive(values: Any) -> bool:
    return isinstance(values, (list, tuple)) and all(
        _is_number(value) and value > 0 for value in values
    )


def _check_keys(name: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    known = list(known)
    for key in given:
        if key not in known:
            hint = f"{_guess(key, known)}accepted in {name}: {', '.join(known)}"
            raise SettingsError(f"{name} holds {key}={given[key]!r}", hint=hint)


NAMED: Final[Mapping[str, Settings]] = {
    # The file names are those of the released configs, in the folders of the experiments.
    "base": Settings(),
    "vot2018": Settings(penalty_k=0.04, window_influence=0.42, lr=0.25),  # config_vot.json
    "vot2018-ld": Settings(  # config_vot18.json
        penalty_k=0.10, window_influence=0.41, lr=0.32, seg_thr=0.15
    ),
    "davis": Settings(  # config_davis.json
        penalty_k=0.04, window_influence=0.40, lr=1.0, seg_thr=0.35
    ),
}
"""Settings by name."""
