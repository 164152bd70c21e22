"""Options: from text to what a factory declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Optional, Union

import pytest

from vot_toolkit.errors import TrackerError, UsageError
from vot_toolkit.tracker.options import convert_options, parse_options


def factory(
    count: int,
    ratio: float = 0.5,
    fast: bool = False,
    label: str = "",
    checkpoint: Path | None = None,
    mode: Literal["exact", "fast", 3] = "exact",
    size: int | str = 7,
    *,
    old: Optional[int] = None,  # noqa: UP045
    older: Union[bool, float] = 1.0,  # noqa: UP007
    untyped=2.5,
    silent=None,
    anything: Any = None,
    sizes: list[int] = (),
):
    """Build nothing."""


def convert(**texts: str) -> dict[str, Any]:
    """Convert with the factory above."""
    return convert_options(factory, {"count": "1", **texts}, "mine")


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("count", "12", 12),
        ("ratio", "1e-3", 1e-3),
        ("ratio", "2", 2.0),
        ("fast", "true", True),
        ("fast", "Off", False),
        ("fast", "0", False),
        ("label", "a=b", "a=b"),
        ("label", "", ""),
        ("checkpoint", "x.pth", Path("x.pth")),
        ("checkpoint", "none", Path("none")),
        ("checkpoint", "", None),
        ("mode", "fast", "fast"),
        ("mode", "3", 3),
        ("size", "9", 9),
        ("size", "large", "large"),
        ("old", "3", 3),
        ("old", "none", None),
        ("older", "yes", True),
        ("older", "2.5", 2.5),
        ("untyped", "3", 3.0),
        ("silent", "text", "text"),
        ("anything", "text", "text"),
    ],
)
def test_conversion(key, text, value):
    found = convert(**{key: text})[key]
    assert found == value
    assert type(found) is type(value)


def test_only_what_is_given_is_passed():
    assert convert() == {"count": 1}


@pytest.mark.parametrize(
    ("key", "text", "accepted"),
    [
        ("count", "1.5", "int"),
        ("ratio", "high", "float"),
        ("fast", "maybe", "true, false"),
        ("mode", "slow", "exact, fast, 3"),
        ("old", "x", "int or none"),
        ("sizes", "1,2", "no text"),
    ],
)
def test_wrong_text_names_key_value_and_type(key, text, accepted):
    with pytest.raises(TrackerError, match=f"tracker 'mine', option {key}={text}") as caught:
        convert(**{key: text})
    assert accepted in caught.value.hint


def test_unknown_option_lists_all_with_defaults():
    with pytest.raises(TrackerError, match="tracker 'mine' has no option 'rato'") as caught:
        convert(rato="1")
    hint = caught.value.hint
    assert hint.startswith("did you mean 'ratio'? accepted: count (no default), ratio=0.5, ")
    assert "mode=exact" in hint
    assert "label=''" in hint


def test_missing_option():
    with pytest.raises(TrackerError, match="tracker 'mine' needs option 'count'"):
        convert_options(factory, {}, "mine")


def test_factory_without_options():
    with pytest.raises(TrackerError, match=r"no option 'device' \(it has no options\)"):
        convert_options(lambda: None, {"device": "cpu"}, "mine")


def test_factory_of_any_options():
    def build(size: int = 1, **options):
        return size, options

    assert convert_options(build, {"size": "2", "device": "cpu"}, "mine") == {
        "size": 2,
        "device": "cpu",
    }


def test_class_is_a_factory():
    class Mine:
        def __init__(self, size: int = 3) -> None:
            self.size = size

    assert convert_options(Mine, {"size": "4"}, "mine") == {"size": 4}


def test_annotation_that_cannot_be_evaluated_leaves_the_default_to_tell():
    def build(size: Unimported = 3, other: Unimported = None):  # noqa: F821
        return size

    options = {"size": "4", "other": "x"}
    assert convert_options(build, options, "mine") == {"size": 4, "other": "x"}


def test_factory_that_python_cannot_look_into():
    assert convert_options(type("Odd", (), {"__signature__": 3}), {"a": "1"}, "mine") == {"a": "1"}


def test_parse_options():
    assert parse_options([]) == ()
    assert parse_options(["a=1", " b =x=y", "c="]) == (("a", "1"), ("b", "x=y"), ("c", ""))


@pytest.mark.parametrize("texts", [["a"], ["=1"], [""], ["a=1", "a=2"]])
def test_parse_options_refuses(texts):
    with pytest.raises(UsageError):
        parse_options(texts)
