"""The codebook and the tables name the same columns."""

import re
from pathlib import Path

import pytest

from pipeline.table import CLOSED, EVENT_COLUMNS, REPORT_COLUMNS

CODEBOOK = (Path(__file__).parent.parent / "data" / "README.md").read_text(encoding="utf-8")
EVENTS, REPORTS = CODEBOOK.split("## `reports`")


def columns_of(section: str) -> set[str]:
    first_cells = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_event_column_is_in_the_codebook_and_the_reverse():
    assert columns_of(EVENTS) == set(EVENT_COLUMNS)


def test_every_report_column_is_in_the_codebook_and_the_reverse():
    own = set(REPORT_COLUMNS) - set(EVENT_COLUMNS)
    assert columns_of(REPORTS) == own


@pytest.mark.parametrize("column", ["kind", "time_precision", "date_basis", "geo_precision", "status"])
def test_closed_lists_are_spelled_out(column):
    row = next(line for line in EVENTS.splitlines() if line.startswith("|") and f"`{column}`" in line.split("|")[1])
    assert {str(word) for word in CLOSED[column]} <= set(re.findall(r"`(\w+)`", row.split("|")[2]))
