"""Expressions that count from another day: "on Tuesday", "overnight", "last week", "two days after the attack"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from pipeline.mentions.date_words import (
    NUMBER,
    PART_OF_DAY,
    WEEKDAY_FULL,
    WEEKDAY_SHORT,
    Frame,
    Reading,
    is_vague,
    month_span,
    months_before,
    no_dct,
    number,
    relative,
    unresolved,
    week_span,
    weekday_number,
)
from pipeline.models import TimePrecision

Found = list[tuple[int, int, Reading]]
ONE_DAY = timedelta(days=1)

BEFORE_PART = (
    rf"(?:(?:(?:early|earlier|late|later)\s+(?:on\s+)?|(?:at\s+)?{PART_OF_DAY}\s+(?:on|of)\s+|(?:at\s+)?(?:dawn|midnight|"
    rf"noon|midday|dusk)\s+))?"
)
AFTER_PART = rf"(?:[’']s)?(?:\s+(?:early\s+|late\s+|mid-?)?{PART_OF_DAY}\b)?"
WEEKDAY = re.compile(
    rf"\b{BEFORE_PART}(?:(?P<mod>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast|[Tt]his\s+past|[Tt]his\s+coming|[Cc]oming|[Pp]revious)\s+)?"
    rf"(?P<day>{WEEKDAY_FULL})\b{AFTER_PART}(?:\s+(?:of\s+)?(?P<week>last|this|next)\s+week|(?P<ago>\s+a\s+week\s+ago)|(?P<last>\s+last)\b)?"
)
WEEK_WEEKDAY = re.compile(rf"\b(?P<week>last|this|next)\s+week\s+(?:on\s+)?(?P<day>{WEEKDAY_FULL})\b")
SHORT_WEEKDAY = re.compile(
    rf"\b(?P<pre>on|On|early|late|since|until|last)\s+(?P<day>{WEEKDAY_SHORT})(?!\w)(?:\s+{PART_OF_DAY})?"
)
# Names made of a weekday, and habits: no day is meant
NAME_AFTER = re.compile(
    r"s?\s+(?:prayers?|[Ss]chool|Times|Mirror|Mosque|Telegraph|Express|Herald|Night\s+(?:Live|Football)|Market|Movement|Brigade|massacre)\b",
)
HABIT_BEFORE = re.compile(r"\b(?:every|each|Bloody|Black|Super|Good|Palm|Ruby|Cyber)\s+\Z", re.I)

NEAR_DAY = re.compile(
    rf"\b(?:{BEFORE_PART}(?:[Ee]arlier\s+|[Ll]ater\s+)?(?P<today>[Tt]oday|[Tt]onight|TODAY)|(?P<yesterday>(?:{BEFORE_PART})[Yy]esterday|YESTERDAY)"
    rf"|(?P<tomorrow>{BEFORE_PART}[Tt]omorrow)){AFTER_PART}\b|\b(?:(?:[Ee]arly|[Ll]ate|[Ee]arlier)\s+)?(?P<this>[Tt]his\s+(?:very\s+)?(?:morning|afternoon|evening)|[Ee]arlier\s+(?:in\s+)?the\s+day)\b"
    rf"|\b(?P<lastnight>(?:[Ll]ate\s+|[Ee]arly\s+)?[Ll]ast\s+(?:night|evening))\b|\b(?P<dby>(?:the\s+)?day\s+before\s+yesterday)\b"
    rf"|\b(?P<dat>(?:the\s+)?day\s+after\s+tomorrow)\b"
)
OVERNIGHT = re.compile(
    rf"\b(?:[Oo]vernight|[Dd]uring\s+the\s+night|[Ii]n\s+the\s+night)\b(?:\s+(?:on\s+|from\s+|between\s+|of\s+)?(?P<day>{WEEKDAY_FULL})\b"
    rf"(?:\s+(?:night\s+)?(?P<to>to|into|and|-|through)\s+(?P<end>{WEEKDAY_FULL})(?:\s+{PART_OF_DAY})?)?)?"
)
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
    rf"\b(?:in|over|during|within|for|throughout)?\s*(?:the|these)?\s*\b(?P<which>past|last|previous|preceding|recent)\s+"
    rf"(?:(?P<n>{NUMBER}|\d+)[\s-]+)?(?P<unit>hour|day|week|month|year)s\b|\b(?:the\s+|in\s+|over\s+)(?:past|last)\s+(?P<n2>24|48|72)[\s-]hours?\b",
    re.I,
)
AGO = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?P<unit>hour|day|week|month|year)s?\s+ago\b(?P<of>\s+(?:today|yesterday))?", re.I
)
OFFSET = re.compile(
    rf"\b(?:(?P<n>{NUMBER}|the)\s+(?:full\s+)?(?P<unit>hour|day|week|month|year|night)s?\s+(?P<dir>earlier|before|later|after|afterwards|prior|previously|previous)\b"
    rf"|the\s+(?P<adj>previous|preceding|following|next|same|very\s+same)\s+(?P<adjunit>day|night|morning|evening|afternoon|week|month|year)\b"
    rf"|(?P<that>that|that\s+same|this\s+same)\s+(?P<thatunit>day|night|morning|evening|afternoon)\b|(?P<next>next)\s+day\b)",
    re.I,
)
WAR_TIME = re.compile(
    rf"\b(?:{NUMBER}\s+(?:days|weeks|months|years)\s+into\s+(?:the|its|a)\s+[\w-]+|(?:since|before|after)\s+the\s+"
    r"(?:war|conflict|uprising|revolution|crisis|ceasefire|truce|siege|offensive|invasion)\b(?:\s+(?:began|started|broke\s+out|erupted))?)",
    re.I,
)
SINCE_START = re.compile(
    r"\b(?:since\s+(?:the\s+)?)(?:beginning|start)\s+of\s+the\s+(?P<unit>year|month|week)\b|\bso\s+far\s+this\s+(?P<unit2>year|month|week)\b",
    re.I,
)  # noqa: E501


def _at(found: re.Match[str], reading: Reading) -> Found:
    return [(found.start(), found.end(), reading)]


def read_weekday(found: re.Match[str], frame: Frame) -> Found:
    """The latest such day not after the article's own; a later one where the clause speaks of what is to come."""
    if HABIT_BEFORE.search(found.string[max(0, found.start() - 10) : found.start()]):
        return []
    groups = found.groupdict()
    if NAME_AFTER.match(found.string, found.end("day")):
        if " prayer" in found.string[found.end("day") : found.end("day") + 9].lower():
            return _at(found, unresolved("prayers are named, not a day"))
        return []
    if frame.dct is None:
        return _at(found, no_dct())
    mod = " ".join((groups.get("mod") or "").lower().split())
    day = pick_weekday(frame, weekday_number(found["day"]), mod, groups.get("week") or "")
    if groups.get("ago"):
        day -= timedelta(days=7)
    if groups.get("last") and day == frame.dct:
        day -= timedelta(days=7)
    return _at(found, relative(day, day, TimePrecision.DAY, f"{mod or groups.get('week') or 'latest'} weekday"))


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
        return _at(found, no_dct())
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
    return _at(found, relative(day, day, TimePrecision.DAY, "counted from the article's day"))


