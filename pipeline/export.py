"""The event table as a file for other programs: CSV, GeoJSON, Parquet, XLSX. Unknown is empty, never 0.

Written a batch of rows at a time: memory does not grow with the table.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.corrections import cell_text
from pipeline.csv_lines import csv_lines, disarmed, header
from pipeline.errors import PipelineError
from pipeline.geojson_lines import geojson_lines

BATCH_ROWS = 16_384
COMMA = b",\n"  # between two features
MAX_XLSX_ROWS = 200_000  # about half a minute; spreadsheets end at 1,048,576
Batches = Iterable[pa.RecordBatch]


def export_table(table: pd.DataFrame, path: Path) -> None:
    """Write the table in the format that the file's name says; whole or not at all."""
    found = pa.Table.from_pandas(table, preserve_index=False)
    export_batches(found.schema, found.to_batches(max_chunksize=BATCH_ROWS), path)


def export_batches(schema: pa.Schema, batches: Batches, path: Path) -> int:
    """The same for rows that come a batch at a time; how many they were."""
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise PipelineError(f'{path.name}: "{path.suffix}" is not written; use one of {", ".join(WRITERS)}')
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.tmp")
    rows = 0

    def counted() -> Iterator[pa.RecordBatch]:
        nonlocal rows
        for batch in batches:
            rows += batch.num_rows
            yield batch

    try:
        write(schema, counted(), aside)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    return rows


def _write_csv(schema: pa.Schema, batches: Batches, path: Path) -> None:
    with path.open("wb") as handle:
        handle.write(header(schema.names))
        for batch in batches:
            handle.write(csv_lines(batch))


def _write_parquet(schema: pa.Schema, batches: Batches, path: Path) -> None:
    with pq.ParquetWriter(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def _write_geojson(schema: pa.Schema, batches: Batches, path: Path) -> None:
    with path.open("wb") as handle:
        handle.write(b'{"type": "FeatureCollection", "features": [')
        waiting = b"\n"  # what is written last has no comma behind it
        for batch in batches:
            if batch.num_rows:
                handle.write(waiting)
                lines = geojson_lines(batch)
                handle.write(lines[: -len(COMMA)])
                waiting = COMMA
        handle.write(b"\n]}\n")


def _write_xlsx(schema: pa.Schema, batches: Batches, path: Path) -> None:
    from openpyxl import Workbook  # a fifth of a second, for this format alone
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet("events")
    sheet.append(schema.names)
    for number, row in enumerate(_rows(map(_disarmed, batches))):
        if number == MAX_XLSX_ROWS:
            raise PipelineError(f"more than {MAX_XLSX_ROWS:,} events are too many for XLSX; write .csv")
        cells = [_json_value(v) for v in row.values()]
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c)[:32_767] if isinstance(c, str) else c for c in cells])
    book.save(path)


def _rows(batches: Batches) -> Iterator[dict[Any, Any]]:
    for batch in batches:
        yield from pa.Table.from_batches([batch]).to_pandas().to_dict("records")


def _disarmed(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = []
    for cells in batch.columns:
        if pa.types.is_dictionary(cells.type):
            cells = cells.cast(pa.large_string())
        columns.append(
            disarmed(cells) if pa.types.is_large_string(cells.type) or pa.types.is_string(cells.type) else cells
        )
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _json_value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return cell_text(value)
    return value.item() if hasattr(value, "item") else value


WRITERS: dict[str, Callable[[pa.Schema, Batches, Path], None]] = {
    ".csv": _write_csv, ".geojson": _write_geojson, ".parquet": _write_parquet, ".xlsx": _write_xlsx,
}  # fmt: skip
