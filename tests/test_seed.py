"""The seed article gives exactly its events, and nothing from its eight traps."""

from __future__ import annotations

import csv
import operator
from datetime import date
from pathlib import Path

import pytest

from pipeline.articles import read_articles
from pipeline.build import build
from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, Report
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


def test_the_seed_gives_exactly_its_events(reports: list[Report]) -> None:
    assert [(r.kind, r.event_type, r.sub_event_type, str(r.date_start), str(r.date_end)) for r in reports] == [
        (g["kind"], g["event_type"], g["sub_event_type"], g["date_start"], g["date_end"]) for g in GOLD
    ]


def test_building_the_seeds_gives_these_rows_and_no_other(tmp_path: Path) -> None:
    build([ROOT / "seeds"], tmp_path, settings=Settings(), today=date(2026, 1, 1))
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        for name, column in (("killed", "fatalities"), ("injured", "injured")):
            row[name] = "/".join(row[f"{column}_{part}"] for part in ("low", "best", "high"))
    expected = [{column: value for column, value in gold.items() if column != "note"} for gold in GOLD]
    found = [{column: row[column] for column in expected[0]} for row in rows]
    key = operator.itemgetter("date_start", "sub_event_type", "actors")
    assert sorted(found, key=key) == sorted(expected, key=key)


def test_evidence_is_the_text_at_its_span(reports: list[Report]) -> None:
    text = (ROOT / "seeds/articles/idlib-2018-09-12.txt").read_text(encoding="utf-8")
    for report in reports:
        assert report.evidence in text
        assert report.sentence_end - report.sentence_start == len(report.evidence)


def test_the_toll_is_attributed(reports: list[Report]) -> None:
    assert reports[0].attributions == ("White Helmets",)
    assert reports[0].civilians_targeted is True
