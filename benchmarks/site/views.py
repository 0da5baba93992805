"""A first view of a page: the bytes that it moves until nothing more is loaded, and how far its layout shifts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No sandbox, as in a container; no traffic of the browser's own; no host but this machine can be resolved.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

_SHIFTS = """
window.__shift = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.__shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass
class View:
    """What a first view came to.

    Args:
        moved: The bytes of each answer, as they came over the line, by its address.
        shift: The cumulative layout shift.
    """

    moved: dict[str, int]
    shift: float

    @property
    def total(self) -> int:
        """All bytes: of the page, and of what it loads without being asked."""
        return sum(self.moved.values())


def view(browser: Browser, url: str, *, width: int = 1280) -> View:
    """Open a page for the first time, in a browser that remembers nothing."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    try:
        page = context.new_page()
        page.add_init_script(_SHIFTS)
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        urls: dict[str, str] = {}
        moved: dict[str, int] = {}

        def asked(event: dict[str, Any]) -> None:
            urls[event["requestId"]] = event["request"]["url"]

        def came(event: dict[str, Any]) -> None:
            address = urls.get(event["requestId"], "")
            moved[address] = moved.get(address, 0) + int(event["encodedDataLength"])

        protocol.on("Network.requestWillBeSent", asked)
        protocol.on("Network.loadingFinished", came)
        page.goto(url, wait_until="networkidle")
        page.wait_for_timeout(500)
        return View(moved, float(page.evaluate("window.__shift")))
    finally:
        context.close()
