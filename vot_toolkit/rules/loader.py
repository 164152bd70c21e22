"""Reading rule sets from their TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from vot_toolkit.errors import RulesError
from vot_toolkit.rules.switches import MeasureRules, OverlapRules, ResultRules, Rules

Switches = TypeVar("Switches", OverlapRules, MeasureRules, ResultRules)

TABLES = "accepted: a title and the tables overlap, measures, results of {value, source}"

NAMES = ("vot2018", "pysot", "matlab2019", "matlab7", "vot-toolkit")


def rule_names() -> tuple[str, ...]:
    """List the rule sets, the default first.

    Examples
    --------
    >>> rule_names()
    ('vot2018', 'pysot', 'matlab2019', 'matlab7', 'vot-toolkit')
    """
    return NAMES


@cache
def load_rules(name: str) -> Rules:
    """Read a rule set by name.

    Raises
    ------
    RulesError
        If there is no such rule set, or its file has a wrong or missing switch.

    Examples
    --------
    >>> load_rules("pysot").measures.curve
    'float32'
    >>> load_rules("pysto")
    Traceback (most recent call last):
    vot_toolkit.errors.RulesError: no rule set 'pysto' (did you mean 'pysot'? ...
    """
    if name not in NAMES:
        raise RulesError(f"no rule set {name!r}", hint=_advice(name))
    text = (Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8")
    return parse_rules(text, name)


def as_rules(rules: str | Rules) -> Rules:
    """Give a rule set that is named, or one as it is.

    Raises
    ------
    RulesError
        If there is no rule set of that name.
    """
    return load_rules(rules) if isinstance(rules, str) else rules


def parse_rules(text: str, name: str) -> Rules:
    """Parse a rule set: tables ``overlap``, ``measures``, ``results`` of ``{value, source}``.

    Parameters
    ----------
    text : str
        The TOML text.
    name : str
        Name of the rule set, for errors.

    Raises
    ------
    RulesError
        If the text is no TOML, or a switch is missing, unknown, without a source, or has a value
        that is not accepted.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RulesError(f"rule set {name!r} is not TOML: {error}") from None
    for key in sorted(data.keys() - {"title", "overlap", "measures", "results"}):
        raise RulesError(f"rule set {name!r}: no table {key!r}", hint=TABLES)
    overlap = _switches(OverlapRules, data, "overlap", name)
    measures = _switches(MeasureRules, data, "measures", name)
    results = _switches(ResultRules, data, "results", name)
    return Rules(name, str(data.get("title", name)), overlap, measures, results)


def _switches(kind: type[Switches], data: dict[str, Any], table: str, name: str) -> Switches:
    entries = data.get(table, {})
    if not isinstance(entries, dict):
        raise RulesError(f"rule set {name!r}: {table} is {entries!r}", hint=TABLES)
    hints = get_type_hints(kind)
    values = {}
    for field in fields(kind):
        entry = entries.get(field.name)
        where = f"rule set {name!r}, {table}.{field.name}"
        if not isinstance(entry, dict) or "value" not in entry or not entry.get("source"):
            raise RulesError(f"{where} needs a value and a source")
        accepted = get_args(hints[field.name])
        if not _is_accepted(entry["value"], accepted):
            listed = ", ".join(map(repr, accepted)) or "a whole number from 0"
            raise RulesError(f"{where} is {entry['value']!r}", hint=f"accepted: {listed}")
        values[field.name] = entry["value"]
    for key in sorted(entries.keys() - values.keys()):
        raise RulesError(f"rule set {name!r}: no switch {table}.{key}")
    return kind(**values)


def _is_accepted(value: object, accepted: tuple[object, ...]) -> bool:
    """Tell whether a switch may have a value; 1.0 and true are not 1."""
    if not accepted:
        return type(value) is int and value >= 0
    return any(type(value) is type(choice) and value == choice for choice in accepted)


def _advice(name: str) -> str:
    near = get_close_matches(name, NAMES, n=1)
    suggestion = f"did you mean {near[0]!r}? " if near else ""
    return f"{suggestion}there are {', '.join(NAMES)}"
