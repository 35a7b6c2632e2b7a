"""`build`: articles in, tables out, without a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pandas as pd

from pipeline.block_tables import events_of, reports_of
from pipeline.engines import Engine, InProcess
from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.intake import Intake
from pipeline.ledger import Ledger
from pipeline.models import Article, Extraction, Mention, Mentions, Report
from pipeline.partitioned import SnapshotWriter, write_parts
from pipeline.settings import Settings
from pipeline.spread import Merged, merge_spread
from pipeline.steps import run_steps
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, write_csv
from pipeline.targets import Target, WriteRows
from pipeline.workspace import Workspace

MENTION_COLUMNS = (
    "article_id", "kind", "field", "start_char", "end_char", "text", "date_start", "date_end", "precision", "place",
    "admin1", "country", "latitude", "longitude", "harm", "low", "best", "high", "event_type", "sub_event_type",
    "asserted", "role", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class BuildSummary:
    """What a build read and wrote."""

    articles: int
    reports: int
    events: int
    refused: tuple[UnreadableArticle, ...]


def build(
    places: Iterable[Path | str], out: Path | str, settings: Settings, *, today: date, with_mentions: bool = False,
    engine: Engine | None = None, snapshot_at: datetime | None = None,
) -> BuildSummary:  # fmt: skip
    """Read articles and write events.csv, reports.csv, refused.csv (and mentions.csv) into `out`.

    places: files and folders as paths; archives in parts by their addresses, as texts (see partitions.py).
    snapshot_at: write a snapshot of this moment instead of the two tables (see partitioned.py).
    Every engine writes the same bytes; without one the articles are read here, one after the other.
    """
    target, engine = Target(out), engine or InProcess(settings)
    writer = SnapshotWriter(target, f"build-{snapshot_at:%Y%m%dT%H%M%S}", at=snapshot_at) if snapshot_at else None
    refused: list[UnreadableArticle] = []
    ledger = Ledger()
    with open_workspace(engine, target) as workspace, _mention_rows(target, with_mentions) as write_mentions:
        work = keep_all if with_mentions else keep_reports
        for answer in Intake(engine, workspace, today, work, keep_articles=writer is not None).answers(places):
            if isinstance(answer, UnreadableArticle):
                refused.append(answer)
            elif ledger.take(answer[0]):
                write_mentions(answer[1])
        merged = merge_spread(engine, workspace, ledger, by_year=bool(writer), with_misses=bool(writer))
        writing = engine if target.shared else InProcess(settings)
        if writer:
            write_parts(writer, merged, ledger, writing, workspace)
        else:
            write_tables(target, merged, writing, workspace)
    target.write_rows("refused.csv", ("name", "problem", "remedy"), [vars(r) for r in refused])
    articles, reports = ledger.counts
    return BuildSummary(articles, reports, merged.count, tuple(refused))


@contextmanager
def open_workspace(engine: Engine, target: Target) -> Iterator[Workspace]:
    """A folder for the steps of a build: where workers may be other machines beside what is built, else here."""
    if not engine.remote:
        with TemporaryDirectory(prefix="conflict-build-") as folder:
            yield Workspace(folder)
        return
    workspace = Workspace(f"{target.place.rstrip('/')}/work-{uuid4().hex}.tmp")
    try:
        workspace.put("here", True)
        if not all(engine.everywhere(workspace.has, "here")):
            raise PipelineError(
                f"--out {target.place}: not every worker of the cluster reaches it; give a folder that all machines "
                "share, or an address such as s3://bucket/run"
            )
        yield workspace
    finally:
        workspace.drop()


@contextmanager
def _mention_rows(target: Target, wanted: bool) -> Iterator[WriteRows]:
    if not wanted:
        yield lambda _: None
        return
    with target.rows("mentions.csv", MENTION_COLUMNS) as write:
        yield write


def write_tables(target: Target, merged: Merged, engine: Engine, workspace: Workspace) -> None:
    """events.csv by day, reports.csv in the order of reading: a part after the other."""
    for name, read, parts, columns in (
        ("events.csv", events_of, merged.events, EVENT_COLUMNS),
        ("reports.csv", reports_of, merged.reports, REPORT_COLUMNS),
    ):
        steps = ((read, (workspace, part, parts[part])) for part in sorted(parts))
        with target.text(name) as handle:
            write_csv(pd.DataFrame(columns=list(columns)), handle)
            for frame in run_steps(engine, steps):
                write_csv(frame[list(columns)], handle, header=False)


def keep_reports(_: Article, extraction: Extraction) -> tuple[Sequence[Report], list[dict[str, Any]]]:
    """What a build needs of an article."""
    return extraction.reports, []


def keep_all(article: Article, extraction: Extraction) -> tuple[Sequence[Report], list[dict[str, Any]]]:
    """And the rows of mentions.csv."""
    return extraction.reports, list(describe_mentions(article, extraction))


def describe_mentions(article: Article, extraction: Extraction) -> Iterator[dict[str, Any]]:
    """One row a mention, in the columns of mentions.csv."""
    found: Mentions = extraction.mentions
    for date_mention in found.dates:
        yield _mention_cells(article, "date", date_mention) | {
            "date_start": date_mention.date_start, "date_end": date_mention.date_end,
            "precision": date_mention.precision, "role": date_mention.role, "reason": date_mention.reason,
        }  # fmt: skip
    for place_mention in found.places:
        place = place_mention.place
        yield _mention_cells(article, "place", place_mention) | {
            "place": place.name if place else "", "admin1": place.admin1 if place else "",
            "country": place.country if place else "", "latitude": place.latitude if place else None,
            "longitude": place.longitude if place else None, "precision": place.geo_precision if place else "",
            "role": place_mention.role, "reason": place_mention.reason,
        }  # fmt: skip
    for count in found.counts:
        yield _mention_cells(article, "count", count) | {
            "harm": count.harm, "low": count.count.low, "best": count.count.best, "high": count.count.high,
            "asserted": count.asserted, "role": count.relation, "reason": count.rule,
        }  # fmt: skip
    for act in found.violence:
        yield _mention_cells(article, "violence", act) | {
            "event_type": act.event_type, "sub_event_type": act.sub_event_type, "asserted": act.asserted,
            "reason": act.reason,
        }  # fmt: skip


def _mention_cells(article: Article, kind: str, mention: Mention) -> dict[str, Any]:
    return {
        "article_id": article.article_id, "kind": kind, "field": mention.field, "start_char": mention.start_char,
        "end_char": mention.end_char, "text": mention.text,
    }  # fmt: skip
