"""What a publication computed, in columns, so that the next one computes only what has changed.

It is no truth: lost or damaged, everything is computed from the database again, to the same bytes.
"""

from __future__ import annotations

import json
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
from pipeline.voices import NO_HASH, SKETCH_SIZE

SEPARATOR = "\n"  # between words
TOLD: Mapping[str, str] = {
    "report_id": "str", "article_id": "str", "day": "int64", "rank": "int64", "season": "int64", "words": "str",
    "received": "int64", "event_id": "str", "tie": "int64",
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
    # a row a report in founding order, with its event, and a number that it shares with all reports whose merging
    # might depend on its own
    told: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TOLD)).astype(dict(TOLD)))
    copies: Copies = field(default_factory=Copies)
    filed: Shelves = field(default_factory=lambda: Shelves(*[_empty_shelf() for _ in Shelves._fields]))
    weights: Weights = field(default_factory=dict)
    machine: pd.DataFrame | None = None  # the events without corrections; None: nothing is remembered
    near: tuple[NearMiss, ...] = ()  # before the nearest of each event are chosen
    decided: Decided = Decided()


def _empty_shelf() -> Shelf:
    return Shelf(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def as_tables(memory: Remembered) -> dict[str, pa.Table]:
    """For a file each."""
    weights = [(season, word, weight) for (season, word), weight in memory.weights.items()]
    near = [(m.event_id, m.other_event_id, m.report_id, m.other_report_id, m.points, m.why) for m in memory.near]
    told = {"run_id": memory.run_id, **asdict(memory.decided)}
    copies = memory.copies
    assert memory.machine is not None
    frames = {
        "told": memory.told,
        "weights": pd.DataFrame(weights, columns=["season", "word", "weight"]),
        "machine": memory.machine,
        "near": pd.DataFrame(near, columns=list(NearMiss.__dataclass_fields__)),
        "decided": pd.DataFrame({"decided": [json.dumps(told)]}),
    }  # fmt: skip
    arrays = {
        "filed": {
            "shelf": np.repeat(np.arange(len(memory.filed), dtype=np.int8), [len(s.keys) for s in memory.filed]),
            "key": np.concatenate([s.keys for s in memory.filed]),
            "owner": np.concatenate([s.owners for s in memory.filed]),
        },
        "texts": {
            "article_id": pa.array(copies.articles, pa.string()), "day": np.array(copies.days, dtype=np.int64),
            "hashes": (copies.hashes != NO_HASH).sum(axis=1), "sketch": _packed(copies.hashes),
        },
        "compared": {"first": copies.met[:, 0], "second": copies.met[:, 1], "same": copies.same},
    }  # fmt: skip
    tables = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    return tables | {name: pa.table(columns) for name, columns in arrays.items()}


def _packed(hashes: np.ndarray) -> pa.Array:
    """A sketch a row, in bytes."""
    numbers = np.ascontiguousarray(hashes.astype(np.uint32))  # of NO_HASH nothing is left: their number stands beside
    kind = pa.binary(SKETCH_SIZE * numbers.itemsize)
    return pa.Array.from_buffers(kind, len(numbers), [None, pa.py_buffer(numbers)])


def _unpacked(sketches: pa.ChunkedArray, counts: np.ndarray) -> np.ndarray:
    joined = sketches.combine_chunks()
    joined = joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)
    numbers = np.frombuffer(joined.buffers()[1] or b"", dtype=np.uint32).reshape(-1, SKETCH_SIZE)
    numbers = numbers[joined.offset : joined.offset + len(joined)].astype(np.int64)
    numbers[np.arange(SKETCH_SIZE) >= counts[:, None]] = NO_HASH
    return numbers


def from_tables(tables: Mapping[str, pa.Table]) -> Remembered:
    """What as_tables made."""

    def columns(name: str) -> list[Any]:
        return [column.to_numpy() for column in tables[name].columns]

    weights, near = (tables[name].to_pydict() for name in ("weights", "near"))
    decided = json.loads(tables["decided"]["decided"][0].as_py())
    shelf, keys, owners = columns("filed")
    bounds = np.searchsorted(shelf, np.arange(len(Shelves._fields) + 1))
    first, second, same = columns("compared")
    texts = tables["texts"]
    return Remembered(
        decided["run_id"],
        tables["told"].to_pandas().astype(dict(TOLD)),
        Copies(
            texts["article_id"].to_pylist(), texts["day"].to_pylist(),
            _unpacked(texts["sketch"], texts["hashes"].to_numpy()), np.stack((first, second), axis=1), same,
        ),
        Shelves(*[Shelf(keys[a:b], owners[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]),
        dict(zip(zip(weights["season"], weights["word"], strict=True), weights["weight"], strict=True)),
        tables["machine"].to_pandas(),
        tuple(NearMiss(*row) for row in zip(*near.values(), strict=True)),
        Decided(
            tuple((a, b) for a, b in decided["must"]), tuple((a, b) for a, b in decided["cannot"]),
            tuple(decided["moved"]),
        ),
    )  # fmt: skip
