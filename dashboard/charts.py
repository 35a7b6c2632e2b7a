"""The one way in which a chart comes to the page: Plotly.react on the library that the plotly package brings along.

Streamlit's own chart is made anew whenever the data change and loses zoom and brush; this one keeps them, tells Python
what was brushed, boxed or clicked, takes its colours from the theme, and fetches nothing from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import plotly.io.json as plotly_json
import streamlit as st

from dashboard.map_tiles import Tiles
from dashboard.serving import address_of
from dashboard.wording import chart_text

SCRIPT, STYLE = ((Path(__file__).parent / f"live_chart.{form}").read_text(encoding="utf-8") for form in ("js", "css"))


HTML = """<div class="frame"><div class="chart" role="figure"></div>
<p class="missing" role="status" hidden></p><a class="credit" target="_blank" rel="noopener noreferrer" hidden></a>
<p class="away" role="status" hidden><span></span> <button type="button"></button></p></div>"""


@st.cache_resource
def _component() -> Any:
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
    tiles: Tiles | None = None,
) -> None:
    """Draw a figure, a plotly one or its dict. `on_select` and `on_click` then find the gesture in
    `gesture(key, "selection" | "clicked")`.

    `selected` says whether Python still holds a selection: when it does not, the drawn one is taken away. `follow`
    asks for a run after each zoom. `keep`: while it stays the same, so does the reader's zoom; `credit` stands under
    the downloaded picture; `spoken` is what a screen reader adds to the label; `tiles` lie under a map's marks.
    """
    sheet = figure if isinstance(figure, dict) else figure.to_dict()
    height = int(sheet["layout"].get("height") or 300)
    told = {
        "figure": plotly_json.to_json_plotly(sheet), "label": label, "height": height, "selected": selected,
        "follow": follow, "keep": keep, "credit": chart_text(credit), "spoken": spoken,
        "tiles": {**asdict(tiles), "host": tiles.host} if tiles else None, **_addresses(),
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
    _component()(key="warm_up", data=_addresses(), height=1)


def gesture(key: str, name: str) -> Any:
    """What the analyst last did in a chart: its selection, click or view; None where nothing."""
    return (st.session_state.get(key) or {}).get(name)


def _addresses() -> dict[str, str]:
    return {"library": address_of("plotly.js"), "outlines": address_of("outlines.geojson")}


def _nothing() -> None:
    return None
