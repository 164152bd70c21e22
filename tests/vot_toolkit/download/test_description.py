"""Descriptions: what is taken from them, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vot_toolkit.download.description import parse_description
from vot_toolkit.download.stacks import _known, description_url, stack_names
from vot_toolkit.errors import FormatError

URL = "http://localhost/vot/main/description.json"


def entry(**changes):
    """Give a sequence of a description."""
    color = {"url": "../../sequences/1.zip", "pattern": "%08d.jpg"}
    return {
        "name": "bag",
        "annotations": {"url": "bag.zip"},
        "channels": {"color": color},
    } | changes


def parsed(*entries):
    return parse_description(json.dumps({"sequences": entries}).encode(), URL)


def test_addresses_are_relative_to_the_description():
    (sequence,) = parsed(entry())
    assert [archive.url for archive in sequence.archives] == [
        "http://localhost/vot/main/bag.zip",
        "http://localhost/sequences/1.zip",
    ]
    assert [archive.place for archive in sequence.archives] == ["", "color"]
    assert sequence.metadata["channels.color"] == "color/%08d.jpg"


def test_checksums_and_sizes_may_be_missing_or_odd():
    (sequence,) = parsed(entry(annotations={"url": "a", "checksum": "A" * 40, "compressed": -1}))
    assert sequence.archives[0].checksum == "a" * 40
    assert sequence.archives[0].compressed is None
    assert sequence.archives[1].checksum is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "../up"}, "a sequence named '../up'"),
        ({"name": ".."}, "a sequence named"),
        ({"name": None}, "a sequence named None"),
        ({"channels": {}}, "no channels"),
        ({"channels": {"../x": {"url": "a"}}}, "a channel named '../x'"),
        ({"channels": {"color": None}}, "channel color: no url"),
        ({"annotations": {"url": 3}}, "annotations: no url"),
        ({"annotations": {"url": "file:///etc/passwd"}}, "expected one of http or https"),
        ({"annotations": {"url": "a", "checksum": "12"}}, "the digits of md5, sha1"),
        ({"annotations": {"url": "a", "checksum": "g" * 32}}, "checksum 'ggg"),
    ],
)
def test_what_cannot_be_used_is_named(changes, said):
    with pytest.raises(FormatError) as caught:
        parsed(entry(**changes))
    assert said in str(caught.value)


def test_a_sequence_listed_twice():
    with pytest.raises(FormatError, match="'bag' is listed twice"):
        parsed(entry(), entry())


@pytest.mark.parametrize("pattern", ["../%08d.jpg", "%s.jpg", "%0999d.jpg", "%08d\nwidth=1.jpg"])
def test_a_hostile_pattern_is_left_out(pattern):
    (sequence,) = parsed(entry(channels={"color": {"url": "a", "pattern": pattern}}, fps="3\n4"))
    assert set(sequence.metadata) == {"name", "format"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*entry(), "color", "url", "checksum"]), inner)
    ),
    max_leaves=12,
)


@given(st.one_of(st.binary(max_size=50), json_values.map(lambda v: json.dumps(v).encode())))
def test_any_bytes_are_a_description_or_a_named_error(data):
    try:
        parse_description(data, URL)
    except FormatError as error:
        assert URL in error.what


@given(json_values)
def test_any_sequence_is_one_or_a_named_error(value):
    try:
        parsed(value, entry(name="other", channels=value))
    except FormatError as error:
        assert URL in error.what


def test_stacks_have_an_address_and_a_source():
    for name in stack_names():
        assert _known()[name]["source"]
        assert description_url(name.upper(), None).startswith("https://data.votchallenge.net/")
    assert description_url("x", "https://a/b/description.json") == "https://a/b/description.json"
