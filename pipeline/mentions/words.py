"""A sentence -> its words, and the phrases of a word list in them."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LEXICONS = Path(__file__).parents[2] / "data" / "lexicons"

# A time of the clock, a number with its thousands, a word (with inner hyphen, dot or apostrophe), or one mark.
# "'s" stands alone.
WORD = re.compile(
    r"\d{1,2}[:.]\d\d(?=\s?[ap]\.?m\b)|\d{1,2}:\d\d(?!\d)"
    r"|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?(?:-[A-Za-z]+)*|['’]s\b|(?:[A-Z]\.){2,}|[^\W\d_]+(?:-\w+|['’](?!s\b)\w+)*|[^\w\s]"
)


LETTERS = re.compile(r"[a-z]+")
QUOTES = frozenset("'\"‘’“”`´")


@dataclass(slots=True)  # not frozen: a frozen one takes three times as long to make, and every word of a text is one
class Word:
    """A word or mark of a sentence: sentence.text[start:end] == text."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def capitalised(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()


def split_words(text: str) -> list[Word]:
    """The words and marks of a text, in order; quotation marks say nothing here and are left out."""
    found = []
    for match in WORD.finditer(text):
        word = match[0]
        if word not in QUOTES:
            lower = word.lower()
            found.append(Word(word, lower.replace("’", "'") if "’" in lower else lower, match.start(), match.end()))
    return found


@lru_cache(maxsize=200)  # those of one article: what is kept longer is only in the way
def letter_runs(text: str) -> frozenset[str]:
    """The runs of letters a to z in a sentence, in lower case: what tells quickly that a word is not there."""
    return frozenset(LETTERS.findall(text.lower()))


def may_say(text: str, runs: frozenset[str]) -> bool:
    """Whether one of these runs of letters stands in a sentence."""
    return not runs.isdisjoint(letter_runs(text))


@lru_cache(maxsize=16)
def read_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a word list."""
    with (LEXICONS / name).open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def word_set(name: str) -> frozenset[str]:
    """A closed list of words out of count_words.csv."""
    return frozenset(w for row in read_rows("count_words.csv") if row["set"] == name for w in row["words"].split())


class Phrases:
    """Phrases of several words, found longest first."""

    def __init__(self, rows: Sequence[tuple[str, Any]]) -> None:
        self._alone: dict[str, Any] = {}  # of one word
        self._longer: dict[str, dict[str, list[tuple[list[str], Any]]]] = {}  # by their first and their second word
        for phrase, value in rows:
            first, *rest = phrase.split()
            if rest:
                self._longer.setdefault(first, {}).setdefault(rest[0], []).append((rest, value))
            else:
                self._alone.setdefault(first, value)
        for by_second in self._longer.values():
            for found in by_second.values():
                found.sort(key=lambda entry: -len(entry[0]))
        self.first_words = frozenset({*self._alone, *self._longer})

    def match(self, words: Sequence[Word], at: int) -> tuple[Any, int] | None:
        """(value, end) of the longest phrase that begins at this word."""
        if at >= len(words):
            return None
        first = words[at].lower
        if (by_second := self._longer.get(first)) is not None and at + 1 < len(words):
            for rest, value in by_second.get(words[at + 1].lower, ()):
                end = at + 1 + len(rest)
                if [word.lower for word in words[at + 1 : end]] == rest:
                    return value, end
        return (self._alone[first], at + 1) if first in self._alone else None
