"""How long the page takes in a browser: until it is ready, and until each change of a filter shows.

    python tests/benchmarks/page_speed.py ARTICLES...        # reads them into a store of its own
    python tests/benchmarks/page_speed.py --store FOLDER     # over a store that is there

Prints for each step what a reader waits (wall), and the CPU seconds of the server and of the browser: on a busy machine
only these compare. Ready: figures, both charts and the list are drawn. Shown: figures and both charts are drawn anew.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import CHROMIUM, FLAGS, ROOT, start, sync_api  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
DRAWN = "[...document.querySelectorAll('.chart')].map((c) => Number(c.dataset.ready || 0))"
LISTED = "document.querySelector('[data-testid=stDataFrame] canvas')?.height > 0"
FIRST = "document.querySelector('.figures b')?.textContent"


def cpu_seconds(root: int) -> float:
    """Used so far by a process and all that it started."""
    stats = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(folder.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS)
    family = {root}
    while more := {pid for pid, (parent, _) in stats.items() if parent in family} - family:
        family |= more
    return sum(stats[pid][1] for pid in family if pid in stats)


def measure(name: str, server: int, step: Callable[[], None]) -> None:
    """Run one step and print its row."""
    before = time.perf_counter(), cpu_seconds(server), cpu_seconds(os.getpid())
    step()
    wall, mine, browser = (b - a for a, b in zip(
        before, (time.perf_counter(), cpu_seconds(server), cpu_seconds(os.getpid())), strict=True
    ))  # fmt: skip
    # the server is a child of this process, too
    print(f"{name:34} {wall:8.2f} s {mine:10.2f} s {browser - mine:10.2f} s", flush=True)


def shown_after(page: Any, act: Callable[[], Any]) -> Callable[[], None]:
    """An action, and the wait until what it changes is drawn."""

    def step() -> None:
        drawn, first = page.evaluate(DRAWN), page.evaluate(FIRST)
        act()
        page.wait_for_function(f"{FIRST} !== undefined && {FIRST} !== '{first}'")
        page.wait_for_function(f"{DRAWN}.slice(0, 2).every((n, i) => n > {drawn}[i])")

    return step


def run(address: str, server: int) -> None:
    """Open the page three times, then filter."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        print(f"{'':34} {'wall':>10} {'server CPU':>12} {'browser CPU':>12}   load {os.getloadavg()[0]:.1f}")
        for name in ("open, the server's first visitor", "open", "open again"):
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.set_default_timeout(200_000)

            def open_it(page: Any = page) -> None:
                page.goto(address)
                page.wait_for_function(f"{DRAWN}.length >= 2 && {DRAWN}.every((n) => n > 0) && {LISTED}")

            measure(name, server, open_it)
        page.wait_for_timeout(3000)
        killed = page.get_by_label("Killed at least", exact=True).first

        def at_least(number: str) -> Callable[[], None]:
            def act() -> None:
                killed.fill(number)
                killed.press("Enter")

            return act

        button = page.get_by_role("button", name="Last 30 days", exact=True)
        steps = {
            "killed at least 5": at_least("5"), "killed at least 20": at_least("20"), "any number": at_least(""),
            "last 30 days": button.click, "all days": page.get_by_role("button", name="All days", exact=True).click,
            "sources disagree": page.locator(".st-key-f_disputed label").first.click,
            "all again": page.locator(".st-key-f_disputed label").first.click,
        }  # fmt: skip
        for name, act in steps.items():
            measure(name, server, shown_after(page, act))
            page.wait_for_timeout(1000)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="*", type=Path)
    parser.add_argument("--store", type=Path, help="a store that is there, instead of articles")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        if options.store:
            (home / "store").symlink_to(options.store.resolve())
        else:
            (home / "inbox").mkdir()
            where = {"CONFLICT_STORE_DIR": str(home / "store"), "CONFLICT_INBOX_DIR": str(home / "inbox")}
            command = [sys.executable, "-m", "pipeline", "refresh", *map(str, options.articles)]
            subprocess.run(command, check=True, cwd=ROOT, env=os.environ | where)
        server, address = start(ROOT / "dashboard" / "app.py", home)
        try:
            run(address, server.pid)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
