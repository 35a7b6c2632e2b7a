"""What the analyst has chosen, and what of the tables that leaves. Pure: no page, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.lean import EVENT_ROW, EXACT_DAY, EXACT_PLACE, FRESH, LOCATED, with_a_report
from dashboard.wording import split_cell

EARTH_RADIUS_KM = 6371.0
MAX_CORNERS = 40
MAX_WORDS = 200  # a search longer than this is a mistake, not a search


@dataclass(frozen=True)
class Filters:
    """Every choice that narrows the view. Empty means: not narrowed. The names are those of the link."""

    since: date | None = None
    until: date | None = None
    kind: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    subtype: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    admin1: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    killed: int | None = None  # at least
    injured: int | None = None  # at least
    disputed: bool = False
    exact_day: bool = False
    exact_place: bool = False
    unplaced: bool = False  # only what has no point on the map
    fresh: bool = False  # touched by the last refresh
    changed: date | None = None  # its newest report published on this day or later
    words: str = ""
    near: tuple[float, ...] = ()  # latitude, longitude, km
    brush: tuple[date, ...] = ()  # first and last day drawn on the timeline
    box: tuple[float, ...] = ()  # west, south, east, north drawn on the map
    lasso: tuple[float, ...] = ()  # longitude, latitude of each corner drawn on the map

    @property
    def chosen(self) -> dict[str, Any]:
        """The choices that narrow, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) not in (f.default, "")}

    def without(self, *names: str) -> Filters:
        """The same without these choices."""
        defaults: dict[str, Any] = {f.name: f.default for f in fields(self)}
        return replace(self, **{name: defaults[name] for name in names})


IN_CELL = {"country": "country", "admin1": "admin1", "place": "places", "actor": "actors"}  # cells with several values
IN_LIST = {"kind": "kind", "type": "event_type", "subtype": "sub_event_type", "status": "status"}


def matching(archive: Any, filters: Filters) -> np.ndarray:
    """For each event of the archive, whether every choice leaves it."""
    events = archive.events
    keep = np.ones(len(events), dtype=bool)
    for first, last in ((filters.since, filters.until), filters.brush or (None, None)):
        _within(keep, events, first, last)
    for name, column in IN_LIST.items():
        if wanted := getattr(filters, name):
            keep &= _is_any(events[column], set(wanted).__contains__)
    for name, column in IN_CELL.items():
        if wanted := getattr(filters, name):
            keep &= _is_any(events[column], _holding(wanted))
    for harm, least in (("fatalities", filters.killed), ("injured", filters.injured)):
        if least is not None:
            keep &= _at_least(events, harm, least)
    if filters.disputed:
        keep &= events["disputed"].to_numpy()
    if filters.exact_day:
        keep &= events[EXACT_DAY].to_numpy()
    if filters.exact_place:
        keep &= events[EXACT_PLACE].to_numpy()
    if filters.unplaced:
        keep &= ~events[LOCATED].to_numpy()
    if filters.fresh:
        keep &= events[FRESH].to_numpy()
    if filters.changed:
        keep &= events["last_updated"].to_numpy() >= np.datetime64(filters.changed)
    if filters.publisher:
        told = _is_any(archive.reports["source"], set(filters.publisher).__contains__)
        keep &= with_a_report(events, archive.reports[EVENT_ROW].to_numpy()[told])
    for word in filters.words.split():
        keep &= archive.said(word)
    if filters.near:
        keep &= _distance_km(events, *filters.near[:2]) <= filters.near[2]
    if filters.box:
        west, south, east, north = filters.box
        x, y = events["longitude"].to_numpy(), events["latitude"].to_numpy()
        keep &= (x >= west) & (x <= east) & (y >= south) & (y <= north)
    if filters.lasso:
        keep &= within_lasso(events["longitude"], events["latitude"], filters.lasso)
    return keep


