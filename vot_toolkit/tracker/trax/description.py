"""``trackers.ini``: the official toolkit's list of trackers, a section each."""

from __future__ import annotations

import hashlib
import math
import os
import shlex
import sys
from collections.abc import Mapping
from configparser import ConfigParser, SectionProxy
from configparser import Error as IniError
from dataclasses import dataclass
from pathlib import Path
from string import Template

from vot_toolkit.errors import FormatError, TrackerChoiceError, TrackerError
from vot_toolkit.wording import guess, shortened

PROTOCOLS = ("trax", "traxpython")

TIMEOUT_S = 30.0
"""Time for a reply where the section gives none, as in the toolkits of the challenge."""

SHELL_CHARACTERS = frozenset("|&;<>()$`*?[]{}#~=!\n")
"""What means more to a shell than itself."""

KEYS = (
    *("label", "protocol", "command", "paths", "linkpaths", "timeout", "python"),
    # These mean something to the official toolkit, and nothing here; `restart`, since programs are
    # always restarted: a server of TraX 4 takes a second start for a second target.
    *("restart", "version", "tags", "socket", "log", "convert"),
)
FAMILIES = ("env_", "arg_", "meta_")


@dataclass(frozen=True)
class Description:
    """One section of a ``trackers.ini``.

    Parameters
    ----------
    name : str
        The section; names the folder of the tracker's results.
    label : str
        The tracker's name for people.
    protocol : str
        ``trax``: `command` is one for the shell. ``traxpython``: it is the name of a module that is
        imported, or a Python statement that begins with an import.
    command : str
        What to run.
    folder : Path
        That of the file: the program runs there, and relative paths begin there.
    paths : tuple of str
        Where Python looks for modules first.
    link_paths : tuple of str
        Where the system looks for libraries first.
    variables : mapping from str to str
        Environment variables; ``${NAME}`` stands for one that is there already.
    arguments : mapping from str to str
        Properties for the program.
    timeout_s : float
        Time for a reply, in s.
    python : str
        Interpreter of ``traxpython``.
    deterministic : bool
        Its own word, ``meta_deterministic``.
    """

    name: str
    label: str
    protocol: str
    command: str
    folder: Path
    paths: tuple[str, ...]
    link_paths: tuple[str, ...]
    variables: Mapping[str, str]
    arguments: Mapping[str, str]
    timeout_s: float
    python: str
    deterministic: bool

    def command_line(self) -> str | list[str]:
        """Give the program with its arguments, or a command that needs the shell."""
        if self.protocol == "trax":
            # Without a shell around it, how it ended is how the program ended.
            needs_shell = set(self.command) & SHELL_CHARACTERS
            return self.command if needs_shell else shlex.split(self.command)
        starts = self.command.startswith(("import ", "from "))
        statement = self.command if starts else f"import {self.command}"
        return [self.python, "-c", f"import sys; sys.path[:0] = {list(self.paths)}; {statement}"]

    def environment(self, present: Mapping[str, str]) -> dict[str, str]:
        """Give the environment variables to run with, on top of those present."""
        own = {key: Template(text).safe_substitute(present) for key, text in self.variables.items()}
        result = {**present, **own}
        if self.link_paths:
            before = [text for text in [result.get("LD_LIBRARY_PATH")] if text]
            result["LD_LIBRARY_PATH"] = os.pathsep.join([*self.link_paths, *before])
        return result


def read_description(path: Path, name: str) -> Description:
    """Read one section.

    Raises
    ------
    TrackerChoiceError
        If there is no such file or section.
    FormatError
        If the file is none of this kind, or a value of the section is not accepted.
    TrackerError
        If its protocol is not spoken here.
    """
    sections = _read(path)
    if name not in sections:
        names = sections.sections()
        hint = f"{guess(name, names)}there are {', '.join(names)}"
        raise TrackerChoiceError(f"no tracker {name!r} in it", file=path, hint=hint)
    return _description(path, sections[name])


def tracker_sections(path: Path) -> list[tuple[str, str]]:
    """List the sections with their labels; raises as `read_description`."""
    sections = _read(path)
    return [(name, sections[name].get("label", name)) for name in sections.sections()]