def read_overnight(found: re.Match[str], frame: Frame) -> Found:
    """The night from the day before to the article's day, or the one that weekdays name."""
    if frame.dct is None:
        return _at(found, no_dct())
    if found["day"] is None:
        return _at(found, relative(frame.dct - ONE_DAY, frame.dct, TimePrecision.RANGE, "the night before"))
    day = pick_weekday(frame, weekday_number(found["day"]))
    if found["end"]:
        end = pick_weekday(frame, weekday_number(found["end"]))
        start = end - timedelta(days=(end.weekday() - day.weekday()) % 7)
        return _at(found, relative(start, end, TimePrecision.RANGE, "a night between two weekdays"))
    return _at(found, relative(day, day, TimePrecision.DAY, "a night with its weekday"))


def read_period(found: re.Match[str], frame: Frame) -> Found:
    """Last week, earlier this month, late last year."""
    which = " ".join(found["which"].lower().split())
    unit, part = found["unit"].lower(), " ".join((found["part"] or "").lower().split())
    if unit in ("hour", "day"):
        return []
    base = frame.dct
    if which in ("that", "the same", "the following"):
        if frame.anchor is None:
            return _at(found, unresolved("counts from a day that is not named"))
        base, which = frame.anchor, {"the following": "next"}.get(which, "this")
    if base is None:
        return _at(found, no_dct())
    if which in ("the past", "past"):
        return _at(found, _rolling(base, 1, unit) if unit != "weekend" else _calendar(base, unit, -1))
    before = found.string[max(0, found.start() - 16) : found.start()].lower()
    if which == "last" and re.search(r"\b(?:in|over|during|within) the \Z", before) and unit != "weekend":
        return _at(found, _rolling(base, 1, unit))
    shift = {"last": -1, "this past": -1, "the previous": -1, "the preceding": -1, "next": 1, "the coming": 1}.get(
        which, 0
    )
    if unit == "weekend":
        if which == "this" and base.weekday() < 4 and not frame.future and (frame.past or base.weekday() < 2):
            which = "last"  # told on a weekday, in the past tense
        return _at(found, _weekend(base, which))
    reading = _calendar(base, unit, shift)
    return _at(found, _trim(reading, part, unit, base, shift) if part else reading)


