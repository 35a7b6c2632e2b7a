"""Which pairs of reports are worth comparing: near in place and day, or alike in words. Never all with all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from pipeline.facets import Facet
from pipeline.models import GeoPrecision

Ints = NDArray[np.int64]

_CELL_DEGREES = 0.3  # 33 km of latitude: the nine cells around a point hold all that may be the same place
_COLUMNS = 4096  # more than the cells around the globe
_DAYS = 4_000_000  # more than the last ordinal of a date
_LONGEST_RANGE = 8  # days a report is filed under; a longer range is filed under its first and last
# one day and cell of a great disaster may hold thousands of reports: each is compared with this many of its neighbours,
# which joins them all the same, one by one
_WINDOW = 40
_WORDS_EACH = 6  # rarest words under which a report is filed
_NEWS_DAYS = 4  # reports published within 4 days of each other share a shelf, some up to 7
_WORD_IN_AT_MOST = 40  # a word of more reports of one week says nothing


def candidate_pairs(facets: Sequence[Facet], weights: Mapping[str, float], *, reach_days: int = 1) -> Ints:
    """Pairs of positions (i < j), each once, in ascending order."""
    found = [
        *_by_cell_and_day(facets, reach_days),
        *_by_region_and_day(facets),
        _by_words(facets, weights),
        _by_voice(facets),
    ]
    pairs = [p for p in found if len(p)]
    if not pairs:
        return np.empty((0, 2), dtype=np.int64)
    both = np.sort(np.concatenate(pairs), axis=1)
    keys = np.unique(both[:, 0] * len(facets) + both[:, 1])
    return np.stack((keys // len(facets), keys % len(facets)), axis=1)


def _filed_days(facet: Facet) -> range | tuple[int, ...]:
    if facet.start is None or facet.end is None:
        return ()
    if facet.end - facet.start < _LONGEST_RANGE:
        return range(facet.start, facet.end + 1)
    return (facet.start, facet.end)


def _join(left_keys: Ints, left: Ints, keys: Ints, owners: Ints) -> Ints:
    """Pairs of owners whose keys are equal; `keys` sorted. In crowded keys only the nearest in order."""
    low, high = np.searchsorted(keys, left_keys, "left"), np.searchsorted(keys, left_keys, "right")
    # start at the own position where the key is one's own, else at a place that depends on the report alone
    crowded = np.maximum(high - low - _WINDOW, 0)
    start = low + np.where(crowded > 0, (left * 2654435761) % (crowded + 1), 0)
    size = np.minimum(high - start, _WINDOW)
    total = int(size.sum())
    if total == 0:
        return np.empty((0, 2), dtype=np.int64)
    who = np.repeat(left, size)
    offset = np.arange(total) - np.repeat(np.cumsum(size) - size, size)
    other = owners[np.repeat(start, size) + offset]
    keep = who != other
    return np.stack((who[keep], other[keep]), axis=1)


def _by_cell_and_day(facets: Sequence[Facet], reach: int) -> Iterator[Ints]:
    exact = (GeoPrecision.PLACE, GeoPrecision.AREA)
    who, cells, days = [], [], []
    for i, facet in enumerate(facets):
        filed = _filed_days(facet)
        for place in facet.report.places:
            if place.latitude is None or place.longitude is None or place.geo_precision not in exact:
                continue
            row, column = int((place.latitude + 90) / _CELL_DEGREES), int((place.longitude + 180) / _CELL_DEGREES)
            for day in filed:
                who.append(i)
                cells.append((row + 1) * _COLUMNS + column + 1)
                days.append(day)
    if not who:
        return
    owners, cell, day_of = np.array(who), np.array(cells), np.array(days)
    keys = cell * _DAYS + day_of
    order = np.lexsort((owners, keys))
    keys, owners, cell, day_of = keys[order], owners[order], cell[order], day_of[order]
    yield _own_block(keys, owners)
    # each pair of neighbouring blocks once: half of those around a block in row, column and day
    near, days_off = (-1, 0, 1), range(-reach, reach + 1)
    for rows, columns, later in product(near, near, days_off):
        if (rows, columns, later) > (0, 0, 0):
            yield _join((cell + rows * _COLUMNS + columns) * _DAYS + day_of + later, owners, keys, owners)


def _own_block(keys: Ints, owners: Ints) -> Ints:
    """Each with the next ones of its own block."""
    end = np.searchsorted(keys, keys, "right")
    position = np.arange(len(keys))
    size = np.minimum(end - position - 1, _WINDOW)
    who = np.repeat(owners, size)
    offset = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    other = owners[np.repeat(position + 1, size) + offset]
    keep = who != other
    return np.stack((who[keep], other[keep]), axis=1)


def _by_region_and_day(facets: Sequence[Facet]) -> Iterator[Ints]:
    """Reports that only name a region, with all of that region and day."""
    names: dict[tuple[str, str], int] = {}
    who, keys, vague_who, vague_keys = [], [], [], []
    for i, facet in enumerate(facets):
        for place in facet.report.places:
            if not place.admin1:
                continue
            region = names.setdefault((place.iso3, place.admin1), len(names))
            vague = place.geo_precision is GeoPrecision.ADMIN1
            for day in _filed_days(facet):
                who.append(i)
                keys.append(region * _DAYS + day)
                if vague:
                    vague_who.append(i)
                    vague_keys.append(region * _DAYS + day)
    if not vague_who:
        return
    owners, filed = np.array(who), np.array(keys)
    order = np.lexsort((owners, filed))
    owners, filed = owners[order], filed[order]
    for later in (-1, 0, 1):
        yield _join(np.array(vague_keys) + later, np.array(vague_who), filed, owners)


def _by_words(facets: Sequence[Facet], weights: Mapping[str, float]) -> Ints:
    """Reports of near days that share rare words, wherever each puts the place."""
    numbers: dict[str, int] = {}
    said = np.array([numbers.setdefault(w, len(numbers)) for f in facets for w in f.words], dtype=np.int64)
    if not len(said):
        return np.empty((0, 2), dtype=np.int64)
    who = np.repeat(np.arange(len(facets)), [len(f.words) for f in facets])
    # only a word that another report has too can bring a pair together
    held = np.bincount(said, minlength=len(numbers))
    tells = (held > 1) & np.array([weights.get(w, 0.0) > 0 for w in numbers], dtype=bool)
    keep = tells[said] & np.array([f.end is not None or f.report.published is not None for f in facets])[who]
    who, said = who[keep], said[keep]
    if not len(who):
        return np.empty((0, 2), dtype=np.int64)
    alphabetic = np.empty(len(numbers), dtype=np.int64)
    alphabetic[[numbers[w] for w in sorted(numbers)]] = np.arange(len(numbers))
    order = np.lexsort((alphabetic[said], held[said], who))
    who, said = who[order], said[order]
    rarest = np.arange(len(who)) - np.searchsorted(who, who, "left") < _WORDS_EACH
    owners, said = who[rarest], said[rarest]
    days = [f.report.published.toordinal() if f.report.published else f.end or 0 for f in facets]
    shelf = said * _DAYS + np.array(days)[owners] // _NEWS_DAYS
    order = np.lexsort((owners, shelf))
    owners, shelf = owners[order], shelf[order]
    _, place, size = np.unique(shelf, return_inverse=True, return_counts=True)
    few = size[place] <= _WORD_IN_AT_MOST
    owners, shelf = owners[few], shelf[few]
    return np.concatenate((_own_block(shelf, owners), _join(shelf + 1, owners, shelf, owners)))


def _by_voice(facets: Sequence[Facet]) -> Ints:
    shelves: defaultdict[str, list[int]] = defaultdict(list)
    for i, facet in enumerate(facets):
        shelves[facet.voice].append(i)
    return _pairs_of_shelves(list(shelves.values()))


def _pairs_of_shelves(shelves: list[list[int]]) -> Ints:
    pairs = [
        (first, second)
        for shelf in shelves
        if 1 < len(shelf) <= _WORD_IN_AT_MOST
        for n, first in enumerate(shelf)
        for second in shelf[n + 1 :]
        if first != second
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
