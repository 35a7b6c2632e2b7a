"""Tables of articles: their rows, and which column is what: found by the names, or chosen by a person."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import PurePosixPath
from typing import Any

from pipeline.archives import refuse_bomb
from pipeline.encodings import clean, decode
from pipeline.errors import UnreadableArticle

csv.field_size_limit(50_000_000)  # an article in one cell; the size of the file is bounded before

# What a column or key may be called, most certain first
NAMES: dict[str, tuple[str, ...]] = {
    "article_id": ("id", "article_id", "unit_id", "uid", "guid"),
    "title": ("title", "headline", "article_title", "subject", "name"),
    "text": ("text", "body", "content", "article_content", "full_text", "article", "article_text", "articlebody"),
    "published": ("published", "date", "publication_date", "pubdate", "date_published", "published_at", "publish_date",
                  "pub_date", "published_date", "published_on", "day", "when", "datetime", "timestamp"),
    "source": ("source", "publisher", "outlet", "site", "source_name", "domain", "newspaper", "media", "agency"),
    "url": ("url", "link", "article_url", "href", "permalink"),
}  # fmt: skip
Rows = list[dict[str, Any]]
# A table of articles has some ten columns and no gaps; a few bytes can claim millions
MOST_COLUMNS, MOST_EMPTY_ROWS = 1_000, 1_000


@dataclass(frozen=True)
class TableHead:
    """What a table of articles looks like, before it is taken in."""

    columns: tuple[str, ...]
    chosen: dict[str, str]  # field of NAMES -> the column found for it, "" for none
    rows: int
    sample: tuple[dict[str, str], ...]  # the first rows, cells cut short


def look_at_table(name: str, raw: bytes) -> TableHead | None:
    """The head of a .csv, .tsv or .xlsx; None for other forms. UnreadableArticle where it is no table."""
    read = TABLES.get(PurePosixPath(name).suffix.lower())
    if read is None:
        return None
    rows = read(raw, name)
    columns = tuple(str(key) for key in rows[0] if key) if rows else ()
    sample = tuple({c: str(row.get(c) or "")[:120] for c in columns} for row in rows[:3])
    return TableHead(columns, {field: find_column(columns, field) or "" for field in NAMES}, len(rows), sample)


def rename_columns(name: str, raw: bytes, chosen: Mapping[str, str]) -> tuple[str, bytes]:
    """The table as a CSV whose columns are called what a person says they are, and its name."""
    rows = TABLES[PurePosixPath(name).suffix.lower()](raw, name)
    fields = {field: column for field, column in chosen.items() if column}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows([row.get(column) or "" for column in fields.values()] for row in rows)
    return (name if name.lower().endswith(".csv") else f"{name}.csv"), out.getvalue().encode("utf-8", "surrogatepass")


def find_column(columns: Iterable[Any], field: str) -> Any:
    """The column or key of a field: the first of NAMES that there is, in any case and spacing; None for none."""
    plain = {re.sub(r"[^a-z]+", "_", str(c).strip().lower().lstrip("\ufeff")): c for c in columns if c is not None}
    return next((plain[n] for n in NAMES[field] if n in plain), None)


def csv_rows(raw: bytes, name: str) -> Rows:
    """The rows of a CSV or TSV with a header."""
    text = decode(raw, name)
    header = text.split("\n", 1)[0]
    delimiter = max(",\t;|", key=header.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        _refuse_wide(reader.fieldnames or (), name)
        return list(reader)
    except csv.Error as problem:
        raise UnreadableArticle(name, f"not a table ({problem})", "save it as CSV with a header") from None


def sheet_rows(raw: bytes, name: str) -> Rows:
    """The rows of the first sheet of an .xlsx, with a header."""
    import openpyxl

    refuse_bomb(raw, name)
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size is not to be trusted
        lines = list(_without_deserts(sheet.iter_rows(values_only=True), name))
    except UnreadableArticle:
        raise
    except Exception as problem:  # openpyxl raises what its XML and zip layers raise, without a class of its own
        raise UnreadableArticle(name, f"not a readable workbook ({type(problem).__name__})", "save it again") from None
    header = [str(cell or "") for cell in lines[0]] if lines else []
    _refuse_wide(header, name)
    cells = (("" if c is None else clean(str(c)) for c in line) for line in lines[1:])
    return [dict(zip_longest(header, islice(line, len(header)), fillvalue="")) for line in cells]


def _without_deserts(lines: Iterable[tuple[Any, ...]], name: str) -> Iterator[tuple[Any, ...]]:
    """The lines; a cell far below the last is no part of a table, but stands for a million lines between."""
    empty = 0
    for line in lines:
        empty = 0 if any(cell is not None for cell in line) else empty + 1
        if empty > MOST_EMPTY_ROWS:
            raise UnreadableArticle(name, f"more than {MOST_EMPTY_ROWS:,} empty rows", "delete the empty rows")
        yield line


def _refuse_wide(header: Collection[str], name: str) -> None:
    if len(header) > MOST_COLUMNS:
        raise UnreadableArticle(name, f"more than {MOST_COLUMNS:,} columns", "keep those of the articles")


TABLES = {".csv": csv_rows, ".tsv": csv_rows, ".xlsx": sheet_rows}
