"""Merge an archive whose reports lie in a workspace: block by block on an engine's workers, to the events that merging
it whole would make. This process holds numbers: pairs that are the same, and which reports they tie together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from pipeline.block_misses import Around, choose_nearest, find_misses_in
from pipeline.block_steps import find_same_in, merge_block, move, sort_out, weigh
from pipeline.blocking import Ints, ranges
from pipeline.components import find_components
from pipeline.engines import Engine
from pipeline.events import Same
from pipeline.ledger import Copied, Ledger, Source
from pipeline.steps import Step, run_steps
from pipeline.time_blocks import Blocks, cut_blocks
from pipeline.workspace import Workspace

# Reports merged at once: their records take some 0.4 GB. A season is never cut, so a dense archive has larger blocks
BLOCK_REPORTS = 20_000
GROUP = 64  # pieces sorted out at once, at most
Parts = dict[str, list[int]]  # part of a table -> the blocks that left rows of it


@dataclass(frozen=True, eq=False)
class Merged:
    """Where the tables of an archive lie in the workspace, by their parts, and how many events there are."""

    events: Parts
    reports: Parts
    misses: Parts
    count: int


class SpreadMerge:
    """A merge on its way."""

    def __init__(self, engine: Engine, workspace: Workspace, ledger: Ledger, block_reports: int) -> None:
        self._engine, self._workspace, self._ledger = engine, workspace, ledger
        self._block_reports = block_reports
        self._blocks: Blocks = cut_blocks(ledger.seasons, block_reports)
        self._home: Ints = self._blocks.of_seasons(ledger.seasons)  # of each report
        self._copied: Copied = ledger.find_copies(self._blocks)
        self._sources = self._sort_out()
        self._filed_from: dict[int, list[int]] = {}  # block -> those that filed reports in it
        self._filed: dict[int, Ints] = {}  # block -> these reports

    def merge(self, *, by_year: bool, with_misses: bool) -> Merged:
        """All of it. by_year: lay reports down by their year, not in the order of reading."""
        self._weigh()
        same = self._find_same()
        ledger = self._ledger
        leader = find_components(len(ledger), np.concatenate((same.pairs, ledger.parts)))
        goes_to = self._home[leader]
        arriving = self._move(goes_to)
        events, reports = Parts(), Parts()
        event_of = np.full(len(ledger), -1, dtype=np.int64)
        for block, merged in self._merge_blocks(same, goes_to, arriving, by_year):
            event_of[merged.reports] = merged.events
            for year in merged.years:
                events.setdefault(year, []).append(block)
            for shelf in merged.shelves:
                reports.setdefault(shelf, []).append(block)
        misses = self._find_misses(event_of, goes_to) if with_misses else Parts()
        return Merged(events, reports, misses, len(np.unique(event_of[event_of >= 0])))

    def _run(self, steps: Iterator[Step]) -> Iterator:
        return run_steps(self._engine, steps)

    def _sort_out(self) -> dict[int, list[Source]]:
        """For each block the pieces that hold its reports."""
        sources = self._ledger.sources
        if len(self._blocks.starts) == 1:
            return {0: sources}
        groups = [[source for _, source in some] for _, some in groupby(
            enumerate(sources), key=lambda at: (at[0] // GROUP, at[1].first // self._block_reports)
        )]  # fmt: skip
        found: defaultdict[int, list[Source]] = defaultdict(list)
        steps = ((sort_out, (self._workspace, n, group, self._blocks)) for n, group in enumerate(groups))
        for n, blocks in enumerate(self._run(steps)):
            for block in blocks:
                found[block].append(Source(f"home/{block}/{n}", 0))
        return dict(sorted(found.items()))

    def _weigh(self) -> None:
        filed: defaultdict[int, list[Ints]] = defaultdict(list)
        origins: defaultdict[int, list[int]] = defaultdict(list)
        steps = (
            (weigh, (self._workspace, block, sources, self._blocks, self._copied.among(self._home == block)))
            for block, sources in self._sources.items()
        )
        for block, found in zip(self._sources, self._run(steps), strict=True):
            for other, numbers in found.items():
                filed[other].append(numbers)
                origins[other].append(block)
        self._filed = {block: np.concatenate(some) for block, some in sorted(filed.items())}
        self._filed_from = dict(sorted(origins.items()))

    def _find_same(self) -> Same:
        steps = (
            (find_same_in, (self._workspace, block, origins, self._blocks))
            for block, origins in self._filed_from.items()
        )
        found = list(self._run(steps))
        pairs = np.concatenate([np.empty((0, 2), dtype=np.int64), *(same.pairs for same in found)])
        points = np.concatenate([np.empty(0), *(same.points for same in found)])
        del found
        # two blocks may find the same pair
        once = np.unique(pairs[:, 0] * max(len(self._ledger), 1) + pairs[:, 1], return_index=True)[1]
        return Same(pairs[once], points[once])

    def _move(self, goes_to: Ints) -> dict[int, list[int]]:
        """Reports to where they are merged; for each block whence some came."""
        leaving: dict[int, dict[int, Ints]] = {}
        for block in self._sources:
            mine = np.flatnonzero((self._home == block) & (goes_to != block))
            if len(mine):
                leaving[block] = {other: mine[goes_to[mine] == other] for other in np.unique(goes_to[mine]).tolist()}
        arriving: defaultdict[int, list[int]] = defaultdict(list)
        steps = ((move, (self._workspace, block, self._sources[block], some)) for block, some in leaving.items())
        for (block, some), _ in zip(leaving.items(), self._run(steps), strict=True):
            for other in some:
                arriving[other].append(block)
        return arriving

    def _merge_blocks(self, same: Same, goes_to: Ints, arriving: dict[int, list[int]], by_year: bool) -> Iterator:
        blocks = np.unique(goes_to).tolist()
        merged_in = goes_to[same.pairs[:, 0]]
        order = np.argsort(merged_in, kind="stable")
        bounds = np.searchsorted(merged_in[order], [*blocks, len(self._blocks.starts)])

        def steps() -> Iterator[Step]:
            for n, block in enumerate(blocks):
                rows = order[bounds[n] : bounds[n + 1]]
                leaving = np.flatnonzero((self._home == block) & (goes_to != block))
                yield merge_block, (
                    self._workspace, block, self._sources[block], leaving, arriving.get(block, []),
                    Same(same.pairs[rows], same.points[rows]), self._copied.among(goes_to == block), by_year,
                )  # fmt: skip

        yield from zip(blocks, self._run(steps()), strict=True)

    def _find_misses(self, event_of: Ints, merged_in: Ints) -> Parts:
        alone = self._meet_alone(event_of)
        order = np.argsort(event_of, kind="stable")
        in_order = event_of[order]

        def steps() -> Iterator[Step]:
            for block, origins in self._filed_from.items():
                reports = self._filed[block]
                events = np.unique(event_of[reports])
                low, high = np.searchsorted(in_order, events, "left"), np.searchsorted(in_order, events, "right")
                members = order[ranges(low, high)]
                tells = np.stack((event_of[members], self._ledger.articles[members]), axis=1)
                around = Around(
                    reports, event_of[reports], alone[event_of[reports]] == block, tells,
                    tuple(np.unique(merged_in[events]).tolist()),
                )  # fmt: skip
                yield find_misses_in, (self._workspace, block, origins, self._blocks, around)

        met: defaultdict[int, list[int]] = defaultdict(list)
        for block, owners in zip(self._filed_from, self._run(steps()), strict=True):
            for owner in owners.tolist():
                met[owner].append(block)
        found = Parts()
        chosen = ((choose_nearest, (self._workspace, owner, met[owner])) for owner in sorted(met))
        for owner, years in zip(sorted(met), self._run(chosen), strict=True):
            for year in years:
                found.setdefault(year, []).append(owner)
        return found

    def _meet_alone(self, event_of: Ints) -> Ints:
        """For the number of each event the block in which all of its reports meet, -1 where there are several."""
        size = len(event_of)
        first, last = np.full(size, len(self._blocks.starts)), np.full(size, -1)
        for block, reports in self._filed.items():
            np.minimum.at(first, event_of[reports], block)
            np.maximum.at(last, event_of[reports], block)
        return np.where(first == last, first, -1)


def merge_spread(
    engine: Engine, workspace: Workspace, ledger: Ledger, *, by_year: bool, with_misses: bool,
    block_reports: int = BLOCK_REPORTS,
) -> Merged:  # fmt: skip
    """Merge what the ledger tells of, and leave the tables in the workspace."""
    return SpreadMerge(engine, workspace, ledger, block_reports).merge(by_year=by_year, with_misses=with_misses)
