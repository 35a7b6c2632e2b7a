"""The event table as a file for other programs: CSV, GeoJSON, Parquet, XLSX. Unknown is empty, never 0."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.corrections import cell_text
from pipeline.errors import PipelineError

# a spreadsheet would run a cell that begins so; an apostrophe makes it text
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_XLSX_ROWS = 200_000  # about half a minute; spreadsheets end at 1,048,576


def export_table(table: pd.DataFrame, path: Path) -> None:
    """Write the table in the format that the file's name says; whole or not at all."""
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise PipelineError(f'{path.name}: "{path.suffix}" is not written; use one of {", ".join(WRITERS)}')
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.tmp")
    write(table, aside)
    os.replace(aside, path)


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    # a bare carriage return in a cell is quoted only where it is part of the line's end
    disarmed(table).to_csv(path, index=False, encoding="utf-8", date_format="%Y-%m-%d", lineterminator="\r\n")


def _write_parquet(table: pd.DataFrame, path: Path) -> None:
    table.to_parquet(path, index=False)


def _write_geojson(table: pd.DataFrame, path: Path) -> None:
    """One feature a row; an event without a point has a null geometry, as RFC 7946 wants it."""
    with path.open("w", encoding="utf-8") as handle:
        handle.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(table.to_dict("records")):
            point = None
            if pd.notna(row["latitude"]):
                point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
            cells = {str(k): _json_value(v) for k, v in row.items()}
            feature = {"type": "Feature", "id": row["event_id"], "geometry": point, "properties": cells}
            handle.write((",\n" if number else "\n") + json.dumps(feature, ensure_ascii=False))
        handle.write("\n]}\n")


def _write_xlsx(table: pd.DataFrame, path: Path) -> None:
    from openpyxl import Workbook  # a fifth of a second, for this format alone
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if len(table) > MAX_XLSX_ROWS:
        raise PipelineError(f"{len(table)} events are too many for XLSX (at most {MAX_XLSX_ROWS}); write .csv")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("events")
    sheet.append(list(table.columns))
    for row in disarmed(table).to_dict("records"):
        cells = [_json_value(v) for v in row.values()]
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", c)[:32_767] if isinstance(c, str) else c for c in cells])
    book.save(path)


def _json_value(value: Any) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return cell_text(value)
    return value.item() if hasattr(value, "item") else value


def disarmed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before text that a spreadsheet would take for a formula."""
    safe = table.copy()
    for name in safe.columns:
        kind = safe[name].dtype
        if isinstance(kind, pd.StringDtype | pd.CategoricalDtype) or pd.api.types.is_object_dtype(kind):
            cells = safe[name].astype("str")  # also a category, also a list of texts; what is missing stays missing
            risky = cells.str.lstrip(" ").str.startswith(DANGEROUS, na=False)
            safe[name] = cells.where(~risky, "'" + cells)
    return safe


WRITERS: dict[str, Callable[[pd.DataFrame, Path], None]] = {
    ".csv": _write_csv, ".geojson": _write_geojson, ".parquet": _write_parquet, ".xlsx": _write_xlsx,
}  # fmt: skip
