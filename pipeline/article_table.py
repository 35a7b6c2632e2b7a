"""The table of articles with their texts, some rows at a time: what has not changed comes from the last snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import pandas as pd
from sqlalchemy import Connection

from pipeline import store
from pipeline.table import DAY, TEXT, with_types

COLUMNS = ("article_id", "title", "source", "url", "published", "published_reason", "text", "origin")


def article_parts(
    connection: Connection, heads: Mapping[str, store.Head], anew: Collection[str], last: Iterable[pd.DataFrame],
    rows: int,
) -> Iterator[pd.DataFrame]:  # fmt: skip
    """All articles in order of their ids, in parts of so many rows. `anew`: not to be taken from the last table."""
    changed = {*anew}
    news = sorted(a for a in anew if a in heads)
    waiting = _frame([])
    at = 0
    for part in last:
        kept = part[~part["article_id"].isin(changed)]
        if not len(part):
            continue
        end = at
        while end < len(news) and news[end] < part["article_id"].iloc[-1]:
            end += 1
        for some in _some(news[at:end], rows):
            kept = pd.concat([kept, _read(connection, heads, some)])
        at = end
        waiting = pd.concat([waiting, kept.sort_values("article_id")], ignore_index=True)
        while len(waiting) >= rows:
            yield waiting.iloc[:rows].reset_index(drop=True)
            waiting = waiting.iloc[rows:].reset_index(drop=True)
    for some in _some(news[at:], rows):
        waiting = pd.concat([waiting, _read(connection, heads, some)], ignore_index=True)
        while len(waiting) >= rows:
            yield waiting.iloc[:rows].reset_index(drop=True)
            waiting = waiting.iloc[rows:].reset_index(drop=True)
    yield waiting  # also of no articles: the columns are there


def _some(ids: list[str], rows: int) -> Iterator[list[str]]:
    for start in range(0, len(ids), rows):
        yield ids[start : start + rows]


def _read(connection: Connection, heads: Mapping[str, store.Head], ids: Iterable[str]) -> pd.DataFrame:
    found = [a for _, a in store.read_versions(connection, [heads[i].content_hash for i in ids])]
    found.sort(key=lambda a: a.article_id)
    return _frame([[*(getattr(a, n) for n in COLUMNS), heads[a.article_id].withdrawn] for a in found])


def _frame(rows: list[list[object]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "withdrawn"])
    return with_types(frame, {n: DAY if n == "published" else TEXT for n in COLUMNS}).astype({"withdrawn": "bool"})
