"""The file holds what is on screen, and no spreadsheet runs it."""

import csv
import io

import pandas as pd
import pytest
from sample_tables import sample_snapshot

from dashboard.export import disarm, to_csv_bytes
from pipeline import table

EVENTS = sample_snapshot().events


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_columns_and_words_of_the_codebook() -> None:
    read = rows(to_csv_bytes(EVENTS))
    assert list(read[0]) == list(table.EVENT_COLUMNS)
    assert [r["event_id"] for r in read] == list(EVENTS["event_id"])
    assert read[1]["date_start"] == "2021-03-04"


def test_unknown_is_empty_and_zero_is_zero() -> None:
    events = EVENTS.copy()
    events.loc[0, ["injured_low", "injured_best", "injured_high"]] = 0
    read = rows(to_csv_bytes(events))
    assert (read[0]["injured_best"], read[1]["injured_best"], read[4]["fatalities_high"]) == ("0", "", "")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "\r=1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert disarm(pd.DataFrame({"evidence": pd.Series([text, "plain"], dtype="str")}))["evidence"].tolist() == [
        "'" + text,
        "plain",
    ]


def test_numbers_below_zero_stay_numbers() -> None:
    assert disarm(pd.DataFrame({"longitude": [-3.5]}))["longitude"].tolist() == [-3.5]
