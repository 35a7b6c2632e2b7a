"""Capitals called by their country or its people: "the Afghan capital", "Burundi's capital"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import COUNTRY, TOWN
from pipeline.mentions.toponyms import Token, Toponym
from pipeline.models import Sentence
from pipeline.names import name_key

# "the Somali capital Mogadishu", "the capital, Kabul", "capital city Juba", "the Afghan capital's west"
NAMED = re.compile(r"(?: city)?,? (?:of )?[A-Z]")
NO_TOWN = re.compile(
    r" (?:punishment|offence|offense|crime|murder|market|gains|flight|investment|spending|stock|account)"
)


def find_capitals(sentence: Sentence, tokens: list[Token], gazetteer: Gazetteer) -> Iterator[Toponym]:
    """The capitals that a sentence calls by their country alone; one that it names is found by its name."""
    text = sentence.text
    if "capital" not in text:
        return
    for at in range(1, len(tokens)):
        token, owner = tokens[at], tokens[at - 1]
        gap = text[owner.end : token.start]
        if token.low != "capital" or not owner.capital or gap not in (" ", "'s ", "’s "):
            continue
        if NAMED.match(text, token.end) or NO_TOWN.match(text, token.end):
            continue
        # "South Sudanese" is another people than "Sudanese"
        first = at - 2 if at > 1 and tokens[at - 2].capital and tokens[at - 2].low in ("south", "north") else at - 1
        if gap != " ":  # "Sierra Leone's capital"
            while first and tokens[first - 1].capital and text[tokens[first - 1].end : tokens[first].start] == " ":
                first -= 1
        start = tokens[first].start
        if (town := _capital_of(text[start : owner.end], gazetteer, of_country=gap != " ")) is not None:
            if gap != " ":  # the country is a mention of its own
                first, start = at, token.start
            found = Toponym(sentence, first, at, start, token.end, text[start : token.end],
                            town[0], (town[1],), sure=True, tokens=tokens)  # fmt: skip
            found.before = tokens[first - 1].low if first else ""
            found.after = tokens[at + 1].low if at + 1 < len(tokens) else ""
            yield found


def _capital_of(name: str, gazetteer: Gazetteer, *, of_country: bool) -> tuple[str, Candidate] | None:
    countries = [c.iso2 for c in gazetteer.by_key(name_key(name)) if c.kind == COUNTRY] if of_country else []
    iso2 = min(countries, default="") if of_country else gazetteer.demonyms.get(name)
    key = next((key for key, country in gazetteer.capitals.items() if country == iso2), None) if iso2 else None
    towns = [c for c in gazetteer.by_key(key) if c.iso2 == iso2 and c.kind == TOWN] if key else []
    return (key, max(towns, key=lambda c: (c.population, -c.index))) if key and towns else None
