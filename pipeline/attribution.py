"""Sentences -> who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

NAME = r"(?:[A-Z][\w'’.-]*(?:\s+(?:of|for|on|and|al|de|the)\b)?\s?){1,7}"
ROLE = (
    r"(?:a |an |the |its |local |security |medical |military |hospital )*"
    r"(?:monitor(?:ing group)?|police|army|activists?|rescuers|residents|witnesses|officials?|sources?"
    r"|spokes\w+|ministry|authorities|"
    r"state (?:media|tv|television|news agency)|news agency|doctors|medics|war monitor)"
    rf"(?: (?:at|in|from|of) (?:the )?{NAME})?"
)
ACCORDING = re.compile(rf"\b[Aa]ccording to (?:the )?((?:{ROLE})|(?:{NAME}))")
SAID = r"(?:said|says|reported|reports|confirmed|announced|claimed|told|stated|documented|added)\b"
SAYS = re.compile(rf"((?:{ROLE})|(?:{NAME}))(?:\([A-Z]+\)\s*)?\s*{SAID}")
# A pattern -> what must stand in the text for it to find anything: most sentences name no speaker, and seeing that is
# far cheaper than trying every name
NEEDED = ((ACCORDING, re.compile("ccording to ")), (SAYS, re.compile(SAID)))
PRONOUN = frozenset({"he", "she", "it", "they", "the", "who", "this", "that", "i", "we", "on", "in"})


def attributions_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The speakers of the sentences, as named, the first first, at most four."""
    found: dict[str, str] = {}
    for text in texts:
        for pattern, needed in NEEDED:
            if not needed.search(text):
                continue
            for match in pattern.finditer(text):
                name = re.sub(r"^(?:a|an|the|The|A|An)\s+", "", match[1].strip(" .,'’"))
                if name and name.lower() not in PRONOUN:
                    found.setdefault(name.lower(), name)
    return tuple(found.values())[:4]
