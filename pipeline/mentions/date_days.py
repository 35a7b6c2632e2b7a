"""Days that count from the article's own: "on Tuesday", "yesterday", "last night", "overnight"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.mentions.date_words import (
    IN_MARGIN,
    PART_OF_DAY,
    WEEKDAY_FULL,
    WEEKDAY_SHORT,
    Found,
    Frame,
    no_dct,
    relative,
    spanning,
    unresolved,
    week_span,
    weekday_number,
)
from pipeline.models import TimePrecision

ONE_DAY = timedelta(days=1)
BEFORE_PART = (
    rf"(?:(?:(?:early|earlier|late|later)\s+(?:on\s+)?|(?:at\s+)?{PART_OF_DAY}\s+(?:on|of)\s+|(?:at\s+)?(?:dawn|midnight|"
    rf"noon|midday|dusk)\s+))?"
)
# "Saturdays attack": a publisher that lost its apostrophes; "on Saturdays" is a habit
LOST_APOSTROPHE = (
    r"(?:s(?=\s+[a-z]{4,})(?!\s+(?:from|when|after|before|between|until|while|during|because|they|only|since)\b))"
)
AFTER_PART = rf"(?:[’']s|{LOST_APOSTROPHE})?(?:\s+(?:early\s+|late\s+|mid-?)?{PART_OF_DAY}\b)?"
WEEKDAY = re.compile(
    rf"\b{BEFORE_PART}(?:(?P<mod>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|[Tt]his\s+past|[Tt]his\s+coming|[Cc]oming|[Pp]revious)\s+)?"
    rf"(?P<day>{WEEKDAY_FULL})(?:\b|(?=s\s)){AFTER_PART}\b(?:\s+(?:of\s+)?(?P<week>last|this|next)\s+week|(?P<ago>\s+a\s+week\s+ago)|(?P<last>\s+last)\b)?"
)
WEEK_WEEKDAY = re.compile(rf"\b(?P<week>last|this|next)\s+week\s+(?:on\s+)?(?P<day>{WEEKDAY_FULL})\b")
SHORT_WEEKDAY = re.compile(
    rf"\b(?P<pre>on|On|early|late|since|until|last)\s+(?P<day>{WEEKDAY_SHORT})(?!\w)(?:\s+{PART_OF_DAY})?"
)
# "MON. A soldier was killed", "Tuesday 10. Two men shot": a day before the lines of its own
MARGIN_DAY = re.compile(
    rf"\A[^\w\"“]{{0,3}}(?P<day>{WEEKDAY_FULL}|{WEEKDAY_SHORT})(?:,?\s+(?P<n>\d{{1,2}})(?:st|nd|rd|th)?)?"
    r"(?:(?<=\.)(?=\s)|(?=\s*(?:[:.–—]|-\s|\Z)))"
)
# Names made of a weekday, and habits: no day is meant
NAME_AFTER = re.compile(
    r"s?\s+(?:prayers?|[Ss]chool|Times|Mirror|Mosque|Telegraph|Express|Herald|Night\s+(?:Live|Football)|Market|Movement|Brigade|massacre)\b",
)
HABIT_BEFORE = re.compile(r"\b(?:every|each|most|Bloody|Black|Super|Good|Palm|Ruby|Cyber)\s+\Z", re.I)
NEAR_DAY = re.compile(
    rf"\b(?:{BEFORE_PART}(?:[Ee]arlier\s+|[Ll]ater\s+)?(?P<today>[Tt]oday|[Tt]onight|TODAY)|(?P<yesterday>(?:{BEFORE_PART})[Yy]esterday|YESTERDAY)"
    rf"|(?P<tomorrow>{BEFORE_PART}[Tt]omorrow)){AFTER_PART}\b|\b(?:(?:[Ee]arly|[Ll]ate|[Ee]arlier)\s+)?(?P<this>[Tt]his\s+(?:very\s+)?(?:morning|afternoon|evening)|[Ee]arlier\s+(?:in\s+)?the\s+day)\b"
    rf"|\b(?P<lastnight>(?:[Ll]ate\s+|[Ee]arly\s+)?[Ll]ast\s+(?:night|evening))\b|\b(?P<dby>(?:the\s+)?day\s+before\s+yesterday)\b"
    rf"|\b(?P<dat>(?:the\s+)?day\s+after\s+tomorrow)\b"
)
OVERNIGHT = re.compile(
    rf"\b(?:[Oo]vernight|[Dd]uring\s+the\s+night|[Ii]n\s+the\s+night)\b(?:\s+(?:on\s+|from\s+|between\s+|of\s+)?(?P<day>{WEEKDAY_FULL})\b"
    rf"(?:\s+(?:night\s+)?(?P<to>to|into|and|-|through)\s+(?P<end>{WEEKDAY_FULL})(?:\s+{PART_OF_DAY})?)?"
    rf"|\s+(?:in)?to\s+(?P<into>{WEEKDAY_FULL})\b)?"
)


def read_weekday(found: re.Match[str], frame: Frame) -> Found:
    """The latest such day not after the article's own; a later one where the clause speaks of what is to come."""
    before = found.string[max(0, found.start() - 10) : found.start()]
    if HABIT_BEFORE.search(before):
        return []
    if found.string[found.end("day") : found.end("day") + 2] == "s " and before.endswith("on "):
        return []  # a habit
    groups = found.groupdict()
    if NAME_AFTER.match(found.string, found.end("day")):
        if " prayer" in found.string[found.end("day") : found.end("day") + 9].lower():
            return spanning(found, unresolved("prayers are named, not a day"))
        return []
    if frame.dct is None:
        return spanning(found, no_dct())
    mod = " ".join((groups.get("mod") or "").lower().split())
    day = pick_weekday(frame, weekday_number(found["day"]), mod, groups.get("week") or "")
    if groups.get("ago"):
        day -= timedelta(days=7)
    if groups.get("last") and day == frame.dct:
        day -= timedelta(days=7)
    return spanning(found, relative(day, day, TimePrecision.DAY, f"{mod or groups.get('week') or 'latest'} weekday"))


