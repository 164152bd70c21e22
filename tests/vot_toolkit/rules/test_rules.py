"""Rule sets as data."""

from __future__ import annotations

import tomllib
from dataclasses import FrozenInstanceError, asdict, fields
from importlib.resources import files
from typing import get_args, get_type_hints

import pytest

from vot_toolkit.errors import RulesError
from vot_toolkit.rules import (
    MeasureRules,
    OverlapRules,
    ResultRules,
    load_rules,
    rule_names,
)
from vot_toolkit.rules.loader import parse_rules

NAMES = ("vot2018", "matlab2019", "matlab7", "pysot", "vot-toolkit")
TABLES = {"overlap": OverlapRules, "measures": MeasureRules, "results": ResultRules}

# Each switch under vot2018, matlab2019, matlab7, pysot and vot-toolkit; one value stands for all.
SWITCHES = {
    "overlap": {
        "rectangle": ("x+w", "x+w-1", "x+w-1", "x+w", "x+w-1"),
        "rounding": ("away", "away", "away", "away", "even"),
        "fill": (2018, 2018, 2020, 2018, 2020),
        "degenerate": ("box-guards", "box-guards", "box-guards", "box-guards", "thin-is-one"),
        "precision": ("float32", "float32", "float32", "float32", "float64"),
    },
    "measures": {
        "coordinates": ("float32", "float32", "float32", "float64", "float32"),
        "accuracy_bounds": ("size",),
        "eao_bounds": ("size-1", "size-1", "size-1", "size-1", "size"),
        "burn_in": (10,),
        "skip_initialize": (5,),
        "accuracy": (*("pooled-frames",) * 4, "weighted-sequences"),
        "robustness": (
            *("per-annotated-frame",) * 3,
            "per-compared-frame",
            "weighted-failures",
        ),
        "attributes": (*("accuracy-failures-eao",) * 3, "eao", "none"),
        "special_overlap": ("nan", "nan", "nan", "nan", "zero"),
        "closing": (*("restart-inside",) * 3, "restart-at-end", "every"),
        "unfailed_nan": ("keep", "keep", "keep", "keep", "zero"),
        "longest": ("sequence", "sequence", "sequence", "result", "result"),
        "fragment_weight": (*("own-sequence",) * 3, "last-sequence", "one"),
        "curve": ("float64", "float64", "float64", "float32", "float32"),
        "first_length": (1, 1, 1, 1, 0),
        "average_overlap": (*("all-frames",) * 3, "none", "weighted-sequences"),
    },
    "results": {
        "longer": ("cut", "cut", "cut", "cut", "reject"),
        "shorter": ("keep", "keep", "keep", "keep", "reject"),
    },
}


