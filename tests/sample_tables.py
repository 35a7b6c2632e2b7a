"""A small event table for tests of the page: invented happenings, built by the pipeline's own builders."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.archive import Archive, open_archive
from pipeline.models import (
    Actor,
    Count,
    DateBasis,
    Event,
    Field,
    GeoPrecision,
    Kind,
    Place,
    Report,
    Role,
    Span,
    Status,
    TimePrecision,
)
from pipeline.near_misses import NearMiss
from pipeline.reasons import build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import Reconciliation
from pipeline.settings import Settings
from pipeline.snapshots import TABLES, write_snapshot
from pipeline.table import build_event_table, build_report_table

KARM = Place("Karm", "North", "Arnor", "ARN", 36.0, 37.0, GeoPrecision.PLACE)
NEAR_DOL = Place("Dol", "South", "Arnor", "ARN", 35.0, 37.5, GeoPrecision.AREA)
SOUTH = Place("", "South", "Arnor", "ARN", 34.8, 37.4, GeoPrecision.ADMIN1)
RHUN = Place("", "", "Rhun", "RHU", 30.0, 50.0, GeoPrecision.COUNTRY)
BREE = Place("Bree", "West", "Rhun", "RHU", 46.2, 6.1, GeoPrecision.PLACE)
UNKNOWN = Count()


def day(n: int) -> date:
    """A day of March 2021."""
    return date(2021, 3, n)


def exact(n: int) -> Count:
    """A count that is simply stated."""
    return Count(n, n, n)


@dataclass(frozen=True)
class Row:
    """One event and the publishers that tell of it."""

    name: str
    first: date | None
    last: date | None
    places: tuple[Place, ...]
    killed: Count = UNKNOWN
    injured: Count = UNKNOWN
    kind: Kind = Kind.INCIDENT
    type: str = "Battles"
    subtype: str = "Armed clash"
    precision: TimePrecision | None = TimePrecision.DAY
    basis: DateBasis = DateBasis.EXPLICIT
    sources: tuple[str, ...] = ("Arnor Herald",)
    actors: tuple[Actor, ...] = ()
    disputed: bool = False
    part_of: str = ""
    status: Status = Status.MACHINE
    sentence: str = ""


AIR = "Explosions/Remote violence"
ROWS = (
    Row("karm", day(2), day(2), (KARM,), exact(3), exact(10), actors=(Actor("rangers", Role.PERPETRATOR),),
        sentence="On 2 March, 3 people were killed and 10 hurt in Karm."),
    Row("karm-2", day(4), day(4), (KARM,), Count(12, 16, 18), type=AIR, subtype="Air/drone strike", disputed=True,
        sources=("Arnor Herald", "Rhun Wire"), sentence="On 4 March, 16 people were killed in Karm, the Herald said."),
    Row("dol-total", day(5), day(5), (NEAR_DOL,), exact(22), type=AIR, subtype="Air/drone strike"),
    Row("dol-part", day(5), day(5), (NEAR_DOL,), exact(16), type=AIR, subtype="Air/drone strike", part_of="dol-total"),
    Row("south-week", day(8), day(14), (SOUTH,), Count(2, 3, None), precision=TimePrecision.WEEK,
        type="Violence against civilians", subtype="Attack", basis=DateBasis.RELATIVE, status=Status.CONFIRMED),
    Row("rhun-undated", None, None, (RHUN,), precision=None, basis=DateBasis.NONE, sources=("Rhun Wire",),
        sentence="=HYPERLINK(\"http://x.example\") ![p](http://x.example/p.png) <script>alert(1)</script>"),
    Row("claim", day(1), day(12), (KARM, NEAR_DOL), Count(30, 30, None), Count(12, 12, None), kind=Kind.CUMULATIVE,
        type=AIR, subtype="Air/drone strike", precision=TimePrecision.RANGE, basis=DateBasis.RELATIVE,
        sentence="Since the beginning of March, at least 30 people have been killed."),
    Row("talks", day(10), day(11), (BREE,), kind=Kind.DIPLOMATIC, type="Diplomacy", subtype="Meeting",
        precision=TimePrecision.RANGE, sources=("Rhun Wire",), actors=(Actor("Arnor", Role.PARTY), Actor("Rhun"))),
)  # fmt: skip


def reports_of(row: Row) -> list[Report]:
    """One report a publisher, with the spans of what its sentence names."""
    return [
        Report(
            report_id=f"{row.name}-{n}#0", article_id=f"{row.name}-{n}", source=source, published=day(15), rank=1,
            kind=row.kind, event_type=row.type, sub_event_type=row.subtype, date_start=row.first, date_end=row.last,
            time_precision=row.precision, date_basis=row.basis, places=row.places, actors=row.actors,
            killed=row.killed, injured=row.injured, sentence_start=0, sentence_end=len(row.sentence),
            evidence=row.sentence, date_span=_span(row.sentence, f"{row.first.day} March" if row.first else ""),
            place_span=_span(row.sentence, row.places[0].name),
            killed_span=_span(row.sentence, f"{row.killed.best} people"), injured_span=_span(row.sentence, "10 hurt"),
            reasons=(("date_start", "the day is named"),),
        )
        for n, source in enumerate(row.sources)
    ]  # fmt: skip


def _span(sentence: str, words: str) -> Span | None:
    start = sentence.find(words) if words else -1
    return None if start < 0 else Span(Field.TEXT, start, start + len(words))


def event_of(row: Row) -> Event:
    """The event that the row's reports make."""
    reports = reports_of(row)
    return Event(
        event_id=row.name, kind=row.kind, event_type=row.type, sub_event_type=row.subtype, date_start=row.first,
        date_end=row.last, time_precision=row.precision, date_basis=row.basis, places=row.places, actors=row.actors,
        civilians_targeted=None, killed=row.killed, injured=row.injured, report_count=len(reports),
        source_count=len(reports), attributions=(), disputed=row.disputed, part_of=row.part_of, status=row.status,
        first_reported=day(15), last_updated=day(15), evidence=row.sentence,
        report_ids=tuple(r.report_id for r in reports),
    )  # fmt: skip


