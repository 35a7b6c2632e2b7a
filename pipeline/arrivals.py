"""What arrived in files, laid into the database as it is met: no more than a few articles are in memory at a time.

An article that was never taken in is kept as a version that does not count yet. The refresh makes it count; until then,
and where the refresh is killed, it is as if it had not been seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from pipeline import store
from pipeline.articles import DOUBT, article_files, doubt_of_day, read_articles
from pipeline.datelines import find_dct
from pipeline.encodings import clean, plain
from pipeline.errors import UnreadableArticle
from pipeline.models import Article
from pipeline.settings import Settings
from pipeline.store import Head

AT_ONCE = 200  # articles laid down in one commit: it costs some 10 ms


@dataclass(frozen=True, slots=True)
class Stamp:
    """What decides between two versions of one article: the later published, of copies the cleaner."""

    article_id: str
    published: str
    clean: bool
    content_hash: str
    doubt: str = ""  # what speaks against its day
    dated: bool = True  # False: nothing in or about it says from which day "yesterday" counts

    @property
    def order(self) -> tuple[str, bool, str]:
        """The greatest counts, whatever the order of the files."""
        return self.published, self.clean, self.content_hash


@dataclass
class Arrivals:
    """What a refresh met, by content hash."""

    known: set[str] = field(default_factory=set)
    unseen: dict[str, Stamp] = field(default_factory=dict)
    refused: list[UnreadableArticle] = field(default_factory=list)

    def newest(self) -> dict[str, Stamp]:
        """One version of each article."""
        best: dict[str, Stamp] = {}
        for stamp in self.unseen.values():
            if stamp.article_id not in best or stamp.order > best[stamp.article_id].order:
                best[stamp.article_id] = stamp
        return {stamp.content_hash: stamp for _, stamp in sorted(best.items())}


def lay_down(
    paths: Iterable[Path], settings: Settings, today: date, kept: Callable[[Collection[str]], Mapping[str, bool]],
    writing: Callable[[], AbstractContextManager[Connection]],
) -> Arrivals:  # fmt: skip
    """Look at every file. `kept`: what of some articles is in the database, and whether it was taken in before."""
    met = Arrivals()
    articles = _articles(paths, settings, today, met.refused)
    while some := [*islice(articles, AT_ONCE)]:
        there = kept({article.article_id for article in some})
        new: dict[str, Article] = {}
        for article in some:
            content_hash = store.content_hash(article)
            if there.get(content_hash):
                met.known.add(content_hash)
            elif content_hash not in met.unseen:
                met.unseen[content_hash] = _stamp(article, content_hash)
                if content_hash not in there:
                    new[content_hash] = article
        if new:
            with writing() as connection:
                store.keep_versions(connection, new.values())
    return met


def _articles(
    paths: Iterable[Path], settings: Settings, today: date, refused: list[UnreadableArticle]
) -> Iterator[Article]:
    own = (settings.seeds_dir, settings.sample_dir, settings.inbox_dir)  # may be missing
    for path in article_files(p for p in dict.fromkeys(paths) if p.exists() or p not in own):
        for one in read_articles(path, today=today, max_bytes=settings.max_article_bytes):
            if isinstance(one, UnreadableArticle):
                refused.append(one)
            else:
                yield store.storable(one)


def _stamp(article: Article, content_hash: str) -> Stamp:
    doubt = doubt_of_day(article)
    return Stamp(
        article.article_id, article.published.isoformat() if article.published else "",
        article.text == clean(article.text), content_hash,
        f"{article.origin}: published {article.published}{DOUBT}{doubt}" if doubt else "",
        find_dct(article)[0] is not None,
    )  # fmt: skip


def find_copies(
    connection: Connection, fresh: Mapping[str, Stamp], heads: Mapping[str, Head]
) -> dict[str, bool]:  # fmt: skip
    """Those that say what the version that counts says, saved otherwise -> whether they are the better copy."""
    met = {stamp.article_id: key for key, stamp in fresh.items() if stamp.article_id in heads}
    found: dict[str, bool] = {}
    for some in store.chunks(sorted(met)):
        pairs = {heads[article_id].content_hash: met[article_id] for article_id in some}
        articles = dict(store.read_versions(connection, {*pairs, *pairs.values()}))
        for old, new in pairs.items():
            if _reading(articles[old]) == _reading(articles[new]):
                found[new] = _stamp(articles[new], new).order[1:] > _stamp(articles[old], old).order[1:]
    return found


def _reading(article: Article) -> tuple[object, ...]:
    return plain(article.title), plain(article.text), article.source, article.url, article.published
