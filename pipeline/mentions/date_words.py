"""The words of time expressions, and the calendar arithmetic that their resolution needs."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.models import DateBasis, TimePrecision

MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): n for n, name in enumerate(calendar.day_name)}
WEEKDAYS |= {name.lower(): n for n, name in enumerate(calendar.day_abbr)}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
NUMBERS = {
    word: n
    for n, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "  # noqa: SIM905
        "seventeen eighteen nineteen twenty".split()
    )
} | {"a": 1, "an": 1, "couple of": 2, "a couple of": 2, "couple": 2, "a couple": 2, "few": 3, "a few": 3, "several": 3}
VAGUE_NUMBERS = frozenset(["a couple of", "couple of", "a couple", "couple", "few", "a few", "several"])

# Full names in any of the usual cases; the short ones and the words that are also English ones only with a capital
MONTH_FULL = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
MONTH_CAPS = r"(?:JANUARY|FEBRUARY|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)"
MONTH_SHORT = (
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT|SEP|OCT|NOV|DEC)\.?"
)
MONTH = rf"(?:{MONTH_FULL}|{MONTH_CAPS}|MARCH|MAY|{MONTH_SHORT}|january|february|april|june|july|september|october|november|december)"  # noqa: E501
WEEKDAY_FULL = (
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|MONDAY|TUESDAY|WEDNESDAY|THURSDAY|FRIDAY|SATURDAY|SUNDAY)"
)
WEEKDAY_SHORT = r"(?:Mon|Tues|Tue|Weds|Wed|Thurs|Thur|Thu|Fri|Sat|Sun|MON|TUE|WED|THU|FRI|SAT|SUN)\b\.?"
YEAR = r"(?:(?:19|20)\d\d)"
NUMBER = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|an?\s+couple(?:\s+of)?|couple(?:\s+of)?|an?\s+few|few|several|an|a)"
)
PART_OF_DAY = r"(?:morning|afternoon|evening|night|midday|noon|midnight|dawn|dusk|lunchtime|nightfall|sunset|sunrise)"


IN_MARGIN = "a day in the margin"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression means: inclusive days, or None with the reason."""

    start: date | None
    end: date | None
    precision: TimePrecision | None
    basis: DateBasis
    reason: str
    year_given: bool = False
    background: bool = False


@dataclass(slots=True)
class Frame:
    """What an expression is read against."""

    dct: date | None
    day_first: bool = True
    future: bool = False  # the clause speaks of what is to come
    past: bool = False  # the clause speaks of what has been
    anchor: date | None = None  # the day last named before it
    anchor_follows: bool = False  # the day to count from stands after the words
    told_before: date | None = None  # a full date that stands before it in the sentence
    told_year: bool = False  # ... of which the year is all that is told


Found = list[tuple[int, int, Reading]]  # spans in the sentence, each with its reading


def spanning(found: re.Match[str], reading: Reading | None) -> Found:
    """One reading for the whole of what was found."""
    return [(found.start(), found.end(), reading)] if reading else []


def year_in_order(month: int, day: int, frame: Frame) -> int | None:
    """The year that carries on from a full date told before in the sentence; a story seldom runs backwards."""
    told = frame.told_before
    if told is None:
        return None
    if frame.told_year:
        return told.year
    later = (month, day) < (told.month, told.day)
    return told.year + (
        later
        and frame.dct is not None
        and (told.year + 1, month, day) <= (frame.dct.year, frame.dct.month, frame.dct.day)
    )


def number(words: str) -> int:
    """A number in digits or in the words of NUMBERS."""
    return int(words) if words.isdigit() else NUMBERS[" ".join(words.lower().replace("an ", "a ").split())]


def is_vague(words: str) -> bool:
    """Whether a number word leaves the number open."""
    return " ".join(words.lower().split()) in VAGUE_NUMBERS


def month_number(word: str) -> int:
    """1 to 12."""
    return MONTHS[word.lower().rstrip(".")]


def weekday_number(word: str) -> int:
    """0 (Monday) to 6."""
    return WEEKDAYS[word.lower().rstrip(".")]


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month; months may run below 1 or over 12."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def week_span(day: date) -> tuple[date, date]:
    """Monday and Sunday of the ISO week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    _, last = month_span(day.year, day.month - months)
    return last.replace(day=min(day.day, last.day))


def explicit(start: date, end: date, precision: TimePrecision, reason: str, year_given: bool = True) -> Reading:
    """A reading that the words themselves give."""
    return Reading(start, end, precision, DateBasis.EXPLICIT, reason, year_given)


def relative(start: date, end: date, precision: TimePrecision, reason: str) -> Reading:
    """A reading that counts from another day."""
    return Reading(start, end, precision, DateBasis.RELATIVE, reason)


def unresolved(reason: str) -> Reading:
    """A time expression that nothing settles."""
    return Reading(None, None, None, DateBasis.NONE, reason)


def no_dct() -> Reading:
    """A relative expression in an article whose own day is unknown."""
    return unresolved("relative, and the article's own day is not known")


def in_background(reading: Reading) -> Reading:
    """The same reading, as something told for background."""
    return replace(reading, background=True)
