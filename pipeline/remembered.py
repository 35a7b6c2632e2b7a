"""What a publication computed, in columns, so that the next one computes only what has changed.

It is no truth: lost or damaged, everything is computed from the database again, to the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.article_table import Arrived
from pipeline.blocking import Shelf, Shelves
from pipeline.copies import Copies
from pipeline.events import Pair
from pipeline.facets import Weights
from pipeline.near_table import NearTable
from pipeline.text_columns import one_array
from pipeline.told import Told
from pipeline.voices import BUCKETS

WHERE: Mapping[str, str] = {"event_id": "str", "where": "str"}


@dataclass(frozen=True)
class Decided:
    """An analyst's decisions on which reports are of one event."""

    must: tuple[Pair, ...] = ()
    cannot: tuple[Pair, ...] = ()
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Remembered:
    """The archive at the last publication."""

    run_id: int = 0  # the run that published it
    told: Told = field(default_factory=Told)
    copies: Copies = field(default_factory=Copies)
    filed: Shelves = field(default_factory=lambda: Shelves(*[_empty_shelf() for _ in Shelves._fields]))
    weights: Weights = field(default_factory=dict)
    near: NearTable = field(default_factory=NearTable)
    decided: Decided = Decided()
    corrected: pd.DataFrame = field(default_factory=lambda: _none_of(WHERE))  # such events, as the machine had them
    where: pd.DataFrame = field(default_factory=lambda: _none_of(WHERE))  # of events of several places (reasons.py)
    counts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # of tables (snapshot_parts.py)
    arrived: Arrived = field(default_factory=Arrived)


def _none_of(columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns)).astype(dict(columns))


def _empty_shelf() -> Shelf:
    return Shelf(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


# Table -> what of the memory is in it; the small ones are written each time
LARGE = {
    "told": "told",
    "weights": "weights",
    "near": "near",
    "arrived": "arrived",
    "filed": "filed",
    "texts": "copies",
    "same": "copies",
}
SMALL = ("corrected", "where", "counts", "decided")


def as_tables(memory: Remembered, last: Remembered | None = None) -> dict[str, pa.Table | None]:
    """For a file each; None where it is what `last` had."""
    kept = {t for t, name in LARGE.items() if last is not None and getattr(memory, name) is getattr(last, name)}
    return {name: None if name in kept else _as_table(memory, name) for name in (*LARGE, *SMALL)}


def _as_table(memory: Remembered, name: str) -> pa.Table:
    copies = memory.copies
    if name == "filed":
        return pa.table({
            "shelf": np.repeat(np.arange(len(memory.filed), dtype=np.int8), [len(s.keys) for s in memory.filed]),
            "key": np.concatenate([s.keys for s in memory.filed]),
            "owner": np.concatenate([s.owners for s in memory.filed]),
        })  # fmt: skip
    if name == "told":
        return pa.table({f.name: getattr(memory.told, f.name) for f in fields(Told) if f.name != "was"})
    if name == "arrived":
        return pa.table({"article_id": memory.arrived.article_id, "piece": memory.arrived.piece})
    if name == "near":
        return memory.near.rows
    if name == "texts":
        return pa.table({
            "article_id": copies.articles, "day": copies.days,
            **{f"hash{n}": copies.hashes[:, n] for n in range(BUCKETS)},
        })  # fmt: skip
    if name == "same":
        return pa.table({"first": copies.same[:, 0], "second": copies.same[:, 1]})
    if name == "weights":
        weights = [(season, word, weight) for (season, word), weight in memory.weights.items()]
        frame = pd.DataFrame(weights, columns=["season", "word", "weight"])
    elif name == "counts":
        counts = [(table, month, rows) for table, some in memory.counts.items() for month, rows in some.items()]
        frame = pd.DataFrame(counts, columns=["table", "month", "rows"])
    elif name == "decided":
        told = {"run_id": memory.run_id, **asdict(memory.decided)}
        frame = pd.DataFrame({"decided": [json.dumps(told)]})
    else:
        frame = getattr(memory, name)
    return pa.Table.from_pandas(frame, preserve_index=False)


def from_tables(tables: Mapping[str, pa.Table]) -> Remembered:
    """What as_tables made."""

    def columns(name: str) -> list[Any]:
        return [column.to_numpy() for column in tables[name].columns]

    weights = tables["weights"].to_pydict()
    counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for row in tables["counts"].to_pylist():
        counts[row["table"]][row["month"]] = row["rows"]
    decided = json.loads(tables["decided"]["decided"][0].as_py())
    shelf, keys, owners = columns("filed")
    bounds = np.searchsorted(shelf, np.arange(len(Shelves._fields) + 1))
    texts, told = tables["texts"], tables["told"]
    numbers = {f.name for f in fields(Told) if f.type == "Ints"}
    columns_of_told = {n: told[n].to_numpy() if n in numbers else one_array(told[n]) for n in told.column_names}
    columns_of_told["was"] = columns_of_told["event_id"]
    return Remembered(
        decided["run_id"],
        Told(**columns_of_told),
        Copies(
            one_array(texts["article_id"]), texts["day"].to_numpy(),
            np.stack([texts[f"hash{n}"].to_numpy() for n in range(BUCKETS)], axis=1),
            np.stack(columns("same"), axis=1),
        ),
        Shelves(*[Shelf(keys[a:b], owners[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]),
        dict(zip(zip(weights["season"], weights["word"], strict=True), weights["weight"], strict=True)),
        NearTable(tables["near"]),
        Decided(
            tuple((a, b) for a, b in decided["must"]), tuple((a, b) for a, b in decided["cannot"]),
            tuple(decided["moved"]),
        ),
        tables["corrected"].to_pandas(), tables["where"].to_pandas(), counts,
        Arrived(one_array(tables["arrived"]["article_id"]), tables["arrived"]["piece"].to_numpy()),
    )  # fmt: skip