def read_margin_day(found: re.Match[str], frame: Frame) -> Found:
    """The weekday with which a line of a list begins; with a number, the day of the month that agrees with it."""
    if frame.dct is None:
        return [(found.start("day"), found.end(), no_dct())]
    weekday = weekday_number(found["day"])
    day = pick_weekday(Frame(frame.dct), weekday)
    if found["n"]:
        weeks = (day - timedelta(days=7 * back) for back in range(6))
        day = next((d for d in weeks if d.day == int(found["n"])), day)
    return [(found.start("day"), found.end(), relative(day, day, TimePrecision.DAY, IN_MARGIN))]


def pick_weekday(frame: Frame, weekday: int, mod: str = "", week: str = "") -> date:
    """The day that a weekday means, with its "last", "this", "next"."""
    dct = frame.dct
    assert dct
    if week:
        return week_span(dct)[0] + timedelta(days=weekday + 7 * {"last": -1, "next": 1}.get(week.lower(), 0))
    back = (dct.weekday() - weekday) % 7
    ahead = (weekday - dct.weekday()) % 7
    if mod in ("last", "past", "this past", "previous"):
        return dct - timedelta(days=back or 7)
    if mod in ("next", "coming", "this coming"):
        return dct + timedelta(days=ahead or 7)
    if frame.future or (mod == "this" and not frame.past and dct.weekday() < weekday):
        return dct + timedelta(days=ahead)
    return dct - timedelta(days=back)


def read_near_day(found: re.Match[str], frame: Frame) -> Found:
    """Today, yesterday, tomorrow, this morning, last night."""
    if frame.dct is None:
        return spanning(found, no_dct())
    groups = found.groupdict()
    shift = 0
    if groups["yesterday"] or groups["lastnight"]:
        shift = -1
    elif groups["tomorrow"]:
        shift = 1
    elif groups["dby"]:
        shift = -2
    elif groups["dat"]:
        shift = 2
    day = frame.dct + timedelta(days=shift)
    return spanning(found, relative(day, day, TimePrecision.DAY, "counted from the article's day"))


def read_overnight(found: re.Match[str], frame: Frame) -> Found:
    """The night from the day before to the article's day, or the one that weekdays name."""
    if frame.dct is None:
        return spanning(found, no_dct())
    if found["into"]:
        morning = pick_weekday(frame, weekday_number(found["into"]))
        return spanning(found, relative(morning - ONE_DAY, morning, TimePrecision.RANGE, "the night into a weekday"))
    if found["day"] is None:
        return spanning(found, relative(frame.dct - ONE_DAY, frame.dct, TimePrecision.RANGE, "the night before"))
    day = pick_weekday(frame, weekday_number(found["day"]))
    if found["end"]:
        end = pick_weekday(frame, weekday_number(found["end"]))
        start = end - timedelta(days=(end.weekday() - day.weekday()) % 7)
        return spanning(found, relative(start, end, TimePrecision.RANGE, "a night between two weekdays"))
    return spanning(found, relative(day, day, TimePrecision.DAY, "a night with its weekday"))