def take(events: pd.DataFrame, keep: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
    """These columns of the events that are left: a view takes the few that it needs."""
    few = events[list(columns)]
    return few if keep.all() else few[keep]


def _within(keep: np.ndarray, events: pd.DataFrame, first: date | None, last: date | None) -> None:
    if first:
        keep &= events["date_end"].to_numpy() >= np.datetime64(first)
    if last:
        keep &= events["date_start"].to_numpy() <= np.datetime64(last)


def _is_any(cells: pd.Series, wanted: Callable[[str], bool]) -> np.ndarray:
    """Which cells are wanted: the distinct ones are few and asked, the rows many and looked up."""
    answers = [*map(wanted, map(str, cells.cat.categories)), False]  # the last for -1: a missing cell
    return np.array(answers)[cells.cat.codes.to_numpy()]


def _holding(wanted: Sequence[str]) -> Callable[[str], bool]:
    some = set(wanted)
    return lambda cell: not some.isdisjoint({*split_cell(cell), *map(bare_actor, split_cell(cell))})


def bare_actor(cell: str) -> str:
    """An actor's name without the role in brackets."""
    name, bracket, role = cell.rpartition(" (")
    return name if bracket and role in ("perpetrator)", "target)", "party)") else cell


def _at_least(events: pd.DataFrame, harm: str, least: int) -> np.ndarray:
    # an open best does not hide a stated bound: "up to 9" may be 9
    low, best, high = (events[f"{harm}_{part}"].to_numpy() for part in ("low", "best", "high"))
    stated = np.where(np.isnan(best), np.where(np.isnan(low), high, low), best)
    return stated >= least  # unknown is not


def _distance_km(events: pd.DataFrame, latitude: float, longitude: float) -> np.ndarray:
    lat, lon = (np.radians(events[c].to_numpy(dtype=float)) for c in ("latitude", "longitude"))
    lat0, lon0 = np.radians(latitude), np.radians(longitude)
    half = np.sin((lat - lat0) / 2) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin((lon - lon0) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.where(np.isnan(distance), np.inf, distance)


def within_lasso(x: pd.Series, y: pd.Series, corners: Sequence[float]) -> np.ndarray:
    """Which points lie inside: a line eastwards from them crosses the border an odd number of times."""
    px, py = x.to_numpy(dtype=float), y.to_numpy(dtype=float)
    inside = np.zeros(len(px), dtype=bool)
    xs, ys = corners[::2], corners[1::2]
    for x0, y0, x1, y1 in zip(xs, ys, [*xs[1:], xs[0]], [*ys[1:], ys[0]], strict=True):
        if y0 != y1:
            inside ^= ((y0 > py) != (y1 > py)) & (px < (x1 - x0) * (py - y0) / (y1 - y0) + x0)
    return inside


def drawn_on_map(filters: Filters) -> tuple[float, ...]:
    """Longitude and latitude of each corner of the lasso or box."""
    if filters.lasso or not filters.box:
        return filters.lasso
    west, south, east, north = filters.box
    return west, south, east, south, east, north, west, north


def short_lasso(corners: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The drawn line with at most MAX_CORNERS corners, so that it fits into a link."""
    step = max(1, -(-len(corners) // MAX_CORNERS))
    return tuple(round(float(number), 3) for corner in corners[::step] for number in corner)


# --- the link --------------------------------------------------------------------------------------------------------


def to_query(filters: Filters) -> dict[str, str | list[str]]:
    """The choices as parameters of a link; `from_query` reads them back."""
    query: dict[str, str | list[str]] = {}
    for name, value in filters.chosen.items():
        if name in ("near", "box", "lasso", "brush"):
            query[name] = ",".join(
                f"{v:.4f}".rstrip("0").rstrip(".") if isinstance(v, float) else str(v) for v in value
            )
        elif isinstance(value, tuple):
            query[name] = list(value)
        else:
            query[name] = "1" if value is True else str(value)
    return query


def from_query(query: Mapping[str, Sequence[str]]) -> tuple[Filters, list[str]]:
    """The choices of a link, and what of it could not be read. Names that are not choices are left alone."""
    chosen: dict[str, Any] = {}
    problems: list[str] = []
    for f in fields(Filters):
        values = [v for v in query.get(f.name, ()) if v]
        if not values:
            continue
        try:
            chosen[f.name] = _read_choice(f.name, f.default, values)
        except ValueError:
            problems.append(f"{f.name}={values[-1][:40]}")
    if "since" in chosen and "until" in chosen and chosen["since"] > chosen["until"]:
        problems.append(f"since={chosen.pop('since')}, which is after until")
    return Filters(**chosen), problems


def _read_choice(name: str, default: Any, values: Sequence[str]) -> Any:
    last = values[-1]
    if name in ("since", "until", "changed"):
        return date.fromisoformat(last)
    if name in ("killed", "injured"):
        if not (last.isascii() and last.isdigit() and len(last) < 8):
            raise ValueError(last)
        return int(last)
    if isinstance(default, bool):
        if last != "1":
            raise ValueError(last)
        return True
    if name == "words":
        return last[:MAX_WORDS]
    if name == "brush":
        days = tuple(map(date.fromisoformat, last.split(",")))
        if len(days) != 2 or days[0] > days[1]:
            raise ValueError(last)
        return days
    if name in ("near", "box", "lasso"):
        return _read_numbers(name, last)
    return tuple(dict.fromkeys(values))


def _read_numbers(name: str, text: str) -> tuple[float, ...]:
    numbers = tuple(map(float, text.split(",")))
    if name == "near":
        lat, lon, km = numbers
        if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 < km <= 20_000):
            raise ValueError(text)
    elif name == "lasso":
        inside = all(abs(x) <= 360 for x in numbers[::2]) and all(abs(y) <= 90 for y in numbers[1::2])
        if len(numbers) % 2 or not 3 <= len(numbers) // 2 <= MAX_CORNERS or not inside:
            raise ValueError(text)
    else:
        west, south, east, north = numbers
        if not (-360 <= west <= east <= 360 and -90 <= south <= north <= 90):
            raise ValueError(text)
    return numbers
