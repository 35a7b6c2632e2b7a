"""The explorer over 10,000 to 3,000,000 generated events, and the plain way beside it.

    python tests/benchmarks/dashboard_scale.py [--sizes 10000 100000] [--stores FOLDER] [--plain-up-to 100000]

first: the server's first visitor; open: a later one, until both charts are drawn. filter: the median of the changes, from
the click until figures and charts show it. memory: of the server with one visitor, at rest and at its highest, and what
each of three further ones adds. sent: the most that one view sends to the browser, without the page's own files.
`--stores` keeps the generated stores for the next time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from browser import CHROMIUM, FLAGS, ROOT, start, sync_api  # noqa: E402
from many_events import write_store  # noqa: E402
from page_speed import DRAWN, shown_after  # noqa: E402

FURTHER = 3
COLUMNS = ("way", "events", "first", "open", "filter", "slowest", "rest", "highest", "each more", "sent")
QUIET = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"


def memory(pid: int, what: str) -> float:
    """VmRSS or VmHWM in MB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise KeyError(what)


class Visitor:
    """A window of its own, that counts what it is sent."""

    def __init__(self, browser: Any, address: str) -> None:
        self.page = browser.new_page(viewport={"width": 1440, "height": 1000})
        self.page.set_default_timeout(300_000)
        self.sent = self.most = 0
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._count))
        self.address = address

    def _count(self, frame: Any) -> None:
        self.sent += len(frame)

    def timed(self, step: Callable[[], Any]) -> float:
        """Seconds that a step takes; what it sends is noted."""
        self.sent, before = 0, time.perf_counter()
        step()
        passed = time.perf_counter() - before
        self.page.wait_for_function(QUIET)
        self.most = max(self.most, self.sent)
        self.page.wait_for_timeout(500)
        return passed

    def fill(self, label: str, text: str) -> Callable[[], None]:
        """Type into a field, as an action."""
        field = self.page.get_by_label(label, exact=True).first

        def act() -> None:
            field.fill(text)
            field.press("Enter")

        return act

    def choose(self, country: str) -> None:
        """Choose one more country."""
        self.page.get_by_role("combobox", name="Country").first.click()
        self.page.get_by_role("option", name=country).first.click()
        self.page.keyboard.press("Escape")  # an open list hides the rest of the page


class Explorer(Visitor):
    """The project's page."""

    def open(self) -> None:
        self.page.goto(self.address)
        self.page.wait_for_function(f"{DRAWN}.length >= 2 && {DRAWN}.every((n) => n > 0)")

    def filter(self) -> list[float]:
        """Seconds of each of a dozen changes."""
        page = self.page
        button = lambda name: page.get_by_role("button", name=name, exact=True).click  # noqa: E731
        steps = [
            self.fill("Killed at least", "5"), self.fill("Killed at least", "20"), self.fill("Killed at least", ""),
            button("Last 30 days"), button("All days"), page.locator(".st-key-f_disputed label").first.click,
            page.locator(".st-key-f_disputed label").first.click, lambda: self.choose("Country 3 ("),
            lambda: self.choose("Country 1 ("), button("Reset all"), page.locator(".st-key-f_exact_place label").first.click,
            button("Reset all"),
        ]  # fmt: skip
        return [self.timed(shown_after(page, step)) for step in steps]


class Plain(Visitor):
    """plain_page.py"""

    def open(self) -> None:
        self.page.goto(self.address)
        self._drawn()

    def filter(self) -> list[float]:
        """Seconds of each of a few changes."""
        steps = [self.fill("Killed at least", "5"), self.fill("Killed at least", "20"), self.fill("Killed at least", "")]
        return [self.timed(lambda step=step: (step(), self._drawn())) for step in steps]  # type: ignore[misc]

    def _drawn(self) -> None:
        self.page.wait_for_timeout(100)  # the script has begun
        self.page.wait_for_function(f"{QUIET} && document.querySelectorAll('.js-plotly-plot .main-svg').length >= 2")
        self.page.evaluate("() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(ok)))")


def run(way: type[Explorer | Plain], script: Path, store: Path, size: int) -> None:
    """One server, its first visitor, a later one that filters, and three more. Prints its row."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").symlink_to(store.resolve())
        server, address = start(script, Path(folder))
        try:
            with sync_api.sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                first = way(browser, address)
                cold = first.timed(first.open)
                first.page.close()
                one = way(browser, address)
                warm = one.timed(one.open)
                changes = one.filter()
                rest, highest = memory(server.pid, "VmRSS"), memory(server.pid, "VmHWM")
                others = []
                for _ in range(FURTHER):
                    others.append(other := way(browser, address))
                    other.timed(other.open)
                    other.timed(shown_after(other.page, other.fill("Killed at least", "5")) if way is Explorer
                                else lambda other=other: (other.fill("Killed at least", "5")(), other._drawn()))  # fmt: skip
                more = (memory(server.pid, "VmRSS") - rest) / FURTHER
                browser.close()
        finally:
            server.terminate()
            server.wait()
    seconds = [f"{s:.1f} s" for s in (cold, warm, statistics.median(changes), max(changes))]
    print_row([way.__name__, f"{size:,}", *seconds, *(f"{mb:,.0f} MB" for mb in (rest, highest, more)),
               f"{max(v.most for v in (first, one)) / 1e6:.2f} MB"])  # fmt: skip


def print_row(cells: list[str]) -> None:
    print("".join(f"{cell:>12}" for cell in cells), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000, 3_000_000])
    parser.add_argument("--stores", type=Path, help="where generated stores are kept")
    parser.add_argument("--plain-up-to", type=int, default=100_000, help="above this the plain page is not tried")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stores = options.stores or Path(folder)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print_row(list(COLUMNS))
        for size in options.sizes:
            store = stores / f"store{size}"
            if not (store / "CURRENT").exists():
                write_store(store, size)
            run(Explorer, ROOT / "dashboard" / "app.py", store, size)
            if size <= options.plain_up_to:
                run(Plain, Path(__file__).with_name("plain_page.py"), store, size)


if __name__ == "__main__":
    main()
