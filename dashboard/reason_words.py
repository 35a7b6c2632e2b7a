"""Why a report was read as it was, in words that ask for no knowledge of the rules: reason_words.csv says them."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "reason_words.csv"
ABOUT = {
    "kind": "Kind", "event_type": "What happened", "date_start": "Day", "place": "Place", "fatalities_best": "Killed",
    "injured_best": "Injured", "actors": "Who", "attributions": "Says who", "part_of": "Part of a total",
}  # fmt: skip


def plain_reason(reason: str) -> str:
    """A reason as the table keeps it ("column: rule; rule") in plain words; a rule without words stays as it is."""
    column, _, rules = reason.partition(": ")
    if column not in ABOUT:
        return reason
    field = "count" if column.endswith("_best") else column
    return f"{ABOUT[column]}: " + "; ".join(_plain_rule(field, rule) for rule in rules.split("; "))


def _plain_rule(field: str, rule: str) -> str:
    for of_field, part, words in _words():
        if of_field == field and (found := part.fullmatch(rule)):
            return found.expand(words)
    return rule


@cache
def _words() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    with WORDS.open(encoding="utf-8", newline="") as lines:
        return tuple((row["field"], re.compile(row["part"]), row["words"]) for row in csv.DictReader(lines))
