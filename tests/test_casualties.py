"""The counts of one sentence or short text, as gold rows; and what holds for every mention."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline.documents import prepare_document
from pipeline.mentions.casualties import find_casualties
from pipeline.models import Article, Count, CountMention, Document, Harm
from pipeline.tolls import combine_counts

GOLD = Path(__file__).parent / "gold" / "casualties.csv"
ROWS = list(csv.DictReader(GOLD.open(encoding="utf-8", newline="")))


def document(text: str, title: str = "") -> Document:
    return prepare_document(Article("a", title, text, "Halvar Herald", "", date(2016, 5, 18)))


def bounds(count: Count) -> tuple[str, ...]:
    return tuple("" if value is None else str(value) for value in (count.low, count.best, count.high))


def case(row: dict[str, str]) -> pytest.ParameterSet:
    marks = [pytest.mark.xfail(strict=True, reason=row["known_gap"])] if row["known_gap"] else []
    return pytest.param(row, id=row["case_id"], marks=marks)


@pytest.mark.parametrize("row", [case(row) for row in ROWS])
def test_gold(row: dict[str, str]) -> None:
    mentions = find_casualties(document(row["text"]))
    expected = tuple(row[f"{h}_{b}"] for h in ("killed", "injured") for b in ("low", "best", "high"))
    found = bounds(combine_counts(mentions, Harm.KILLED)) + bounds(combine_counts(mentions, Harm.INJURED))
    assert found == expected, [(m.text, m.rule) for m in mentions]


def test_the_gold_has_enough_rows_and_a_held_out_part() -> None:
    assert len(ROWS) >= 200
    assert sum(row["set"] == "held_out" for row in ROWS) >= 70


def test_spans_point_at_the_words_in_text_order() -> None:
    for row in ROWS:
        mentions = find_casualties(document(row["text"]))
        assert [m.start_char for m in mentions] == sorted(m.start_char for m in mentions)
        assert all(row["text"][m.start_char : m.end_char] == m.text and m.text for m in mentions)


def told(text: str) -> list[CountMention]:
    return find_casualties(document(text))


def test_one_mention_for_a_list_of_victims() -> None:
    (mention,) = told("Three soldiers and two civilians were killed.")
    assert (mention.text, mention.count.best) == ("Three soldiers and two civilians", 5)
    assert mention.civilian is None


def test_a_denied_killing_is_not_asserted() -> None:
    assert [m.asserted for m in told("The army denied killing 12 villagers.")] == [False]


def test_sides_are_known_by_their_words() -> None:
    civilian, soldier = told("A strike killed two civilians. A mine killed a soldier.")
    assert (civilian.civilian, soldier.civilian) == (True, False)


def test_others_are_an_addition_and_the_two_are_a_repeat() -> None:
    assert [m.relation for m in told("Another six were killed.")] == ["addition"]
    assert [m.relation for m in told("The two men were killed.")] == ["repeat"]


def test_headline_and_body_count_once() -> None:
    mentions = find_casualties(document("Seven people were killed on Monday.", title="Seven killed in Halvar"))
    assert combine_counts(mentions, Harm.KILLED) == Count(7, 7, 7)
