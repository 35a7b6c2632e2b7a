"""Numbers that count nobody: ages, days, years, parts of names."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.mentions.quantities import Quantity, read_quantity
from pipeline.mentions.words import Word


def is_label(words: Sequence[Word], at: int) -> bool:
    """Whether a number here is an age, a day or part of a name: "(25)", "March 11", "Brigade 12", ", 14,"."""
    if at == 0 or not words[at].text[0].isdigit():
        return False
    before = words[at - 1]
    if before.text in ("(", "/", "#", "$", ".", "-") or before.lower in ("aged", "age", "ages"):
        return True
    if before.lower == "and" and at > 1 and is_label(words, at - 2):
        return True
    after = words[at + 1].text if at + 1 < len(words) else ""
    if before.text == "," and after in (",", ")") and at > 1 and not words[at - 2].text.isdigit():
        return True
    return before.capitalised and before.text[0].isalpha() and at > 1


def is_year(words: Sequence[Word], at: int, quantity: Quantity) -> bool:
    return len(words[at].text) == 4 and words[at].text.isdigit() and 1900 <= (quantity.count.best or 0) <= 2099


def spelled_year(words: Sequence[Word], at: int) -> int:
    """Where a year in words ends: "in two thousand and eighteen people were killed"; 0 where none begins."""
    said = [w.lower for w in words[at : at + 3]]
    rest = at + 3 if said[2:] == ["and"] else at + 2
    number = read_quantity(words, rest) if said[:2] == ["two", "thousand"] else None
    return number.end if number and number.rule == "N" and 0 < (number.count.best or 0) < 100 else 0
