"""What of an archive has changed since it was merged: rows that are new, and those whose context is another now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from pipeline.blocking import Ints, Marks, Shelf, Shelves, in_crowd, put_in
from pipeline.facets import COMMON, Weights, weights_of
from pipeline.remembered import Decided
from pipeline.text_columns import Words, holds, take
from pipeline.told import SEPARATOR, Told


def voiced_anew(told: Told, before: Mapping[str, str], now: Mapping[str, str]) -> Marks:
    """Reports of articles for which another speaks now than before."""
    return holds(told.article_id, {a for a in before.keys() | now.keys() if before.get(a) != now.get(a)})


def weigh(told: Told, seasons: Collection[int], before: Weights) -> Weights:
    """What each word tells in each season; only in these seasons may it have changed."""
    speakers = _speaking(told, seasons)
    said = Words(take(told.words, speakers), SEPARATOR)
    size = max(len(said.vocabulary), 1)
    keys, counts = np.unique(told.season[speakers][said.rows] * size + said.words, return_counts=True)
    keys, counts = keys[counts > COMMON[0][0]], counts[counts > COMMON[0][0]]  # most words are rare
    found = zip((keys // size).tolist(), take(said.vocabulary, keys % size).to_pylist(), strict=True)
    now = weights_of(dict(zip(found, counts.tolist(), strict=True)))
    return {key: weight for key, weight in before.items() if key[0] not in seasons} | dict(now)


def _speaking(told: Told, seasons: Collection[int]) -> Ints:
    """The rows of these seasons that speak for their articles: the main report does, as in facets.speaking."""
    here = np.flatnonzero(np.isin(told.season, [*seasons]))
    rows = np.flatnonzero(holds(told.article_id, take(told.article_id, here).unique()))
    article = take(told.article_id, rows).dictionary_encode().indices.to_numpy()
    speaker = np.full(article.max(initial=-1) + 1, -1)
    speaker[article[::-1]] = rows[::-1]  # the first
    main = told.rank[rows] == 1
    speaker[article[main]] = rows[main]  # the last of several
    return speaker[np.isin(told.season[speaker], [*seasons])]


def weighed_anew(told: Told, seasons: Collection[int], before: Weights, now: Weights) -> Marks:
    """Reports with a word that now tells more or less than before."""
    keys = [k for k in before.keys() | now.keys() if k[0] in seasons and before.get(k) != now.get(k)]
    marks = np.zeros(len(told), dtype=bool)
    rows = np.flatnonzero(np.isin(told.season, [season for season, _ in keys]))
    said = Words(take(told.words, rows), SEPARATOR)
    size = max(len(said.vocabulary), 1)
    changed = [
        season * size + n for (season, _), n in zip(keys, said.number([w for _, w in keys]), strict=True) if n >= 0
    ]
    marks[rows[said.rows[np.isin(told.season[rows][said.rows] * size + said.words, changed)]]] = True
    return marks


def decided_anew(before: Decided, now: Decided) -> set[str]:
    """Reports of which an analyst now says otherwise."""
    pairs = ({*before.must} ^ {*now.must}) | ({*before.cannot} ^ {*now.cannot})
    return {report_id for pair in pairs for report_id in pair} | ({*before.moved} ^ {*now.moved})


def file_anew(last: Shelves, before: Ints, stirred: Marks, fresh: Shelves, rows: Ints) -> tuple[Shelves, list[Ints]]:
    """All shelves as they are now, and on each the keys under which something came or went."""
    filed, touched = [], []
    for old, new in zip(last, fresh, strict=True):
        owners = before[old.owners]
        stays = owners >= 0
        stays[stays] = ~stirred[owners[stays]]
        touched.append(np.unique(np.concatenate((old.keys[~stays], new.keys))))
        filed.append(put_in(Shelf(old.keys[stays], owners[stays]), Shelf(new.keys, rows[new.owners])))
    return Shelves(*filed), touched


def sharing(shelves: Shelves, touched: Sequence[Ints]) -> Ints:
    """Rows under a touched key of so many that not all are compared with all: which are may have changed."""
    rows = [in_crowd(s, keys) for s, keys in zip(shelves, touched, strict=True)]
    return np.unique(np.concatenate(rows))
