"""Messages as text, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.errors import FormatError
from vot_toolkit.tracker.trax.message import Message, format_message, parse_message

GREETING = (
    '@@TRAX:hello "trax.name=" "trax.family=" "trax.image=path;" "trax.region=mask;" '
    '"trax.version=4" "vot=python" "trax.channels=color;" \n'
)


def test_a_greeting_of_the_library():
    message = parse_message(GREETING)
    assert (message.name, message.arguments) == ("hello", ())
    assert message.properties == {
        "trax.name": "",
        "trax.family": "",
        "trax.image": "path;",
        "trax.region": "mask;",
        "trax.version": "4",
        "vot": "python",
        "trax.channels": "color;",
    }


@pytest.mark.parametrize(
    ("line", "arguments", "properties"),
    [
        ("@@TRAX:state 1,2,3,4 confidence=0.5", ("1,2,3,4",), {"confidence": "0.5"}),
        ('@@TRAX:state "1,2,3,4" "confidence=0.5"', ("1,2,3,4",), {"confidence": "0.5"}),
        ('@@TRAX:state "1,2" "3,4"\r', ("1,2", "3,4"), {}),
        ("@@TRAX:quit", (), {}),
        ('@@TRAX:state ""', ("",), {}),
        (r'@@TRAX:state "a\"b\\c\nd"', ('a"b\\c\nd',), {}),
        ('@@TRAX:state "a b=c"', ("a b=c",), {}),  # a key has no blank in it
    ],
)
def test_words(line, arguments, properties):
    message = parse_message(line)
    assert (message.arguments, message.properties) == (arguments, properties)


@pytest.mark.parametrize(
    "line",
    ["@@TRAX:", "@@TRAX: state", "@@TRAX:1,2", '@@TRAX:state "1', '@@TRAX:state a"b', "@@TRAX:s!"],
)
def test_what_is_no_message(line):
    with pytest.raises(FormatError, match="a message"):
        parse_message(line)


def test_what_is_written():
    message = Message("initialize", ('file:///a "b"\\c.jpg', "1,2"), {"note": "two\nlines"})
    assert format_message(message) == (
        '@@TRAX:initialize "file:///a \\"b\\"\\\\c.jpg" "1,2" "note=two\\nlines"\n'
    )


KEYS = st.from_regex(r"\A[A-Za-z0-9._]{1,64}\Z")


@given(
    name=st.sampled_from(["frame", "state"]),
    words=st.lists(st.text().filter(lambda text: "=" not in text), max_size=4),
    properties=st.dictionaries(KEYS, st.text(), max_size=4),
)
def test_what_is_written_is_read(name, words, properties):
    message = Message(name, tuple(words), properties)
    line = format_message(message)
    assert line.count("\n") == 1 and line.endswith("\n")
    assert parse_message(line) == message


@given(st.text())
def test_any_line_is_a_message_or_an_error(text):
    try:
        parse_message("@@TRAX:" + text)
    except FormatError:
        return
