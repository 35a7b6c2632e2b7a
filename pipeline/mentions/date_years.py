"""Years, decades, and the counted parts of a month or a year: "in 2016", "the 1990s", "the first week of May"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.mentions.date_absolute import COMMA, year_of_month
from pipeline.mentions.date_words import (
    MONTH,
    WEEKDAY_FULL,
    YEAR,
    Found,
    Frame,
    explicit,
    in_background,
    month_number,
    month_span,
    no_dct,
    spanning,
    weekday_number,
)
from pipeline.models import TimePrecision

YEAR_RANGE = re.compile(rf"(?<![\d/.,$£€-])\b(?P<a>{YEAR})\s*(?:[-–/]\s*(?P<b>(?:(?:19|20)?\d\d)))(?![\d%:-])")
YEAR_ONLY = re.compile(
    rf"(?<![\d/.,$£€:#-])\b(?P<pre>(?:in|since|of|during|by|until|till|from|to|through|before|after|between|and|or|year|late|with|than|for|against|"
    rf"early|mid|the|around|back\s+in|summer|winter|spring|autumn|fall|\(|,)[\s-]*)(?:the\s+)?(?:year\s+)?"
    rf"(?P<year>{YEAR})\b(?!\s*(?:GMT|UTC|hours|hrs|local|km|block|kg|metres|meters|miles|troops|soldiers|people|civilians|"
    rf"fighters|men|families|homes|houses|percent|per\s+cent|%)|[,.:]\d|[-–/]\d|\s+(?:of|or\s+more|to\s+\d{{4}})\s+(?:the|people|them)\b)",
    re.I,
)
DECADE = re.compile(r"(?:\b(?:early|mid|late)[-\s]+)?(?:the\s+)?\b(?P<decade>(?:19|20)\d)0['’]?s\b", re.I)
QUARTER = re.compile(
    r"\b(?:the\s+)?(?P<nth>first|second|third|fourth|last)\s+(?:(?P<count>two|three|four|six|nine|ten)\s+)?"
    r"(?P<unit>quarter|half|week|months?|days)\s+(?:of|in)\s+"
    rf"(?:(?P<which>this|last|next|the)\s+(?P<base>year|month)|(?P<month>{MONTH})(?:{COMMA}(?P<myear>{YEAR}))?|(?P<year>{YEAR}))\b"
)
NTH_WEEKDAY = re.compile(
    rf"\b(?:the\s+)?(?P<nth>first|second|third|fourth|last)\s+(?P<day>{WEEKDAY_FULL})\s+(?:of|in)\s+"
    rf"(?P<month>{MONTH})(?:{COMMA}(?P<year>{YEAR}))?\b"
)
COUNTS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}


def read_year_range(found: re.Match[str], frame: Frame) -> Found:
    """2011-2013, 2015/16."""
    first = int(found["a"])
    last = int(found["b"]) if len(found["b"]) == 4 else first // 100 * 100 + int(found["b"])
    if not first < last <= first + 60 or (len(found["b"]) == 2 and last - first > 12):
        return []
    reading = explicit(date(first, 1, 1), date(last, 12, 31), TimePrecision.YEAR, "range of years")
    return spanning(found, reading)


def read_year(found: re.Match[str], frame: Frame) -> Found:
    """A year with a word before it that makes it one."""
    year = int(found["year"])
    pre = found["pre"].lower().strip(" -")
    after = found.string[found.end() : found.end() + 1]
    if pre in (",", "(") and after not in (")", ",", ".", ";", ""):
        return []
    if (
        pre in ("to", "and", "or", "with", "than", "for", "against", "between", "from", "the", "of", "by", "after")
        and re.match(r"\s+[a-z]+s\b(?<!was)(?<!is)", found.string[found.end() :])
        and year % 100 == 0
    ):
        return []  # "from 2000 homes"
    if frame.dct and year > frame.dct.year + 60:
        return []
    reading = explicit(date(year, 1, 1), date(year, 12, 31), TimePrecision.YEAR, "year")
    named = pre == "the" and re.match(r"\s+[a-z]", found.string[found.end() :])
    if named and frame.dct and year < frame.dct.year:
        reading = in_background(reading)
    start = found.start("year") if pre not in ("early", "mid", "late") else found.start()
    return [(start, found.end(), reading)]


def read_decade(found: re.Match[str], frame: Frame) -> Found:
    """The 1990s."""
    first = int(found["decade"]) * 10
    return spanning(
        found, in_background(explicit(date(first, 1, 1), date(first + 9, 12, 31), TimePrecision.YEAR, "decade"))
    )


def read_quarter(found: re.Match[str], frame: Frame) -> Found:
    """Parts of a month or a year that are counted: first week of May, second half of 2017."""
    groups = found.groupdict()
    nth, unit = COUNTS[groups["nth"].lower()], groups["unit"].rstrip("s")
    if groups["year"]:
        span = date(int(groups["year"]), 1, 1), date(int(groups["year"]), 12, 31)
    elif groups["month"]:
        month = month_number(groups["month"])
        year = int(groups["myear"]) if groups["myear"] else frame.dct and year_of_month(month, None, frame)
        if not year:
            return spanning(found, no_dct())
        span = month_span(year, month)
    elif frame.dct is None:
        return spanning(found, no_dct())
    else:
        shift = {"last": -1, "next": 1}.get(groups["which"].lower(), 0)
        if groups["base"] == "year":
            span = date(frame.dct.year + shift, 1, 1), date(frame.dct.year + shift, 12, 31)
        else:
            span = month_span(frame.dct.year, frame.dct.month + shift)
    part = _counted_part(
        span, nth, unit, {"two": 2, "three": 3, "four": 4, "six": 6, "nine": 9, "ten": 10}.get(groups["count"] or "", 1)
    )  # noqa: E501
    return spanning(found, explicit(*part, TimePrecision.RANGE, f"counted {unit} of a period")) if part else []


def _counted_part(span: tuple[date, date], nth: int, unit: str, count: int) -> tuple[date, date] | None:
    start, end = span
    months = (end.month - start.month + 1) if start.year == end.year else 12
    if unit == "half" and months == 1:
        return (start, start.replace(day=15)) if nth == 1 else (start.replace(day=16), end)
    if unit in ("half", "quarter", "month"):
        length = {"half": 6, "quarter": 3, "month": count}[unit]
        if months == 1:
            return None
        first = (nth - 1) * length + 1 if nth > 0 else 13 - length
        return month_span(start.year, first)[0], month_span(start.year, first + length - 1)[1]
    length = 7 if unit == "week" else count
    if nth < 0:
        return end - timedelta(days=length - 1), end
    return start + timedelta(days=(nth - 1) * length), min(end, start + timedelta(days=nth * length - 1))


def read_nth_weekday(found: re.Match[str], frame: Frame) -> Found:
    """The fourth Thursday in November."""
    month = month_number(found["month"])
    year = int(found["year"]) if found["year"] else frame.dct and year_of_month(month, None, frame)
    if not year:
        return spanning(found, no_dct())
    start, end = month_span(year, month)
    nth, weekday = COUNTS[found["nth"].lower()], weekday_number(found["day"])
    if nth > 0:
        day = start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (nth - 1))
    else:
        day = end - timedelta(days=(end.weekday() - weekday) % 7)
    return spanning(found, explicit(day, day, TimePrecision.DAY, "counted weekday of a month", bool(found["year"])))
