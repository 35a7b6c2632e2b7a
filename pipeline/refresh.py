"""The spine: read what is new, and bring the event table up to date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from pipeline import store
from pipeline.account import Change, Edit
from pipeline.arrivals import Stamp, find_copies, lay_down
from pipeline.errors import UnreadableArticle
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
    settings: Settings, paths: Iterable[Path] = (), *, now: datetime, progress: Progress | None = None,
    workers: int = 0,
) -> RefreshSummary:  # fmt: skip
    """Take in the inbox and `paths`, read what is new, publish. Interrupted, it goes on where it stopped.

    `workers`: processes that read; 0: one a core where there is much to read.
    """
    with writing(settings, REFRESHING) as engine:
        with engine.connect() as connection:
            first = [] if store.has_articles(connection) else [settings.seeds_dir, settings.sample_dir]

        @contextmanager
        def publishing() -> Iterator[Connection]:
            with locked(engine, PUBLISHING), engine.begin() as connection:
                yield connection

        def kept(article_ids: Collection[str]) -> dict[str, bool]:
            with engine.connect() as connection:
                return store.kept_versions(connection, article_ids)

        met = lay_down([*paths, settings.inbox_dir, *first], settings, now.date(), kept, publishing)
        fresh = met.newest()
        with engine.connect() as connection:
            copies = find_copies(connection, fresh, store.heads(connection, [s.article_id for s in fresh.values()]))
        fresh = {h: a for h, a in fresh.items() if h not in copies or copies[h]}
        read = read_missing(engine, settings, fresh, progress, workers=workers)
        fresh = {h: a for h, a in fresh.items() if h not in read.failed}
        taken = met.unseen.keys() - read.failed.keys()
        refused = (*met.refused, *read.failed.values())
        warnings = tuple(_warnings(fresh.values()))
        counts = {"articles_known": len(met.known) + len(copies), "articles_read": read.articles}

        def take(connection: Connection, run_id: int) -> Edit:
            before = store.heads(connection, [a.article_id for a in fresh.values()])
            heads = dict(before)
            new = sum(1 for a in fresh.values() if a.article_id not in heads)
            # also the older of two versions, or it would seem new the next time
            store.count_versions(connection, run_id, taken)
            for content_hash, article in fresh.items():
                was = heads.get(article.article_id)
                # a withdrawn article stays withdrawn when its publisher changes it
                heads[article.article_id] = Head(
                    article.article_id, content_hash, was.withdrawn if was else False, was.withdrawn_why if was else ""
                )
            store.write_heads(connection, run_id, before, heads)
            changed = sum(1 for h in fresh if h not in copies) - new
            counts.update(articles_new=new, articles_changed=changed)
            summary = counts | {"refused": [str(r) for r in refused], "warnings": list(warnings)}
            return Edit("", frozenset(a.article_id for a in fresh.values()), read.version, summary, idle=not taken)

        with locked(engine, PUBLISHING):
            done = publish(engine, settings, "refresh", take, now=now)
    return RefreshSummary(
        done.run_id, done.snapshot_id, changes=done.changes, refused=refused, warnings=warnings, **counts
    )


def _warnings(fresh: Iterable[Stamp]) -> Iterator[str]:
    """What speaks against the days of articles that are taken in all the same; one line for all without a day."""
    undated = 0
    for stamp in fresh:
        undated += not stamp.dated
        if stamp.doubt:
            yield stamp.doubt
    if undated:
        yield (
            f"{undated:,} {'article has' if undated == 1 else 'articles have'} no day of publication, so “on Friday” "
            "in them gives none; name it in a column “published” or a line “Date: YYYY-MM-DD”"
        )
