"""Which day dates an event whose own sentence tells none."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.clauses import Candidate
from pipeline.day_cues import HAPPENING, cue
from pipeline.folding import is_close
from pipeline.happening import kind_of
from pipeline.models import DateMention, Document, Kind, Mentions

# What tells of another time than the news of the day, or turns to something else
LOOK_BACK = re.compile(
    r"\b(?:previous(?:ly)?|in the past|years? ago|months? ago|weeks? ago|had (?:been|already|earlier|previously)"
    r"|separate(?:ly)?|meanwhile|elsewhere|in neighbou?ring|say when|have been"
    r"|earlier attacks?|last (?:week|month|year)|recent(?:ly)?|since then|at the time|so far|history)\b",
    re.IGNORECASE,
)

OLD = re.compile(
    r"\b(?:in the past|years? ago|months? ago|weeks? ago|last (?:month|year)|at the time|history|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
NEWS_AGE = 31  # days


def inherit_days(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Days that a sentence leaves out: from its total, the event told just before, the lead."""
    lead = _lead_day(document, mentions)
    for at, candidate in enumerate(candidates):
        if candidate.total and not candidate.dates:
            candidate.dates = candidate.total.dates
            candidate.notes["date_start"] = "the day of the total it is part of"
        if at and not candidate.dates and _same_breath(candidates[at - 1], candidate, document):
            candidate.dates = candidates[at - 1].dates
            candidate.notes["date_start"] = "no day is told; that of the event told just before"
        fits = not candidate.dates and _is_news(candidate, mentions)
        if fits and lead is not None and not LOOK_BACK.search(candidate.sentence.text):
            candidate.dates = [lead]
            candidate.notes["date_start"] = "no day is told; that of the article's lead"
        if not candidate.dates and candidate.spare_dates:
            candidate.dates = candidate.spare_dates
            candidate.notes["date_start"] = "the only day told with it, perhaps soon after"


def _lead_day(document: Document, mentions: Mentions) -> DateMention | None:
    """The day of which the article is the news: a day of the last three that its first sentences tell."""
    first = [s.index for s in document.sentences if s.role in ("body", "title")][:4]
    told = (d for d in mentions.dates if d.sentence in first and _is_fresh(d, document, 2))
    return next((d for d in told if cue(d, document.sentences[d.sentence]) >= 0), None)


def date_main_event(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """The day of the first event where its sentence leaves it out: that on which the article says that it happened."""
    if not candidates or candidates[0].dates or not _is_news(candidates[0], mentions):
        return
    elsewhere = {c.sentence.index for c in candidates[1:] if _places_differ(candidates[0], c)}
    for date in mentions.dates:
        sentence = document.sentences[date.sentence]
        if (
            sentence.role not in ("body", "title")
            or date.sentence in elsewhere
            or not _is_fresh(date, document, NEWS_AGE)
        ):
            continue
        if cue(date, sentence) >= HAPPENING:
            candidates[0].dates = [date]
            candidates[0].notes["date_start"] = "no day is told; that on which the article says it happened"
            return


def _is_fresh(date: DateMention, document: Document, days: int) -> bool:
    """Whether it may date a happening of the last days."""
    if document.dct is None or date.date_end is None or date.role != "event" or not is_close(date):
        return False
    return 0 <= (document.dct - date.date_end).days <= days


def _places_differ(one: Candidate, other: Candidate) -> bool:
    names = [{p.place.name for p in c.own_places() if p.place} for c in (one, other)]
    return all(names) and not names[0] & names[1]


def _is_news(candidate: Candidate, mentions: Mentions) -> bool:
    """Whether nothing in the sentence points to another time: no other date, no toll of a war."""
    index = candidate.sentence.index
    other = any(d.sentence == index and d.role == "event" and cue(d, candidate.sentence) >= 0 for d in mentions.dates)
    return not other and not OLD.search(candidate.sentence.text) and kind_of(candidate)[0] is Kind.INCIDENT


def _same_breath(before: Candidate, candidate: Candidate, document: Document) -> bool:
    """Whether a piece of today's news goes on: a few sentences after a fresh event, in the same country, no old war."""
    date, last = before.date, max([before.sentence, *before.sentences], key=lambda s: s.index)
    if date is None or document.dct is None or date.date_end is None or not is_close(date):
        return False
    fresh = document.dct - date.date_end <= timedelta(days=2)
    near = candidate.sentence.index - last.index <= 2
    countries = [{p.place.country for p in c.places if p.place} for c in (before, candidate)]
    here = not all(countries) or countries[0] == countries[1]
    return fresh and near and here and kind_of(candidate)[0] is Kind.INCIDENT
