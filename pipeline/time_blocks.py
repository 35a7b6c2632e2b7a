"""An archive cut by time into blocks of whole seasons, and the blocks in which a report meets others.

Reports meet under keys, and a key has a day (see blocking.py). A block holds every report with a key on its days or
within reach of them, so all that meets under these keys meets in it, as it would in the whole archive.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import numpy as np

from pipeline.blocking import NEWS_DAYS, Ints, Shelf, Shelves, days_of, filed_days, news_shelf
from pipeline.facets import SEASON_DAYS, Facet

FAR = 1 << 21  # days: further than any date


class Blocks(NamedTuple):
    """Blocks of time, each by its first season; the first holds what is before it, too, and what has no day."""

    starts: tuple[int, ...]

    def of_day(self, day: int) -> int:
        """The block of a day."""
        return self.of_season(day // SEASON_DAYS)

    def of_season(self, season: int) -> int:
        """The block of a season."""
        return max(bisect_right(self.starts, season) - 1, 0)

    def of_seasons(self, seasons: Ints) -> Ints:
        """The block of each season."""
        return np.maximum(np.searchsorted(self.starts, seasons, "right") - 1, 0).astype(np.int64)

    def days(self, block: int) -> tuple[int, int]:
        """Its first day, and the first of the next."""
        last = block + 1 == len(self.starts)
        return (
            -FAR if block == 0 else self.starts[block] * SEASON_DAYS,
            FAR if last else self.starts[block + 1] * SEASON_DAYS,
        )


def cut_blocks(seasons: Ints, most: int) -> Blocks:
    """Blocks of at most so many reports, or of one season; `seasons`: of each report."""
    found, counts = np.unique(seasons, return_counts=True)
    starts, size = [0], 0
    for season, count in zip(found.tolist(), counts.tolist(), strict=True):
        if size and size + count > most:
            starts.append(season)
            size = 0
        size += count
    return Blocks(tuple(starts))


def blocks_of(facet: Facet, blocks: Blocks, reach: int) -> set[int]:
    """The blocks in which it may meet others whose days are within reach."""
    found: set[int] = set()
    for day in filed_days(facet):
        found |= {*range(blocks.of_day(day - reach), blocks.of_day(day + reach) + 1)}
    for shelf in news_shelf(facet) if facet.words else ():
        first, last = (shelf - 1) * NEWS_DAYS, (shelf + 2) * NEWS_DAYS - 1
        found |= {*range(blocks.of_day(first), blocks.of_day(last) + 1)}
    return found


def within(shelves: Shelves, blocks: Blocks, block: int, reach: int, at_home: Ints) -> Shelves:
    """The shelves with the keys that are whole in the block. at_home: reports whose copies all are in this block."""
    low, high = blocks.days(block)
    near = (low - reach, high + reach)
    mine = np.isin(shelves.voices.owners, at_home)
    return Shelves(
        cells=_between(shelves.cells, *near),
        regions=_between(shelves.regions, *near),
        vague=_between(shelves.vague, *near),
        words=_between(shelves.words, low // NEWS_DAYS - 1, (high - 1) // NEWS_DAYS + 2),
        voices=Shelf(shelves.voices.keys[mine], shelves.voices.owners[mine]),
    )


def _between(shelf: Shelf, low: int, high: int) -> Shelf:
    days = days_of(shelf)
    keep = (days >= low) & (days < high)
    return Shelf(shelf.keys[keep], shelf.owners[keep])
