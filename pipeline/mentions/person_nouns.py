"""Nouns that stand for persons, and whose side they say."""

from __future__ import annotations

from functools import lru_cache

from pipeline.mentions.words import Word, read_rows


@lru_cache(maxsize=1)
def _nouns() -> dict[str, tuple[bool, str, bool | None, str]]:
    table: dict[str, tuple[bool, str, bool | None, str]] = {}
    for row in read_rows("victims.csv"):
        civilian = {"yes": True, "no": False}.get(row["civilian"])
        for form, plural in ((row["plural"], True), (row["noun"], False)):
            if form and form not in table:
                table[form] = (plural, row["group"], civilian, row["noun"].strip("()"))
    return table


def person_noun(word: Word) -> tuple[bool, str, bool | None, str] | None:
    """(plural, group, civilian, singular) of a noun for persons."""
    return noun_of(word.lower)


@lru_cache(maxsize=50_000)
def noun_of(lower: str) -> tuple[bool, str, bool | None, str] | None:
    """(plural, group, civilian, singular) of a word in lower case."""
    if found := _nouns().get(lower):
        return found
    if len(lower) > 5:
        for ending, plural in (("man", False), ("men", True), ("woman", False), ("women", True)):
            if lower.endswith(ending) and "-" not in lower:
                return plural, "", None, lower
    last = lower.rsplit("-", 1)[-1]
    if (
        last != lower
        and last in _nouns()
        or last in ("maoist", "old", "olds", "inspector", "general", "officer", "leader")
    ):
        if last in ("old", "olds"):
            return last == "olds", "", None, "person"
        if last == "maoist":
            return None  # "the CPI-Maoist" is the party
        if (found := _nouns().get(last)) and found[0]:
            return found
        if last in ("inspector", "general", "officer", "leader"):
            return _nouns()[last]
    return None
