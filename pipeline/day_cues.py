"""What the words around a date say of it: the day of a happening, or the day of what followed on it."""

from __future__ import annotations

import re
from functools import cache

from pipeline.lexicons import fold, lower_in_place, phrase_pattern, read_lexicon
from pipeline.models import DateMention, Sentence

HAPPENING, DEATH, LATER, AFTERMATH = 2, 1, -1, -3
WEIGHTS = {"happening": HAPPENING, "death": DEATH, "later": LATER, "aftermath": AFTERMATH}
CLOCK_BEFORE = re.compile(
    r"\b\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?|o['’]clock)[\s,]*(?:on\s+|\w{2,3}\s+on\s+)?\Z", re.IGNORECASE
)
BORDER = re.compile(r"[;:]\s|(?<=[a-z]{5})\.\s|[“”\"]|,?\s(?:but|while|when|where|whose|though|although)\s")
# "Saturday's attack", "a Sunday night shooting"
NAMED_AFTER = re.compile(
    r"\A(?:[’']s)?((?:\s+(?!(?:the|an?|of|in|at|on|to|by|for|from|his|her|their|and|but)\b)[a-z][a-z-]*){1,3})"
)

CLAUSE_END = re.compile(r"[;:,]\s")
NOUN = re.compile(r"\b(?!were|was|happened|occurred)[a-z]")


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, int], tuple[tuple[str, int], ...]]:
    rows = read_lexicon("day_words")
    exact = {fold(r["phrase"]): WEIGHTS[r["dates"]] for r in rows if not r["phrase"].endswith("*")}
    stems = tuple((r["phrase"][:-1], WEIGHTS[r["dates"]]) for r in rows if r["phrase"].endswith("*"))
    return phrase_pattern((r["phrase"].lower() for r in rows), ignore_case=False), exact, stems


def _weight(word: str) -> int:
    _, exact, stems = _patterns()
    word = fold(word)
    return exact[word] if word in exact else next(weight for stem, weight in stems if word.startswith(stem))


def cue(date: DateMention, sentence: Sentence) -> int:
    """Above 0: the words date a happening; below 0: an arrest, a hearing, a death long after; 0: they do not say."""
    start, end = date.start_char - sentence.start_char, date.end_char - sentence.start_char
    before, after = sentence.text[max(0, start - 140) : start], sentence.text[end : end + 110]
    pattern, _, _ = _patterns()
    named = NAMED_AFTER.match(after)
    if named and any(_weight_at(after, named.start(1) + m.start()) == HAPPENING for m in NOUN.finditer(named[1])):
        return HAPPENING + 1
    clock = bool(CLOCK_BEFORE.search(before))
    for clause in (BORDER.split(before)[-1], before):
        if found := pattern.findall(lower_in_place(clause)):
            return _weight(found[-1]) + clock
    first = pattern.search(lower_in_place(CLAUSE_END.split(after.lstrip(" ,"))[0]))
    if first and (first.start() < 24 or len(before.split()) <= 3):
        return _weight(first[0]) + clock
    return int(clock)


def _weight_at(text: str, at: int) -> int:
    found = _patterns()[0].match(lower_in_place(text), at)
    return _weight(found[0]) if found else 0
