"""What workers do to merge a block of an archive: sort out its reports, weigh words, find what is the same, merge.

Each step takes pieces of the workspace and leaves others; what it gives back is numbers. Done twice it does the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from pipeline.block_tables import shelve_events, shelve_reports, year_of
from pipeline.blocking import Ints, Shelves, file_reports, name_numbers, pairs_on
from pipeline.event_values import founding_order
from pipeline.events import Context, FindSame, Same, keep_same, merge_reports
from pipeline.facets import Facet, Weights, make_facet, season_of, weights_of
from pipeline.ledger import Source, Told
from pipeline.models import Report
from pipeline.near_misses import REACH_DAYS
from pipeline.ties import MERGE_REACH_DAYS
from pipeline.time_blocks import Blocks, blocks_of, within
from pipeline.workspace import Workspace, no_circles

Voices = Mapping[str, tuple[str, int]]  # article id -> who speaks for it, and the block where its copies meet


def _load(workspace: Workspace, sources: Iterable[Source]) -> Iterator[Told]:
    for name, first, without in sources:
        for number, report, speaks in workspace.get(name):
            if number not in without:
                yield first + number, report, speaks


@no_circles()
def sort_out(workspace: Workspace, group: int, sources: Sequence[Source], blocks: Blocks) -> list[int]:
    """Leave the reports by the block that they belong to; which blocks there are."""
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for told in _load(workspace, sources):
        found[blocks.of_season(season_of(told[1]))].append(told)
    for block, some in found.items():
        workspace.put(f"home/{block}/{group}", some)
    return sorted(found)


@no_circles()
def weigh(
    workspace: Workspace, block: int, sources: Sequence[Source], blocks: Blocks, voices: Voices
) -> dict[int, Ints]:
    """Weigh the words of a block's seasons, and leave what of its reports is compared in each block where they meet
    others; block -> numbers of these reports."""
    told = list(_load(workspace, sources))
    weights = weights_of(Counter((season_of(r), word) for _, r, speaks in told if speaks for word in r.words))
    workspace.put(f"weights/{block}", weights)
    found: defaultdict[int, list[Filed]] = defaultdict(list)
    for number, report, _ in told:
        speaker, home = voices.get(report.article_id, ("", -1))
        facet = make_facet(report, speaker)
        facet.report = _compared(report)
        telling = {word: weights[key] for word in report.words if (key := (facet.season, word)) in weights}
        filed = Filed(number, facet, telling, home)
        for other in blocks_of(facet, blocks, REACH_DAYS) | ({home} if home >= 0 else set()):
            found[other].append(filed)
    for other, some in found.items():
        workspace.put(f"filed/{other}/{block}", [tuple(filed) for filed in some])
    return {other: np.array([filed.number for filed in some]) for other, some in found.items()}


class Filed(NamedTuple):
    """A report as it is compared."""

    number: int
    facet: Facet
    telling: dict[str, float]  # what its words tell in its season, where that is below 1
    home: int  # the block where copies of its text meet, -1 for none


def _compared(report: Report) -> Report:
    """Without what no decision looks at."""
    return replace(
        report, evidence="", reasons=(), claims=(), voice="", actors=(), date_span=None, place_span=None,
        killed_span=None, injured_span=None, kind_span=None, event_type_span=None, actors_span=None,
        attributions_span=None,
    )  # fmt: skip


class FiledBlock(NamedTuple):
    """All reports that meet in a block, in founding order, and the keys under which they meet."""

    numbers: Ints
    facets: list[Facet]
    weights: Weights
    shelves: Shelves

    def pairs(self, reach: int) -> Ints:
        """Those worth comparing, by position."""
        return pairs_on(self.shelves, name_numbers(f.report.report_id for f in self.facets), reach)


def load_filed(workspace: Workspace, block: int, origins: Sequence[int], blocks: Blocks, reach: int) -> FiledBlock:
    """What other blocks have filed in this one."""
    filed = [Filed(*one) for origin in origins for one in workspace.get(f"filed/{block}/{origin}")]
    filed.sort(key=lambda one: founding_order(one.facet.report))
    weights = {(one.facet.season, word): weight for one in filed for word, weight in one.telling.items()}
    facets = [one.facet for one in filed]
    at_home = np.array([n for n, one in enumerate(filed) if one.home == block], dtype=np.int64)
    shelves = within(file_reports(facets, weights), blocks, block, reach, at_home)
    return FiledBlock(np.array([one.number for one in filed], dtype=np.int64), facets, weights, shelves)


@no_circles()
def find_same_in(workspace: Workspace, block: int, origins: Sequence[int], blocks: Blocks) -> Same:
    """Pairs of numbers, the report that was first before the other, that tell of one happening."""
    filed = load_filed(workspace, block, origins, blocks, MERGE_REACH_DAYS)
    same = keep_same(filed.facets, filed.weights, filed.pairs(MERGE_REACH_DAYS))
    return Same(filed.numbers[same.pairs], same.points)


@no_circles()
def move(workspace: Workspace, block: int, sources: Sequence[Source], leaving: Mapping[int, Ints]) -> None:
    """Leave reports of this block where they are merged with those of another."""
    to = {number: other for other, numbers in leaving.items() for number in numbers.tolist()}
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for told in _load(workspace, sources):
        if told[0] in to:
            found[to[told[0]]].append(told)
    for other, some in found.items():
        workspace.put(f"moved/{other}/{block}", some)


class MergedBlock(NamedTuple):
    """What was made of a block: for each of its reports a number that its event alone has, and the tables left."""

    reports: Ints
    events: Ints
    years: tuple[str, ...]  # of its events
    shelves: tuple[str, ...]  # of its reports


@no_circles()
def merge_block(
    workspace: Workspace, block: int, sources: Sequence[Source], leaving: Ints, origins: Sequence[int], same: Same,
    voices: Voices, by_year: bool,
) -> MergedBlock:  # fmt: skip
    """Merge the reports of a block, without those that leave and with those that came from others."""
    gone = {*leaving.tolist()}
    told = [one for one in _load(workspace, sources) if one[0] not in gone]
    came = list(_load(workspace, [Source(f"moved/{block}/{origin}", 0) for origin in origins]))
    weights: dict[tuple[int, str], float] = dict(workspace.get(f"weights/{block}"))
    foreign = {(season_of(report), word) for _, report, _ in came for word in report.words}
    for origin in origins:
        weights |= {key: weight for key, weight in workspace.get(f"weights/{origin}").items() if key in foreign}
    told += came
    number_of = {report.report_id: number for number, report, _ in told}
    reports = [report for _, report, _ in told]
    context = Context({article: speaker for article, (speaker, _) in voices.items()}, weights)
    events = merge_reports(reports, context=context, find=_found(same, number_of))
    years = shelve_events(workspace, block, events)
    shelves = shelve_reports(workspace, block, reports, number_of, events, by_year=by_year)
    numbers = [[number_of[r] for r in event.report_ids] for event in events]
    called = {n[0]: (event.event_id, year_of(event.date_start)) for n, event in zip(numbers, events, strict=True)}
    workspace.put(f"called/{block}", called)
    return MergedBlock(
        np.array([n for some in numbers for n in some], dtype=np.int64),
        np.array([some[0] for some in numbers for _ in some], dtype=np.int64), years, shelves,
    )  # fmt: skip


def _found(same: Same, number_of: Mapping[str, int]) -> FindSame:
    """Pairs of numbers, by position."""

    def find(facets: Sequence[Facet], _: Weights) -> Same:
        numbers = np.array([number_of[f.report.report_id] for f in facets], dtype=np.int64)
        order = np.argsort(numbers)
        pairs = order[np.searchsorted(numbers, same.pairs, sorter=order)]
        ascending = np.lexsort((pairs[:, 1], pairs[:, 0]))
        return Same(pairs[ascending], same.points[ascending])

    return find