def read_part_of_the(found: re.Match[str], frame: Frame) -> Found:
    """The beginning of the year, later in the month."""
    if frame.dct is None:
        return _at(found, no_dct())
    part = (found["part"] or found["edge"]).lower()
    return _at(found, _trim(_calendar(frame.dct, found["unit"].lower(), 0), part, found["unit"].lower(), frame.dct, 0))


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
        return _at(found, no_dct())
    if frame.future:
        return _at(found, _weekend(frame.dct, "this"))
    return _at(found, _weekend(frame.dct, "the"))


def _trim(reading: Reading, part: str, unit: str, base: date, shift: int) -> Reading:
    start, end = reading.start, reading.end
    assert start and end
    if part in ("earlier", "early", "later") and shift == 0:
        start, end = (start, min(end, base)) if part != "later" else (max(start, base), end)
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
        return _at(found, no_dct())
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


def read_ago(found: re.Match[str], frame: Frame) -> Found:
    """Two days ago, three weeks ago: as closely as the unit counts."""
    if frame.dct is None:
        return _at(found, no_dct())
    n, unit = number(found["n"]), found["unit"].lower()
    if is_vague(found["n"]) and "couple" not in found["n"]:
        return _at(found, unresolved(f"how many {unit}s is not said"))
    return _at(found, _shifted(frame.dct, -n, unit))


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
            return _at(found, unresolved("counts from something that the text may date elsewhere"))
        n = 1 if words == "the" else number(words)
        if words != "the" and is_vague(words) and "couple" not in words:
            return _at(found, unresolved(f"how many {unit}s is not said"))
        n = n if direction in ("later", "after", "afterwards") else -n
    elif groups["adj"]:
        unit = "day" if groups["adjunit"].lower() not in ("week", "month", "year") else groups["adjunit"].lower()
        adj = groups["adj"].lower()
        n = -1 if adj in ("previous", "preceding") else 0 if "same" in adj else 1
    else:
        unit, n = "day", 1 if groups["next"] else 0
    base = frame.anchor or (frame.dct if n < 0 else None)  # "a year earlier" with no other day: than the article
    if base is None:
        return _at(found, unresolved("counts from a day that is not named"))
    reading = _shifted(base, n, unit)
    if frame.dct and not frame.future and reading.start and reading.start > frame.dct:
        reading = unresolved("counted from the day last named it would lie ahead")
    return _at(found, reading)


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
    return _at(found, unresolved("counts from the start of something that is not dated"))


def read_since_start(found: re.Match[str], frame: Frame) -> Found:
    """Since the beginning of the year."""
    if frame.dct is None:
        return _at(found, no_dct())
    whole = _calendar(frame.dct, (found["unit"] or found["unit2"]).lower(), 0)
    assert whole.start
    return _at(found, relative(whole.start, frame.dct, TimePrecision.RANGE, "from its beginning to the article's day"))
