"""The map, drawn without a network: outlines from a file of the project, marks that say how closely a place is known.

Filled: the named place. Hollow: near it. A shaded circle: somewhere in the region. A country gets no mark at all.
"""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.filters import has_point
from dashboard.palette import BACKGROUND, SOFT, TEXT, TYPE_COLOURS

MAX_MARKS = 3000  # above this, places are put together in cells that follow the zoom
REGION_KM = 45  # radius of the circle that stands for "somewhere in this region"; not the region's border
STYLE = {
    "version": 8,
    "sources": {"outlines": {"type": "geojson", "data": "@outlines"}},
    "layers": [
        {"id": "sea", "type": "background", "paint": {"background-color": SOFT}},
        {"id": "land", "type": "fill", "source": "outlines", "paint": {"fill-color": BACKGROUND}},
        {"id": "borders", "type": "line", "source": "outlines",
         "paint": {"line-color": "#8a8f9c", "line-width": 0.8, "line-opacity": 0.7}},
    ],
}  # fmt: skip


def place_marks(events: pd.DataFrame, zoom: float = 2.0) -> pd.DataFrame:
    """One row a mark: latitude, longitude, geo_precision, events, killed, type (the most frequent), label, event_id."""
    drawn = events[has_point(events)]
    lat, lon = drawn["latitude"], drawn["longitude"]
    exact = drawn["geo_precision"].astype(str)
    cell = 0.0
    if len(drawn.drop_duplicates(["latitude", "longitude", "geo_precision"])) > MAX_MARKS:
        cell = max(0.02, 4 / 2**zoom)
        lat, lon, exact = (lat // cell), (lon // cell), pd.Series("cell", index=drawn.index)
    rows = pd.DataFrame({
        "latitude": drawn["latitude"], "longitude": drawn["longitude"], "geo_precision": exact, "a": lat, "b": lon,
        "killed": drawn["fatalities_best"].where(drawn["kind"] == "incident").astype("Float64").fillna(0).astype(float),
        "type": drawn["event_type"].astype(str), "event_id": drawn["event_id"],
        "name": drawn["place"].where(drawn["place"] != "", drawn["admin1"]),
    })  # fmt: skip
    grouped = rows.groupby(["a", "b", "geo_precision"], as_index=False)
    marks = grouped.agg(
        latitude=("latitude", "mean"), longitude=("longitude", "mean"), events=("event_id", "size"),
        killed=("killed", "sum"), event_id=("event_id", "first"), name=("name", "first"),
    )  # fmt: skip
    # the most frequent type of each mark; the alphabet settles a tie
    counts = rows.groupby(["a", "b", "geo_precision", "type"], as_index=False).size()
    counts = counts.sort_values(["size", "type"], ascending=[False, True])
    main = counts.drop_duplicates(["a", "b", "geo_precision"])
    marks = marks.merge(main[["a", "b", "geo_precision", "type"]], on=["a", "b", "geo_precision"])
    marks = marks.nlargest(MAX_MARKS, "events")
    marks["label"] = [_label(row) for _, row in marks.iterrows()]
    return marks.drop(columns=["a", "b"])


def build_map(events: pd.DataFrame, zoom: float | None = None, open_event: str = "") -> go.Figure:
    """Every event that may be drawn as a point or a shaded circle."""
    marks = place_marks(events, zoom or 2.0)
    figure = go.Figure(go.Scattermap(lat=[], lon=[], showlegend=False))  # without a trace there would be no map
    regions = marks[marks["geo_precision"] == "admin1"]
    _add_regions(figure, regions)
    points = marks[marks["geo_precision"] != "admin1"]
    size = 9 + 20 * np.sqrt(points["killed"] / max(1.0, float(points["killed"].max() or 0) if len(points) else 1.0))
    for event_type, colour in TYPE_COLOURS.items():
        mine = points["type"] == event_type
        if not mine.any():
            continue
        part = points[mine]
        figure.add_scattermap(
            lat=part["latitude"], lon=part["longitude"], mode="markers", name=event_type,
            marker={"size": size[mine], "color": colour, "opacity": 0.85},
            text=part["label"], customdata=part["event_id"], hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
        hollow = part["geo_precision"] == "area"
        if hollow.any():
            figure.add_scattermap(
                lat=part.loc[hollow, "latitude"], lon=part.loc[hollow, "longitude"], mode="markers", hoverinfo="skip",
                marker={"size": size[mine][hollow] - 5, "color": BACKGROUND}, showlegend=False,
            )  # fmt: skip
    now = events[(events["event_id"] == open_event) & has_point(events)]
    if len(now):
        figure.add_scattermap(
            lat=now["latitude"], lon=now["longitude"], mode="markers", hoverinfo="skip", name="now looking at",
            marker={"size": 34, "color": TEXT, "opacity": 0.25},
        )  # fmt: skip
    view = _first_view(marks)
    figure.update_layout(
        height=400, margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan", font={"color": TEXT, "size": 12},
        map={"style": STYLE, **view}, paper_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "bottom", "bgcolor": BACKGROUND, "font": {"size": 11}},
        showlegend=True,
        hoverlabel={"bgcolor": BACKGROUND, "font": {"color": TEXT}},
    )  # fmt: skip
    return figure


def _label(mark: Any) -> str:
    how = {"area": "near ", "admin1": "somewhere in ", "cell": "around "}.get(mark["geo_precision"], "")
    killed = f", {mark['killed']:,.0f} killed (best)" if mark["killed"] else ""
    many = f"{mark['events']} events" if mark["events"] > 1 else "1 event"
    return f"{html.escape(how + mark['name'])}<br>{many}{killed}"


def _add_regions(figure: go.Figure, regions: pd.DataFrame) -> None:
    named = False
    for event_type, part in regions.groupby("type"):
        lat: list[float | None] = []
        lon: list[float | None] = []
        for _, mark in part.iterrows():
            ring_lat, ring_lon = _circle(mark["latitude"], mark["longitude"])
            lat += [*ring_lat, None]
            lon += [*ring_lon, None]
        colour = TYPE_COLOURS[str(event_type)]
        figure.add_scattermap(
            lat=lat, lon=lon, mode="lines", fill="toself", line={"color": colour, "width": 1}, opacity=0.5,
            fillcolor=_fade(colour), name="somewhere in a region", legendgroup="region", showlegend=not named,
            hoverinfo="skip",
        )  # fmt: skip
        figure.add_scattermap(  # what the pointer meets in the circle's middle
            lat=part["latitude"], lon=part["longitude"], mode="markers", marker={"size": 16, "opacity": 0.01},
            text=part["label"], customdata=part["event_id"], hovertemplate="%{text}<extra></extra>", showlegend=False,
        )  # fmt: skip
        named = True


def _circle(latitude: float, longitude: float) -> tuple[list[float], list[float]]:
    turn = np.linspace(0, 2 * np.pi, 33)
    degrees = REGION_KM / 111.2
    lon = longitude + degrees * np.cos(turn) / max(0.1, np.cos(np.radians(latitude)))
    return (latitude + degrees * np.sin(turn)).round(4).tolist(), lon.round(4).tolist()


def _fade(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _first_view(marks: pd.DataFrame) -> dict[str, Any]:
    """Centre and zoom in which most events stand; kept by the page once the analyst has moved."""
    if marks.empty:
        return {"center": {"lat": 25.0, "lon": 15.0}, "zoom": 0.8}
    # where nine of ten events are: one far-off mark must not turn a city into a dot
    every = marks.loc[marks.index.repeat(marks["events"])]
    south, north = every["latitude"].quantile([0.05, 0.95])
    west, east = every["longitude"].quantile([0.05, 0.95])
    # the chart is some 450 x 400 pixels, and the world 512 wide at zoom 0
    spread = max((north - south) * 1.5, east - west, 1.0)
    zoom = float(np.clip(np.log2(210 / spread), 0.4, 7))
    return {"center": {"lat": float((south + north) / 2), "lon": float((west + east) / 2)}, "zoom": round(zoom, 2)}
