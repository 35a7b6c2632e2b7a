"""The table of articles with their texts, a file at a time: what has not changed comes from the last snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

import pandas as pd
from sqlalchemy import Connection

from pipeline import store
from pipeline.snapshot_parts import LastTable, Spliced, month_of, months_of, splice
from pipeline.table import DAY, TEXT, with_types

COLUMNS = ("article_id", "title", "source", "url", "published", "published_reason", "text", "origin")
KEY = {"article_id": TEXT, "published": DAY}


def article_files(
    connection: Connection, heads: Mapping[str, store.Head], anew: Collection[str], last: LastTable | None
) -> tuple[Iterator[tuple[str, pd.DataFrame | None]], Mapping[int, int]]:
    """The files of all articles, each in order of their ids, and how many articles each month has.

    `anew`: not to be taken from the last table.
    """
    days = store.version_days(connection, anew)
    present = {heads[a].content_hash for a in anew if a in heads}
    news = [(article_id, day) for key, (article_id, day) in days.items() if key in present]
    new = with_types(pd.DataFrame(news, columns=list(KEY)), KEY)

    def edit(before: pd.DataFrame | None) -> pd.DataFrame:
        kept = [] if before is None else [before[~before["article_id"].isin(list(anew))]]
        rows = pd.concat([part for part in (*kept, new) if len(part)] or [new])
        return rows.sort_values("article_id", ignore_index=True)

    # the last table may have them where any of their versions stands
    touched = {month_of(day) for _, day in days.values()}
    spliced = splice("articles", last, touched, edit, lambda rows: months_of(rows["published"]), list(KEY))
    return _filled(connection, heads, {*anew}, last, spliced), spliced.counts


def _filled(
    connection: Connection, heads: Mapping[str, store.Head], anew: Collection[str], last: LastTable | None,
    spliced: Spliced,
) -> Iterator[tuple[str, pd.DataFrame | None]]:  # fmt: skip
    for file, ids in spliced.frames(spliced.rows):
        if ids is None:
            yield file, None
            continue
        mine = ids["article_id"].tolist()
        parts = [_read(connection, heads, [a for a in mine if a in anew])]
        if last is not None:
            kept = last.read({*months_of(ids["published"]).tolist()})
            parts.append(kept[kept["article_id"].isin([a for a in mine if a not in anew])])
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        yield file, rows.sort_values("article_id", ignore_index=True)


def _read(connection: Connection, heads: Mapping[str, store.Head], ids: Iterable[str]) -> pd.DataFrame:
    found = store.read_versions(connection, [heads[i].content_hash for i in ids])
    rows = [[*(getattr(a, n) for n in COLUMNS), heads[a.article_id].withdrawn] for _, a in found]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "withdrawn"])
    return with_types(frame, {n: DAY if n == "published" else TEXT for n in COLUMNS}).astype({"withdrawn": "bool"})
