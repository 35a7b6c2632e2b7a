"""Feasts and fasts that stand for days, from data/lexicons/feasts.csv."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from dateutil.easter import easter

from pipeline.mentions.date_words import Frame, Reading, explicit, make_day, month_span, no_dct, weekday_number
from pipeline.models import TimePrecision

LOOKING_AHEAD = 200  # days within which a feast without a year may lie ahead
FEASTS_FILE = Path(__file__).parents[2] / "data" / "lexicons" / "feasts.csv"


@cache
def feast_rules() -> dict[str, list[str]]:
    """Feast -> its rules; a feast of a moving calendar has one rule a year."""
    rules: dict[str, list[str]] = defaultdict(list)
    with FEASTS_FILE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            rules[row["name"].lower()].append(row["rule"])
    return dict(rules)


@cache
def feast_pattern() -> re.Pattern[str]:
    """Any feast, with its year where one is given; longer names first."""
    names = "|".join(re.escape(n).replace(r"\ ", r"[\s-]+") for n in sorted(feast_rules(), key=len, reverse=True))
    return re.compile(
        rf"\b(?P<name>{names})\b(?:,?\s+(?:of\s+|in\s+)?(?P<year>(?:19|20)\d\d)\b|\s+(?P<which>last|this|next)\s+year)?",
        re.I,
    )


def read_feast(found: re.Match[str], frame: Frame) -> list[tuple[int, int, Reading]]:
    """The feast of the year named, else the latest one, else one near ahead."""
    if not found["name"][0].isupper():
        return []
    name = re.sub(r"[\s-]+", " ", found["name"].lower())
    rules = feast_rules().get(name) or feast_rules().get(found["name"].lower()) or []
    if found["year"]:
        years = [int(found["year"])]
    elif frame.dct is None:
        return [(found.start(), found.end(), no_dct())]
    elif found["which"]:
        years = [frame.dct.year + {"last": -1, "next": 1}.get(found["which"].lower(), 0)]
    else:
        years = [frame.dct.year - 1, frame.dct.year, frame.dct.year + 1]
    spans = sorted(span for rule in rules for year in years if (span := _feast_days(rule, year)))
    if not spans:
        return []
    start, end = spans[0]
    if dct := frame.dct if len(years) > 1 else None:
        past, ahead = [s for s in spans if s[0] <= dct], [s for s in spans if s[0] > dct]
        near = ahead and (ahead[0][0] - dct).days <= 30 and not frame.past
        soon = ahead and frame.future and (ahead[0][0] - dct).days <= LOOKING_AHEAD
        start, end = ahead[0] if ahead and (near or soon or not past) else past[-1]
    precision = TimePrecision.DAY if start == end else TimePrecision.RANGE
    return [(found.start(), found.end(), explicit(start, end, precision, "feast", bool(found["year"])))]


def _feast_days(rule: str, year: int) -> tuple[date, date] | None:
    if "/" in rule:
        first, last = (date.fromisoformat(d) for d in rule.split("/"))
        return (first, last) if first.year == year else None
    if rule.startswith("easter"):
        day: date | None = easter(year) + timedelta(days=int(rule.split()[1]))
    elif rule.startswith("nth"):
        _, month, nth, weekday, *more = rule.split()
        start, end = month_span(year, int(month))
        wanted = weekday_number(weekday)
        if int(nth) > 0:
            day = start + timedelta(days=(wanted - start.weekday()) % 7 + 7 * (int(nth) - 1))
        else:
            day = end - timedelta(days=(end.weekday() - wanted) % 7)
        day += timedelta(days=int(more[0]) if more else 0)
    else:
        day = make_day(year, *(int(part) for part in rule.split("-")))
    return (day, day) if day else None
