"""The map, drawn without a network: outlines from a file of the project, marks that say how closely a place is known.

Filled: the named place. Hollow: near it. A shaded area: somewhere in the region. A country gets no mark at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.empty_charts import sentence
from dashboard.lean import LOCATED, MARK, same_numbers
from dashboard.map_view import View, first_view
from dashboard.palette import BACKGROUND, REJECTED, SOFT, TEXT, TYPE_COLOURS
from dashboard.region_areas import Ring, rings_of
from dashboard.wording import SEPARATOR, chart_text, harm_words, split_cell

MAX_MARKS = 3000  # above this, places are put together in cells that follow the zoom
REGION_KM = 45  # radius of the circle that stands for a region whose area is not known
COLOURS = {**TYPE_COLOURS, REJECTED[0]: REJECTED[1]}
REGION, SHARED, NOW = "somewhere in this region", "one toll of several places", "now looking at"
CHOSEN = "chosen on the map"
Figure = dict[str, Any]
MAX_SHARED = 200
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


def places_of(events: pd.DataFrame, keep: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    """One row a place: row (of its first event), latitude, longitude, events, killed; and its events of each type."""
    rows = np.flatnonzero(keep & events[LOCATED].to_numpy())
    mark = events[MARK].to_numpy()[rows]
    size = np.bincount(mark)
    found = np.flatnonzero(size)
    first = np.empty(len(size), dtype=np.int64)
    first[mark[::-1]] = rows[::-1]
    types = _types(events)
    code_of = np.array([types.index(name) for name in events["event_type"].cat.categories])
    rejected = (events["status"] == "rejected").to_numpy()[rows]
    of_type = np.where(rejected, len(types) - 1, code_of[events["event_type"].cat.codes.to_numpy()[rows]])
    frequency = np.bincount(mark * len(types) + of_type, minlength=len(size) * len(types)).reshape(-1, len(types))
    best = events["fatalities_best"].to_numpy()[rows]
    killed = np.bincount(
        mark, np.where((events["kind"] == "incident").to_numpy()[rows] & ~rejected, np.nan_to_num(best), 0)
    )
    founder = first[found]
    places = pd.DataFrame({
        "row": founder, "latitude": events["latitude"].to_numpy()[founder],
        "longitude": events["longitude"].to_numpy()[founder], "events": size[found], "killed": killed[found],
    })  # fmt: skip
    return places, frequency[found]


def place_marks(
    events: pd.DataFrame, places: pd.DataFrame, frequency: np.ndarray, view: View | None = None
) -> pd.DataFrame:
    """One row a mark: latitude, longitude, geo_precision, events, killed, type (the most frequent), label, event_id.

    Where the places in the view are too many they are put together in cells, the smaller the closer one looks.
    """
    if view and len(places) > MAX_MARKS:
        seen = view.holds(places["latitude"], places["longitude"])
        places, frequency = places[seen].reset_index(drop=True), frequency[seen]
    cells = len(places) > MAX_MARKS
    if cells:
        places, frequency = _in_cells(places, frequency, view.zoom if view else 2.0)
    told = events.iloc[places["row"].to_numpy()]
    marks = places.drop(columns="row").assign(
        geo_precision="cell" if cells else told["geo_precision"].astype("str").to_numpy(),
        type=_most_frequent(events, frequency) if len(places) else "",
        event_id=told["event_id"].to_numpy(),
        name=[place or admin1 for place, admin1 in zip(told["place"], told["admin1"], strict=True)],
        country=told["country"].astype("str").to_numpy(), admin1=told["admin1"].astype("str").to_numpy(),
    ).nlargest(MAX_MARKS, "events")  # fmt: skip
    marks["label"] = [_label(row) for row in marks.to_dict("records")]
    return marks


def _types(events: pd.DataFrame) -> list[str]:
    """In their alphabetical order, which settles a tie for the most frequent; then what was rejected."""
    return [*sorted(events["event_type"].cat.categories), REJECTED[0]]


def _most_frequent(events: pd.DataFrame, frequency: np.ndarray) -> np.ndarray:
    """The type of each mark; rejected only where all of its events are."""
    valid = frequency[:, :-1]
    return np.array(_types(events))[np.where(valid.any(axis=1), valid.argmax(axis=1), frequency.shape[1] - 1)]


def _in_cells(places: pd.DataFrame, frequency: np.ndarray, zoom: float) -> tuple[pd.DataFrame, np.ndarray]:
    """Places of one cell of the map as one, in the middle of its events."""
    side = max(0.02, 4 / 2**zoom)
    cell = same_numbers(places["latitude"].to_numpy() // side, places["longitude"].to_numpy() // side)
    of_cell = np.zeros((cell.max() + 1, frequency.shape[1]), dtype=np.int64)
    np.add.at(of_cell, cell, frequency)
    at = ["latitude", "longitude"]
    weighed = places.assign(**{name: places[name] * places["events"] for name in at})
    sums = weighed.groupby(cell).agg({"row": "first", **dict.fromkeys([*at, "events", "killed"], "sum")})
    return sums.assign(**{name: sums[name] / sums["events"] for name in at}), of_cell


def build_map(
    events: pd.DataFrame,
    keep: np.ndarray,
    view: View | None = None,
    open_row: int = -1,
    first: Mapping[str, Any] | None = None,
    drawn: Sequence[float] = (),
) -> Figure:
    """Every kept event that may be drawn: a point, a shaded area, or several joined rings where one toll has several
    places. `view`: where the reader looks; `first`: where to look first (`first_view`); `open_row`: of the open event;
    `drawn`: longitude and latitude of each corner of what was chosen on the map.
    """
    places, frequency = places_of(events, keep)
    marks = place_marks(events, places, frequency, view)
    # without a trace there would be no map
    data: list[Figure] = [{"type": "scattermap", "lat": [], "lon": [], "showlegend": False}]
    data += _regions(marks[marks["geo_precision"] == "admin1"])
    data += shared_tolls(events, keep)
    points = marks[marks["geo_precision"] != "admin1"]
    most = float(points["killed"].max()) if len(points) else 0.0
    size = 9 + 20 * np.sqrt(points["killed"] / max(1.0, most))
    for event_type, colour in COLOURS.items():
        mine = points["type"] == event_type
        if not mine.any():
            continue
        part = points[mine]
        data.append({
            **_markers(part), "name": event_type,
            "marker": {"size": size[mine].tolist(), "color": colour,
                       "opacity": 0.4 if event_type == REJECTED[0] else 0.85},
            "text": part["label"].tolist(), "customdata": part["event_id"].tolist(), "meta": part["events"].tolist(),
        })  # fmt: skip
        hollow = part["geo_precision"] == "area"
        if hollow.any():
            data.append({
                **_markers(part[hollow]), "hoverinfo": "skip", "hovertemplate": None, "showlegend": False,
                "marker": {"size": (size[mine][hollow] - 5).tolist(), "color": BACKGROUND},
            })  # fmt: skip
    if open_row >= 0 and keep[open_row] and events[LOCATED].iloc[open_row]:
        data.append({
            **_markers(events.iloc[[open_row]]), "hoverinfo": "skip", "hovertemplate": None, "name": NOW,
            "marker": {"size": 34, "color": TEXT, "opacity": 0.25},
        })  # fmt: skip
    nothing = len(data) == 1
    if drawn:
        data.append({
            "type": "scattermap", "mode": "lines", "lon": [*drawn[::2], drawn[0]], "lat": [*drawn[1::2], drawn[1]],
            "line": {"color": TEXT, "width": 2}, "hoverinfo": "skip", "name": CHOSEN,
        })  # fmt: skip
    layout = {
        "height": 406, "margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "dragmode": "pan", "showlegend": False,
        "map": {"style": STYLE, **(first or first_view(events, keep))}, "paper_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": TEXT, "size": 12}, "hoverlabel": {"bgcolor": BACKGROUND, "font": {"color": TEXT}},
        "meta": {"follow": len(places) > MAX_MARKS},  # other marks where the reader looks elsewhere
    }  # fmt: skip
    if nothing:
        layout["annotations"] = [sentence("None of these events has a point." if keep.any() else "No event to draw.")]
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
        if name in COLOURS:
            entries[name] = (name, COLOURS[name], "dot")
    names = {trace.get("name", "") for trace in figure["data"]}
    hollow = any(t.get("marker", {}).get("color") == BACKGROUND and "customdata" not in t for t in figure["data"])
    extra = [(hollow, "hollow: near it", "ring"), (REGION in names, REGION, "area"), (SHARED in names, SHARED, "star"),
             (CHOSEN in names, CHOSEN, "line")]  # fmt: skip
    return [*entries.values(), *((name, "currentColor", form) for there, name, form in extra if there)]


def shared_tolls(events: pd.DataFrame, keep: np.ndarray) -> list[Figure]:
    """One toll of several places: a ring at each that has a point of its own elsewhere in the table, and a line."""
    cells = events["places"].cat
    shared = np.append(cells.categories.str.contains(SEPARATOR, regex=False).astype(bool), False)
    rows = np.flatnonzero(keep & shared[cells.codes.to_numpy()])[:MAX_SHARED] if shared.any() else ()
    if not len(rows):
        return []
    several = events.iloc[rows]
    named = {name for cell in several["places"] for name in split_cell(cell)}
    wanted = np.append(cells.categories.isin(named), False)
    alone = events.loc[wanted[cells.codes.to_numpy()] & events[LOCATED].to_numpy(),
                       ["places", "country", "latitude", "longitude"]]  # fmt: skip
    middle = alone.groupby(["places", "country"], observed=True).median().reset_index()
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
    types = f"<br>{'mostly ' if mark['events'] > 1 else ''}{mark['type']}"
    return f"{chart_text(how + mark['name'])}<br>{many}{killed}{types}"


def _regions(regions: pd.DataFrame) -> list[Figure]:
    data: list[Figure] = []
    for event_type, part in regions.groupby("type"):
        rings = [ring for mark in part.to_dict("records") for ring in _area(mark)]
        colour = COLOURS[str(event_type)]
        data.append({
            "type": "scattermap", "lat": [x for ring, _ in rings for x in (*ring, None)],
            "lon": [x for _, ring in rings for x in (*ring, None)], "mode": "lines", "fill": "toself",
            "line": {"color": colour, "width": 1}, "opacity": 0.5, "fillcolor": _fade(colour), "hoverinfo": "skip",
            "name": REGION, "legendgroup": "region", "showlegend": not data,
        })  # fmt: skip
        data.append({  # what the pointer meets in the area's middle
            **_markers(part), "marker": {"size": 18, "color": colour, "opacity": 0.3}, "showlegend": False,
            "text": part["label"].tolist(), "customdata": part["event_id"].tolist(), "meta": part["events"].tolist(),
        })  # fmt: skip
    return data


def _area(mark: Any) -> list[Ring]:
    return rings_of(mark["country"], mark["admin1"]) or [_circle(mark["latitude"], mark["longitude"])]


def _circle(latitude: float, longitude: float) -> Ring:
    turn = np.linspace(0, 2 * np.pi, 33)
    degrees = REGION_KM / 111.2
    lon = longitude + degrees * np.cos(turn) / max(0.1, np.cos(np.radians(latitude)))
    return (latitude + degrees * np.sin(turn)).round(4).tolist(), lon.round(4).tolist()


def _fade(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"
