"""The decisions on pairs of reports, spread over the workers of a cluster: the same as one process makes.

It takes this process about as long to send two reports as to decide on them, and a hundredth of what reading their
articles took: processes of one machine are not asked (100,000 reports, two of them: 52 s instead of 10, machine busy).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.blocking import Ints
from pipeline.engines import Broken, Engine, Wait
from pipeline.events import FindSame, Same, find_same
from pipeline.facets import Facet, Weights

PIECE = 20_000  # pairs: half a second of work


def find_same_on(engine: Engine) -> FindSame:
    """`find_same`, on the engine's workers where these are a cluster and there is enough to do."""

    def find(facets: Sequence[Facet], weights: Weights, pairs: Ints) -> Same:
        if not engine.remote or len(pairs) <= PIECE:
            return find_same(facets, weights, pairs)
        found: list[Same] = []
        waiting: deque[tuple[int, Wait | None]] = deque()

        def take_first() -> None:
            start, wait = waiting.popleft()
            piece = pairs[start : start + PIECE]
            try:
                same = wait() if wait else find_same(facets, weights, piece)
            except Broken:  # a worker died: the piece is decided here, the rest on new workers
                engine.restart()
                same = find_same(facets, weights, piece)
            found.append(Same(same.rows + start, same.points))

        for start in range(0, len(pairs), PIECE):
            waiting.append((start, _send(engine, facets, weights, pairs[start : start + PIECE])))
            if len(waiting) >= engine.width:
                take_first()
        while waiting:
            take_first()
        return Same(np.concatenate([s.rows for s in found]), np.concatenate([s.points for s in found]))

    return find


def _send(engine: Engine, facets: Sequence[Facet], weights: Weights, pairs: Ints) -> Wait | None:
    """The piece with the reports that it is about, without what no decision looks at; None where nobody takes it."""
    positions, places = np.unique(pairs, return_inverse=True)
    some = [facets[n] for n in positions.tolist()]
    light = [
        replace(f, report=replace(f.report, evidence="", reasons=(), claims=(), voice="", actors=())) for f in some
    ]
    telling = {key: weights[key] for f in some for word in f.words if (key := (f.season, word)) in weights}
    try:
        return engine.call(find_same, light, telling, places.reshape(pairs.shape))
    except Broken:
        return None
