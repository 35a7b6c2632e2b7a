"""Which articles of an archive have the same text. What is known of the texts of before is not found out again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.models import Report
from pipeline.voices import BUCKET_WINDOW, BUCKETS, NO_HASH, SKETCH_SIZE, first_of_each, read_sketches, same_text

UNDATED = 9_999_999  # behind every day, as an ordinal
Rows = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Copies:
    """The articles whose text is long enough to be known again, in the order of publication."""

    articles: list[str] = field(default_factory=list)
    days: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    # a row an article: its sketch, and how many hashes are in it
    sketches: NDArray[np.uint32] = field(default_factory=lambda: np.empty((0, SKETCH_SIZE), dtype=np.uint32))
    sizes: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    same: Rows = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))  # pairs of rows with the same text

    def voices(self) -> dict[str, str]:
        """Of the articles for which another speaks: which."""
        leaders = first_of_each(self.same.tolist())
        return {self.articles[n]: self.articles[leader] for n, leader in leaders.items() if n != leader}

    def same_of(self, pairs: Rows) -> Rows:
        """Those of the pairs that have the same text."""
        rows, where = np.unique(pairs, return_inverse=True)
        hashes = self.sketches[rows].astype(np.int64)
        hashes[np.arange(SKETCH_SIZE) >= self.sizes[rows, None]] = NO_HASH
        return pairs[same_text(hashes, where.reshape(-1, 2))]


def compare_texts(last: Copies, changed: Collection[str], fresh: Iterable[Report]) -> Copies:
    """The articles of before without the changed, and those of the fresh reports."""
    new = sorted({
        r.article_id: (r.published.toordinal() if r.published else UNDATED, r.article_id, r.voice)
        for r in fresh if r.voice
    }.values())  # fmt: skip
    leaves = {*changed}
    left = np.array([article_id in leaves for article_id in last.articles], dtype=bool)
    if not new and not left.any():
        return last
    # the texts of before and those of now in one order
    at = [bisect_left(range(len(left)), key[:2], key=lambda n: (last.days[n], last.articles[n])) for key in new]
    hashes = read_sketches([sketch for *_, sketch in new])
    both = Copies(
        _inserted(last.articles, at, [article_id for _, article_id, _ in new]),
        np.insert(last.days, at, [day for day, *_ in new]),
        np.insert(last.sketches, at, hashes.astype(np.uint32), axis=0),
        np.insert(last.sizes, at, (hashes != NO_HASH).sum(axis=1)),
    )
    came, gone = np.insert(np.zeros(len(left), dtype=bool), at, True), np.insert(left, at, False)
    before = np.flatnonzero(~came)[last.same]
    same = _same_now(both, came, gone, before[~np.any(gone[before], axis=1)])
    stays = ~gone
    return Copies(
        [a for a, kept in zip(both.articles, stays.tolist(), strict=True) if kept], both.days[stays],
        both.sketches[stays], both.sizes[stays], (np.cumsum(stays) - 1)[same],
    )  # fmt: skip


def _inserted(old: list[str], at: list[int], new: list[str]) -> list[str]:
    found: list[str] = []
    start = 0
    for place, article_id in zip(at, new, strict=True):
        found += old[start:place]
        found.append(article_id)
        start = place
    return found + old[start:]


def _same_now(texts: Copies, came: Marks, gone: Marks, before: Rows) -> Rows:
    """The pairs of the same text among those that stay and came, ascending. before: those among the staying.

    Two texts are compared where they are near each other under a hash that both have. So who comes or goes brings some
    together and others out of each other's sight, but under its own hashes only.
    """
    hashes, there = texts.sketches[:, :BUCKETS], np.arange(BUCKETS) < texts.sizes[:, None]
    moved = came | gone
    stirred = np.unique(hashes[moved][there[moved]])
    shaken: Marks = np.any(_among(hashes, stirred) & there, axis=1)
    doubtful: Marks = np.all(shaken[before], axis=1)
    asked = np.unique(before[doubtful])
    stirred = np.unique(np.concatenate((stirred, hashes[asked][there[asked]])))

    rows, columns = np.nonzero(_among(hashes, stirred) & there)
    order = np.lexsort((rows, hashes[rows, columns]))
    rows, met = rows[order], hashes[rows, columns][order]
    was_there, place_before = ~came[rows], np.cumsum(~came[rows])
    now = np.flatnonzero(~gone[rows])
    near, fresh = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for away in range(1, BUCKET_WINDOW + 1):
        a, b = now[:-away], now[away:]
        a, b = a[met[a] == met[b]], b[met[a] == met[b]]
        pairs = rows[a] * len(came) + rows[b]
        near.append(pairs)
        fresh.append(pairs[~(was_there[a] & was_there[b] & (place_before[b] - place_before[a] <= BUCKET_WINDOW))])
    keys = before[:, 0] * len(came) + before[:, 1]
    met_now = np.zeros(len(keys), dtype=bool)
    seen = np.concatenate(near)
    met_now[np.searchsorted(keys, seen[_among(seen, keys)])] = True
    kept = keys[~doubtful | met_now]
    first_met = np.setdiff1d(np.concatenate(fresh), kept)
    found = texts.same_of(np.stack((first_met // len(came), first_met % len(came)), axis=1))
    both = np.unique(np.concatenate((kept, found[:, 0] * len(came) + found[:, 1])))
    return np.stack((both // len(came), both % len(came)), axis=1)


def _among(values: NDArray[Any], wanted: NDArray[Any]) -> Marks:
    """Which of many values are among a few, these in ascending order; numpy's own sorts the many."""
    if not len(wanted):
        return np.zeros(values.shape, dtype=bool)
    return np.asarray(wanted[np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)] == values)
