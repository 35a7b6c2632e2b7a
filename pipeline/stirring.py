"""What of an archive has changed since it was merged: rows that are new, and those whose context is another now."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.blocking import Ints, Marks, Shelves, in_crowd, in_order
from pipeline.copies import UNDATED
from pipeline.event_values import founding_order
from pipeline.facets import Weights, season_of, weights_of
from pipeline.models import Report
from pipeline.remembered import SEPARATOR, TOLD, Decided


def tell(kept: pd.DataFrame, fresh: Sequence[Report], received: Mapping[str, int]) -> pd.DataFrame:
    """The rows of the archive, in founding order; what is new has no event yet."""
    rows = [
        (r.report_id, r.article_id, r.published.toordinal() if r.published else UNDATED, r.rank, season_of(r),
         SEPARATOR.join(r.words), received.get(r.article_id, 0), "", -1, -1)
        for r in sorted(fresh, key=founding_order)
    ]  # fmt: skip
    new = pd.DataFrame(rows, columns=list(TOLD)).astype(dict(TOLD))
    if not len(kept):
        return new
    # the kept are in order already
    days, ids = kept["day"].to_numpy(), kept["report_id"].to_numpy(dtype=object)
    keys = zip(new["day"].tolist(), new["report_id"].tolist(), strict=True)
    at = [bisect_left(range(len(ids)), key, key=lambda n: (days[n], ids[n])) for key in keys]
    order = np.insert(np.arange(len(kept)), at, np.arange(len(kept), len(kept) + len(new)))
    return pd.concat([kept, new], ignore_index=True).take(order).reset_index(drop=True)


def voiced_anew(articles: Sequence[str], before: Mapping[str, str], now: Mapping[str, str]) -> Marks:
    """Reports of articles for which another speaks now than before."""
    moved = {a for a in before.keys() | now.keys() if before.get(a) != now.get(a)}
    return np.array([a in moved for a in articles], dtype=bool)


def weigh(told: pd.DataFrame, seasons: Collection[int], before: Weights) -> Weights:
    """What each word tells in each season; only in these seasons may it have changed."""
    speaking = told[told["season"].isin(list(seasons))]
    # the article's main report speaks for it, as in facets.weigh_words
    articles = told[told["article_id"].isin(speaking["article_id"])]
    main = articles[articles["rank"] == 1].drop_duplicates("article_id", keep="last")
    rest = articles[~articles["article_id"].isin(main["article_id"])].drop_duplicates("article_id", keep="first")
    counts: Counter[tuple[int, str]] = Counter()
    for part in (main, rest):
        for season, words in zip(part["season"].tolist(), part["words"].tolist(), strict=True):
            if words and season in seasons:
                counts.update((season, word) for word in words.split(SEPARATOR))
    return {key: weight for key, weight in before.items() if key[0] not in seasons} | dict(weights_of(counts))


def weighed_anew(told: pd.DataFrame, seasons: Collection[int], before: Weights, now: Weights) -> Marks:
    """Reports with a word that now tells more or less than before."""
    words: defaultdict[int, set[str]] = defaultdict(set)
    for season, word in before.keys() | now.keys():
        if season in seasons and before.get((season, word)) != now.get((season, word)):
            words[season].add(word)
    marks = told["season"].isin([*words]).to_numpy(dtype=bool, copy=True)
    rows = np.flatnonzero(marks)
    some = told.iloc[rows]
    marks[rows] = [
        not words[season].isdisjoint(said.split(SEPARATOR))
        for season, said in zip(some["season"].tolist(), some["words"].tolist(), strict=True)
    ]
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
        filed.append(in_order(
            np.concatenate((old.keys[stays], new.keys)), np.concatenate((owners[stays], rows[new.owners]))
        ))  # fmt: skip
    return Shelves(*filed), touched


def sharing(shelves: Shelves, touched: Sequence[Ints]) -> Ints:
    """Rows under a touched key of so many that not all are compared with all: which are may have changed."""
    rows = [in_crowd(s, keys) for s, keys in zip(shelves, touched, strict=True)]
    return np.unique(np.concatenate(rows))
