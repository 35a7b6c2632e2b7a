"""Pieces of work on an engine, a few in flight: results in order; what a dead worker held is begun again."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pipeline.engines import Broken, Engine, Wait
from pipeline.errors import PipelineError

DEATHS = 5  # over one piece, of whatever worker: then it is the piece
Step = tuple[Callable[..., Any], tuple[Any, ...]]  # a function of a module, it travels; done twice it does the same


def run_steps(engine: Engine, steps: Iterable[Step]) -> Iterator[Any]:
    """What each step gives, in their order."""
    waiting: deque[tuple[Step, Wait | None]] = deque()
    for step in steps:
        waiting.append((step, _start(engine, step)))
        if len(waiting) >= engine.width:
            yield _first(engine, waiting)
    while waiting:
        yield _first(engine, waiting)


def _start(engine: Engine, step: Step) -> Wait | None:
    function, arguments = step
    try:
        return engine.call(function, *arguments)
    except Broken:
        return None  # it broke over an earlier step, whose turn comes first


def _first(engine: Engine, waiting: deque[tuple[Step, Wait | None]]) -> Any:
    for _ in range(DEATHS):
        step, wait = waiting[0]
        try:
            result = wait() if wait else None
            if wait:
                waiting.popleft()
                return result
        except Broken:
            pass
        engine.restart()
        again = [(s, _start(engine, s)) for s, _ in waiting]
        waiting.clear()
        waiting.extend(again)
    name = waiting[0][0][0].__name__
    raise PipelineError(f"workers died {DEATHS} times over one step ({name}); give them more memory")
