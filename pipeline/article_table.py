"""The table of articles with their texts, a file at a time: what has not changed comes from the last snapshot."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from pipeline import store
from pipeline.blocking import Ints
from pipeline.snapshot_parts import LastTable, Spliced, pieces_of, splice
from pipeline.table import DAY, TEXT, with_types
from pipeline.text_columns import Texts, holds, join, take, texts_of

COLUMNS = ("article_id", "title", "source", "url", "published", "published_reason", "text", "origin")


@dataclass(frozen=True, eq=False)
class Arrived:
    """The articles of a table, and to which piece of which run's articles each belongs (snapshot_parts.py)."""

    article_id: Texts = field(default_factory=texts_of)
    piece: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    def with_anew(self, anew: Collection[str], received: Mapping[str, int]) -> Arrived:
        """With these as they were received, without those of them that were not."""
        there = sorted(a for a in anew if a in received)
        kept = np.flatnonzero(~holds(self.article_id, anew))
        pieces = pieces_of(there, np.array([received[a] for a in there], dtype=np.int64))
        return Arrived(join(self.article_id, kept, there), np.concatenate((self.piece[kept], pieces)))

    def of(self, article_ids: Collection[str]) -> pd.DataFrame:
        """A row for each of these that there is."""
        rows = np.flatnonzero(holds(self.article_id, article_ids))
        return pd.DataFrame({"article_id": take(self.article_id, rows).to_pandas(), "piece": self.piece[rows]})


def article_files(
    connection: Connection, changed: Collection[str], last: LastTable | None, before: Arrived
) -> tuple[Iterator[tuple[str, pd.DataFrame | None]], Mapping[int, int], Arrived]:
    """The files of all articles, each in order of their ids; how many articles each piece has, and which.

    `changed`: not to be taken from the last table.
    """
    present = store.article_ids(connection, changed)
    received = store.first_received(connection, present)
    now = before.with_anew(changed, received)

    def edit(read: pd.DataFrame | None) -> pd.DataFrame:
        return now.of(present if read is None else {*read["article_id"], *present}).sort_values(
            "article_id", ignore_index=True
        )

    touched = {*before.of(changed)["piece"].tolist(), *now.of(changed)["piece"].tolist()}
    spliced = splice("articles", last, touched, edit, lambda rows: rows["piece"].to_numpy(), ["article_id"])
    return _filled(connection, present, last, spliced), spliced.counts, now


def _filled(
    connection: Connection, changed: Collection[str], last: LastTable | None, spliced: Spliced
) -> Iterator[tuple[str, pd.DataFrame | None]]:
    for file, ids in spliced.frames(spliced.rows):
        if ids is None:
            yield file, None
            continue
        mine = ids["article_id"].tolist()
        parts = [_read(connection, [a for a in mine if a in changed])]
        if last is not None:
            kept = last.read({*ids["piece"].tolist()})
            parts.append(kept[kept["article_id"].isin([a for a in mine if a not in changed])])
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        yield file, rows.sort_values("article_id", ignore_index=True)


def _read(connection: Connection, ids: Collection[str]) -> pd.DataFrame:
    heads = store.heads(connection, ids)
    found = store.read_versions(connection, [head.content_hash for head in heads.values()])
    rows = [[*(getattr(a, n) for n in COLUMNS), heads[a.article_id].withdrawn] for _, a in found]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "withdrawn"])
    return with_types(frame, {n: DAY if n == "published" else TEXT for n in COLUMNS}).astype({"withdrawn": "bool"})
