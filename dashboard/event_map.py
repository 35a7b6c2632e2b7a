"""The map, drawn without a network: outlines from a file of the project, marks that say how closely a place is known.

Filled: the named place. Hollow: near it. A shaded circle: somewhere in the region. A country gets no mark at all.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from dashboard.filters import has_point
from dashboard.palette import BACKGROUND, SOFT, TEXT, TYPE_COLOURS
from dashboard.wording import chart_text, harm_words, split_cell

MAX_MARKS = 3000  # above this, places are put together in cells that follow the zoom
REGION_KM = 45  # radius of the circle that stands for "somewhere in this region"; not the region's border
REGION, SHARED, NOW = "somewhere in this region", "one toll of several places", "now looking at"
Figure = dict[str, Any]
DRAWN = ["event_id", "kind", "event_type", "latitude", "longitude", "geo_precision", "place", "places", "admin1",
         "country", "fatalities_low", "fatalities_best", "fatalities_high"]  # fmt: skip
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
    drawn = events.loc[has_point(events), [
        "event_id", "kind", "latitude", "longitude", "geo_precision", "event_type", "fatalities_best", "place",
        "admin1",
    ]]  # fmt: skip
    lat, lon = drawn["latitude"].to_numpy(dtype=float), drawn["longitude"].to_numpy(dtype=float)
    how = drawn["geo_precision"].astype("str").to_numpy()
    mark, first = _same_numbers(lat * 1e5, lon * 1e5, drawn["geo_precision"].cat.codes.to_numpy())
    if len(first) > MAX_MARKS:
        cell = max(0.02, 4 / 2**zoom)
        mark, first = _same_numbers(lat // cell, lon // cell, np.zeros(len(drawn)))
        how = np.full(len(drawn), "cell")
    size = np.bincount(mark, minlength=len(first))
    killed = drawn["fatalities_best"].where(drawn["kind"] == "incident").to_numpy(dtype=float, na_value=0)
    # the most frequent type of each mark; the alphabet settles a tie
    types = sorted(drawn["event_type"].cat.categories)
    of_type = drawn["event_type"].cat.set_categories(types).cat.codes.to_numpy()
    frequency = np.bincount(mark * len(types) + of_type, minlength=len(first) * len(types)).reshape(-1, len(types))
    founder = drawn.iloc[first]
    marks = pd.DataFrame({
        "latitude": np.bincount(mark, lat) / size, "longitude": np.bincount(mark, lon) / size,
        "geo_precision": how[first], "events": size, "killed": np.bincount(mark, killed),
        "type": np.array(types)[frequency.argmax(axis=1)], "event_id": founder["event_id"].to_numpy(),
        "name": [place or admin1 for place, admin1 in zip(founder["place"], founder["admin1"], strict=True)],
    })  # fmt: skip
    marks = marks.nlargest(MAX_MARKS, "events")
    marks["label"] = [_label(row) for row in marks.to_dict("records")]
    return marks


def _same_numbers(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row the number of its group (rows with the same whole numbers), and for each group its first row."""
    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        whole = np.round(column).astype(np.int64)
        low = int(whole.min(initial=0))
        key = key * (int(whole.max(initial=0)) - low + 1) + (whole - low)
    group, values = pd.factorize(key)
    first = np.empty(len(values), dtype=np.int64)
    first[group[::-1]] = np.arange(len(key))[::-1]
    return group, first


def build_map(
    events: pd.DataFrame,
    zoom: float | None = None,
    open_event: str = "",
    reports: pd.DataFrame | None = None,
    around: pd.DataFrame | None = None,
) -> Figure:
    """Every event that may be drawn: a point, a shaded circle, or several joined rings where one toll has several
    places (their points are those of `reports` of these places alone). `around`: what the first view is to hold."""
    events = events[DRAWN]
    marks = place_marks(events, zoom or 2.0)
    # without a trace there would be no map
    data: list[Figure] = [{"type": "scattermap", "lat": [], "lon": [], "showlegend": False}]
    data += _regions(marks[marks["geo_precision"] == "admin1"])
    data += [] if reports is None else shared_tolls(events, reports)
    points = marks[marks["geo_precision"] != "admin1"]
    most = float(points["killed"].max()) if len(points) else 0.0
    size = 9 + 20 * np.sqrt(points["killed"] / max(1.0, most))
    for event_type, colour in TYPE_COLOURS.items():
        mine = points["type"] == event_type
        if not mine.any():
            continue
        part = points[mine]
        data.append({
            **_markers(part), "name": event_type,
            "marker": {"size": size[mine].tolist(), "color": colour, "opacity": 0.85},
            "text": part["label"].tolist(), "customdata": part["event_id"].tolist(),
        })  # fmt: skip
        hollow = part["geo_precision"] == "area"
        if hollow.any():
            data.append({
                **_markers(part[hollow]), "hoverinfo": "skip", "hovertemplate": None, "showlegend": False,
                "marker": {"size": (size[mine][hollow] - 5).tolist(), "color": BACKGROUND},
            })  # fmt: skip
    now = events[(events["event_id"] == open_event) & has_point(events)]
    if len(now):
        data.append({
            **_markers(now), "hoverinfo": "skip", "hovertemplate": None, "name": NOW,
            "marker": {"size": 34, "color": TEXT, "opacity": 0.25},
        })  # fmt: skip
    layout = {
        "height": 406, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": "pan", "showlegend": False,
        "map": {"style": STYLE, **_first_view(events if around is None else around)}, "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": TEXT, "size": 12}, "hoverlabel": {"bgcolor": BACKGROUND, "font": {"color": TEXT}},
    }  # fmt: skip
    return {"data": data, "layout": layout}


