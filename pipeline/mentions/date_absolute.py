"""Days and months that are named: "September 10 and 11", "10/09/2018", "mid-July"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.mentions.date_words import (
    MONTH,
    WEEKDAY_FULL,
    WEEKDAY_SHORT,
    YEAR,
    Found,
    Frame,
    explicit,
    make_day,
    month_number,
    month_span,
    no_dct,
    relative,
    spanning,
    unresolved,
    weekday_number,
    year_in_order,
)
from pipeline.models import TimePrecision

ORDINAL = r"(?:st|nd|rd|th|er)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
DAY_LIST = rf"{DAY}{ORDINAL}?\b(?:(?:\s*,\s*(?:and\s+)?|\s*[-–—&]\s*|\s+(?:and|to|through|until|till)\s+)(?:the\s+)?{DAY}{ORDINAL}?\b(?![:.]?\d|\s*(?:people|civilians|%))){{0,15}}"  # noqa: E501
WEEKDAY_BEFORE = rf"(?:(?P<weekday>{WEEKDAY_FULL}|{WEEKDAY_SHORT})(?:\s+{{part}})?(?:\s*[,،])?\s++(?:the\s+|on\s+)?)?"
WEEKDAY_BEFORE = WEEKDAY_BEFORE.replace("{part}", "(?:morning|afternoon|evening|night)")
COMMA = r"\s*+(?:[,،]\s*+)?"
PART = r"(?P<part>[Ee]arly|[Mm]id|[Ll]ate|the\s+beginning\s+of|the\s+start\s+of|the\s+middle\s+of|the\s+end\s+of|beginning\s+of|end\s+of|start\s+of)"  # noqa: E501
OTHER_YEAR = r"(?:(?P<which>last|this|next|that|the\s+same|the\s+previous|the\s+following)\s+year)"
OLD_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
YEAR_AFTER = rf"(?:{COMMA}(?:of\s+|in\s+)?(?P<year>{OLD_YEAR})(?![\d-]|:\d|\s*(?:GMT|UTC))|\s+(?:of\s+)?{OTHER_YEAR})"
MONTH_DAY = re.compile(
    rf"\b{WEEKDAY_BEFORE}(?P<month>{MONTH})\s*(?:the\s+)?(?P<days>{DAY_LIST})(?![:.]\d|\d|,\d{{3}}|\s*%){YEAR_AFTER}?"
)
DAY_MONTH = re.compile(
    rf"(?<![\d:.,/-])\b{WEEKDAY_BEFORE}(?P<days>{DAY_LIST})\s*(?:of\s+)?[-/]?(?P<month>{MONTH})(?!\w)(?:[-/](?P<year2>{YEAR})\b|{YEAR_AFTER})?"
)
# "Apr 152017": a page's day and year run together
GLUED = re.compile(rf"\b(?P<month>{MONTH})\s+(?P<day>{DAY}){COMMA}(?P<year>{YEAR})(?!\d)")
ISO = re.compile(
    r"(?<![\d/.-])(?P<year>(?:19|20)\d\d)(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?![\d/-])"
)
NUMERIC = re.compile(
    r"(?<![\d/.-])(?P<a>\d{1,2})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<year>(?:19|20)?\d\d)(?![\d/-])"
)
NUMBERS_APART = re.compile(r"\d[-/.]\d\d?[-/.]\d")  # what every NUMERIC has, and is found far sooner
MONTH_YEAR = re.compile(rf"\b(?:{PART}[-\s]+)?(?P<month>{MONTH}){YEAR_AFTER}")
MONTH_ONLY = re.compile(
    rf"\b(?:{PART}[-\s]+)?(?:(?P<mod>[Ll]ast|[Tt]his|[Nn]ext|this\s+past|this\s+coming)\s+)?(?P<month>{MONTH})(?!\w|\s*\d)"
)
NEEDS_CUE = frozenset(
    ["may", "march", "mar", "jan", "jun", "feb", "apr", "jul", "aug", "sep", "sept", "oct", "nov", "dec"]
)
# Months that are also given names: before another capital they count only after a preposition
NAMES_TOO = frozenset(["april", "june", "august", "may", "march"])
MONTH_CUE = re.compile(
    r"\b(?:in|since|last|this|next|early|late|mid|until|till|by|during|from|of|and|between|through|to|for|before|after|"
    r"around|every|each|past)[\s-]+(?:of\s+)?\Z",
    re.I,
)
NAME_AFTER = re.compile(
    r"\s+(?!(?:The|In|On|At|A|An|And|As|When|Where|But|Government|Syrian|Israeli|Russian)\b)[A-Z][a-z]"
)
DAY_ORDINAL = re.compile(
    r"\bon\s+the\s+(?P<day>\d{1,2})(?:st|nd|rd|th)(?:\s+of\s+(?P<which>this|last|next|the|that)\s+month|(?=\s*(?:[,.;)]|\Z|and\b|when\b)))"
)
LOOKING_AHEAD = 200  # days within which a day without a year may lie ahead


def read_month_day(found: re.Match[str], frame: Frame) -> Found:
    """One or more days of a month; a list with gaps gives a mention each."""
    groups = found.groupdict()
    month = month_number(groups["month"])
    year = _year(groups, frame)
    numbers = [(int(m[1]), m.start(1), m.end()) for m in re.finditer(rf"(\d{{1,2}}){ORDINAL}?", groups["days"])]
    joints = [groups["days"][numbers[n][2] : numbers[n + 1][1]] for n in range(len(numbers) - 1)]
    days = [_settle(year, month, d, frame, groups.get("weekday")) for d, _, _ in numbers]
    if any(d is None for d in days):
        return [(found.start(), found.end(), unresolved("no such day in the calendar"))] if len(days) == 1 else []
    known = [d for d in days if d]
    if frame.dct is None and year is None:
        return [(found.start(), found.end(), unresolved("no year, and the article's own day is not known"))]
    reason = "day and month" + (" with year" if year else ", year from the article's day")
    ranged = any(re.search(r"[-–—]|to|through|until|till", j) for j in joints)
    one_run = all((b - a).days == 1 for a, b in zip(known, known[1:], strict=False))
    if len(known) == 1:
        return [(found.start(), found.end(), explicit(known[0], known[0], TimePrecision.DAY, reason, bool(year)))]
    if (ranged or one_run) and known[0] < known[-1]:
        reading = explicit(known[0], known[-1], TimePrecision.RANGE, "range of days: " + reason, bool(year))
        return [(found.start(), found.end(), reading)]
    spans = []
    offset = found.start("days")
    for n, (day, (_, start, end)) in enumerate(zip(known, numbers, strict=True)):
        first = found.start() if n == 0 else offset + start
        last = found.end() if n == len(known) - 1 else offset + end
        spans.append((first, last, explicit(day, day, TimePrecision.DAY, "one of several days: " + reason, bool(year))))
    return spans


def _year(groups: dict[str, str | None], frame: Frame) -> int | None:
    if given := groups.get("year") or groups.get("year2"):
        return int(given)
    if which := groups.get("which"):
        which = " ".join(which.lower().split())
        if which.startswith(("that", "the")):
            shift = {"the previous": -1, "the following": 1}.get(which, 0)
            return frame.anchor.year + shift if frame.anchor else None
        return frame.dct.year + {"last": -1, "next": 1}.get(which, 0) if frame.dct else None
    return None


def _settle(year: int | None, month: int, day: int, frame: Frame, weekday: str | None) -> date | None:
    """The day, with the year that the words, the weekday or the article's day give."""
    if year or (year := year_in_order(month, day, frame)):
        return make_day(year, month, day)
    dct = frame.dct
    if dct is None:
        return make_day(2000, month, day)
    choices = [d for y in (dct.year - 1, dct.year, dct.year + 1) if (d := make_day(y, month, day))]
    if not choices:  # 29 February
        choices = [d for y in range(dct.year - 4, dct.year + 1) if (d := make_day(y, month, day))]
    if weekday and (agreeing := [d for d in choices if d.weekday() == weekday_number(weekday)]):
        return min(agreeing, key=lambda d: abs((d - dct).days))
    return _nearest(choices, frame)


