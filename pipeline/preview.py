"""What would come of files, before any of it is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.articles import doubt_of_day, make_article, read_bytes
from pipeline.errors import UnreadableArticle
from pipeline.formats import Raw
from pipeline.models import Article
from pipeline.settings import Settings


@dataclass(frozen=True)
class Preview:
    """The articles in some files, what speaks against their days, and what cannot be read."""

    articles: tuple[Article, ...]
    doubts: tuple[str, ...]  # beside each article, "" for none
    refused: tuple[UnreadableArticle, ...]


def preview_files(settings: Settings, files: Sequence[tuple[str, bytes]], *, today: date) -> Preview:
    """Read (name, content) of each file as a refresh would; nothing is stored."""
    articles: dict[str, Article] = {}
    refused: list[UnreadableArticle] = []
    for name, content in files:
        for found in read_bytes(name, content, today=today, max_bytes=settings.max_article_bytes):
            if isinstance(found, UnreadableArticle):
                refused.append(found)
            else:
                articles.setdefault(found.article_id, found)
    kept = tuple(articles.values())
    return Preview(kept, tuple(doubt_of_day(a) for a in kept), tuple(refused))


def preview_text(text: str, *, published: date | None, source: str, title: str, url: str, today: date) -> Preview:
    """The same for one text that a person pasted."""
    day = published.isoformat() if published else ""
    found = make_article(Raw("pasted text", text, title, source, url, day, "given when it was pasted"), today)
    if isinstance(found, UnreadableArticle):
        return Preview((), (), (found,))
    return Preview((found,), (doubt_of_day(found),), ())
