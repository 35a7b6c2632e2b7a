"""Events and reports -> pandas tables, their checks, and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from pipeline.csv_lines import DISARMED, FORMULA
from pipeline.errors import BrokenTable
from pipeline.models import (
    EVENT_TYPES,
    SUB_EVENT_TYPES,
    Claim,
    Count,
    DateBasis,
    Event,
    GeoPrecision,
    Kind,
    Place,
    Report,
    Span,
    Status,
    TimePrecision,
)

SEPARATOR = " | "  # between several values in one cell
COUNT, DAY, NUMBER, TEXT, FLAG = "Int64", "datetime64[ms]", "float64", "str", "boolean"
CLOSED: dict[str, tuple[str, ...]] = {
    "kind": tuple(Kind),
    "time_precision": tuple(TimePrecision),
    "date_basis": tuple(DateBasis),
    "geo_precision": tuple(GeoPrecision),
    "event_type": EVENT_TYPES,
    "sub_event_type": tuple(dict.fromkeys(s for subs in SUB_EVENT_TYPES.values() for s in subs)),
    "status": tuple(Status),
    "field": ("title", "text"),
}
# What an event and a report have in common, in the order of the codebook (data/README.md)
WHEN_WHERE_WHAT: dict[str, Any] = {
    "kind": "category", "date_start": DAY, "date_end": DAY, "time_precision": "category", "date_basis": "category",
    "place": TEXT, "admin1": TEXT, "country": TEXT, "iso3": TEXT, "latitude": NUMBER, "longitude": NUMBER,
    "geo_precision": "category", "places": TEXT, "event_type": "category", "sub_event_type": "category",
    "actors": TEXT, "civilians_targeted": FLAG, "fatalities_low": COUNT, "fatalities_best": COUNT,
    "fatalities_high": COUNT, "injured_low": COUNT, "injured_best": COUNT, "injured_high": COUNT,
}  # fmt: skip
EVENT_COLUMNS: dict[str, str] = {
    "event_id": TEXT, **WHEN_WHERE_WHAT, "report_count": COUNT, "source_count": COUNT, "attributions": TEXT,
    "disputed": FLAG, "part_of": TEXT, "status": "category", "first_reported": DAY, "last_updated": DAY,
    "evidence": TEXT,
}  # fmt: skip
SPAN_PARTS = {"field": TEXT, "start": COUNT, "end": COUNT}
SPANS = ("date", "place", "fatalities", "injured", "kind", "event_type", "actors", "attributions")
REPORT_COLUMNS: dict[str, str] = {
    "report_id": TEXT, "article_id": TEXT, "event_id": TEXT, "rank": COUNT, "source": TEXT, "published": DAY,
    **WHEN_WHERE_WHAT, "attributions": TEXT, "claims": TEXT, "part_of": TEXT, "landmarks": TEXT, "field": "category",
    "sentence_start": COUNT, "sentence_end": COUNT, "evidence": TEXT,
    **{f"{name}_span_{part}": dtype for name in SPANS for part, dtype in SPAN_PARTS.items()},
    "reasons": TEXT, "merge_reason": TEXT,
}  # fmt: skip
FRAME_ROWS = 4_096  # made at a time: a row as a dict takes twenty times the memory of its cells in columns


def build_event_table(events: Sequence[Event]) -> pd.DataFrame:
    """One row an event, columns and types as EVENT_COLUMNS."""
    return _frame(map(event_row, events), EVENT_COLUMNS)


def build_report_table(
    reports: Sequence[Report], event_of: Mapping[str, str], why: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """One row a report, columns and types as REPORT_COLUMNS; each report's event_id, and why it is in that event."""
    why = why or {}
    rows = (report_row(r, event_of.get(r.report_id, ""), why.get(r.report_id, "")) for r in reports)
    return _frame(rows, REPORT_COLUMNS)


def event_row(event: Event) -> dict[str, Any]:
    """The cells of one event."""
    return _shared_cells(event) | {
        "event_id": event.event_id,
        "report_count": event.report_count,
        "source_count": event.source_count,
        "attributions": SEPARATOR.join(event.attributions),
        "disputed": event.disputed,
        "part_of": event.part_of,
        "status": event.status,
        "first_reported": event.first_reported,
        "last_updated": event.last_updated,
        "evidence": event.evidence,
    }


