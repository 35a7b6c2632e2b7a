"""Mentions of one document -> what the article says of each event: one report for each event that it asserts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.mentions.violence import priority
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
    Place,
    PlaceMention,
    Report,
    Sentence,
    Span,
    TimePrecision,
    ViolenceMention,
)
from pipeline.tolls import combine_counts

LEVEL = {
    GeoPrecision.PLACE: 4,
    GeoPrecision.AREA: 3,
    GeoPrecision.ADMIN1: 2,
    GeoPrecision.COUNTRY: 1,
    GeoPrecision.NONE: 0,
}
QUIET = ("Strategic developments", "Protests")


@dataclass
class Candidate:
    """What one or more sentences say of one event, while the article is being read."""

    sentence: Sentence
    counts: list[CountMention] = field(default_factory=list)
    acts: list[ViolenceMention] = field(default_factory=list)
    date: DateMention | None = None
    places: list[PlaceMention] = field(default_factory=list)

    @property
    def violent(self) -> bool:
        return any(a.event_type not in QUIET for a in self.acts) or bool(self.counts)


def assemble_reports(document: Document, mentions: Mentions) -> list[Report]:
    """One report for each event that the article asserts, the main event first (rank 1)."""
    candidates: list[Candidate] = []
    for sentence in document.sentences:
        if sentence.role != "body":
            continue
        fresh = _candidate(sentence, mentions)
        if fresh is None:
            continue
        home = next((c for c in reversed(candidates) if _same(c, fresh)), None)
        if home is None:
            candidates.append(fresh)
        else:
            _fold(home, fresh)
    if any(c.counts for c in candidates):
        candidates = [c for c in candidates if c.counts or (c.violent and c.date and c.places)]
    else:
        candidates = [c for c in candidates if c.violent][:2] or candidates[:1]
    _inherit(candidates, document, mentions)
    reports = [_report(c, document, rank) for rank, c in enumerate(candidates, 1)]
    return reports


def _candidate(sentence: Sentence, mentions: Mentions) -> Candidate | None:
    counts = [c for c in mentions.counts if c.sentence == sentence.index and c.asserted]
    acts = [a for a in mentions.violence if a.sentence == sentence.index and a.asserted]
    if not counts and not acts:
        return None
    dates = [
        d for d in mentions.dates if d.sentence == sentence.index and d.date_start and d.role in ("event", "header")
    ]
    places = [
        p for p in mentions.places if p.sentence == sentence.index and p.place is not None and p.role == "location"
    ]
    anchor = counts[0].start_char if counts else acts[0].start_char
    date = min(dates, key=lambda d: (d.role == "header", abs(d.start_char - anchor)), default=None)
    return Candidate(sentence, counts, acts, date, places)


def _same(old: Candidate, new: Candidate) -> bool:
    """Whether a later sentence speaks of the event again: nothing in it points elsewhere."""
    if old.date and new.date and (old.date.date_start, old.date.date_end) != (new.date.date_start, new.date.date_end):
        return False
    here, there = _names(old), _names(new)
    if here and there and not here & there:
        return False
    if old.counts and new.counts:
        for harm in (Harm.KILLED, Harm.INJURED):
            a, b = combine_counts(old.counts, harm), combine_counts(new.counts, harm)
            fresh_total = any(c.relation == "total" and c.harm is harm for c in new.counts)
            if a.known and b.known and a.best != b.best and fresh_total and there:
                return False
    return bool(new.counts) or not new.places or bool(here & there) or not new.violent


def _names(candidate: Candidate) -> set[str]:
    return {p.place.name for p in candidate.places if p.place and LEVEL[p.place.geo_precision] >= 2}


def _fold(home: Candidate, fresh: Candidate) -> None:
    if not home.counts and fresh.counts:
        home.sentence = fresh.sentence
    home.counts += fresh.counts
    home.acts += fresh.acts
    home.date = home.date or fresh.date
    home.places = home.places or fresh.places


def _inherit(candidates: Sequence[Candidate], document: Document, mentions: Mentions) -> None:
    """Days and places that a sentence leaves out: from the sentence before, the lead, the title."""
    everywhere = [p for p in mentions.places if p.place is not None and p.role == "location"]
    for at, candidate in enumerate(candidates):
        if not candidate.places:
            before = [p for p in everywhere if p.sentence <= candidate.sentence.index]
            candidate.places = before[-1:] if at else (before[:1] or everywhere[:1])
        if candidate.date is None and at and candidates[at - 1].sentence.paragraph == candidate.sentence.paragraph:
            candidate.date = candidates[at - 1].date


def _report(candidate: Candidate, document: Document, rank: int) -> Report:
    article, sentence = document.article, candidate.sentence
    killed, injured = combine_counts(candidate.counts, Harm.KILLED), combine_counts(candidate.counts, Harm.INJURED)
    act = max(candidate.acts, key=lambda a: priority(a.sub_event_type), default=None)
    event_type, sub = (act.event_type, act.sub_event_type) if act else ("Violence against civilians", "Attack")
    armed = any(c.civilian is False for c in candidate.counts)
    if (event_type, sub) == ("Violence against civilians", "Attack") and armed:
        event_type, sub = "Battles", "Armed clash"
    places = _places(candidate)
    date = candidate.date
    long = date is not None and date.precision is not TimePrecision.DAY and (date.date_end - date.date_start).days > 2  # type: ignore[operator]
    kind = Kind.CUMULATIVE if long or len(places) > 2 else Kind.INCIDENT
    return Report(
        report_id=f"{article.article_id}#{'t' if sentence.field is Field.TITLE else ''}{sentence.start_char}",
        article_id=article.article_id, source=article.source, published=document.dct, rank=rank, kind=kind,
        event_type=event_type, sub_event_type=sub,
        date_start=date.date_start if date else None, date_end=date.date_end if date else None,
        time_precision=date.precision if date else None,
        date_basis=date.basis if date else (DateBasis.PUBLISHED if document.dct else DateBasis.NONE),
        places=places, civilians_targeted=_civilians(candidate.counts), killed=killed, injured=injured,
        field=sentence.field, sentence_start=sentence.start_char, sentence_end=sentence.end_char,
        evidence=sentence.text, date_span=date.span if date else None,
        place_span=candidate.places[0].span if candidate.places else None,
        killed_span=_span(candidate, Harm.KILLED), injured_span=_span(candidate, Harm.INJURED),
        reasons=(("date_start", date.reason),) if date else (),
    )  # fmt: skip


def _span(candidate: Candidate, harm: Harm) -> Span | None:
    return next((c.span for c in candidate.counts if c.harm is harm), None)


def _places(candidate: Candidate) -> tuple[Place, ...]:
    found = [p.place for p in candidate.places if p.place]
    if not found:
        return ()
    top = max(LEVEL[p.geo_precision] for p in found)
    best = [p for p in found if LEVEL[p.geo_precision] == top]
    if top >= 3:
        return (best[0],)
    return tuple({p.name: replace(p) for p in best}.values())


def _civilians(counts: Sequence[CountMention]) -> bool | None:
    said = {c.civilian for c in counts} - {None}
    return None if not said else True in said
