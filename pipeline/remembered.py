"""What a publication computed, in columns, so that the next one computes only what has changed.

It is no truth: lost or damaged, everything is computed from the database again, to the same bytes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.blocking import Shelf, Shelves
from pipeline.copies import Copies
from pipeline.events import Pair
from pipeline.facets import Weights
from pipeline.near_misses import NearMiss
from pipeline.voices import SKETCH_SIZE

SEPARATOR = "\n"  # between words
TOLD: Mapping[str, str] = {
    "report_id": "str", "article_id": "str", "day": "int64", "rank": "int64", "season": "int64", "words": "str",
    "received": "int64", "event_id": "str", "tie": "int64", "month": "int64",
}  # fmt: skip
WHERE: Mapping[str, str] = {"event_id": "str", "where": "str"}
NEAR: Mapping[str, str] = {
    name: "float64" if name == "points" else "str" for name in NearMiss.__dataclass_fields__
}  # fmt: skip


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
    # a row a report in founding order, with its event, a number that it shares with all reports whose merging might
    # depend on its own, and the month of its event
    told: pd.DataFrame = field(default_factory=lambda: _none_of(TOLD))
    copies: Copies = field(default_factory=Copies)
    filed: Shelves = field(default_factory=lambda: Shelves(*[_empty_shelf() for _ in Shelves._fields]))
    weights: Weights = field(default_factory=dict)
    near: pd.DataFrame = field(default_factory=lambda: _none_of(NEAR))  # before the nearest of each event are chosen
    decided: Decided = Decided()
    corrected: pd.DataFrame = field(default_factory=lambda: _none_of(WHERE))  # such events, as the machine had them
    where: pd.DataFrame = field(default_factory=lambda: _none_of(WHERE))  # of events of several places (reasons.py)
    counts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)  # table -> month -> rows (snapshot_parts.py)


def _none_of(columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns)).astype(dict(columns))


def _empty_shelf() -> Shelf:
    return Shelf(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


# Table -> what of the memory is in it; the small ones are written each time
LARGE = {
    "told": "told",
    "weights": "weights",
    "near": "near",
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
    if name == "texts":
        return pa.table({
            "article_id": pa.array(copies.articles, pa.string()), "day": copies.days,
            "hashes": copies.sizes, "sketch": _packed(copies.sketches),
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


def _packed(sketches: np.ndarray) -> pa.Array:
    """A sketch a row, in bytes."""
    kind = pa.binary(SKETCH_SIZE * sketches.itemsize)
    return pa.Array.from_buffers(kind, len(sketches), [None, pa.py_buffer(np.ascontiguousarray(sketches))])


def _unpacked(sketches: pa.ChunkedArray) -> np.ndarray:
    joined = sketches.combine_chunks()
    joined = joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)
    numbers = np.frombuffer(joined.buffers()[1] or b"", dtype=np.uint32).reshape(-1, SKETCH_SIZE)
    return numbers[joined.offset : joined.offset + len(joined)]


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
    texts = tables["texts"]
    return Remembered(
        decided["run_id"],
        tables["told"].to_pandas().astype(dict(TOLD)),
        Copies(
            texts["article_id"].to_pylist(), texts["day"].to_numpy(), _unpacked(texts["sketch"]),
            texts["hashes"].to_numpy(), np.stack(columns("same"), axis=1),
        ),
        Shelves(*[Shelf(keys[a:b], owners[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]),
        dict(zip(zip(weights["season"], weights["word"], strict=True), weights["weight"], strict=True)),
        tables["near"].to_pandas().astype(dict(NEAR)),
        Decided(
            tuple((a, b) for a, b in decided["must"]), tuple((a, b) for a, b in decided["cannot"]),
            tuple(decided["moved"]),
        ),
        tables["corrected"].to_pandas(), tables["where"].to_pandas(), counts,
    )  # fmt: skip
