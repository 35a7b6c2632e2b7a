"""A sentence of talks -> who took part: states, organised groups, persons in office; and who spoke, by full name."""

from __future__ import annotations

import re
from functools import cache

from pipeline.actors import actors_of
from pipeline.lexicons import phrase_pattern, read_countries
from pipeline.models import Actor, Role

OFFICE = r"(?:Envoy|Minister|President|Secretary-General|Secretary|Chancellor|Ambassador|Premier|Mediator|Chairman)"
# The office of "Special Envoy to Syria" names a country that is not at the table
PERSON = re.compile(
    rf"\b{OFFICE}\s+(?:(?:to|for|of)\s+(?:the\s+)?[A-Z]\w+\s+)?"
    r"((?:[A-Z][\w'’-]+|de|al|bin|van)(?:\s+(?:[A-Z][\w'’-]+|de|al|bin|van)){1,3})"
)
# What comes before these words is who says it; what comes after those is what the talks were about
SAID_THAT = re.compile(
    r"\b(?:said|says|told [\w ]{1,30}?|announced|reported|confirmed|stated)\s+(?:that\b|on \w+ that\b)"
)
TOPIC = re.compile(
    r"\b(?:to (?!represent)[a-z]\w*|discuss\w*|about|over|on (?:the|a|an|how)|regarding|concerning|focus\w*|aimed|amid"
    r"|where|which|after|ahead of|before|since|calling|following)\b"
)
NOT_AT_THE_TABLE = re.compile(r"\b(?:in|at|near|against|outside|from|for|on)\s+(?:the\s+)?\Z", re.IGNORECASE)
OFFICIALS = re.compile(
    r"(?:\s+(?:and|,|[A-Z]?\w+(?:an|ish|i|ese|ch)|foreign|defen[cs]e|prime|interior|senior|top|military)){0,4}"
    r"\s+(?:counterparts?|ministers?|presidents?|leaders?|officials?|diplomats?|delegations?|representatives?|envoys?"
    r"|governments?|negotiators?|generals?|commanders?)\b",
    re.IGNORECASE,
)
REMARKS = re.compile(
    r"((?:[A-Z][\w’'-]{1,40}\s+){0,3}[A-Z]\w{1,40}(?:-\w{1,40})?)['’]s?\s+(?:remarks|comments|statement|speech|address|announcement)\b"
)


@cache
def _states() -> tuple[re.Pattern[str], dict[str, tuple[str, bool]]]:
    """The pattern of countries and peoples; word -> (country, whether it names the people)."""
    words: dict[str, tuple[str, bool]] = {}
    for row in read_countries():
        words |= {word: (row["name"], True) for word in row["demonyms"].split("|") if word}
        words |= {word: (row["name"], False) for word in [row["name"], *row["variants"].split("|")] if word}
    return phrase_pattern(words, ignore_case=False), words


def _states_of(text: str, *, counterparts_only: bool = False) -> list[tuple[int, str]]:
    pattern, words = _states()
    found = []
    for match in pattern.finditer(text):
        name, people = words.get(re.sub(r"\s+", " ", match[0]), ("", False))
        if people:
            officials = OFFICIALS.match(text, match.end())
            if officials and (not counterparts_only or "counterpart" in officials[0]):
                found.append((match.start(), name))
        elif name and not counterparts_only and not NOT_AT_THE_TABLE.search(text, 0, match.start()):
            found.append((match.start(), name))
    return found


def parties_of(text: str, act_start: int, act_end: int) -> tuple[Actor, ...]:
    """Who met or agreed in a sentence whose act ("met", "held a summit") stands at [act_start, act_end).

    Only the clause of the act is read: neither who reports it nor what it was about.
    """
    said = [m.end() for m in SAID_THAT.finditer(text, 0, act_start)]
    start = said[-1] if said else 0
    rest = PERSON.sub(lambda m: " " * len(m[0]), text)
    about = TOPIC.search(rest, act_end)
    clause = slice(start, about.start() if about else len(text))
    found = [(m.start(), Actor(m[1], Role.PARTY)) for m in PERSON.finditer(text[clause])]
    rest = rest[clause]
    states = _states_of(rest)
    found += [(at, Actor(name, Role.PARTY, name)) for at, name in states]
    known = {name for _, name in states} | {word for word, (_, people) in _states()[1].items() if people}
    found += [
        (rest.find(a.name), Actor(a.name, Role.PARTY, a.group))
        for a in actors_of(rest)
        if a.name not in known and a.group not in known
    ]
    return tuple({a.name: a for _, a in sorted(found, key=lambda f: f[0])}.values())


def speaker_of(sentence: str, named: tuple[str, ...], before: str) -> tuple[Actor, ...]:
    """Who made a statement, by the full name told earlier in the article, and the counterparts beside them."""
    remarks = REMARKS.search(sentence)
    speakers = [remarks[1]] if remarks else list(named[:1])
    found = [Actor(full_name(name, before + sentence)) for name in speakers]
    found += [Actor(name, Role.PARTY, name) for _, name in _states_of(sentence, counterparts_only=True)]
    return tuple(dict.fromkeys(found))


def full_name(name: str, text: str) -> str:
    """ "Guterres" -> "Antonio Guterres" where the text gives the longer name of a person; else the name."""
    if " " in name or not name[:1].isupper():
        return name
    longer = re.search(rf"\b{OFFICE}\s+((?:[A-Z][\w’'-]+\s+){{1,3}}{re.escape(name)})\b", text) or re.search(
        rf"\b([A-Z][a-z]+\s+{re.escape(name)})\b", text
    )
    return longer[1] if longer else name
