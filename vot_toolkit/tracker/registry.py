"""Finding and building trackers: by name, through entry points, from a file, or as a program.

A tracker is registered under the entry-point group `GROUP`; what the entry point names is a factory
``build(**options)``. The first line of its docstring describes the tracker.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from vot_toolkit.errors import TrackerChoiceError, TrackerError, UserError
from vot_toolkit.tracker.options import convert_options, default_options, parse_options
from vot_toolkit.tracker.protocol import METHODS, Tracker, missing_parts
from vot_toolkit.wording import guess, shortened

GROUP = "vot_toolkit.trackers"

SECTIONS = ".ini"
"""Ending of a file whose sections are trackers."""

Factory = Callable[..., Any]


@dataclass(frozen=True)
class TrackerSpec:
    """A tracker to be built, wherever that will be: it can be sent to another process.

    Parameters
    ----------
    target : str
        A registered name, ``ncc``; a class or function in a file, ``path/to/file.py:Class``; or a
        section of the official toolkit's list, ``path/to/trackers.ini:SECTION``.
    options : tuple of (key, value)
        Texts, converted to what the factory declares when it is built; only what was given.
    """

    target: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, target: str, *texts: str) -> TrackerSpec:
        """Make a spec of what stands on the command line; each text is ``key=value``.

        Raises
        ------
        UsageError
            If a text is no ``key=value``.

        Examples
        --------
        >>> TrackerSpec.parse("ncc", "search=3").options
        (('search', '3'),)
        """
        return cls(target, parse_options(texts))

    @property
    def name(self) -> str:
        """The registered name; for a file, the class's `name` if it has one, else its own name.

        The tracker of a section is named as that is.

        Raises
        ------
        TrackerError
            If the file, or the class in it, cannot be loaded.
        """
        if not is_file_target(self.target):
            return self.target
        if is_section_target(self.target):
            return _split(self.target)[1]
        name = getattr(self.factory(), "name", None)
        return name if isinstance(name, str) else _split(self.target)[1]

    def factory(self) -> Factory:
        """Load what builds the tracker.

        Raises
        ------
        TrackerError
            If there is no such tracker, or it cannot be loaded.
        """
        if is_section_target(self.target):
            return _from_section(self.target)
        return _from_file(self.target) if is_file_target(self.target) else _by_name(self.target)

    def settled_options(self) -> dict[str, str]:
        """Give the options that hold: the factory's own, and in their place what was given.

        A factory that cannot be loaded has none of its own; building the tracker says why.
        """
        try:
            own = default_options(self.factory())
        except UserError:
            own = {}
        return {**own, **dict(self.options)}

    def construct(self) -> object:
        """Call the factory, and take what it gives.

        Raises
        ------
        TrackerError
            If the factory cannot be loaded, does not take the options, or raises.
        """
        factory = self.factory()
        options = convert_options(factory, dict(self.options), self.target)
        try:
            return factory(**options)
        except UserError:
            raise
        except (Exception, SystemExit) as error:
            raise _building_fault(self.target, error) from error

    def build(self) -> Tracker:
        """Build the tracker; one that does not say its name or determinism is given them.

        Returns
        -------
        Tracker
            With `name` (this spec's, if it has none) and `deterministic` (False, if it has none).

        Raises
        ------
        TrackerError
            If it cannot be built, or what was built is no tracker.
        """
        tracker: Any = self.construct()
        missing = missing_parts(tracker)
        methods = [part for part in missing if part in METHODS]
        if methods:
            fault = f"tracker {self.target!r}: {_kind(tracker)} has no {' and no '.join(methods)}"
            hint = "a tracker has initialize(image, region) and update(image)"
            raise TrackerError(fault, hint=hint)
        defaults = {"name": self.name, "deterministic": False}
        for part in missing:
            _set(tracker, part, defaults[part])
        return cast(Tracker, tracker)


def _building_fault(target: str, error: BaseException) -> TrackerError:
    """Make an error of a tracker's own into ours; one that says what and what to do keeps that."""
    what, hint = (getattr(error, name, None) for name in ("what", "hint"))
    if isinstance(what, str):
        file = getattr(error, "file", None)
        return TrackerError(what, file=file, hint=hint if isinstance(hint, str) else None)
    raised = shortened(f"{type(error).__name__}: {error}").removesuffix(":")
    return TrackerError(f"tracker {target!r}: building it raised {raised}")


def tracker_names() -> list[tuple[str, str]]:
    """List the registered trackers.

    Returns
    -------
    list of (name, description)
        Sorted. The description is one line; of a tracker that cannot be loaded it says why.
    """
    return [(name, _description(entry)) for name, entry in sorted(_entries().items())]


def is_registered(target: str) -> bool:
    """Tell whether a target is the name of a registered tracker; nothing is loaded for it."""
    return target in _entries()


def is_file_target(target: str) -> bool:
    """Tell whether a target names a file rather than a registered tracker.

    Examples
    --------
    >>> is_file_target("my.py:Tracker"), is_file_target("dir/my.py"), is_file_target("ncc")
    (True, True, False)
    """
    path = _split(target)[0]
    return path.endswith((".py", SECTIONS)) or "/" in target or "\\" in target


def is_section_target(target: str) -> bool:
    """Tell whether a target names a section of a ``trackers.ini``.

    Examples
    --------
    >>> is_section_target("trackers.ini:KCF"), is_section_target("my.py:Tracker")
    (True, False)
    """
    return _split(target)[0].endswith(SECTIONS)


def target_in(sections: Path | None, name: str) -> str:
    """Give the target of a name that may be a section of a ``trackers.ini``.

    Parameters
    ----------
    sections : Path or None
        The file; a section in it comes before a registered tracker of that name.
    name : str
        As typed by the user.

    Returns
    -------
    str
        For `TrackerSpec`.

    Raises
    ------
    UserError
        If the file cannot be read, or the name is neither a section nor a registered tracker.
    """
    if sections is None or is_file_target(name):
        return name
    from vot_toolkit.tracker.trax.description import read_description, tracker_sections

    known = [section for section, _ in tracker_sections(sections)]
    if name not in known and is_registered(name):
        return name
    # Raises for a name that is not there, and says what is.
    read_description(sections, name)
    return f"{sections}:{name}"


def _set(tracker: object, part: str, value: object) -> None:
    try:
        setattr(tracker, part, value)
    # An object with __slots__, or a frozen one, takes nothing.
    except (AttributeError, TypeError) as error:
        fault = f"tracker {_kind(tracker)} has no {part}, and none can be added"
        raise TrackerError(fault, hint=f"its class can say {part} = {value!r}") from error


@cache
def _find_entry_points() -> tuple[EntryPoint, ...]:
    # What is installed stays the same while a program runs, and the search reads the metadata of
    # every package there is, 10 ms.
    return tuple(entry_points(group=GROUP))


def _entries() -> dict[str, EntryPoint]:
    """Index the entry points; of two with one name the first found wins, as on the import path."""
    return {entry.name: entry for entry in reversed(_find_entry_points())}


def _by_name(name: str) -> Factory:
    entries = _entries()
    if name not in entries:
        fault = f"no tracker {name!r}"
        raise TrackerChoiceError(fault, hint=_choices(name, sorted(entries), "file.py:Class"))
    try:
        return cast(Factory, entries[name].load())
    except UserError:
        raise
    except Exception as error:
        fault = f"tracker {name!r} cannot be loaded: {type(error).__name__}: {error}"
        raise TrackerError(fault, hint=f"it is registered as {entries[name].value}") from error


def _from_file(target: str) -> Factory:
    """Load a class or function from a Python file."""
    text, name = _split(target)
    path = Path(text).expanduser()
    if path.suffix != ".py" or not name:
        raise TrackerChoiceError(f"tracker {target!r}", hint="accepted: path/to/file.py:Class")
    if not path.is_file():
        raise TrackerChoiceError("no such file", file=path, hint="accepted: path/to/file.py:Class")
    module = _load(path.resolve())
    factory = getattr(module, name, None)
    if not callable(factory):
        found = [key for key, value in vars(module).items() if _is_defined_in(value, module)]
        raise TrackerChoiceError(f"no class {name!r} in it", file=path, hint=_choices(name, found))
    return cast(Factory, factory)


def _from_section(target: str) -> Factory:
    """Give what builds the tracker of a section; its options go to the program."""
    from vot_toolkit.tracker.trax.description import read_description
    from vot_toolkit.tracker.trax.tracker import TraxTracker

    path, name = _split(target)
    return partial(TraxTracker, read_description(Path(path).expanduser(), name))


def _load(path: Path) -> ModuleType:
    """Import a file once, under a name of its own; its folder joins the import path, last."""
    name = f"vot_tracker_{path.stem}_{zlib.crc32(str(path).encode()):08x}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None, "a .py file has a loader"
    module = importlib.util.module_from_spec(spec)
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        fault = f"loading it raised {type(error).__name__}: {error}"
        raise TrackerError(fault, file=path, line=_line(error, path)) from error
    return module


def _line(error: BaseException, path: Path) -> int | None:
    """Find the line of a file at which an error was raised."""
    if isinstance(error, SyntaxError):
        return error.lineno
    frame, line = error.__traceback__, None
    while frame is not None:
        if frame.tb_frame.f_code.co_filename == str(path):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line


def _is_defined_in(value: object, module: ModuleType) -> bool:
    return inspect.isclass(value) and value.__module__ == module.__name__


def _choices(name: str, names: list[str], other: str | None = None) -> str:
    """Say what there is, and what may have been meant."""
    there = f"there are {', '.join(names)}" if names else "there is none"
    return f"{guess(name, names)}{there}" + (f"; or give {other}" if other else "")


def _description(entry: EntryPoint) -> str:
    try:
        text = inspect.getdoc(entry.load())
    # One broken tracker must not hide the others: its line says what is wrong with it.
    except Exception as error:
        return f"cannot be loaded: {type(error).__name__}: {error}".splitlines()[0]
    return text.splitlines()[0] if text else "no description"


def _split(target: str) -> tuple[str, str]:
    """Split a target at its last colon, but not behind a Windows drive letter."""
    path, colon, name = target.rpartition(":")
    return (path, name) if colon and "/" not in name and "\\" not in name else (target, "")


def _kind(value: object) -> str:
    return value.__name__ if inspect.isclass(value) else type(value).__name__
