"""What the card and the list say in words: no rule's name, no column's value."""

import pandas as pd
from sample_tables import sample_snapshot

from dashboard.event_card import summary_html
from dashboard.event_list import READ, faded, list_rows
from dashboard.neighbours import nearest_first
from dashboard.wording import BASIS_WORDS, STATUS_WORDS
from pipeline import CLOSED


def test_the_card_names_no_value_of_a_column() -> None:
    assert set(CLOSED["status"]) == set(STATUS_WORDS)
    assert set(CLOSED["date_basis"]) == set(BASIS_WORDS)
    event = sample_snapshot().events.iloc[0]
    said = summary_html(event)
    assert "exact day; " in said and ", explicit)" not in said
    assert "as the machine read it" in said


def test_a_rejected_event_looks_so_in_the_list() -> None:
    events = sample_snapshot().events[list(READ)].copy()
    rows = list_rows(events).drop(columns="event_id")
    assert faded(rows) is rows
    events["status"] = events["status"].astype("str")
    events.loc[events.index[0], "status"] = "rejected"
    rows = list_rows(events).drop(columns="event_id")
    assert rows["What"].iloc[0].startswith("Rejected: ")
    assert faded(rows).to_html().count("color: #8c8c8c") == 1  # one style, shared by the cells of its row


def test_of_events_to_merge_with_the_nearest_in_days_then_in_place_comes_first() -> None:
    events = sample_snapshot().events
    event = events[events["event_id"] == "karm-2"].iloc[0]
    order = nearest_first(event, events)["event_id"].tolist()
    assert "karm-2" not in order and len(order) == len(events) - 1
    assert order[:3] == ["dol-part", "dol-total", "karm"] and order[-1] == "rhun-undated"
    moved = events.assign(date_start=pd.Timestamp("2021-03-04"))
    assert nearest_first(event, moved)["event_id"].iloc[0] == "karm"
