"""Words of an attacker in every field, on every page: nothing of it runs, nothing is fetched, all of it shows as text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, open_page, served, settle, start
from hostile_texts import PAYLOADS

# whatever an attack would call, or the browser would complain of, is written down
TRAP = """() => {
  window.__caught = [];
  const note = (what) => window.__caught.push(String(what));
  for (const name of ['trap', 'alert', 'confirm', 'prompt', 'open']) window[name] = (x) => note(name + ' ' + x);
  document.addEventListener('securitypolicyviolation', (e) =>
    note(e.effectiveDirective + ' ' + e.blockedURI + ' ' + e.sample + ' ' + e.sourceFile));
}"""
POLICY = (
    "script-src-attr 'none' 'report-sample'; object-src 'none'; frame-src 'none'; form-action 'none'; "
    "img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; media-src 'self'"
)
# elements that only markup of the payloads could have made
PLANTED = """() => [...document.querySelectorAll(
  'a[href^="javascript:" i], [href^="http://evil.example"], [src^="http://evil.example"], iframe, [onerror], svg[onload]')]
  .map((e) => e.outerHTML.slice(0, 200))"""
# the pointer over every point of every chart: what the labels say, and what they hold besides text
HOVER = """async () => {
  const said = [], planted = [];
  for (const chart of document.querySelectorAll('.chart')) {
    for (let c = 0; c < (chart._fullData || []).length; c++) {
      const trace = chart._fullData[c], n = Math.min(40, (trace.x || trace.lon || []).length);
      for (let p = 0; p < n; p++) {
        if ((trace.x || trace.lon)[p] == null || trace.hoverinfo === 'skip') continue;
        if (trace.type === 'scattermap') {
          const box = chart.getBoundingClientRect();
          const at = chart._fullLayout.map._subplot.map.project([trace.lon[p], trace.lat[p]]);
          chart.querySelector('.maplibregl-canvas').dispatchEvent(new MouseEvent('mousemove',
            {bubbles: true, clientX: box.left + at.x, clientY: box.top + at.y}));
          await new Promise((ok) => setTimeout(ok, 60));
        } else {
          try { Plotly.Fx.hover(chart, [{curveNumber: c, pointNumber: p}], trace.yaxis === 'y' ? 'xy' : 'x' + trace.yaxis); }
          catch (e) { continue; }
        }
        const label = chart.querySelector('.hoverlayer');
        if (label?.textContent) said.push(label.textContent);
        for (const e of label?.querySelectorAll('a, [style*="font-weight: bold"]') ?? []) planted.push(e.outerHTML);
      }
    }
  }
  return {said, planted};
}"""


@pytest.fixture
def hostile(page: Any, tmp_path: Path) -> Iterator[tuple[Any, str]]:
    """The app over the hostile store, in a page that traps."""
    app = ROOT / "tests" / "hostile_app.py"
    (tmp_path / "inbox").mkdir()
    where = {"CONFLICT_STORE_DIR": str(tmp_path / "store"), "CONFLICT_INBOX_DIR": str(tmp_path / "inbox")}
    subprocess.run([sys.executable, str(app), "fill"], env=os.environ | where, cwd=ROOT, check=True)
    page.add_init_script(f"({TRAP})()")

    def with_policy(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy-report-only": POLICY})

    page.route(lambda url: url.startswith("http://127.0.0.1:") and "/_stcore" not in url and "." not in url.rsplit("/", 1)[-1],
               with_policy)  # fmt: skip
    server, address = start(served(app, tmp_path), tmp_path)
    yield page, address
    server.terminate()
    server.wait()


def assert_only_text(page: Any, where: str) -> None:
    settle(page)
    assert page.evaluate("window.__caught") == [], where
    assert page.evaluate(PLANTED) == [], where


def test_nothing_of_an_attackers_words_runs_on_any_page(hostile: tuple[Any, str]) -> None:
    page, address = hostile
    # the trap itself works: else the story would say nothing
    page.goto(f"{address}/method")
    settle(page)
    page.evaluate("const e = document.createElement('div'); e.innerHTML = '<img src=x onerror=trap(0)>'; document.body.append(e)")
    page.wait_for_function("window.__caught.length > 0")
    assert "script-src-attr" in " ".join(page.evaluate("window.__caught"))

    open_page(page, address)
    assert_only_text(page, "Explorer")
    told = page.evaluate(HOVER)
    assert told["planted"] == []
    said = " ".join(told["said"])
    assert len([words for words in PAYLOADS if words[:20] in said]) >= 5  # marks of one spot show one name
    assert_only_text(page, "Explorer, hovering")
    for number in range(6):
        page.locator("[data-testid=stDataFrame]").first.click(position={"x": 16, "y": 38 + number * 35 + 17})
        page.locator(".st-key-card h4").first.wait_for()
        settle(page)
        for summary in page.locator("[data-testid=stExpander] summary").all():
            summary.click()
        assert_only_text(page, "an event opened")
        assert any(words in page.locator(".st-key-card").inner_text() for words in PAYLOADS)
    for measure in ("Killed", "by country"):
        page.get_by_role("radio", name=measure, exact=True).click()
        settle(page)
        assert page.evaluate(HOVER)["planted"] == []
    assert_only_text(page, "by country")

    for part in ("review", "article", "refresh", "quality"):
        page.goto(f"{address}/{part}")
        page.locator("[data-testid=stMain] [data-testid=stElementContainer]").nth(2).wait_for()
        assert_only_text(page, part)
        for opened in page.locator("[data-testid=stExpander] summary").all():
            opened.click()
        assert_only_text(page, f"{part}, all opened")
    page.goto(f"{address}/article")
    for number in range(0, 2 * len(PAYLOADS), 2):
        page.get_by_role("combobox", name="Article").first.click()
        page.get_by_role("option").nth(number).click()
        assert_only_text(page, f"article {number}")
