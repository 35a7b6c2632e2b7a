"""Files -> Articles. A bad file or row comes as the UnreadableArticle that names it, the fault and the remedy."""

from __future__ import annotations

import contextlib
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path, PurePosixPath
from typing import IO

from pipeline.archives import content_of, is_link, members_of, open_zip
from pipeline.datelines import find_dct, printed_day
from pipeline.encodings import plain
from pipeline.errors import UnreadableArticle
from pipeline.formats import READERS, STREAMS, Raw, Records
from pipeline.models import Article
from pipeline.published import read_day

READABLE = (*READERS, ".zip")
DAY_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
DOUBT = "; but "  # in published_reason, before what speaks against the day

Found = Article | UnreadableArticle


def article_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that the paths name: a file itself; a folder's in order of name, without links and hidden files.

    What has no readable form is among them: whoever put it there is told.
    """
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and not p.is_symlink()
                and not p.name.startswith(".") and p.name.lower() != "readme.md"
            )  # fmt: skip
        else:
            yield path


def read_articles(path: Path, *, today: date, max_bytes: int) -> Iterator[Found]:
    """The articles of one file, in order. `today` bounds the publication day, `max_bytes` the size of a file.

    Of forms that hold an archive, a record a line, the size of a record is bounded, not that of the file.
    """
    try:
        size = path.stat().st_size
        if size > max_bytes and (stream := STREAMS.get(path.suffix.lower())):
            with path.open("rb") as handle:
                yield from checked_articles(stream(handle, path.name, max_bytes), today)
            return
        if path.suffix.lower() == ".zip":
            with path.open("rb") as handle:
                yield from _read_zip(path.name, handle, size, today=today, max_bytes=max_bytes)
            return
        if size > max_bytes:
            yield UnreadableArticle(path.name, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
            return
        raw = path.read_bytes()
    except OSError as problem:
        yield UnreadableArticle(path.name, f"cannot be read ({problem.strerror})", "check the file")
        return
    yield from read_bytes(path.name, raw, today=today, max_bytes=max_bytes)


def checked_articles(records: Records, today: date) -> Iterator[Found]:
    """The records as articles, until the file itself turns out to be unreadable."""
    try:
        for found in records:
            yield found if isinstance(found, UnreadableArticle) else make_article(found, today)
    except UnreadableArticle as problem:
        yield problem


def read_bytes(name: str, raw: bytes, *, today: date, max_bytes: int) -> Iterator[Found]:
    """The articles in the bytes of a file of that name."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".zip":
        yield from _read_zip(name, io.BytesIO(raw), len(raw), today=today, max_bytes=max_bytes)
        return
    if suffix not in READERS:
        known = ", ".join(READABLE)
        yield UnreadableArticle(name, f'the form "{suffix or name}" is not known', f"use one of {known}")
        return
    if len(raw) > max_bytes:
        yield UnreadableArticle(name, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
        return
    if not raw.strip():
        yield UnreadableArticle(name, "empty", "put the article's text into it")
        return
    yield from checked_articles(READERS[suffix](raw, name), today)


def make_article(raw: Raw, today: date) -> Found:
    """A record as the reader found it -> an article with a stable id and a checked publication day."""
    if not raw.text.strip():
        return UnreadableArticle(raw.name, "no text", "put the article's text into it")
    key = raw.article_id or article_key(raw.url, raw.text, raw.title)
    article = Article(key, raw.title, raw.text, raw.source, raw.url, None, "", raw.name)
    if not raw.published:
        return _dated_elsewhere(article, today)
    try:
        published = read_day(raw.published, today, month_first=raw.month_first)
    except ValueError as problem:
        return UnreadableArticle(raw.name, str(problem), "correct it, as YYYY-MM-DD")
    return _weigh_day(replace(article, published=published, published_reason=raw.published_reason), today)


def _dated_elsewhere(article: Article, today: date) -> Found:
    """The publication day that the article prints outright, else that of the file's name, else none."""
    printed = printed_day(article)
    if printed and printed[0] <= today:
        return replace(article, published=printed[0], published_reason=printed[1])
    if named := DAY_IN_NAME.search(PurePosixPath(article.origin).name):
        with contextlib.suppress(ValueError):  # digits that are no day: the name says nothing
            return replace(article, published=read_day("-".join(named.groups()), today),
                           published_reason="the file's name")  # fmt: skip
    day, reason = find_dct(article)
    if day and day > today:
        return UnreadableArticle(article.origin, f"{day} lies in the future ({reason})", "give its day as YYYY-MM-DD")
    return article


def _weigh_day(article: Article, today: date) -> Article:
    """The record's day stands, unless the article prints a later one: nobody publishes before the day they print.

    One day of difference is time zones. Checked on a corpus with true days: of 120 printed days none was later by more.
    """
    printed, was = printed_day(article), article.published
    if was is None or printed is None or abs(printed[0] - was) <= timedelta(days=1) or printed[0] > today:
        return article
    day, where = printed
    if day > was:
        reason = f"{where}{DOUBT}{article.published_reason or 'the record'} says {was}, which is earlier"
        return replace(article, published=day, published_reason=reason)
    return replace(article, published_reason=f"{article.published_reason}{DOUBT}the {where} is {day}")


def doubt_of_day(article: Article) -> str:
    """What speaks against the article's publication day, "" for nothing."""
    return article.published_reason.partition(DOUBT)[2]


def article_key(url: str, text: str, title: str = "") -> str:
    """A stable id: from the url or, lacking one, from title and text without regard to how a copy was saved."""
    key = url or plain(text)
    if not url and not key.startswith(plain(title)):  # a page saved with its headline is the text with its title
        key = plain(title + "\n" + text)
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read_zip(name: str, handle: IO[bytes], size: int, *, today: date, max_bytes: int) -> Iterator[Found]:
    """The articles of the files in a zip, one at a time; nothing is unpacked to disk, so no member's path can climb."""
    try:
        archive = open_zip(handle, name)
        members = members_of(archive, name, size, max_bytes)
    except UnreadableArticle as problem:
        yield problem
        return
    for member in sorted(members, key=lambda m: m.filename):
        label = f"{name}/{PurePosixPath(member.filename).name}"
        if member.filename.lower().endswith(".zip"):
            yield UnreadableArticle(label, "a zip inside a zip", "unpack the inner one")
        elif is_link(member):
            yield UnreadableArticle(label, "a link, not a file", "pack the file itself")
        elif member.file_size > max_bytes:
            yield UnreadableArticle(label, f"larger than {max_bytes // 1_000_000} MB", "split it into articles")
        else:
            try:
                content = content_of(archive, member, label)
            except UnreadableArticle as problem:
                yield problem
                continue
            yield from read_bytes(label, content, today=today, max_bytes=max_bytes)
