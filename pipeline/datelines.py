"""The article's own day: from its metadata or, lacking that, from what stands at its head."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date

from pipeline.models import Article

MONTHS = {name.lower()[:3]: n for n, name in enumerate(calendar.month_name) if name}
MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?"
)
DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
YEAR = r"(?P<year>(?:19|20)\d\d)"
MARK = r"\s*+(?:[,،]\s*+)?"
# The forms in which pages write their day; each gives year, month, day, or a and b where the order is open
FULL_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"(?<![\d/.-]){YEAR}[-/.](?P<month>\d{{1,2}})[-/.]{DAY}(?!\d)",
        rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<mark>[-/.])(?P<b>\d{{1,2}})(?P=mark){YEAR}(?!\d)",
        rf"(?<!\d){DAY}(?:st|nd|rd|th|er)?\s*(?:of\s+)?[-/]?{MONTH}[-/]?{MARK}{YEAR}(?!\d)",
        rf"\b{MONTH}\s*{DAY}(?:st|nd|rd|th)?{MARK}{YEAR}(?!\d)",  # also "Apr 152017"
    )
)
LABEL = re.compile(
    r"\b(?P<label>date\s+of\s+publication|publication\s+date|first\s+published|published|posted|date|last\s+updated|updated|"
    r"last\s+modified)\b(?:\s+(?:on|at))?\s*:?",
    re.I,
)
LATER = ("updated", "last updated", "last modified")
DATELINE = re.compile(
    r"(?:\A\s*|\n[^\S\n]*|\.\s+)[A-Z][\w.'’ /-]{2,40}(?:,\s*[A-Z][\w. ]{1,20})?,?\s+"
    rf"{MONTH}\s+{DAY}\s*(?:\(|[-–—:])"
)
URL_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0?[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?:/|-|\b)"
)
URL_YEAR = re.compile(r"/(?P<year>(?:19|20)\d\d)/")
COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?P<year>(?:19|20)\d\d)", re.I)
PREPOSITION = re.compile(
    r"\b(?:on|in|of|since|until|from|by|the|before|after|between|and|to|during|late|early|mid|last)\s*\Z", re.I
)
WEEKDAY = re.compile(r"(?<!\s)\s*+(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*+\.?,?\s*+)?\Z", re.I)
HEAD, LOOSE = 1500, 300


def find_dct(article: Article) -> tuple[date | None, str]:
    """The day from which relative days count, and where it came from; None where no day is anywhere."""
    if article.published:
        return article.published, article.published_reason or "publication day"
    head, tail = article.text[:HEAD], article.text[HEAD:][-LOOSE:]
    return (
        _labelled(head)
        or _labelled(tail)
        or _at_the_start(head)
        or _in_address(article.url)
        or _dateline(article)
        or _loose(head[:LOOSE])
        or (None, "no publication day: relative days stay unresolved")
    )


def printed_day(article: Article) -> tuple[date, str] | None:
    """The publication day that the text's head or the address names outright, whatever the record says."""
    head = article.text[:HEAD]
    labelled = _labelled(head)
    if labelled and not any(word in labelled[1] for word in LATER):
        return labelled
    return _at_the_start(head) or _in_address(article.url)


def _full_dates(text: str) -> Iterator[tuple[int, date]]:
    found = [(m.start(), day) for form in FULL_FORMS for m in form.finditer(text) if (day := _day(m))]
    yield from sorted(found)


def _day(found: re.Match[str]) -> date | None:
    groups = found.groupdict()
    if "a" in groups:
        a, b = int(groups["a"]), int(groups["b"])
        month, day = (b, a) if a > 12 or b <= 12 else (a, b)  # both possible: the day first, as most of the world
    else:
        word = groups["month"].lower()
        month, day = int(word) if word.isdigit() else MONTHS[word[:3]], int(groups["day"])
    try:
        return date(int(groups["year"]), month, day)
    except ValueError:
        return None


def _labelled(text: str) -> tuple[date, str] | None:
    """The day after "Published", before that after "Last updated"."""
    later = None
    for found in LABEL.finditer(text):
        after = text[found.end() : found.end() + 40]
        for start, day in _full_dates(after):
            if not WEEKDAY.match(after[:start]):
                break
            label = " ".join(found["label"].lower().split())
            if label not in LATER:
                return day, f'day after "{label}"'
            later = later or (day, f'day after "{label}"')
            break
    return later


def _at_the_start(text: str) -> tuple[date, str] | None:
    for start, day in _full_dates(text[:60]):
        if WEEKDAY.match(text[:start]):
            return day, "day at the head of the text"
        break
    return None


def _in_address(url: str) -> tuple[date, str] | None:
    found = URL_DAY.search(url)
    day = _day(found) if found else None
    return (day, "day in the address") if day else None


def _dateline(article: Article) -> tuple[date, str] | None:
    """A dateline has no year; one comes from the address, a copyright line, or a full date at the head."""
    found = DATELINE.search(article.text[:LOOSE])
    if not found:
        return None
    sources = [URL_YEAR.search(article.url), COPYRIGHT.search(article.text)]
    years = [int(source["year"]) for source in sources if source]
    years += [day.year for _, day in _full_dates(article.text[:HEAD])]
    if not years:
        return None
    try:
        day = date(years[0], MONTHS[found["month"].lower()[:3]], int(found["day"]))
    except ValueError:
        return None
    return day, "dateline, its year from elsewhere in the article"


def _loose(text: str) -> tuple[date, str] | None:
    """A full date near the head that no preposition ties to a happening."""
    for start, day in _full_dates(text):
        before = WEEKDAY.sub("", text[:start])
        if not PREPOSITION.search(before[-14:]):
            return day, "full date near the head of the text"
    return None
