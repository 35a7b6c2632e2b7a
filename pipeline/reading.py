"""Articles -> reports kept in the store, a batch at a time, so that an interrupted refresh goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Engine

from pipeline import store
from pipeline.extract import extract
from pipeline.fingerprint import extractor_version
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article, Report
from pipeline.publish import last_run
from pipeline.schema import PUBLISHING, locked
from pipeline.settings import Settings

# What a kill or Ctrl-C loses at most; one commit costs about 10 ms, reading an article 5 to 50 ms
BATCH = 50
Progress = Callable[[int, int], None]


def read_missing(
    engine: Engine, settings: Settings, fresh: Mapping[str, Article], progress: Progress | None = None,
    *, every: bool = False,
) -> tuple[str, int]:  # fmt: skip
    """Read each article that counts and that this version of the extractor has not read.

    What comes back is the version and how many there were. `every` trusts no earlier run to have read its articles.
    """
    version = extractor_version(settings)
    with engine.connect() as connection:
        last = last_run(connection)
        if not every and last is not None and last.extractor_version == version:
            old: set[str] = set()  # the last publication had them all
        else:
            old = {h.content_hash for h in store.heads(connection).values()}
        missing = ({*fresh} | old) - set(store.cached(connection, {*fresh} | old, version))
        stored = dict(store.read_versions(connection, missing - {*fresh}))
    waiting = sorted((stored | {k: a for k, a in fresh.items() if k in missing}).items(), key=lambda p: p[1].article_id)
    if not waiting:
        return version, 0
    gazetteer = load_gazetteer(settings)
    batch: dict[str, list[Report]] = {}

    def keep() -> None:
        with locked(engine, PUBLISHING), engine.begin() as connection:
            store.keep_extractions(connection, version, batch)
        batch.clear()

    try:
        for done, (content_hash, article) in enumerate(waiting, 1):
            batch[content_hash] = list(extract(article, gazetteer).reports)
            if len(batch) >= BATCH:
                keep()
            if progress:
                progress(done, len(waiting))
    finally:
        if batch:  # also on Ctrl-C: what was read need not be read again
            keep()
    return version, len(waiting)
