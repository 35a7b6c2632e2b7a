"""One reader a form of file: bytes -> the raw records in it. `READERS` is the list of forms."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from pipeline.archives import refuse_bomb
from pipeline.columns import NAMES, TABLES, find_column
from pipeline.encodings import clean, decode, decode_exactly, utf_16
from pipeline.errors import UnreadableArticle
from pipeline.mails import open_mail
from pipeline.parquet_rows import parquet_rows
from pipeline.published import month_stands_first

# The form of the seeds: " date 2018-09-12 TITLE-AND-TEXT…" on the first line
SEED_HEAD = re.compile(r"\A\s*date\s+(\d{4}-\d{1,2}-\d{1,2}|\S*\d\S*)\s+", re.IGNORECASE)
# Of a PDF: what draws some hundred pages, however often one page or part is drawn again
MOST_OPERATIONS, MOST_DRAWN = 2_000_000, 20_000_000
# "Title: …" lines at the head of a plain text; a "Note: …" among them is for the reader of the file
HEAD_LINE = re.compile(
    r"\A\s*(title|source|publisher|url|date|published|note)[ \t]*:[ \t]*(\S[^\n]{0,500})(?:\n|\Z)", re.IGNORECASE
)


@dataclass(frozen=True)
class Raw:
    """A record as the file has it, nothing checked."""

    name: str  # file and, where there are several, the line or row
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    published: str = ""
    published_reason: str = ""
    article_id: str = ""
    month_first: bool | None = None


Records = Iterator[Raw | UnreadableArticle]


def read_text(raw: bytes, name: str) -> Records:
    """A plain text: the seeds' head, or head lines (Title:, Source:, URL:, Date:), or neither."""
    text = decode(raw, name)
    if head := SEED_HEAD.match(text):
        yield Raw(name, text[head.end() :], published=head[1], published_reason="the file's first line")
        return
    fields: dict[str, Any] = {}
    while head := HEAD_LINE.match(text):
        key = {"publisher": "source", "date": "published"}.get(head[1].lower(), head[1].lower())
        if key == "note" and not fields:  # the article itself begins so
            break
        fields.setdefault(key, head[2].strip())
        text = text[head.end() :]
    fields.pop("note", None)
    reason = "the file's head" if "published" in fields else ""
    yield Raw(name, text.lstrip("\n") if fields else text, published_reason=reason, **fields)


def read_jsonl(raw: bytes, name: str) -> Records:
    """One JSON object a line, its text kept as it is; a broken line does not spoil the others."""
    if utf_16(raw):
        raw = decode_exactly(raw, name).encode()
    yield from jsonl_records(io.BytesIO(raw), name, len(raw) + 1)


