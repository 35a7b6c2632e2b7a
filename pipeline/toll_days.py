"""Since when a toll of many happenings runs: a war, an offensive, what the sentence before says goes on."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.clauses import Candidate, within
from pipeline.happening import HAS_BEGUN, HAS_KILLED, WAR_TOLL
from pipeline.lexicons import lower_in_place
from pipeline.models import DateMention, Document, Harm, Mentions, TimePrecision

WARS = r"(?:war|conflict|uprising|revolt|unrest|insurgency|rebellion|revolution)"
WAR_BEGAN = re.compile(
    rf"\b{WARS}\b[^.;]{{0,60}}\b(?:began|begun|started|starting|erupted|broke\s+out)\b[^.;]{{0,60}}\Z"
    rf"|\b{WARS}\b[^.;]{{0,40}}\bsince\b[^.;]{{0,24}}\Z"
    rf"|\b(?:start|beginning|outbreak)\s+of\s+(?:the|its|a)\s+(?:\w+\s+){{0,2}}{WARS}\s+in\s+\S{{0,12}}\s?\S*\Z"
)
GOES_ON, FAR_BACK = 2, 8  # sentences
# "More than 200 had been killed since the offensive began": the day of which was told before
SINCE_BEGUN = re.compile(
    r"\bsince\s+(?:the|that|its|this)\s+(?:\w+\s+){0,2}(?:offensive|assault|fighting|siege|attack|operation|campaign|battle|clashes)"
    r"\s+(?:began|begun|started|broke\s+out|erupted)\b",
    re.IGNORECASE,
)
OF_THE_WAR = re.compile(
    rf"\b(?:in|during|since|from|by)\s+(?:\S+\s+){{1,4}}{WARS}\b|\A\W?since\s+then\b|\b{WARS}\b.{{0,90}}\bha(?:s|ve)\s+"
    r"(?:killed|left|claimed|cost)\b",
    re.IGNORECASE,
)


def date_tolls_so_far(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """A toll without a day runs from the day since which, by the sentences just before, it goes on."""
    for candidate in candidates:
        here, text, killed = candidate.sentence.index, candidate.sentence.text, candidate.toll(Harm.KILLED).best or 0
        if candidate.dates or not killed or killed >= WAR_TOLL or OF_THE_WAR.search(text):
            continue
        since = SINCE_BEGUN.search(text)
        if not (since or HAS_KILLED.search(text)):
            continue
        reach = FAR_BACK if since else GOES_ON
        before = [d for d in within(mentions.dates, max(0, here - reach), here - 1) if d.date_start and document.dct]
        begun = next((d for d in reversed(before) if _goes_on(d, document)), None)
        if begun is not None:
            reason = f"{begun.reason}; since then, to the article's day"
            candidate.dates = [replace(begun, date_end=document.dct, precision=TimePrecision.RANGE, reason=reason)]
            candidate.notes["date_start"] = reason


def _goes_on(date: DateMention, document: Document) -> bool:
    """Whether something is told to go on since that day."""
    sentence = document.sentences[date.sentence]
    before = sentence.text[: date.start_char - sentence.start_char]
    since = date.text.lower().startswith("since") and date.date_end == document.dct
    return sentence.role == "body" and (since or HAS_BEGUN.search(before) is not None)


def date_war_tolls(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """A war's toll runs from the day on which the article says that the war began."""
    start = _war_start(document, mentions)
    if start is None or document.dct is None:
        return
    for candidate in candidates:
        text, killed = candidate.sentence.text, candidate.toll(Harm.KILLED).best or 0
        if candidate.date is None and killed and (killed >= WAR_TOLL or OF_THE_WAR.search(text)):
            reason = f"{start.reason}; when the war began, to the article's day"
            candidate.dates = [replace(start, date_end=document.dct, precision=TimePrecision.RANGE, reason=reason)]
            candidate.notes["date_start"] = reason


def _war_start(document: Document, mentions: Mentions) -> DateMention | None:
    """The day, month or year in which the article says that its war began."""
    for date in mentions.dates:
        sentence = document.sentences[date.sentence]
        before = sentence.text[: date.start_char - sentence.start_char] + date.text
        if date.date_start and date.role in ("event", "background") and WAR_BEGAN.search(lower_in_place(before)):
            return date
    return None
