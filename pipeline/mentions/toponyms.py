"""A sentence's words, and the stretch of them that may be a place."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.gazetteer import Candidate
from pipeline.models import Sentence
from pipeline.names import ARTICLES
from pipeline.settings import ROOT

TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’ʼ‘`][^\W\d_]+)*|\d+")


@lru_cache(maxsize=1)
def place_words(path: Path = ROOT / "data" / "lexicons" / "place_words.csv") -> dict[str, frozenset[str]]:
    """Use -> words, from the lexicon."""
    uses: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            uses.setdefault(row["use"], set()).add(row["word"])
    found = {use: frozenset(words) for use, words in uses.items()}
    # made once: they are asked for at every name
    found["feature or region"] = found["feature"] | found["region"]
    found["feature, region or civic"] = found["feature or region"] | found["civic"]
    found["common or first_name"] = found["common"] | found["first_name"]
    found["joint or article"] = found["joint"] | ARTICLES
    found["never or title"] = found["never"] | found["title"]
    found["calling an unlisted name"] = (
        found["unlisted name"] | found["unlisted name behind"] | found["unlisted name after"]
    )
    found["no name's first"] = found["never or title"] | found["common or first_name"] | found["direction"]
    found["no name's last"] = found["civic"] | found["street"] | found["paper"] | found["never"] | found["treaty"]
    return found


class Token(NamedTuple):
    """A word of a sentence; `end` is before a possessive's apostrophe."""

    start: int
    end: int
    text: str
    low: str
    capital: bool


@dataclass(slots=True)
class Toponym:
    """A stretch that may be a place, with what stands around it. Positions are within the sentence."""

    sentence: Sentence
    first: int  # tokens [first, last]
    last: int
    start: int
    end: int
    text: str
    key: str
    candidates: tuple[Candidate, ...]
    before: str = ""  # the word before, in lower case
    after: str = ""
    of_people: frozenset[str] = frozenset()  # iso2 of the country that a people's name before it says
    sure: bool = False  # the words around say it is a place; otherwise the document must
    reason: str = ""
    tokens: list[Token] = field(default_factory=list, repr=False)
    chosen: Candidate | None = None
    parent: Toponym | None = None
    parent_link: str = ""
    home: Candidate | None = None  # where the article plays, if the one chosen is too far from that to be meant
    abroad: bool = False  # whether the article plays in another country


_new_token = tuple.__new__


@lru_cache(maxsize=200)  # a sentence is read for listed places, then for unlisted ones
def read_tokens(text: str) -> list[Token]:
    """The words and numbers of a sentence; nobody changes the list."""
    tokens = []
    for match in TOKEN.finditer(text):
        word, end = match[0], match.end()
        if word[-1] == "s" and word[-2:] in ("'s", "’s") and len(word) > 2:
            word, end = word[:-2], end - 2
        # past the named tuple's own constructor, which takes half of the time of finding words
        tokens.append(_new_token(Token, (match.start(), end, word, word.lower(), word[0].isupper())))
    return tokens
