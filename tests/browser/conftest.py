"""A real Chromium, and the built book served under a path of its own, as somebody's web server might."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from benchmarks.site.server import serving
from benchmarks.site.views import FLAGS
from tests.book.build import ROOT, site_in

BASE = "/some/path/to/the/book/"


@dataclass
class Visit:
    """A page opened in the browser, and everything that went wrong since."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on(
            "pageerror", lambda error: self.complaints.append(f"uncaught: {error}")
        )
        self.page.on(
            "requestfailed",
            lambda request: self.complaints.append(f"failed: {request.url}"),
        )
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def requests_elsewhere(self) -> list[str]:
        """The requests that did not go to the book's own server."""
        return [
            url
            for url in self.requests
            if not url.startswith((self.address, "data:", "blob:"))
        ]

    def open_folds(self) -> None:
        """Open every fold, those inside of others too: what a fold holds is made when it is opened."""
        self.page.evaluate(
            """async () => { let closed; const left = "article details:is(:not([open]), :has(> noscript))";
              while ((closed = document.querySelectorAll(left)).length) {
                for (const fold of closed) { fold.hidden = false; fold.open = true; }
                await new Promise(done => setTimeout(done, 50)); } }"""
        )

    def choose_dark(self) -> None:
        """Turn from the light palette to the dark one, as a reader does."""
        self.page.click("label[for^='__palette']:visible")
        self.page.wait_for_function("document.body.dataset.mdColorScheme === 'slate'")

    def walk(self) -> None:
        """Go down the page, window by window, as a reader does: what is far away is not laid out, nor made ready."""
        self.page.evaluate(
            """async () => {
              const frame = () => new Promise(requestAnimationFrame);
              for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
                scrollTo({ top: y, behavior: "instant" });
                await frame(); await frame(); await frame();
              }
              scrollTo({ top: 0, behavior: "instant" });
              await new Promise(done => setTimeout(done, 600)); }"""  # and what fades has faded
        )

    def open(self, name: str) -> Page:
        """Open a page of the book by its file's name and wait until nothing more is loaded."""
        response = self.page.goto(self.address + name, wait_until="networkidle")
        assert response is not None
        assert response.ok, f"{name}: {response.status}"
        return self.page


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built book."""
    return site_in(tmp_path_factory.mktemp("book") / "site")


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the book is served."""
    with serving(site, BASE) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    chromium = shutil.which("chromium")
    assert chromium, "these tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


class Visitor:
    """Opens pages in contexts of their own: nothing is remembered from one visit to the next."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address

    @contextlib.contextmanager
    def visit(
        self,
        *,
        width: int = 1280,
        height: int = 800,
        dark: bool = False,
        touch: bool = False,
        script: bool = True,
    ) -> Iterator[Visit]:
        """A fresh browser window of some size, light or dark, perhaps one to be touched, or without scripts."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            java_script_enabled=script,
        )
        try:
            yield Visit(context.new_page(), self.address)
        finally:
            context.close()


@pytest.fixture(scope="session")
def visitor(browser: Browser, address: str) -> Visitor:
    return Visitor(browser, address)


def page_names() -> list[str]:
    """The files of the book's pages, by the Markdown that they are made of."""
    docs = ROOT / "docs"
    return sorted(
        str(path.relative_to(docs).with_suffix(".html")) for path in docs.rglob("*.md")
    )
