"""Many articles at once, on processes of this machine or the workers of a Dask cluster: same answers, same order."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from itertools import islice
from multiprocessing import get_all_start_methods, get_context
from typing import Any, Protocol

from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.extract import extract
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.models import Article, Extraction
from pipeline.settings import Settings

# Large enough that sending costs little beside reading (some 10 ms an article), small enough to share out evenly
BATCH = 32
IN_FLIGHT = 4  # batches a worker: the next is there when one is done, and memory stays flat
Work = Callable[[Article, Extraction], Any]  # what is kept of an extraction; a function of a module, it travels
Answer = Any  # what Work gave, or the UnreadableArticle


class Broken(Exception):
    """A worker died over a batch."""


class Engine(Protocol):
    """Where batches are read."""

    width: int  # how many batches to keep in flight
    tries: int  # deaths over one article until it is to blame: the first may have been somebody's kill

    def submit(self, batch: Sequence[Article], work: Work) -> Callable[[], list[Answer]]:
        """Start reading; what comes back waits for the answers, or raises Broken."""

    def restart(self) -> None:
        """Make the engine whole again after Broken."""


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


def _leave_interrupts() -> None:
    """Ctrl-C goes to all processes of a terminal; the one that waits for the workers ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class InProcess:
    """No worker: one batch after the other, here."""

    width = tries = 1

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def submit(self, batch: Sequence[Article], work: Work) -> Callable[[], list[Answer]]:
        """Reads when it is asked for the answers."""
        return lambda: read_batch(batch, self._settings, work)

    def restart(self) -> None:
        """Nothing can break."""


class Processes:
    """Worker processes of this machine."""

    tries = 2

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings, self._workers, self.width = settings, workers, workers * IN_FLIGHT
        load_gazetteer(settings)  # built once, here, before the workers open it
        self._pool = self._make()

    def _make(self) -> ProcessPoolExecutor:
        # not fork: threads of the caller (Streamlit's) would be copied in the middle of what they hold
        context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
        if hasattr(context, "set_forkserver_preload"):
            context.set_forkserver_preload(["pipeline.engines"])  # imported once, not by each worker
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_leave_interrupts)

    def submit(self, batch: Sequence[Article], work: Work) -> Callable[[], list[Answer]]:
        """A process pool ends with the first worker that dies: whoever waits is told Broken."""
        try:
            future: Future[list[Answer]] = self._pool.submit(read_batch, batch, self._settings, work)
        except BrokenProcessPool as fault:
            raise Broken from fault

        def wait() -> list[Answer]:
            try:
                return future.result()
            except BrokenProcessPool as fault:
                raise Broken from fault

        return wait

    def restart(self) -> None:
        """New processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._make()

    def close(self) -> None:
        """End the processes; what has not begun is left."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Dask:
    """Workers of a Dask cluster; its scheduler gives the batch of a dead worker to another by itself."""

    tries = 1  # it has tried several workers before it says so

    def __init__(self, settings: Settings, workers: int, scheduler: str) -> None:
        try:
            import distributed
        except ImportError as fault:
            raise PipelineError("--engine dask: Dask is not installed; pip install 'dask[distributed]'") from fault
        self._settings = settings
        load_gazetteer(settings)
        self._died = distributed.KilledWorker
        self._cluster = None if scheduler else _local_cluster(workers)
        try:
            self._client = distributed.Client(scheduler or self._cluster, timeout=20, set_as_default=False)
        except OSError as fault:
            raise PipelineError(f"--scheduler {scheduler}: nobody answers there; start `dask scheduler`") from fault
        self.width = max(1, len(self._client.scheduler_info(n_workers=-1)["workers"])) * IN_FLIGHT

    def submit(self, batch: Sequence[Article], work: Work) -> Callable[[], list[Answer]]:
        """KilledWorker comes when several workers have died over the batch."""
        future = self._client.submit(read_batch, batch, self._settings, work, pure=False)

        def wait() -> list[Answer]:
            try:
                return future.result()
            except self._died as fault:
                raise Broken from fault

        return wait

    def restart(self) -> None:
        """The scheduler has seen to it."""

    def close(self) -> None:
        """Leave the cluster as it was; end it if it was ours."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _local_cluster(workers: int) -> Any:
    import dask
    import distributed

    with dask.config.set({"distributed.scheduler.allowed-failures": 1}):
        return distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )


@contextmanager
def _closing(engine: Processes | Dask) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _plain(engine: Engine) -> Iterator[Engine]:
    yield engine


def open_engine(
    settings: Settings, name: str = "local", workers: int = 1, scheduler: str = ""
) -> AbstractContextManager[Engine]:
    """The engine of that name: "local" (in this process for one worker) or "dask"; workers 0: one a core."""
    workers = workers or os.cpu_count() or 1
    if name == "dask":
        return _closing(Dask(settings, workers, scheduler))
    if scheduler:
        raise PipelineError("--scheduler goes with --engine dask")
    return _closing(Processes(settings, workers)) if workers > 1 else _plain(InProcess(settings))


def read_all(articles: Iterable[Article], engine: Engine, work: Work) -> Iterator[Answer]:
    """One answer an article, in the order of the articles; an article that kills its worker is named and left out."""
    waiting: deque[tuple[Sequence[Article], Callable[[], list[Answer]]]] = deque()
    source = iter(articles)
    while batch := tuple(islice(source, BATCH)):
        waiting.append((batch, _start(batch, engine, work)))
        if len(waiting) >= engine.width:
            yield from _first(waiting, engine, work)
    while waiting:
        yield from _first(waiting, engine, work)


def _start(batch: Sequence[Article], engine: Engine, work: Work) -> Callable[[], list[Answer]]:
    try:
        return engine.submit(batch, work)
    except Broken as fault:
        found = fault  # it broke over an earlier batch, whose turn comes first

        def wait() -> list[Answer]:
            raise found

        return wait


def _first(
    waiting: deque[tuple[Sequence[Article], Callable[[], list[Answer]]]], engine: Engine, work: Work
) -> Iterator[Answer]:
    batch, wait = waiting[0]
    try:
        answers = wait()
    except Broken:  # nobody knows over which batch: each is tried by itself
        engine.restart()
        batches = [b for b, _ in waiting]
        waiting.clear()
        for one in batches:
            yield from _alone(one, engine, work)
        return
    waiting.popleft()
    yield from answers


def _alone(batch: Sequence[Article], engine: Engine, work: Work) -> Iterator[Answer]:
    for _ in range(engine.tries if len(batch) == 1 else 1):
        try:
            answers = engine.submit(batch, work)()
        except Broken:
            engine.restart()
        else:
            yield from answers
            return
    if len(batch) == 1:
        yield UnreadableArticle(batch[0].article_id, "its reader died over it twice", "look at its text; send it alone")
    else:
        for half in (batch[: len(batch) // 2], batch[len(batch) // 2 :]):
            yield from _alone(half, engine, work)
