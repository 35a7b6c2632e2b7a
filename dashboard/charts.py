"""The one way in which a chart comes to the page: Plotly.react on the library that the plotly package brings along.

Streamlit's own chart is made anew whenever the data change and loses zoom and brush; this one keeps them, tells Python
what was brushed, boxed or clicked, takes its colours from the theme, and fetches nothing from outside.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plotly
import plotly.io.json as plotly_json
import streamlit as st

from dashboard.wording import chart_text

STATIC = Path(__file__).parent / "static"
SCRIPT, STYLE = ((Path(__file__).parent / f"live_chart.{form}").read_text(encoding="utf-8") for form in ("js", "css"))


HTML = """<div class="frame"><div class="chart" role="figure"></div>
<p class="away" role="status" hidden><span></span> <button type="button"></button></p></div>"""
# all that the library defines is used when it is read: told so, the browser compiles it in the background, where the
# page otherwise stood still for 0.7 s (Chromium 156, two slow cores); to others it is a comment
COMPILE_AHEAD = b"//# allFunctionsCalledOnLoad\n"


@st.cache_resource
def _component() -> Any:
    mimetypes.add_type("text/javascript", ".js")  # some systems call it plain text, and no browser runs that
    target = STATIC / "plotly.min.js"  # not in git: it is the installed package's own
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    if not target.exists() or target.stat().st_size != source.stat().st_size + len(COMPILE_AHEAD):
        aside = target.with_suffix(f".{os.getpid()}.tmp")
        aside.write_bytes(COMPILE_AHEAD + source.read_bytes())
        os.replace(aside, target)
    return st.components.v2.component("live_chart", html=HTML, css=STYLE, js=SCRIPT, isolate_styles=False)


def show_chart(
    figure: Any,
    key: str,
    *,
    label: str,
    on_select: Callable[[], None] | None = None,
    on_click: Callable[[], None] | None = None,
    selected: bool = False,
    follow: bool = False,
    keep: str = "",
    credit: str = "",
    spoken: str = "",
) -> None:
    """Draw a figure, a plotly one or its dict. `on_select` and `on_click` then find the gesture in
    `gesture(key, "selection" | "clicked")`.

    `selected` says whether Python still holds a selection: when it does not, the drawn one is taken away. `follow`
    asks for a run after each zoom. `keep`: while it stays the same, so does the reader's zoom; `credit` stands under
    the downloaded picture; `spoken` is what a screen reader adds to the label.
    """
    sheet = figure if isinstance(figure, dict) else figure.to_dict()
    height = int(sheet["layout"].get("height") or 300)
    told = {
        "figure": plotly_json.to_json_plotly(sheet), "label": label, "height": height, "selected": selected,
        "follow": follow, "keep": keep, "credit": chart_text(credit), "spoken": spoken,
    }  # fmt: skip
    # a state exists only with a callback
    _component()(
        key=key,
        data=told,
        height=height,
        on_selection_change=on_select or _nothing,
        on_clicked_change=on_click or _nothing,
        on_view_change=_nothing,
    )


def warm_up() -> None:
    """Let the browser fetch and read the charts' library while the tables are still being added up."""
    _component()(key="warm_up", data={}, height=1)


def gesture(key: str, name: str) -> Any:
    """What the analyst last did in a chart: its selection, click or view; None where nothing."""
    return (st.session_state.get(key) or {}).get(name)


def _nothing() -> None:
    return None
