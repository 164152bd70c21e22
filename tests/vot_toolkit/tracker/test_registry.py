"""Finding trackers by name and in files."""

from __future__ import annotations

import pickle
import sys

import pytest

from vot_toolkit.errors import TrackerError, UsageError
from vot_toolkit.tracker import registry
from vot_toolkit.tracker.identity import IdentityTracker
from vot_toolkit.tracker.registry import TrackerSpec, tracker_names

MINE = '''
from __future__ import annotations
from dataclasses import dataclass

@dataclass
class Mine:
    """Track nothing."""
    step: int = 2
    def initialize(self, image, region): self.region = region
    def update(self, image): return self.region

class Named(Mine):
    name = "named one"
    deterministic = True

class Odd(Mine):
    name = property(lambda self: "of an object")

class Slotted:
    __slots__ = ("region",)
    def initialize(self, image, region): ...
    def update(self, image): ...

class Half:
    def initialize(self, image, region): ...

class Angry:
    def __init__(self): raise ValueError("no weights")

class Leaving:
    def __init__(self): raise SystemExit(3)

def build(**options): return Named(**options)
constant = 3
'''


def test_registered_tracker(registered):
    registered()
    spec = TrackerSpec("identity")
    assert spec.name == "identity"
    assert isinstance(spec.build(), IdentityTracker)


def test_options_arrive(registered):
    registered()
    assert TrackerSpec.parse("ncc", "search=3").build().search == 3.0


def test_wrong_value_of_an_option(registered):
    registered()
    with pytest.raises(TrackerError, match=r"option search=-1 \(accepted: a finite number above 0"):
        TrackerSpec.parse("ncc", "search=-1").build()


def test_option_without_a_value():
    with pytest.raises(UsageError, match="option 'search'"):
        TrackerSpec.parse("ncc", "search")


def test_unknown_name_suggests(registered):
    registered()
    with pytest.raises(TrackerError, match="no tracker 'crst'") as caught:
        TrackerSpec("crst").build()
    names = "csrt, identity, kcf, medianflow, mil, mosse, ncc"
    assert caught.value.hint == f"did you mean 'csrt'? there are {names}; or give file.py:Class"


def test_unknown_name_that_is_like_no_other(registered):
    registered(one="json:loads")
    with pytest.raises(TrackerError, match=r"no tracker 'siam' \(there are one; or"):
        TrackerSpec("siam").build()


def test_nothing_registered(monkeypatch):
    monkeypatch.setattr(registry, "_find_entry_points", tuple)
    assert tracker_names() == []
    with pytest.raises(TrackerError, match=r"there is none; or give file.py:Class"):
        TrackerSpec("ncc").build()


@pytest.mark.parametrize("value", ["no_such_module_at_all:build", "json:no_such_name"])
def test_tracker_that_cannot_be_loaded(registered, value):
    registered(broken=value)
    with pytest.raises(TrackerError, match="tracker 'broken' cannot be loaded: ") as caught:
        TrackerSpec("broken").build()
    assert value in caught.value.hint


def test_tracker_names_tell_the_first_line(registered):
    registered(
        zero="vot_toolkit.tracker.ncc:build",
        broken="no_such_module_at_all:build",
        bare="json.decoder:NaN",
    )
    assert tracker_names() == [
        ("bare", "Convert a string or number to a floating point number, if possible."),
        (
            "broken",
            "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module_at_all'",
        ),
        ("zero", "Match the first frame's template by normalised cross-correlation, in grey."),
    ]


def test_first_of_two_with_one_name_wins(monkeypatch, registered):
    registered(one="json:loads")
    first = registry._find_entry_points()
    registered(one="json:dumps")
    both = first + registry._find_entry_points()
    monkeypatch.setattr(registry, "_find_entry_points", lambda: both)
    assert TrackerSpec("one").factory().__name__ == "loads"


def test_installed_entry_points_are_read():
    assert isinstance(registry._find_entry_points(), tuple)


def test_class_in_a_file(write_tracker):
    spec = TrackerSpec(f"{write_tracker(MINE)}:Mine", (("step", "5"),))
    tracker = spec.build()
    assert tracker.step == 5
    assert (spec.name, tracker.name, tracker.deterministic) == ("Mine", "Mine", False)


@pytest.mark.parametrize(
    ("attribute", "name"), [("Named", "named one"), ("Odd", "Odd"), ("build", "build")]
)
def test_name_of_a_file_tracker(write_tracker, attribute, name):
    assert TrackerSpec(f"{write_tracker(MINE)}:{attribute}").name == name


