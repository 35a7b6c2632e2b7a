"""Word lists of data/lexicons, made into patterns."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA_DIR = Path(__file__).resolve().parent.parent / "data"
LEXICON_DIR = DATA_DIR / "lexicons"


@cache
def read_lexicon(name: str) -> tuple[dict[str, str], ...]:
    """The rows of data/lexicons/NAME.csv."""
    with (LEXICON_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@cache
def read_countries() -> tuple[dict[str, str], ...]:
    """The rows of data/gazetteer/countries.csv; several demonyms or variants in a cell are joined with "|"."""
    with (DATA_DIR / "gazetteer" / "countries.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


def phrase_pattern(phrases: Iterable[str], *, ignore_case: bool = True) -> re.Pattern[str]:
    """One pattern for many phrases, the longest first.

    In a phrase "*" ends a stem ("detonat*") and "-" stands for a hyphen, a space or nothing ("air-strike").
    Grouped by the first letter, then the second, both as plain sets: a branch is then left at its first character, and
    finding is twenty times as fast as in one flat alternation of some hundred phrases.
    """
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    others = []
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        grouped = re.fullmatch(r"\w\w", phrase[:2]) and phrase[2:3] not in ("", "*")
        rest = phrase[2:] if grouped else phrase
        source = re.escape(rest).replace(r"\ ", r"\s+").replace(r"\-", r"[\s-]?").replace(r"\*", r"\w*")
        source += "" if phrase.endswith("*") else r"\b"
        if grouped:
            first, second = (f"(?-i:[{c.lower()}{c.upper()}])" if ignore_case else c for c in phrase[:2])
            groups[first][second].append(source)
        else:
            others.append(source)
    branches = [
        first + _either(second + _either(found) for second, found in seconds.items())
        for first, seconds in groups.items()
    ]
    return re.compile(r"\b" + _either(branches + others), re.IGNORECASE if ignore_case else 0)


def _either(sources: Iterable[str]) -> str:
    return f"(?:{'|'.join(sources)})"


def lower_in_place(text: str) -> str:
    """In lower case, each letter where it was: the dotted capital I alone would become two."""
    return text.replace("İ", "i").lower()


def fold(text: str) -> str:
    """Lower case, one space between words, no hyphens: how a found phrase is looked up again."""
    return " ".join(text.lower().replace("-", " ").split())
