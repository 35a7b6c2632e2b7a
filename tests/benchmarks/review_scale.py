"""The pages Review and Quality over many generated events.

    python tests/benchmarks/review_scale.py [--sizes 10000 3000000] [--stores FOLDER]

first: from the click until the page stands, for the first who looks at this version (the explorer is open already);
again: for later ones. skip: until the next case stands. memory: of the server, at rest and at its highest.
`--stores` keeps the generated stores for the next time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
from browser import CHROMIUM, FLAGS, ROOT, start, sync_api  # noqa: E402
from dashboard_scale import QUIET, Explorer, memory, print_row  # noqa: E402
from many_events import write_store  # noqa: E402

CASE = "[...document.querySelectorAll('.st-key-r_decision button')].some((b) => b.textContent.includes('Skip'))"
PROGRESS = "document.querySelector('[data-testid=stProgress]')?.textContent"
QUALITY = "document.body.textContent.includes('How well this version reads')"


class Reviewer(Explorer):
    """A visitor of the two pages."""

    def see(self, title: str, sign: str) -> float:
        """Seconds from the click on a page's name until it stands."""
        def go() -> None:
            self.page.get_by_role("link", name=title, exact=True).first.click()
            self.page.wait_for_function(f"{sign} && {QUIET}")

        return self.timed(go)

    def skip(self) -> float:
        """Seconds until the next case stands."""
        def act() -> None:
            before = self.page.evaluate(PROGRESS)
            self.page.get_by_role("button", name="Skip").click()
            self.page.wait_for_function(f"{PROGRESS} && {PROGRESS} !== {before!r} && {QUIET}")

        return self.timed(act)


def run(store: Path, size: int) -> None:
    """One server, two visitors. Prints their row."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").symlink_to(store.resolve())
        server, address = start(ROOT / "dashboard" / "app.py", Path(folder))
        try:
            with sync_api.sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                seconds = []
                for _ in range(2):
                    visitor = Reviewer(browser, address)
                    visitor.open()
                    review = visitor.see("Review", CASE)
                    skips = [visitor.skip() for _ in range(4)]
                    seconds += [review, statistics.median(skips), visitor.see("Quality", QUALITY)]
                rest, highest = memory(server.pid, "VmRSS"), memory(server.pid, "VmHWM")
                browser.close()
        finally:
            server.terminate()
            server.wait()
    print_row([f"{size:,}", *(f"{s:.1f} s" for s in seconds), f"{rest:,.0f} MB", f"{highest:,.0f} MB"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 3_000_000])
    parser.add_argument("--stores", type=Path, help="where generated stores are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stores = options.stores or Path(folder)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print_row(["events", "first review", "skip", "quality", "again review", "skip", "quality", "rest", "highest"])
        for size in options.sizes:
            store = stores / f"store{size}"
            if not (store / "CURRENT").exists():
                write_store(store, size)
            run(store, size)


if __name__ == "__main__":
    main()
