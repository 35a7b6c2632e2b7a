"""Which pairs of reports are worth comparing: near in place and day, or alike in words. Never all with all.

A report is filed under numbers, its keys: a cell of the map and a day, a region and a day, a telling word and some days
of news, a text that several articles share. Reports under one key, or under neighbouring keys, are a pair. The keys of
a report depend on nothing but the report and its context, so a few reports may be filed without the whole archive.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.facets import Facet, Weights
from pipeline.models import GeoPrecision

Ints = NDArray[np.int64]

_CELL_DEGREES = 0.3  # 33 km of latitude: the nine cells around a point hold all that may be the same place
_COLUMNS = 4096  # more than the cells around the globe
_DAYS = 1 << 22  # more than the last ordinal of a date: a key is a name times this, plus a day
_REGION, _WORD, _VOICE = 1 << 32, 2 << 32, 3 << 32  # what the name names; cells stand below
_LONGEST_RANGE = 8  # days a report is filed under; a longer range is filed under its first and last
# one day and cell of a great disaster may hold thousands of reports: each is compared with this many of its neighbours,
# which joins them all the same, one by one
_WINDOW = 40
_NEWS_DAYS = 4  # reports published within 4 days of each other share a shelf, some up to 7


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
    shelves = file_reports(facets, weights)
    found = [
        *_by_cell_and_day(facets, shelves.cells, reach_days),
        *(_join(facets, shelves.vague, shelves.regions, later) for later in (-1, 0, 1)),
        _own_block(shelves.words),
        _join(facets, shelves.words, shelves.words, 1),
        _own_block(shelves.voices),
    ]
    both = np.sort(np.concatenate(found), axis=1)
    keys = np.unique(both[:, 0] * len(facets) + both[:, 1])
    return np.stack((keys // len(facets), keys % len(facets)), axis=1) if len(keys) else both


def file_reports(facets: Sequence[Facet], weights: Weights) -> Shelves:
    """Every report under its keys."""
    first_article: dict[str, str] = {}
    shared = {f.voice for f in facets if first_article.setdefault(f.voice, f.report.article_id) != f.report.article_id}
    filed: tuple[tuple[list[int], list[int]], ...] = tuple(([], []) for _ in Shelves._fields)
    for i, facet in enumerate(facets):
        regions, vague = _region_keys(facet)
        kinds = (
            _cell_keys(facet), regions, vague, _word_keys(facet, weights),
            [(_VOICE + _name(facet.voice)) * _DAYS] if facet.voice in shared else [],
        )  # fmt: skip
        for (keys, owners), of_report in zip(filed, kinds, strict=True):
            keys += of_report
            owners += [i] * len(of_report)
    return Shelves(*[_in_order(keys, owners) for keys, owners in filed])


def _in_order(keys: list[int], owners: list[int]) -> Shelf:
    numbers, positions = np.array(keys, dtype=np.int64), np.array(owners, dtype=np.int64)
    order = np.argsort(numbers, kind="stable")
    return Shelf(numbers[order], positions[order])


@lru_cache(maxsize=200_000)
def _name(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _filed_days(facet: Facet) -> range | tuple[int, ...]:
    if facet.start is None or facet.end is None:
        return ()
    if facet.end - facet.start < _LONGEST_RANGE:
        return range(facet.start, facet.end + 1)
    return (facet.start, facet.end)


def _cell_keys(facet: Facet) -> list[int]:
    cells = [
        (int((p.latitude + 90) / _CELL_DEGREES) + 1) * _COLUMNS + int((p.longitude + 180) / _CELL_DEGREES) + 1
        for p in facet.report.places
        if p.latitude is not None and p.longitude is not None
        and p.geo_precision in (GeoPrecision.PLACE, GeoPrecision.AREA)
    ]  # fmt: skip
    return [cell * _DAYS + day for cell in dict.fromkeys(cells) for day in _filed_days(facet)]


def _region_keys(facet: Facet) -> tuple[list[int], list[int]]:
    """Under all regions of its places, and under those of which it says no more."""
    days = _filed_days(facet)
    keys: dict[int, bool] = {}
    for place in facet.report.places:
        if place.admin1:
            region = _REGION + _name(f"{place.iso3} {place.admin1}")
            keys[region] = keys.get(region, False) or place.geo_precision is GeoPrecision.ADMIN1
    every = [region * _DAYS + day for region in keys for day in days]
    return every, [region * _DAYS + day for region, vague in keys.items() if vague for day in days]


def _word_keys(facet: Facet, weights: Weights) -> list[int]:
    """Reports of near days that share telling words, wherever each puts the place."""
    if facet.end is None and facet.report.published is None:
        return []
    day = facet.report.published.toordinal() if facet.report.published else facet.end or 0
    shelf = day // _NEWS_DAYS
    told = [w for w in facet.words if weights.get((facet.season, w), 1.0) > 0]
    return [(_WORD + _name(word)) * _DAYS + shelf for word in told]


def _by_cell_and_day(facets: Sequence[Facet], cells: Shelf, reach: int) -> Iterator[Ints]:
    yield _own_block(cells)
    # each pair of neighbouring blocks once: half of those around a block in row, column and day
    near, days_off = (-1, 0, 1), range(-reach, reach + 1)
    for rows, columns, later in product(near, near, days_off):
        if (rows, columns, later) > (0, 0, 0):
            yield _join(facets, cells, cells, (rows * _COLUMNS + columns) * _DAYS + later)


def _own_block(shelf: Shelf) -> Ints:
    """Each with the next ones under its own key."""
    end = np.searchsorted(shelf.keys, shelf.keys, "right")
    first = np.arange(1, len(shelf.keys) + 1)
    return _pairs(shelf.owners, shelf.owners, first, np.minimum(end - first, _WINDOW))


def _join(facets: Sequence[Facet], left: Shelf, right: Shelf, away: int) -> Ints:
    """Pairs of owners whose keys are `away` from each other. In crowded keys some, the same whatever else is filed."""
    keys = left.keys + away
    low, high = np.searchsorted(right.keys, keys, "left"), np.searchsorted(right.keys, keys, "right")
    first = low.copy()
    for n in np.flatnonzero(high - low > _WINDOW).tolist():
        first[n] += _name(facets[left.owners[n]].report.report_id) % (high[n] - low[n] - _WINDOW + 1)
    return _pairs(left.owners, right.owners, first, np.minimum(high - first, _WINDOW))


def _pairs(left: Ints, right: Ints, first: Ints, size: Ints) -> Ints:
    """Each of the left with `size` of the right, from `first` on; never one with itself."""
    who = np.repeat(left, size)
    offset = np.arange(len(who)) - np.repeat(np.cumsum(size) - size, size)
    other = right[np.repeat(first, size) + offset]
    keep = who != other
    return np.stack((who[keep], other[keep]), axis=1)
