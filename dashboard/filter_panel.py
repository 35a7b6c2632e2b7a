"""Widgets <-> Filters. The widgets' state is the truth; see view_link.py for its mirror in the address."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.archive import Archive
from dashboard.filters import IN_CELL, IN_LIST, Filters, bare_actor, matching, take
from dashboard.wording import KINDS, cell_counts

LISTS = (*IN_LIST, *IN_CELL, "publisher")
LABELS = {
    "since": "From", "until": "To", "kind": "Kind", "type": "Type", "subtype": "Sub-type", "country": "Country",
    "admin1": "Region", "place": "Place", "actor": "Actor", "publisher": "Publisher", "status": "Status",
    "killed": "Killed at least", "injured": "Injured at least", "disputed": "Sources disagree",
    "exact_day": "Exact day only", "exact_place": "Exact place only", "unplaced": "Without a point on the map",
    "changed": "Newest report since",
    "fresh": "Last refresh only", "words": "Words", "near": "Near", "brush": "Brushed days",
    "box": "Box on the map",
    "lasso": "Lasso on the map",
}  # fmt: skip
MOST_OPTIONS = 500
EMPTY: dict[str, Any] = {f.name: f.default for f in fields(Filters)}


def put(name: str, value: Any) -> None:
    """Set one choice, in the form its widget keeps."""
    if name == "near":
        for part, number in zip(("lat", "lon", "km"), value or (None, None, None), strict=True):
            st.session_state[f"f_near_{part}"] = number
    else:
        st.session_state[f"f_{name}"] = list(value) if name in LISTS else value


def current() -> Filters:
    """What is chosen now."""
    state = {name: st.session_state.get(f"f_{name}") for name in EMPTY}
    chosen: dict[str, Any] = {name: tuple(value) if name in LISTS else value for name, value in state.items() if value}
    for name in ("killed", "injured"):
        if state[name] is not None:
            chosen[name] = state[name]
    point = [st.session_state.get(f"f_near_{part}") for part in ("lat", "lon", "km")]
    if all(number is not None for number in point):
        chosen["near"] = tuple(float(number) for number in point if number is not None)
    return Filters(**chosen)


def reset(*names: str) -> None:
    """Take choices back; all of them where none is named."""
    for name in names or EMPTY:
        put(name, EMPTY[name] if EMPTY[name] != () or name in LISTS else ())


def show_filters(archive: Archive) -> None:
    """All widgets. Each list shows how many events hold each value. What is chosen outlives a look at another page."""
    st.text_input("Words in the evidence", key="f_words", persist_state="session", max_chars=200,
                  help="Every word must stand in one report.")  # fmt: skip
    _period(archive)
    countries = tuple(st.session_state.get("f_country") or ())
    _options("kind", count_values(archive, "kind"), KINDS)
    _options("type", count_values(archive, "event_type"))
    _options("country", count_values(archive, "country"))
    _options("admin1", count_values(archive, "admin1", countries))
    for column, name in zip(st.columns(2), ("killed", "injured"), strict=True):
        column.number_input(LABELS[name], 0, None, None, 1, key=f"f_{name}", persist_state="session", placeholder="any")
    _toggle(archive, "disputed", "Reports that cannot all be true.")
    _toggle(archive, "exact_day", "Hides what is known to a week, a month, or not at all.")
    _toggle(archive, "exact_place", "Hides what is known to a region or less closely.")
    more = st.expander("More", key="more", on_change="rerun")
    if more.open:  # a third of all widgets: nobody waits for them who does not ask
        with more:
            _show_more(archive, countries)
    st.button("Reset all", on_click=reset, width="stretch", key="reset")


def _show_more(archive: Archive, countries: tuple[str, ...]) -> None:
    _options("subtype", count_values(archive, "sub_event_type"))
    _options("place", count_values(archive, "places", countries))
    _options("actor", count_values(archive, "actors"))
    _options("publisher", count_publishers(archive))
    _options("status", count_values(archive, "status"))
    _toggle(archive, "unplaced")
    st.date_input(LABELS["changed"], None, key="f_changed", persist_state="session", format="YYYY-MM-DD")
    st.text("Within a distance of a point")
    point = {"lat": ("Latitude", -90.0, 90.0), "lon": ("Longitude", -180.0, 180.0), "km": ("km", 1.0, 20000.0)}
    for column, (part, (label, low, high)) in zip(st.columns(3), point.items(), strict=True):
        column.number_input(label, low, high, None, key=f"f_near_{part}", persist_state="session")


def _toggle(archive: Archive, name: str, explained: str | None = None) -> None:
    """A switch with the number of events that it leaves of all."""
    chosen: dict[str, Any] = {name: True}
    count = archive.once(("leaves", name), lambda: int(matching(archive, Filters(**chosen)).sum()))
    st.toggle(f"{LABELS[name]} ({count:,})", key=f"f_{name}", persist_state="session", help=explained)


def _period(archive: Archive) -> None:
    _toggle(archive, "fresh", "New, changed, merged or split when the table was last published.")
    first, last = archive.once("period", lambda: (archive.events["date_start"].min(), archive.events["date_end"].max()))
    if pd.notna(last):

        def recent() -> None:
            put("since", last.date() - timedelta(days=29))
            put("until", last.date())

        left, right = st.columns(2)
        left.button("Last 30 days", on_click=recent, width="stretch", help="The last 30 days that the data speak of.")
        right.button("All days", on_click=reset, args=("since", "until", "brush"), width="stretch")
    # a link may name any day: the widget's range has to hold it
    days = [d.date() for d in (first, last) if pd.notna(d)]
    days += [d for d in (st.session_state.get("f_since"), st.session_state.get("f_until")) if isinstance(d, date)]
    low, high = (min(days), max(days)) if days else (date(1900, 1, 1), date(2100, 1, 1))
    for column, name in zip(st.columns(2), ("since", "until"), strict=True):
        column.date_input(LABELS[name], None, low, high, key=f"f_{name}", persist_state="session", format="YYYY-MM-DD")


def count_values(archive: Archive, column: str, countries: tuple[str, ...] = ()) -> dict[str, int]:
    """How many events hold each value, in these countries or in all; the most frequent first."""

    def count() -> dict[str, int]:
        keep = matching(archive, Filters(country=countries))
        return cell_counts(take(archive.events, keep, [column])[column], bare_actor if column == "actors" else str)

    return archive.once(("values", column, countries), count)


def count_publishers(archive: Archive) -> dict[str, int]:
    """How many events each publisher tells of."""
    return archive.once("publishers", lambda: cell_counts(archive.reports.drop_duplicates()["source"]))


def _options(name: str, counts: dict[str, int], names: dict[str, str] | None = None) -> None:
    chosen = st.session_state.get(f"f_{name}") or []
    many = len(counts) > MOST_OPTIONS  # all of them to the browser at each change would be megabytes
    offered = [*islice(counts, MOST_OPTIONS)]
    held = set(offered)
    options = [*offered, *(value for value in chosen if value not in held)]  # a link may name what is not there
    st.multiselect(
        LABELS[name], options, key=f"f_{name}", persist_state="session", accept_new_options=many,
        placeholder=f"all; {MOST_OPTIONS:,} of {len(counts):,} listed, or type a name" if many else "all",
        format_func=lambda value: f"{(names or {}).get(value, value)} ({counts.get(value, 0):,})",
    )  # fmt: skip


def chips(filters: Filters) -> dict[str, tuple[str, Any]]:
    """What narrows the view in words, each with the choice behind it."""
    found: dict[str, tuple[str, Any]] = {}
    for name, value in filters.chosen.items():
        if name in LISTS:
            found |= {f"{LABELS[name]}: {KINDS.get(one, one)}": (name, one) for one in value}
        else:
            words = "" if value is True else f": {_chip_words(name, value)}"
            found[f"{LABELS[name]}{words}"] = (name, value)
    return found


def show_chips(filters: Filters) -> None:
    """What narrows the view, each to be taken off alone."""
    found = chips(filters)
    if not found:
        st.caption("Nothing is chosen: all events are shown.")
        return
    # a new key for new choices: the widget always begins with all of them
    key = "chips " + " ".join(found)

    def take_off() -> None:
        for label in set(found) - set(st.session_state[key]):
            name, value = found[label]
            rest = tuple(v for v in getattr(filters, name) if v != value) if name in LISTS else EMPTY[name]
            put(name, rest)

    st.multiselect(
        "Chosen: take off what you no longer want", list(found), list(found), key=key, on_change=take_off,
        label_visibility="collapsed",
    )  # fmt: skip


def _chip_words(name: str, value: Any) -> str:
    if name == "brush":
        return f"{value[0]} – {value[1]}"
    if name == "near":
        return f"within {value[2]:g} km of {value[0]:g}, {value[1]:g}"
    if name == "lasso":
        return f"{len(value) // 2} corners"
    if name == "box":
        return "{1:.2f}–{3:.2f} N, {0:.2f}–{2:.2f} E".format(*value)
    return str(value)
