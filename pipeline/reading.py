"""Articles -> reports kept in the store, a batch at a time, so that an interrupted refresh goes on where it stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from sqlalchemy import Engine as Database

from pipeline import store
from pipeline.batches import read_all
from pipeline.engines import open_engine
from pipeline.errors import UnreadableArticle
from pipeline.fingerprint import extractor_version
from pipeline.models import Article, Extraction
from pipeline.publish import last_run
from pipeline.records_json import reports_to_json
from pipeline.schema import PUBLISHING, locked
from pipeline.settings import Settings

# What a kill or Ctrl-C loses at most; one commit costs about 10 ms, reading an article 3 to 50 ms
BATCH = 50
# From here on it pays to start a process a core: they are ready after some two seconds
WORTH_WORKERS = 400
Progress = Callable[[int, int], None]


class Read(NamedTuple):
    """What came of reading: the extractor's version, how many articles, and those it failed on, by content hash."""

    version: str
    articles: int
    failed: dict[str, UnreadableArticle]


def read_missing(
    database: Database, settings: Settings, fresh: Collection[str], progress: Progress | None = None,
    *, every: bool = False, workers: int = 0,
) -> Read:  # fmt: skip
    """Read each article that counts, or is to count (`fresh`), and that this version of the extractor has not read.

    `every` trusts no earlier run to have read its articles. `workers` 0: one a core where there is much to read.
    """
    version = extractor_version(settings)
    with database.connect() as connection:
        last = last_run(connection)
        if not every and last is not None and last.extractor_version == version:
            counting: set[str] = set()  # the last publication had them all
        else:
            counting = {h.content_hash for h in store.heads(connection).values()}
        missing = sorted({*fresh, *counting} - store.read_already(connection, {*fresh, *counting}, version))
    if not missing:
        return Read(version, 0, {})
    failed: dict[str, UnreadableArticle] = {}
    batch: dict[str, str] = {}

    def keep() -> None:
        with locked(database, PUBLISHING), database.begin() as connection:
            store.keep_extractions(connection, version, batch)
        batch.clear()

    sent: deque[str] = deque()
    workers = workers or (0 if len(missing) >= WORTH_WORKERS else 1)
    try:
        with open_engine(settings, workers=workers) as engine:
            answers = read_all(_stored(database, missing, sent), engine, write_reports)
            for done, answer in enumerate(answers, 1):
                content_hash = sent.popleft()
                if isinstance(answer, UnreadableArticle):
                    failed[content_hash] = answer
                    if content_hash in counting:  # it was read by an older version; now nothing is read in it
                        batch[content_hash] = reports_to_json(())
                else:
                    batch[content_hash] = answer
                if len(batch) >= BATCH:
                    keep()
                if progress:
                    progress(done, len(missing))
    finally:
        if batch:  # also on Ctrl-C: what was read need not be read again
            keep()
    return Read(version, len(missing), failed)


def write_reports(_: Article, extraction: Extraction) -> str:
    """What is kept of an extraction, as it is stored."""
    return reports_to_json(extraction.reports)


def _stored(database: Database, hashes: list[str], sent: deque[str]) -> Iterator[Article]:
    """The articles as they are wanted; no connection is held meanwhile, which would keep writers waiting."""
    for some in store.chunks(hashes):
        with database.connect() as connection:
            found = list(store.read_versions(connection, some))
        for content_hash, article in found:
            sent.append(content_hash)
            yield article
