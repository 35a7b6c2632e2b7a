"""Mentions -> candidates: what one sentence, or one part of it, says of one event."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TypeVar

from pipeline.day_cues import LATER, cue
from pipeline.models import (
    UNKNOWN,
    Count,
    CountMention,
    DateMention,
    GeoPrecision,
    Harm,
    Mention,
    Mentions,
    Place,
    PlaceMention,
    Sentence,
    ViolenceMention,
)
from pipeline.tolls import combine_counts

LEVEL = {
    GeoPrecision.PLACE: 4,
    GeoPrecision.AREA: 3,
    GeoPrecision.ADMIN1: 2,
    GeoPrecision.COUNTRY: 1,
    GeoPrecision.NONE: 0,
}
OF_THE_YEAR = re.compile(r"of the year (\d{4})")
SINCE_THEN = re.compile(r"\bsince\b|\bever since\b", re.IGNORECASE)
QUIET = ("Strategic developments", "Protests")
# Weak words that say what a plane or a gun does, and how far from it they stand
FINITE = re.compile(
    r"(?:hit|struck|target(?:ed|s)|attack(?:ed|s)|pounded|raided|destroyed|killed|fired (?:on|at)|opened fire)\Z",
    re.IGNORECASE,
)
NEAR = 60
# Of hundreds of real articles none tells of one event in over 21 sentences; each is held against all before it
MOST_SENTENCES = 60
# Between two names of one list: "Saqba, Harasta and the town of Douma"
LIST_JOIN = re.compile(r"\s*(?:,|and|, and|&|as well as|or)\s*(?:in |the )*(?:[a-z]+ of )?\Z")


M = TypeVar("M", bound=Mention)
SENTENCE_OF = attrgetter("sentence")


def within(found: Sequence[M], first: int, last: int | None = None) -> Sequence[M]:
    """Of mentions in text order those in the sentences from `first` to `last`; without `last` in `first` alone."""
    start = bisect_left(found, first, key=SENTENCE_OF)
    return found[start : bisect_left(found, (first if last is None else last) + 1, start, key=SENTENCE_OF)]


def strength(act: ViolenceMention) -> str:
    """verb, noun, hint or weak, as the lexicon has it."""
    return act.reason.partition(":")[0]


def by_means(acts: list[ViolenceMention]) -> list[ViolenceMention]:
    """The means that a verb of harm follows: "fighter jets on Saturday targeted", "a drone hit"."""
    harm = [a for a in acts if FINITE.match(a.text) and (strength(a) == "weak" or a.sub_event_type == "Attack")]
    return [
        means for means in acts
        if strength(means) == "hint" and any(0 < a.start_char - means.end_char <= NEAR for a in harm)
    ]  # fmt: skip


@dataclass(eq=False)  # two sentences may say the same and are still two
class Candidate:
    """What one or more sentences say of one event, while the article is being read."""

    sentence: Sentence
    start: int  # its clause in the sentence's field
    end: int
    counts: list[CountMention] = field(default_factory=list)
    acts: list[ViolenceMention] = field(default_factory=list)
    dates: list[DateMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    claims: list[Candidate] = field(default_factory=list)  # what other speakers say of it
    total: Candidate | None = None  # the toll that includes this one
    notes: dict[str, str] = field(default_factory=dict)
    spare_dates: list[DateMention] = field(default_factory=list)  # days soon after it, should no other be told
    tolls: dict[Harm, tuple[list[CountMention], Count]] = field(default_factory=dict)  # of which counts, and their toll

    @property
    def date(self) -> DateMention | None:
        """The day nearest to its counts or acts."""
        totals = [c for c in self.counts if "toll" in c.rule]  # "a body was found on Thursday, bringing to 17 ..."
        anchors: list[CountMention] | list[ViolenceMention] = totals or self.counts or self.acts
        anchor = anchors[0].start_char if anchors else self.start
        first = [d for d in self.dates if d.sentence == self.dates[0].sentence]
        first = totals and [d for d in first if d.start_char > anchor] or first
        return min(first, key=lambda d: abs(d.start_char - anchor), default=None)

    @property
    def of_old(self) -> bool:
        """Whether all that it counts is of an earlier year: background, never what the article is about."""
        of_a_year = bool(self.counts) and all(OF_THE_YEAR.search(c.rule) for c in self.counts)
        return of_a_year and not SINCE_THEN.search(self.sentence.text)

    @property
    def violent(self) -> bool:
        """Whether it tells of force, not only of arrests, talks or a march."""
        return (
            bool(self.counts)
            or any(a.event_type not in (*QUIET, "Diplomacy") and strength(a) in ("verb", "noun") for a in self.acts)
            or bool(by_means(self.acts))
        )

    @property
    def denied(self) -> bool:
        """Whether all that it tells is what somebody denies."""
        return not self.counts and bool(self.acts) and all(a.reason.endswith("; denied") for a in self.acts)

    @property
    def last(self) -> int:
        """The last sentence that tells of it."""
        return max(s.index for s in (self.sentence, *self.sentences[-2:]))  # they are heard in order

    @property
    def full(self) -> bool:
        """Whether it has been told in as many sentences as are heard."""
        return len(self.sentences) >= MOST_SENTENCES

    def hear(self, sentence: Sentence) -> None:
        """Keep a sentence that tells more of it."""
        if not self.full:
            self.sentences.append(sentence)

    def toll(self, harm: Harm) -> Count:
        """Its dead or its hurt; worked out once for the counts that it has."""
        of, known = self.tolls.get(harm, (None, UNKNOWN))
        if of is not self.counts:
            of, known = self.counts, combine_counts(self.counts, harm)
            self.tolls[harm] = of, known
        return known

    def own_places(self) -> list[PlaceMention]:
        """Its most specific places: one, or all names of one list."""
        known = [p for p in self.places if p.place is not None]
        if not known:
            return []
        levels = [_closeness(p.place, known) for p in known if p.place]
        first = levels.index(max(levels))
        start = end = first
        while start and self._joined(known[start - 1], known[start]):
            start -= 1
        while end + 1 < len(known) and self._joined(known[end], known[end + 1]):
            end += 1
        return known[start : end + 1]

    def _joined(self, left: PlaceMention, right: PlaceMention) -> bool:
        """Whether two names stand in one list, and the second does not only say where the first is."""
        found = self._text_of(left)
        if found is None or left.sentence != right.sentence or left.place is None or right.place is None:
            return False
        if (
            LEVEL[left.place.geo_precision] != LEVEL[right.place.geo_precision]
            and left.place.admin1 == right.place.admin1
        ):
            return False
        if right.place.name in (left.place.admin1, left.place.country):
            return False
        text, offset = found
        return bool(LIST_JOIN.match(text[left.end_char - offset : right.start_char - offset]))

    def _text_of(self, mention: PlaceMention) -> tuple[str, int] | None:
        for sentence in (self.sentence, *self.sentences):
            if sentence.index == mention.sentence:
                return sentence.text, sentence.start_char
        return None


def _closeness(place: Place, known: list[PlaceMention]) -> float:
    """How close a place comes to the scene: a quarter that no gazetteer lists is closer than the town it lies in."""
    level = float(LEVEL[place.geo_precision])
    if place.place_id:
        return level
    point = (place.latitude, place.longitude)
    inside = [LEVEL[p.place.geo_precision] for p in known if p.place and (p.place.latitude, p.place.longitude) == point]
    return max(level, *inside) + 0.5


def candidate_of(sentence: Sentence, mentions: Mentions) -> Candidate | None:
    """What a whole sentence says, or None where it asserts nothing."""
    at = sentence.index
    counted = within(mentions.counts, at)
    acts = [a for a in within(mentions.violence, at) if a.asserted]
    if not counted and not acts:
        return None
    years = {d.date_start.year for d in within(mentions.dates, at) if d.date_start}
    counts = [told for c in counted if (told := _told(c, sentence, years))]
    if not counts and not acts:
        return None
    whole = Candidate(
        sentence, sentence.start_char, sentence.end_char, counts, acts,
        _dates(mentions, sentence, counts),
        [p for p in within(mentions.places, at) if p.place and p.role == "location"],
    )  # fmt: skip
    if whole.violent:  # "charged on Tuesday with killing two": no day of the killing
        said = {id(d): cue(d, sentence) for d in whole.dates}
        whole.spare_dates = [d for d in whole.dates if LATER <= said[id(d)] < 0]
        whole.dates = [d for d in whole.dates if said[id(d)] >= 0]
    return whole


def _dates(mentions: Mentions, sentence: Sentence, counts: list[CountMention]) -> list[DateMention]:
    """The days that may date it: the start of a war only where a toll runs since then."""
    dates = [d for d in within(mentions.dates, sentence.index) if d.date_start and d.role in ("event", "background")]
    if counts and (any(OF_THE_YEAR.search(c.rule) for c in counts) or SINCE_THEN.search(sentence.text)):
        return dates
    return [d for d in dates if d.role == "event"]


def _told(count: CountMention, sentence: Sentence, years: set[int]) -> CountMention | None:
    """A count that the sentence asserts, also of an earlier year that dates it: "16 were massacred in May 2021".

    "280,000 killed since the war began in 2011" is of now, not of 2011.
    """
    if count.asserted:
        return count
    year = OF_THE_YEAR.search(count.rule)
    several = (count.count.best or 0) > 1  # one dead of a year ago is somebody's life told: "whose son was killed in"
    dated = year and (several and int(year[1]) in years or SINCE_THEN.search(sentence.text))
    return replace(count, asserted=True) if dated else None
