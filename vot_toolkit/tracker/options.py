"""Options of a tracker: text from the command line made into what its factory declares."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from vot_toolkit.errors import TrackerChoiceError, UsageError
from vot_toolkit.wording import guess

TRUE = ("true", "yes", "on", "1")
FALSE = ("false", "no", "off", "0")
KINDS = "int, float, bool, str, Path, Literal[…], or one of them | None"


def parse_options(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Split options as they stand on the command line.

    Parameters
    ----------
    texts : iterable of str
        Each ``key=value``; the value may be empty and may hold ``=``.

    Returns
    -------
    tuple of (key, value)
        In the same order.

    Raises
    ------
    UsageError
        If there is no ``=``, no key, or a key twice.

    Examples
    --------
    >>> parse_options(["mode=fast", "extra=a=b"])
    (('mode', 'fast'), ('extra', 'a=b'))
    """
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        key = key.strip()
        if not equals or not key:
            raise UsageError(f"option {text!r}", hint="accepted: key=value")
        if key in found:
            raise UsageError(f"option {key!r} is given twice", hint="accepted: each key once")
        found[key] = value
    return tuple(found.items())


def convert_options(
    factory: Callable[..., Any], options: Mapping[str, str], tracker: str
) -> dict[str, Any]:
    """Make the texts into the types that a factory's parameters declare.

    The type is that of the annotation, else that of the default, else text. A factory that takes
    ``**options`` takes any key.

    Parameters
    ----------
    factory : callable
        A function or class with keyword parameters.
    options : mapping
        Key and text.
    tracker : str
        Name for the errors.

    Returns
    -------
    dict
        Keyword arguments: only what was given.

    Raises
    ------
    TrackerChoiceError
        If the factory has no such option, needs one that is not given, or the text does not give
        its type.
    """
    parameters = _parameters(factory)
    if parameters is None:
        return dict(options)
    rest = next((p for p in parameters.values() if p.kind is p.VAR_KEYWORD), None)
    by_key = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    named = {name: p for name, p in parameters.items() if p.kind in by_key}
    _check_needed(named, options, tracker)
    values = {}
    for key, text in options.items():
        parameter = named.get(key, rest)
        if parameter is None:
            raise _unknown(key, named, tracker)
        values[key] = _convert(key, text, parameter, tracker)
    return values


def default_options(factory: Callable[..., Any]) -> dict[str, str]:
    """Give the options that a factory has when none is given, as text; those without are left out.

    Examples
    --------
    >>> def build(mode: str = "exact", scales: int = 3, checkpoint: Path | None = None): ...
    >>> default_options(build)
    {'mode': 'exact', 'scales': '3'}
    """
    parameters = _parameters(factory) or {}
    return {
        name: str(p.default)
        for name, p in parameters.items()
        if p.default is not p.empty and isinstance(p.default, (str, int, float, Path))
    }


def _parameters(factory: Callable[..., Any]) -> Mapping[str, inspect.Parameter] | None:
    """Give a factory's parameters; None where Python cannot tell, as for some compiled classes."""
    # Annotations may name what is imported for type checkers only: then they stay text.
    for evaluate in (True, False):
        with suppress(AttributeError, NameError, SyntaxError, TypeError, ValueError):
            return inspect.signature(factory, eval_str=evaluate).parameters
    return None


def _check_needed(
    named: Mapping[str, inspect.Parameter], options: Mapping[str, str], tracker: str
) -> None:
    for name, parameter in named.items():
        if parameter.default is parameter.empty and name not in options:
            fault = f"tracker {tracker!r} needs option {name!r}"
            raise TrackerChoiceError(fault, hint=f"--option {name}=…; {_accepted(named)}")


def _unknown(key: str, named: Mapping[str, inspect.Parameter], tracker: str) -> TrackerChoiceError:
    what = f"tracker {tracker!r} has no option {key!r}"
    return TrackerChoiceError(what, hint=guess(key, named) + _accepted(named))


def _accepted(named: Mapping[str, inspect.Parameter]) -> str:
    """List options with their defaults: ``search=2.0, device (no default)``."""
    shown = [
        f"{name} (no default)" if p.default is p.empty else f"{name}={_plain(p.default)}"
        for name, p in named.items()
    ]
    return f"accepted: {', '.join(shown)}" if shown else "it has no options"


def _plain(value: object) -> str:
    return value if isinstance(value, str) and value else repr(value)


def _convert(key: str, text: str, parameter: inspect.Parameter, tracker: str) -> Any:
    kinds = _kinds(parameter)
    for kind in kinds:
        with suppress(ValueError):
            return _value(text, kind)
    accepted = " or ".join(_kind_name(kind) for kind in kinds)
    raise TrackerChoiceError(
        f"tracker {tracker!r}, option {key}={text}", hint=f"accepted for {key}: {accepted}"
    )


def _kinds(parameter: inspect.Parameter) -> list[Any]:
    """Give the types to try, in order; None last, so that a name is never taken for it."""
    annotation = parameter.annotation
    # An annotation that is still text could not be evaluated: the default has to tell.
    if annotation is parameter.empty or annotation is Any or isinstance(annotation, str):
        default = parameter.default
        return [str] if default is parameter.empty or default is None else [type(default)]
    if get_origin(annotation) in (Union, types.UnionType):
        parts = get_args(annotation)
        return sorted(parts, key=lambda part: part is types.NoneType)
    return [annotation]


def _value(text: str, kind: Any) -> Any:
    """Make text into one type; ValueError if it cannot be."""
    if kind in (str, object, Any):
        return text
    if kind is types.NoneType and text.lower() in ("none", ""):
        return None
    if kind is bool and text.lower() in TRUE + FALSE:
        return text.lower() in TRUE
    if kind in (int, float):
        return kind(text)
    if isinstance(kind, type) and issubclass(Path, kind) and text:
        return Path(text)
    if get_origin(kind) is Literal:
        names = [str(choice) for choice in get_args(kind)]
        return get_args(kind)[names.index(text)]
    raise ValueError(text)


def _kind_name(kind: Any) -> str:
    if kind is bool:
        return "true, false"
    if kind is types.NoneType:
        return "none"
    if get_origin(kind) is Literal:
        return ", ".join(str(choice) for choice in get_args(kind))
    simple = isinstance(kind, type) and (kind in (int, float, str) or issubclass(Path, kind))
    return kind.__name__ if simple else f"no text ({kind}); a factory can declare {KINDS}"