def _nearest(choices: list[date], frame: Frame) -> date | None:
    """The latest not after the article's day; a later one where the clause speaks of what is to come."""
    dct = frame.dct
    if dct is None or not choices:
        return None
    before = [d for d in choices if d <= dct + timedelta(days=1)]
    ahead = [d for d in choices if d > dct]
    if ahead and frame.future and (ahead[0] - dct).days <= LOOKING_AHEAD:
        return ahead[0]
    if ahead and not frame.past and before and (ahead[0] - dct).days <= 60 < (dct - before[-1]).days:
        return ahead[0]
    return before[-1] if before else None


def read_glued(found: re.Match[str], frame: Frame) -> Found:
    """Month, day and year, with or without space between day and year."""
    day = make_day(int(found["year"]), month_number(found["month"]), int(found["day"]))
    return spanning(found, explicit(day, day, TimePrecision.DAY, "day, month and year") if day else None)


def read_iso(found: re.Match[str], frame: Frame) -> Found:
    """2018-09-10."""
    day = make_day(int(found["year"]), int(found["month"]), int(found["day"]))
    return spanning(found, explicit(day, day, TimePrecision.DAY, "year-month-day") if day else None)


def read_numeric(found: re.Match[str], frame: Frame) -> Found:
    """10/09/2018: by what is possible, then by closeness to the article's day, then by its usage."""
    a, b, year = int(found["a"]), int(found["b"]), int(found["year"])
    if year < 100:
        if found["mark"] != "/":
            return []  # a version, a section
        year += 2000 if year < 70 else 1900
    day_first, month_first = make_day(year, b, a), make_day(year, a, b)
    if day_first is None or month_first is None or a == b:
        day = day_first or month_first
        return spanning(found, explicit(day, day, TimePrecision.DAY, "numbers, one order possible") if day else None)
    if frame.dct:
        near = [d for d in (day_first, month_first) if -7 <= (frame.dct - d).days <= 31]
        if len(near) == 1:
            return spanning(
                found, explicit(near[0], near[0], TimePrecision.DAY, "numbers, order by the article's day; in doubt")
            )
    chosen, other = (day_first, month_first) if frame.day_first else (month_first, day_first)
    return spanning(found, explicit(chosen, chosen, TimePrecision.DAY, f"numbers, order in doubt: may be {other}"))


