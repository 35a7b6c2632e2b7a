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
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.errors import BrokenStore
from pipeline.settings import Settings
from pipeline.snapshots import REPAIR, TABLES, Snapshot, check_digest, in_force, read_manifest
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, with_types

Answer = TypeVar("Answer")
TYPES: Mapping[str, Mapping[str, Any]] = {"events": EVENT_COLUMNS, "reports": REPORT_COLUMNS}


@dataclass(frozen=True, eq=False)
class SnapshotFiles:
    """One published state, each file held against its digest when it was opened, each page when it is read."""

    snapshot_id: str
    published_at: datetime
    opened: Mapping[str, tuple[Path, pa.NativeFile, pq.FileMetaData]]

    def count(self, table: str) -> int:
        """How many rows it has."""
        return self.opened[table][2].num_rows

    def names(self, table: str) -> list[str]:
        """Its columns."""
        return self.schema(table).names

    def columns(self, table: str, names: Sequence[str], repeating: Sequence[str] = ()) -> pa.Table:
        """These columns of all rows; the repeating ones as one dictionary and codes, never as texts."""
        with _named(self.opened[table][0]):
            return self._file(table, repeating).read(columns=list(names)).unify_dictionaries()

    def rows(self, table: str, at: np.ndarray, names: Sequence[str] | None = None) -> pd.DataFrame:
        """The rows at these positions, in this order; only the parts of the file that hold them are read."""
        ends = np.cumsum([self.opened[table][2].row_group(n).num_rows for n in range(self._groups(table))])
        group = np.searchsorted(ends, at, side="right")
        wanted = np.unique(group)
        parts, order = [], np.empty(len(at), dtype=np.int64)
        done = 0
        for n in wanted:
            mine = np.flatnonzero(group == n)
            start = ends[n - 1] if n else 0
            with _named(self.opened[table][0]):
                parts.append(self._file(table).read_row_group(int(n), columns=names).take(pa.array(at[mine] - start)))
            order[mine] = np.arange(done, done + len(mine))
            done += len(mine)
        read = pa.concat_tables(parts).take(pa.array(order)) if parts else self._nothing(table, names)
        return self._frame(table, read)

    def where(self, table: str, column: str, values: Sequence[str]) -> pd.DataFrame:
        """All rows that hold one of the values; parts of the file that cannot hold them are left alone."""
        if column not in self.names(table):
            return self._frame(table, self._nothing(table, None))
        file, number = self._file(table), self.names(table).index(column)
        groups = [n for n in range(self._groups(table)) if self._may_hold(table, n, number, values)]
        parts, wanted = [], pa.array(values, pa.string())
        for n in groups:
            with _named(self.opened[table][0]):
                cells = file.read_row_group(n, columns=[column]).column(0)
                found = np.flatnonzero(pc.is_in(cells, value_set=wanted.cast(cells.type)).to_numpy())
                if len(found):
                    parts.append(file.read_row_group(n).take(pa.array(found)))
        return self._frame(table, pa.concat_tables(parts) if parts else self._nothing(table, None))

    def schema(self, table: str) -> pa.Schema:
        """Its columns and their types."""
        return self.opened[table][2].schema.to_arrow_schema()

    def kept(self, table: str, keep: np.ndarray) -> Iterator[pa.RecordBatch]:
        """The rows with a yes, a batch at a time; parts of the file without one are left alone."""
        start = 0
        for group in range(self._groups(table)):
            rows = self.opened[table][2].row_group(group).num_rows
            mine, start = keep[start : start + rows], start + rows
            if mine.any():
                with _named(self.opened[table][0]):
                    read = self._file(table).read_row_group(group)
                yield from read.filter(pa.array(mine)).combine_chunks().to_batches()

    def batches(
        self, table: str, names: Sequence[str] | None = None, *, rows: int = 16_384
    ) -> Iterator[pa.RecordBatch]:
        """All rows, a batch at a time: memory does not grow with the table."""
        with _named(self.opened[table][0]):
            yield from self._file(table, pre_buffer=False).iter_batches(batch_size=rows, columns=names)

    def scan(self, table: str, names: Sequence[str], ask: Callable[[pa.Table], Answer]) -> list[Answer]:
        """What `ask` says to these columns of each part of the file, in order; two parts at a time are in memory."""

        def ask_part(group: int) -> Answer:
            with _named(self.opened[table][0]):
                return ask(self._file(table, pre_buffer=False).read_row_group(group, columns=list(names)))

        with ThreadPoolExecutor(2) as threads:
            return list(threads.map(ask_part, range(self._groups(table))))

    def whole(self, table: str) -> pd.DataFrame:
        """The table as a frame; for the small ones."""
        with _named(self.opened[table][0]):
            return self._frame(table, self._file(table).read())

    def part(self, **frames: pd.DataFrame) -> Snapshot:
        """A snapshot of a few rows: the given frames, and of every other table none."""
        empty = {name: self._frame(name, self._nothing(name, None)) for name in TABLES if name not in frames}
        return Snapshot(self.snapshot_id, self.published_at, **empty, **frames)

    def _file(self, table: str, repeating: Sequence[str] = (), *, pre_buffer: bool = True) -> pq.ParquetFile:
        # a reader is made for each reading: only the source may be shared by threads
        _, source, head = self.opened[table]
        return pq.ParquetFile(
            source, metadata=head, read_dictionary=list(repeating), pre_buffer=pre_buffer,
            page_checksum_verification=True,
        )  # fmt: skip

    def _groups(self, table: str) -> int:
        return self.opened[table][2].num_row_groups

    def _may_hold(self, table: str, group: int, column: int, values: Sequence[str]) -> bool:
        known = self.opened[table][2].row_group(group).column(column).statistics
        if known is None or not known.has_min_max:
            return True
        return any(known.min <= value <= known.max for value in values)

    def _nothing(self, table: str, names: Sequence[str] | None) -> pa.Table:
        empty = self.schema(table).empty_table()
        return empty if names is None else empty.select(list(names))

    def _frame(self, table: str, read: pa.Table) -> pd.DataFrame:
        return with_types(read.to_pandas(), TYPES.get(table, {}))


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
    paths = [folder / f"{name}.parquet" for name in TABLES]
    # opened first: what is checked is what will be read
    sources = [pa.OSFile(str(path)) for path in paths]
    with ThreadPoolExecutor() as threads:  # hashing lets other threads run
        list(threads.map(lambda path: check_digest(path, manifest), paths))
    opened = {
        path.stem: (path, source, pq.ParquetFile(source).metadata) for path, source in zip(paths, sources, strict=True)
    }
    return SnapshotFiles(folder.name, datetime.fromisoformat(manifest["published_at"]), opened)
