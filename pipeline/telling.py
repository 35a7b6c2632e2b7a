"""Whether a sentence tells of a happening though it counts nobody: "clashes erupted", "warplanes targeted"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from pipeline.clauses import QUIET, Candidate, by_means, strength
from pipeline.lexicons import phrase_pattern, read_lexicon
from pipeline.models import GeoPrecision, ViolenceMention

# How far a verb may stand from its noun: "air strikes on two villages near the town of X hit …"
REACH_AFTER, REACH_BEFORE = 70, 45
WEEK = 7
# What armies do all the time, or what is no happening at all
STATES = ("Other", "Change to group/activity", "Agreement")
MARCHES = re.compile(r"(?:march|ralli|demonstrate|took to the streets)\w*ed\Z|took to the streets", re.IGNORECASE)
# "Answered with missile strikes on a base on Friday"
DIRECT = re.compile(r"\b(?:with|by|to|in) (?:[\w-]+ )?\Z")
STOP = re.compile(r"[.;:,]")


# What makes deaths in a flood an attack all the same
FORCE = re.compile(
    r"\b(?:attack|assault|ambush|gun|militant|rebel|terror|bomb|mine\b|explo|shell|shot\b|shoot|fire[ds]?\b|firing|clash"
    r"|fight|fought|strike|struck|murder|execut|behead|stab|hack|lynch|police|soldier|army|troops|forces)",
    re.IGNORECASE,
)
# In a crash soldiers and police are only who sat in it
ARMS = re.compile(FORCE.pattern.replace("|police|soldier|army|troops|forces", "|shot down|downed|brought down"), re.I)


def is_accident(candidate: Candidate) -> bool:
    """Whether its dead and hurt are those of a crash, a flood or an illness."""
    if _of_no_force(candidate):
        return bool(_accidents("accident").search(_clause(candidate)) or _accidents("crash").search(_clause(candidate)))
    return _of_no_arms(candidate) and bool(_accidents("crash").search(_clause(candidate)))


def all_of_accident(told: Sequence[Candidate]) -> bool:
    """Whether an article is on an accident: the first that it counts, and nothing else tells of force."""
    return bool(told) and is_accident(told[0]) and all(_of_no_force(c) or is_accident(c) for c in told)


def _of_no_force(candidate: Candidate) -> bool:
    return all(strength(act) == "weak" for act in candidate.acts) and not FORCE.search(_clause(candidate))


def _of_no_arms(candidate: Candidate) -> bool:
    """Whether nothing but what crashed and who sat in it is named: "the army helicopter crashed"."""
    struck = by_means(candidate.acts)
    bare = all(strength(act) in ("weak", "hint") and act not in struck for act in candidate.acts)
    return bare and not ARMS.search(_clause(candidate))


def _clause(candidate: Candidate) -> str:
    return candidate.sentence.text[candidate.start - candidate.sentence.start_char :][: candidate.end - candidate.start]


@cache
def _accidents(kind: str) -> re.Pattern[str]:
    return phrase_pattern(row["phrase"] for row in read_lexicon("happening_words") if row["kind"] == kind)


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = read_lexicon("happening_words")
    after = phrase_pattern(row["phrase"] for row in rows if row["kind"] == "after")
    return after, phrase_pattern(row["phrase"] for row in rows if row["kind"] == "before")


def tells(candidate: Candidate) -> bool:
    """Whether something is said to have happened: a verb of force, or a noun or a means with a verb of its own."""
    return any(_happened(act, candidate) for act in candidate.acts)


def tells_quietly(candidate: Candidate) -> bool:
    """Whether a march, an arrest, a surrender or a destruction is said to have happened, by a verb of its own."""
    quiet = [a for a in candidate.acts if a.event_type in QUIET and a.sub_event_type not in STATES]
    return any(strength(a) == "verb" or MARCHES.match(a.text) for a in quiet)


def _happened(act: ViolenceMention, candidate: Candidate) -> bool:
    how = strength(act)
    if act.event_type in (*QUIET, "Diplomacy"):
        return False
    if how == "verb":
        return True
    text, offset = candidate.sentence.text, candidate.sentence.start_char
    start, end = act.start_char - offset, act.end_char - offset
    after, before = _words()
    following = STOP.split(text[end : end + REACH_AFTER])[0]
    if how == "hint":
        return act in by_means(candidate.acts)
    if how != "noun":
        return False
    preceding = STOP.split(text[max(0, start - REACH_BEFORE) : start])[-1]
    if candidate.dates and candidate.own_places() and DIRECT.search(preceding):
        return True
    return bool(after.search(following) or before.search(preceding))


def anchored(candidate: Candidate) -> bool:
    """Whether it has a day or a place of its own, and no date that spans weeks."""
    if of_long(candidate):
        return False
    places = [p.place for p in candidate.own_places() if p.place]
    # a name that no gazetteer knows may be put into its country alone
    known = any(p.geo_precision is not GeoPrecision.COUNTRY or p.name != p.country for p in places)
    return bool(candidate.dates) or known


def of_long(candidate: Candidate) -> bool:
    """Whether it is told of weeks, months or years: "since 2013", "in recent months". A capture has one day."""
    if any("territory" in a.sub_event_type and strength(a) == "verb" for a in candidate.acts):
        return False
    date = candidate.date
    if date is None or date.date_start is None or date.date_end is None:
        return False
    return date.date_end - date.date_start > timedelta(days=WEEK)