def read_month(found: re.Match[str], frame: Frame) -> Found:
    """A month, or the part of one that early, mid, late name."""
    groups = found.groupdict()
    word = groups["month"].lower().rstrip(".")
    has_year = bool(groups.get("year") or groups.get("which"))
    before = found.string[max(0, found.start() - 14) : found.start()]
    cued = has_year or groups.get("part") or groups.get("mod") or MONTH_CUE.search(before)
    if word in NEEDS_CUE and not cued:
        return []
    if not has_year and word in NAMES_TOO and not cued and NAME_AFTER.match(found.string, found.end()):
        return []
    if not has_year and word in NEEDS_CUE and (groups["month"].islower() or groups["month"] in ("MAY", "MARCH")):
        return []
    month, year = month_number(word), _year(groups, frame)
    if year is None and groups.get("which"):
        return spanning(found, unresolved("a year told by another one that is not known"))
    reason = "month and year"
    if year is None and not groups.get("mod"):
        year = year_in_order(month, 28, frame)
    if year is None:
        if frame.dct is None:
            return spanning(found, unresolved("no year, and the article's own day is not known"))
        year, reason = year_of_month(month, groups.get("mod"), frame), "month, year from the article's day"
    start, end = month_span(year, month)
    precision = TimePrecision.MONTH
    if part := groups.get("part"):
        start, end, precision, reason = *_part_of_month(start, end, part), TimePrecision.RANGE, f"part of a {reason}"
    return spanning(found, explicit(start, end, precision, reason, has_year))


def _part_of_month(start: date, end: date, part: str) -> tuple[date, date]:
    part = part.lower()
    if part.startswith("early") or "beginning" in part or "start" in part:
        return start, start.replace(day=10)
    if "mid" in part:
        return start.replace(day=11), start.replace(day=20)
    return start.replace(day=21), end


def year_of_month(month: int, mod: str | None, frame: Frame) -> int:
    assert frame.dct
    dct = frame.dct
    if mod and mod.lower() == "next":
        return dct.year + (month <= dct.month)
    if mod and mod.lower() == "last":
        return dct.year - (month >= dct.month)
    ahead = (month - dct.month) % 12
    if ahead and (frame.future or (mod and "coming" in mod)):
        return dct.year + (month < dct.month)
    if 0 < ahead <= 2 and not frame.past:  # "an election in November", written in October
        return dct.year + (month < dct.month)
    return dct.year - (month > dct.month)


def read_day_ordinal(found: re.Match[str], frame: Frame) -> Found:
    """On the 10th."""
    if frame.dct is None:
        return spanning(found, no_dct())
    day, which = int(found["day"]), found["which"]
    month = frame.dct.month + {"last": -1, "next": 1}.get(which or "", 0)
    if which is None and day > frame.dct.day and not frame.future:
        month -= 1
    start, end = month_span(frame.dct.year, month)
    if not 1 <= day <= end.day:
        return []
    value = start.replace(day=day)
    return spanning(found, relative(value, value, TimePrecision.DAY, "day of the month"))