def text_of(name: str) -> str:
    """Give the file of a rule set."""
    return (files("vot_toolkit.rules") / f"{name}.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_switches_have_the_values_of_the_reference_programs(name):
    column = NAMES.index(name)
    expected = {
        table: {key: values[column % len(values)] for key, values in switches.items()}
        for table, switches in SWITCHES.items()
    }
    rules = load_rules(name)
    assert {table: asdict(getattr(rules, table)) for table in TABLES} == expected


def test_the_table_above_names_every_switch_once():
    for table, kind in TABLES.items():
        assert list(SWITCHES[table]) == [field.name for field in fields(kind)]
        assert all(len(values) in (1, 5) for values in SWITCHES[table].values())


def test_names_are_those_of_the_files_with_the_default_first():
    folder = files("vot_toolkit.rules").iterdir()
    found = {entry.name.removesuffix(".toml") for entry in folder if entry.name.endswith(".toml")}
    assert set(rule_names()) == found == set(NAMES)
    assert rule_names()[0] == "vot2018"


@pytest.mark.parametrize("name", NAMES)
def test_every_switch_names_its_source_and_every_set_its_numbers(name):
    data = tomllib.loads(text_of(name))
    sources = [entry["source"] for table in TABLES for entry in data[table].values()]
    assert len(sources) == 23
    assert all(len(source) > 20 for source in sources)
    assert load_rules(name).name == name
    assert load_rules(name).title == data["title"] != name


@pytest.mark.parametrize("name", NAMES)
def test_what_is_loaded_is_what_is_parsed_and_cannot_be_changed(name):
    rules = load_rules(name)
    assert rules is load_rules(name)
    assert rules == parse_rules(text_of(name), name)
    with pytest.raises(FrozenInstanceError):
        rules.measures.burn_in = 0


def without(table: str, key: str) -> str:
    """Leave a switch out of the default rule set."""
    kept, inside = [], False
    for line in text_of("vot2018").splitlines():
        if line.startswith("["):
            inside = line == f"[{table}]"
        if not (inside and line.startswith(f"{key} =")):
            kept.append(line)
    return "\n".join(kept)


def replaced(table: str, key: str, entry: str) -> str:
    """Give a switch another entry."""
    return without(table, key).replace(f"[{table}]", f"[{table}]\n{key} = {entry}")


@pytest.mark.parametrize(
    ("table", "key"), [(table, key) for table, switches in SWITCHES.items() for key in switches]
)
def test_a_missing_switch_value_or_source_is_named(table, key):
    message = rf"rule set 'mine', {table}\.{key} needs a value and a source"
    for text in (
        without(table, key),
        replaced(table, key, "1"),
        replaced(table, key, '{ source = "TraX" }'),
        replaced(table, key, "{ value = 1 }"),
        replaced(table, key, '{ value = 1, source = "" }'),
    ):
        with pytest.raises(RulesError, match=message):
            parse_rules(text, "mine")


@pytest.mark.parametrize(
    ("table", "key", "value", "accepted"),
    [
        ("overlap", "rectangle", '"x+w-2"', r"'x\+w', 'x\+w-1'"),
        ("overlap", "fill", "2019", "2018, 2020"),
        ("overlap", "fill", "2018.0", "2018, 2020"),
        ("overlap", "fill", '"2018"', "2018, 2020"),
        ("measures", "first_length", "true", "0, 1"),
        ("measures", "curve", '"float16"', "'float32', 'float64'"),
        ("measures", "burn_in", '"ten"', "a whole number from 0"),
        ("measures", "burn_in", "10.0", "a whole number from 0"),
        ("measures", "burn_in", "true", "a whole number from 0"),
        ("measures", "skip_initialize", "-5", "a whole number from 0"),
        ("results", "longer", "[]", "'cut', 'reject'"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_accepted(table, key, value, accepted):
    text = replaced(table, key, f'{{ value = {value}, source = "a source" }}')
    with pytest.raises(RulesError, match=rf"'mine', {table}\.{key} is .* \(accepted: {accepted}\)"):
        parse_rules(text, "mine")


def test_every_accepted_value_is_accepted():
    for table, kind in TABLES.items():
        for key, hint in get_type_hints(kind).items():
            for value in get_args(hint) or (0, 25):
                written = f'"{value}"' if isinstance(value, str) else value
                text = replaced(table, key, f'{{ value = {written}, source = "a source" }}')
                assert getattr(getattr(parse_rules(text, "mine"), table), key) == value


@pytest.mark.parametrize("table", TABLES)
def test_an_unknown_switch_is_named(table):
    text = replaced(table, "colour", '{ value = 1, source = "a source" }')
    with pytest.raises(RulesError, match=rf"rule set 'mine': no switch {table}\.colour"):
        parse_rules(text, "mine")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = yes", r"rule set 'mine' is not TOML: .*line 1"),
        ("", r"'mine', overlap\.rectangle needs"),
        ('title = "a"\noverlap = 3', r"rule set 'mine': overlap is 3 \(accepted: a title and"),
        (text_of("pysot") + "\n[overlaps]\n", r"rule set 'mine': no table 'overlaps' \(accepted"),
    ],
)
def test_broken_files_are_refused_with_what_is_wrong(text, message):
    with pytest.raises(RulesError, match=message):
        parse_rules(text, "mine")


def test_a_title_is_the_name_where_there_is_none():
    text = text_of("vot2018").split("\n", 1)[1]
    assert parse_rules(text, "mine").title == "mine"


@pytest.mark.parametrize("name", ["vot2018.toml", "VOT2018", "../rules/vot2018", ""])
def test_only_the_listed_names_are_opened(name):
    with pytest.raises(RulesError, match=r"no rule set .*there are vot2018, pysot"):
        load_rules(name)
