"""Near misses of an archive that is merged in blocks: each block finds those that meet in it, and for each event the
nearest few are chosen where it was merged."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.block_steps import load_filed
from pipeline.blocking import Ints, Marks
from pipeline.event_values import founding_order
from pipeline.near_misses import MOST_EACH, REACH_DAYS, Miss, NearMiss, closest, find_misses, nearest_first
from pipeline.reasons import build_near_miss_table
from pipeline.time_blocks import Blocks
from pipeline.workspace import Workspace, no_circles

Order = tuple[date, str]


class Meeting(NamedTuple):
    """Two reports that came near, in the order of their pairs, and the year under which that is shown."""

    first: Order
    second: Order
    miss: Miss
    year: str


class Around(NamedTuple):
    """What a block must be told of the events whose reports meet in it: all by numbers."""

    reports: Ints
    events: Ints  # of each
    alone: Marks  # whether all of its event's reports meet in this block and in no other
    members: Ints  # pairs of event and article: all that tell of these events, wherever they meet
    merged_in: tuple[int, ...]  # the blocks in which these events were merged


@no_circles()
def find_misses_in(workspace: Workspace, block: int, origins: Sequence[int], blocks: Blocks, around: Around) -> Ints:
    """Leave the near misses among reports that meet in a block with each block in which one of the two events was
    merged; which blocks these are."""
    filed = load_filed(workspace, block, origins, blocks, REACH_DAYS)
    called, owner, year_of = {}, {}, {}
    for merged in around.merged_in:
        for number, (event_id, year) in workspace.get(f"called/{merged}").items():
            called[number], owner[event_id], year_of[event_id] = event_id, merged, year
    at = dict(zip(around.reports.tolist(), around.events.tolist(), strict=True))
    event_of = {f.report.report_id: called[at[n]] for n, f in zip(filed.numbers.tolist(), filed.facets, strict=True)}
    articles: defaultdict[str, set[int]] = defaultdict(set)
    for event, article in around.members.tolist():
        articles[called[event]].add(article)
    alone = {called[event] for event in around.events[around.alone].tolist()}
    found: defaultdict[int, list[Meeting]] = defaultdict(list)
    here: dict[tuple[str, str], Meeting] = {}  # of events that meet nowhere else only the closest is needed

    def leave(meeting: Meeting) -> None:
        miss, _ = meeting.miss
        for to in {owner[miss.event_id], owner[miss.other_event_id]}:
            found[to].append(meeting)

    pairs = filed.pairs(REACH_DAYS)
    for i, j, (miss, points) in find_misses(filed.facets, filed.weights, pairs, event_of, articles):
        events = (miss.event_id, miss.other_event_id)
        order = founding_order(filed.facets[i].report), founding_order(filed.facets[j].report)
        meeting = Meeting(*order, (miss, points), year_of[miss.event_id])
        if alone.isdisjoint(events):
            leave(meeting)
        elif events not in here or here[events].miss[0].points < points:  # as in `closest`
            here[events] = meeting
    for meeting in here.values():
        leave(meeting)
    for to, some in found.items():
        workspace.put(f"near/{to}/{block}", [tuple(meeting) for meeting in some])
    return np.array(sorted(found), dtype=np.int64)


def choose_nearest(workspace: Workspace, block: int, origins: Sequence[int]) -> list[str]:
    """Leave the nearest few near misses of each event merged in a block, by year; which years there are."""
    met = [Meeting(*one) for origin in origins for one in workspace.get(f"near/{block}/{origin}")]
    # what meets in two blocks is found twice
    once = sorted({(m.first, m.second): m for m in met}.values(), key=lambda m: (m.first, m.second))
    own = {event_id for event_id, _ in workspace.get(f"called/{block}").values()}
    year_of = {m.miss[0].event_id: m.year for m in once}
    seen: Counter[str] = Counter()
    found: defaultdict[str, list[NearMiss]] = defaultdict(list)
    for miss in sorted(closest(m.miss for m in once), key=nearest_first):
        events = own & {miss.event_id, miss.other_event_id}
        if any(seen[event] < MOST_EACH for event in events):
            found[year_of[miss.event_id]].append(miss)
        seen.update(events)
    for year, some in found.items():
        workspace.put(f"misses/{year}/{block}", some)
    return sorted(found)


def misses_of(workspace: Workspace, year: str, blocks: Iterable[int]) -> pd.DataFrame:
    """The near misses of a year, the nearest first."""
    found = {
        (miss.event_id, miss.other_event_id): miss
        for block in blocks for miss in workspace.get(f"misses/{year}/{block}")
    }  # fmt: skip
    return build_near_miss_table(sorted(found.values(), key=nearest_first))
