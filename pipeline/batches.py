"""Many articles on any engine, a batch at a time: same answers, same order; a dead worker costs at most one article."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any

from pipeline.engines import Broken, Engine, Wait
from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.extract import extract
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.models import Article, Extraction
from pipeline.settings import Settings

# Large enough that sending costs little beside reading (some 3 to 7 ms an article), small enough to share out evenly
BATCH = 32
Work = Callable[[Article, Extraction], Any]  # what is kept of an extraction; a function of a module, it travels
Answer = Any  # what Work gave, or the UnreadableArticle
Read = Callable[[Sequence[Article], Settings, Work], list[Answer]]  # the answers of a batch


@cache
def _gazetteer(settings: Settings) -> Gazetteer:
    """Once a process."""
    return load_gazetteer(settings)


def read_batch(batch: Sequence[Article], settings: Settings, work: Work) -> list[Answer]:
    """The answers of a batch, in its order. An article that the reader fails on is named; the others go on."""
    answers: list[Answer] = []
    for article in batch:
        try:
            answers.append(work(article, extract(article, _gazetteer(settings))))
        except PipelineError:
            raise
        except Exception as fault:  # a fault of the program must not cost the other articles
            answers.append(UnreadableArticle(article.article_id, f"the reader fails on it ({fault!r})", "report it"))
    return answers


def read_all(
    articles: Iterable[Article], engine: Engine, work: Work, read: Read = read_batch
) -> Iterator[Answer]:  # fmt: skip
    """One answer an article, in the order of the articles; an article that kills its worker is named and left out."""
    waiting: deque[tuple[Sequence[Article], Wait]] = deque()
    source = iter(articles)
    while batch := tuple(islice(source, BATCH)):
        waiting.append((batch, _start(batch, engine, work, read)))
        if len(waiting) >= engine.width:
            yield from _first(waiting, engine, work, read)
    while waiting:
        yield from _first(waiting, engine, work, read)


def _start(batch: Sequence[Article], engine: Engine, work: Work, read: Read) -> Wait:
    try:
        return engine.call(read, batch, engine.settings, work)
    except Broken as fault:
        found = fault  # it broke over an earlier batch, whose turn comes first

        def wait() -> list[Answer]:
            raise found

        return wait


def _first(
    waiting: deque[tuple[Sequence[Article], Wait]], engine: Engine, work: Work, read: Read
) -> Iterator[Answer]:  # fmt: skip
    batch, wait = waiting[0]
    try:
        answers = wait()
    except Broken:  # nobody knows over which batch: each is tried by itself
        engine.restart()
        batches = [b for b, _ in waiting]
        waiting.clear()
        for one in batches:
            yield from _alone(one, engine, work, read)
        return
    waiting.popleft()
    yield from answers


def _alone(batch: Sequence[Article], engine: Engine, work: Work, read: Read) -> Iterator[Answer]:
    for _ in range(engine.tries if len(batch) == 1 else 1):
        try:
            answers = engine.call(read, batch, engine.settings, work)()
        except Broken:
            engine.restart()
        else:
            yield from answers
            return
    if len(batch) == 1:
        yield UnreadableArticle(batch[0].article_id, "its reader died over it twice", "look at its text; send it alone")
    else:
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            yield from _alone(half, engine, work, read)
