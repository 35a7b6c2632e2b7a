"""Which pairs of reports are worth comparing: near in place and day, or alike in words. Never all with all.

A report is filed under numbers, its keys: a cell of the map and a day, a region and a day, a telling word and some days
of news, a text that several articles share. Reports under one key, or under neighbouring keys, are a pair. The keys of
a report depend on nothing but the report and its context, so a few reports may be filed without the whole archive.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.facets import Facet, Weights
from pipeline.models import GeoPrecision

Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

_CELL_DEGREES = 0.3  # 33 km of latitude: the nine cells around a point hold all that may be the same place
_COLUMNS = 4096  # more than the cells around the globe
_DAYS = 1 << 22  # more than the last ordinal of a date: a key is a name times this, plus a day
_REGION, _WORD, _VOICE = 1 << 32, 2 << 32, 3 << 32  # what the name names; cells stand below
_EXACT = (GeoPrecision.PLACE, GeoPrecision.AREA)
_LONGEST_RANGE = 8  # days a report is filed under; a longer range is filed under its first and last
# one day and cell of a great disaster may hold thousands of reports: each is compared with this many of its neighbours,
# which joins them all the same, one by one
_WINDOW = 40
NEWS_DAYS = 4  # reports published within 4 days of each other share a shelf, some up to 7


class Shelf(NamedTuple):
    """Keys in ascending order, and for each the position of the report filed under it; ascending under one key."""

    keys: Ints
    owners: Ints


class Shelves(NamedTuple):
    """All reports, filed; a report that names only its region is under `vague` too."""

    cells: Shelf
    regions: Shelf
    vague: Shelf
    words: Shelf
    voices: Shelf


def candidate_pairs(facets: Sequence[Facet], weights: Weights, *, reach_days: int = 1) -> Ints:
    """Pairs of positions (i < j), each once, in ascending order."""
    return pairs_on(file_reports(facets, weights), name_numbers(f.report.report_id for f in facets), reach_days)


def pairs_on(shelves: Shelves, names: Ints, reach_days: int, among: Marks | None = None) -> Ints:
    """Pairs of positions (i < j), each once, in ascending order. among: only those of which one is marked."""
    cells, regions, vague, words, voices = (_ask(shelf, among) for shelf in shelves)
    found = [
        *_by_cell_and_day(names, cells, reach_days),
        *(_join(names, vague, regions, later) for later in (-1, 0, 1)),
        _own_block(words),
        _join(names, words, words, 1),
        _own_block(voices),
    ]
    both = np.sort(np.concatenate(found), axis=1)
    keys = np.unique(both[:, 0] * len(names) + both[:, 1])
    return np.stack((keys // len(names), keys % len(names)), axis=1) if len(keys) else both


def name_numbers(report_ids: Iterable[str]) -> Ints:
    """A number a report that follows from its id alone."""
    return np.array([_number(report_id) for report_id in report_ids], dtype=np.int64)


def crowded(shelf: Shelf, at: Ints) -> Ints:
    """Those of the entries under a key of so many that each is compared with some of them only."""
    keys = shelf.keys[at]
    return at[np.searchsorted(shelf.keys, keys, "right") - np.searchsorted(shelf.keys, keys, "left") > _WINDOW]


def in_crowd(shelf: Shelf, keys: Ints) -> Ints:
    """Whose entries stand under those of the keys under which so many stand."""
    low, high = np.searchsorted(shelf.keys, keys, "left"), np.searchsorted(shelf.keys, keys, "right")
    full = high - low > _WINDOW
    blocks = [shelf.owners[a:b] for a, b in zip(low[full].tolist(), high[full].tolist(), strict=True)]
    return np.concatenate([np.empty(0, dtype=np.int64), *blocks])


def file_reports(facets: Sequence[Facet], weights: Weights) -> Shelves:
    """Every report under its keys."""
    cells, regions, vague, words, voices = (_Filing() for _ in Shelves._fields)
    for i, facet in enumerate(facets):
        days = filed_days(facet)
        if days:
            for cell in _cells(facet):
                cells.put(i, cell, days)
            for region, alone in _regions(facet).items():
                regions.put(i, region, days)
                if alone:
                    vague.put(i, region, days)
        if facet.words and (shelf := news_shelf(facet)):
            for word in facet.words:
                if weights.get((facet.season, word), 1.0) > 0:
                    words.put(i, _WORD + _name(word), shelf)
        voices.put(i, _VOICE + _number(facet.voice), (0,))
    return Shelves(*[filing.in_order() for filing in (cells, regions, vague, words, voices)])


def days_of(shelf: Shelf) -> Ints:
    """The day of each key; of words the number of its days of news."""
    return shelf.keys % _DAYS


class _Filing:
    """A shelf that is being filled."""

    def __init__(self) -> None:
        self._keys: list[int] = []
        self._owners: list[int] = []

    def put(self, owner: int, name: int, days: Sequence[int]) -> None:
        """File a report under a name on some days."""
        for day in days:
            self._keys.append(name * _DAYS + day)
            self._owners.append(owner)

    def in_order(self) -> Shelf:
        """The shelf."""
        return in_order(np.array(self._keys, dtype=np.int64), np.array(self._owners, dtype=np.int64))


def in_order(keys: Ints, owners: Ints) -> Shelf:
    """A shelf of these entries."""
    order = np.lexsort((owners, keys))
    return Shelf(keys[order], owners[order])


def put_in(shelf: Shelf, new: Shelf) -> Shelf:
    """A shelf with the entries of both."""
    if 8 * len(new.keys) > len(shelf.keys):
        return in_order(np.concatenate((shelf.keys, new.keys)), np.concatenate((shelf.owners, new.owners)))
    at, end = np.searchsorted(shelf.keys, new.keys), np.searchsorted(shelf.keys, new.keys, "right")
    for n in np.flatnonzero(at < end).tolist():
        at[n] += np.searchsorted(shelf.owners[at[n] : end[n]], new.owners[n])
    return Shelf(np.insert(shelf.keys, at, new.keys), np.insert(shelf.owners, at, new.owners))


@lru_cache(maxsize=20_000)
def _name(text: str) -> int:
    """The same of what is met again and again; ids are met once, and would be kept for nothing."""
    return _number(text)


def _number(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=20_000)
def _region(iso3: str, admin1: str) -> int:
    return _REGION + _name(f"{iso3} {admin1}")


def filed_days(facet: Facet) -> Sequence[int]:
    """The days under which it is filed, as ordinals."""
    if facet.start is None or facet.end is None:
        return ()
    if facet.end - facet.start < _LONGEST_RANGE:
        return range(facet.start, facet.end + 1)
    return (facet.start, facet.end)


def news_shelf(facet: Facet) -> tuple[int, ...]:
    """The days of news that a report belongs to, whatever day it tells of."""
    day = facet.report.published.toordinal() if facet.report.published else facet.end
    return () if day is None else (day // NEWS_DAYS,)


def _cells(facet: Facet) -> Iterable[int]:
    return {
        (int((p.latitude + 90) / _CELL_DEGREES) + 1) * _COLUMNS + int((p.longitude + 180) / _CELL_DEGREES) + 1
        for p in facet.report.places
        if p.geo_precision in _EXACT and p.latitude is not None and p.longitude is not None
    }


def _regions(facet: Facet) -> dict[int, bool]:
    """All regions of its places, and whether it says no more of one than its name."""
    regions: dict[int, bool] = {}
    for place in facet.report.places:
        if place.admin1:
            region = _region(place.iso3, place.admin1)
            regions[region] = regions.get(region, False) or place.geo_precision is GeoPrecision.ADMIN1
    return regions


class _Asked(NamedTuple):
    """A shelf, and where on it those stand whose pairs are asked for."""

    keys: Ints
    owners: Ints
    at: Ints
    among: Marks | None  # None: all

    def near(self, other: _Asked, away: int) -> Ints:
        """Entries that are asked for, or meet such `away` from their own key on the other shelf; ascending."""
        if self.among is None:
            return self.at
        keys = np.unique(other.keys[other.at]) - away
        return np.union1d(self.at, ranges(np.searchsorted(self.keys, keys), np.searchsorted(self.keys, keys, "right")))


def _ask(shelf: Shelf, among: Marks | None) -> _Asked:
    at = np.arange(len(shelf.keys)) if among is None else np.flatnonzero(among[shelf.owners])
    return _Asked(shelf.keys, shelf.owners, at, among)


def ranges(low: Ints, high: Ints) -> Ints:
    """All numbers from each low to below its high."""
    sizes = high - low
    return np.arange(sizes.sum()) + np.repeat(low - (np.cumsum(sizes) - sizes), sizes)


def are_among(values: NDArray[Any], wanted: NDArray[Any]) -> Marks:
    """Which of many values are among a few, these in ascending order; numpy's own sorts the many."""
    if not len(wanted):
        return np.zeros(values.shape, dtype=bool)
    return np.asarray(wanted[np.minimum(np.searchsorted(wanted, values), len(wanted) - 1)] == values)


