"""The site in a real browser, by mouse, keyboard and on a phone (marker ``browser``)."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("altair", reason="sites come with the extra `report`")

from leaderboards.boards.board import View
from leaderboards.cli.publish import publish_command

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe",
)  # fmt: skip

KEYS = {"Tab": (9, ""), "Enter": (13, "\r"), " ": (32, " ")}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium"),
]


class RefusalError(Exception):
    """The browser's answer to a command is an error."""


class Browser:
    """A page in Chromium, by the DevTools protocol over a pair of pipes."""

    def __init__(self, profile: Path) -> None:
        reading, self._out = os.pipe()
        self._in, writing = os.pipe()
        # Chromium takes 3 and 4; whatever has these numbers here is not to be overwritten.
        ends = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (reading, writing)]
        self._process = subprocess.Popen(
            [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"],
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: [os.dup2(each, place) for place, each in enumerate(ends, start=3)],
            pass_fds=(3, 4),
        )
        for each in (reading, writing, *ends):
            os.close(each)
        self._rest, self._number, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RefusalError(answer["error"])
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            part = os.read(self._in, 1 << 16)
            assert part, "the browser has ended"
            self._rest += part
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def open(self, page: Path, width: int, height: int = 900, theme: str = "light") -> None:
        """Open a page, and wait until all its charts are drawn."""
        self.events.clear()
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call("Page.navigate", url=f"file://{page}#all")
        drawn = self.run(
            """(async () => {
              const count = (what) => document.querySelectorAll(what).length;
              for (let turn = 0; turn < 400; turn += 1) {
                if (document.readyState === "complete" && count("main")
                    && count("[data-drawn]") === count("[data-chart]")) break;
                await new Promise((done) => setTimeout(done, 50));
              }
              return `${count("[data-drawn]")} of ${count("[data-chart]")}`;
            })()"""
        )
        done, _, wanted = drawn.partition(" of ")
        assert done == wanted, drawn

    def arrive(self, part: str) -> str:
        """Wait until a page whose path holds `part` is complete, and give its path."""
        path = state = ""
        for _ in range(400):
            # Asked anew each time: what runs in a page ends with an error when it is left.
            with suppress(RefusalError):
                path, state = self.run("[location.pathname, document.readyState]")
            if part in path and state == "complete":
                return path
            time.sleep(0.05)
        raise AssertionError(f"the page is {path}, not {part}")

    def run(self, script: str) -> Any:
        """Evaluate JavaScript."""
        answer = self.call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        code, text = KEYS[key]
        shared = {"key": key, "windowsVirtualKeyCode": code, "text": text}
        self.call("Input.dispatchKeyEvent", type="keyDown", **shared)
        self.call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def click(self, element: str) -> None:
        x, y = self.run(
            f"""(() => {{
              const element = {element};
              element.scrollIntoView({{ block: "center", inline: "center" }});
              const box = element.getBoundingClientRect();
              return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def faults(self) -> list[str]:
        """Give what the console had to say; rows of a fixed height in a given width are meant."""
        kinds = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        found = [json.dumps(each) for each in self.events if each["method"] in kinds]
        return [each for each in found if 'Dropping \\"fit-y' not in each.replace("\\\\", "\\")]

    def loaded(self) -> set[str]:
        """Give the places from which something was loaded."""
        asked = (each for each in self.events if each["method"] == "Network.requestWillBeSent")
        return {each["params"]["request"]["url"].partition(":")[0] for each in asked}


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture
def site(filled, tmp_path) -> Path:
    assert publish_command(tmp_path / "site", View(), store=filled.folder) == 0
    return tmp_path / "site"


TABLE = "document.querySelector('table.board')"
NAMES = f"[...{TABLE}.tBodies[0].rows].map((row) => row.querySelector('.name a').textContent)"
HEADING = f"[...{TABLE}.querySelectorAll('th button')].find((e) => e.textContent === 'R ↓')"


def test_sorting_by_mouse_and_keyboard(browser, site):
    browser.open(site / "index.html", 1280)
    assert browser.run("document.querySelectorAll('.role-legend').length") == 0, "the key says it"
    # By EAO; of robustness less is better.
    assert browser.run(NAMES) == ["good", "fair", "poor"]
    browser.click(HEADING)
    assert browser.run(f"{HEADING}.parentElement.ariaSort") == "ascending"
    browser.click(HEADING)
    assert browser.run(NAMES) == ["poor", "fair", "good"]
    for _ in range(40):
        browser.press("Tab")
        if browser.run("document.activeElement.textContent") == "fps ↑":
            break
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    browser.press("Enter")
    assert browser.run(NAMES) == ["fair", "good", "poor"]
    assert browser.run("document.activeElement.parentElement.ariaSort") == "descending"
    browser.press(" ")
    assert browser.run(NAMES) == ["poor", "good", "fair"]
    assert browser.faults() == [] and browser.loaded() <= {"file", "data"}


def test_the_keyboard_skips_to_the_content(browser, site):
    browser.open(site / "index.html", 1280)
    browser.press("Tab")
    assert browser.run("document.activeElement.className") == "skip"
    assert browser.run("document.activeElement.getBoundingClientRect().left") >= 0
    browser.press("Enter")
    assert browser.run("document.activeElement.id") == "content"


@pytest.mark.parametrize("width", [390, 1280], ids=["phone", "desktop"])
def test_every_page_fits_its_window(browser, site, width):
    pages = [site / "index.html", *sorted((site / "records").glob("*.html"))]
    for page in pages:
        browser.open(page, width)
        wide = browser.run("document.documentElement.scrollWidth")
        assert wide <= width, page.name
        assert browser.faults() == [], page.name
        assert browser.loaded() <= {"file", "data"}
    browser.open(site / "index.html", 390)
    inner = "document.querySelector('.scroll')"
    assert browser.run(f"{inner}.scrollWidth > {inner}.clientWidth"), "the table scrolls by itself"
    small = "[...document.querySelectorAll('button')].filter((e) => e.offsetHeight < 24).length"
    assert browser.run(small) == 0


def test_the_theme_is_that_of_the_system(browser, site):
    grounds, colors = [], []
    for theme in ("light", "dark"):
        browser.open(site / "index.html", 1280, theme=theme)
        grounds.append(browser.run("getComputedStyle(document.body).backgroundColor"))
        colors.append(browser.run("document.querySelector('[data-chart]').dataset.drawn"))
    assert grounds[0] != grounds[1] and colors == ["light", "dark"]


def test_a_record_is_reached_and_left(browser, site):
    browser.open(site / "index.html", 1280)
    browser.click(f"{TABLE}.querySelector('.name a')")
    browser.arrive("/records/evaluation-good-")
    browser.click("document.querySelector('.back')")
    assert browser.arrive("/index.html").endswith("/site/index.html")
