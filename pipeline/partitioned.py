"""A build's tables as a snapshot in parts: Parquet files by year, which dashboard, pandas, Spark or DuckDB open.

OUT/snapshots/<id>/events/year=2019/part-0.parquet and so on; manifest.json with the digest of each file; OUT/CURRENT,
written last, names the snapshot. Each part is written by the worker that puts it together.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.block_claims import leave_counted, reconcile_by_country
from pipeline.block_misses import misses_of
from pipeline.block_tables import ARTICLE_COLUMNS, NO_YEAR, articles_of, events_of, reports_of
from pipeline.engines import Engine
from pipeline.errors import PipelineError
from pipeline.ledger import Ledger
from pipeline.reasons import NEAR_MISS_COLUMNS, build_reconciliation_table
from pipeline.snapshots import GROUP_ROWS, SNAPSHOT_FORMAT, TABLES
from pipeline.spread import Merged
from pipeline.steps import run_steps
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, with_types
from pipeline.targets import Target
from pipeline.workspace import Workspace


class TableFile:
    """A file of a table on its way to a target, some rows at a time."""

    def __init__(self, target: Target, path: str, table: str) -> None:
        self._handle, self._rows = target.open(path), GROUP_ROWS[table]
        self._writer: pq.ParquetWriter | None = None

    def write(self, frame: pd.DataFrame) -> None:
        """Rows after those written before."""
        rows = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._handle, rows.schema, compression="zstd", write_page_checksum=True)
        self._writer.write_table(rows, row_group_size=self._rows)

    def close(self) -> str:
        """Now it is there; its digest."""
        if self._writer is not None:
            self._writer.close()
        self._handle.close()
        return self._handle.digest()


class SnapshotFolder(NamedTuple):
    """Where the files of a snapshot are written, by whom ever."""

    place: str
    snapshot_id: str

    def write(self, table: str, year: str, frames: Iterable[pd.DataFrame]) -> str:
        """A table, or the part of it that is of a year; its digest."""
        file = TableFile(Target(self.place), f"snapshots/{self.snapshot_id}/{file_of(table, year)}", table)
        for frame in frames:
            file.write(frame)
        return file.close()


class SnapshotWriter:
    """A snapshot on its way to a target; it is there when it is put in force."""

    def __init__(self, target: Target, snapshot_id: str, *, at: datetime) -> None:
        if target.has("store.sqlite"):
            raise PipelineError("the folder holds a store with a database; choose another for what is built")
        self._target, self._id, self._at = target, snapshot_id, at
        self.folder = SnapshotFolder(target.place, snapshot_id)
        self.digests: dict[str, str] = {}

    def write(self, table: str, year: str, frame: pd.DataFrame) -> None:
        """A table, or the part of it that is of a year."""
        self.digests[file_of(table, year)] = self.folder.write(table, year, [frame])

    def copy(self, file: str, pieces: Iterable[bytes]) -> None:
        """A file as it is."""
        with self._target.open(f"snapshots/{self._id}/{file}") as handle:
            for piece in pieces:
                handle.write(piece)
        self.digests[file] = handle.digest()

    def put_in_force(self) -> None:
        """Write the manifest, and name the snapshot in CURRENT."""
        manifest: Mapping[str, Any] = {
            "format": SNAPSHOT_FORMAT, "published_at": self._at.isoformat(),
            "files": {f: self.digests[f] for name in TABLES for f in sorted(self.digests) if _is_of(name, f)},
        }  # fmt: skip
        with self._target.text(f"snapshots/{self._id}/manifest.json") as out:
            out.write(json.dumps(manifest, indent=1))
        with self._target.text("CURRENT") as out:
            out.write(f"{self._id}\n")


def write_parts(writer: SnapshotWriter, merged: Merged, ledger: Ledger, engine: Engine, workspace: Workspace) -> None:
    """All tables of a build, each part by a worker, and put them in force."""
    for table, write, parts, columns in (
        ("articles", write_articles, ledger.articles_of(), ARTICLE_COLUMNS | {"withdrawn": "bool"}),
        ("events", write_events, merged.events, EVENT_COLUMNS),
        ("reports", write_reports, merged.reports, REPORT_COLUMNS),
        ("near_misses", write_misses, merged.misses, NEAR_MISS_COLUMNS),
    ):
        years = sorted(parts)
        steps = ((write, (writer.folder, workspace, year, parts[year])) for year in years)
        for year, digest in zip(years, run_steps(engine, steps), strict=True):
            writer.digests[file_of(table, year)] = digest
        if not years:
            writer.write(table, NO_YEAR, with_types(pd.DataFrame(columns=list(columns)), columns))
    claims = build_reconciliation_table(reconcile_by_country(engine, workspace, sorted(merged.events)))
    writer.write("reconciliations", "", claims)
    writer.write("changes", "", pd.DataFrame())
    writer.write("corrections", "", pd.DataFrame())
    writer.put_in_force()


def write_articles(
    folder: SnapshotFolder, workspace: Workspace, year: str, pieces: Sequence[tuple[str, frozenset[int]]]
) -> str:
    """The articles of a year."""
    return folder.write("articles", year, articles_of(workspace, year, pieces, GROUP_ROWS["articles"]))


def write_events(folder: SnapshotFolder, workspace: Workspace, year: str, blocks: Sequence[int]) -> str:
    """The events of a year; what tolls over a period are held against is left in the workspace."""
    machine = events_of(workspace, year, blocks)
    leave_counted(workspace, year, machine)
    return folder.write("events", year, [machine[list(EVENT_COLUMNS)]])


def write_reports(folder: SnapshotFolder, workspace: Workspace, year: str, blocks: Sequence[int]) -> str:
    """The reports of a year."""
    return folder.write("reports", year, [reports_of(workspace, year, blocks)])


def write_misses(folder: SnapshotFolder, workspace: Workspace, year: str, blocks: Sequence[int]) -> str:
    """The near misses of a year."""
    return folder.write("near_misses", year, [misses_of(workspace, year, blocks)])


def file_of(table: str, year: str) -> str:
    """The file of a table, or of the part of it that is of a year."""
    return f"{table}/year={year}/part-0.parquet" if year else f"{table}.parquet"


def _is_of(table: str, file: str) -> bool:
    return file.startswith((f"{table}.", f"{table}/"))
