"""Why something was read as it was, in words that ask for no knowledge of the rules: those of data/reason_words.csv."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parents[1] / "data" / "reason_words.csv"
ABOUT = {
    "kind": "Kind", "event_type": "What happened", "date_start": "Day", "place": "Place", "fatalities_best": "Killed",
    "injured_best": "Injured", "actors": "Who", "attributions": "Says who", "part_of": "Part of a total",
}  # fmt: skip
FIELDS = {"date_start": "day", "fatalities_best": "count", "injured_best": "count"}  # others are called as their column
BESIDE = re.compile(r"(?P<word>[^:;]+): (?P<parts>.+?)(?: \((?:vague|approximate)\))?")


def plain_reason(reason: str) -> str:
    """A reason as the table keeps it ("column: rule; rule") in plain words; a rule without words stays as it is."""
    column, _, rules = reason.partition(": ")
    if column not in ABOUT:
        return reason
    return f"{ABOUT[column]}: {plain_rules(FIELDS.get(column, column), rules)}"


def plain_rules(field: str, rules: str) -> str:
    """The rules ("rule; rule") that gave a value of this field, in plain words."""
    return "; ".join(_plain_rule(field, rule) for rule in rules.split("; ") if rule)


def _plain_rule(field: str, rule: str) -> str:
    if (said := _said(field, rule)) is not None:
        return said
    if field == "count" and (found := BESIDE.fullmatch(rule)):  # the word of harm, and what stands with it
        return f"beside “{found['word']}”: " + " and ".join(_said("number", p) or p for p in found["parts"].split(", "))
    if field == "day" and ": " in rule:  # a span, and how the day at its end was read
        return " – ".join(_plain_rule(field, part) for part in rule.split(": ", 1))
    return rule


def _said(field: str, rule: str) -> str | None:
    for part, words in _words().get(field, ()):
        if found := part.fullmatch(rule):
            return found.expand(words)
    return None


@cache
def _words() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    with WORDS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["field"], []).append((re.compile(row["part"]), row["words"]))
    return found
