"""Files -> Articles. Each reader yields articles, or UnreadableArticle naming file, fault and remedy."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipeline.errors import UnreadableArticle
from pipeline.models import Article

# The form of the seeds: " date 2018-09-12 TITLE-AND-TEXT…" on the first line
SEED_HEAD = re.compile(r"\A\s*date\s+(\d{4}-\d{2}-\d{2})\s+", re.IGNORECASE)


def article_key(url: str, text: str) -> str:
    """A stable id: from the url or, lacking one, from the raw text."""
    return hashlib.sha256((url or text).encode()).hexdigest()[:16]


def read_articles(path: Path, *, today: date, max_bytes: int) -> Iterator[Article | UnreadableArticle]:
    """The articles of one file, in order; a bad one comes as the UnreadableArticle that says why."""
    try:
        if path.stat().st_size > max_bytes:
            raise UnreadableArticle(path.name, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as problem:
        yield UnreadableArticle(path.name, f"cannot be read ({problem.strerror})", "check the file")
        return
    except UnicodeDecodeError as problem:
        yield UnreadableArticle(path.name, f"not UTF-8 (byte {problem.start})", "save it as UTF-8")
        return
    except UnreadableArticle as problem:
        yield problem
        return
    if not text.strip():
        yield UnreadableArticle(path.name, "empty", "put the article's text into it")
    elif path.suffix == ".jsonl":
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield _from_json(line, f"{path.name} line {number}", today)
    else:
        yield _from_text(text, path.name, today)


def _from_text(text: str, name: str, today: date) -> Article | UnreadableArticle:
    head = SEED_HEAD.match(text)
    body = text[head.end() :] if head else text
    try:
        published = _checked_day(head[1], today) if head else None
    except ValueError as problem:
        return UnreadableArticle(name, str(problem), 'correct the day in its first line, "date YYYY-MM-DD …"')
    if not body.strip():
        return UnreadableArticle(name, "no text after the day", "put the article's text into it")
    reason = "the file's first line" if head else ""
    return Article(article_key("", text), "", body, "", "", published, reason, name)


def _from_json(line: str, name: str, today: date) -> Article | UnreadableArticle:
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("not a JSON object")
    except ValueError as problem:
        return UnreadableArticle(name, f"broken JSON ({problem})", "correct the line")
    text, url = str(row.get("text") or ""), str(row.get("url") or "")
    if not text.strip():
        return UnreadableArticle(name, "no text", 'fill "text"')
    try:
        published = _checked_day(str(row["published"])[:10], today) if row.get("published") else None
    except ValueError as problem:
        return UnreadableArticle(name, str(problem), 'write "published" as YYYY-MM-DD')
    article_id = str(row.get("id") or article_key(url, text))
    reason = 'the record\'s "published"' if published else ""
    return Article(
        article_id, str(row.get("title") or ""), text, str(row.get("source") or ""), url, published, reason, name
    )


def _checked_day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is not a day') from None
    if day > today + timedelta(days=1):  # a day ahead: publishers east of us
        raise ValueError(f"published {day}, which is in the future")
    return day
