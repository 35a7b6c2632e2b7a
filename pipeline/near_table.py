"""All near misses of an archive, in columns: those of events that have changed are taken out and put in again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.near_misses import NearMiss, nearest_rows
from pipeline.text_columns import holds, inserted_rows, one_array

SCHEMA = pa.schema([
    (name, pa.float64() if name == "points" else pa.large_string()) for name in NearMiss.__dataclass_fields__
])  # fmt: skip
SIDES = ("event_id", "other_event_id")


@dataclass(frozen=True, eq=False)
class NearTable:
    """In the order of the two events' ids, before the nearest of each event are chosen."""

    rows: pa.Table = field(default_factory=SCHEMA.empty_table)

    def with_anew(self, moved: Collection[str], found: Iterable[NearMiss]) -> NearTable:
        """Without those of the events that moved, and with what was found of them."""
        kept = self.rows
        gone = holds(self._side(0), moved) | holds(self._side(1), moved)
        if gone.any():
            kept = kept.filter(pa.array(~gone)).combine_chunks()
        new = sorted(found, key=lambda miss: (miss.event_id, miss.other_event_id))
        if not new:
            return NearTable(kept)
        first, second = (one_array(kept[side]) for side in SIDES)
        at = [
            bisect_left(range(len(kept)), (miss.event_id, miss.other_event_id),
                        key=lambda n: (first[n].as_py(), second[n].as_py()))
            for miss in new
        ]  # fmt: skip
        fresh = pa.table({name: [getattr(miss, name) for miss in new] for name in SCHEMA.names}, SCHEMA)
        both = pa.concat_tables([kept, fresh]).combine_chunks()
        return NearTable(both.take(pa.array(inserted_rows(len(kept), at))))

    def nearest(self) -> pd.DataFrame:
        """The nearest first, without those beyond the nearest few of both their events."""
        sides = pa.concat_arrays([self._side(0), self._side(1)]).dictionary_encode().indices.to_numpy()
        points = self.rows["points"].to_numpy()
        # the rows stand in the order of the ids, which settles ties
        chosen = nearest_rows(sides.reshape(2, -1).T, np.argsort(-points, kind="stable"))
        return self.rows.take(pa.array(chosen)).to_pandas()

    def _side(self, number: int) -> pa.Array:
        return one_array(self.rows[SIDES[number]])
