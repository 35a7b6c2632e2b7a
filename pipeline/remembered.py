"""What a publication computed, in columns, so that the next one computes only what has changed.

It is no truth: lost or damaged, everything is computed from the database again, to the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pipeline.blocking import Shelf, Shelves
from pipeline.events import Pair
from pipeline.facets import Weights
from pipeline.near_misses import NearMiss

UNDATED = 9_999_999  # behind every day, as an ordinal
SEPARATOR = "\n"  # between words
TOLD: Mapping[str, str] = {
    "report_id": "str", "article_id": "str", "day": "int64", "rank": "int64", "season": "int64", "words": "str",
    "sketch": "str", "received": "int64", "event_id": "str", "voice": "str", "tie": "int64",
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

    heads: Mapping[str, tuple[str, bool]] = field(default_factory=dict)  # article -> version, and whether withdrawn
    # a row a report in founding order, with its event, its article's voice, and a number that it shares with all
    # reports whose merging might depend on its own
    told: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TOLD)).astype(dict(TOLD)))
    filed: Shelves = field(default_factory=lambda: Shelves(*[_empty_shelf() for _ in Shelves._fields]))
    weights: Weights = field(default_factory=dict)
    machine: pd.DataFrame | None = None  # the events without corrections; None: nothing is remembered
    near: tuple[NearMiss, ...] = ()  # before the nearest of each event are chosen
    decided: Decided = Decided()


def _empty_shelf() -> Shelf:
    return Shelf(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def as_tables(memory: Remembered) -> dict[str, pd.DataFrame]:
    """For a file each."""
    heads = [(a, content_hash, withdrawn) for a, (content_hash, withdrawn) in memory.heads.items()]
    weights = [(season, word, weight) for (season, word), weight in memory.weights.items()]
    near = [(m.event_id, m.other_event_id, m.report_id, m.other_report_id, m.points, m.why) for m in memory.near]
    decided = {"must": memory.decided.must, "cannot": memory.decided.cannot, "moved": memory.decided.moved}
    assert memory.machine is not None
    return {
        "heads": pd.DataFrame(heads, columns=["article_id", "content_hash", "withdrawn"]),
        "told": memory.told,
        "filed": pd.concat([
            pd.DataFrame({"shelf": np.full(len(shelf.keys), n, dtype=np.int8), "key": shelf.keys,
                          "owner": shelf.owners}) for n, shelf in enumerate(memory.filed)
        ]),
        "weights": pd.DataFrame(weights, columns=["season", "word", "weight"]),
        "machine": memory.machine,
        "near": pd.DataFrame(near, columns=list(NearMiss.__dataclass_fields__)),
        "decided": pd.DataFrame({"decided": [json.dumps(decided)]}),
    }  # fmt: skip


def from_tables(tables: Mapping[str, pd.DataFrame]) -> Remembered:
    """What as_tables made."""
    heads, weights, filed = tables["heads"], tables["weights"], tables["filed"]
    decided = json.loads(tables["decided"]["decided"].iloc[0])
    shelf = filed["shelf"].to_numpy()
    bounds = np.searchsorted(shelf, np.arange(len(Shelves._fields) + 1))
    keys, owners = filed["key"].to_numpy(), filed["owner"].to_numpy()
    return Remembered(
        {a: (h, bool(w)) for a, h, w in heads.itertuples(index=False, name=None)},
        tables["told"].astype(dict(TOLD)),
        Shelves(*[Shelf(keys[a:b], owners[a:b]) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]),
        {(int(s), word): float(w) for s, word, w in weights.itertuples(index=False, name=None)},
        tables["machine"],
        tuple(NearMiss(*row) for row in tables["near"].itertuples(index=False, name=None)),
        Decided(
            tuple((a, b) for a, b in decided["must"]), tuple((a, b) for a, b in decided["cannot"]),
            tuple(decided["moved"]),
        ),
    )  # fmt: skip
