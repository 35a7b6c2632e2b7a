"""Which day dates an event whose own sentence tells none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import replace
from datetime import date as day
from datetime import timedelta

from pipeline.clauses import Candidate, within
from pipeline.day_cues import HAPPENING, cue
from pipeline.folding import is_close, places_agree
from pipeline.happening import kind_of
from pipeline.mentions.date_roles import BULLETS
from pipeline.models import DateBasis, DateMention, Document, Kind, Mentions, TimePrecision
from pipeline.toll_days import date_tolls_so_far, date_war_tolls

# What tells of another time than the news of the day, or turns to something else
LOOK_BACK = re.compile(
    r"\b(?:previous(?:ly)?|in the past|years? ago|months? ago|weeks? ago|had (?:been|already|earlier|previously)"
    r"|separate(?:ly)?|meanwhile|elsewhere|in neighbou?ring|say when|have been"
    r"|earlier attacks?|last (?:week|month|year)|recent(?:ly)?|since then|at the time|so far|history)\b",
    re.IGNORECASE,
)

OLD = re.compile(
    r"\b(?:in the past|years? ago|months? ago|weeks? ago|last (?:month|year)|at the time|history|recently)\b",
    re.IGNORECASE,
)
YEAR = re.compile(r"\b((?:19|20)\d\d)\b(?! block)")
HOUR = re.compile(r"\b\d{1,2}(?::\d\d)?\s*([ap])\.?m\b", re.IGNORECASE)
EARLY_HOUR = re.compile(r"\b(?:\d{1,2}(?::\d\d)?\s*a\.?m\b|early[- ]morning\b|pre-?dawn\b)", re.IGNORECASE)
MORNING = re.compile(r"\b(?:early|morning|dawn|midnight)\b", re.IGNORECASE)
NEWS_AGE = 31  # days
PARAGRAPH_REACH = 3  # sentences
HEAD_SENTENCES = 12
HEAD_LENGTH = 60  # characters


def inherit_days(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Days that a sentence leaves out: from its total, the event told just before, the lead."""
    date_tolls_so_far(candidates, document, mentions)
    date_war_tolls(candidates, document, mentions)
    lead = _lead_day(document, mentions)
    for at, candidate in enumerate(candidates):
        if not candidate.dates and (above := _told_above(candidate, document, mentions)) is not None:
            candidate.dates = [above]
            candidate.notes["date_start"] = "no day is told; that of the sentence before, in the same paragraph"
        if candidate.total and not candidate.dates:
            candidate.dates = candidate.total.dates
            candidate.notes["date_start"] = "the day of the total it is part of"
        if at and not candidate.dates and _same_breath(candidates[at - 1], candidate, document):
            candidate.dates = candidates[at - 1].dates
            candidate.notes["date_start"] = "no day is told; that of the event told just before"
        fits = not candidate.dates and _is_news(candidate, document, mentions)
        if fits and lead is not None and not LOOK_BACK.search(candidate.sentence.text):
            candidate.dates = [lead]
            candidate.notes["date_start"] = "no day is told; that of the article's lead"
        if candidate.spare_dates and not candidate.dates and _is_news(candidate, document, mentions):
            candidate.dates = candidate.spare_dates
            candidate.notes["date_start"] = "the only day told with it, perhaps soon after"
        if at == 0 and not candidate.dates and (hour := _small_hours(candidate, document, mentions)) is not None:
            candidate.dates = [hour]
            candidate.notes["date_start"] = "an hour before noon and no day: the article's own"


