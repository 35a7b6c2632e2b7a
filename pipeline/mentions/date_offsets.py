"""Days counted from another one: "two days ago", "a day earlier", "three weeks after the attack"."""

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
    no_dct,
    number,
    relative,
    spanning,
    unresolved,
    week_span,
)
from pipeline.models import TimePrecision

AGO = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?P<unit>hour|day|week|month|year)s?\s+ago\b(?P<of>\s+(?:today|yesterday))?", re.I
)
OFFSET = re.compile(
    rf"\b(?:(?P<n>{NUMBER}|the)\s+(?:full\s+)?(?P<unit>hour|day|week|month|year|night)s?\s+(?P<dir>earlier|before|later|after|afterwards|prior|previously|previous)\b"
    rf"|the\s+(?P<adj>previous|preceding|following|next|same|very\s+same)\s+(?P<adjunit>day|night|morning|evening|afternoon|week|month|year)\b"
    rf"|(?P<that>that|that\s+same|this\s+same|same)\s+(?P<thatunit>day|night|morning|evening|afternoon)\b|(?P<next>next)\s+day\b)",
    re.I,
)
WAR_TIME = re.compile(
    rf"\b(?:{NUMBER}\s+(?:days|weeks|months|years)\s+into\s+(?:the|its|a)\s+[\w-]+|(?:since|before|after)\s+the\s+"
    r"(?:war|conflict|uprising|revolution|crisis|ceasefire|truce|siege|offensive|invasion)\b(?:\s+(?:began|started|broke\s+out|erupted))?)",
    re.I,
)


def read_ago(found: re.Match[str], frame: Frame) -> Found:
    """Two days ago, three weeks ago: as closely as the unit counts."""
    if frame.dct is None:
        return spanning(found, no_dct())
    n, unit = number(found["n"]), found["unit"].lower()
    if is_vague(found["n"]) and "couple" not in found["n"]:
        return spanning(found, unresolved(f"how many {unit}s is not said"))
    return spanning(found, _shifted(frame.dct, -n, unit))


def _shifted(base: date, n: int, unit: str) -> Reading:
    if unit == "hour":
        day = base + timedelta(days=int(n / 24))
        return relative(day, day, TimePrecision.DAY, "hours counted in days")
    if unit in ("day", "night"):
        day = base + timedelta(days=n)
        return relative(day, day, TimePrecision.DAY, "days counted")
    if unit == "week":
        start, end = week_span(base + timedelta(weeks=n))
        return relative(start, end, TimePrecision.WEEK, "weeks counted")
    if unit == "month":
        return relative(*month_span(base.year, base.month + n), TimePrecision.MONTH, "months counted")
    return relative(date(base.year + n, 1, 1), date(base.year + n, 12, 31), TimePrecision.YEAR, "years counted")


def read_offset(found: re.Match[str], frame: Frame) -> Found:
    """A day earlier, two days after the attack, the previous day, that day: from the day last named."""
    groups = found.groupdict()
    if groups["n"]:
        direction, words, unit = groups["dir"].lower(), groups["n"].lower(), groups["unit"].lower()
        if words == "the" and direction not in ("before", "after", "previous"):
            return []
        if direction in ("before", "after") and not _names_a_day(found):
            return []
        if unit == "hour" and (words == "the" or is_vague(words) or number(words) < 24):
            return []  # within the day
        led = direction in ("before", "after") and words != "the" and not frame.anchor_follows
        if led and unit in ("week", "month", "year"):
            return spanning(found, unresolved("counts from something that the text may date elsewhere"))
        n = 1 if words == "the" else number(words)
        if words != "the" and is_vague(words) and "couple" not in words:
            return spanning(found, unresolved(f"how many {unit}s is not said"))
        n = n if direction in ("later", "after", "afterwards") else -n
    elif groups["adj"]:
        unit = "day" if groups["adjunit"].lower() not in ("week", "month", "year") else groups["adjunit"].lower()
        adj = groups["adj"].lower()
        n = -1 if adj in ("previous", "preceding") else 0 if "same" in adj else 1
    else:
        unit, n = "day", 1 if groups["next"] else 0
    base = frame.anchor or (frame.dct if n < 0 else None)  # "a year earlier" with no other day: than the article
    if base is None:
        return spanning(found, unresolved("counts from a day that is not named"))
    reading = _shifted(base, n, unit)
    if frame.dct and not frame.future and reading.start and reading.start > frame.dct:
        reading = unresolved("counted from the day last named it would lie ahead")
    return spanning(found, reading)


def _names_a_day(found: re.Match[str]) -> bool:
    """Whether what follows "two days after" is a happening or a day, so that the words date something."""
    return bool(
        re.match(
            r"\s+(?:the|a|an|that|this|his|her|their|its|\w+ing\b|[A-Z]|\d|last|they|he|she|it|\w+[’']s|[,.;])|\s*(?:[,.;]|\Z)",
            found.string[found.end() :],
        )
    )  # noqa: E501


def read_war_time(found: re.Match[str], frame: Frame) -> Found:
    """Three months into the war: nothing in the text says when the war began."""
    return spanning(found, unresolved("counts from the start of something that is not dated"))