def report_row(report: Report, event_id: str, merge_reason: str = "") -> dict[str, Any]:
    """The cells of one report."""
    row = _shared_cells(report) | {
        "report_id": report.report_id,
        "article_id": report.article_id,
        "event_id": event_id,
        "rank": report.rank,
        "source": report.source,
        "published": report.published,
        "attributions": SEPARATOR.join(report.attributions),
        "claims": SEPARATOR.join(map(_claim_words, report.claims)),
        "part_of": report.part_of,
        "landmarks": SEPARATOR.join(report.landmarks),
        "field": report.field,
        "sentence_start": report.sentence_start,
        "sentence_end": report.sentence_end,
        "evidence": report.evidence,
        "reasons": SEPARATOR.join(f"{column}: {reason}{_mark(report, column)}" for column, reason in report.reasons),
        "merge_reason": merge_reason,
    }
    spans = (
        report.date_span, report.place_span, report.killed_span, report.injured_span, report.kind_span,
        report.event_type_span, report.actors_span, report.attributions_span,
    )  # fmt: skip
    for name, span in zip(SPANS, spans, strict=True):
        row |= _span_cells(name, span)
    return row


def _claim_words(claim: Claim) -> str:
    """A claim as one cell shows it: "health ministry said: 19 killed"."""
    counts = ((claim.killed, "killed"), (claim.injured, "injured"))
    figures = ", ".join(f"{c.best if c.best is not None else c.high} {word}" for c, word in counts if c.known)
    return f"{claim.speaker} {claim.how}".strip() + (f": {figures}" if figures else "")


def _mark(report: Report, column: str) -> str:
    """What the codebook says is marked: a number that is a word, or only about right."""
    count = {"fatalities_best": report.killed, "injured_best": report.injured}.get(column)
    if count is None or not (count.vague or count.approximate):
        return ""
    return " (vague)" if count.vague else " (approximate)"


def _shared_cells(record: Event | Report) -> dict[str, Any]:
    first = record.places[0] if record.places else Place("", "", "", "", None, None, GeoPrecision.NONE)
    # one toll shared by several places has no single point: it stands at the level that all of them share
    shared = len(record.places) > 1
    return {
        "kind": record.kind,
        "date_start": record.date_start,
        "date_end": record.date_end,
        "time_precision": record.time_precision,
        "date_basis": record.date_basis,
        "place": _joined(p.name for p in record.places),
        "admin1": _joined(p.admin1 for p in record.places),
        "country": _joined(p.country for p in record.places),
        "iso3": _joined(p.iso3 for p in record.places),
        "latitude": None if shared else first.latitude,
        "longitude": None if shared else first.longitude,
        "geo_precision": first.geo_precision,
        "places": _joined(p.name for p in record.places),
        "event_type": record.event_type,
        "sub_event_type": record.sub_event_type,
        "actors": _joined(f"{a.name} ({a.role})" if a.role else a.name for a in record.actors),
        "civilians_targeted": record.civilians_targeted,
        **_count_cells("fatalities", record.killed),
        **_count_cells("injured", record.injured),
    }


def _joined(values: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(v for v in values if v))


def _count_cells(name: str, count: Count) -> dict[str, int | None]:
    return {f"{name}_low": count.low, f"{name}_best": count.best, f"{name}_high": count.high}


def _span_cells(name: str, span: Span | None) -> dict[str, Any]:
    cells = (str(span.field), span.start_char, span.end_char) if span else ("", None, None)
    return dict(zip((f"{name}_span_{part}" for part in SPAN_PARTS), cells, strict=True))


def _frame(rows: Iterable[Mapping[Any, Any]], columns: Mapping[str, Any]) -> pd.DataFrame:
    waiting, parts = iter(rows), []
    while some := list(islice(waiting, FRAME_ROWS)):
        parts.append(with_types(pd.DataFrame(some, columns=list(columns)), columns))
    if not parts:
        return with_types(pd.DataFrame([], columns=list(columns)), columns)
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]


