"""Mentions of one document -> what the article says of each event: one report for each event that it asserts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from pipeline.actors import actors_of
from pipeline.attribution import attributions_of
from pipeline.clauses import Candidate, candidate_of, find_candidates, strength
from pipeline.diplomacy import diplomatic_reports
from pipeline.folding import fold, is_close, relate
from pipeline.happening import civilians_targeted, event_type, kind_of, since_then
from pipeline.models import (
    CountMention,
    DateBasis,
    DateMention,
    Document,
    Field,
    GeoPrecision,
    Harm,
    Kind,
    Mentions,
    PlaceMention,
    Report,
    Span,
)
from pipeline.tolls import combine_counts

# What tells of another time than the news of the day, or turns to something else
LOOK_BACK = re.compile(
    r"\b(?:previous(?:ly)?|in the past|years? ago|months? ago|weeks? ago|had (?:been|already|earlier|previously)"
    r"|separate(?:ly)?|meanwhile|elsewhere|in neighbou?ring|say when|have been"
    r"|earlier attacks?|last (?:week|month|year)|recent(?:ly)?|since then|at the time|so far|history)\b",
    re.IGNORECASE,
)


def assemble_reports(document: Document, mentions: Mentions) -> list[Report]:
    """One report for each event that the article asserts, the main event first (rank 1)."""
    candidates = _gather(document, mentions)
    _inherit(candidates, document, mentions)
    reports = [_report(c, document, rank) for rank, c in enumerate(candidates, 1)]
    totals = {id(c): r.report_id for c, r in zip(candidates, reports, strict=True)}
    reports = [
        replace(r, part_of=totals.get(id(c.total), "")) if c.total else r
        for c, r in zip(candidates, reports, strict=True)
    ]
    reports += diplomatic_reports(document, mentions, first_rank=len(reports) + 1)
    return _unique_ids(reports)


def _gather(document: Document, mentions: Mentions) -> list[Candidate]:
    """The events of the article in the order of the text, later mentions folded into the first."""
    kept: list[Candidate] = []
    for fresh in find_candidates(document, mentions):
        if not fresh.violent:
            if kept and not fresh.dates and not fresh.own_places():
                kept[-1].sentences.append(fresh.sentence)
            continue
        how, home = "other", None
        for old in reversed(kept):
            how = relate(old, fresh)
            if how != "other":
                home = old
                break
        if home is not None and how == "same":
            fold(home, fresh)
            continue
        if home is not None:
            fresh.total = home.total or home
            fresh.notes["part_of"] = "a smaller toll at a place inside the total's"
        kept.append(fresh)
    told = [c for c in kept if c.counts or (c.dates and c.own_places()) or _happens(c)]
    if told:
        kept = told
    if not kept:
        kept = _quiet(document, mentions) or _headline(document, mentions)
    return kept


def _happens(candidate: Candidate) -> bool:
    """Whether a verb tells it at a place or on a day, though nobody is counted."""
    return bool(candidate.dates or candidate.own_places()) and any(strength(a) == "verb" for a in candidate.acts)


def _headline(document: Document, mentions: Mentions) -> list[Candidate]:
    """What only the headline tells."""
    for sentence in document.sentences:
        if sentence.role == "title" and (found := candidate_of(sentence, mentions)) is not None and found.violent:
            return [found]
    return []


def _quiet(document: Document, mentions: Mentions) -> list[Candidate]:
    """The arrest, surrender, seizure, destruction or march of an article in which nobody is harmed."""
    for candidate in find_candidates(document, mentions):
        if any(strength(a) in ("verb", "noun") and a.event_type != "Diplomacy" for a in candidate.acts):
            return [candidate]
    return []


def _inherit(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Days and places that a sentence leaves out: from its total, the sentences before, the lead, the title."""
    where = [p for p in mentions.places if p.place is not None and p.role == "location"]
    home, news = _home_country(where), _news_day(document, mentions)
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
        if not candidate.places and candidate.total:
            candidate.places = candidate.total.places
        if not candidate.places:
            here = candidate.sentence.index
            before = [p for p in where if p.sentence < here and document.sentences[p.sentence].role != "title"]
            after = [p for p in where if here < p.sentence <= here + 2]
            titles = [p for p in where if document.sentences[p.sentence].role == "title"]
            pool = (titles or before[:3] or after or where[:1]) if at == 0 else (before[-1:] or titles or where[:1])
            candidate.places = _at_home(pool, home) or _at_home(before[::-1] + titles + where, home)[:1] or pool
            if pool:
                candidate.notes["place"] = "the sentence names none; taken from the sentences around it"


