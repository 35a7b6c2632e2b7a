"""The codebook and the tables name the same columns, and a figure stands in two places only if it is the same."""

import csv
import itertools
import re
from pathlib import Path

import pytest

from dashboard.palette import TYPE_COLOURS
from pipeline.lexicons import read_lexicon
from pipeline.models import SUB_EVENT_TYPES
from pipeline.table import CLOSED, EVENT_COLUMNS, REPORT_COLUMNS

ROOT = Path(__file__).parent.parent
CODEBOOK = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
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


def test_the_scores_that_the_page_shows_are_those_of_the_readme() -> None:
    table = (ROOT / "README.md").read_text("utf-8").split("| set | measure | result |\n|---|---|---|\n")[1].split("\n\n")[0]
    told = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.split("\n")]
    for before, row in itertools.pairwise(told):
        row[0] = row[0] or before[0]
    with (ROOT / "data" / "scores.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines))[1:] == told


def test_each_type_of_event_is_in_the_codebook_and_has_words_that_give_it_and_a_colour() -> None:
    told = dict(re.findall(r"^\| ([^|`]+) \| ([^|]+) \|$", CODEBOOK.split("## Types")[1].split("\n## ")[0], re.MULTILINE))
    assert {t: tuple(subs.split("; ")) for t, subs in told.items() if t in SUB_EVENT_TYPES} == SUB_EVENT_TYPES
    given = {(row["event_type"], row["sub_event_type"]) for row in read_lexicon("violence")}
    assert {(t, sub) for t, subs in SUB_EVENT_TYPES.items() for sub in subs} <= given
    assert set(TYPE_COLOURS) >= set(SUB_EVENT_TYPES)
