"""Time expressions: found by a grammar, resolved against the article's own day."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.lexicons import lower_in_place
from pipeline.mentions.date_absolute import NUMBERS_APART, NUMERIC
from pipeline.mentions.date_days import read_weekday
from pipeline.mentions.date_offsets import read_offset
from pipeline.mentions.date_roles import date_role, is_statement
from pipeline.mentions.date_rules import Reader, Rule, rules_for
from pipeline.mentions.date_words import Frame, Reading
from pipeline.models import DateBasis, DateMention, Document, Sentence, TimePrecision

FUTURE = re.compile(
    r"\b(?:will|shall|going\s+to|scheduled|set\s+to|slated|expected|plans?\s+to|planning|upcoming|is\s+to|are\s+to|would|"
    r"to\s+be\s+(?:held|buried|sworn|sentenced))\b|[’']ll\b"
)
# These look ahead only in a clause that tells of nothing past: "forced to leave on Friday" has happened
MAYBE_FUTURE = re.compile(
    r"\b(?:due(?!\s+to\s+(?:the|a|an|its|his|their|\w+ing)\b)|planned|next|starting|deadline|ahead\s+of|"
    r"to\s+(?:meet|resume|begin|start|take|visit|hold|expire|end|discuss|vote|travel))\b"
)
FUTURE_BEFORE = re.compile(r"\b(?:until|till|by|no\s+later\s+than)\s+(?:the\s+|at\s+least\s+)?\Z", re.I)
FUTURE_AFTER = re.compile(
    r"\s+(?:\w+\s+)?(?:deadline|hearing|court\s+date|elections?|vote|referendum|trial|arraignment|summit|talks)\b"
)
PAST = re.compile(
    r"\b(?<!be )(?:was|were|had|has|have|did|said|told|struck|hit|began|took|held|fell|left|broke|met|came|went|made|"
    r"saw|fought|shot|blew|seen|drove|gave|got|lost|won|ran|sent|spoke|threw|wrote|became|brought|built|caught|flew|fled|"
    r"found|grew|heard|kept|led|rose|sank|sold|stole|swept|withdrew|drew|\w{3,}ed)\b(?!\s+to\b)"
)
NAME_OF = re.compile(
    r"\s+(?:Movement|Brigades?|Alliance|Coalition|Street|St\b|Square|Hospital|University|Mosque|Bridge|Stadium|Avenue|Battalion|Martyrs|"
    r"Group|Party|School|Camp|Airport|Division|District|Youth|Road|Organi[sz]ation|movement|alliance|coalition|bloc\b)"
)
SINCE = re.compile(
    r"\b(?:ever\s+)?since\s+(?:about\s+|around\s+|at\s+least\s+|as\s+early\s+as\s+)?"
    r"(?:the\s+)?(?:(?:beginning|start|outset)\s+of\s+)?(?:the\s+year\s+)?\Z",
    re.I,
)
# "since the war broke out in" a month: the same, with the happening told
SINCE_CLAUSE = re.compile(r"\bsince\s+(?:[A-Za-z’'-]+\s+){1,10}(?:in|on)\s+(?:early\s+|late\s+)?\Z", re.I)
RANGE_WORD = re.compile(r"\s*(?:to|through|until|till|into|[-–—])\s*(?:early\s+|the\s+)?\Z", re.I)
AND_WORD = re.compile(r"\s+and\s+(?:on\s+)?\Z", re.I)
HOUR = r"(?:(?:about|around)\s+)?\d{1,2}(?:[:.]\d\d)?(?:\s*(?:[ap]\.?m\.?|hours|o['’]clock))?(?:\s*,)?\s++(?:on\s+)?"
AND_HOUR = re.compile(
    rf"\s+(?:and|to|until)\s+(?:{HOUR}|the\s+(?:early\s+hours|morning|evening|night)\s+(?:of|on)\s+)\Z", re.I
)
# "began on Friday and went on into Saturday"
LASTED = re.compile(
    r"(?:\s+\w+)?,?\s+and\s+(?:went\s+on|continued|lasted|carried\s+on|raged|dragged\s+on|extended)\s+(?:in)?(?:to|until|till|through)\s+"
    r"(?:the\s+)?(?:(?:early\s+hours|morning|afternoon|evening|night)\s+(?:of|on)\s+)?(?:late\s+|early\s+)?\Z",
    re.I,
)
RANGE_BEFORE = re.compile(rf"\b(?:between|from)\s+(?:the\s+)?(?:{HOUR})?\Z", re.I)
ANCHOR_GAP = re.compile(
    r"\s+(?:(?:the|a|an|last|his|her|their|its|this|deadly|another)\s+)?(?:[\w-]+\s+){0,3}(?:on\s+|of\s+|in\s+)?\Z"
)
US_PLACE = re.compile(
    r"\b(?:Ala|Ariz|Ark|Calif|Colo|Conn|Fla|Ga|Ill|Ind|Kan|Ky|Mass|Md|Mich|Minn|Miss|Mo|N\.C|N\.J|N\.Y|Okla|Ore|Tenn|Tex|Va|Wash|Wis)\.|"
    r"\b(?:Texas|California|Florida|Ohio|Michigan|Illinois|Pennsylvania|Louisiana|Indiana) (?:man|police|woman)\b|"
    r"\b[A-Z][a-z]+ County\b"
)


@dataclass(slots=True)
class _Item:
    """A time expression of one sentence while it is being read."""

    start: int
    end: int
    reading: Reading
    found: re.Match[str]
    reader: Reader


def find_dates(document: Document) -> list[DateMention]:
    """Every time expression of a document, in text order, resolved against its dct."""
    mentions: list[DateMention] = []
    day_first = _day_first(document)
    anchor: date | None = None
    for sentence in document.sentences:
        rules = rules_for(sentence.text)
        if not rules:
            continue
        aside = sentence.role == "boilerplate"
        items, named = _read_sentence(sentence, rules, document.dct, day_first, anchor)
        anchor = anchor if aside else named
        for item in items:
            reading = item.reading
            mentions.append(
                DateMention(
                    sentence.field,
                    sentence.start_char + item.start,
                    sentence.start_char + item.end,
                    sentence.text[item.start : item.end],
                    sentence.index,
                    reading.start,
                    reading.end,
                    reading.precision,
                    reading.basis,
                    "background" if aside else date_role(sentence, item.start, item.end, reading, document.dct),
                    reading.reason,
                )
            )
    return _in_list_order(mentions)


def _in_list_order(mentions: list[DateMention]) -> list[DateMention]:
    """Weekdays that stand above the parts of one list follow each other: "Monday" lies before "Wednesday"."""
    heads = [n for n, m in enumerate(mentions) if m.role == "header" and m.date_start and m.basis is DateBasis.RELATIVE]
    for here, following in list(zip(heads, heads[1:], strict=False))[::-1]:
        first, then = mentions[here], mentions[following]
        if first.date_start and first.date_end and then.date_start and first.date_start > then.date_start:
            week = timedelta(days=7)
            mentions[here] = replace(first, date_start=first.date_start - week, date_end=first.date_end - week)
    return mentions


def _read_sentence(
    sentence: Sentence, rules: list[Rule], dct: date | None, day_first: bool, anchor: date | None
) -> tuple[list[_Item], date | None]:
    text = sentence.text
    candidates: list[tuple[int, int, int, re.Match[str], Reader]] = []
    for order, _, pattern, reader in rules:
        candidates += [(m.start(), -m.end(), order, m, reader) for m in pattern.finditer(text)]
    candidates.sort(key=lambda c: c[:3])
    items: list[_Item] = []
    here = anchor  # the day of a saying counts for its own sentence only
    last = position = 0
    while position < len(candidates):
        start, end = candidates[position][0], -candidates[position][1]
        position += 1
        if start < last:
            continue
        group = [candidates[position - 1]]
        ahead = position
        while ahead < len(candidates) and candidates[ahead][0] < end:
            group.append(candidates[ahead])
            ahead += 1
        group.sort(key=lambda c: (c[1] + c[0], c[2]))
        for _, _, _, found, reader in group:
            if found.start() < last or _names_something(text, found):
                continue
            frame = _frame(text, found.start(), found.end(), last, dct, day_first, here)
            if items and items[-1].reading.year_given and items[-1].reading.start:
                frame.told_before = items[-1].reading.start
                frame.told_year = (
                    items[-1].reading.precision is TimePrecision.YEAR and items[-1].end - items[-1].start == 4
                )
            spans = reader(found, frame)
            for first, final, reading in spans:
                items.append(_Item(first, final, reading, found, reader))
                said = is_statement(text, first, final)
                if reading.start and reading.precision in (TimePrecision.DAY, TimePrecision.RANGE):
                    here, anchor = reading.start, anchor if said else reading.start
            if spans:
                last = spans[-1][1]
                break
    return _join(text, items, dct), anchor


def _names_something(text: str, found: re.Match[str]) -> bool:
    """Whether the day is part of a name: the September 12 Movement."""
    if found[0][-4:].isdigit() or not (name := NAME_OF.match(text, found.end())):
        return False
    return name[0].lstrip()[0].isupper() or not text[: found.start()].endswith("on ")


def _frame(text: str, start: int, end: int, last: int, dct: date | None, day_first: bool, anchor: date | None) -> Frame:
    """What the clause around a date says of its tense."""
    if is_statement(text, start, end):
        return Frame(dct, day_first, False, True, anchor)
    last = max(last, start - 200)
    window = lower_in_place(text[last:start] if start - last > 14 else text[last:start] + " " + text[end : end + 70])
    if SINCE.search(text[max(0, start - 40) : start]):
        return Frame(dct, day_first, False, True, anchor)
    future = max((m.start() for m in FUTURE.finditer(window)), default=-1)
    past = max((m.start() for m in PAST.finditer(window)), default=-1)
    if future < 0 and past < 0 and MAYBE_FUTURE.search(window):
        future = 0
    if FUTURE_BEFORE.search(text[max(0, start - 24) : start]) or FUTURE_AFTER.match(text[end : end + 40]):
        return Frame(dct, day_first, future > past, False, anchor)
    return Frame(dct, day_first, future > past, past > future, anchor)


def _join(text: str, items: list[_Item], dct: date | None) -> list[_Item]:
    """Ranges that two dates make, "since" with its date, and counts from a day that stands after them."""
    joined: list[_Item] = []
    for item in items:
        previous = joined[-1] if joined else None
        gap = text[previous.end : item.start] if previous else ""
        if previous and (merged := _range(text, previous, item, gap)):
            joined[-1] = merged
        elif previous and previous.reader is read_offset and _is_anchor(previous, item, gap):
            (_, _, reading), *_ = read_offset(
                previous.found, Frame(dct, anchor=item.reading.start, anchor_follows=True)
            )
            joined[-1] = replace(previous, end=item.end, reading=reading)
        elif (
            previous and len(gap) < 5 and previous.reader is read_weekday and _same_weekday(previous, item)
        ):  # fmt: skip
            joined[-1] = replace(previous, end=item.end, reading=item.reading)
        else:
            joined.append(item)
    kept: list[_Item] = []
    for item in joined:
        item = _since(text, item, dct)
        while kept and kept[-1].end > item.start and kept[-1].reading.start is None:
            kept.pop()  # "since the war began", now dated by what follows
        if kept and kept[-1].end > item.start:
            item = replace(item, start=kept[-1].end + 1)
        kept.append(item)
    return kept


def _is_anchor(offset: _Item, day: _Item, gap: str) -> bool:
    direction = (offset.found["dir"] or "").lower()
    return direction in ("after", "before") and day.reading.start is not None and bool(ANCHOR_GAP.fullmatch(gap))


def _same_weekday(first: _Item, second: _Item) -> bool:
    """Whether a full date repeats, closer, what a weekday before it says."""
    a, b = first.reading, second.reading
    return bool(
        a.start and b.start and b.precision is TimePrecision.DAY and b.basis is DateBasis.EXPLICIT
        and a.start.weekday() == b.start.weekday()
    )  # fmt: skip


def _range(text: str, first: _Item, second: _Item, gap: str) -> _Item | None:
    a, b = first.reading, second.reading
    if not (a.start and a.end and b.start and b.end) or len(gap) > 60:
        return None
    led = RANGE_BEFORE.search(text[max(0, first.start - 40) : first.start])
    hours = led is not None and AND_HOUR.fullmatch(gap) is not None
    lasted = LASTED.fullmatch(gap) is not None and b.start > a.end
    is_and = AND_WORD.fullmatch(gap)
    if not RANGE_WORD.fullmatch(gap) and not is_and and not hours and not lasted:
        return None
    start = a.start
    if b.year_given and not a.year_given and a.basis is DateBasis.EXPLICIT:
        start = a.start.replace(year=b.start.year) if (a.start.month, a.start.day) != (2, 29) else a.start
    if start > b.end:
        if a.basis is DateBasis.RELATIVE and a.precision is TimePrecision.DAY:
            start -= timedelta(days=7)
        elif not a.year_given:
            start = start.replace(year=b.end.year - 1, day=min(start.day, 28) if start.month == 2 else start.day)
    if start > b.end or (is_and and not led and (b.start - a.end).days != 1):
        return None
    same = a.precision is b.precision
    pairs = (TimePrecision.DAY, TimePrecision.MONTH, TimePrecision.YEAR)
    if is_and and not led and not (same and a.precision in pairs):
        return None
    precision = TimePrecision.YEAR if same and a.precision is TimePrecision.YEAR else TimePrecision.RANGE
    reading = Reading(start, b.end, precision, b.basis, f"range: {a.reason}; {b.reason}", b.year_given or a.year_given)
    return replace(second, start=first.start, reading=reading)


def _since(text: str, item: _Item, dct: date | None) -> _Item:
    reading = item.reading
    led = SINCE.search(text[max(0, item.start - 40) : item.start]) or SINCE_CLAUSE.search(
        text[max(0, item.start - 110) : item.start]
    )
    if not led or dct is None or reading.start is None or reading.start > dct:
        return item
    start = item.start - len(led[0])
    reason = f"from then to the article's day: {reading.reason}"
    return replace(
        item,
        start=start,
        # its last day is counted from the article's own, whatever names the first
        reading=replace(reading, end=dct, precision=TimePrecision.RANGE, basis=DateBasis.RELATIVE, reason=reason),
    )


def _day_first(document: Document) -> bool:
    """Whether this article writes 10/09 for 10 September: by its other dates, else by where it is from."""
    text = document.article.text
    if not NUMBERS_APART.search(text):
        return True
    numbers = [(int(found["a"]), int(found["b"])) for found in NUMERIC.finditer(text)]
    for a, b in numbers:
        if max(a, b) > 12:
            return a > 12
    return not numbers or not US_PLACE.search(text[:3000])
