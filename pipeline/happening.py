"""What a candidate is: its event type, and whether it is one happening or a toll of many."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date as day

from pipeline.clauses import Candidate, strength
from pipeline.mentions.violence import priority
from pipeline.models import CountMention, DateMention, Harm, Kind, Sentence, TimePrecision, ViolenceMention
from pipeline.tolls import combine_counts

SINCE = re.compile(
    r"\b(?:(?:several|multiple|series of|wave of|rounds of) (?:\w+ ){0,2}(?:attacks|strikes|air ?strikes)"
    r"|in (?:two|three|four|five|six|seven|ten) (?:days|weeks|months)|(?:week|month|day)s?-(?:old|long)"
    r"|since (?!dawn|morning|midnight|early)|so far (?:this|in)"
    r"|(?:over|during|in|for|within) the (?:past"
    r"|last) (?!night|hour|half)"
    r"|this (?:year|month|week) alone|death toll (?:of|from) the (?:war|conflict)|years? of (?:war|conflict|violence)"
    r"|(?:war|conflict|insurgency|uprising)\b[^.]{0,60}\bha[sd] (?:killed|left|claimed|cost)"
    r"|(?:killed|dead|died|lives) (?:in|during|by) (?:the|its|a|this) [\w\s-]{0,30}\b(?:war|conflict|insurgency"
    r"|uprising)\b)",
    re.IGNORECASE,
)
# "Earlier this week" leaves open which day it was: one happening, its day not known closer
SOME_DAY = re.compile(r"\b(?:earlier|this|last) (?:\w+ )?(?:week|weekend|month|year)\b", re.IGNORECASE)
SEVERAL_PLACES = "one toll for several places"
# 3,000 dead are no single happening in the news this reads; a war's toll is a battle toll
WAR_TOLL = 3000
SOLDIERS = re.compile(
    r"\b(?:army|troops|soldiers?|forces|fighters?|militants?|rebels?|terrorists?|insurgents?|gunmen|militia\w*"
    r"|police\w*|cadres?|jihadists?|units?)\b",
    re.IGNORECASE,
)  # fmt: skip


def event_type(candidate: Candidate) -> tuple[str, str, str]:
    """(event type, sub-type, why)."""
    killed = combine_counts(candidate.counts, Harm.KILLED)
    if (killed.best or 0) >= WAR_TOLL:
        return "Battles", "Armed clash", "the toll of a war"
    own = [a for a in candidate.acts if a.sentence == candidate.sentence.index] or candidate.acts
    for acts in (own, candidate.acts):
        sure = [a for a in acts if strength(a) in ("verb", "noun")]
        hard = [a for a in sure if a.event_type not in ("Strategic developments", "Diplomacy", "Protests")]
        if hard:
            best = max(hard, key=lambda a: (priority(a.sub_event_type), -a.start_char))
            hint = next((a for a in acts if strength(a) == "hint"), None)
            bombs = ("Remote explosive/landmine/IED", "Shelling/artillery/missile attack")
            if hint and best.sub_event_type in bombs and best.text.lower().startswith(("bomb", "pound")):
                best = hint
            if best.sub_event_type == "Attack" and _armed_only(candidate):
                return "Battles", "Armed clash", f"“{best.text}”, and those hit were armed"
            return best.event_type, best.sub_event_type, f"“{best.text}”"
        hint = next((a for a in acts if strength(a) == "hint"), None)
        if hint and (candidate.counts or any(strength(a) == "weak" for a in acts)):
            return hint.event_type, hint.sub_event_type, f"carried out by “{hint.text}”"
        if candidate.counts:
            continue
        if sure:
            soft = _softest(sure)
            return soft.event_type, soft.sub_event_type, f"“{soft.text}”"
    if _armed_only(candidate):
        return "Battles", "Armed clash", "armed men were killed or hurt, no other means is named"
    return "Violence against civilians", "Attack", "people were killed or hurt, no other means is named"


def _softest(acts: list[ViolenceMention]) -> ViolenceMention:
    order = ("Protests", "Strategic developments", "Diplomacy")
    return min(acts, key=lambda a: (order.index(a.event_type), a.sub_event_type == "Other", a.start_char))


def _armed_only(candidate: Candidate) -> bool:
    said = {c.civilian for c in candidate.counts}
    if True in said:
        return False
    return False in said or any(SOLDIERS.search(c.victims) for c in candidate.counts if c.victims)


def kind_of(candidate: Candidate) -> tuple[Kind, str]:
    """Incident or cumulative, and why."""
    text = candidate.sentence.text[candidate.start - candidate.sentence.start_char :][: candidate.end - candidate.start]
    killed = combine_counts(candidate.counts, Harm.KILLED)
    if (killed.best or 0) >= WAR_TOLL:
        return Kind.CUMULATIVE, "so many dead are the toll of a war"
    if candidate.counts and (cue := SINCE.search(text)):
        return Kind.CUMULATIVE, f"“{cue[0].lower()}”"
    date = candidate.date
    if date and date.date_start and date.date_end and date.precision is TimePrecision.RANGE:
        days = (date.date_end - date.date_start).days + 1
        if days > 2 and not SOME_DAY.search(date.text):
            return Kind.CUMULATIVE, f"it spans {days} days"
    homes = [p.place for p in candidate.own_places() if p.place]
    if len({p.admin1 or p.name for p in homes}) > 1 or len({p.name for p in homes}) > 2:
        return Kind.CUMULATIVE, SEVERAL_PLACES
    return Kind.INCIDENT, "one happening"


def civilians_targeted(counts: list[CountMention]) -> bool | None:
    """Whether those killed or hurt are said to be civilians."""
    said = {c.civilian for c in counts if c.asserted} - {None}
    return None if not said else True in said


def since_then(date: DateMention, sentence: Sentence, dct: day | None) -> DateMention:
    """The day of a toll: "since the war began in 2011" runs from 2011 to the article's day."""
    before = sentence.text[: date.start_char - sentence.start_char]
    long = date.precision in (TimePrecision.MONTH, TimePrecision.YEAR, TimePrecision.DAY)
    open_end = dct and date.date_end and date.date_end < dct and date.sentence == sentence.index
    if not (open_end and long and re.search(r"\bsince\b[^,;.]{0,80}\Z", before, re.IGNORECASE)):
        return date
    reason = f"{date.reason}; “since”: runs to the article's day"
    return replace(date, date_end=dct, precision=TimePrecision.RANGE, reason=reason)
