"""The site: whole, linked to itself, the same from the same store, and in a folder of its own."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("altair", reason="sites come with the extra `report`")

from leaderboards.boards.board import View
from leaderboards.boards.condition import parse_condition
from leaderboards.cli.publish import publish_command
from leaderboards.site.folder import LAST, MARKER, SiteFolder
from leaderboards.site.index_page import MOST
from leaderboards.store import Store
from vot_toolkit.errors import UsageError, UserError

ODD = "<script>alert('odd')</script> & \"車\""


class Outline(HTMLParser):
    """Collect what a page loads, where it leads, and what it names."""

    EMPTY = frozenset({"meta", "link", "input", "path", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        places = self.leads if tag == "a" else self.loads
        places += [values[key] or "" for key in ("src", "href") if key in values]
        self.ids += [values["id"] or ""] if "id" in values else []
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.EMPTY:
            assert self.open.pop() == tag


@pytest.fixture
def varied(filled: Store, evaluated, training) -> Store:
    """Add a tracker with an odd name, one that failed, and a run whose host is named."""
    filled.add(replace(evaluated("fair"), label=ODD))
    filled.add(replace(evaluated("fair", "pysot"), label="by other rules"))
    record = training("of somebody")
    host = {"user": "their-name", "host": "their-box"}
    filled.add(replace(record, config={**record.config, "host": host}))
    return filled


@pytest.fixture
def publish(varied: Store, tmp_path: Path) -> Callable[..., Path]:
    def run(name: str = "site", *, status: int = 0, hosts: bool = False, **view) -> Path:
        where = tuple(map(parse_condition, view.pop("where", ())))
        out = tmp_path / name
        shown = View(conditions=where, **view)
        assert publish_command(out, shown, hosts=hosts, store=varied.folder) == status
        return out

    return run


def contents(site: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def check_links(site: Path) -> None:
    """Assert that every page parses, loads local files alone, and leads to what is there."""
    outlines = {path: Outline(path.read_text()) for path in sorted(site.rglob("*.html"))}
    assert outlines
    for path, outline in outlines.items():
        assert not outline.open and len(outline.ids) == len(set(outline.ids))
        for place in outline.loads:
            assert place == "data:," or (path.parent / place).is_file(), place
        for place in outline.leads:
            if place.startswith("https://"):
                continue
            name, _, fragment = place.partition("#")
            target = (path.parent / name).resolve() if name else path
            assert target.is_file(), place
            assert not fragment or fragment in outlines[target].ids


def test_it_is_linked_to_itself_and_loads_nothing_else(publish, varied):
    site = publish()
    check_links(site)
    records = {each.file for each in varied.entries()[0]} - {named_host(varied)}
    assert {path.name for path in (site / "records").glob("*.json")} == records
    for name in records:
        assert (site / "records" / name).read_bytes() == (varied.folder / name).read_bytes()
    for path in site.rglob("*.html"):
        loads = re.sub(r'<a [^>]*>|"https?://[^"]*schema[^"]*"', "", path.read_text())
        assert not re.search(r"(@import|url\(|src=)[^)>]*https?:", loads)


def named_host(store: Store) -> str:
    (file,) = (each.file for each in store.entries()[0] if each.label == "of somebody")
    return file


def test_names_are_no_markup(publish):
    site = publish()
    for page in [site / LAST, *site.glob("records/*script*.html")]:
        assert "<script>alert" not in page.read_text()
    index = (site / LAST).read_text()
    assert html.escape("<script>alert(") in index and "車" in index


def test_the_same_store_gives_the_same_bytes(publish):
    first, second = contents(publish("a")), contents(publish("b"))
    assert first == second
    stamps = {path: path.stat().st_mtime_ns for path in publish("a").rglob("*")}
    assert stamps == {path: path.stat().st_mtime_ns for path in publish("a").rglob("*")}


def test_published_rows_are_marked_and_lead_to_their_source(publish):
    index = (publish() / LAST).read_text()
    row = next(part for part in index.split("<tr") if ">ECO</a>" in part)
    assert 'class="published"' in row and '<span class="tag">published</span>' in row
    assert "https://www.votchallenge.net/vot2018/" in row
    assert "Published rows were not measured here" in index
    assert "published</span>" not in (publish(published=False) / LAST).read_text()


def test_user_and_host_stay_out_unless_asked_for(publish, varied):
    page = named_host(varied).replace(".json", ".html")
    for name, content in contents(publish()).items():
        assert b"their-box" not in content and b"their-name" not in content, name
    site = publish(hosts=True)
    assert "their-box" in (site / "records" / page).read_text()
    assert (site / "records" / named_host(varied)).is_file()
    assert named_host(varied) not in {path.name for path in (publish() / "records").iterdir()}


def rows(site: Path) -> list[str]:
    """Give the labels of the rows that were measured."""
    pattern = r'<a href="records/[^"]+">(.*?)</a>'
    return [html.unescape(each) for each in re.findall(pattern, (site / LAST).read_text())]


def test_conditions_sort_and_columns_are_those_of_show(publish):
    site = publish(where=["tracker=good", "device=Ascend*"])
    # The first is of trackers alone, the second of trainings: trackers have another device.
    assert rows(site) == ["8p NPU", "1p NPU"]
    assert len(list((site / "records").glob("*.html"))) == 2
    check_links(site)
    assert rows(publish(where=["rules=vot2018"], sort="fps"))[0] in ("fair", ODD)
    index = (publish(columns=("label", "failures", "loss")) / LAST).read_text()
    assert "failures ↓</button>" in index and "EAO ↑</button>" not in index
    assert 'title="mean of the last logged losses">loss</button>' in index
    assert len(rows(publish(top=1, published=False))) == 2


@pytest.mark.parametrize(
    ("view", "message"),
    [
        ({"where": ["ruls=x"]}, "--where ruls: no board knows it .did you mean 'rules'"),
        ({"sort": "-eoa"}, "--sort eoa: no board knows it .did you mean 'eao'"),
        ({"columns": ("labl",)}, "--columns labl: no board knows it .did you mean 'label'"),
    ],
)
def test_misspelt_names_are_refused(publish, view, message):
    with pytest.raises(UsageError, match=message):
        publish(**view)


def test_headings_say_how_rows_are_sorted(publish):
    index = (publish(sort="robustness") / LAST).read_text()
    heading = next(part for part in index.split("<th ") if ">R ↓</button>" in part)
    assert 'aria-sort="ascending"' in heading and 'data-first="ascending"' in heading
    index = (publish() / LAST).read_text()
    heading = next(part for part in index.split("<th ") if ">EAO ↑</button>" in part)
    assert 'aria-sort="descending"' in heading


def test_charts_show_the_best_and_say_so(publish, varied, training):
    for number in range(MOST + 3):
        varied.add(training(f"run {number}", fps=100.0 - number))
    index = (publish() / LAST).read_text()
    assert f"The charts show {MOST} of {MOST + 6} trainings" in index
    data = re.search(r'data-for="loss">(.*?)</script>', index, re.DOTALL)
    assert data is not None
    points = next(iter(json.loads(data[1])["datasets"].values()))
    assert len({point["tracker"] for point in points}) == MOST


def test_everything_in_a_record_is_on_its_page(publish, varied):
    site = publish()
    good = next(each for each in varied.entries()[0] if each.label == "good")
    page = (site / "records" / good.file.replace(".json", ".html")).read_text()
    record = varied.read(good)
    parts = (
        good.digest, "Intel(R) Xeon(R) CPU E5-2690 v4", "2.13.0", record.checkpoint, "vot2018",
        "options.mode", "occlusion", *record.results["experiments"]["baseline"]["sequences"],
    )  # fmt: skip
    for part in parts:
        assert html.escape(part) in page, part
    npu = next(each for each in varied.entries()[0] if each.label == "8p NPU")
    page = (site / "records" / npu.file.replace(".json", ".html")).read_text()
    for part in ("Ascend 910B3", "23.0.rc3", "1540", "Logged lines", "backend.name"):
        assert part in page, part


def test_bad_files_are_named_and_the_rest_is_published(publish, varied, capsys):
    (varied.folder / "evaluation-cut-0123456789abcdef.json").write_text('{"kind"')
    site = publish(status=1)
    assert "evaluation-cut" in capsys.readouterr().err
    check_links(site)
    assert not list((site / "records").glob("*cut*"))


def test_an_empty_store_gives_a_page(tmp_path):
    assert publish_command(tmp_path / "a", View(), store=tmp_path / "none") == 0
    check_links(tmp_path / "a")
    assert publish_command(tmp_path / "b", View(published=False), store=tmp_path / "none") == 0
    assert "Nothing to show" in (tmp_path / "b" / LAST).read_text()


FILES = {LAST: b"1", "records/a.html": b"2", "records/b.html": b"3"}


def publish_files(folder: Path, files: dict[str, bytes]) -> tuple[int, int]:
    return SiteFolder(folder).publish(list(files), files.items())


def test_only_what_was_published_is_replaced(tmp_path):
    assert publish_files(tmp_path / "s", FILES) == (3, 3)
    (tmp_path / "s" / "CNAME").write_text("boards.example")
    (tmp_path / "s" / "records" / "mine.txt").write_text("mine")
    fewer = {LAST: b"4", "records/a.html": b"2"}
    assert publish_files(tmp_path / "s", fewer) == (2, 1)
    found = contents(tmp_path / "s")
    assert set(found) == {*fewer, "CNAME", "records/mine.txt", MARKER}
    with pytest.raises(UserError, match=r"records/mine.txt: is there and was not published"):
        publish_files(tmp_path / "s", {LAST: b"5", "records/mine.txt": b""})
    assert contents(tmp_path / "s") == found


def test_a_folder_of_others_is_refused(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(UsageError, match=r"has files and is no site .name a folder that is empty"):
        SiteFolder(tmp_path)
    with pytest.raises(UsageError, match=r"--out .*cannot be written"):
        SiteFolder(tmp_path / "thesis.tex")
    (tmp_path / MARKER).write_text("{")
    with pytest.raises(UserError, match="is damaged"):
        SiteFolder(tmp_path)


def test_a_marker_cannot_reach_out_of_its_folder(tmp_path):
    (tmp_path / "precious").touch()
    site = tmp_path / "site"
    site.mkdir()
    names = ["../precious", str(tmp_path / "precious"), "a/../../precious"]
    (site / MARKER).write_text(json.dumps({"format": 1, "files": names}))
    publish_files(site, FILES)
    assert (tmp_path / "precious").is_file()


@pytest.mark.parametrize("stop", range(4))
def test_a_killed_publication_leaves_the_old_site_whole(tmp_path, stop):
    site = tmp_path / "s"
    publish_files(site, FILES)
    new = {"records/c.html": b"6", LAST: b"7", "records/a.html": b"2", "records/d.html": b"8"}

    def until_killed():
        for number, item in enumerate(new.items()):
            if number == stop:
                raise KeyboardInterrupt
            yield item

    with pytest.raises(KeyboardInterrupt):
        SiteFolder(site).publish(list(new), until_killed())
    found = contents(site)
    assert {name: found[name] for name in FILES} == FILES
    publish_files(site, new)
    assert contents(site).keys() == {*new, MARKER}


def test_a_first_publication_that_was_killed_is_begun_anew(tmp_path):
    def killed():
        yield "records/a.html", b"2"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        SiteFolder(tmp_path / "s").publish(list(FILES), killed())
    assert publish_files(tmp_path / "s", FILES)[0] == 3
