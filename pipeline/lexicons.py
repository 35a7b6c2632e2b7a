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
    Grouped by the first two letters, because one flat alternation of some hundred phrases is five times slower.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for phrase in sorted(set(phrases), key=lambda p: (-len(p), p)):
        key = phrase[:2] if re.fullmatch(r"\w\w", phrase[:2]) and phrase[2:3] not in ("", "*") else ""
        rest = phrase[len(key) :]
        source = re.escape(rest).replace(r"\ ", r"\s+").replace(r"\-", r"[\s-]?").replace(r"\*", r"\w*")
        groups[key].append(source + ("" if phrase.endswith("*") else r"\b"))
    body = "|".join(f"{key}(?:{'|'.join(found)})" for key, found in sorted(groups.items(), reverse=True))
    return re.compile(rf"\b(?:{body})", re.IGNORECASE if ignore_case else 0)


def fold(text: str) -> str:
    """Lower case, one space between words, no hyphens: how a found phrase is looked up again."""
    return " ".join(text.lower().replace("-", " ").split())
