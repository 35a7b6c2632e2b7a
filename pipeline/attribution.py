"""Sentences -> who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

NAME = r"(?:[A-Z][\w'’.-]{0,40}+(?:\s+(?:of|for|on|and|al|de|the)\b)?\s?){1,7}"
ROLE = (
    r"(?:a |an |the |its |local |security |medical |military |hospital "
    r"|health |senior |government |regional |provincial ){0,8}"
    r"(?:monitor(?:ing group)?|police|army|activists?|rescuers|residents|witnesses|officials?|sources?"
    r"|spokes\w{1,20}|ministry|authorities|"
    r"state (?:media|tv|television|news agency)|news agency|doctors|medics|war monitor)"
    rf"(?: (?:at|in|from|of) (?:the )?{NAME})?"
)
ACCORDING = re.compile(rf"\b[Aa]ccording to (?:the )?((?:{ROLE})|(?:{NAME}))")
SAID = r"(said|says|saying|reported|reports|confirmed|announced|claimed|told|stated|documented|added)\b"
SAYS = re.compile(rf"((?:{ROLE})|(?:{NAME}))(?:\([A-Z]+\)\s*+)?\s*+{SAID}")
# Any other speaker, between a comma or the sentence's start and the verb: ", the city's human rights secretary said"
OTHERS = re.compile(
    rf"(?:\A|[,;”\"]\s+)(?:and |but |while |as )?((?:[A-Za-z][\w'’-]*\s+){{1,6}})"
    rf"(?:{SAID}|(gave) (?:an?|the) |(put) the |(spoke) of (?=\d))"
)
# One of them is in every sentence in which somebody speaks
SPEAKING = (
    "said", "says", "saying", "report", "confirmed", "announced", "claimed", "told", "stated", "documented", "added",
    "gave a", "gave the ", "put the ", "spoke of ",
)  # fmt: skip
# "Police put the number at five", "a priest who helped to bury them spoke of 26": a figure of somebody's own
OWN_FIGURE = re.compile(
    r"\b(?:puts?|gave|gives|spoke|speaks)\s(?:(?:the|its|that|it)\s)?(?:\w+\s){0,3}(?:at|as|of)\s", re.IGNORECASE
)
NO_SPEAKER = re.compile(
    r"\b(?:he|she|it|they|who|which|that|this|i|we|there|toll|figures?|also|has|have|had|was|were|is|are|been|be|would"
    r"|can|could|will|to|been|sources? (?:has|have))\b", re.IGNORECASE,
)  # fmt: skip
PRONOUN = frozenset({"he", "she", "it", "they", "the", "who", "this", "that", "i", "we", "on", "in"})


class Speaker(NamedTuple):
    """Somebody who speaks in a sentence, the verb, and where both stand in it."""

    name: str
    verb: str
    start: int
    end: int


@lru_cache(maxsize=200)  # a sentence is asked when it is held against others, for its event and for each claim
def speakers_in(text: str) -> tuple[Speaker, ...]:
    """The speakers of a sentence, as named; most sentences have none, and seeing that is cheap."""
    found = []
    if "ccording to " in text:
        found += [Speaker(_name(m[1]), "said", m.start(), m.end()) for m in ACCORDING.finditer(text)]
    if any(map(text.__contains__, SPEAKING)):
        found += [Speaker(_name(m[1]), m[2], m.start(1), m.end()) for m in SAYS.finditer(text)]
        if not any(speaker.name for speaker in found):
            found += [
                Speaker(_name(m[1]), m[2] or m[3] or m[4] or m[5], m.start(1), m.end())
                for m in OTHERS.finditer(text) if not NO_SPEAKER.search(m[1])
            ]  # fmt: skip
    return tuple([speaker for speaker in found if speaker.name])


def _name(words: str) -> str:
    name = re.sub(r"^(?:a|an|the|The|A|An|Its|its|Their|their)\s+", "", words.strip(" .,'’"))
    return "" if name.lower() in PRONOUN else name


def attributions_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The speakers of the sentences, as named, the first first, at most four."""
    found: dict[str, str] = {}
    for text in texts:
        for speaker in speakers_in(text):
            found.setdefault(speaker.name.lower(), speaker.name)
    return tuple(found.values())[:4]
