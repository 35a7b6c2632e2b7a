"""A build's tables as a snapshot in parts: Parquet files by year, which dashboard, pandas, Spark or DuckDB open.

OUT/snapshots/<id>/events/year=2019/part-0.parquet and so on; manifest.json with the digest of each file; OUT/CURRENT,
written last, names the snapshot. Articles are written as they come, tables a year at a time.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.block_misses import misses_of
from pipeline.block_tables import NO_YEAR, events_of, reports_of, year_of
from pipeline.engines import Engine
from pipeline.errors import PipelineError
from pipeline.models import Article, Kind
from pipeline.reasons import COUNTED, NEAR_MISS_COLUMNS, as_corrected, build_reconciliation_table
from pipeline.reconciliation import reconcile
from pipeline.snapshots import GROUP_ROWS, SNAPSHOT_FORMAT, TABLES
from pipeline.spread import Merged
from pipeline.steps import run_steps
from pipeline.table import DAY, EVENT_COLUMNS, REPORT_COLUMNS, TEXT, with_types
from pipeline.targets import Digested, Target
from pipeline.workspace import Workspace

ARTICLE_COLUMNS = {name: DAY if name == "published" else TEXT for name in (
    "article_id", "title", "source", "url", "published", "published_reason", "text", "origin")}  # fmt: skip


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
        file = _file(table, year)
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
        waiting = self._articles[year_of(article.published)]
        waiting.append([getattr(article, name) for name in ARTICLE_COLUMNS])
        if len(waiting) == GROUP_ROWS["articles"]:
            self._write_articles(year_of(article.published))

    def finish(self, merged: Merged, engine: Engine, workspace: Workspace) -> None:
        """Write the other tables and put the snapshot in force."""
        for year in sorted(self._articles) or [NO_YEAR]:
            self._write_articles(year)
        for table, pack, parts, columns in (
            ("events", pack_events, merged.events, EVENT_COLUMNS),
            ("reports", pack_reports, merged.reports, REPORT_COLUMNS),
            ("near_misses", pack_misses, merged.misses, NEAR_MISS_COLUMNS),
        ):
            steps = ((pack, (workspace, year, parts[year])) for year in sorted(parts))
            for year, packed in zip(sorted(parts), run_steps(engine, steps), strict=True):
                self._writer.copy(_file(table, year), [packed])
            if not parts:
                empty = with_types(pd.DataFrame(columns=list(columns)), columns)
                self._writer.write(table, NO_YEAR, empty)
        for packed in run_steps(engine, [(pack_claims, (workspace, sorted(merged.events)))]):
            self._writer.copy(_file("reconciliations", ""), [packed])
        self._writer.write("changes", "", pd.DataFrame())
        self._writer.write("corrections", "", pd.DataFrame())
        self._writer.put_in_force()

    def _write_articles(self, year: str) -> None:
        frame = with_types(pd.DataFrame(self._articles.pop(year, []), columns=list(ARTICLE_COLUMNS)), ARTICLE_COLUMNS)
        self._writer.write("articles", year, frame.assign(withdrawn=False))


def pack_events(workspace: Workspace, year: str, blocks: Sequence[int]) -> bytes:
    """The file of a year's events; what tolls over a period are held against is left in the workspace."""
    machine = events_of(workspace, year, blocks)
    workspace.put(f"counted/{year}", machine.loc[machine["kind"].ne(Kind.DIPLOMATIC), list(COUNTED)])
    return _pack("events", machine[list(EVENT_COLUMNS)])


def pack_reports(workspace: Workspace, year: str, blocks: Sequence[int]) -> bytes:
    """The file of a year's reports."""
    return _pack("reports", reports_of(workspace, year, blocks))


def pack_misses(workspace: Workspace, year: str, blocks: Sequence[int]) -> bytes:
    """The file of a year's near misses."""
    return _pack("near_misses", misses_of(workspace, year, blocks))


def pack_claims(workspace: Workspace, years: Sequence[str]) -> bytes:
    """The file of all tolls over a period, beside the sums of their incidents."""
    counted: list[pd.DataFrame] = [workspace.get(f"counted/{year}") for year in years]
    claims = []
    if counted:
        whole = pd.concat(counted, ignore_index=True)
        claims = reconcile(as_corrected(whole, whole))
    return _pack("reconciliations", build_reconciliation_table(claims))


def _pack(table: str, frame: pd.DataFrame) -> bytes:
    sink = io.BytesIO()
    rows = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
    with pq.ParquetWriter(sink, rows.schema, compression="zstd", write_page_checksum=True) as writer:
        writer.write_table(rows, row_group_size=GROUP_ROWS[table])
    return sink.getvalue()


def _file(table: str, year: str) -> str:
    return f"{table}/year={year}/part-0.parquet" if year else f"{table}.parquet"


def _is_of(table: str, file: str) -> bool:
    return file.startswith((f"{table}.", f"{table}/"))
