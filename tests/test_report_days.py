"""The day of each event of whole articles (tests/gold/day_articles.jsonl), written before the rules were seen."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, Report
from pipeline.settings import Settings

ROWS = [json.loads(line) for line in (Path(__file__).parent / "gold" / "day_articles.jsonl").open(encoding="utf-8")]
CASES = [(row, event) for row in ROWS for event in row["events"]]


@pytest.fixture(scope="module")
def reports() -> dict[str, tuple[Report, ...]]:
    gazetteer = load_gazetteer(Settings())
    return {
        row["id"]: extract(
            Article(row["id"], row["title"], row["text"], "desk", "", date.fromisoformat(row["published"])), gazetteer
        ).reports
        for row in ROWS
    }


@pytest.mark.parametrize(("row", "event"), CASES, ids=[f"{row['id']}-{event['at']}" for row, event in CASES])
def test_the_day_of_an_event(row, event, reports, request):
    if "known_gap" in event:
        request.applymarker(pytest.mark.xfail(strict=True, reason=event["known_gap"]))
    at = row["text"].index(event["at"])
    told = [r for r in reports[row["id"]] if r.sentence_start <= at < r.sentence_end and r.field == "text"]
    assert told, "no report rests on this sentence"
    days = [str(told[0].date_start), str(told[0].date_end)] if told[0].date_start else None
    assert days == event["date"]
