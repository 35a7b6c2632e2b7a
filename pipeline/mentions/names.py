"""Names of persons beside words of harm: "Ali Hassan was killed", "identified as A, B and C"."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.mentions.victims import Persons
from pipeline.mentions.words import Word, word_set

INNER = word_set("inner")
NOT_NAMES = word_set("not_names")


def is_name_word(word: Word) -> bool:
    """Whether a word may be part of a person's name."""
    return word.capitalised and word.text[0].isalpha() and word.lower not in NOT_NAMES and not word.text.isupper()


def _is_initial(words: Sequence[Word], at: int) -> bool:
    """Whether a letter or its dot stands here: "K. Reza"."""
    if words[at].text == ".":
        at -= 1
    letter = at >= 0 and len(words[at].text) == 1 and words[at].capitalised and words[at].text.isalpha()
    return letter and at + 1 < len(words) and words[at + 1].text == "."


def read_name(words: Sequence[Word], low: int, high: int, *, forward: bool = False) -> tuple[int, int, int] | None:
    """(start, end, 1) of the name of a person that ends at `high` (or begins at `low`); two words at least."""
    if forward:
        end = low
        while end < high and (
            is_name_word(words[end]) or _is_initial(words, end) or end > low and words[end].lower in INNER
        ):
            end += 1
        return (low, end, 1) if 2 <= end - low <= 6 else None
    end = high
    if end - low >= 4 and words[end - 1].text == "," and words[end - 2].text == ")":
        end -= 1
    if end - low >= 3 and words[end - 1].text in (",", ")"):
        opening = "," if words[end - 1].text == "," else "("
        back = end - 2
        while back > low and words[back].text != opening and end - back < 12:
            back -= 1
        if words[back].text == opening:
            end = back
    start = end
    while start > low and (
        is_name_word(words[start - 1]) or words[start - 1].lower in INNER or _is_initial(words, start - 1)
    ):
        start -= 1
    if end - start >= 2 or end - start == 1 and (start == 0 or start == low) and start > 0 and end == high:
        return start, end, 1
    return None


def count_names(words: Sequence[Word], at: int, persons: Persons) -> int:
    """How many names follow "identified as", where the persons before it have no number; else 0."""
    if not persons.count.vague or not (persons.bare or persons.definite):
        return 0
    k = at
    while k < len(words) and k < at + 5 and words[k].lower not in ("as", "namely"):
        k += 1
    if k >= len(words) or words[k].lower not in ("as", "namely") or "identified" not in [w.lower for w in words[at:k]]:
        return 0
    names, k = 0, k + 1
    inside = False
    depth = 0
    while k < len(words):
        word = words[k]
        if word.text == "(":
            depth += 1
        elif word.text == ")":
            depth -= 1
        elif depth:
            pass
        elif word.capitalised or word.lower in INNER:
            names += not inside
            inside = True
        elif word.lower in (",", "and", "&"):
            inside = False
        elif word.lower not in ("'s",):
            break
        k += 1
    return names
