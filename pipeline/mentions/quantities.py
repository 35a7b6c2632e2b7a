"""Number phrases -> Count: "at least 12", "up to 30", "two dozen", "5 to 7", "several", "no"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.mentions.number_words import may_begin, quantity_phrases, read_number
from pipeline.mentions.words import Word
from pipeline.models import Count

YEAR = re.compile(r"(?:19|20)\d\d")
VAGUE = Count(2, 3, None, vague=True)
MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])


@dataclass(slots=True)
class Quantity:
    """How many, as a number phrase says it; words[start:end] are the phrase."""

    start: int
    end: int
    count: Count
    kind: str  # "number", "one" ("a"), "none", "vague", "both", "possessive", "definite" (no number: "the")
    definite: bool = False  # "the two": persons already spoken of
    addition: bool = False  # "another six"
    rule: str = ""


def read_quantity(words: Sequence[Word], at: int) -> Quantity | None:
    """The number phrase that begins at this word, with its bounds; None where there is none."""
    if at >= len(words) or not may_begin(words[at].lower):
        return None
    start, bound, definite, addition, said = at, "", False, False, []
    while (found := quantity_phrases().match(words, at)) and found[0][0] in (
        "at_least", "at_most", "about", "plain", "definite", "addition",
    ):  # fmt: skip
        kind = found[0][0]
        if kind in ("at_least", "at_most", "about"):
            bound = bound or kind
        definite |= kind == "definite"
        addition |= kind == "addition"
        said.append(" ".join(w.lower for w in words[at : found[1]]))
        at = found[1]
    if at < len(words) and words[at].lower == "between" and (low := read_number(words, at + 1)):
        joined = low[1] < len(words) and words[low[1]].lower == "and"
        if joined and (high := read_number(words, low[1] + 1)) and low[0] < high[0]:
            return Quantity(start, high[1], Count(low[0], low[0], high[0]), "number", rule="between N and M")
    if at + 1 < len(words) and words[at].lower == "half" and words[at + 1].lower == "of":
        whole = read_quantity(words, at + 2)
        if whole and whole.kind == "number" and whole.count.best and whole.count.high:
            part = (whole.count.best + 1) // 2
            return replace(
                whole, start=start, count=Count(part, part, part, approximate=True), definite=False, rule="half"
            )
    if at + 1 < len(words) and YEAR.fullmatch(words[at].text) and read_number(words, at + 1):
        return None  # "6 June 2016 seventeen civilians": the year of a date that a copied page runs into the text
    if number := read_number(words, at):
        value, end = number
        count, rule = Count(value, value, value), "N"
        joiner = words[end].lower if end < len(words) else ""
        if _is_dateline(words, at, end):
            return None
        if joiner in ("to", "-", "–", "or") and (other := read_number(words, end + 1)) and other[0] > value:
            count, end, rule = Count(value, value, other[0]), other[1], "N to M"
        elif joiner == "or" and end + 1 < len(words) and words[end + 1].lower in ("more", "so"):
            more = words[end + 1].lower == "more"
            count = replace(count, high=None if more else value, approximate=not more)
            end, rule = end + 2, "N or more" if more else "N or so"
        if bound == "at_least":
            count, rule = Count(value, value, None), "at least N"
        elif bound == "at_most":
            count, rule = Count(None, value, value), "up to N"
        elif bound == "about":
            count, rule = replace(count, approximate=True), "about N"
        if end < len(words) and words[end].lower in ("more", "other", "others", "additional", "further"):
            addition = True
            end += words[end].lower != "others"
        return Quantity(start, end, count, "number", definite, addition, rule)
    if found:
        (kind, value), end = found[0], found[1]
        if kind == "none":
            return Quantity(start, end, Count(0, 0, 0), "none", rule="none")
        if kind == "number":  # "a couple of"
            many = int(value)
            return Quantity(start, end, Count(many, many, many), "number", definite, addition, "N")
        if kind == "tens":
            factor = int(value)
            return Quantity(
                start, end, Count(factor, factor, None, vague=True), "number", definite, addition, "tens of"
            )
        if kind == "vague" and start and words[start - 1].lower == "as":
            return None  # "as many"
        if kind == "vague":
            if end < len(words) and words[end].lower == "other":
                addition, end = True, end + 1
            return Quantity(start, end, VAGUE, "vague", definite, addition, "several")
        if kind == "group":
            if inner := read_quantity(words, end):
                return replace(inner, start=start)
            return Quantity(start, end, VAGUE, "vague", definite, addition, "a group of")
        if kind == "possessive" and (inner := read_quantity(words, end)) and inner.kind == "number":
            return replace(inner, start=start)  # "her two children"
        if kind in ("both", "one", "possessive"):
            many = int(value)
            return Quantity(start, end, Count(many, many, many), kind, kind == "both", addition, kind)
    if bound == "about" and said == ["some"]:
        return Quantity(start, at, VAGUE, "vague", False, addition, "some")
    if definite or addition:
        return Quantity(start, at, Count(1, 1, 1), "addition" if addition else "definite", definite, addition, "the")
    return None


def _is_dateline(words: Sequence[Word], at: int, end: int) -> bool:
    """Whether a number is the day of a dateline: "Nov 2 - Fifty-three soldiers"."""
    if not at or end >= len(words) or words[end].text not in ("-", "–", "—"):
        return False
    apart = words[end].start > words[end - 1].end
    return apart and words[at - 1].capitalised and words[at - 1].lower.rstrip(".")[:3] in MONTHS
