"""The words by which two articles on one happening know each other: names, house numbers, ages."""

from __future__ import annotations

import csv
import re
from functools import cache

from pipeline.settings import ROOT

# a capital after a lower-case word or a comma: a name, not the start of a sentence; what stands before is looked at
# last, for most characters are no capital
_NAME = re.compile(r"[A-Z](?<=[a-z,;] .)[a-zA-Z'’-]+(?: (?:al-)?[A-Z][a-zA-Z'’-]+){0,3}")
_NUMBER = re.compile(r"\d(?<![\d:.,$].)\d{1,4}(?![\d:.,%]\d|\d|%)")
_READ_CHARS = 6_000
_MOST_WORDS = 40


@cache
def common_words() -> frozenset[str]:
    """Words that are capitalised in any country's news and tell no happening from another."""
    path = ROOT / "data" / "lexicons" / "common_capitals.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        return frozenset(row["word"] for row in csv.DictReader(handle))


def distinctive_words(text: str) -> tuple[str, ...]:
    """Lower-case parts of names and numbers of a text, in the order of first use, at most 40."""
    common = common_words()
    found: dict[str, None] = {}
    text = text[:_READ_CHARS]
    for match in _NAME.finditer(text):
        for word in match.group().split():
            plain = word.lower().replace("’", "'").removesuffix("'s").removeprefix("al-").strip("'-")
            if len(plain) > 2 and plain not in common:
                found[plain] = None
    for match in _NUMBER.finditer(text):
        number = int(match.group())
        # years, hours and round figures stand everywhere; an age or a house number does not
        if number > 2100 or (number > 12 and number % 100 and not 1900 <= number <= 2100):
            found[match.group()] = None
    return tuple(list(found)[:_MOST_WORDS])