def _by_cell_and_day(names: Ints, cells: _Asked, reach: int) -> Iterator[Ints]:
    yield _own_block(cells)
    # each pair of neighbouring blocks once: half of those around a block in row, column and day
    near, days_off = (-1, 0, 1), range(-reach, reach + 1)
    for rows, columns, later in product(near, near, days_off):
        if (rows, columns, later) > (0, 0, 0):
            yield _join(names, cells, cells, (rows * _COLUMNS + columns) * _DAYS + later)


def _own_block(shelf: _Asked) -> Ints:
    """Each with the next ones under its own key."""
    left = shelf.near(shelf, 0)
    end = np.searchsorted(shelf.keys, shelf.keys[left], "right")
    return _pairs(shelf.owners[left], shelf.owners, left + 1, np.minimum(end - left - 1, _WINDOW), shelf.among)


def _join(names: Ints, left: _Asked, right: _Asked, away: int) -> Ints:
    """Pairs of owners whose keys are `away` from each other. In crowded keys some, the same whatever else is filed."""
    at = left.near(right, away)
    keys, owners = left.keys[at] + away, left.owners[at]
    low, high = np.searchsorted(right.keys, keys, "left"), np.searchsorted(right.keys, keys, "right")
    room = np.maximum(high - low - _WINDOW, 0)
    first = low + np.where(room > 0, names[owners] % (room + 1), 0)
    return _pairs(owners, right.owners, first, np.minimum(high - first, _WINDOW), left.among)


def _pairs(left: Ints, right: Ints, first: Ints, size: Ints, among: Marks | None) -> Ints:
    """Each of the left with `size` of the right, from `first` on; never one with itself."""
    who = np.repeat(left, size)
    offset = np.arange(len(who)) - np.repeat(np.cumsum(size) - size, size)
    other = right[np.repeat(first, size) + offset]
    keep = who != other
    if among is not None:
        keep &= among[who] | among[other]
    return np.stack((who[keep], other[keep]), axis=1)
