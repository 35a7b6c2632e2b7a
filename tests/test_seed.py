"""The seed article gives exactly its events, and nothing from its eight traps."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline.articles import read_articles
from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, Count, Report
from pipeline.settings import Settings

ROOT = Path(__file__).parent.parent
GOLD = list(csv.DictReader((ROOT / "tests/gold/seed_events.csv").open(encoding="utf-8", newline="")))


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    settings = Settings()
    path = ROOT / "seeds/articles/idlib-2018-09-12.txt"
    (article,) = read_articles(path, today=date(2026, 1, 1), max_bytes=settings.max_article_bytes)
    assert isinstance(article, Article)
    return list(extract(article, load_gazetteer(settings)).reports)


def _count(count: Count) -> str:
    return "/".join("" if v is None else str(v) for v in (count.low, count.best, count.high))


def test_the_seed_gives_exactly_its_events(reports: list[Report]) -> None:
    assert [(r.kind, r.event_type, r.sub_event_type, str(r.date_start), str(r.date_end)) for r in reports] == [
        (g["kind"], g["event_type"], g["sub_event_type"], g["date_start"], g["date_end"]) for g in GOLD
    ]


@pytest.mark.parametrize("at", range(len(GOLD)), ids=[f"{g['sub_event_type']}-{g['date_start']}" for g in GOLD])
def test_each_event_of_the_seed(at: int, reports: list[Report]) -> None:
    gold, report = GOLD[at], reports[at]
    assert report.rank == at + 1
    assert report.date_basis == gold["date_basis"]
    assert (_count(report.killed), _count(report.injured)) == (gold["killed"], gold["injured"])
    if gold["place"]:
        assert report.places[0].name == gold["place"]
    if gold["kind"] == "cumulative":
        assert " | ".join(p.admin1 for p in report.places) == gold["admin1"]
    elif not gold["place"]:
        assert report.places == ()
    named = " | ".join(a.name for a in report.actors)
    assert all(name in named for name in gold["actors"].split(" | "))


def test_evidence_is_the_text_at_its_span(reports: list[Report]) -> None:
    text = (ROOT / "seeds/articles/idlib-2018-09-12.txt").read_text(encoding="utf-8")
    for report in reports:
        assert report.evidence in text
        assert report.sentence_end - report.sentence_start == len(report.evidence)


def test_the_toll_is_attributed(reports: list[Report]) -> None:
    assert reports[0].attributions == ("White Helmets",)
    assert reports[0].civilians_targeted is True
