"""Each row of tests/gold/violence.csv: the phrase is found, typed, and asserted or not by its clause."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.documents import prepare_document
from pipeline.lexicons import read_lexicon
from pipeline.mentions.violence import find_violence
from pipeline.models import SUB_EVENT_TYPES, Article

GOLD = list(csv.DictReader((Path(__file__).parent / "gold/violence.csv").open(encoding="utf-8", newline="")))


def _case(row: dict[str, str]) -> object:
    gap = row["known_gap"]
    marks = [pytest.mark.xfail(strict=True, reason=gap)] if gap else []
    return pytest.param(row, id=row["case_id"], marks=marks)


@pytest.mark.parametrize("row", [_case(row) for row in GOLD])
def test_violence_is_found_typed_and_judged(row: dict[str, str]) -> None:
    document = prepare_document(Article("a", "", row["text"], "", "", None))
    found = {m.text: m for m in find_violence(document)}
    assert row["phrase"] in found
    mention = found[row["phrase"]]
    assert row["text"][mention.start_char : mention.end_char] == row["phrase"]
    if row["sub_event_type"]:
        assert mention.sub_event_type == row["sub_event_type"]
    assert mention.asserted is (row["asserted"] == "yes")


def test_the_lexicon_names_known_types_and_no_phrase_twice() -> None:
    rows = read_lexicon("violence")
    assert len({r["phrase"].lower() for r in rows}) == len(rows)
    for row in rows:
        assert row["sub_event_type"] in SUB_EVENT_TYPES[row["event_type"]]
        assert row["strength"] in ("verb", "noun", "hint", "weak")
