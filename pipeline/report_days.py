"""Which day dates an event whose own sentence tells none."""

from __future__ import annotations

import re
from datetime import timedelta

from pipeline.clauses import Candidate
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


def inherit_days(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Days that a sentence leaves out: from its total, the event told just before, the lead."""
    news = _news_day(document, mentions)
    for at, candidate in enumerate(candidates):
        if candidate.total and not candidate.dates:
            candidate.dates = candidate.total.dates
            candidate.notes["date_start"] = "the day of the total it is part of"
        if at and not candidate.dates and _same_breath(candidates[at - 1], candidate, document):
            candidate.dates = candidates[at - 1].dates
            candidate.notes["date_start"] = "no day is told; that of the event told just before"
        if not candidate.dates and news is not None and _is_todays_news(candidate, mentions):
            candidate.dates = [news]
            candidate.notes["date_start"] = "no day is told; that of the article's lead"


def _news_day(document: Document, mentions: Mentions) -> DateMention | None:
    """The day of which the article is the news: a day of the last three that its first sentences tell."""
    if document.dct is None:
        return None
    body = [s.index for s in document.sentences if s.role in ("body", "title")][:4]
    first = document.dct - timedelta(days=2)
    for date in mentions.dates:
        fresh = date.date_end is not None and first <= date.date_end <= document.dct
        if date.sentence in body and date.role == "event" and is_close(date) and fresh:
            return date
    return None


def _is_todays_news(candidate: Candidate, mentions: Mentions) -> bool:
    """Whether nothing in the sentence points to another time: no other date, no toll of a war, no look back."""
    index = candidate.sentence.index
    other = any(d.sentence == index and d.role != "statement" for d in mentions.dates)
    return not other and not LOOK_BACK.search(candidate.sentence.text) and kind_of(candidate)[0] is Kind.INCIDENT


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
