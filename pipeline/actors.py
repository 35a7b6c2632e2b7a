"""A sentence -> who took part, as named, with a role only where the sentence says so."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicons import phrase_pattern, read_countries, read_lexicon
from pipeline.models import Actor, Role

BEFORE_DOER = re.compile(
    r"\b(?:by|blam(?:ed|ing)(?: on)?|carried out by|responsibility of|accus(?:ed|ing))\s+"
    r"(?:(?:the|suspected|regime|and|or|armed|paramilitary|rebel|\w+-led|\w+an)\s+){0,3}\Z",
    re.IGNORECASE,
)
DOES = re.compile(
    r"\s+(?:(?:forces|troops|soldiers|army|police|warplanes|jets|aircraft|helicopters?|drones?|missiles?|rockets?|shells"
    r"|artillery|shelling|bombs|snipers|fighters|militants|terrorists|rebels|insurgents|jihadists|separatists|cadres"
    r"|gunmen|militia|militiamen|paramilitaries|members|airstrikes?|air strikes?|strikes?|raids?|group)\s+)*"
    r"(?:killed|shelled|bombed|bombarded|attacked|ambushed|abducted|kidnapped|executed|beheaded|fired"
    r"|opened fire|struck|hit|targeted|shot|captured|seized|stormed|detonated|raided|hacked|torched|massacred|murdered"
    r"|pounded|claimed responsibility)\b"
    # "a PKK attack", "Russian shelling of Kherson"
    r"|\s+(?:(?:suicide|drone|rocket|missile|mortar|air|artillery)\s+)?(?:attacks?|raids?|ambush(?:es)?|strikes?"
    r"|bombings?|shelling|bombardment|gunfire)\b",
    re.IGNORECASE,
)
SUFFERS = re.compile(
    r"\s+(?:(?:fighters?|militants?|terrorists?|cadres?|soldiers?|members?|positions|rebels?|bombers?|commanders?|leaders?"
    r"|officers?|officials?)\s+)*"
    r"(?:and\s+(?:an?|two|three|four|five|\d+)\s+(?:[\w-]+\s+){1,4}?)?(?:were|was"
    r"|have been|has been|had been)\s+"
    r"(?:\w+ly\s+)?(?:killed|injured|wounded|shot|hit|attacked|ambushed|targeted|arrested)",
    re.IGNORECASE,
)
STRUCK = re.compile(
    r"\b(?:kill(?:ed|ing)|wound(?:ed|ing)|injur(?:ed|ing)|target(?:ed|ing)|shelled|bombed|ambushed|attacked|abducted"
    r"|kidnapped|captured|shot(?: dead)?|beheaded|executed|attacks? (?:on|against))\s+(?:at least\s+)?"
    r"(?:(?!(?:in|by|when|as|after|during|on|at|near|from|with|who|that|and|while|for)\b)[\w-]+\s+){0,4}\Z",
    re.IGNORECASE,
)
ONE_SIDE = re.compile(
    r"\b(?:clash\w*|fighting|battles?|exchange of fire|encounter)\s+(?:\w+\s+){0,3}(?:between"
    r"|with)\b",
    re.IGNORECASE,
)
# "the Ukrainian city of Kramatorsk", "the Turkish-held town": says where, not who
SAYS_WHERE = re.compile(
    r"-(?:held|occupied|controlled|administered|ruled)\b"
    r"|\s+(?:(?:border|frontier|coastal|port|capital|central|[a-z-]+ern|north\w*|south\w*|east|west|remote|rural)\s+){0,2}"
    r"(?:city|town|village|hamlet|port|capital|province|region|governorate|district|border|coast|soil|territory)\b"
)
# "Sudanese army", "Colombia's air force": a state acts through it
FORCE = re.compile(
    r"(?:['’]s)?\s+(?:(?:government|security|armed|special|border|state|federal|national)\s+)?(?:army|military|forces|troops"
    r"|soldiers?|police(?:men)?|air force|navy|marines|commandos|warplanes|fighter jets|airstrikes?|air strikes?)\b"
)


@cache
def _groups() -> tuple[re.Pattern[str], dict[str, str], dict[str, str]]:
    """The pattern of all names; name -> group, "" where it may be anyone ("gunmen"); people or country -> state."""
    rows = read_lexicon("groups")
    groups = {r["alias"]: "" if r["kind"] == "anyone" else r["group"] for r in rows}
    groups |= {alias.capitalize(): "" for alias, group in groups.items() if not group}
    states: dict[str, str] = {}
    for row in read_countries():
        for word in filter(None, [row["name"], *row["demonyms"].split("|"), *row["variants"].split("|")]):
            if word not in groups:
                states[word] = "" if word in states else row["name"]  # "Congolese" are of two
    return phrase_pattern([*groups, *states], ignore_case=False), groups, states


def actors_of(text: str) -> tuple[Actor, ...]:
    """The actors of a sentence, each group once, in text order."""
    pattern, groups, states = _groups()
    found: dict[str, Actor] = {}
    last = -2
    for match in pattern.finditer(text):
        if SAYS_WHERE.match(text, match.end()):
            continue
        name = re.sub(r"\s+", " ", match[0])
        end = match.end()
        if name in states:
            force = FORCE.match(text, end)
            if force is None:
                continue
            end = force.end()
            name, group = text[match.start() : end], states[name]
        else:
            group = groups.get(name, name)
            if not group:
                if match.start() == last + 1:
                    continue  # "M23 rebels" are one
                name = name.lower()
        last = end
        role = None
        before = text[max(0, match.start() - 60) : match.start()]
        if BEFORE_DOER.search(before) or DOES.match(text, end):
            role = Role.PERPETRATOR
        elif SUFFERS.match(text, end) or STRUCK.search(before):
            role = Role.TARGET
        elif ONE_SIDE.search(text):
            role = Role.PARTY
        known = group or name
        if known not in found or (role and not found[known].role):
            found[known] = Actor(name, role, group)
    return tuple(found.values())


def without_speakers(actors: tuple[Actor, ...], speakers: tuple[str, ...]) -> tuple[Actor, ...]:
    """The actors less those who only tell of it: a monitor or an agency that is named as the source."""
    return tuple(a for a in actors if a.role or not any(a.name in speaker for speaker in speakers))
