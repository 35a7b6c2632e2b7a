"""What deserves a person's eye, the most dead first: a pure function of the published tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

import pipeline
from dashboard.wording import harm_words, number

# In the order in which a case's reasons are told; the words stand on the page's filter
DOUBTS = {
    "pair": "Nearly one event",
    "disputed": "Sources disagree",
    "alone": "A big number from one publisher",
    "vague": "A number that is a word",
    "place": "Place coarse or unknown",
    "day": "No day but the publication's",
    "record": "The publication day is in doubt",
}
BIG = 10  # killed, said by one publisher alone: what a colleague asks about first
SUBJECTS = {"day": "Day", "record": "Day", "place": "Place"}  # which value the form shows first; else the killed


@dataclass(frozen=True)
class Case:
    """One question to the analyst: an event, or two that may be one."""

    event_id: str
    doubts: tuple[str, ...]  # keys of DOUBTS
    words: tuple[str, ...]  # the same, in a sentence each
    stake: int  # killed in the sums that hang on it: 0 for a claim over a period, which is in no sum
    other_id: str = ""  # of a pair: the second event

    @property
    def key(self) -> str:
        """Names the case as long as its event lives."""
        return f"{self.event_id}|{self.other_id}"

    @property
    def subject(self) -> str:
        """The value most in doubt."""
        return SUBJECTS.get(self.doubts[0], "Killed")


def build_queue(snapshot: Any, wanted: Collection[str] = tuple(DOUBTS)) -> list[Case]:
    """All open cases of the wanted doubts. What an analyst has decided is not asked again."""
    events = snapshot.events[snapshot.events["status"] == "machine"]
    cases = _pairs(snapshot, events) if "pair" in wanted else []
    vague, doubtful = _vague_events(snapshot.reports), _doubtful_days(snapshot)
    for event in events.to_dict("records"):
        told = _doubts(event, vague)
        if doubt := doubtful.get(event["event_id"]) if event["date_basis"] in ("relative", "published") else None:
            told.append(("record", f"Its day counts from a publication day in doubt: {doubt}."))
        found = [(d, w) for d, w in told if d in wanted]
        if found:
            doubts, words = zip(*found, strict=True)
            stake = _killed(event) if event["kind"] == "incident" else 0
            cases.append(Case(str(event["event_id"]), doubts, words, stake))
    return sorted(cases, key=lambda c: (-c.stake, list(DOUBTS).index(c.doubts[0]), c.key))


def _doubts(event: dict[Any, Any], vague: Collection[str]) -> list[tuple[str, str]]:
    found = []
    killed = harm_words(event, "fatalities")
    if event["disputed"] is True:
        found.append(("disputed", f"Its reports cannot all be true: killed {killed}."))
    if event["kind"] == "diplomatic":
        return found
    if _killed(event) >= BIG and event["source_count"] == 1:
        found.append(("alone", f"Killed {killed}, and one publisher alone says so."))
    if event["event_id"] in vague:
        found.append(("vague", f"The number of killed or injured is a word, not a figure: killed {killed}."))
    if event["geo_precision"] in ("country", "none") or pd.isna(event["geo_precision"]):
        where = event["place"] or event["country"]
        found.append(("place", f"The place is known only as {where}." if where else "No place was read."))
    if event["date_basis"] in ("published", "none"):
        found.append(("day", "No text says the day; at most the day of publication is known."))
    return found


def _pairs(snapshot: Any, events: pd.DataFrame) -> list[Case]:
    misses = getattr(snapshot, "near_misses", None)
    if misses is None or misses.empty:
        return []
    killed = {str(e["event_id"]): _killed(e) for e in events.to_dict("records")}
    return [
        Case(miss["event_id"], ("pair",), (f"Much speaks for one event: {miss['why']}.",),
             min(killed[miss["event_id"]], killed[miss["other_event_id"]]), miss["other_event_id"])
        for miss in misses.to_dict("records") if miss["event_id"] in killed and miss["other_event_id"] in killed
    ]  # fmt: skip


def _vague_events(reports: pd.DataFrame) -> set[str]:
    """Events of which no report has a figure, only "several" or "dozens"."""
    counted = reports[reports["reasons"].str.contains(r"(?:fatalities|injured)_best:", na=False)]
    worded = counted["reasons"].str.contains(r"_best: [^|]*\(vague\)", na=False)
    return set(counted.loc[worded, "event_id"]) - set(counted.loc[~worded, "event_id"])


def _doubtful_days(snapshot: Any) -> dict[str, str]:
    """Event -> what speaks against the publication day of one of its articles."""
    articles = getattr(snapshot, "articles", None)
    if articles is None or "published_reason" not in articles:
        return {}
    doubted = articles[articles["published_reason"].str.contains(pipeline.DOUBT, regex=False, na=False)]
    doubts = {a: r.partition(pipeline.DOUBT)[2]
              for a, r in zip(doubted["article_id"], doubted["published_reason"], strict=True)}  # fmt: skip
    told = snapshot.reports[snapshot.reports["article_id"].isin(doubts)]
    return {e: doubts[a] for e, a in zip(told["event_id"], told["article_id"], strict=True)}


def _killed(event: dict[Any, Any]) -> int:
    told = [number(event[f"fatalities_{part}"]) for part in ("best", "low", "high")]
    return next((n for n in told if n is not None), 0)
