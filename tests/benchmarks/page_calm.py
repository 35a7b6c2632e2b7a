"""How long a reader waits for the first sign that a choice was heard, and how far the page moves.

    python tests/benchmarks/page_calm.py --store FOLDER [--rounds 4]

sign: from the input event (its own time stamp, as the browser got it) to the end of the first frame in which the sign
stands, for five kinds of choice. shift: the browser's layout shift (CLS: the worst five seconds; 0.1 is good), when the
page opens and at each choice; at a choice also those that the browser forgives because a reader has just acted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from browser import CHROMIUM, FLAGS, ROOT, drag, open_page, settle, start, sync_api  # noqa: E402

WATCH = """
window.moved = []; window.signs = [];
new PerformanceObserver((list) => { for (const one of list.getEntries()) moved.push(one); })
  .observe({type: 'layout-shift', buffered: true});
let acted = 0; // since when a reader waits
for (const kind of ['pointerup', 'keydown', 'click']) addEventListener(kind, (event) => {
  if (kind !== 'keydown' || event.key === 'Enter') acted = event.timeStamp;
}, true);
new MutationObserver(() => {
  if (!acted || !('working' in document.documentElement.dataset)) return;
  const since = acted, channel = new MessageChannel();
  acted = 0;
  channel.port1.onmessage = () => signs.push(performance.now() - since); // the frame has been handed over
  requestAnimationFrame(() => channel.port2.postMessage(0));
}).observe(document, {subtree: true, attributeFilter: ['data-working']});
window.worst = () => { // as the browser's makers define it
  let worst = 0, sum = 0, first = 0, last = 0;
  for (const {startTime, value, hadRecentInput} of moved) {
    if (hadRecentInput) continue;
    if (startTime - last > 1000 || startTime - first > 5000) { sum = 0; first = startTime; }
    last = startTime; sum += value; worst = Math.max(worst, sum);
  }
  return worst;
};
"""


def choices(page: Any) -> dict[str, list[Any]]:
    """Five kinds of choice, each as a few actions that follow one another."""
    killed = page.get_by_label("Killed at least", exact=True).first
    tick, reset = page.locator(".st-key-f_disputed label").first, page.get_by_role("button", name="Reset all", exact=True)
    to = lambda name: page.get_by_role("link", name=name, exact=True)  # noqa: E731

    def at_least(number: str) -> Any:
        return lambda: (killed.fill(number), killed.press("Enter"))

    def row(number: int) -> Any:
        spot = {"x": 16, "y": 38 + number * 35 + 17}
        return lambda: page.locator("[data-testid=stDataFrame]").first.click(position=spot)

    def open_map() -> None:
        page.wait_for_function("document.querySelectorAll('.chart[data-ready]').length >= 2")

    return {
        "filter": [at_least("5"), tick.click, tick.click, at_least(""), reset.click],
        "brush": [lambda: drag(page, 0, (0.5, 0.4), (0.8, 0.4)), reset.click],
        "page of the list": [page.locator("[data-testid=stPagination]").get_by_text(name, exact=True).click for name in ("2", "3", "1")],
        "event": [row(1), row(2), row(2)],
        "other page": [to("Method").click, lambda: (to("Explorer").click(), open_map())],
    }


def run(address: str, rounds: int) -> None:
    """Open the page, choose, and print."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.set_default_timeout(200_000)
            page.add_init_script(WATCH)
            open_page(page, address)
            page.wait_for_timeout(1000)
            print(f"shift at opening {page.evaluate('worst()'):.3f}   load {os.getloadavg()[0]:.1f}", flush=True)
        signs: dict[str, list[float]] = {}
        shifts: dict[str, list[tuple[float, float]]] = {}
        for _ in range(rounds):
            for kind, acts in choices(page).items():
                for act in acts:
                    page.evaluate("moved.length = 0; signs.length = 0")
                    act()
                    page.wait_for_function("signs.length > 0", timeout=20_000)
                    settle(page) if kind != "other page" else page.wait_for_timeout(1500)
                    page.wait_for_timeout(600)
                    signs.setdefault(kind, []).append(page.evaluate("signs[0]"))
                    forgiven = page.evaluate("moved.reduce((sum, one) => sum + one.value, 0)")
                    shifts.setdefault(kind, []).append((page.evaluate("worst()"), forgiven))
        browser.close()
    print(f"{'':18}{'choices':>8}{'sign: median':>14}{'longest':>10}{'shift: worst':>14}{'with forgiven':>15}")
    for kind, times in signs.items():
        worst, forgiven = (max(pair[i] for pair in shifts[kind]) for i in (0, 1))
        print(f"{kind:18}{len(times):8}{statistics.median(times):11.0f} ms{max(times):7.0f} ms{worst:14.3f}{forgiven:15.3f}")
    every = [time for times in signs.values() for time in times]
    print(f"{'all':18}{len(every):8}{statistics.median(every):11.0f} ms{max(every):7.0f} ms   load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "store").symlink_to(options.store.resolve())
        server, address = start(ROOT / "dashboard" / "app.py", Path(folder))
        try:
            run(address, options.rounds)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
