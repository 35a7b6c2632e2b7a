"""Time expressions against tests/gold/dates.csv: text, the article's day, the span, the days, the role."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline.documents import prepare_document
from pipeline.mentions.dates import find_dates
from pipeline.models import Article, DateMention

GOLD = list(csv.DictReader((Path(__file__).parent / "gold" / "dates.csv").open(encoding="utf-8", newline="")))


def read(text: str, dct: str, title: str = "") -> list[DateMention]:
    published = date.fromisoformat(dct) if dct else None
    return find_dates(prepare_document(Article("a", title, text, "a paper", "", published)))


def described(mention: DateMention) -> tuple[str, str]:
    return str(mention.date_start or ""), str(mention.date_end or "")


def cases() -> list:
    return [
        pytest.param(row, id=row["text"][:60], marks=[pytest.mark.xfail(strict=True)] if row["known_gap"] else [])
        for row in GOLD
    ]


@pytest.mark.parametrize("row", cases())
def test_gold_row(row):
    found = read(row["text"], row["dct"])
    if not row["span"]:
        assert not [m for m in found if m.date_start], "a day was read where none is named"
        return
    at = row["text"].index(row["span"])
    hits = [m for m in found if m.start_char < at + len(row["span"]) and at < m.end_char]
    assert len(hits) == 1, [m.text for m in found]
    assert described(hits[0]) == (row["start"], row["end"])
    if row["role"]:
        assert hits[0].role == row["role"]
    if not row["start"]:
        assert hits[0].reason


def test_gold_is_broad():
    assert len(GOLD) >= 250
    assert min(Counter(row["category"] for row in GOLD).values()) >= 5
    assert sum(row["held_out"] == "yes" for row in GOLD) >= 50


def test_spans_point_into_the_text_in_order():
    text = "Tuesday's raid.\n\nTwo died on 3 May 2018 and, a day later, three more. Since Sunday none."
    found = read(text, "2018-09-12")
    assert [text[m.start_char : m.end_char] for m in found] == [m.text for m in found]
    assert [m.start_char for m in found] == sorted(m.start_char for m in found)
    assert len(found) == 4


def test_without_a_day_of_its_own_only_full_dates_hold():
    found = read("On Tuesday two died, and on 3 May 2018 one, in March 2017 six, yesterday four.", "")
    assert [described(m)[0] for m in found] == ["", "2018-05-03", "2017-03-01", ""]
    assert all(m.reason for m in found)
