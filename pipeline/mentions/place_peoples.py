"""A people's name before a place says its country: "the Lebanese city of Tripoli", "the Syrian village of Atmeh"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY
from pipeline.mentions.toponyms import Token, place_words
from pipeline.names import name_key

BETWEEN = 3  # words: "the Ecuadorian Pacific coast port city of Manta"
NOWHERE: frozenset[str] = frozenset()


def countries_said(
    text: str, tokens: Sequence[Token], first: int, peoples: Mapping[str, frozenset[str]]
) -> frozenset[str]:  # fmt: skip
    """iso2 of the countries of the people whose name leads to the place at this token; empty where none does."""
    levels = place_words()["feature or region"]
    at = first - 1
    if at >= 0 and tokens[at].low in ("of", "called", "named"):
        at -= 1
    # an "Israeli settlement" lies where it was built
    if at < 0 or tokens[at].low not in levels or tokens[at].low.startswith("settlement"):
        return NOWHERE
    for n in range(at - 1, max(at - 2 - BETWEEN, -1), -1):
        gap = text[tokens[n].end : tokens[n + 1].start]
        if tokens[n].capital and gap == " ":
            # "South Sudanese" is another people than "Sudanese"
            longer = text[tokens[n - 1].start : tokens[n].end] if n else ""
            if said := peoples.get(longer) or peoples.get(tokens[n].text):
                return said
        if gap not in (" ", "-") or (tokens[n].low in levels and n < at - 1):
            return NOWHERE
    return NOWHERE


def is_people(
    text: str, tokens: Sequence[Token], at: int, candidates: Sequence[Candidate], gazetteer: Gazetteer
) -> bool:  # fmt: skip
    """Whether it is a people's name: "Thai" in "the Thai province of Pattani", not "Somali" in "the Somali region"."""
    if tokens[at].text not in gazetteer.peoples:
        return False
    if at + 1 >= len(tokens) or tokens[at + 1].low not in place_words()["region"]:
        return True
    if not any(c.kind == ADMIN1 for c in candidates):
        return True
    owned = [t.text for t in tokens[at + 2 : at + 4]]
    of_country = len(owned) == 2 and any(c.kind == COUNTRY for c in gazetteer.by_key(name_key(owned[1])))
    return owned[:1] == ["of"] and not of_country
