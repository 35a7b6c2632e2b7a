"""Which rows of an archive are merged together: a row's event may depend on all that it is tied to, on nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
import pyarrow.compute as pc

from pipeline.blocking import Ints, Marks, Shelves, are_among, crowded, name_numbers, pairs_on
from pipeline.event_ids import founder
from pipeline.events import Context, make_facets
from pipeline.models import Event, Report
from pipeline.remembered import Decided
from pipeline.same_event import same_event
from pipeline.text_columns import take
from pipeline.told import Told

MERGE_REACH_DAYS = 1


class Archive:
    """The reports by rows in founding order, loaded where they are needed."""

    def __init__(self, told: Told, load: Callable[[Collection[str]], Iterable[Report]]) -> None:
        self.told = told
        self._load = load
        self._loaded: dict[str, Report] = {}

    def keep(self, reports: Iterable[Report]) -> None:
        """Reports that are loaded already."""
        self._loaded |= {r.report_id: r for r in reports}

    def reports(self, rows: Ints) -> list[Report]:
        """The reports of these rows, in their order."""
        ids, articles = (take(column, rows).to_pylist() for column in (self.told.report_id, self.told.article_id))
        missing = {a for r, a in zip(ids, articles, strict=True) if r not in self._loaded}
        if missing:
            self.keep(self._load(missing))
        return [self._loaded[r] for r in ids]


def find_tied(
    archive: Archive, stirred: Marks, gone: Told, filed: Shelves, known: Mapping[str, str], context: Context
) -> Marks:
    """The rows whose events may be others now: the stirred, and all that are tied to them."""
    told = archive.told
    tied = stirred | _is_one_of(told.tie, np.concatenate((told.tie[stirred], gone.tie)))
    if not tied.all():
        pairs = pairs_on(filed, told.name, MERGE_REACH_DAYS, stirred)
        pairs = pairs[~(tied[pairs[:, 0]] & tied[pairs[:, 1]])]
        rows, where = np.unique(pairs, return_inverse=True)
        facets = make_facets(archive.reports(rows), context)
        for i, j in where.reshape(-1, 2).tolist():
            if same_event(facets[i], facets[j], context.weights).same:
                tied[rows[[i, j]]] = True
    return _with_kin(told, tied, gone, _called_elsewhere(told, known))


def _with_kin(told: Told, tied: Marks, gone: Told, elsewhere: tuple[Ints, Ints]) -> Marks:
    """And all that are tied to these, or have to do with the name of an event of these.

    An event's name follows from its reports and one that it is called after: those that share one are a family.
    """
    rows, families = elsewhere
    done, found = np.zeros(len(tied), dtype=bool), tied.copy()
    called = np.concatenate((gone.name, gone.family))
    found |= _of_families(told, called, elsewhere)
    while (new := found & ~done).any():
        done |= new
        if done.all():
            break
        called = np.concatenate((told.name[new], told.family[new], families[new[rows]]))
        found = done | _is_one_of(told.tie, told.tie[new]) | _of_families(told, called, elsewhere)
    return done


def _of_families(told: Told, families: Ints, elsewhere: tuple[Ints, Ints]) -> Marks:
    """Rows that have to do with the names of these."""
    found = _is_one_of(told.name, families) | _is_one_of(told.family, families)
    found[elsewhere[0][_is_one_of(elsewhere[1], families)]] = True
    return found


def _called_elsewhere(told: Told, known: Mapping[str, str]) -> tuple[Ints, Ints]:
    """Rows that were in another event before this publication than they are in, and the family of its name."""
    moved = np.asarray(pc.not_equal(told.was, told.event_id).to_numpy(zero_copy_only=False))
    moved[told.rows_of(known)] = True
    rows = np.flatnonzero(moved)
    some = told.take(rows)
    before = [known.get(r, e) for r, e in zip(some.report_id.to_pylist(), some.was.to_pylist(), strict=True)]
    others = [n for n, (e, now) in enumerate(zip(before, some.event_id.to_pylist(), strict=True)) if e and e != now]
    return rows[others], name_numbers(founder(before[n]) for n in others)


def _is_one_of(numbers: Ints, wanted: Ints) -> Marks:
    """Which of the numbers are among the wanted; those below zero never."""
    return are_among(numbers, np.unique(wanted[wanted >= 0]))


class Ties:
    """Which reports may have to do with each other's merging, by position."""

    def __init__(self, size: int) -> None:
        self._leader = list(range(size))

    def __len__(self) -> int:
        return len(self._leader)

    def find(self, i: int) -> int:
        """The position that stands for all that i is tied to."""
        while self._leader[i] != i:
            self._leader[i] = self._leader[self._leader[i]]
            i = self._leader[i]
        return i

    def tie(self, i: int, j: int) -> None:
        """Tie two, and all that these are tied to."""
        a, b = self.find(i), self.find(j)
        self._leader[max(a, b)] = min(a, b)

    def tie_all(self, pairs: Iterable[Sequence[int]]) -> None:
        """Tie each pair."""
        for i, j in pairs:
            self.tie(i, j)


def tie_rows(
    ties: Ties, reports: Sequence[Report], events: Sequence[Event], decided: Decided, rows: Ints, filed: Shelves
) -> None:
    """Beside those that are the same: decisions, totals and parts, events and their names, crowds."""
    at = {r.report_id: n for n, r in enumerate(reports)}
    ties.tie_all((at[a], at[b]) for a, b in decided.must if a in at and b in at)
    ties.tie_all((n, at[r.part_of]) for n, r in enumerate(reports) if r.part_of in at)
    for event in events:
        named = [r for r in (*event.report_ids, founder(event.event_id)) if r in at]
        ties.tie_all((at[named[0]], at[r]) for r in named)
    place = np.full(max(int(owners.max(initial=-1)) for owners in (rows, *(s.owners for s in filed))) + 1, -1)
    place[rows] = np.arange(len(rows))
    for shelf in filed:
        full = crowded(shelf, np.flatnonzero(place[shelf.owners] >= 0))
        leader: dict[int, int] = {}
        for key, n in zip(shelf.keys[full].tolist(), place[shelf.owners[full]].tolist(), strict=True):
            ties.tie(leader.setdefault(key, n), n)
