"""What the database holds, read and written in the pipeline's own records. Nothing is deleted, only marked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from pipeline import schema as db
from pipeline.corrections import Correction
from pipeline.errors import BrokenStore
from pipeline.models import Article, Report
from pipeline.records_json import reports_from_json

CHUNK = 500  # SQLite takes at most 999 values in one statement on old builds


@dataclass(frozen=True, slots=True)
class Head:
    """Which version of an article counts."""

    article_id: str
    content_hash: str
    withdrawn: bool
    withdrawn_why: str


@dataclass(frozen=True, slots=True)
class Member:
    """The event that a report is in, and where the report stands in its article."""

    report_id: str
    event_id: str
    article_id: str
    sentence_start: int
    sentence_end: int
    successor: str = ""  # of one that is gone: what the same sentence's report is called now


def content_hash(article: Article) -> str:
    """What decides whether an article is new: all that is read, not where it lay."""
    day = article.published.isoformat() if article.published else ""
    parts = (article.article_id, article.title, article.text, article.source, article.url, day)
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


# --- articles ------------------------------------------------------------------------------------------------------


def storable(article: Article) -> Article:
    """The article without the two kinds of character that no database keeps; offsets stay as they are."""
    clean: dict[str, Any] = {
        name: "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)
        for name in ("article_id", "title", "text", "source", "url", "origin")
        if (value := getattr(article, name)) and ("\0" in value or not _encodes(value))
    }
    return replace(article, **clean) if clean else article


def _encodes(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def has_articles(connection: Connection) -> bool:
    """Whether any was ever taken in and not taken back."""
    return connection.scalar(select(db.versions.c.article_id).where(~db.versions.c.undone).limit(1)) is not None


def kept_versions(connection: Connection, article_ids: Iterable[str]) -> dict[str, bool]:
    """Content hash of each version of these articles -> whether it counts; else it was only laid down or taken back."""
    query = select(db.versions.c.content_hash, db.versions.c.undone)
    return {key: not undone for key, undone in _among(connection, query, db.versions.c.article_id, article_ids)}


def heads(connection: Connection, among: Iterable[str] | None = None) -> dict[str, Head]:
    """Each article's version that counts, or those of some articles."""
    return {r.article_id: Head(*r) for r in _among(connection, select(db.articles), db.articles.c.article_id, among)}


def article_ids(connection: Connection, among: Iterable[str] | None = None) -> set[str]:
    """The articles, or those of some that there are."""
    query = select(db.articles.c.article_id)
    return {row[0] for row in _among(connection, query, db.articles.c.article_id, among)}


def first_received(connection: Connection, among: Iterable[str] | None = None) -> dict[str, int]:
    """Article -> the run that took in the first of its versions that were not taken back."""
    query = select(db.versions.c.article_id, func.min(db.versions.c.run_id)).where(~db.versions.c.undone)
    query = query.group_by(db.versions.c.article_id)
    return {row[0]: row[1] for row in _among(connection, query, db.versions.c.article_id, among)}


def _among(connection: Connection, query: Select[Any], column: Any, values: Iterable[str] | None) -> Iterator[Any]:
    """The rows, or those with one of the values in a column."""
    if values is None:
        yield from connection.execute(query)
        return
    for chunk in chunks(sorted({*values})):
        yield from connection.execute(query.where(column.in_(chunk)))


def read_versions(connection: Connection, hashes: Iterable[str]) -> Iterator[tuple[str, Article]]:
    """The articles as received, with their hashes; BrokenStore where one is not what it was."""
    for chunk in chunks(sorted(hashes)):
        query = select(db.versions).where(db.versions.c.content_hash.in_(chunk)).order_by(db.versions.c.article_id)
        for row in connection.execute(query):
            day = date.fromisoformat(row.published) if row.published else None
            article = Article(
                row.article_id, row.title, row.text, row.source, row.url, day, row.published_reason, row.origin
            )
            if content_hash(article) != row.content_hash:
                raise BrokenStore(
                    f'article "{row.article_id}": damaged in the database (its text is not the one received); '
                    "put back a copy of the database, or read the articles into a new store"
                )
            yield row.content_hash, article


def keep_versions(connection: Connection, articles: Iterable[Article]) -> None:
    """Lay articles down as received; they count from count_versions on."""
    connection.execute(insert(db.versions), [
        {"article_id": a.article_id, "content_hash": content_hash(a), "title": a.title, "text": a.text,
         "source": a.source, "url": a.url, "published": a.published.isoformat() if a.published else "",
         "published_reason": a.published_reason, "origin": a.origin, "run_id": 0, "undone": True}
        for a in articles
    ])  # fmt: skip


def count_versions(connection: Connection, run_id: int, hashes: Iterable[str]) -> None:
    """From now on these are taken in, by this run."""
    for chunk in chunks(sorted(hashes)):
        mine = db.versions.c.content_hash.in_(chunk)
        connection.execute(update(db.versions).where(mine).values(undone=False, run_id=run_id))


# --- what the extractor said ---------------------------------------------------------------------------------------


def read_already(connection: Connection, hashes: Iterable[str], version: str) -> set[str]:
    """Those of which this version of the extractor has said something that is still whole."""
    found: set[str] = set()
    for chunk in chunks(sorted(hashes)):
        found |= cached(connection, chunk, version).keys()
    return found


