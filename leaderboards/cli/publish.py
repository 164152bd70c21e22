"""The command ``publish``: boards, charts and records as a static site."""

from __future__ import annotations

from pathlib import Path

from leaderboards.boards.board import View
from leaderboards.cli.console import progress_of, terminal, warn
from leaderboards.site.folder import LAST, SiteFolder
from leaderboards.site.views import views_of
from leaderboards.store import Store
from vot_toolkit.report.extra import check_report_extra
from vot_toolkit.wording import counted


def publish_command(
    out: Path, view: View, *, hosts: bool = False, store: Path | None = None
) -> int:
    """Write a site, or replace one.

    Returns
    -------
    int
        Exit status: 0, or 1 when files of the store are no records; the others are published.

    Raises
    ------
    UserError
        If the folder has other files, a name is not known, or a library is absent.
    """
    check_report_extra()
    from leaderboards.intervals import Intervals
    from leaderboards.site.site import Site

    folder = SiteFolder(out)
    place = Store(store)
    entries, problems = place.entries(progress_of("reading new records", least=100))
    intervals = Intervals(place, progress_of("computing intervals", least=5)).of
    site = Site(place, entries, views_of(view, entries), intervals, hosts=hosts)
    number, changed = folder.publish(
        site.names(), site.files(progress_of("writing pages", least=50))
    )
    line = f"{out / LAST}: {counted(number, 'file')}, {changed} changed"
    terminal().print(line, markup=False, highlight=False, soft_wrap=True)
    return warn(problems)
