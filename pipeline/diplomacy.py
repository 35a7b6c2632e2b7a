"""Mentions -> diplomatic reports: talks that were held, statements made in public."""

from __future__ import annotations

from pipeline.attribution import attributions_of
from pipeline.clauses import LEVEL, strength, within
from pipeline.models import (
    DateBasis,
    DateMention,
    Document,
    Kind,
    Mentions,
    Report,
    Sentence,
    ViolenceMention,
)
from pipeline.parties import parties_of, speaker_of

# Characters at the head of a text in which a speaker's full name is looked for; twice the longest of 1,700 articles
HEAD = 20_000


def diplomatic_reports(document: Document, mentions: Mentions, *, first_rank: int) -> list[Report]:
    """One report for each meeting, agreement and public statement that has a day or a place of its own."""
    found: list[Report] = []
    for sentence in document.sentences:
        if sentence.role != "body":
            continue
        acts = [
            a
            for a in within(mentions.violence, sentence.index)
            if a.event_type == "Diplomacy" and a.asserted and strength(a) == "verb"
        ]
        if not acts:
            continue
        act = acts[0]
        date = _day(act, sentence, document, mentions)
        places = [p for p in within(mentions.places, sentence.index) if p.place and p.role in ("location", "speech")]
        places = [
            p for p in places if p.place and (LEVEL[p.place.geo_precision] >= 4) and p.start_char > act.start_char
        ]
        if act.sub_event_type != "Statement" and (date is None or not places):
            continue
        if date is None:
            continue
        named = attributions_of([sentence.text])
        if act.sub_event_type == "Statement":
            actors = speaker_of(sentence.text, named, document.article.text[: min(sentence.start_char, HEAD)])
            named = named or tuple(a.name for a in actors if a.role is None)
        else:
            at = sentence.start_char
            actors = parties_of(sentence.text, act.start_char - at, act.end_char - at)
        found.append(
            Report(
                report_id=f"{document.article.article_id}#{sentence.start_char}",
                article_id=document.article.article_id,
                source=document.article.source, published=document.dct, rank=first_rank + len(found),
                kind=Kind.DIPLOMATIC, event_type="Diplomacy", sub_event_type=act.sub_event_type,
                date_start=date.date_start, date_end=date.date_end, time_precision=date.precision,
                date_basis=date.basis if date.basis is not DateBasis.NONE else DateBasis.PUBLISHED,
                places=tuple(p.place for p in places[:1] if p.place), actors=actors,
                attributions=named, sentence_start=sentence.start_char,
                sentence_end=sentence.end_char, evidence=sentence.text, date_span=date.span,
                place_span=places[0].span if places else None,
                reasons=(("event_type", f"“{act.text}”"), ("date_start", date.reason)),
            )
        )  # fmt: skip
    return found


def _day(act: ViolenceMention, sentence: Sentence, document: Document, mentions: Mentions) -> DateMention | None:
    """The day of a meeting is told beside it; a statement's may stand before the quotation it ends."""
    wanted = ("statement", "event") if act.sub_event_type == "Statement" else ("event",)
    reach = 4 if act.sub_event_type == "Statement" else 0
    near = [
        d for d in within(mentions.dates, sentence.index - reach, sentence.index) if d.date_start and d.role in wanted
    ]
    same = [d for d in near if d.sentence == sentence.index]
    after = [d for d in same if d.start_char > act.start_char]
    return (after or same or near[::-1] or [None])[0]  # type: ignore[list-item]