def _home_country(where: list[PlaceMention]) -> str:
    """The country of most of the places in which things happen."""
    names = Counter(p.place.country for p in where if p.place and p.place.geo_precision is not GeoPrecision.COUNTRY)
    return names.most_common(1)[0][0] if names else ""


def _at_home(pool: list[PlaceMention], country: str) -> list[PlaceMention]:
    """Those of the article's own country that say more than the country."""
    return [
        p for p in pool if p.place and p.place.country == country and p.place.geo_precision is not GeoPrecision.COUNTRY
    ]


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


def _report(candidate: Candidate, document: Document, rank: int) -> Report:
    article, sentence, date = document.article, candidate.sentence, candidate.date
    kind, why_kind = kind_of(candidate)
    if date is not None and kind is Kind.CUMULATIVE:
        date = since_then(date, sentence, document.dct)
    of_type, sub, why_type = event_type(candidate)
    if candidate.total and not any(strength(a) in ("verb", "noun") for a in candidate.acts):
        of_type, sub, why_type = event_type(candidate.total)
    homes = candidate.own_places()
    places = tuple({p.place.name: p.place for p in homes if p.place}.values())
    killed, injured = (combine_counts(candidate.counts, harm) for harm in (Harm.KILLED, Harm.INJURED))
    start, end = candidate.start, candidate.end
    text = sentence.text[start - sentence.start_char : end - sentence.start_char]
    start += len(text) - len(text.lstrip(" ,;"))
    evidence = text.strip(" ,;")
    reasons = [("kind", why_kind), ("event_type", why_type)]
    reasons.append(("date_start", candidate.notes.get("date_start") or (date.reason if date else "no day is told")))
    if homes:
        reasons.append(("place", candidate.notes.get("place") or homes[0].reason))
    reasons += [
        (column, found.rule)
        for column, harm in (("fatalities_best", Harm.KILLED), ("injured_best", Harm.INJURED))
        if (found := _first(candidate, harm)) is not None
    ]
    if "part_of" in candidate.notes:
        reasons.append(("part_of", candidate.notes["part_of"]))
    return Report(
        report_id=f"{article.article_id}#{'t' if sentence.field is Field.TITLE else ''}{start}",
        article_id=article.article_id, source=article.source, published=document.dct, rank=rank, kind=kind,
        event_type=of_type, sub_event_type=sub,
        date_start=date.date_start if date else None, date_end=date.date_end if date else None,
        time_precision=date.precision if date else None,
        date_basis=date.basis if date else (DateBasis.PUBLISHED if document.dct else DateBasis.NONE),
        places=places, actors=actors_of(evidence),
        civilians_targeted=civilians_targeted(candidate.counts),
        killed=killed, injured=injured,
        attributions=attributions_of([evidence, *(s.text for s in candidate.sentences)]),
        field=sentence.field, sentence_start=start, sentence_end=start + len(evidence), evidence=evidence,
        date_span=date.span if date else None, place_span=homes[0].span if homes else None,
        killed_span=_span(candidate, Harm.KILLED), injured_span=_span(candidate, Harm.INJURED), reasons=tuple(reasons),
    )  # fmt: skip


def _first(candidate: Candidate, harm: Harm) -> CountMention | None:
    return next((c for c in candidate.counts if c.harm is harm), None)


def _span(candidate: Candidate, harm: Harm) -> Span | None:
    found = _first(candidate, harm)
    return found.span if found else None


def _unique_ids(reports: list[Report]) -> list[Report]:
    """Two reports may rest on one sentence (talks and a strike): the second gets a letter."""
    seen: dict[str, int] = {}
    out = []
    for report in reports:
        n = seen[report.report_id] = seen.get(report.report_id, -1) + 1
        out.append(replace(report, report_id=f"{report.report_id}{chr(97 + n)}") if n else report)
    return out
