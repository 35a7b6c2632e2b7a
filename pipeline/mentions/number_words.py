"""Digits and number words -> a number: "1,200", "twenty-three", "1.5 million", "a quarter of a million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from pipeline.mentions.words import Phrases, Word, read_rows, word_set

DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,7}")
DECIMAL = re.compile(r"\d{1,3}\.\d{1,3}")
LETTERS = {"k": 1_000, "m": 1_000_000}
AFTER_LETTER = word_set("after_a_letter_of_thousands")


@lru_cache(maxsize=1)
def quantity_phrases() -> Phrases:
    """The phrases of number language, each with its kind and value."""
    return Phrases([(row["phrase"], (row["kind"], row["value"])) for row in read_rows("quantities.csv")])


@lru_cache(maxsize=50_000)
def may_begin(word: str) -> bool:
    """Whether a number phrase may begin with this word; most do not, and are asked often."""
    opens = word in ("between", "a", "an", "half") or word in quantity_phrases().first_words
    digits = DIGITS.fullmatch(word) is not None or DECIMAL.fullmatch(word) is not None
    return opens or digits or number_word(word) is not None


def read_number(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """(value, end) of digits or number words: "1,200", "twenty-three", "two dozen", "one hundred and five"."""
    if not may_begin(_lower(words, at)):
        return None
    total = 0
    current: int | Fraction = 0
    first = at
    if part := _part_of_unit(words, at) or _decimal(words, at):
        return part
    while at < len(words):
        word = words[at]
        if DIGITS.fullmatch(word.text):
            if at > first:
                break
            current = int(word.text.replace(",", ""))
            at += 1
            if factor := _letter(words, at):  # "250k people"
                return int(current * factor), at + 1
            while current < 1000**3 and _goes_on_in_thousands(words, at):
                current, at = current * 1000 + int(words[at].text), at + 1
            continue
        value = number_word(word.lower)
        if value is not None and (at == first or current % 10 == 0 or current == 0):
            current += value
            at += 1
            continue
        found = quantity_phrases().match(words, at)
        if found and found[0][0] == "unit":
            factor = int(found[0][1])
            if at == first:
                break
            if factor >= 1000:
                total, current = total + int((current or 1) * factor), 0
            else:
                current = (current or 1) * factor
            at = found[1]
            continue
        if word.lower in ("a", "an") and at == first and at + 1 < len(words):
            after = quantity_phrases().match(words, at + 1)
            if after and after[0][0] == "unit":
                current, at = 1, at + 1
                continue
        if at > first and _half_of_unit(words, at):  # "two and a half million"
            current, at = current + Fraction(1, 2), at + 3
            continue
        if word.lower == "and" and at > first and current >= 100 and number_word(_lower(words, at + 1)) is not None:
            at += 1
            continue
        break
    return (total + int(current), at) if at > first else None


def _unit(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """(factor, end) of "hundred", "thousand", "million"."""
    found = quantity_phrases().match(words, at)
    return (int(found[0][1]), found[1]) if found and found[0][0] == "unit" else None


def _part_of_unit(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """(value, end) of "a quarter of a million", "half a dozen"."""
    found = quantity_phrases().match(words, at)
    if not found or found[0][0] != "fraction" or _lower(words, found[1]) not in ("a", "one"):
        return None
    unit = _unit(words, found[1] + 1)
    return (int(Fraction(found[0][1]) * unit[0]), unit[1]) if unit else None


def _decimal(words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """(value, end) of "1.5 million", "1.5m people"; None where a fraction counts no persons: "1.5 km"."""
    if not DECIMAL.fullmatch(words[at].text if at < len(words) else ""):
        return None
    if unit := _unit(words, at + 1):
        return int(Fraction(words[at].text) * unit[0]), unit[1]
    factor = _letter(words, at + 1)
    return (int(Fraction(words[at].text) * factor), at + 2) if factor else None


def _letter(words: Sequence[Word], at: int) -> int:
    """The factor of a letter that stands at a number, before those it counts: "250k people"; 0 where none."""
    glued = 0 < at < len(words) and words[at].start == words[at - 1].end
    return LETTERS.get(words[at].lower, 0) if glued and _lower(words, at + 1) in AFTER_LETTER else 0


def _half_of_unit(words: Sequence[Word], at: int) -> bool:
    """Whether "and a half million" follows."""
    return [w.lower for w in words[at : at + 3]] == ["and", "a", "half"] and _unit(words, at + 3) is not None


def _goes_on_in_thousands(words: Sequence[Word], at: int) -> bool:
    """Whether a number goes on after a space: "1 000"."""
    before, apart = words[at - 1], words[at].start - words[at - 1].end if at < len(words) else 0
    grouped = apart == 1 and len(words[at].text) == 3 and words[at].text.isdigit()
    return grouped and before.text.isdigit() and len(before.text) <= 3


def _lower(words: Sequence[Word], at: int) -> str:
    return words[at].lower if at < len(words) else ""


@lru_cache(maxsize=1)
def _small() -> dict[str, int]:
    return {row["phrase"]: int(row["value"]) for row in read_rows("quantities.csv") if row["kind"] == "number"}


def number_word(word: str) -> int | None:
    """The value of one number word, also hyphened: "twenty-three"."""
    small = _small()
    if word in small:
        return small[word]
    tens, _, ones = word.partition("-")
    if ones and tens in small and ones in small and small[tens] >= 20 and small[ones] < 10:
        return small[tens] + small[ones]
    return None
