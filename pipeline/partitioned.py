"""A build's tables as a snapshot in parts: Parquet files by year, which dashboard, pandas, Spark or DuckDB open.

OUT/snapshots/<id>/events/year=2019/part-0.parquet and so on; manifest.json with the digest of each file; OUT/CURRENT,
written last, names the snapshot. Articles are written as they come, tables a year at a time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import PipelineError
from pipeline.events import Context
from pipeline.models import Article, Event, Report
from pipeline.near_misses import near_misses
from pipeline.reasons import as_corrected, build_machine_table, build_near_miss_table, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.snapshots import GROUP_ROWS, SNAPSHOT_FORMAT, TABLES
from pipeline.table import DAY, EVENT_COLUMNS, TEXT, build_report_table, check_event_table, with_types
from pipeline.targets import Digested, Target

ARTICLE_COLUMNS = {name: DAY if name == "published" else TEXT for name in (
    "article_id", "title", "source", "url", "published", "published_reason", "text", "origin")}  # fmt: skip
NO_YEAR = "none"  # sorts behind the years, as undated events do


class SnapshotWriter:
    """The files of a snapshot on their way to a target; it is there when it is put in force."""

    def __init__(self, target: Target, snapshot_id: str, *, at: datetime) -> None:
        if target.has("store.sqlite"):
            raise PipelineError("the folder holds a store with a database; choose another for what is built")
        self._target, self._id, self._at = target, snapshot_id, at
        self._open: dict[str, tuple[Digested, pq.ParquetWriter]] = {}
        self.digests: dict[str, str] = {}

    def write(self, table: str, year: str, frame: pd.DataFrame) -> None:
        """Rows of a table, or of a year of it, after those written before."""
        file = f"{table}/year={year}/part-0.parquet" if year else f"{table}.parquet"
        rows = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
        if file not in self._open:
            handle = self._target.open(f"snapshots/{self._id}/{file}")
            self._open[file] = handle, pq.ParquetWriter(handle, rows.schema, compression="zstd",
                                                        write_page_checksum=True)  # fmt: skip
        self._open[file][1].write_table(rows, row_group_size=GROUP_ROWS[table])

    def copy(self, file: str, pieces: Iterable[bytes]) -> None:
        """A file as it is."""
        with self._target.open(f"snapshots/{self._id}/{file}") as handle:
            for piece in pieces:
                handle.write(piece)
        self.digests[file] = handle.digest()

    def put_in_force(self) -> None:
        """Close the files, write the manifest, and name the snapshot in CURRENT."""
        for file, (handle, writer) in self._open.items():
            writer.close()
            handle.close()
            self.digests[file] = handle.digest()
        manifest: Mapping[str, Any] = {
            "format": SNAPSHOT_FORMAT, "published_at": self._at.isoformat(),
            "files": {f: self.digests[f] for name in TABLES for f in sorted(self.digests) if _is_of(name, f)},
        }  # fmt: skip
        with self._target.text(f"snapshots/{self._id}/manifest.json") as out:
            out.write(json.dumps(manifest, indent=1))
        with self._target.text("CURRENT") as out:
            out.write(f"{self._id}\n")


class SnapshotParts:
    """A build's snapshot that is being written."""

    def __init__(self, target: Target, *, at: datetime) -> None:
        self._writer = SnapshotWriter(target, f"build-{at:%Y%m%dT%H%M%S}", at=at)
        self._articles: defaultdict[str, list[list[Any]]] = defaultdict(list)

    def put(self, article: Article) -> None:
        """Take in an article; it is written when there are enough of its year."""
        waiting = self._articles[_year(article.published)]
        waiting.append([getattr(article, name) for name in ARTICLE_COLUMNS])
        if len(waiting) == GROUP_ROWS["articles"]:
            self._write_articles(_year(article.published))

    def finish(self, reports: Sequence[Report], events: Sequence[Event], context: Context) -> None:
        """Write the other tables and put the snapshot in force."""
        for year in sorted(self._articles) or [NO_YEAR]:
            self._write_articles(year)
        event_of = {report_id: event.event_id for event in events for report_id in event.report_ids}
        why = {report_id: reason for event in events for report_id, reason in event.reasons}
        machine = []
        for year, some in _by_year(events, [e.date_start for e in events]).items():
            table = build_machine_table(some)
            check_event_table(table)
            self._writer.write("events", year, table[list(EVENT_COLUMNS)])
            machine.append(table)
        for year, told in _by_year(reports, [r.published for r in reports]).items():
            self._writer.write("reports", year, build_report_table(told, event_of, why))
        whole = pd.concat(machine, ignore_index=True)
        claims = reconcile(as_corrected(whole, whole))
        self._writer.write("reconciliations", "", build_reconciliation_table(claims))
        misses = near_misses(reports, event_of, context=context)
        self._writer.write("near_misses", "", build_near_miss_table(misses))
        self._writer.write("changes", "", pd.DataFrame())
        self._writer.write("corrections", "", pd.DataFrame())
        self._writer.put_in_force()

    def _write_articles(self, year: str) -> None:
        frame = with_types(pd.DataFrame(self._articles.pop(year, []), columns=list(ARTICLE_COLUMNS)), ARTICLE_COLUMNS)
        self._writer.write("articles", year, frame.assign(withdrawn=False))


def _is_of(table: str, file: str) -> bool:
    return file.startswith((f"{table}.", f"{table}/"))


def _year(day: date | None) -> str:
    return f"{day.year:04}" if day else NO_YEAR


def _by_year(records: Sequence[Any], days: Iterable[date | None]) -> dict[str, list[Any]]:
    """The records of each year, in their order; of none at all the part without a year."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for record, day in zip(records, days, strict=True):
        found[_year(day)].append(record)
    return {year: found[year] for year in sorted(found)} or {NO_YEAR: []}