def jsonl_records(handle: IO[bytes], name: str, max_bytes: int) -> Records:
    """The same, a line at a time; of a longer line than `max_bytes` nothing is kept."""
    number = 0
    while line := handle.readline(max_bytes + 1):
        too_long = len(line) > max_bytes
        while len(line) > max_bytes and not line.endswith(b"\n"):
            line = handle.readline(max_bytes + 1)
        if too_long:
            number += 1
            label = f"{name} line {number}"
            yield UnreadableArticle(label, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
            continue
        # only \n and \r end a line: str.splitlines would also cut at U+2028 inside a string
        for part in line.removesuffix(b"\n").removesuffix(b"\r").split(b"\r"):
            number += 1
            if part.strip():
                yield from _json_record(part, f"{name} line {number}")


def _json_record(line: bytes, label: str) -> Records:
    try:
        yield _from_mapping(json.loads(decode_exactly(line, label)), label)
    except UnreadableArticle as problem:
        yield problem
    except (ValueError, RecursionError) as problem:
        yield UnreadableArticle(label, f"broken JSON ({str(problem)[:120]})", "correct the line")


def read_parquet(raw: bytes, name: str) -> Records:
    """A table as Parquet, its columns found by their names."""
    yield from parquet_records(io.BytesIO(raw), name, len(raw))


def parquet_records(handle: IO[bytes], name: str, max_bytes: int) -> Records:
    """The same, some rows at a time, only the columns that are wanted."""
    wanted: dict[str, str] = {}

    def choose(there: list[str]) -> list[str]:
        wanted.update({field: column for field in NAMES if (column := find_column(there, field)) is not None})
        if "text" not in wanted:
            fault = f"no column with the text among {', '.join(there)[:200]}"
            raise UnreadableArticle(name, fault, 'name one "text"')
        return list(wanted.values())

    first: bool | None = None
    number = 0
    for rows in parquet_rows(handle, name, choose):
        if number == 0 and "published" in wanted:
            first = month_stands_first([str(row[wanted["published"]] or "") for row in rows])
        for row in rows:
            number += 1
            label = f"{name} row {number}"
            if len(str(row[wanted["text"]] or "")) > max_bytes:
                yield UnreadableArticle(label, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
                continue
            try:
                yield _from_mapping(row, label, month_first=first)
            except UnreadableArticle as problem:
                yield problem


def read_json(raw: bytes, name: str) -> Records:
    """One JSON object, a list of them, or an object that holds such a list."""
    try:
        content = json.loads(decode_exactly(raw, name))
    except (ValueError, RecursionError) as problem:
        raise UnreadableArticle(name, f"broken JSON ({str(problem)[:120]})", "correct the file") from None
    if isinstance(content, dict) and not _pick(content, "text"):
        content = next((v for v in content.values() if isinstance(v, list)), content)
    rows = content if isinstance(content, list) else [content]
    for number, row in enumerate(rows, 1):
        label = f"{name} item {number}" if len(rows) > 1 else name
        try:
            yield _from_mapping(row, label)
        except UnreadableArticle as problem:
            yield problem


def read_table(raw: bytes, name: str) -> Records:
    """CSV, TSV or the first sheet of an .xlsx, with a header; the columns are found by their names."""
    yield from _from_rows(TABLES[PurePosixPath(name).suffix.lower()](raw, name), name)


def read_html(raw: bytes, name: str) -> Records:
    """A page saved from a browser: body text, title, day, publisher, without menus. Its text is trafilatura's."""
    import trafilatura

    markup = decode_exactly(raw, name) if utf_16(raw) else raw  # other encodings are named in the page itself
    page: Any = trafilatura.bare_extraction(markup, with_metadata=True, include_comments=False, include_tables=False)
    # fewer words than a short sentence: what was found is a menu or a button
    if page is None or len((page.text or "").split()) < 6:
        raise UnreadableArticle(name, "no article text was found on the page", "save the text itself as .txt")
    reason = "the page's own date" if page.date else ""
    yield Raw(
        name, clean(page.text), clean(page.title or ""), page.sitename or "", page.url or "", page.date or "", reason
    )


def read_mail(raw: bytes, name: str) -> Records:
    """An .eml: subject, sender, day and the plain (or else HTML) body."""
    message = open_mail(raw, name)
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        raise UnreadableArticle(name, "a mail without a text", "save its text as .txt")
    try:
        text = body.get_content()
    except (LookupError, ValueError) as problem:
        raise UnreadableArticle(name, f"the mail's text cannot be decoded ({problem})", "save it as .txt") from None
    head = {key: str(message.get(key) or "") for key in ("subject", "date", "from")}
    if body.get_content_type() == "text/html":
        text = next(r.text for r in read_html(text.encode(), name) if isinstance(r, Raw))
    reason = "the mail's date" if head["date"] else ""
    yield Raw(name, clean(text), head["subject"], head["from"], "", head["date"], reason)


def read_pdf(raw: bytes, name: str) -> Records:
    """The text layer of a PDF."""
    import pypdf

    operations = drawn = 0

    def count(*_: object) -> None:
        nonlocal operations
        operations += 1
        if operations > MOST_OPERATIONS:
            raise UnreadableArticle(name, "draws far more than a PDF of articles", "save its text as .txt")

    pages: list[str] = []
    try:
        for page in pypdf.PdfReader(io.BytesIO(raw)).pages:
            contents = page.get_contents()
            drawn += len(contents.get_data()) if contents is not None else 0
            if drawn > MOST_DRAWN:
                raise UnreadableArticle(name, "draws far more than a PDF of articles", "save its text as .txt")
            pages.append(page.extract_text(visitor_operand_before=count))
    except UnreadableArticle:
        raise
    except Exception as problem:  # a damaged PDF fails in many ways; all mean the same to the reader
        raise UnreadableArticle(name, f"not a readable PDF ({type(problem).__name__})", "save its text") from None
    text = clean("\n\n".join(pages))
    if not text.strip():
        raise UnreadableArticle(name, "a PDF without a text layer", "run OCR on it, or save its text as .txt")
    yield Raw(name, text)


def read_docx(raw: bytes, name: str) -> Records:
    """The paragraphs of a Word document."""
    import docx

    refuse_bomb(raw, name)
    try:
        paragraphs = [p.text for p in docx.Document(io.BytesIO(raw)).paragraphs]
    except Exception as problem:  # as for PDF
        raise UnreadableArticle(name, f"not a readable .docx ({type(problem).__name__})", "save its text") from None
    yield Raw(name, clean("\n\n".join(p for p in paragraphs if p.strip())))


def _from_rows(rows: list[dict[str, Any]], name: str) -> Records:
    if not rows:
        raise UnreadableArticle(name, "a table without rows", "add a row for each article")
    if find_column(rows[0], "text") is None:
        found = ", ".join(str(k) for k in rows[0] if k)[:200]
        raise UnreadableArticle(name, f"no column with the text among {found}", 'name one "text"')
    day = find_column(rows[0], "published")
    first = month_stands_first([str(row.get(day) or "") for row in rows]) if day else None
    for number, row in enumerate(rows, 2):  # the header is row 1
        try:
            yield _from_mapping(row, f"{name} row {number}", month_first=first)
        except UnreadableArticle as problem:
            yield problem


def _from_mapping(row: object, name: str, *, month_first: bool | None = None) -> Raw:
    if not isinstance(row, dict):
        raise UnreadableArticle(name, "not a JSON object", 'write {"text": …, "published": …}')
    picked: dict[str, Any] = {field: _pick(row, field) for field in NAMES}
    if not picked["text"].strip():
        raise UnreadableArticle(name, "no text", 'fill "text"')
    reason = f'the record\'s "{find_column(row, "published")}"' if picked["published"] else ""
    return Raw(name, published_reason=reason, month_first=month_first, **picked)


def _pick(row: dict[Any, Any], field: str) -> str:
    key = find_column(row, field)
    value = row.get(key) if key is not None else None
    if isinstance(value, dict):
        value = value.get("name")
    return "" if value is None else str(value)


READERS: dict[str, Callable[[bytes, str], Records]] = {
    ".txt": read_text,
    ".md": read_text,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
    ".json": read_json,
    ".csv": read_table,
    ".tsv": read_table,
    ".xlsx": read_table,
    ".html": read_html,
    ".htm": read_html,
    ".eml": read_mail,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
# Forms that are read a record at a time, however large the file: handle, its name, the most bytes of a record
STREAMS: dict[str, Callable[[IO[bytes], str, int], Records]] = {".jsonl": jsonl_records, ".parquet": parquet_records}
