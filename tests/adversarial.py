"""Texts on which a pattern would blow up if it could: made of its own literals, classes and repeats."""

from __future__ import annotations

import random
import re
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

# a character of each class, and how the class is written
CLASSES = {
    op.CATEGORY_DIGIT: "7", op.CATEGORY_SPACE: " ", op.CATEGORY_WORD: "a",
    op.CATEGORY_NOT_DIGIT: "x", op.CATEGORY_NOT_SPACE: "x", op.CATEGORY_NOT_WORD: ",",
}  # fmt: skip
SOURCES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s", op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
ANY = "aA7 ,.-x"
REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}
MOST_UNITS = 60  # of a list of a thousand phrases: its branches are alike
UNITS = ("1", " ", "a", "A", "Aa ", "a, ", "and ", "of the ", ".", "a.", "A.", "7 ", "1,000", "-", "a-", "“", "\n", "Aa, ", "(", "é")


def adversarial_units(pattern: str, flags: int = 0) -> list[tuple[str, str]]:
    """(what stands before, what is repeated): every repeat of the pattern behind its own beginning, and common units."""
    dice = random.Random(pattern)
    tree = parser.parse(pattern, flags)
    pairs = {("", unit) for unit in UNITS}
    for before, pump in _pumps(tree, "", dice):
        if pump:
            pairs |= {(before, pump), ("", pump), ("", before + pump)}
    pairs |= {("", made) for _ in range(4) if (made := _sample(tree, dice))}
    return sorted(dice.sample(sorted(pairs), min(len(pairs), MOST_UNITS)))


def grown(pair: tuple[str, str], size: int) -> str:
    """A text of about this size that keeps repeating and ends in what no pattern expects."""
    before, unit = pair
    return before + unit * max(1, (size - len(before)) // len(unit)) + "\x00"


def _pumps(tree, before: str, dice: random.Random) -> list[tuple[str, str]]:
    found = []
    for kind, value in tree:
        if kind in REPEATS:
            low, high, body = value
            if high > 20:
                found += [(before, _sample(body, dice)) for _ in range(2)]
            found += _pumps(body, before, dice)
        elif kind is op.SUBPATTERN:
            found += _pumps(value[3], before, dice)
        elif kind is op.ATOMIC_GROUP:
            found += _pumps(value, before, dice)
        elif kind is op.BRANCH:
            for branch in value[1]:
                found += _pumps(branch, before, dice)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            found += _pumps(value[1], before, dice)
        before += _sample([(kind, value)], dice)
    return found


def _sample(tree, dice: random.Random) -> str:
    """A text that the pattern, or a part of it, most likely matches."""
    said = ""
    for kind, value in tree:
        if kind is op.LITERAL:
            said += chr(value)
        elif kind is op.NOT_LITERAL:
            said += next(c for c in ANY if ord(c) != value)
        elif kind is op.ANY:
            said += dice.choice(ANY)
        elif kind is op.IN:
            said += _one_of(value, dice)
        elif kind is op.BRANCH:
            said += _sample(dice.choice(value[1]), dice)
        elif kind is op.SUBPATTERN:
            said += _sample(value[3], dice)
        elif kind is op.ATOMIC_GROUP:
            said += _sample(value, dice)
        elif kind in REPEATS:
            low, high, body = value
            said += "".join(_sample(body, dice) for _ in range(dice.randint(low, min(high, low + 2))))
    return said


def _one_of(members, dice: random.Random) -> str:
    if members[0][0] is op.NEGATE:
        free = [c for c in ANY if not any(_holds(member, c) for member in members[1:])]
        return dice.choice(free or ["\u4e2d"])
    kind, value = dice.choice(members)
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.RANGE:
        return chr(dice.randint(*value))
    return CLASSES[value]


def _holds(member, char: str) -> bool:
    kind, value = member
    if kind is op.LITERAL:
        return ord(char) == value
    if kind is op.RANGE:
        return value[0] <= ord(char) <= value[1]
    return bool(re.match(SOURCES[value], char))
