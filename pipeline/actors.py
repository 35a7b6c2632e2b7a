"""A sentence -> who took part, as named, with a role only where the sentence says so."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicons import phrase_pattern, read_lexicon
from pipeline.models import Actor, Role

BEFORE_DOER = re.compile(
    r"\b(?:by|blamed on|carried out by|responsibility of|accused)\s+(?:(?:the|suspected|regime|and|or|armed"
    r"|\w+-led|\w+an)\s+){0,3}\Z",
    re.IGNORECASE,
)
DOES = re.compile(
    r"\s+(?:(?:forces|troops|army|warplanes|jets|aircraft|fighters|militants|terrorists|cadres|gunmen"
    r"|airstrikes?|air strikes?|raids?|group)\s+)*"
    r"(?:killed|shelled|bombed|bombarded|attacked|ambushed|abducted|kidnapped|executed|beheaded|fired"
    r"|opened fire|struck|hit|targeted|shot|captured|seized|stormed|detonated|claimed responsibility)\b",
    re.IGNORECASE,
)
SUFFERS = re.compile(
    r"\s+(?:(?:fighters|militants|terrorists|cadres|soldiers|members|positions|rebels|bombers)\s+)*(?:were|was"
    r"|have been|has been|had been)\s+"
    r"(?:\w+ly\s+)?(?:killed|injured|wounded|shot|hit|attacked|ambushed|targeted|arrested)",
    re.IGNORECASE,
)
ONE_SIDE = re.compile(
    r"\b(?:clash\w*|fighting|battles?|exchange of fire|encounter)\s+(?:\w+\s+){0,3}(?:between"
    r"|with)\b",
    re.IGNORECASE,
)


@cache
def _groups() -> tuple[re.Pattern[str], dict[str, str]]:
    rows = read_lexicon("groups")
    return phrase_pattern((r["alias"] for r in rows), ignore_case=False), {r["alias"]: r["group"] for r in rows}


def actors_of(text: str) -> tuple[Actor, ...]:
    """The actors of a sentence, each group once, in text order."""
    pattern, groups = _groups()
    found: dict[str, Actor] = {}
    for match in pattern.finditer(text):
        group = groups.get(match[0]) or groups.get(re.sub(r"\s+", " ", match[0]), match[0])
        role = None
        if BEFORE_DOER.search(text[max(0, match.start() - 60) : match.start()]) or DOES.match(text, match.end()):
            role = Role.PERPETRATOR
        elif SUFFERS.match(text, match.end()):
            role = Role.TARGET
        elif ONE_SIDE.search(text):
            role = Role.PARTY
        if group not in found or (role and not found[group].role):
            found[group] = Actor(match[0], role, group)
    return tuple(found.values())


def without_speakers(actors: tuple[Actor, ...], speakers: tuple[str, ...]) -> tuple[Actor, ...]:
    """The actors less those who only tell of it: a monitor or an agency that is named as the source."""
    return tuple(a for a in actors if a.role or not any(a.name in speaker for speaker in speakers))