def with_types(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """The frame with each named column in its type; other columns stay as they are."""
    # made at once: a frame that takes forty columns one by one is five times slower, and small tables are all of that
    return pd.DataFrame(
        {name: _typed(cells, columns[str(name)]) if name in columns else cells for name, cells in frame.items()},
        index=frame.index, columns=frame.columns,
    )  # fmt: skip


def _typed(cells: pd.Series, dtype: Any) -> Any:
    if dtype == "category":
        wanted = _closed_dtype(str(cells.name))
        if isinstance(cells.dtype, pd.CategoricalDtype) and list(cells.cat.categories) == list(wanted.categories):
            return cells
        # what the list does not hold, "" first, becomes missing
        codes = wanted.categories.get_indexer(pd.Index(cells))
        return pd.Categorical.from_codes(codes, list(wanted.categories))
    if cells.dtype == dtype and not (dtype == TEXT and cells.hasnans):
        return cells
    if dtype == DAY:
        return pd.to_datetime(cells).dt.as_unit("ms")
    return cells.fillna("").astype("str") if dtype == TEXT else cells.astype(dtype)


@cache
def _closed_dtype(name: str) -> pd.CategoricalDtype:
    return pd.CategoricalDtype([str(v) for v in CLOSED[name]])


def check_event_table(table: pd.DataFrame) -> None:
    """Raise BrokenTable naming the first rule that the table breaks and the events that break it."""
    start, end = table["date_start"], table["date_end"]
    rules: dict[str, pd.Series] = {
        "event_id is not unique": table["event_id"].duplicated(),
        "a first day without a last day, or after it": (start.isna() != end.isna()) | (start > end),
        "latitude without longitude": table["latitude"].isna() != table["longitude"].isna(),
        "latitude or longitude out of range": (table["latitude"].abs() > 90) | (table["longitude"].abs() > 180),
        "report_count below 1": table["report_count"] < 1,
        "a day without a precision": start.notna() & table["time_precision"].isna(),
        "no kind or no type": table["kind"].isna() | table["event_type"].isna(),
    }
    for harm in ("fatalities", "injured"):
        low, best, high = (table[f"{harm}_{part}"] for part in ("low", "best", "high"))
        rules[f"{harm}: low <= best <= high does not hold"] = (low > best) | (best > high) | (low > high)
        rules[f"{harm}: below zero"] = (low < 0) | (best < 0) | (high < 0)
    for problem, broken in rules.items():
        broken = broken.fillna(False).astype(bool)
        if broken.any():
            names = ", ".join(table.loc[broken, "event_id"].head(5))
            raise BrokenTable(f"{int(broken.sum())} events: {problem} ({names}); nothing is published")


def write_csv(table: pd.DataFrame, handle: TextIO, *, header: bool = True) -> None:
    """Unknown as an empty cell, days as YYYY-MM-DD; an apostrophe before what a spreadsheet would run."""
    for name in table:
        if (
            pd.api.types.is_string_dtype(table[name].dtype)
            and (risky := table[name].str.contains(FORMULA, na=False)).any()
        ):
            table = table.assign(**{str(name): table[name].where(~risky, "'" + table[name])})
    table.to_csv(handle, index=False, header=header, date_format="%Y-%m-%d", lineterminator="\n")


def read_event_csv(path: Path) -> pd.DataFrame:
    """What write_csv wrote, with its types (plain read_csv would turn gaps in counts into floats)."""
    raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8").replace(DISARMED, "", regex=True)
    columns = {name: EVENT_COLUMNS[name] for name in raw.columns if name in EVENT_COLUMNS}
    for name, dtype in columns.items():
        if dtype in (COUNT, NUMBER):
            raw[name] = pd.to_numeric(raw[name].replace("", None))
        elif dtype == FLAG:
            raw[name] = raw[name].map({"True": True, "False": False})
        elif dtype == DAY:
            raw[name] = raw[name].replace("", None)
    return _frame(raw.to_dict("records"), columns)
