"""Rows of any typed table -> the bytes of CSV lines, many at a time; formulas disarmed, unknown an empty cell."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

# a spreadsheet would run a cell that begins so; an apostrophe makes it text
FORMULA = r"^ *[=+\-@\t\r\n]"
QUOTED = r'[",\r\n]'
ARMED, DISARMED = re.compile(FORMULA), re.compile("^'(?= *[=+\\-@\t\r\n])")
END = "\r\n"  # a bare carriage return in a cell is quoted only where it is part of the line's end


def disarmed_text(cell: object) -> object:
    """One cell for a writer of single rows: texts with an apostrophe before what a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and ARMED.match(cell) else cell


def header(names: list[str]) -> bytes:
    """The first line."""
    return bytes(_lines([_quoted(pa.array([name], pa.large_string())) for name in names]))


def csv_lines(batch: pa.RecordBatch) -> memoryview:
    """The lines of these rows."""
    return _lines([_cells(batch.column(n)) for n in range(batch.num_columns)])


def disarmed(cells: pa.Array) -> pa.Array:
    """The texts, with an apostrophe before those that a spreadsheet would take for a formula."""
    cells = cells.cast(pa.large_string())
    risky = pc.match_substring_regex(cells, FORMULA)
    return pc.if_else(risky, joined("'", cells), cells)


def _cells(cells: pa.Array) -> pa.Array:
    return as_texts(cells, lambda texts: _quoted(disarmed(texts)), "True", "False", "")


def as_texts(cells: pa.Array, safe: Callable[[pa.Array], pa.Array], true: str, false: str, unknown: str) -> pa.Array:
    """Cells of any type as texts: days as YYYY-MM-DD, numbers as Python writes them, texts made safe."""
    kind = cells.type
    if pa.types.is_dictionary(kind):
        # the distinct texts are few: each is made safe once
        return pc.fill_null(safe(cells.dictionary.cast(pa.large_string())).take(cells.indices), unknown)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return pc.fill_null(safe(cells.cast(pa.large_string())), unknown)
    if pa.types.is_null(kind):
        return pa.array([unknown] * len(cells), pa.large_string())
    if pa.types.is_boolean(kind):
        return pc.fill_null(pc.if_else(cells, true, false), unknown).cast(pa.large_string())
    if pa.types.is_timestamp(kind):
        days = cells.cast(pa.date32(), safe=False).cast(pa.large_string())
        return pc.fill_null(safe(days), unknown)
    text = pc.fill_null(cells.cast(pa.large_string()), unknown)
    if pa.types.is_floating(kind):
        # as Python writes them: 37.0 and 1e-07
        text = pc.replace_substring_regex(text, r"^(-?\d+)$", r"\1.0")
        text = pc.replace_substring_regex(text, r"e-(\d)$", r"e-0\1")
        return pc.if_else(pc.equal(text, "nan"), unknown, text)
    return text


def joined(*parts: pa.Array | str) -> pa.Array:
    """The texts of each row, one after the other."""
    texts = [pa.scalar(part, pa.large_string()) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, pa.scalar("", pa.large_string()))


def _quoted(cells: pa.Array) -> pa.Array:
    needed = pc.match_substring_regex(cells, QUOTED)
    if not pc.any(needed).as_py():
        return cells
    inner = pc.replace_substring(cells, '"', '""')
    return pc.if_else(needed, joined('"', inner, '"'), cells)


def _lines(cells: list[pa.Array]) -> memoryview:
    cells = [each.cast(pa.large_string()) for each in cells]
    return bytes_of(joined(*cells[:1], *(part for each in cells[1:] for part in (",", each)), END))


def bytes_of(lines: pa.Array) -> memoryview:
    """All texts of an array without copying them: they lie one after the other."""
    start, end = (lines.buffers()[1].slice(8 * at, 8).to_pybytes() for at in (lines.offset, lines.offset + len(lines)))
    return memoryview(lines.buffers()[2])[int.from_bytes(start, "little") : int.from_bytes(end, "little")]
