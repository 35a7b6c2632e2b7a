"""Periods that count from the article's own day: "last week", "the past 24 hours", "over the weekend"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.mentions.date_words import (
    NUMBER,
    Found,
    Frame,
    Reading,
    is_vague,
    month_span,
    months_before,
    no_dct,
    number,
    relative,
    spanning,
    unresolved,
    week_span,
)
from pipeline.models import TimePrecision

ONE_DAY = timedelta(days=1)
UNIT = r"(?P<unit>hour|day|week|month|year|weekend)"
PERIOD = re.compile(
    rf"\b(?:(?P<part>early|earlier|late|later|mid|(?:at\s+)?the\s+(?:beginning|start|end|middle)\s+of|end\s+of|start\s+of|beginning\s+of)[-\s]+(?:in\s+)?)?"
    rf"(?P<which>last|this|next|the\s+past|past|this\s+past|the\s+previous|the\s+coming|the\s+following|the\s+preceding|that|the\s+same|the\s+current)\s+{UNIT}\b(?!\s+(?:earlier|later|ago))",
    re.I,
)
PART_OF_THE = re.compile(
    r"\b(?:(?P<part>early|earlier|late|later|mid)[-\s]+(?:in\s+)?|(?:the\s+)?(?P<edge>beginning|start|end|middle)\s+of\s+)"
    r"the\s+(?P<unit>week|month|year)\b",
    re.I,
)
WEEKEND = re.compile(
    r"\b(?:(?:over|at|during|on|for|all)\s+)?the\s+(?:long\s+|whole\s+)?weekend\b|\b(?:over|all)\s+weekend\b", re.I
)
PAST_SPAN = re.compile(
    rf"\b(?:in|over|during|within|for|throughout)?\s*+(?:(?:the|these)\s*+)?\b(?P<which>past|last|previous|preceding|recent)\s+"
    rf"(?:(?P<n>{NUMBER}|\d+)[\s-]+)?(?P<unit>hour|day|week|month|year)s\b|\b(?:the\s+|in\s+|over\s+)(?:past|last)\s+(?P<n2>24|48|72)[\s-]hours?\b",
    re.I,
)
WITHIN = re.compile(
    r"\bin\s+(?:just\s+|only\s+|less\s+than\s+)?(?P<n>two|three|four|five|24|48|72)\s+(?P<unit>hour|day)s\b(?![’']|\s+time)"
)
# "the two-week-old battle": so old on the article's day
OLD_FIGHT = re.compile(
    rf"\b(?P<n>{NUMBER})[\s-](?P<unit>day|week|month)[\s-]old\s+(?=(?:\w+\s+)?(?:battle|siege|offensive|assault|campaign|operation|"
    rf"conflict|war|fighting|clashes|uprising|revolt)\b)"
)
SINCE_START = re.compile(
    r"\b(?:since\s+(?:the\s+)?)(?:beginning|start)\s+of\s+the\s+(?P<unit>year|month|week)\b|\bso\s+far\s+this\s+(?P<unit2>year|month|week)\b",
    re.I,
)  # noqa: E501


def read_period(found: re.Match[str], frame: Frame) -> Found:
    """Last week, earlier this month, late last year."""
    which = " ".join(found["which"].lower().split())
    unit, part = found["unit"].lower(), " ".join((found["part"] or "").lower().split())
    base = frame.dct
    if unit == "day" and which == "the past" and base is not None:
        return spanning(found, _rolling(base, 1, unit))
    if unit in ("hour", "day"):
        return []
    if which in ("that", "the same", "the following"):
        if frame.anchor is None:
            return spanning(found, unresolved("counts from a day that is not named"))
        base, which = frame.anchor, {"the following": "next"}.get(which, "this")
    if base is None:
        return spanning(found, no_dct())
    if which in ("the past", "past"):
        return spanning(found, _rolling(base, 1, unit) if unit != "weekend" else _calendar(base, unit, -1))
    before = found.string[max(0, found.start() - 16) : found.start()].lower()
    if which == "last" and re.search(r"\b(?:in|over|during|within) the \Z", before) and unit != "weekend":
        return spanning(found, _rolling(base, 1, unit))
    shift = {"last": -1, "this past": -1, "the previous": -1, "the preceding": -1, "next": 1, "the coming": 1}.get(
        which, 0
    )
    if unit == "weekend":
        if which == "this" and base.weekday() < 4 and not frame.future and (frame.past or base.weekday() < 2):
            which = "last"  # told on a weekday, in the past tense
        return spanning(found, _weekend(base, which))
    reading = _calendar(base, unit, shift)
    return spanning(found, _trim(reading, part, unit, base, shift) if part else reading)


def read_part_of_the(found: re.Match[str], frame: Frame) -> Found:
    """The beginning of the year, later in the month."""
    if frame.dct is None:
        return spanning(found, no_dct())
    part = (found["part"] or found["edge"]).lower()
    return spanning(
        found, _trim(_calendar(frame.dct, found["unit"].lower(), 0), part, found["unit"].lower(), frame.dct, 0)
    )


def _calendar(base: date, unit: str, shift: int) -> Reading:
    if unit == "week":
        start, end = week_span(base + timedelta(days=7 * shift))
        return relative(start, end, TimePrecision.WEEK, "week of Monday to Sunday")
    if unit == "month":
        return relative(*month_span(base.year, base.month + shift), TimePrecision.MONTH, "month")
    if unit == "weekend":
        return _weekend(base, "last")
    return relative(date(base.year + shift, 1, 1), date(base.year + shift, 12, 31), TimePrecision.YEAR, "year")


def _weekend(base: date, which: str) -> Reading:
    saturday = week_span(base)[0] + timedelta(days=5)
    if which in ("this past", "last", "the previous", "past") or (which == "the" and base.weekday() < 5):
        saturday -= timedelta(days=7)
    elif which in ("next", "the coming", "the following"):
        saturday += timedelta(days=7 if base.weekday() > 2 or which != "the coming" else 0)
    return relative(saturday, saturday + ONE_DAY, TimePrecision.RANGE, "Saturday and Sunday")


def read_weekend(found: re.Match[str], frame: Frame) -> Found:
    """Over the weekend: the one that is or has been."""
    if frame.dct is None:
        return spanning(found, no_dct())
    if frame.future:
        return spanning(found, _weekend(frame.dct, "this"))
    return spanning(found, _weekend(frame.dct, "the"))


def _trim(reading: Reading, part: str, unit: str, base: date, shift: int) -> Reading:
    start, end = reading.start, reading.end
    assert start and end
    if part in ("earlier", "early", "later") and shift == 0:
        eve = max(start, base - ONE_DAY)  # "earlier" is before today
        start, end = (start, min(end, eve)) if part != "later" else (max(start, base), end)
    elif unit == "month":
        if "early" in part or "beginning" in part or "start" in part:
            end = start.replace(day=10)
        elif "mid" in part:
            start, end = start.replace(day=11), start.replace(day=20)
        elif "late" in part or "end" in part:
            start = start.replace(day=21)
    elif unit == "year" and "end" in part:
        start = end.replace(day=1)
    elif "start" in part or "beginning" in part:
        end = start + timedelta(days=1) if unit == "week" else month_span(start.year, 1)[1]
    else:
        return reading
    return relative(start, end, TimePrecision.RANGE, "part of a " + unit)


def _rolling(base: date, n: int, unit: str, vague: bool = False) -> Reading:
    start = {
        "hour": lambda: base - timedelta(days=max(1, -(-n // 24))),
        "day": lambda: base - timedelta(days=n),
        "week": lambda: base - timedelta(weeks=n),
        "month": lambda: months_before(base, n),
        "year": lambda: months_before(base, 12 * n),
    }[unit]()
    doubt = "; how many is vague" if vague else ""
    return relative(start, base, TimePrecision.RANGE, f"the {unit}s up to the article's day{doubt}")


def read_past_span(found: re.Match[str], frame: Frame) -> Found:
    """The past 24 hours, over the last five days, in recent days."""
    if frame.dct is None:
        return spanning(found, no_dct())
    start = found.start() + len(found[0]) - len(found[0].lstrip())
    if found["n2"]:
        return [(start, found.end(), _rolling(frame.dct, int(found["n2"]), "hour"))]
    unit, words = found["unit"].lower(), found["n"]
    n = number(words) if words else 3
    vague = words is None or is_vague(words)
    if found["which"].lower() == "recent" and words and not vague:
        return []  # "two recent days" is no period
    if vague and unit != "day" and unit != "hour":
        return [(start, found.end(), unresolved(f"how many {unit}s is not said"))]
    if n > 400:
        return []
    return [(start, found.end(), _rolling(frame.dct, n, unit, vague))]


def read_within(found: re.Match[str], frame: Frame) -> Found:
    """Killed in two days, in 24 hours: those up to the article's day, where the clause tells of the past."""
    if not frame.past or (found["unit"] == "hour") != found["n"].isdigit():
        return []
    if frame.dct is None:
        return spanning(found, no_dct())
    return spanning(found, _rolling(frame.dct, number(found["n"]), found["unit"]))


def read_old_fight(found: re.Match[str], frame: Frame) -> Found:
    """The days of a fight that goes on, from its age."""
    if frame.dct is None:
        return spanning(found, no_dct())
    return spanning(found, _rolling(frame.dct, number(found["n"]), found["unit"].lower()))


def read_since_start(found: re.Match[str], frame: Frame) -> Found:
    """Since the beginning of the year."""
    if frame.dct is None:
        return spanning(found, no_dct())
    whole = _calendar(frame.dct, (found["unit"] or found["unit2"]).lower(), 0)
    assert whole.start
    return spanning(
        found, relative(whole.start, frame.dct, TimePrecision.RANGE, "from its beginning to the article's day")
    )
