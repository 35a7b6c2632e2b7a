"""Names that a text introduces as those of persons: no place, though a gazetteer knows them."""

from __future__ import annotations

import re

from pipeline.mentions.toponyms import read_tokens
from pipeline.mentions.words import may_say

INTRODUCES = re.compile(
    r"\b(?:identified (?:only )?as|identified by [a-z]+ as|alias|a\.k\.a\.|aka)[,:]?\s+(?!an?\s|the\s)", re.IGNORECASE
)
INTRODUCING = frozenset(["identified", "alias", "k", "aka"])
JOINS = frozenset(["alias", "aka", "and", "al", "bin", "ibn", "de", "da", "dos", "von", "van"])
FULL_STOP = re.compile(r"[a-z]{2}\.\s|;")  # not that of an initial


def named_persons(text: str) -> list[tuple[int, int]]:
    """Where names stand that "identified as" or "alias" introduces, up to the first word that is no name."""
    if not may_say(text, INTRODUCING):
        return []
    found = []
    tokens = read_tokens(text)
    for match in INTRODUCES.finditer(text):
        end = match.end()
        for token in tokens:
            if token.start < match.end():
                continue
            if end > match.end() and FULL_STOP.search(text, max(end - 2, match.end()), token.start):
                break
            if not (token.capital or token.low in JOINS or token.low.isdigit()):
                break
            end = token.end
        if end > match.end():
            found.append((match.end(), end))
    return found
