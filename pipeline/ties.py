"""Which rows of an archive are merged together: a row's event may depend on all that it is tied to, on nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from pipeline.blocking import Ints, Marks, Shelves, crowded, pairs_on
from pipeline.event_ids import founder
from pipeline.events import Context, make_facets
from pipeline.models import Event, Report
from pipeline.remembered import Decided
from pipeline.same_event import same_event

MERGE_REACH_DAYS = 1


class Archive:
    """The reports by rows in founding order, loaded where they are needed."""

    def __init__(self, told: pd.DataFrame, load: Callable[[Collection[str]], Iterable[Report]]) -> None:
        self.told = told
        self.ids: list[str] = told["report_id"].tolist()
        self.articles: list[str] = told["article_id"].tolist()
        self.row_of = {report_id: n for n, report_id in enumerate(self.ids)}
        self._load = load
        self._loaded: dict[str, Report] = {}

    def keep(self, reports: Iterable[Report]) -> None:
        """Reports that are loaded already."""
        self._loaded |= {r.report_id: r for r in reports}

    def reports(self, rows: Iterable[int]) -> list[Report]:
        """The reports of these rows, in their order."""
        wanted = [int(n) for n in rows]
        missing = {self.articles[n] for n in wanted if self.ids[n] not in self._loaded}
        if missing:
            self.keep(self._load(missing))
        return [self._loaded[self.ids[n]] for n in wanted]

    def rows(self, report_ids: Iterable[str]) -> list[int]:
        """Where these stand; those that are gone stand nowhere."""
        return [self.row_of[r] for r in report_ids if r in self.row_of]


def find_tied(
    archive: Archive, stirred: Marks, gone: pd.DataFrame, filed: Shelves, names: Ints, known: Mapping[str, str],
    context: Context,
) -> Marks:  # fmt: skip
    """The rows whose events may be others now: the stirred, and all that are tied to them."""
    tie = archive.told["tie"].to_numpy()
    tied = stirred | np.isin(tie, np.unique(np.concatenate((tie[stirred & (tie >= 0)], gone["tie"]))))
    if not tied.all():
        pairs = pairs_on(filed, names, MERGE_REACH_DAYS, stirred)
        pairs = pairs[~(tied[pairs[:, 0]] & tied[pairs[:, 1]])]
        rows, where = np.unique(pairs, return_inverse=True)
        facets = make_facets(archive.reports(rows), context)
        for i, j in where.reshape(-1, 2).tolist():
            if same_event(facets[i], facets[j], context.weights).same:
                tied[rows[[i, j]]] = True
    return _with_kin(archive, tied, gone, known)


def _with_kin(archive: Archive, tied: Marks, gone: pd.DataFrame, known: Mapping[str, str]) -> Marks:
    """And all that are tied to these, or have to do with the name of an event of these."""
    tie, families = _Groups(archive.told["tie"].to_numpy()), _Families(archive, known)
    waiting, done = np.flatnonzero(tied).tolist(), np.zeros(len(tied), dtype=bool)
    waiting += families.of_reports(gone["report_id"])
    waiting += families.of_events(gone["event_id"])
    while waiting:
        n = waiting.pop()
        if not done[n]:
            done[n] = True
            if tie.labels[n] >= 0:
                waiting += tie.with_label(int(tie.labels[n]))
            waiting += families.of_row(n)
    return done


class _Groups:
    """Rows by a label each."""

    def __init__(self, labels: Ints) -> None:
        self.labels = labels
        self._order = np.argsort(labels, kind="stable")
        self._sorted = labels[self._order]

    def with_label(self, label: int) -> list[int]:
        """The rows that have it."""
        low, high = np.searchsorted(self._sorted, (label, label + 1))
        found: list[int] = self._order[low:high].tolist()
        return found


class _Families:
    """Rows that may have to do with one event's name: it follows from its reports and one it is called after."""

    def __init__(self, archive: Archive, known: Mapping[str, str]) -> None:
        self._archive = archive
        codes, events = pd.factorize(archive.told["event_id"])
        numbers: dict[str, int] = {}
        number = np.array([numbers.setdefault(founder(e), len(numbers)) for e in events], dtype=np.int64)
        self._numbers, self._names = numbers, [*numbers]
        self._called = _Groups(number[codes] if len(codes) else codes.astype(np.int64))
        # where a decision gives a report another event's name than it had
        self._elsewhere: defaultdict[str, list[int]] = defaultdict(list)
        self._also: defaultdict[int, list[str]] = defaultdict(list)
        here = {n: event_id for report_id, event_id in known.items() if (n := archive.row_of.get(report_id, -1)) >= 0}
        rows = np.array(sorted(here), dtype=np.int64)
        for n, event_id in zip(rows.tolist(), archive.told["event_id"].iloc[rows], strict=True):
            if here[n] != event_id:
                self._elsewhere[founder(here[n])].append(n)
                self._also[n].append(founder(here[n]))

    def of_row(self, row: int) -> list[int]:
        """Those of its report, of its event's founder, and of the event that its report was in."""
        called = self._names[int(self._called.labels[row])]
        mine = (self._archive.ids[row], called, *self._also.get(row, ()))
        return [n for family in {*mine} - {""} for n in self._of(family)]

    def of_reports(self, report_ids: Iterable[str]) -> list[int]:
        """Those of reports that may be gone."""
        return [n for report_id in report_ids for n in self._of(report_id)]

    def of_events(self, event_ids: Iterable[str]) -> list[int]:
        """Those of events that may be gone."""
        return [n for event_id in event_ids if event_id for n in self._of(founder(event_id))]

    def _of(self, family: str) -> list[int]:
        own = self._archive.row_of.get(family)
        called = self._called.with_label(self._numbers[family]) if family in self._numbers else []
        return [*([own] if own is not None else ()), *called, *self._elsewhere.get(family, ())]


class Ties:
    """Which reports may have to do with each other's merging, by position."""

    def __init__(self, size: int) -> None:
        self._leader = list(range(size))

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
    place = {int(row): n for n, row in enumerate(rows)}
    for shelf in filed:
        full = crowded(shelf)
        leader: dict[int, int] = {}
        for key, owner in zip(shelf.keys[full].tolist(), shelf.owners[full].tolist(), strict=True):
            if owner in place:
                ties.tie(leader.setdefault(key, place[owner]), place[owner])
