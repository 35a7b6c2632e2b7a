"""The gold merges: reports as rows, and the event each belongs to."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from pipeline.events import merge_reports
from pipeline.models import UNKNOWN, Actor, Count, DateBasis, GeoPrecision, Kind, Place, Report, Role
from pipeline.voices import sketch_text

FOLDER = Path(__file__).parent / "gold" / "merges"


def read_cases() -> dict[str, list[dict[str, str]]]:
    cases: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                cases[row["case_id"]].append(row)
    return cases


def as_report(row: dict[str, str]) -> Report:
    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    def count(name: str) -> Count:
        return Count(*[int(row[name])] * 3) if row[name] else UNKNOWN

    place = Place(
        row["place"], row["admin1"], "Arnor", "ARN", float(row["latitude"] or 0), float(row["longitude"] or 0),
        GeoPrecision(row["geo_precision"] or "none"),
    )  # fmt: skip
    text = " ".join(f"{row['same_text']}{n}" for n in range(60)) if row["same_text"] else ""
    return Report(
        report_id=f"{row['report']}#0", article_id=row["report"], source=row["source"], published=day("published"),
        rank=int(row["rank"]), kind=Kind(row["kind"]), event_type=row["event_type"],
        sub_event_type=row["sub_event_type"], date_start=day("date_start"), date_end=day("date_end"),
        date_basis=DateBasis(row["date_basis"]), places=(place,) if row["place"] else (),
        landmarks=(row["landmarks"],) if row["landmarks"] else (),
        actors=(Actor(row["perpetrator"], Role.PERPETRATOR),) if row["perpetrator"] else (),
        killed=count("killed"), injured=count("injured"),
        attributions=(row["attribution"],) if row["attribution"] else (), voice=sketch_text(text),
        words=tuple(row["words"].split()),
    )  # fmt: skip


def as_param(case: str, rows: list[dict[str, str]]):
    gap = next((r["known_gap"] for r in rows if r["known_gap"]), "")
    return pytest.param(rows, id=case, marks=[pytest.mark.xfail(strict=True, reason=gap)] if gap else [])


CASES = read_cases()


@pytest.mark.parametrize("rows", [as_param(case, rows) for case, rows in CASES.items()])
def test_reports_meet_in_the_events_they_tell_of(rows: list[dict[str, str]]):
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        expected[row["event"]].add(f"{row['report']}#0")
    events = merge_reports([as_report(row) for row in rows])
    told = "\n".join(f"{e.report_ids}: {e.reasons}" for e in events)
    assert {frozenset(e.report_ids) for e in events} == {frozenset(g) for g in expected.values()}, told


def test_there_are_at_least_sixty_and_every_one_has_two_reports_to_judge():
    assert len(CASES) >= 60
    assert all(len(list(combinations(rows, 2))) >= 1 for rows in CASES.values())
