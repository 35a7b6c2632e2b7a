"""Whole articles from many wars, written before the rules were seen: what the main report says."""

import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, Extraction
from pipeline.settings import Settings

ROWS = [json.loads(line) for line in (Path(__file__).parent / "gold" / "world_articles.jsonl").open(encoding="utf-8")]
SILENT = ("Strategic developments", "Diplomacy")
FIELDS = ("reports", "kind", "event_type", "date", "killed", "injured", "country", "admin1", "place")
FIELDS += ("types", "kinds", "tolls", "days", "homes")  # of all reports of force, in the order of the text
CASES = [(row, field) for row in ROWS for field in FIELDS if field in row["expect"]]


@pytest.fixture(scope="module")
def extractions() -> dict[str, Extraction]:
    gazetteer = load_gazetteer(Settings())
    return {
        row["id"]: extract(
            Article(row["id"], row["title"], row["text"], "desk", "", date.fromisoformat(row["published"])), gazetteer
        )
        for row in ROWS
    }


def said(extraction: Extraction, field: str) -> object:
    violent = [r for r in extraction.reports if r.event_type not in SILENT]
    if field == "reports":
        return len(violent)
    if not violent:
        return None
    in_order = sorted(violent, key=lambda r: r.sentence_start)
    if field == "types":
        return [r.event_type for r in in_order]
    if field == "kinds":
        return [r.kind for r in in_order]
    if field == "tolls":
        return [r.killed.best for r in in_order]
    if field == "days":
        return [[str(r.date_start), str(r.date_end)] for r in in_order]
    if field == "homes":
        return [" | ".join(sorted({p.admin1 for p in r.places})) for r in in_order]
    main = min(violent, key=lambda r: r.rank)
    if field == "date":
        return [str(main.date_start), str(main.date_end)]
    if field in ("killed", "injured"):
        count = getattr(main, field)
        return [count.low, count.best, count.high]
    if field in ("country", "admin1", "place"):
        names = {getattr(p, "name" if field == "place" else field) for p in main.places}
        return " | ".join(sorted(names | set(main.landmarks) if field == "place" else names))
    return getattr(main, field)


@pytest.mark.parametrize(("row", "field"), CASES, ids=[f"{row['id']}-{field}" for row, field in CASES])
def test_the_main_report_of_an_article(row, field, extractions, request):
    if field in row.get("known_gap", {}):
        request.applymarker(pytest.mark.xfail(strict=True, reason=row["known_gap"][field]))
    expected, found = row["expect"][field], said(extractions[row["id"]], field)
    if field == "place":
        assert expected in str(found)
    else:
        assert found == expected
