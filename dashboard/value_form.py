"""Right values for one event, asked by subject, so that what belongs together is changed together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

import pipeline
from dashboard.loading import settings
from dashboard.wording import number

PARTS = {"low": "At least", "best": "Most likely", "high": "At most"}
ASKED_APART = {"date_start", "date_end", "time_precision", "date_basis", "place", "admin1", "country", "iso3",
               "latitude", "longitude", "geo_precision", "event_type", "sub_event_type",
               *(f"{harm}_{part}" for harm in ("fatalities", "injured") for part in PARTS)}  # fmt: skip


def ask_values(event: pd.Series, key: str, subject: str = "Killed") -> dict[str, str]:
    """The columns whose right value differs from what stands there now; `subject` is shown first."""
    subjects: dict[str, Callable[[pd.Series, str], dict[str, str]]] = {
        "Day": _ask_day, "Place": _ask_place, "Killed": _ask_killed, "Injured": _ask_injured, "What": _ask_type,
        "Other": _ask_other,
    }  # fmt: skip
    chosen = st.segmented_control("Which value is wrong", list(subjects), default=subject, key=f"{key}_subject",
                                  required=True)  # fmt: skip
    values = subjects[chosen or subject](event, key)
    return {name: value for name, value in values.items() if value != as_text(event[name])}


def as_text(cell: Any) -> str:
    """A cell as a correction writes it: unknown is empty, a day is YYYY-MM-DD."""
    if cell is None or pd.isna(cell):
        return ""
    return cell.date().isoformat() if isinstance(cell, pd.Timestamp) else str(cell)


def _ask_day(event: pd.Series, key: str) -> dict[str, str]:
    start, end = event["date_start"], event["date_end"]
    now = [] if pd.isna(start) else [start.date(), end.date()]
    left, right = st.columns([3, 2])
    days = left.date_input(
        "First and last day", now, min_value=date(1900, 1, 1), key=f"{key}_days", format="YYYY-MM-DD",
        help="The same day twice for one day; nothing for: not stated.",
    )  # fmt: skip
    if not days:
        return {"date_start": "", "date_end": "", "time_precision": "", "date_basis": "none"}
    first, last = days[0], days[-1]
    scale = list(pipeline.CLOSED["time_precision"])
    if list(days) == now and not pd.isna(event["time_precision"]):
        closely = str(event["time_precision"])
    else:
        closely = "day" if first == last else "range"
    precision = right.selectbox("How closely", scale, scale.index(closely), key=f"{key}_closely_{closely}")
    values = {"date_start": first.isoformat(), "date_end": last.isoformat(), "time_precision": precision}
    claimed = event["date_basis"] in ("explicit", "relative")
    if claimed and all(value == as_text(event[name]) for name, value in values.items()):
        return {}
    return values | {"date_basis": "explicit"}


def _ask_place(event: pd.Series, key: str) -> dict[str, str]:
    name = st.text_input("Name of the place", event["place"].split(" | ")[0], key=f"{key}_name", max_chars=100)
    choices = pipeline.places_named(settings(), name, event["country"])
    if choices:
        now = {column: as_text(event[column]) for column in ("place", "admin1", "country", "geo_precision")}
        by_label = {choice.label: dict(choice.cells) for choice in choices}
        same = [n for n, cells in enumerate(by_label.values()) if now.items() <= cells.items()]
        label = st.selectbox("Which of that name", list(by_label), same[0] if same else 0, key=f"{key}_which_{name}")
        return {} if same and label == list(by_label)[same[0]] else by_label[label]
    if name.strip():
        st.text("The gazetteer has no place of that name; give its point, or add it on the page “Quality”.")
    left, right = st.columns(2)
    latitude = left.number_input("Latitude", -90.0, 90.0, None, key=f"{key}_lat", format="%.4f")
    longitude = right.number_input("Longitude", -180.0, 180.0, None, key=f"{key}_lon", format="%.4f")
    known = latitude is not None and longitude is not None
    return {"place": name.strip(), "latitude": str(latitude) if known else "",
            "longitude": str(longitude) if known else "",
            "geo_precision": "place" if known else str(event["geo_precision"])}  # fmt: skip


def _ask_killed(event: pd.Series, key: str) -> dict[str, str]:
    return _ask_count(event, "fatalities", key)


def _ask_injured(event: pd.Series, key: str) -> dict[str, str]:
    return _ask_count(event, "injured", key)


def _ask_count(event: pd.Series, harm: str, key: str) -> dict[str, str]:
    values = {}
    for column, (part, label) in zip(st.columns(3), PARTS.items(), strict=True):
        now = number(event[f"{harm}_{part}"])
        given = column.number_input(label, 0, None, now, step=1, key=f"{key}_{harm}_{part}",
                                    help="Leave empty for: nobody says.")  # fmt: skip
        values[f"{harm}_{part}"] = "" if given is None else str(given)
    return values


def _ask_type(event: pd.Series, key: str) -> dict[str, str]:
    left, right = st.columns(2)
    types = list(pipeline.SUB_EVENT_TYPES)
    main = left.selectbox("Type", types, types.index(str(event["event_type"])), key=f"{key}_type")
    subs = pipeline.SUB_EVENT_TYPES[main]
    now = str(event["sub_event_type"])
    sub = right.selectbox("Sub-type", subs, subs.index(now) if now in subs else 0, key=f"{key}_sub_{main}")
    return {"event_type": main, "sub_event_type": sub}


def _ask_other(event: pd.Series, key: str) -> dict[str, str]:
    field = st.selectbox("Column", [f for f in pipeline.SETTABLE if f not in ASKED_APART], key=f"{key}_field")
    now = as_text(event[field])
    if field in pipeline.CLOSED:
        choices = list(pipeline.CLOSED[field])
        value = st.selectbox("Right value", choices, choices.index(now) if now in choices else 0, key=f"{key}_{field}")
    else:
        value = st.text_input("Right value", now, key=f"{key}_{field}", max_chars=500, help="Nothing: not stated.")
    return {field: value.strip()}
