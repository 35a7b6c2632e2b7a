"""Which articles of an archive have the same text. What is known of the texts of before is not found out again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from pipeline.blocking import are_among
from pipeline.models import Report
from pipeline.text_columns import Marks, Rows, Texts, holds, insert, take, texts_of
from pipeline.voices import BUCKET_WINDOW, BUCKETS, NO_HASH, Hashes, first_of_each, read_sketches, same_text

_AT_ONCE = 4_000  # sketches read at once
UNDATED = 9_999_999  # behind every day, as an ordinal


@dataclass(frozen=True, eq=False)
class Copies:
    """The articles whose text is long enough to be known again, in the order of publication."""

    articles: Texts = field(default_factory=texts_of)
    days: Rows = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    # a row an article: the smallest hashes of its sketch. The rest is in its reports
    hashes: Hashes = field(default_factory=lambda: read_sketches((), BUCKETS))
    same: Rows = field(default_factory=lambda: np.empty((0, 2), dtype=np.int64))  # pairs of rows with the same text

    def voices(self) -> dict[str, str]:
        """Of the articles for which another speaks: which."""
        leaders = first_of_each(self.same.tolist())
        told = np.array([(n, leader) for n, leader in leaders.items() if n != leader], dtype=np.int64).reshape(-1, 2)
        return dict(zip(*(take(self.articles, rows).to_pylist() for rows in told.T), strict=True))


def compare_texts(
    last: Copies, changed: Collection[str], fresh: Iterable[Report],
    voices_of: Callable[[Collection[str]], Mapping[str, str]],
) -> Copies:  # fmt: skip
    """The articles of before without the changed, and those of the fresh reports. voices_of: articles -> sketches."""
    speaking = {r.article_id: r for r in fresh if r.voice}
    voices = {article_id: r.voice for article_id, r in speaking.items()}
    new = sorted((r.published.toordinal() if r.published else UNDATED, r.article_id) for r in speaking.values())
    left = holds(last.articles, changed)
    if not new and not left.any():
        return last
    # the texts of before and those of now in one order
    at = [bisect_left(range(len(left)), key, key=lambda n: (last.days[n], last.articles[n].as_py()))
          for key in new]  # fmt: skip
    hashes = read_sketches([voices[article_id] for _, article_id in new], BUCKETS)
    both = Copies(
        insert(last.articles, at, [article_id for _, article_id in new]),
        np.insert(last.days, at, [day for day, _ in new]),
        np.insert(last.hashes, at, hashes, axis=0),
    )
    came, gone = np.insert(np.zeros(len(left), dtype=bool), at, True), np.insert(left, at, False)
    before = np.flatnonzero(~came)[last.same]

    def compare(pairs: Rows) -> Rows:
        rows, where = np.unique(pairs, return_inverse=True)
        articles = take(both.articles, rows).to_pylist()
        found = [read_sketches(())]
        for start in range(0, len(articles), _AT_ONCE):  # texts of sketches take more room than their numbers
            some = articles[start : start + _AT_ONCE]
            known = {**voices, **voices_of({*some} - voices.keys())}
            found.append(read_sketches([known[a] for a in some]))
        return pairs[same_text(np.concatenate(found), where.reshape(-1, 2))]

    same = _same_now(both, came, gone, before[~np.any(gone[before], axis=1)], compare)
    stays = ~gone
    return Copies(
        both.articles.filter(pa.array(stays)), both.days[stays],
        both.hashes[stays], (np.cumsum(stays) - 1)[same],
    )  # fmt: skip


def _same_now(
    texts: Copies, came: Marks, gone: Marks, before: Rows, compare: Callable[[Rows], Rows]
) -> Rows:  # fmt: skip
    """The pairs of the same text among those that stay and came, ascending. before: those among the staying.
    `compare`: those of some pairs that have the same text.

    Two texts are compared where they are near each other under a hash that both have. So who comes or goes brings some
    together and others out of each other's sight, but under its own hashes only.
    """
    hashes, there = texts.hashes, texts.hashes != NO_HASH
    moved = came | gone
    stirred = np.unique(hashes[moved][there[moved]])
    shaken: Marks = np.any(are_among(hashes, stirred) & there, axis=1)
    doubtful: Marks = np.all(shaken[before], axis=1)
    asked = np.unique(before[doubtful])
    stirred = np.unique(np.concatenate((stirred, hashes[asked][there[asked]])))

    rows, columns = np.nonzero(are_among(hashes, stirred) & there)
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
    met_now[np.searchsorted(keys, seen[are_among(seen, keys)])] = True
    kept = keys[~doubtful | met_now]
    first_met = np.setdiff1d(np.concatenate(fresh), kept)
    found = compare(np.stack((first_met // len(came), first_met % len(came)), axis=1))
    both = np.unique(np.concatenate((kept, found[:, 0] * len(came) + found[:, 1])))
    return np.stack((both // len(came), both % len(came)), axis=1)
