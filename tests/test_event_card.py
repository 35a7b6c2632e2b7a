"""What the card and the list say in words: no rule's name, no column's value."""

from sample_tables import sample_snapshot

from dashboard.event_card import summary_html
from dashboard.event_list import READ, faded, list_rows
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