NEARLY = NearMiss("karm", "karm-2", "karm-0#0", "karm-2-0#0", 3.9, "same place (Karm); but 2 days apart")
BESIDE = Reconciliation("claim", Count(30, 30, None), 2, 0, Count(34, 38, 40), -8, ("karm-2", "dol-total"))


@dataclass(frozen=True)
class SampleSnapshot:
    """What the page reads, as the store gives it."""

    events: pd.DataFrame
    reports: pd.DataFrame
    articles: pd.DataFrame
    snapshot_id: str = "sample"
    published_at: datetime = datetime(2021, 3, 16, 12, 0, tzinfo=UTC)
    changes: pd.DataFrame = field(default_factory=pd.DataFrame)
    corrections: pd.DataFrame = field(default_factory=pd.DataFrame)
    near_misses: pd.DataFrame = field(default_factory=lambda: build_near_miss_table([NEARLY]))
    reconciliations: pd.DataFrame = field(default_factory=lambda: build_reconciliation_table([BESIDE]))


def sample_snapshot(**changed: Any) -> SampleSnapshot:
    """All rows as a published snapshot."""
    told = [(r, row.name) for row in ROWS for r in reports_of(row)]
    articles = pd.DataFrame(
        [{"article_id": r.article_id, "title": f"About {name}", "text": r.evidence, "source": r.source, "url": "",
          "published": pd.Timestamp(r.published), "origin": "sample.jsonl", "withdrawn": False} for r, name in told]
    )  # fmt: skip
    tables = {
        "events": build_event_table([event_of(row) for row in ROWS]),
        "reports": build_report_table([r for r, _ in told], {r.report_id: name for r, name in told},
                                      {"karm-2-1#0": "same day; same place (Karm); both 16 killed (with Arnor Herald)"}),
        "articles": articles,
    }  # fmt: skip
    return SampleSnapshot(**tables | changed)


def publish_sample(store_dir: Path, name: str = "sample", **changed: Any) -> None:
    """Put the sample tables in force in a store without a database."""
    snapshot = sample_snapshot(**changed)
    tables = {table: getattr(snapshot, table) for table in TABLES}
    write_snapshot(Settings(store_dir=store_dir), name, tables, at=snapshot.published_at)


def archive_of(**tables: pd.DataFrame) -> Archive:
    """These tables as the page opens them; what is not given is the sample's."""
    with tempfile.TemporaryDirectory() as folder:
        publish_sample(Path(folder), **tables)
        archive = open_archive(Settings(store_dir=Path(folder)))
        assert archive is not None
        return archive


@cache
def sample_archive() -> Archive:
    """The sample tables as the page opens them."""
    return archive_of()
