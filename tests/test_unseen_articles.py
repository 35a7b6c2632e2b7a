"""Whole articles of other wars and other newsrooms, each with all its events, written before the rules had read them."""

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, DateBasis, Extraction, Field, Report
from pipeline.settings import Settings

GOLD = Path(__file__).parent / "gold"
FILES = ("unseen_articles", "long_articles")  # dispatches; then bulletins, live pages, blotters, features of 200 words and more
ROWS = [json.loads(line) for file in FILES for line in (GOLD / f"{file}.jsonl").open(encoding="utf-8")]
SILENT = ("Strategic developments", "Diplomacy")
FIELDS = ("kind", "event_type", "date", "killed", "injured", "country", "admin1", "place")
# each field of an event holds the list of the values that a careful reader may give; an event's `evidence` is its anchor
CASES = [(row, n, field) for row in ROWS for n, event in enumerate(row["events"]) for field in FIELDS if field in event]


@pytest.fixture(scope="module")
def extractions() -> dict[str, Extraction]:
    gazetteer = load_gazetteer(Settings())
    return {row["id"]: read(row, gazetteer) for row in ROWS}


def read(row, gazetteer) -> Extraction:
    published = date.fromisoformat(row["published"])
    return extract(Article(row["id"], row["title"], row["text"], "desk", "", published), gazetteer)


def pair(row, extraction) -> dict[int, Report]:
    """The report of each event: whose evidence holds the anchor, of several the one most like it; rank 1 for the main."""
    taken: dict[int, Report] = {}
    pool = list(extraction.reports)
    offers = []
    for n, event in enumerate(row["events"]):
        start = row["text"].index(event["evidence"])
        end = start + len(event["evidence"])
        for report in pool:
            if report.field is Field.TEXT and report.sentence_start < end and start < report.sentence_end:
                alike = sum(said(report, f) in event.get(f, ()) for f in ("killed", "injured", "date"))
                offers.append((-alike, n, report.rank, report))
    for _, n, _, report in sorted(offers, key=lambda offer: offer[:3]):
        if n not in taken and report not in taken.values():
            taken[n] = report
    main = [r for r in pool if r.rank == 1 and r not in taken.values()]
    if row["events"] and 0 not in taken and main:
        taken[0] = main[0]
    return taken


def said(report: Report, field: str) -> object:
    if field == "date":
        if report.date_start is None or report.date_basis in (DateBasis.PUBLISHED, DateBasis.NONE):
            return None
        return [str(report.date_start), str(report.date_end)]
    if field in ("killed", "injured"):
        count = getattr(report, field)
        return [count.low, count.best, count.high]
    if field in ("country", "admin1"):
        return " | ".join(sorted({getattr(p, field) for p in report.places}))
    if field == "place":
        return " | ".join(sorted({p.name for p in report.places} | set(report.landmarks)))
    return str(getattr(report, field))


def is_right(report: Report | None, field: str, allowed: list) -> bool:
    if report is None:
        return False
    found = said(report, field)
    return any(name in plain(str(found)) for name in allowed) if field == "place" else found in allowed


def plain(name: str) -> str:
    """A name without its accents and marks: gold says Sabratah where the gazetteer has Şabrātah."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(c for c in letters if not unicodedata.combining(c) and c not in "’'ʿ")


@pytest.mark.parametrize(("row", "n", "field"), CASES, ids=[f"{row['id']}-{n}-{field}" for row, n, field in CASES])
def test_an_event_of_an_article(row, n, field, extractions, request):
    event = row["events"][n]
    if field in event.get("known_gap", {}):
        request.applymarker(pytest.mark.xfail(strict=True, reason=event["known_gap"][field]))
    report = pair(row, extractions[row["id"]]).get(n)
    assert is_right(report, field, event[field]), f"read: {said(report, field) if report else 'no report'}"


@pytest.mark.parametrize("row", [row for row in ROWS if not row["events"]], ids=lambda row: row["id"])
def test_an_article_without_an_event_gives_none(row, extractions, request):
    if "known_gap" in row:
        request.applymarker(pytest.mark.xfail(strict=True, reason=row["known_gap"]))
    assert [r for r in extractions[row["id"]].reports if r.event_type not in SILENT] == []
