"""The spine: read what is new, and bring the event table up to date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from pipeline import store
from pipeline.account import Change, Edit
from pipeline.articles import DOUBT, article_files, doubt_of_day, read_articles
from pipeline.encodings import clean, plain
from pipeline.errors import UnreadableArticle
from pipeline.models import Article
from pipeline.publish import publish
from pipeline.reading import Progress, read_missing
from pipeline.schema import PUBLISHING, REFRESHING, locked, writing
from pipeline.settings import Settings
from pipeline.store import Head


@dataclass(frozen=True)
class RefreshSummary:
    """What a refresh took in, what it changed, and what it refused."""

    run_id: int
    snapshot_id: str
    articles_new: int
    articles_changed: int
    articles_known: int
    articles_read: int  # by the extractor: new, changed, or of an older version of it
    changes: tuple[Change, ...]
    refused: tuple[UnreadableArticle, ...]
    warnings: tuple[str, ...] = ()  # what was taken in all the same, and what speaks against it

    def events(self, what: str) -> list[str]:
        """The events that are new, changed, merged, split, withdrawn or returned."""
        return sorted({c.event_id for c in self.changes if c.what == what})

    def as_dict(self) -> dict[str, Any]:
        """For machines and for the log of runs."""
        return {
            "run_id": self.run_id, "snapshot_id": self.snapshot_id, "articles_new": self.articles_new,
            "articles_changed": self.articles_changed, "articles_known": self.articles_known,
            "articles_read": self.articles_read,
            **{f"events_{w}": len(self.events(w))
               for w in ("new", "changed", "merged", "split", "withdrawn", "returned")},
            "refused": [{"name": r.name, "problem": r.problem, "remedy": r.remedy} for r in self.refused],
            "warnings": list(self.warnings),
        }  # fmt: skip


def refresh(
    settings: Settings, paths: Iterable[Path] = (), *, now: datetime, progress: Progress | None = None
) -> RefreshSummary:
    """Take in the inbox and `paths`, read what is new, publish. Interrupted, it goes on where it stopped."""
    with writing(settings, REFRESHING) as engine:
        with engine.connect() as connection:
            known = store.known_hashes(connection)
            counting = store.heads(connection)
        first = [] if known else [settings.seeds_dir, settings.sample_dir]
        wanted = [*paths, settings.inbox_dir, *first]
        arrived, refused = _arrivals(wanted, settings, now)
        unseen = {h: a for h, a in arrived.items() if h not in known}
        fresh = _newest(unseen)
        with engine.connect() as connection:
            copies = _copies(connection, fresh, counting)
        fresh = {h: a for h, a in fresh.items() if h not in copies or copies[h]}
        version, articles_read = read_missing(engine, settings, fresh, progress)
        warnings = tuple(
            f"{a.origin}: published {a.published}{DOUBT}{doubt}" for a in fresh.values() if (doubt := doubt_of_day(a))
        )
        counts = {"articles_known": len(arrived) - len(unseen) + len(copies), "articles_read": articles_read}

        def take(connection: Connection, run_id: int) -> Edit:
            heads = store.heads(connection)
            new = sum(1 for a in fresh.values() if a.article_id not in heads)
            for article in unseen.values():  # also the older of two versions, or it would seem new the next time
                store.keep_version(connection, run_id, article)
            for content_hash, article in fresh.items():
                was = heads.get(article.article_id)
                # a withdrawn article stays withdrawn when its publisher changes it
                heads[article.article_id] = Head(
                    article.article_id, content_hash, was.withdrawn if was else False, was.withdrawn_why if was else ""
                )
            store.write_heads(connection, run_id, heads)
            changed = sum(1 for h in fresh if h not in copies) - new
            counts.update(articles_new=new, articles_changed=changed)
            summary = counts | {"refused": [str(r) for r in refused], "warnings": list(warnings)}
            return Edit("", frozenset(a.article_id for a in fresh.values()), version, summary)

        with locked(engine, PUBLISHING):
            done = publish(engine, settings, "refresh", take, now=now)
    return RefreshSummary(
        done.run_id, done.snapshot_id, changes=done.changes, refused=tuple(refused), warnings=warnings, **counts
    )


def _arrivals(
    paths: Iterable[Path], settings: Settings, now: datetime
) -> tuple[dict[str, Article], list[UnreadableArticle]]:
    found: dict[str, Article] = {}
    refused: list[UnreadableArticle] = []
    own = (settings.seeds_dir, settings.sample_dir, settings.inbox_dir)  # may be missing
    for path in article_files(p for p in dict.fromkeys(paths) if p.exists() or p not in own):
        for one in read_articles(path, today=now.date(), max_bytes=settings.max_article_bytes):
            if isinstance(one, UnreadableArticle):
                refused.append(one)
            else:
                article = store.storable(one)
                found.setdefault(store.content_hash(article), article)
    return found, refused


def _newest(fresh: Mapping[str, Article]) -> dict[str, Article]:
    """One version of each article, whatever the order of the files: the latest published, of copies the cleanest."""
    best: dict[str, tuple[str, bool, str]] = {}
    for key, article in fresh.items():
        stamp = (article.published.isoformat() if article.published else "", *_rank(article, key))
        best[article.article_id] = max(best.get(article.article_id, ("", False, "")), stamp)
    return {key: fresh[key] for *_, key in sorted(best.values(), key=lambda stamp: fresh[stamp[-1]].article_id)}


def _copies(connection: Connection, fresh: Mapping[str, Article], counting: Mapping[str, Head]) -> dict[str, bool]:
    """Those that say what the version that counts says, saved otherwise -> whether they are the better copy."""
    heads = {counting[a.article_id].content_hash for a in fresh.values() if a.article_id in counting}
    stored = {article.article_id: (key, article) for key, article in store.read_versions(connection, heads)}
    return {
        key: _rank(article, key) > _rank(stored[article.article_id][1], stored[article.article_id][0])
        for key, article in fresh.items()
        if article.article_id in stored and _reading(article) == _reading(stored[article.article_id][1])
    }


def _rank(article: Article, key: str) -> tuple[bool, str]:
    return article.text == clean(article.text), key


def _reading(article: Article) -> tuple[object, ...]:
    return plain(article.title), plain(article.text), article.source, article.url, article.published