def cached(connection: Connection, hashes: Iterable[str], version: str) -> dict[str, str]:
    """Content hash -> JSON of its reports, as far as this version of the extractor has read it; damaged rows are
    left out, so that the article is read again."""
    found: dict[str, str] = {}
    table = db.cache_table
    for chunk in chunks(sorted(hashes)):
        query = select(table.c.content_hash, table.c.reports, table.c.digest).where(
            table.c.content_hash.in_(chunk), table.c.extractor_version == version
        )
        found |= {row.content_hash: row.reports for row in connection.execute(query) if _digest(row.reports) == row[2]}
    return found


def keep_extractions(connection: Connection, version: str, reports: Mapping[str, str]) -> None:
    """Remember what was read, as JSON; two refreshes that read the same article say the same."""
    table = db.cache_table
    for chunk in chunks(sorted(reports)):
        connection.execute(delete(table).where(table.c.content_hash.in_(chunk), table.c.extractor_version == version))
        connection.execute(insert(table), [
            {"content_hash": key, "extractor_version": version, "reports": reports[key],
             "digest": _digest(reports[key])} for key in chunk
        ])  # fmt: skip


def parse_reports(cached_json: Mapping[str, str]) -> list[Report]:
    """All reports, in order of their ids."""
    found = [report for text in cached_json.values() for report in reports_from_json(text)]
    return sorted(found, key=lambda r: r.report_id)


# --- members, with the journal that undo walks backwards -----------------------------------------------------------


def members(connection: Connection, among: Iterable[str] | None = None) -> dict[str, Member]:
    """The event of each report at the last publication, or of some reports."""
    rows = _among(connection, select(db.members), db.members.c.report_id, among)
    return {row.report_id: Member(*row) for row in rows}


def members_of_articles(connection: Connection, article_ids: Iterable[str]) -> dict[str, Member]:
    """Those of all reports that were ever read in these articles."""
    rows = _among(connection, select(db.members), db.members.c.article_id, article_ids)
    return {row.report_id: Member(*row) for row in rows}


def members_of_event(connection: Connection, event_id: str) -> dict[str, Member]:
    """Those in this event, also of reports that are gone."""
    rows = connection.execute(select(db.members).where(db.members.c.event_id == event_id))
    return {row.report_id: Member(*row) for row in rows}


def write_members(
    connection: Connection, run_id: int, before: Mapping[str, Member], wanted: Mapping[str, Member]
) -> None:
    """Make these members what is wanted, and keep what they were; others stay as they are."""
    _write_rows(connection, run_id, "member", db.members, "report_id", before, wanted)


def write_heads(connection: Connection, run_id: int, before: Mapping[str, Head], wanted: Mapping[str, Head]) -> None:
    """Make these articles what is wanted, and keep what they were; others stay as they are."""
    _write_rows(connection, run_id, "article", db.articles, "article_id", before, wanted)


def _write_rows(
    connection: Connection, run_id: int, kind: str, table: Any, key: str, before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:  # fmt: skip
    touched = [k for k in sorted({*before, *after}) if before.get(k) != after.get(k)]
    for chunk in chunks(touched):
        connection.execute(delete(table).where(table.c[key].in_(chunk)))
        rows = [_cells(after[k]) for k in chunk if k in after]
        if rows:
            connection.execute(insert(table), rows)
        connection.execute(insert(db.journal), [
            {"run_id": run_id, "kind": kind, "key": k, "before": _row_json(before.get(k)),
             "after": _row_json(after.get(k))} for k in chunk
        ])  # fmt: skip


def _cells(record: Any) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def _row_json(record: Any) -> str:
    return json.dumps(_cells(record)) if record is not None else ""


def journal_of(connection: Connection, run_id: int, kind: str) -> dict[str, tuple[str, str]]:
    """Key -> (before, after) of what a run did, as JSON; "" for no row."""
    query = select(db.journal).where(db.journal.c.run_id == run_id, db.journal.c.kind == kind)
    return {row.key: (row.before, row.after) for row in connection.execute(query)}


def written_since(connection: Connection, run_id: int, kind: str) -> set[str]:
    """What later runs wrote: the articles, or the reports of the members."""
    query = select(db.journal.c.key).where(db.journal.c.run_id > run_id, db.journal.c.kind == kind)
    return set(connection.scalars(query))


# --- runs and corrections ------------------------------------------------------------------------------------------


def start_run(connection: Connection, action: str, at: datetime, version: str = "") -> int:
    """A new row in the log of runs; its number."""
    run_id = (connection.scalar(select(func.max(db.runs.c.run_id))) or 0) + 1
    connection.execute(insert(db.runs).values(
        run_id=run_id, action=action, at=at.isoformat(), extractor_version=version, summary="{}", snapshot_id="",
    ))  # fmt: skip
    return run_id


def finish_run(connection: Connection, run_id: int, summary: Mapping[str, Any], snapshot_id: str) -> None:
    """Write down what the run did."""
    row = update(db.runs).where(db.runs.c.run_id == run_id)
    connection.execute(row.values(summary=json.dumps(summary, ensure_ascii=False), snapshot_id=snapshot_id))


def read_corrections(connection: Connection) -> list[Correction]:
    """All corrections, in the order in which they were made."""
    rows = connection.execute(select(db.corrections).order_by(db.corrections.c.correction_id))
    return [Correction(*row) for row in rows]


def append_correction(connection: Connection, **cells: str) -> int:
    """Add a correction; its number."""
    number = (connection.scalar(select(func.max(db.corrections.c.correction_id))) or 0) + 1
    connection.execute(insert(db.corrections).values(correction_id=number, **cells))
    return number


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def chunks(keys: list[str]) -> Iterator[list[str]]:
    """As many as go into one statement."""
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]