def _markers(rows: pd.DataFrame) -> Figure:
    return {
        "type": "scattermap", "mode": "markers", "lat": rows["latitude"].tolist(), "lon": rows["longitude"].tolist(),
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def legend_of(figure: Figure) -> list[tuple[str, str, str]]:
    """(name, colour, form) of what the map holds."""
    entries: dict[str, tuple[str, str, str]] = {}
    for trace in figure["data"]:
        name = trace.get("name", "")
        if name in TYPE_COLOURS:
            entries[name] = (name, TYPE_COLOURS[name], "dot")
    names = {trace.get("name", "") for trace in figure["data"]}
    hollow = any(t.get("marker", {}).get("color") == BACKGROUND and "customdata" not in t for t in figure["data"])
    extra = [(hollow, "hollow: near it", "ring"), (REGION in names, REGION, "area"), (SHARED in names, SHARED, "star")]
    return [*entries.values(), *((name, "currentColor", form) for there, name, form in extra if there)]


def shared_tolls(events: pd.DataFrame, reports: pd.DataFrame) -> list[Figure]:
    """One toll of several places: a ring at each that has a point of its own elsewhere in the table, and a line."""
    several = events[events["places"].str.contains(" | ", regex=False)].head(200)
    if several.empty:
        return []
    reports = reports[["places", "country", "latitude", "longitude", "geo_precision"]]
    alone = reports[has_point(reports) & reports["places"].isin({n for c in several["places"] for n in split_cell(c)})]
    middle = alone.groupby(["places", "country"])[["latitude", "longitude"]].median().reset_index()
    point = {(p, c): (y, x) for p, c, y, x in middle.itertuples(index=False)}
    lat: list[float | None] = []
    lon: list[float | None] = []
    ids: list[str] = []
    words: list[str] = []
    for event in several.to_dict("records"):
        countries = split_cell(event["country"])
        at = [(name, c) for name in split_cell(event["places"]) for c in countries if (name, c) in point]
        if len(at) < 2:
            continue
        lat += [*(point[key][0] for key in at), None]
        lon += [*(point[key][1] for key in at), None]
        names = chart_text(event["places"].replace(" | ", ", "))
        ids += [event["event_id"]] * (len(at) + 1)
        words += [f"one toll of {names}<br>killed: {harm_words(event, 'fatalities')}"] * (len(at) + 1)
    if not ids:
        return []
    ring = {"type": "scattermap", "lat": lat, "lon": lon, "customdata": ids, "text": words,
            "hovertemplate": "%{text}<extra></extra>"}  # fmt: skip
    return [
        {**ring, "mode": "lines+markers", "name": SHARED, "line": {"color": TEXT, "width": 1},
         "marker": {"size": 13, "color": TEXT, "opacity": 0.8}},
        {**ring, "mode": "markers", "showlegend": False, "marker": {"size": 9, "color": BACKGROUND}},
    ]  # fmt: skip


def _label(mark: Any) -> str:
    how = {"area": "near ", "admin1": "somewhere in ", "cell": "around "}.get(mark["geo_precision"], "")
    killed = f", {mark['killed']:,.0f} killed (best)" if mark["killed"] else ""
    many = f"{mark['events']} events" if mark["events"] > 1 else "1 event"
    return f"{chart_text(how + mark['name'])}<br>{many}{killed}"


def _regions(regions: pd.DataFrame) -> list[Figure]:
    data: list[Figure] = []
    for event_type, part in regions.groupby("type"):
        rings = [_circle(lat, lon) for lat, lon in zip(part["latitude"], part["longitude"], strict=True)]
        colour = TYPE_COLOURS[str(event_type)]
        data.append({
            "type": "scattermap", "lat": [x for ring, _ in rings for x in (*ring, None)],
            "lon": [x for _, ring in rings for x in (*ring, None)], "mode": "lines", "fill": "toself",
            "line": {"color": colour, "width": 1}, "opacity": 0.5, "fillcolor": _fade(colour), "hoverinfo": "skip",
            "name": REGION, "legendgroup": "region", "showlegend": not data,
        })  # fmt: skip
        data.append({  # what the pointer meets in the circle's middle
            **_markers(part), "marker": {"size": 16, "opacity": 0.01}, "showlegend": False,
            "text": part["label"].tolist(), "customdata": part["event_id"].tolist(),
        })  # fmt: skip
    return data


def _circle(latitude: float, longitude: float) -> tuple[list[float], list[float]]:
    turn = np.linspace(0, 2 * np.pi, 33)
    degrees = REGION_KM / 111.2
    lon = longitude + degrees * np.cos(turn) / max(0.1, np.cos(np.radians(latitude)))
    return (latitude + degrees * np.sin(turn)).round(4).tolist(), lon.round(4).tolist()


def _fade(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _first_view(events: pd.DataFrame) -> dict[str, Any]:
    """Centre and zoom in which most events stand; kept by the page once the analyst has moved."""
    every = events.loc[has_point(events), ["latitude", "longitude"]]
    if every.empty:
        return {"center": {"lat": 25.0, "lon": 15.0}, "zoom": 0.8}
    # where nine of ten events are: one far-off mark must not turn a city into a dot
    south, north = every["latitude"].quantile([0.05, 0.95])
    west, east = every["longitude"].quantile([0.05, 0.95])
    # the chart is some 450 x 400 pixels, and the world 512 wide at zoom 0
    spread = max((north - south) * 1.5, east - west, 1.0)
    zoom = float(np.clip(np.log2(210 / spread), 0.4, 7))
    return {"center": {"lat": float((south + north) / 2), "lon": float((west + east) / 2)}, "zoom": round(zoom, 2)}