def section_digest(path: Path, name: str) -> str:
    """Hash one section; another tracker in the file may change. Raises as `read_description`."""
    section = _read(path)[name]
    lines = sorted(f"{key}={text}\n" for key, text in section.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _read(path: Path) -> ConfigParser:
    # Percent signs and the case of keys, such as env_PATH, mean what they say.
    parser = ConfigParser(interpolation=None, default_section="")
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    try:
        parser.read_string(path.read_text(encoding="utf-8-sig"), str(path))
    except OSError as error:
        fault, hint = f"cannot be read: {error.strerror}", "expected a trackers.ini"
        raise TrackerChoiceError(fault, file=path, hint=hint) from None
    except UnicodeDecodeError:
        raise FormatError("no text in UTF-8", file=path) from None
    except IniError as error:
        faulty = getattr(error, "errors", None)
        line = faulty[0][0] if faulty else getattr(error, "lineno", None)
        hint = "expected lines [tracker], then key = value"
        raise FormatError(shortened(error.message), file=path, line=line, hint=hint) from None
    if not parser.sections():
        raise FormatError("no tracker in it", file=path, hint="expected [tracker], then its keys")
    return parser


def _description(path: Path, section: SectionProxy) -> Description:
    folder = path.absolute().parent
    values = _Values(path, section)
    values.check_keys()
    return Description(
        name=section.name,
        label=section.get("label", section.name),
        protocol=values.protocol(),
        command=values.command(),
        folder=folder,
        paths=values.paths("paths", folder),
        link_paths=values.paths("linkpaths", folder),
        variables=values.family("env_"),
        arguments=values.family("arg_"),
        timeout_s=values.timeout_s(),
        python=section.get("python", sys.executable),
        deterministic=section.get("meta_deterministic", "").lower() in ("true", "1", "yes"),
    )


class _Values:
    """The values of a section, each checked."""

    def __init__(self, path: Path, section: SectionProxy) -> None:
        self._path, self._section = path, section

    def check_keys(self) -> None:
        """Refuse a key that looks misspelt; others may mean something to other tools."""
        for key in self._section:
            near = guess(key, KEYS)
            if key not in KEYS and not key.startswith(FAMILIES) and near:
                raise self._fault(f"key {key!r}", near + f"accepted: {', '.join(KEYS)}")

    def protocol(self) -> str:
        name = self._section.get("protocol", "trax").strip().lower()
        if name in PROTOCOLS:
            return name
        what = f"[{self._section.name}]: protocol {name!r} is not spoken here"
        hint = f"{guess(name, PROTOCOLS)}accepted: {', '.join(PROTOCOLS)}"
        raise TrackerError(what, file=self._path, hint=hint)

    def command(self) -> str:
        text = self._section.get("command", "").strip()
        if not text:
            raise self._fault("no command", "command = what to run")
        try:
            shlex.split(text)
        except ValueError as error:
            raise self._fault(f"command = {text}: {error}", "close every quote") from None
        return text

    def paths(self, key: str, folder: Path) -> tuple[str, ...]:
        """Split paths at semicolons; relative ones begin at the file's folder."""
        texts = (text.strip() for text in self._section.get(key, "").split(";"))
        return tuple(str(folder / Path(text).expanduser()) for text in texts if text)

    def family(self, prefix: str) -> dict[str, str]:
        """Give the keys of a family without what they begin with."""
        return {
            key.removeprefix(prefix): text
            for key, text in self._section.items()
            if key.startswith(prefix)
        }

    def timeout_s(self) -> float:
        text = self._section.get("timeout", str(TIMEOUT_S))
        try:
            seconds = float(text)
        except ValueError:
            seconds = math.nan
        if not 0 < seconds < math.inf:
            raise self._fault(f"timeout = {text}", "accepted: seconds, above 0")
        return seconds

    def _fault(self, what: str, hint: str) -> FormatError:
        return FormatError(f"[{self._section.name}]: {what}", file=self._path, hint=hint)
