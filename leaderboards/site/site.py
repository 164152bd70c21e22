"""A site: which files it has, and what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from leaderboards.boards.board import View
from leaderboards.boards.trackers import FindIntervals
from leaderboards.entry import Entry, Kind
from leaderboards.site.board_markup import PAGES, page_of
from leaderboards.site.drawing import Definitions
from leaderboards.site.folder import LAST, File
from leaderboards.site.index_page import LIBRARY, Board, boards_of, index_page
from leaderboards.site.record_page import HOST, record_page
from leaderboards.store import Store
from vot_toolkit.report.page import chart_library

Progress = Callable[[int, int], None]


class Site:
    """What is published of a store.

    Parameters
    ----------
    store : Store
        With the records.
    entries : sequence of Entry
        Of the store.
    views : mapping from kind to View
        How each board is looked at; records that neither shows are not published.
    intervals : callable
        Gives intervals of EAO, as `tracker_board` takes it.
    hosts : bool
        Whether user and host of records that name them are published.
    """

    def __init__(
        self,
        store: Store,
        entries: Sequence[Entry],
        views: Mapping[Kind, View],
        intervals: FindIntervals,
        *,
        hosts: bool = False,
    ) -> None:
        self._store = store
        self._intervals = intervals
        self._hosts = hosts
        self._boards: list[Board] = boards_of(entries, views, intervals, store.read)

    @property
    def entries(self) -> list[Entry]:
        """The records that are published, each once."""
        found = {file: each for board in self._boards for file, each in board.entries.items()}
        return list(found.values())

    def names(self) -> list[str]:
        """Name its files."""
        return [LAST, LIBRARY, *(name for each in self.entries for name in self._names(each))]

    def _names(self, entry: Entry) -> Iterator[str]:
        yield page_of(entry.file)
        if self._has_copy(entry):
            yield f"{PAGES}/{entry.file}"

    def _has_copy(self, entry: Entry) -> bool:
        """Tell whether the file of a record is published as it is."""
        return self._hosts or entry.fact(HOST) is None

    def files(self, progress: Progress | None = None) -> Iterator[File]:
        """Make its files one after the other.

        Parameters
        ----------
        progress : callable, optional
            Told how many records are done.
        """
        yield LIBRARY, chart_library().encode()
        found = self._intervals(each for each in self.entries if each.kind == "evaluation")
        definitions = Definitions()
        for done, entry in enumerate(self.entries, start=1):
            record = self._store.read(entry)
            copy = self._has_copy(entry)
            interval = found.get(entry.digest)
            page = record_page(entry, record, interval, definitions, copy=copy)
            yield page_of(entry.file), page.encode()
            if copy:
                yield f"{PAGES}/{entry.file}", self._path(entry).read_bytes()
            if progress is not None:
                progress(done, len(self.entries))
        yield LAST, index_page(self._boards, self._intervals).encode()

    def _path(self, entry: Entry) -> Path:
        return self._store.folder / entry.file
