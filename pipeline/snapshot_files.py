"""The snapshot in force, opened but not read: single columns, single rows and batches, straight from its files.

For archives of which only a part fits into memory. The files stay open, so that a reader keeps its version after newer
ones have swept it away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import BrokenStore
from pipeline.settings import Settings
from pipeline.snapshots import REPAIR, TABLES, Snapshot, check_digest, files_of, in_force, read_manifest
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, with_types

Answer = TypeVar("Answer")
TYPES: Mapping[str, Mapping[str, Any]] = {"events": EVENT_COLUMNS, "reports": REPORT_COLUMNS}


class Part(NamedTuple):
    """One file of a table, opened."""

    path: Path
    source: pa.NativeFile
    head: pq.FileMetaData

    def reader(self, repeating: Sequence[str] = (), *, pre_buffer: bool = True) -> pq.ParquetFile:
        """Made for each reading: only the source may be shared by threads."""
        return pq.ParquetFile(
            self.source, metadata=self.head, read_dictionary=list(repeating), pre_buffer=pre_buffer,
            page_checksum_verification=True,
        )  # fmt: skip


class Group(NamedTuple):
    """Rows that a file holds together, and which they are in the table."""

    part: Part
    number: int
    start: int
    rows: int

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """These columns, or all, of its rows."""
        with _named(self.part.path):
            columns = None if names is None else list(names)
            return self.part.reader(pre_buffer=False).read_row_group(self.number, columns=columns)


@dataclass(frozen=True, eq=False)
class SnapshotFiles:
    """One published state, each file held against its digest when it was opened, each page when it is read."""

    snapshot_id: str
    published_at: datetime
    opened: Mapping[str, Sequence[Part]]

    def count(self, table: str) -> int:
        """How many rows it has."""
        return sum(part.head.num_rows for part in self.opened[table])

    def names(self, table: str) -> list[str]:
        """Its columns."""
        return self.schema(table).names

    def columns(self, table: str, names: Sequence[str], repeating: Sequence[str] = ()) -> pa.Table:
        """These columns of all rows; the repeating ones as one dictionary and codes, never as texts."""
        read = []
        for part in self.opened[table]:
            with _named(part.path):
                read.append(part.reader(repeating).read(columns=list(names)))
        return pa.concat_tables(read).unify_dictionaries()

    def rows(self, table: str, at: np.ndarray, names: Sequence[str] | None = None) -> pd.DataFrame:
        """The rows at these positions, in this order; only the parts of the files that hold them are read."""
        groups = self._groups(table)
        of = np.searchsorted([group.start + group.rows for group in groups], at, side="right")
        parts, order = [], np.empty(len(at), dtype=np.int64)
        done = 0
        for n in np.unique(of):
            mine = np.flatnonzero(of == n)
            parts.append(groups[n].read(names).take(pa.array(at[mine] - groups[n].start)))
            order[mine] = np.arange(done, done + len(mine))
            done += len(mine)
        read = pa.concat_tables(parts).take(pa.array(order)) if parts else self._nothing(table, names)
        return self._frame(table, read)

    def where(self, table: str, column: str, values: Sequence[str]) -> pd.DataFrame:
        """All rows that hold one of the values; parts of the files that cannot hold them are left alone."""
        if column not in self.names(table):
            return self._frame(table, self._nothing(table, None))
        number, wanted = self.names(table).index(column), pa.array(values, pa.string())
        found = []
        for group in self._groups(table):
            if _may_hold(group, number, values):
                cells = group.read([column]).column(0)
                at = np.flatnonzero(pc.is_in(cells, value_set=wanted.cast(cells.type)).to_numpy())
                if len(at):
                    found.append(group.read().take(pa.array(at)))
        return self._frame(table, pa.concat_tables(found) if found else self._nothing(table, None))

    def schema(self, table: str) -> pa.Schema:
        """Its columns and their types."""
        return self.opened[table][0].head.schema.to_arrow_schema()

    def kept(self, table: str, keep: np.ndarray) -> Iterator[pa.RecordBatch]:
        """The rows with a yes, a batch at a time; parts of the files without one are left alone."""
        for group in self._groups(table):
            mine = keep[group.start : group.start + group.rows]
            if mine.any():
                yield from group.read().filter(pa.array(mine)).combine_chunks().to_batches()

    def batches(
        self, table: str, names: Sequence[str] | None = None, *, rows: int = 16_384
    ) -> Iterator[pa.RecordBatch]:
        """All rows, a batch at a time: memory does not grow with the table."""
        for part in self.opened[table]:
            with _named(part.path):
                yield from part.reader(pre_buffer=False).iter_batches(batch_size=rows, columns=names)

    def scan(self, table: str, names: Sequence[str], ask: Callable[[pa.Table], Answer]) -> list[Answer]:
        """What `ask` says to these columns of each part of the files, in order; two parts at a time are in memory."""
        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(lambda group: ask(group.read(names)), self._groups(table)))

    def whole(self, table: str) -> pd.DataFrame:
        """The table as a frame; for the small ones."""
        return self._frame(table, self.columns(table, self.names(table)))

    def part(self, **frames: pd.DataFrame) -> Snapshot:
        """A snapshot of a few rows: the given frames, and of every other table none."""
        empty = {name: self._frame(name, self._nothing(name, None)) for name in TABLES if name not in frames}
        return Snapshot(self.snapshot_id, self.published_at, **empty, **frames)

    def _groups(self, table: str) -> list[Group]:
        found, start = [], 0
        for part in self.opened[table]:
            for number in range(part.head.num_row_groups):
                found.append(Group(part, number, start, part.head.row_group(number).num_rows))
                start += found[-1].rows
        return found

    def _nothing(self, table: str, names: Sequence[str] | None) -> pa.Table:
        empty = self.schema(table).empty_table()
        return empty if names is None else empty.select(list(names))

    def _frame(self, table: str, read: pa.Table) -> pd.DataFrame:
        return with_types(read.to_pandas(), TYPES.get(table, {}))


def _may_hold(group: Group, column: int, values: Sequence[str]) -> bool:
    known = group.part.head.row_group(group.number).column(column).statistics
    if known is None or not known.has_min_max:
        return True
    return any(known.min <= value <= known.max for value in values)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Says which file is damaged where reading it fails."""
    try:
        yield
    except (OSError, pa.ArrowException) as problem:
        raise BrokenStore(f"{path}: damaged while it was in use ({problem}); {REPAIR}") from problem


def open_snapshot(settings: Settings) -> SnapshotFiles | None:
    """The snapshot in force, every file held against its digest; None before the first refresh."""
    return in_force(settings, _open)


def _open(folder: Path) -> SnapshotFiles:
    manifest = read_manifest(folder)
    files = {name: files_of(name, manifest) for name in TABLES}
    # opened first: what is checked is what will be read
    opened = {file: pa.OSFile(str(folder / file)) for name in TABLES for file in files[name]}
    with ThreadPoolExecutor() as threads:  # hashing lets other threads run
        list(threads.map(lambda file: check_digest(folder, file, manifest), opened))
    parts = {file: Part(folder / file, source, pq.ParquetFile(source).metadata) for file, source in opened.items()}
    tables = {name: [parts[file] for file in files[name]] for name in TABLES}
    return SnapshotFiles(folder.name, datetime.fromisoformat(manifest["published_at"]), tables)
