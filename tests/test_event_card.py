"""What the card and the list say in words: no rule's name, no column's value."""

import csv
import re
from pathlib import Path

import pytest
from sample_tables import sample_snapshot

from dashboard import reason_words
from dashboard.event_card import summary_html
from dashboard.event_list import READ, faded, list_rows
from dashboard.reason_words import plain_reason
from dashboard.wording import BASIS_WORDS, STATUS_WORDS
from pipeline import CLOSED

SAID = {
    "date_start: latest weekday": "Day: a weekday: the last such day before the article appeared, or that day",
    "place: first-level region; 2 of this name": "Place: a province or state: somewhere in it; the list of places knows"
    " 2 of this name: this one goes best with the rest of the article",
    "fatalities_best: killed: at least N": "Killed: beside “killed”: a number with “at least”",
    "injured_best: wounded: tens of (vague)":
        "Injured: beside “wounded”: “tens of”, no exact number; the least it can mean is counted",
    "event_type: “shelling”": "What happened: from the word “shelling”",
    "place: a war's toll is the country's": "Place: a war's toll is the country's",
    "of no column": "of no column",
}  # fmt: skip


@pytest.mark.parametrize("reason", SAID)
def test_a_reason_is_told_in_plain_words_and_an_unknown_one_as_it_is(reason: str) -> None:
    assert plain_reason(reason) == SAID[reason]


def test_each_row_of_the_words_has_a_field_a_pattern_and_words() -> None:
    with Path(reason_words.WORDS).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len({(row["field"], row["part"]) for row in rows})
    for row in rows:
        assert set(row) == {"field", "part", "words"} and all(row.values()), row
        assert row["field"] in {*reason_words.ABOUT, "count"}
        asked = re.findall(r"\\(\d)", row["words"])
        assert all(int(n) <= re.compile(row["part"]).groups for n in asked), row


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
