"""Which later sentence tells again of an event, tells a part of its toll, or tells of another event."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.attribution import OWN_FIGURE, attributions_of
from pipeline.clauses import LEVEL, Candidate, strength
from pipeline.happening import SEVERAL_HAPPENINGS, SEVERAL_PLACES, kind_of
from pipeline.lexicons import lower_in_place
from pipeline.losses import dies_of_it, tells_more_losses
from pipeline.mentions.casualties import EARLIER
from pipeline.models import DateMention, GeoPrecision, Harm, Kind, ViolenceMention
from pipeline.telling import anchored, tells

# "A second rocket hit a house", "also on Saturday": another event, though nothing else tells them apart
ANOTHER = re.compile(
    r"\b(?:(?:another|a (?:second|third|separate|similar|different)|other|further)\s+(?:[\w-]+\s+){0,2}?"
    r"(?:attack|assault|bomb|blast|explosion|strike|air ?strike|raid|air raid|rocket|missile|mortar|shell"
    r"|shelling|grenade|clash|battle|ambush|incident|drone|mine|landmine|ied|encounter|firefight|shooting|bomber|vehicle|car|truck"
    r"|front|place|province|district|town|village|city|part|area|region|neighbou?rhood|quarter|location)(?:e?s|ing)?"
    r"|separately|elsewhere|meanwhile|in a separate|also on|in other)\b"
)


# "The victims", "he", "two of the wounded": persons the article has already spoken of
ANAPHORA = re.compile(
    r"(?:(?:one|two|three|\w+) of the|the (?:\w+ )?(?:victims?|boy|girl|man|woman|men|children|child|others?|dead"
    r"|wounded)"
    r"|(?:he|she|they|both|all)\b|(?:\w+ )?victims?)\b",
    re.IGNORECASE,
)
# Another speaker's figure for the same event, or a later one
OTHER_TOLL = re.compile(
    r"\b(?:(?:lower|higher|earlier|previous|new|updated|revised|different) (?:death )?toll"
    r"|gave a (?:death )?toll|put the (?:death )?toll"
    r"|(?:death )?toll (?:had |has )?(?:rose|risen|climbed|increased|stood)|at least \w+ (?:\w+ )?(?:were"
    r"|had been) killed in the)\b",
    re.IGNORECASE,
)


# How many sentences later a bare figure still speaks of the same event
NEARBY = 4
# "In the attack", "the blast": what the article has already told
BACK = re.compile(
    r"\b(?:the|this|that)\s+(?:[\w-]+\s+)?(?:attacks?|blasts?|explosions?|(?:air ?)?strikes?|raids?|shelling"
    r"|bombings?|bombardment|assault|ambush|clash(?:es)?|fighting|incident|shooting|violence|massacre|siege"
    r"|(?:death )?toll)\b",
    re.IGNORECASE,
)


# "Three children were among those killed", "many of the dead": some of those already counted
AMONG = re.compile(
    r"\b(?:among|(?:many|most|some|several|one|two|three|four|five|\d+) of) (?:the |those )"
    r"(?:killed|dead|slain|victims|wounded|injured|casualties)\b",
    re.IGNORECASE,
)


def relate(old: Candidate, new: Candidate) -> str:
    """ "same", "part" (in old's toll), "claim" (another's figure), "echo" (some of the same) or "other"."""
    if dies_of_it(old, new):
        return "same"
    days = _days_agree(old, new)
    where = places_agree(old, new)
    if days == "differ":
        return "other"
    if bool(new.dates) != bool(old.dates) and _adds_up(new if old.dates else old):
        return "other"
    if new.counts and kind_of(new)[0] is Kind.CUMULATIVE and kind_of(old)[0] is Kind.INCIDENT:
        return "same" if old.toll(Harm.KILLED).best == new.toll(Harm.KILLED).best is not None else "other"
    if new.counts and all(EARLIER in c.rule for c in new.counts) and where != "differ":
        return "echo"
    if new.counts and old.counts and where != "differ" and _vague(new) and not new.dates:
        return "same"
    if new.counts and old.counts and where != "differ" and not new.dates and AMONG.search(new.sentence.text):
        return "echo"
    if tells_more_losses(old, new, where):
        return "same"
    for harm in (Harm.KILLED, Harm.INJURED):
        a, b = old.toll(harm), new.toll(harm)
        if a.best is None or b.best is None:
            continue
        if a.best == b.best and (where != "differ" or a.best > 9) and not _another(new):
            return "same"
        if a.best != b.best:
            if where == "differ":
                return "other"
            if where != "inside" and speaks_of_same(old, new, where):
                return "claim"
            if OTHER_TOLL.search(new.sentence.text) and not new.notes:
                return "same"
            if b.best > a.best:
                return "other"
            if kind_of(old)[1].startswith(SEVERAL_HAPPENINGS) and kind_of(new)[0] is Kind.INCIDENT:
                return "part"
            if (where == "inside" and b.best < a.best) or _says_part(new):
                return "part"
            if ANAPHORA.match(new.sentence.text) and where == "silent":
                return "same"
            return "same" if all(c.relation in ("subset", "repeat") for c in new.counts) else "other"
    if where == "differ" or (_another(new) and new.violent):
        return "other"
    if new.violent and not new.counts and anchored(new) and tells(new) and _turns(old, new):
        return "other"
    closer = where == "inside" and _families(old, new) and new.sentence.index - old.sentence.index <= 1
    if new.violent and not new.counts and days != "agree" and where not in ("agree", "silent") and not closer:
        return "other"
    return "same"


def _retells(home: Candidate, fresh: Candidate) -> bool:
    told = home.toll(Harm.KILLED).best
    if told is None or told != fresh.toll(Harm.KILLED).best or fresh.sentence.index > home.sentence.index + 2:
        return False
    said = [len(attributions_of([c.sentence.text])) for c in (home, fresh)]
    undated = not home.dates or "date_start" in home.notes
    return bool(fresh.dates and undated) or (said[1] > said[0] and len(fresh.dates) >= len(home.dates))


def _adds_up(candidate: Candidate) -> bool:
    """Whether it is the toll of a time, told without its days: a single day does not belong to it."""
    kind, why = kind_of(candidate)
    return kind is Kind.CUMULATIVE and why != SEVERAL_PLACES


def _another(new: Candidate) -> bool:
    return bool(ANOTHER.search(lower_in_place(new.sentence.text[: new.end - new.start])))


SCORES = 10  # "dozens", "scores"; "several others were hurt" tells too little


def _vague(new: Candidate) -> bool:
    return all(c.count.vague for c in new.counts) and (new.toll(Harm.KILLED).best or 0) < 10


def _says_part(new: Candidate) -> bool:
    return new.counts[0].relation == "addition" or bool(
        re.search(r"\b(?:of them|of those|of whom|highest toll|including)\b", new.sentence.text)
    )


def _days_agree(old: Candidate, new: Candidate) -> str:
    a, b = old.date, new.date
    if a is None or b is None or not (a.date_start and a.date_end and b.date_start and b.date_end):
        return "silent"
    if (a.date_start, a.date_end) == (b.date_start, b.date_end):
        return "agree"
    overlap = a.date_start <= b.date_end and b.date_start <= a.date_end
    close = (max(a.date_end, b.date_end) - min(a.date_start, b.date_start)) <= timedelta(days=1)
    return "agree" if overlap and close else "differ"


def places_agree(old: Candidate, new: Candidate) -> str:
    """agree, inside (new is in old), differ, or silent."""
    here, there = old.own_places(), new.own_places()
    if not here or not there:
        return "silent"
    a = {p.place.name for p in old.places if p.place and LEVEL[p.place.geo_precision] >= 2}
    b = {p.place.name for p in new.places if p.place and LEVEL[p.place.geo_precision] >= 2}
    if {p.place.name for p in here if p.place} & {p.place.name for p in there if p.place}:
        return "agree"
    admins = {p.place.admin1 for p in here if p.place}, {p.place.admin1 for p in there if p.place}
    if not (a and b):
        return "silent"
    level = [max(LEVEL[p.place.geo_precision] for p in group if p.place) for group in (here, there)]
    if admins[0] & admins[1]:
        if level[1] > level[0]:
            return "inside"
        return "agree" if level[0] > level[1] else "differ"
    return "differ"


def speaks_of_same(old: Candidate, new: Candidate, where: str) -> bool:
    """Whether another speaker gives a figure for what was told: "the ministry said 12 people died in the blast"."""
    text = new.sentence.text[new.start - new.sentence.start_char :][: new.end - new.start]
    if new.dates and not old.dates or _another(new) or not (attributions_of([text]) or OWN_FIGURE.search(text)):
        return False
    if {"forces", "militants"} <= _sides(new) and not {"forces", "militants"} <= _sides(old):
        return False  # the losses of both sides of a day's fighting are no other figure for six bodies
    if _sides(old) and _sides(new) and not _sides(old) & _sides(new) or len(_sides(new)) < len(_sides(old)):
        return False
    if Kind.CUMULATIVE in (kind_of(old)[0], kind_of(new)[0]):
        return where == "silent" and new.sentence.index == old.last + 1 and OWN_FIGURE.search(text) is not None
    if where == "silent" and not any(strength(a) in ("verb", "noun") for a in new.acts):
        return new.sentence.index - old.last <= NEARBY
    return bool(BACK.search(text))


def _sides(candidate: Candidate) -> set[str]:
    """Whose dead and hurt it counts: civilians, forces, militants."""
    return {side for count in candidate.counts for side in count.groups} - {""}


def _turns(old: Candidate, new: Candidate) -> bool:
    """Whether a sentence that counts nobody turns to another happening: of another kind, or on a day of its own."""
    if not _families(old, new) or kind_of(old)[0] is Kind.CUMULATIVE:
        return True
    apart = new.sentence.index - old.sentence.index > 1
    return bool(new.dates) and not old.dates and apart and not BACK.search(new.sentence.text)


def _families(old: Candidate, new: Candidate) -> bool:
    kinds = [{_family(a) for a in c.acts if strength(a) in ("verb", "noun")} for c in (old, new)]
    return not kinds[0] or not kinds[1] or bool(kinds[0] & kinds[1])


def _family(act: ViolenceMention) -> str:
    return "territory" if "territory" in act.sub_event_type else act.event_type


def fold(home: Candidate, fresh: Candidate) -> None:
    """A second mention adds what the first left out."""
    if home.full:
        return
    if fresh.counts and not home.counts:
        home.sentence, home.start, home.end = fresh.sentence, fresh.start, fresh.end
    elif _retells(home, fresh):
        # the fuller sentence is the better evidence: it has the day, the place or the speaker that the first left out
        home.hear(home.sentence)
        home.sentence, home.start, home.end = fresh.sentence, fresh.start, fresh.end
    if not (home.counts and _vague(fresh)):
        home.counts = home.counts + fresh.counts
    else:  # "several were killed" adds nothing to 12 dead, but "scores were hurt" tells of others
        told = {c.harm for c in home.counts}
        home.counts = home.counts + [c for c in fresh.counts if c.harm not in told and (c.count.best or 0) >= SCORES]
    home.acts = home.acts + fresh.acts
    home.spare_dates = home.spare_dates + fresh.spare_dates
    home.dates = home.dates or [d for d in fresh.dates if is_close(d) or home.sentence is fresh.sentence]
    best = max((LEVEL[p.place.geo_precision] for p in home.places if p.place), default=0)
    more = max((LEVEL[p.place.geo_precision] for p in fresh.places if p.place), default=0)
    if more > max(best, LEVEL[GeoPrecision.COUNTRY]):  # a country told elsewhere may be one that only speaks of it
        home.places = fresh.places
    home.hear(fresh.sentence)


def is_close(date: DateMention) -> bool:
    """Whether it names a day or a night, not a stretch of weeks that may be about something else."""
    return bool(date.date_start and date.date_end and date.date_end - date.date_start <= timedelta(days=1))
