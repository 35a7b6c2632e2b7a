"""Where work is done: in this process, on processes of this machine, or on the workers of a Dask cluster."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_all_start_methods, get_context
from typing import Any, Protocol

from pipeline.errors import PipelineError
from pipeline.gazetteer import load_gazetteer
from pipeline.settings import Settings

IN_FLIGHT = 4  # pieces of work a worker: the next is there when one is done, and memory stays flat
Wait = Callable[[], Any]  # waits for what a piece of work gives, or raises Broken


class Broken(Exception):
    """A worker died over a piece of work."""


class Engine(Protocol):
    """Where work is done: in this process, in others, on other machines."""

    settings: Settings
    width: int  # how many pieces to keep in flight
    remote: bool  # whether workers may be other machines, which do not see the temporary files of this one
    tries: int  # deaths over one article until it is to blame: the first may have been somebody's kill

    def call(self, function: Callable[..., Any], *arguments: Any) -> Wait:
        """Start a piece of work: a function of a module, it travels."""

    def restart(self) -> None:
        """Make the engine whole again after Broken."""

    def everywhere(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """What it gives on each machine that works."""


def _leave_interrupts() -> None:
    """Ctrl-C goes to all processes of a terminal; the one that waits for the workers ends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class InProcess:
    """No worker: one piece after the other, here."""

    width = tries = 1
    remote = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def call(self, function: Callable[..., Any], *arguments: Any) -> Wait:
        """Works when it is asked for the result."""
        return lambda: function(*arguments)

    def restart(self) -> None:
        """Nothing can break."""

    def everywhere(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """Here."""
        return [function(*arguments)]


class Processes:
    """Worker processes of this machine."""

    tries = 2
    remote = False

    def __init__(self, settings: Settings, workers: int) -> None:
        self.settings, self._workers, self.width = settings, workers, workers * IN_FLIGHT
        load_gazetteer(settings)  # built once, here, before the workers open it
        self._pool = self._make()

    def _make(self) -> ProcessPoolExecutor:
        # not fork: threads of the caller (Streamlit's) would be copied in the middle of what they hold
        context = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")
        if hasattr(context, "set_forkserver_preload"):
            context.set_forkserver_preload(["pipeline.batches"])  # imported once, not by each worker
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_leave_interrupts)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Wait:
        """A process pool ends with the first worker that dies: whoever waits is told Broken."""
        try:
            future: Future[Any] = self._pool.submit(function, *arguments)
        except BrokenProcessPool as fault:
            raise Broken from fault

        def wait() -> Any:
            try:
                return future.result()
            except BrokenProcessPool as fault:
                raise Broken from fault

        return wait

    def restart(self) -> None:
        """New processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._make()

    def everywhere(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """All are on this machine, but no memory is theirs."""
        return [self.call(function, *arguments)()]

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
        self.settings, self.remote = settings, bool(scheduler)
        load_gazetteer(settings)
        self._died = distributed.KilledWorker
        self._cluster = None if scheduler else _local_cluster(workers)
        try:
            self._client = distributed.Client(scheduler or self._cluster, timeout=20, set_as_default=False)
        except OSError as fault:
            raise PipelineError(f"--scheduler {scheduler}: nobody answers there; start `dask scheduler`") from fault
        try:
            self._client.submit(_know_us, pure=False).result()
        except (RuntimeError, ImportError) as fault:
            self.close()
            raise PipelineError(
                f"--scheduler {scheduler}: scheduler and workers do not know the project; start them with the same "
                "environment and PYTHONPATH set to the project's folder"
            ) from fault
        self.width = max(1, len(self._client.scheduler_info(n_workers=-1)["workers"])) * IN_FLIGHT

    def call(self, function: Callable[..., Any], *arguments: Any) -> Wait:
        """KilledWorker comes when several workers have died over the piece."""
        future = self._client.submit(function, *arguments, pure=False)

        def wait() -> Any:
            try:
                return future.result()
            except self._died as fault:
                raise Broken from fault

        return wait

    def restart(self) -> None:
        """The scheduler has seen to it."""

    def everywhere(self, function: Callable[..., Any], *arguments: Any) -> list[Any]:
        """On every worker that is there now."""
        return list(self._client.run(function, *arguments).values())

    def close(self) -> None:
        """Leave the cluster as it was; end it if it was ours."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _know_us() -> bool:
    """Sent to a cluster to see whether it can load what it will be sent."""
    return True


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
