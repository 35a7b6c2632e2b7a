"""Which rule reads which time expression, and which words call for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from pipeline.mentions import date_absolute as absolute
from pipeline.mentions import date_days as days
from pipeline.mentions import date_offsets as offsets
from pipeline.mentions import date_periods as periods
from pipeline.mentions import date_years as years
from pipeline.mentions.date_feasts import feast_pattern, read_feast
from pipeline.mentions.date_words import Found, Frame
from pipeline.mentions.words import letter_runs

Reader = Callable[[re.Match[str], Frame], Found]
# Which rules a sentence needs, by the words in it; most sentences need none
TRIGGERS = {
    "w": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun "
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
    "m": "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sep sept oct nov dec",
    "r": "today tonight yesterday tomorrow overnight night nights morning evening afternoon earlier",
    "u": "day days week weeks weekend month months year years hour hours quarter half war conflict",
    "f": "easter christmas eid ramadan thanksgiving ashura halloween nowruz newroz labor memorial martin mlk palm "
    "boxing valentine bastille juneteenth veterans presidents columbus",
}
KIND_OF_WORD = {word: kind for kind, words in TRIGGERS.items() for word in words.split()}
FEAST_PHRASES = (
    "new year", "good friday", "black friday", "ash wednesday", "of july", "july fourth", "may day", 
    "women's day", "press freedom", "mother", "father"
)  # fmt: skip
DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"(?P<y>(?:19|20)\d\d|\d0['’]?s)|(?P<n>\d{1,2}[-/.]\d{1,2}[-/.]\d)|on\s+the\s+(?P<o>\d)")


# Triggers, words of which one must be there ("": no such need), pattern, reader
_RULES = (
    ("m", "", absolute.MONTH_DAY, absolute.read_month_day),
    ("m", "", absolute.DAY_MONTH, absolute.read_month_day),
    ("m", "", absolute.GLUED, absolute.read_glued),
    ("m", "", absolute.MONTH_YEAR, absolute.read_month),
    ("m", "", absolute.MONTH_ONLY, absolute.read_month),
    ("ym", "", absolute.ISO, absolute.read_iso),
    ("n", "", absolute.NUMERIC, absolute.read_numeric),
    ("y", "", years.YEAR_RANGE, years.read_year_range),
    ("y", "", years.YEAR_ONLY, years.read_year),
    ("y", "", years.DECADE, years.read_decade),
    ("u", "first|second|third|fourth|last", years.QUARTER, years.read_quarter),
    ("w", "first|second|third|fourth|last", years.NTH_WEEKDAY, years.read_nth_weekday),
    ("o", "", absolute.DAY_ORDINAL, absolute.read_day_ordinal),
    ("w", "", days.MARGIN_DAY, days.read_margin_day),
    ("w", "", days.WEEKDAY, days.read_weekday),
    ("w", " week", days.WEEK_WEEKDAY, days.read_weekday),
    ("w", "", days.SHORT_WEEKDAY, days.read_weekday),
    ("r", "today|tonight|yesterday|tomorrow|this|earlier|last", days.NEAR_DAY, days.read_near_day),
    ("r", "night", days.OVERNIGHT, days.read_overnight),
    (
        "u",
        "last|this|next|past|previous|coming|following|preceding|that|same|current",
        periods.PERIOD,
        periods.read_period,
    ),
    ("u", "the week|the month|the year", periods.PART_OF_THE, periods.read_part_of_the),
    ("u", "weekend", periods.WEEKEND, periods.read_weekend),
    ("u", "past|last|previous|preceding|recent", periods.PAST_SPAN, periods.read_past_span),
    ("u", "in ", periods.WITHIN, periods.read_within),
    ("u", "old", periods.OLD_FIGHT, periods.read_old_fight),
    ("u", "ago", offsets.AGO, offsets.read_ago),
    (
        "ur",
        "earlier|before|later|after|prior|previous|preceding|following|next|same|that",
        offsets.OFFSET,
        offsets.read_offset,
    ),
    ("u", "into the|into its|into a|since the|before the|after the", offsets.WAR_TIME, offsets.read_war_time),
    ("u", "since|so far", periods.SINCE_START, periods.read_since_start),
)


class Rule(NamedTuple):
    """How one kind of time expression is found and read."""

    order: int
    words: tuple[str, ...]  # one of them must be in the sentence
    pattern: re.Pattern[str]
    reader: Reader


@lru_cache(maxsize=1_000)
def _rules_of(kinds: frozenset[str | None]) -> tuple[Rule, ...]:
    feasts = [Rule(99, (), feast_pattern(), read_feast)] if "f" in kinds else []
    return *(
        Rule(order, tuple(filter(None, words.split("|"))), pattern, reader)
        for order, (triggers, words, pattern, reader) in enumerate(_RULES)
        if not kinds.isdisjoint(triggers)
    ), *feasts  # fmt: skip


def rules_for(text: str) -> list[Rule]:
    """The rules that a sentence needs."""
    low = text.lower()
    kinds: set[str | None] = {KIND_OF_WORD[word] for word in letter_runs(text) & KIND_OF_WORD.keys()}
    if kinds and any(phrase in low for phrase in FEAST_PHRASES):
        kinds.add("f")
    if DIGIT.search(low):
        kinds |= {found.lastgroup for found in DIGITS.finditer(low)}
    if not kinds:
        return []
    rules, within = _rules_of(frozenset(kinds)), low.__contains__
    return [rule for rule in rules if not (words := rule.words) or any(map(within, words))]
