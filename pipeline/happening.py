"""Whether a candidate is one happening or a toll of many, and whether it struck civilians."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as day
from functools import lru_cache

from pipeline.clauses import Candidate, strength
from pipeline.lexicons import lower_in_place
from pipeline.models import CountMention, DateMention, GeoPrecision, Harm, Kind, Sentence, TimePrecision

APART = (
    r"(?:attacks|strikes|incidents|encounters|clashes|raids|bombings|blasts|explosions|shootings|ambushes|operations)"
)
IN_SEVERAL = re.compile(
    rf"\bin (?:(?:two|three|four|five|six|several|different) (?:\w+ ){{0,2}}?|(?:\w+ )?separate (?:\w+ )?)"
    rf"{APART}(?! on\b)",
    re.IGNORECASE,
)
SINCE = re.compile(
    r"\b(?:(?:several|multiple|series of|wave of|rounds of) (?:\w+ ){0,2}(?:attacks|strikes|air ?strikes)"
    r"|in (?:two|three|four|five|six|seven|ten) (?:days|weeks|months)|(?:week|month|day)s?-(?:old|long)"
    r"|since (?!dawn|morning|midnight|early)|so far (?:this|in|left|killed|claimed|cost)"
    r"|(?:over|during|in|for|within) the (?:past"
    r"|last) (?!night|hour|half)"
    r"|this (?:year|month|week) alone|death toll (?:of|from) the (?:war|conflict)|years? of (?:war|conflict|violence)"
    r"|an? (?:week|fortnight|month|year) of (?:\w+ )?(?:fighting|infighting|clashes|violence|bombing|strikes|attacks"
    r"|war)"
    r"|(?:(?:bombing|bombardment|air|military) campaign|offensive)\b[^.]{0,40}\bha[sd] (?:killed|left|claimed"
    r"|cost)"
    r"|(?:war|conflict|insurgency|uprising)\b[^.]{0,60}\bha[sd] (?:killed|left|claimed|cost)"
    r"|(?:killed|dead|died|lives) (?:in|during|by) (?:the|its|a|this) [\w\s-]{0,30}\b(?:war|conflict|insurgency"
    r"|uprising)\b)"
)
EVER_SINCE = re.compile(r"\bha(?:s|ve) been (?:killed|reported killed) since\s*(?:[.;,]|\Z)")
# Happenings of many places in one figure, though all on one day
ALL_OVER = re.compile(
    r"\b(?:attacks|strikes|bombings|raids|shelling|blasts|clashes|violence|fighting) (?:\w+ ){0,2}?"
    r"(?:across|throughout) (?:the country|the nation)\b|\btoll includes\b|\bthousands more\b"
)
# "Earlier this week" leaves open which day it was: one happening, its day not known closer
SOME_DAY = re.compile(r"\b(?:earlier|this|last) (?:\w+ )?(?:week|weekend|month|year)\b", re.IGNORECASE)
# "On Saturday and Sunday": happenings of both days; a night from one to the other is one
PAIR = re.compile(r"\w (?:and|&) (?:on )?\S+(?: \S+)?\Z")
ONE_NIGHT = re.compile(r"\b(?:late|night|evening)\b[^.;]{0,40}\b(?:early|dawn|morning)\b", re.IGNORECASE)
BETWEEN = re.compile(r"\b(?:between|road from|way from|en route from) (?:the )?(?:\w+ of )?(?:[A-Z]\w+, )?\Z")
# "57 were killed in attacks in February": nobody counts so many without a day where it was one attack
MONTHS_TOLL = 10
LONG = (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)
WIDE = (GeoPrecision.ADMIN1, GeoPrecision.COUNTRY, GeoPrecision.NONE)
ONE = re.compile(
    r"\b(?:an?|the|this|that) (?:\w+ ){0,3}(?:attack|operation|raid|ambush|massacre|strike|bombing|shooting|blast"
    r"|explosion|incident|fire|clash|assault)\b",
    re.IGNORECASE,
)
SEVERAL = re.compile(
    r"\b(?:attacks|strikes|raids|bombings|clashes|killings|shootings|ambushes|blasts|explosions)\b", re.IGNORECASE
)
TALLY = re.compile(
    r"\b(?:a total of|number of (?:people|persons|civilians|deaths|dead|victims)|(?:recorded|registered|documented)\b"
    r"[^.;]{0,40}\b(?:deaths|homicides|murders|killings|fatalities|dead)|(?:month|year|[A-Z][a-z]+) alone)\b"
)
SEVERAL_HAPPENINGS = "one toll for several happenings"
SEVERAL_PLACES = "one toll for several places"
# "The bombing that began on Sunday has killed 122": a toll that goes on
HAS_KILLED = re.compile(
    r"\bha(?:s|ve)\s+(?:also\s+|already\s+)?(?:been\s+)?(?:killed|left|claimed|cost|died)\b", re.IGNORECASE
)
HAS_BEGUN = re.compile(
    r"\b(?:began|begun|started|launched|erupted|intensified|resumed|born|sparked|dating|going\s+back)\b[^,;.]{0,110}\Z",
    re.IGNORECASE,
)
SINCE_THEN = re.compile(r"\bsince\b[^,;.]{0,80}\Z", re.IGNORECASE)
# 3,000 dead are no single happening in the news this reads; a war's toll is a battle toll
WAR_TOLL = 3000
TOLL_OF_A_WAR = "so many dead are the toll of a war"


def kind_of(candidate: Candidate) -> tuple[Kind, str]:
    """Incident or cumulative, and why."""
    text = candidate.sentence.text[candidate.start - candidate.sentence.start_char :][: candidate.end - candidate.start]
    killed = candidate.toll(Harm.KILLED)
    if (killed.best or 0) >= WAR_TOLL:
        return Kind.CUMULATIVE, TOLL_OF_A_WAR
    date = candidate.date
    one_day = date is not None and date.precision is TimePrecision.DAY and date.sentence == candidate.sentence.index
    if candidate.counts and (said := _at_many_places(text)):
        return Kind.CUMULATIVE, f"“{said}”"
    towns = [p.place.geo_precision is GeoPrecision.PLACE for p in candidate.own_places() if p.place]
    if (killed.best or 0) > 1 and towns != [True] and not one_day and (cue := IN_SEVERAL.search(text)):
        return Kind.CUMULATIVE, f"{SEVERAL_HAPPENINGS}: “{cue[0].lower()}”"
    if candidate.counts and not one_day and (said := _over_a_time(text)):
        return Kind.CUMULATIVE, f"“{said}”"
    if date and date.date_start and date.date_end and date.precision is TimePrecision.RANGE:
        days = (date.date_end - date.date_start).days + 1
        pair = days == 2 and PAIR.search(date.text) and "night" not in date.reason and not ONE_NIGHT.search(date.text)
        if (days > 2 or pair) and not SOME_DAY.search(date.text):
            return Kind.CUMULATIVE, f"it spans {days} days"
    counted = date and (killed.best or 0) >= MONTHS_TOLL and date.sentence == candidate.sentence.index
    if date and counted and date.precision in LONG and not ONE.search(text):
        told = any(strength(act) != "weak" and not SEVERAL.search(act.text) for act in candidate.acts)
        wide = all(p.place and p.place.geo_precision in WIDE for p in candidate.own_places())
        month = date.precision is not TimePrecision.WEEK
        if not told and (SEVERAL.search(text) or month and (wide or TALLY.search(text))):
            return Kind.CUMULATIVE, f"so many dead of a {date.precision}, of no single happening"
    homes = [p.place for p in candidate.own_places() if p.place]
    spread = len({p.admin1 or p.name for p in homes}) > 1 or len({p.name for p in homes}) > 2
    if candidate.counts and spread and not _on_the_way(candidate):
        return Kind.CUMULATIVE, SEVERAL_PLACES
    return Kind.INCIDENT, "one happening"


@lru_cache(maxsize=200)  # a clause is held against every event before it
def _at_many_places(text: str) -> str:
    """The words that make a toll one of many happenings, whatever its day; "" where there are none."""
    low = lower_in_place(text)
    if cue := ALL_OVER.search(low):
        return cue[0]
    return "since" if EVER_SINCE.search(low) else ""


@lru_cache(maxsize=200)
def _over_a_time(text: str) -> str:
    """The words that make a toll without a day of its own one of many happenings; "" where there are none."""
    cue = SINCE.search(lower_in_place(text))
    return cue[0] if cue else ""


def _on_the_way(candidate: Candidate) -> bool:
    """Whether its places are the ends of one road: "on a dirt road between Halvar and Arnor"."""
    first = candidate.own_places()[0]
    before = candidate.sentence.text[: max(0, first.start_char - candidate.sentence.start_char)]
    return first.sentence == candidate.sentence.index and BETWEEN.search(before) is not None


def civilians_targeted(counts: list[CountMention]) -> bool | None:
    """Whether those killed or hurt are said to be civilians."""
    said = {c.civilian for c in counts if c.asserted} - {None}
    return None if not said else True in said


def since_then(date: DateMention, sentence: Sentence, dct: day | None) -> DateMention:
    """The day of a toll: "since the war began in 2011" runs from 2011 to the article's day."""
    before = sentence.text[: date.start_char - sentence.start_char]
    long = date.precision in (TimePrecision.MONTH, TimePrecision.YEAR, TimePrecision.DAY)
    open_end = dct and date.date_end and date.date_end < dct and date.sentence == sentence.index
    begun = SINCE_THEN.search(before) or HAS_KILLED.search(sentence.text) and HAS_BEGUN.search(before)
    if not (open_end and long and begun):
        return date
    reason = f"{date.reason}; “since”: runs to the article's day"
    return replace(date, date_end=dct, precision=TimePrecision.RANGE, reason=reason)
