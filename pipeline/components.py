"""Which reports are merged together: numbers joined by pairs -> the smallest number of all that each is joined to."""

from __future__ import annotations

import numpy as np

from pipeline.blocking import Ints


def find_components(size: int, pairs: Ints) -> Ints:
    """For each number below `size` the smallest that it is joined to, directly or by others."""
    leader = np.arange(size, dtype=np.int64)
    while len(pairs):
        ends = leader[pairs]
        pairs = pairs[ends[:, 0] != ends[:, 1]]
        low, high = ends.min(axis=1), ends.max(axis=1)
        np.minimum.at(leader, high, low)
        while not np.array_equal(above := leader[leader], leader):
            leader = above
    return leader
