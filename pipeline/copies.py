"""Which articles of an archive have the same text. Two texts are compared once; what came of it is remembered."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.models import Report
from pipeline.voices import SKETCH_SIZE, find_meetings, first_of_each, read_sketches, same_text

UNDATED = 9_999_999  # behind every day, as an ordinal


def _none(*shape: int) -> NDArray[np.int64]:
    return np.empty(shape, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Copies:
    """The articles whose text is long enough to be known again, in the order of publication."""

    articles: list[str] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    hashes: NDArray[np.int64] = field(default_factory=lambda: _none(0, SKETCH_SIZE))  # a row an article: its sketch
    met: NDArray[np.int64] = field(default_factory=lambda: _none(0, 2))  # pairs of rows that were compared
    same: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=bool))  # what came of it

    def voices(self) -> dict[str, str]:
        """Of the articles for which another speaks: which."""
        leaders = first_of_each(self.met[self.same].tolist())
        return {self.articles[n]: self.articles[leader] for n, leader in leaders.items() if n != leader}


def compare_texts(last: Copies, changed: Collection[str], fresh: Iterable[Report]) -> Copies:
    """The articles of before without the changed, and those of the fresh reports."""
    new = {
        r.article_id: (r.published.toordinal() if r.published else UNDATED, r.article_id, r.voice)
        for r in fresh if r.voice
    }  # fmt: skip
    gone = {*changed}
    kept = np.array([n for n, article_id in enumerate(last.articles) if article_id not in gone], dtype=np.int64)
    days = [last.days[n] for n in kept.tolist()] + [day for day, *_ in new.values()]
    articles = [last.articles[n] for n in kept.tolist()] + [*new]
    order = np.array(sorted(range(len(articles)), key=[*zip(days, articles, strict=True)].__getitem__), dtype=np.int64)
    hashes = np.concatenate((last.hashes[kept], read_sketches([sketch for *_, sketch in new.values()])))[order]
    now = np.full(len(last.articles), -1)  # row of before -> row now
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    now[kept] = place[: len(kept)]

    met = find_meetings(hashes)
    before = now[last.met]
    still = (before >= 0).all(axis=1)
    keys, known = met[:, 0] * len(order) + met[:, 1], before[still, 0] * len(order) + before[still, 1]
    same = np.zeros(len(met), dtype=bool)
    if len(known):  # in ascending order: those that stay keep their order
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        compared = known[at] == keys
        same[compared] = last.same[still][at[compared]]
    else:
        compared = same.copy()
    same[~compared] = same_text(hashes, met[~compared])
    ids = [articles[n] for n in order.tolist()]
    return Copies(ids, [days[n] for n in order.tolist()], hashes, met, same)
