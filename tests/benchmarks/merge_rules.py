"""Our merging beside the old rules of the field, on the same reports.

    python -m tests.benchmarks.merge_rules ARTICLES.jsonl GOLD.jsonl

The gold names the incident of each article ("article_id", "incident"). Rules: keep all apart; one event a day for the
same actors and type; same type within 5 km and 1 day; same day and place; ours.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from pipeline.articles import read_articles
from pipeline.errors import UnreadableArticle
from pipeline.events import merge_reports
from pipeline.extract import extract
from pipeline.facets import km_between
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Kind, Report
from pipeline.settings import Settings

Grouping = dict[str, Hashable]  # article -> event of its main report


def read_main_reports(articles: Path) -> tuple[list[Report], dict[str, Report]]:
    """All reports, and for each article its main one (an incident before a toll)."""
    settings = Settings.from_env()
    gazetteer, reports = load_gazetteer(settings), []
    for found in read_articles(articles, today=datetime.now(UTC).date(), max_bytes=settings.max_article_bytes):
        if not isinstance(found, UnreadableArticle):
            reports += extract(found, gazetteer).reports
    main: dict[str, Report] = {}
    for report in sorted(reports, key=lambda r: (r.kind is Kind.CUMULATIVE, r.rank)):
        main.setdefault(report.article_id, report)
    return reports, main


def by_key(main: Iterable[Report], key: Callable[[Report], tuple[Hashable, ...]]) -> Grouping:
    """One event for each key; a report without a full key stays alone."""
    found: Grouping = {}
    for report in main:
        parts = key(report)
        found[report.article_id] = parts if all(parts) else report.article_id
    return found


def by_distance(main: Iterable[Report], *, within_km: float, within_days: int) -> Grouping:
    """Same type within a distance and a number of days, chained."""
    ordered = sorted((r for r in main), key=lambda r: (r.date_start is None, r.date_start, r.report_id))
    leader: dict[str, str] = {r.article_id: r.article_id for r in ordered}

    def find(article: str) -> str:
        while leader[article] != article:
            article = leader[article]
        return article

    located = [r for r in ordered if r.date_start and r.places and r.places[0].latitude is not None]
    for n, later in enumerate(located):
        for earlier in reversed(located[:n]):
            assert later.date_start and earlier.date_start
            if (later.date_start - earlier.date_start).days > within_days:
                break
            far = km_between(later.places[0], earlier.places[0])
            if later.event_type == earlier.event_type and far is not None and far <= within_km:
                leader[find(later.article_id)] = find(earlier.article_id)
    return {article: find(article) for article in leader}


def score(said: Grouping, truth: dict[str, str]) -> str:
    """Pair and B-cubed precision, recall and F1."""
    events: defaultdict[Hashable, set[str]] = defaultdict(set)
    incidents: defaultdict[str, set[str]] = defaultdict(set)
    for article, incident in truth.items():
        events[said.get(article, f"none-{article}")].add(article)
        incidents[incident].add(article)
    event_of = {a: group for group in events.values() for a in group}
    both = Counter((incident, said.get(a, f"none-{a}")) for a, incident in truth.items())

    def pairs(sizes: Iterable[int]) -> int:
        return sum(n * (n - 1) // 2 for n in sizes)

    shared = pairs(both.values())
    precision = shared / max(1, pairs(map(len, events.values())))
    recall = shared / max(1, pairs(map(len, incidents.values())))
    common = {a: len(event_of[a] & incidents[truth[a]]) for a in truth}
    b_precision = sum(common[a] / len(event_of[a]) for a in truth) / len(truth)
    b_recall = sum(common[a] / len(incidents[truth[a]]) for a in truth) / len(truth)
    cells = (precision, recall, f1(precision, recall), b_precision, b_recall, f1(b_precision, b_recall))
    return "".join(f"{100 * cell:8.1f}" for cell in cells)


def f1(precision: float, recall: float) -> float:
    """Harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main(articles: Path, gold: Path) -> None:
    """Print one line a rule."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    truth = {row["article_id"]: row["incident"] for row in rows if row.get("incident")}
    reports, chosen = read_main_reports(articles)
    leads = list(chosen.values())
    event_of = {i: e.event_id for e in merge_reports(reports) for i in e.report_ids}
    rules: dict[str, Grouping] = {
        "keep all apart": {},
        "one a day, same actors and type": by_key(
            leads, lambda r: (r.date_start, r.event_type, tuple(sorted(a.group or a.name for a in r.actors)))
        ),
        "same type, 5 km, 1 day": by_distance(leads, within_km=5, within_days=1),
        "same day and place": by_key(leads, lambda r: (r.date_start, r.places[0].name if r.places else "")),
        "ours": {r.article_id: event_of[r.report_id] for r in leads},
    }
    print(f"{'':34}{'pair P':>8}{'R':>8}{'F1':>8}{'B3 P':>8}{'R':>8}{'F1':>8}")
    for name, said in rules.items():
        print(f"{name:34}{score(said, truth)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
