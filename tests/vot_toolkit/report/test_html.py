"""The page: whole, small, of one file; and in a real browser (marker ``browser``)."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("altair", reason="pages come with the extra `report`")

from vot_toolkit.analysis import Analysis
from vot_toolkit.report.html import html_report

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--virtual-time-budget=20000",
)  # fmt: skip


@pytest.fixture(scope="session")
def page(analysis: Analysis) -> str:
    return html_report(analysis, date(2026, 1, 2))


class Outline(HTMLParser):
    """Collect what a page links, names and nests."""

    EMPTY = frozenset({"meta", "link", "input", "path", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [values[key] or "" for key in ("src", "href") if key in values]
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


def test_it_is_one_small_file_that_links_to_itself_only(page: str) -> None:
    outline = Outline(page)
    assert not outline.open
    assert len(outline.ids) == len(set(outline.ids))
    assert {link[0] for link in outline.links} <= {"#", "d"}
    anchors = {link[1:] for link in outline.links if link.startswith("#")}
    assert anchors <= set(outline.ids)
    assert len(page.encode()) < 1_200_000


def test_every_score_is_in_its_tables(page: str, analysis: Analysis) -> None:
    for scores in analysis.trackers.values():
        assert f'data-value="{scores["baseline"].eao}"' in page
    assert "Made by vot_toolkit" in page and "2026-01-02" in page


def test_names_are_no_markup(page: str) -> None:
    assert "<b>odd" not in page
    assert html.escape("<b>odd & 車") in page


def test_without_problems_no_section_of_them(page: str) -> None:
    assert 'id="problems"' not in page


PROBE = """
<script type="module">
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const count = () => document.querySelectorAll("[data-drawn]").length;
const wanted = document.querySelectorAll("[data-chart]").length;
for (let turn = 0; turn < 100 && count() < wanted; turn += 1) await wait(100);
const say = (key, value) => document.body.setAttribute(`data-${key}`, value);
say("charts", `${count()} of ${wanted}`);
say("loaded", performance.getEntriesByType("resource").length);
say("overflow", document.documentElement.scrollWidth - innerWidth);
const table = document.querySelector("table.sortable");
const order = () => [...table.tBodies[0].rows].map((row) => row.cells[1].textContent.trim());
const button = [...table.querySelectorAll("th button")].find((each) => each.textContent[0] === "R");
say("before", order().join("; "));
button.click(); say("descending", order().join("; "));
button.click(); say("ascending", order().join("; "));
say("aria", button.parentElement.getAttribute("aria-sort"));
const marks = () => document.querySelectorAll("#baseline-ar .mark-symbol path").length;
say("marks", marks());
document.querySelector(".key input").click(); await wait(500);
say("fewer", marks());
say("rows", [...table.tBodies[0].rows].filter((row) => !row.hidden).length);
const ground = () => getComputedStyle(document.body).backgroundColor;
const grounds = [ground()];
const theme = document.getElementById("theme");
for (let turn = 0; turn < 2; turn += 1) { theme.click(); await wait(300); grounds.push(ground()); }
say("grounds", grounds.join("; "));
const small = [...document.querySelectorAll("button, .key label")]
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 24).length;
say("small", small);
</script>
</body>
"""


def browse(page: str, folder: Path, width: int) -> dict[str, str]:
    """Open a page and give what `PROBE` saw, with the messages of the console."""
    assert CHROMIUM is not None
    before, _, after = page.rpartition("</body>")
    (folder / "page.html").write_text(before + PROBE + after)
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--window-size={width},900",
         "--enable-logging=stderr", "--dump-dom", f"file://{folder / 'page.html'}#all"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    body = re.search(r"<body([^>]*)>", done.stdout)
    assert body is not None
    seen = {
        key: html.unescape(value) for key, value in re.findall(r'data-(\w+)="([^"]*)"', body[1])
    }
    return {**seen, "console": "\n".join(_faults(done.stderr))}


def _faults(log: str) -> list[str]:
    """Give the console's messages but one: rows of a fixed height in a given width are meant."""
    messages = re.findall(r"CONSOLE.*", log)
    return [message for message in messages if 'Dropping "fit-y"' not in message]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason=f"on the PATH is none of {', '.join(BROWSERS)}")
@pytest.mark.parametrize("width", [1280, 500], ids=["desktop", "phone"])
def test_in_a_browser(page: str, tmp_path: Path, width: int) -> None:
    seen = browse(page, tmp_path, width)
    assert seen["console"] == ""
    assert seen["charts"] == "10 of 10"
    assert seen["loaded"] == "0"
    assert int(seen["overflow"]) <= 0
    order = ["good", "poor", "<b>odd & 車"]
    assert seen["before"] == seen["ascending"] == "; ".join(order)
    assert seen["descending"] == "; ".join(reversed(order))
    assert seen["aria"] == "ascending"
    assert (seen["marks"], seen["fewer"], seen["rows"]) == ("3", "2", "2")
    auto, light, dark = seen["grounds"].split("; ")
    assert auto == light != dark
    assert seen["small"] == "0"
