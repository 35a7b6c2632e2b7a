"""A publication day as files and feeds write it -> a day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.utils import parsedate_to_datetime

from dateparser.date import DateDataParser

ISO = re.compile(r"\A\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
SLASHED = re.compile(r"\A\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
PARSER = DateDataParser(languages=["en"], settings={"REQUIRE_PARTS": ["day", "month", "year"]})


def read_day(text: str, today: date, *, month_first: bool | None = None) -> date:
    """The day that `text` names; ValueError says what is wrong with it.

    `month_first` settles 4/5/2017; None takes what is possible, and the day first where both are.
    """
    day = _parsed(text, month_first)
    if day is None:
        raise ValueError(f'the day "{text[:40]}" cannot be read')
    if day > today + timedelta(days=1):  # one day ahead: publishers east of us
        raise ValueError(f"published {day}, which is in the future")
    if day.year < 1900:
        raise ValueError(f"published {day}, which is before there was news of this kind")
    return day


def month_stands_first(texts: list[str]) -> bool | None:
    """Whether a whole column writes months first: one 4/27 settles every 4/5. None where nothing settles it."""
    parts = [(int(m[1]), int(m[2])) for text in texts if (m := SLASHED.match(text))]
    if any(second > 12 for _, second in parts):
        return True
    if any(first > 12 for first, _ in parts):
        return False
    return None


def _parsed(text: str, month_first: bool | None) -> date | None:
    if found := ISO.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := SLASHED.match(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        if second > 12 or (month_first and first <= 12):
            return _day(year, first, second)
        return _day(year, second, first)
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError):
        pass  # not the form of mail and feeds
    parsed = PARSER.get_date_data(text[:60]).date_obj
    return parsed.date() if parsed else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
