"""What deserves a person's eye, the most dead first: the open cases as rows, and each in words when its turn comes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import pipeline
from dashboard.archive import Archive
from dashboard.doubts import BIT, DOUBTS, Doubts, find_doubts
from dashboard.lean import FIRST_DAY, NO_DAY
from dashboard.wording import harm_words

SUBJECTS = {"day": "Day", "record": "Day", "place": "Place"}  # which value the form shows first; else the killed


@dataclass(frozen=True)
class Case:
    """One question to the analyst: an event, or two that may be one."""

    event_id: str
    doubts: tuple[str, ...]  # keys of DOUBTS
    words: tuple[str, ...]  # the same, in a sentence each
    stake: int  # killed in the sums that hang on it
    around: pipeline.Snapshot  # the event or events with their reports and articles
    other_id: str = ""  # of a pair: the second event

    @property
    def key(self) -> tuple[str, str]:
        """Names the case as long as its events live."""
        return self.event_id, self.other_id

    @property
    def name(self) -> str:
        """The same for widgets."""
        return f"{self.event_id}|{self.other_id}"

    @property
    def subject(self) -> str:
        """The value most in doubt."""
        return SUBJECTS.get(self.doubts[0], "Killed")


@dataclass(frozen=True, eq=False)
class Queue:
    """The open cases in the order in which they are asked: the rows of their events, and what is wanted to be known."""

    archive: Archive
    rows: np.ndarray
    others: np.ndarray  # of a pair the second event, else -1
    stakes: np.ndarray
    wanted: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def among(self, keys: Sequence[tuple[str, str]]) -> np.ndarray:
        """Which cases have one of these keys."""
        row = self.archive.rows_by_id({event_id for key in keys for event_id in key})
        pairs = [(row.get(one, -2), row.get(other, -2) if other else -1) for one, other in keys]
        size = len(self.archive.events) + 2
        return np.isin(self.rows * size + self.others, [one * size + other for one, other in pairs])

    def case(self, at: int) -> Case:
        """The case at this place of the queue, in words."""
        row, other = int(self.rows[at]), int(self.others[at])
        around = self.archive.opened(np.array([row] if other < 0 else [row, other]))
        events = around.events.to_dict("records")
        if other >= 0:
            told = [("pair", f"Much speaks for one event: {_why_near(self.archive, row, other)}.")]
        else:
            bits = _doubts_of(self.archive).told[row]
            told = [(d, _words(d, events[0], around)) for d in self.wanted if bits & BIT[d]]
        doubts, words = zip(*told, strict=True)
        ids = [str(event["event_id"]) for event in events]
        return Case(ids[0], doubts, words, int(self.stakes[at]), around, *ids[1:])


def build_queue(archive: Archive, wanted: Collection[str] = tuple(DOUBTS)) -> Queue:
    """All open cases of the wanted doubts."""
    chosen = tuple(doubt for doubt in DOUBTS if doubt in wanted)
    return archive.once(("queue", chosen), lambda: _in_order(archive, chosen))


def _doubts_of(archive: Archive) -> Doubts:
    return archive.once("doubts", lambda: find_doubts(archive))


def _in_order(archive: Archive, wanted: tuple[str, ...]) -> Queue:
    doubts = _doubts_of(archive)
    told = doubts.told & sum(BIT[doubt] for doubt in wanted)
    alone = np.flatnonzero(told)
    pairs = doubts.pairs if "pair" in wanted else doubts.pairs[:0]
    rows, others = np.concatenate([pairs[:, 0], alone]), np.concatenate([pairs[:, 1], np.full(len(alone), -1)])
    stakes = np.concatenate([doubts.killed[pairs].min(axis=1), doubts.stake[alone]])
    # the lowest bit is the first doubt that is told
    first = np.concatenate([np.ones(len(pairs)), told[alone] & -told[alone].astype(np.int64)])
    order = np.lexsort((others, rows, first, -stakes))
    return Queue(archive, rows[order], others[order], stakes[order], wanted)


def _words(doubt: str, event: dict[Any, Any], around: pipeline.Snapshot) -> str:
    killed = harm_words(event, "fatalities")
    if doubt == "disputed":
        return f"Its reports cannot all be true: killed {killed}."
    if doubt == "alone":
        return f"Killed {killed}, and one publisher alone says so."
    if doubt == "vague":
        return f"The number of killed or injured is a word, not a figure: killed {killed}."
    if doubt == "place":
        where = event["place"] or event["country"]
        return f"The place is known only as {where}." if where else "No place was read."
    if doubt == "day":
        return "No text says the day; at most the day of publication is known."
    return f"Its day counts from a publication day in doubt: {_doubted_day(around)}."


def _doubted_day(around: pipeline.Snapshot) -> str:
    """What speaks against the publication day of its article; of several the one whose report stands last."""
    reasons = dict(zip(around.articles["article_id"], around.articles["published_reason"], strict=True))
    told = [str(reasons.get(article, "")).partition(pipeline.DOUBT)[2] for article in around.reports["article_id"]]
    return [doubt for doubt in told if doubt][-1]


def _why_near(archive: Archive, row: int, other: int) -> str:
    doubts = _doubts_of(archive)
    at = np.flatnonzero((doubts.pairs == (row, other)).all(axis=1))[:1]
    return str(archive.files.rows("near_misses", doubts.misses[at], ["why"])["why"].iloc[0])


def nearest(archive: Archive, event_id: str, most: int = 50) -> pd.DataFrame:
    """Other events of its kind that it could be the same as: of its country first, then by days apart."""
    events, at = archive.events, archive.row_of(event_id)
    column = {name: events[name].cat.codes.to_numpy() for name in ("kind", "country", "place")}
    may_be = (column["kind"] == column["kind"][at]) & (events["status"] != "rejected").to_numpy()
    may_be[at] = False
    rows = np.flatnonzero(may_be)
    days, far_off = events[FIRST_DAY].to_numpy().astype(np.int64), 1 << 20
    apart = np.minimum(np.abs(days[rows] - days[at]), far_off)
    apart[(days[rows] == NO_DAY) | (days[at] == NO_DAY)] = far_off
    abroad, elsewhere = (column[name][rows] != column[name][at] for name in ("country", "place"))
    far = ((abroad * 2 * far_off + apart) * 2 + elsewhere) * len(events) + rows
    close = np.argpartition(far, most)[:most] if len(far) > most else np.arange(len(far))
    return archive.rows(rows[close[np.argsort(far[close])]])
