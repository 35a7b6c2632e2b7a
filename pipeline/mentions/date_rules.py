"""Which rule reads which time expression, and which words call for it."""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.mentions import date_absolute as named
from pipeline.mentions import date_relative as counted
from pipeline.mentions.date_words import Frame, Reading
from pipeline.mentions.words import letter_runs

Reader = Callable[[re.Match[str], Frame], list[tuple[int, int, Reading]]]
# Which rules a sentence needs, by the words in it; most sentences need none
TRIGGERS = {
    "w": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat sun",
    "m": "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sep sept oct nov dec",
    "r": "today tonight yesterday tomorrow overnight night nights morning evening afternoon earlier",
    "u": "day days week weeks weekend month months year years hour hours quarter half war conflict",
    "f": "easter christmas eid ramadan thanksgiving ashura halloween nowruz newroz labor memorial martin mlk palm "
    "boxing valentine bastille juneteenth veterans presidents columbus",
}
KIND_OF_WORD = {word: kind for kind, words in TRIGGERS.items() for word in words.split()}
FEAST_PHRASES = (
    "new year",
    "good friday",
    "black friday",
    "ash wednesday",
    "of july",
    "july fourth",
    "may day",
    "women's day",
    "press freedom",
    "mother",
    "father",
)  # noqa: E501
DIGIT = re.compile(r"\d")
DIGITS = re.compile(r"(?P<y>(?:19|20)\d\d|\d0['’]?s)|(?P<n>\d{1,2}[-/.]\d{1,2}[-/.]\d)|on\s+the\s+(?P<o>\d)")


def rules_needed(text: str) -> set[str | None]:
    """Which rules a sentence needs."""
    low = text.lower()
    kinds: set[str | None] = {KIND_OF_WORD[word] for word in letter_runs(text) & KIND_OF_WORD.keys()}
    if kinds and any(phrase in low for phrase in FEAST_PHRASES):
        kinds.add("f")
    if DIGIT.search(low):
        kinds |= {found.lastgroup for found in DIGITS.finditer(low)}
    return kinds


# Triggers, words of which one must be there (none: no such need), pattern, reader
RULES: tuple[tuple[str, tuple[str, ...], re.Pattern[str], Reader], ...] = (
    ("m", (), named.MONTH_DAY, named.read_month_day),
    ("m", (), named.DAY_MONTH, named.read_month_day),
    ("m", (), named.GLUED, named.read_glued),
    ("m", (), named.MONTH_YEAR, named.read_month),
    ("m", (), named.MONTH_ONLY, named.read_month),
    ("ym", (), named.ISO, named.read_iso),
    ("n", (), named.NUMERIC, named.read_numeric),
    ("y", (), named.YEAR_RANGE, named.read_year_range),
    ("y", (), named.YEAR_ONLY, named.read_year),
    ("y", (), named.DECADE, named.read_decade),
    (
        "u",
        (
            "first",
            "second",
            "third",
            "fourth",
            "last",
        ),
        named.QUARTER,
        named.read_quarter,
    ),
    ("o", (), named.DAY_ORDINAL, named.read_day_ordinal),
    ("w", (), counted.WEEKDAY, counted.read_weekday),
    ("w", (" week",), counted.WEEK_WEEKDAY, counted.read_weekday),
    ("w", (), counted.SHORT_WEEKDAY, counted.read_weekday),
    ("r", (), counted.NEAR_DAY, counted.read_near_day),
    ("r", ("night",), counted.OVERNIGHT, counted.read_overnight),
    (
        "u",
        (
            "last",
            "this",
            "next",
            "past",
            "previous",
            "coming",
            "following",
            "preceding",
            "that",
            "same",
            "current",
        ),
        counted.PERIOD,
        counted.read_period,
    ),
    (
        "u",
        (
            "the week",
            "the month",
            "the year",
        ),
        counted.PART_OF_THE,
        counted.read_part_of_the,
    ),
    ("u", ("weekend",), counted.WEEKEND, counted.read_weekend),
    (
        "u",
        (
            "past",
            "last",
            "previous",
            "preceding",
            "recent",
        ),
        counted.PAST_SPAN,
        counted.read_past_span,
    ),
    ("u", ("ago",), counted.AGO, counted.read_ago),
    (
        "ur",
        (
            "earlier",
            "before",
            "later",
            "after",
            "prior",
            "previous",
            "preceding",
            "following",
            "next",
            "same",
            "that",
        ),
        counted.OFFSET,
        counted.read_offset,
    ),
    (
        "u",
        (
            "into the",
            "into its",
            "into a",
            "since the",
            "before the",
            "after the",
        ),
        counted.WAR_TIME,
        counted.read_war_time,
    ),
    (
        "u",
        (
            "since",
            "so far",
        ),
        counted.SINCE_START,
        counted.read_since_start,
    ),
)
