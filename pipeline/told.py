"""The reports of an archive in columns, in founding order: what a publication remembers of each.

Numbers, and texts as Arrow keeps them: a refresh looks at all of an archive so, never at each report as an object.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.blocking import Ints, Marks, name_numbers
from pipeline.copies import UNDATED
from pipeline.event_ids import founder
from pipeline.event_values import founding_order
from pipeline.facets import season_of
from pipeline.models import Report
from pipeline.text_columns import Texts, holds, inserted_rows, take, texts_of

SEPARATOR = "\n"  # between words


def _no_numbers() -> Ints:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Told:
    """A row a report."""

    report_id: Texts = field(default_factory=texts_of)
    article_id: Texts = field(default_factory=texts_of)
    words: Texts = field(default_factory=texts_of)  # joined by SEPARATOR
    event_id: Texts = field(default_factory=texts_of)  # "" where it is not merged yet
    was: Texts = field(default_factory=texts_of)  # the event that it was in before the publication under way
    day: Ints = field(default_factory=_no_numbers)  # of publication, as an ordinal
    rank: Ints = field(default_factory=_no_numbers)
    season: Ints = field(default_factory=_no_numbers)
    received: Ints = field(default_factory=_no_numbers)
    tie: Ints = field(default_factory=_no_numbers)  # shared by all whose merging might depend on this one's
    month: Ints = field(default_factory=_no_numbers)  # of its event
    name: Ints = field(default_factory=_no_numbers)  # a number that follows from its id
    family: Ints = field(default_factory=_no_numbers)  # the same of the report after which its event is called

    def __len__(self) -> int:
        return len(self.day)

    def take(self, rows: Ints) -> Told:
        """These rows."""
        columns = (getattr(self, f.name) for f in fields(self))
        return Told(*[column[rows] if isinstance(column, np.ndarray) else take(column, rows) for column in columns])

    def rows_of(self, report_ids: Collection[str]) -> Ints:
        """Where these stand, ascending; those that are gone stand nowhere."""
        return np.flatnonzero(holds(self.report_id, report_ids))

    def joined(self, new: Told) -> tuple[Told, Marks]:
        """With those rows, which are in order too, each at its place; and which are new."""
        at = [bisect_left(range(len(self)), key, key=self._key) for key in map(new._key, range(len(new)))]
        both = Told(*[_concat(getattr(self, f.name), getattr(new, f.name)) for f in fields(self)])
        order = inserted_rows(len(self), at)
        return both.take(order), order >= len(self)

    def _key(self, row: int) -> tuple[int, str]:
        return int(self.day[row]), str(self.report_id[row].as_py())

    def merged(self, rows: Ints, event_ids: Sequence[str], ties: Ints, months: Sequence[int]) -> Told:
        """With these rows, ascending, in these events."""
        tie, month, family = self.tie.copy(), self.month.copy(), self.family.copy()
        tie[rows], month[rows], family[rows] = ties, months, name_numbers(map(founder, event_ids))
        here = np.zeros(len(self), dtype=bool)
        here[rows] = True
        events = pc.replace_with_mask(self.event_id, pa.array(here), texts_of(event_ids))
        return replace(self, event_id=events, tie=tie, month=month, family=family)


def tell(reports: Collection[Report], received: Mapping[str, int]) -> Told:
    """Rows of reports that are not merged yet, in founding order."""
    ordered = sorted(reports, key=founding_order)
    numbers = [
        (r.published.toordinal() if r.published else UNDATED, r.rank, season_of(r), received.get(r.article_id, 0))
        for r in ordered
    ]
    day, rank, season, received_in = np.array(numbers, dtype=np.int64).reshape(-1, 4).T
    none = np.full(len(ordered), -1)
    nowhere = texts_of([""] * len(ordered))
    return Told(
        texts_of([r.report_id for r in ordered]), texts_of([r.article_id for r in ordered]),
        texts_of([SEPARATOR.join(r.words) for r in ordered]), nowhere, nowhere, day, rank, season, received_in, none,
        none, name_numbers(r.report_id for r in ordered), none,
    )  # fmt: skip


def _concat(one: Texts | Ints, other: Texts | Ints) -> Texts | Ints:
    return np.concatenate((one, other)) if isinstance(one, np.ndarray) else pa.concat_arrays([one, other])