def test_function_in_a_file(write_tracker):
    tracker = TrackerSpec(f"{write_tracker(MINE)}:build").build()
    assert (tracker.name, tracker.deterministic) == ("named one", True)


def test_file_is_loaded_once_and_finds_its_neighbours(write_tracker, tmp_path):
    write_tracker("VALUE = 4\n", "neighbour_of_mine.py")
    path = write_tracker("from neighbour_of_mine import VALUE\nclass A: value = VALUE\n")
    spec = TrackerSpec(f"{path}:A")
    assert spec.factory().value == 4
    assert spec.factory() is spec.factory()
    assert sys.path[-1] == str(tmp_path)


@pytest.fixture(autouse=True)
def restored_modules():
    """Forget what a test imported."""
    modules, paths = set(sys.modules), list(sys.path)
    yield
    sys.path[:] = paths
    for name in set(sys.modules) - modules:
        if name.startswith("vot_tracker_") or name == "neighbour_of_mine":
            del sys.modules[name]


def test_relative_path(write_tracker, monkeypatch):
    monkeypatch.chdir(write_tracker(MINE).parent)
    assert TrackerSpec("mine.py:Named").build().name == "named one"


def test_file_that_is_not_there(tmp_path):
    with pytest.raises(TrackerError, match=r"gone.py: no such file"):
        TrackerSpec(f"{tmp_path / 'gone.py'}:Mine").build()


@pytest.mark.parametrize("target", ["mine.py", "dir/mine", "mine.py:", "dir/mine.txt:Mine"])
def test_target_that_names_no_class(target):
    with pytest.raises(TrackerError, match=r"accepted: path/to/file.py:Class"):
        TrackerSpec(target).build()


def test_class_that_is_not_there(write_tracker):
    with pytest.raises(TrackerError, match="no class 'Nmaed' in it") as caught:
        TrackerSpec(f"{write_tracker(MINE)}:Nmaed").build()
    assert caught.value.hint.startswith("did you mean 'Named'? there are Mine, Named, Odd")
    assert caught.value.file.name == "mine.py"


def test_what_is_no_class(write_tracker):
    with pytest.raises(TrackerError, match="no class 'constant' in it"):
        TrackerSpec(f"{write_tracker(MINE)}:constant").build()


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("x = 1\ny = 1 / 0\n", "loading it raised ZeroDivisionError: division by zero", 2),
        ("x = 1\n\nclass A(:\n", "loading it raised SyntaxError", 3),
        ("import no_such_module_at_all\n", "loading it raised ModuleNotFoundError", 1),
        ("import sys\n\nsys.exit(2)\n", "loading it raised SystemExit: 2", 3),
    ],
)
def test_file_that_cannot_be_loaded(write_tracker, text, fault, line):
    with pytest.raises(TrackerError, match=fault) as caught:
        TrackerSpec(f"{write_tracker(text)}:A").build()
    assert caught.value.line == line
    assert not [name for name in sys.modules if name.startswith("vot_tracker_mine")]


@pytest.mark.parametrize(
    ("attribute", "fault"),
    [
        ("Half", "Half has no update"),
        ("Angry", "building it raised ValueError: no weights"),
        ("Leaving", "building it raised SystemExit: 3"),
        ("Slotted", "Slotted has no name, and none can be added"),
    ],
)
def test_what_cannot_be_built(write_tracker, attribute, fault):
    with pytest.raises(TrackerError, match=fault):
        TrackerSpec(f"{write_tracker(MINE)}:{attribute}").build()


def test_spec_crosses_processes():
    spec = TrackerSpec.parse("ncc", "search=3")
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert hash(spec) == hash(TrackerSpec("ncc", (("search", "3"),)))


@pytest.mark.parametrize(
    ("target", "is_file"),
    [("ncc", False), ("a.b", False), ("C:\\x\\mine.py:A", True), ("C:\\x\\mine.py", True)],
)
def test_is_file_target(target, is_file):
    assert registry.is_file_target(target) is is_file


def test_an_error_that_says_what_to_do_comes_through_as_it_is(write_tracker):
    text = """
class Advised(Exception):
    what, hint = "no checkpoint", "give --checkpoint FILE"

def build():
    raise Advised
"""
    with pytest.raises(TrackerError) as error:
        TrackerSpec(f"{write_tracker(text)}:build").build()
    assert str(error.value) == "no checkpoint (give --checkpoint FILE)"