def date_sections(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """The day that stands above a list, for what the list tells without one."""
    heads = [d for d in mentions.dates if _heads_a_list(d, document)]
    lines = {document.sentences[d.sentence].paragraph: d for d in mentions.dates if _begins_a_line(d, document)}
    for candidate in candidates:
        if candidate.dates:
            continue
        above = bisect_left(heads, candidate.sentence.index, key=lambda d: d.sentence)
        own = lines.get(candidate.sentence.paragraph)
        if own is not None and own.sentence <= candidate.sentence.index:
            candidate.dates = [own]
            candidate.notes["date_start"] = "the day with which its line begins"
        elif above:
            candidate.dates = [heads[above - 1]]
            candidate.notes["date_start"] = "the day that stands above its part of the article"


def _begins_a_line(date: DateMention, document: Document) -> bool:
    """Whether it is the day at the head of its own line: "12 August: Two soldiers were killed"."""
    sentence = document.sentences[date.sentence]
    before = sentence.text[: max(0, date.start_char - sentence.start_char)]
    first = date.role == "header" and date.date_start is not None and not before.strip(BULLETS)
    return first and sentence.role == "body" and len(date.text) < len(sentence.text) // 2


def _heads_a_list(date: DateMention, document: Document) -> bool:
    """Whether a day stands above a list; not the page's own day at its head."""
    sentence = document.sentences[date.sentence]
    if date.role != "header" or sentence.role != "body" or len(sentence.text) >= HEAD_LENGTH or not date.date_start:
        return False
    own = date.basis is DateBasis.EXPLICIT and document.dct and abs((document.dct - date.date_start).days) <= 1
    return not own or sentence.text.endswith(":")


def _lead_day(document: Document, mentions: Mentions) -> DateMention | None:
    """The day of which the article is the news: a day of the last three that its first sentences tell."""
    first = [s.index for s in document.sentences if s.role in ("body", "title")][:4]
    told = (d for d in mentions.dates if d.sentence in first and _is_fresh(d, document, 2))
    return next((d for d in told if cue(d, document.sentences[d.sentence]) >= 0), None)


def date_main_event(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """The day of the first event where its sentence leaves it out: that on which the article says that it happened."""
    if not candidates or candidates[0].dates or not _is_news(candidates[0], document, mentions):
        return
    elsewhere = {c.sentence.index for c in candidates[1:] if places_agree(candidates[0], c) == "differ"}
    told = [
        (cue(d, s), d)
        for d in mentions.dates
        if (s := document.sentences[d.sentence]).role in ("body", "title")
        and d.sentence not in elsewhere
        and _is_fresh(d, document, NEWS_AGE)
    ]
    votes: Counter[tuple[day | None, day | None]] = Counter()
    for says, date in told:
        votes[date.date_start, date.date_end] += max(0, says)
    sure = [d for says, d in told if says >= HAPPENING]
    near = [d for says, d in told if says >= 0 and abs(d.sentence - candidates[0].sentence.index) <= 2]
    near += [d for says, d in told if says >= 0 and d.sentence < HEAD_SENTENCES]
    best = sure[0] if sure else near[0] if near else None
    if (
        best
        and (often := max(votes, key=lambda v: votes[v]))
        and votes[often] > 3 * votes[best.date_start, best.date_end]
    ):
        best = next((d for d in sure if (d.date_start, d.date_end) == often), best)  # often told, but never surely
    if best is not None:
        candidates[0].dates = [best]
        candidates[0].notes["date_start"] = "no day is told; that on which the article says it happened"


def _is_fresh(date: DateMention, document: Document, days: int) -> bool:
    """Whether it may date a happening of the last days."""
    if document.dct is None or date.date_end is None or date.role != "event" or not is_close(date):
        return False
    return 0 <= (document.dct - date.date_end).days <= days


def _is_news(candidate: Candidate, document: Document, mentions: Mentions) -> bool:
    """Whether nothing in the sentence points to another time: no other date, no toll of a war."""
    index, text = candidate.sentence.index, candidate.sentence.text
    other = any(
        d.date_start and d.role == "event" and cue(d, candidate.sentence) >= 0 for d in within(mentions.dates, index)
    )
    old = OLD.search(text) or any(document.dct and int(year) < document.dct.year for year in YEAR.findall(text))
    return not other and not old and kind_of(candidate)[0] is Kind.INCIDENT


def _told_above(candidate: Candidate, document: Document, mentions: Mentions) -> DateMention | None:
    """The day told last before it in its own paragraph: "On June 9 men opened fire. Three residents died"."""
    sentence = candidate.sentence
    if LOOK_BACK.search(sentence.text) or not _is_news(candidate, document, mentions):
        return None
    for date in reversed(within(mentions.dates, max(0, sentence.index - PARAGRAPH_REACH), sentence.index - 1)):
        told = document.sentences[date.sentence]
        if told.paragraph != sentence.paragraph or told.role != "body":
            return None
        if date.date_start and date.role == "event":
            return date if is_close(date) and cue(date, told) >= 0 else None
    return None


def _same_breath(before: Candidate, candidate: Candidate, document: Document) -> bool:
    """Whether a piece of today's news goes on: a few sentences after a fresh event, in the same country, no old war."""
    date = before.date
    if date is None or document.dct is None or date.date_end is None or not is_close(date):
        return False
    fresh = document.dct - date.date_end <= timedelta(days=2)
    near = candidate.sentence.index - before.last <= 2
    countries = [{p.place.country for p in c.places if p.place} for c in (before, candidate)]
    here = not all(countries) or countries[0] == countries[1]
    back = OLD.search(candidate.sentence.text)
    return fresh and near and here and not back and kind_of(candidate)[0] is Kind.INCIDENT


def settle_day(candidate: Candidate, main: bool, document: Document, mentions: Mentions) -> DateMention | None:
    """The candidate's day, made closer where the article does: no day ahead, the day or the hour within a range."""
    date = candidate.date
    if date is None or document.dct is None or not (date.date_start and date.date_end):
        return date
    if date.date_start <= document.dct < date.date_end:
        reason = f"{date.reason}; up to the article's day"
        precision = TimePrecision.DAY if date.date_start == document.dct else TimePrecision.RANGE
        date = replace(date, date_end=document.dct, precision=precision, reason=reason)
    length = (date.date_end - date.date_start).days if date.date_end and date.date_start else 0
    if not 0 < length <= NEWS_AGE or date.reason.startswith("range") or kind_of(candidate)[0] is not Kind.INCIDENT:
        return date
    own = {candidate.sentence.index, *(s.index for s in candidate.sentences)}
    closer = _day_within(date, own, main, document, mentions)
    if closer is not None:
        return replace(closer, reason=f"{closer.reason}; within “{date.text}”")
    hour = _hour(own, document) if length == 1 and date.precision is TimePrecision.RANGE else ""
    if hour:
        one = date.date_end if hour == "a" else date.date_start
        reason = f"{date.reason}; at an hour of the {'second' if hour == 'a' else 'first'} day"
        return replace(date, date_start=one, date_end=one, precision=TimePrecision.DAY, reason=reason)
    return date


def _day_within(
    date: DateMention, own: set[int], main: bool, document: Document, mentions: Mentions
) -> DateMention | None:
    """The one day within the range on which the article says that it happened."""
    found: dict[day, DateMention] = {}
    short = date.date_end == (date.date_start or day.min) + timedelta(days=1)  # a night: only its morning is closer
    others = mentions.dates if main else [d for at in sorted(own) for d in within(mentions.dates, at)]
    for other in others:
        near = other.sentence in own or other.sentence > min(own) and (not short or MORNING.search(other.text))
        if not near or other.role != "event" or other.date_start is None or other.date_start != other.date_end:
            continue
        inside = date.date_start and date.date_end and date.date_start <= other.date_start <= date.date_end
        if inside and cue(other, document.sentences[other.sentence]) >= HAPPENING:
            found.setdefault(other.date_start, other)
    return next(iter(found.values())) if len(found) == 1 else None


def _small_hours(candidate: Candidate, document: Document, mentions: Mentions) -> DateMention | None:
    """ "About 2 a.m.", "an early-morning raid" in an article that names no day: its own."""
    if document.dct is None or not _is_news(candidate, document, mentions):
        return None
    here = candidate.sentence.index
    for sentence in document.sentences[max(0, here - 2) : here + 5]:
        hour = EARLY_HOUR.search(sentence.text) if sentence.role == "body" else None
        if hour and not within(mentions.dates, sentence.index):
            start = sentence.start_char + hour.start()
            return DateMention(
                sentence.field, start, start + len(hour[0]), hour[0], sentence.index, document.dct, document.dct,
                TimePrecision.DAY, DateBasis.RELATIVE, "event", "an hour before noon and no day: the article's own",
            )  # fmt: skip
    return None


def _hour(own: set[int], document: Document) -> str:
    """ "a" or "p" where the hours told with it all lie before or after noon."""
    last = max(own)
    texts = [document.sentences[at].text for at in own]
    texts += [s.text for s in document.sentences[last + 1 : last + 3]]
    hours = {found[1].lower() for text in texts for found in HOUR.finditer(text)}
    return hours.pop() if len(hours) == 1 else ""
