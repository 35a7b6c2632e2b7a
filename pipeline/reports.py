"""Mentions of one document -> what the article says of each event: one report for each event that it asserts."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.actors import actors_of, without_speakers
from pipeline.attribution import attributions_of
from pipeline.claims import claims_of
from pipeline.clauses import Candidate, candidate_of, strength, within
from pipeline.diplomacy import diplomatic_reports
from pipeline.event_types import event_type
from pipeline.folding import fold, relate
from pipeline.happening import civilians_targeted, kind_of, since_then
from pipeline.headlines import count_by_headline
from pipeline.models import (
    DateBasis,
    Document,
    Field,
    Harm,
    Kind,
    Mentions,
    Report,
    Span,
)
from pipeline.parts import parts_by_sum, with_claims
from pipeline.report_days import date_main_event, date_sections, inherit_days, settle_day
from pipeline.report_places import inherit_places, place_sections
from pipeline.report_reasons import first_count, quoted_span, reasons_of
from pipeline.sentence_parts import find_candidates
from pipeline.telling import all_of_accident, anchored, is_accident, tells, tells_quietly

BARE = re.compile(r"\w+ed\Z|hit\Z|struck\Z|raid\Z", re.I)  # enough where nothing else is told
# Of hundreds of real articles none tells of over 15 events; a sentence is held against no more than the last of them
LOOK_BACK = 40


def assemble_reports(document: Document, mentions: Mentions) -> list[Report]:
    """One report for each event that the article asserts, the main event first (rank 1)."""
    candidates = _gather(document, mentions)
    count_by_headline(candidates, document, mentions)
    inherit_days(candidates, document, mentions)
    inherit_places(candidates, document, mentions)
    reports = [_report(c, document, mentions, rank) for rank, c in enumerate(candidates, 1)]
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
    found = list(find_candidates(document, mentions))
    date_sections(found, document, mentions)
    place_sections(found, document, mentions)
    date_main_event([c for c in found if c.violent], document, mentions)
    parts = parts_by_sum(found)
    for fresh in found:
        if not fresh.violent:
            if kept and not fresh.dates and not fresh.own_places():
                kept[-1].hear(fresh.sentence)
            continue
        how, home = "other", None
        total = parts.get(id(fresh))
        if total in kept:
            fresh.total = total.total or total
            fresh.notes["part_of"] = "the dead of this and its neighbours add up to the total's"
            kept.append(fresh)
            continue
        for old in kept[: -LOOK_BACK - 1 : -1]:
            how = relate(old, fresh)
            if how != "other":
                home = old
                break
        if home is not None and how == "same":
            fold(home, fresh)
            continue
        if home is not None and how in ("claim", "echo"):
            home.claims += [fresh] if how == "claim" and not home.full else []
            home.hear(fresh.sentence)
            continue
        if home is not None:
            fresh.total = home.total or home
            fresh.notes["part_of"] = "a smaller toll at a place inside the total's"
        kept.append(fresh)
    if all_of_accident(kept):
        return []
    kept = [c for c in kept if not is_accident(c) and not c.denied]
    told = [c for c in kept if c.counts or _happens(c) and not _only_supposed(c, mentions)]
    if told:
        past = [c for c in told if c.of_old]
        of_old = {c.sentence.index for c in past}
        news = [c for c in told if not c.of_old]
        news = news or [c for c in _quiet(document, mentions) if c.sentence.index not in of_old]
        kept = news + past + _beside(found)
    if not kept:
        kept = _quiet(document, mentions) or _headline(document, mentions) or _bare(document, mentions)
    return kept


def _happens(candidate: Candidate) -> bool:
    """Whether it is told at a place or on a day, though nobody is counted."""
    return anchored(candidate) and tells(candidate)


def _only_supposed(candidate: Candidate, mentions: Mentions) -> bool:
    """Whether all whom its sentence counts are only supposed: "a battle could cost 250,000 lives", "denied killing"."""
    counts = within(mentions.counts, candidate.sentence.index)
    supposed = ("hypothetical", "denied", "threat", "negated")
    return bool(counts) and all(not c.asserted and any(word in c.rule for word in supposed) for c in counts)


def _beside(found: list[Candidate]) -> list[Candidate]:
    """What else an article of violence tells of a day or a place of its own: a march, an arrest, a destroyed depot."""
    kept: list[Candidate] = []
    for fresh in found:
        if fresh.violent or not anchored(fresh) or not tells_quietly(fresh):
            continue
        if not any(
            relate(old, fresh) == "same" and event_type(old)[:2] == event_type(fresh)[:2] for old in kept[-LOOK_BACK:]
        ):
            kept.append(fresh)
    return kept


def _headline(document: Document, mentions: Mentions) -> list[Candidate]:
    """What only the headline tells."""
    for sentence in document.sentences:
        if sentence.role == "title" and (found := candidate_of(sentence, mentions)) is not None and found.violent:
            return [] if is_accident(found) or found.denied else [found]
    return []


def _quiet(document: Document, mentions: Mentions) -> list[Candidate]:
    """The arrest, surrender, seizure, destruction or march of an article in which nobody is harmed."""
    for candidate in find_candidates(document, mentions):
        loud = any(strength(a) in ("verb", "noun") and a.event_type != "Diplomacy" for a in candidate.acts)
        if loud and not candidate.denied:
            return [candidate]
    return []


def _bare(document: Document, mentions: Mentions) -> list[Candidate]:
    """An attack of which no more is said than where it was."""
    for candidate in find_candidates(document, mentions):
        struck = any(BARE.match(a.text) for a in candidate.acts) and not _only_supposed(candidate, mentions)
        if struck and not candidate.denied and anchored(candidate) and candidate.own_places():
            return [candidate]
    return []


def _report(candidate: Candidate, document: Document, mentions: Mentions, rank: int) -> Report:
    article, sentence = document.article, candidate.sentence
    date = settle_day(candidate, rank == 1, document, mentions)
    kind, why_kind = kind_of(candidate)
    if date is not None and kind is Kind.CUMULATIVE:
        date = since_then(date, sentence, document.dct)
    of_type, sub, why_type = event_type(candidate)
    if candidate.total and not any(strength(a) in ("verb", "noun") for a in candidate.acts):
        of_type, sub, why_type = event_type(candidate.total)
    homes = candidate.own_places()
    places = tuple({p.place.name: p.place for p in homes if p.place}.values())
    if not places and mentions.home is not None:
        places = (mentions.home,)
        candidate.notes["place"] = f"no place is told; {mentions.home.name} by the groups, peoples and publisher"
    killed, injured = (
        with_claims(candidate.toll(harm), [c.toll(harm) for c in candidate.claims])
        for harm in (Harm.KILLED, Harm.INJURED)
    )
    start, end = candidate.start, candidate.end
    text = sentence.text[start - sentence.start_char : end - sentence.start_char]
    start += len(text) - len(text.lstrip(" ,;"))
    evidence = text.strip(" ,;")
    speakers = attributions_of([evidence, *(s.text for s in candidate.sentences)])
    claims = claims_of(candidate, document)
    actors = without_speakers(actors_of(evidence), speakers)
    reasons = reasons_of(candidate, date, why_kind, why_type, actors, claims, article)
    return Report(
        report_id=f"{article.article_id}#{'t' if sentence.field is Field.TITLE else ''}{start}",
        article_id=article.article_id, source=article.source, published=document.dct, rank=rank, kind=kind,
        event_type=of_type, sub_event_type=sub,
        date_start=date.date_start if date else None, date_end=date.date_end if date else None,
        time_precision=date.precision if date else None,
        date_basis=date.basis if date else (DateBasis.PUBLISHED if document.dct else DateBasis.NONE),
        places=places, actors=actors,
        civilians_targeted=civilians_targeted(candidate.counts),
        killed=killed, injured=injured,
        attributions=speakers,
        field=sentence.field, sentence_start=start, sentence_end=start + len(evidence), evidence=evidence,
        date_span=date.span if date else None, place_span=homes[0].span if homes else None,
        killed_span=_span(candidate, Harm.KILLED), injured_span=_span(candidate, Harm.INJURED), reasons=reasons,
        claims=claims, kind_span=quoted_span(why_kind, candidate), event_type_span=quoted_span(why_type, candidate),
        actors_span=quoted_span(f"“{actors[0].name}”", candidate) if actors else None,
        attributions_span=Span(claims[0].field, claims[0].start_char, claims[0].end_char) if claims else None,
    )  # fmt: skip


def _span(candidate: Candidate, harm: Harm) -> Span | None:
    found = first_count(candidate, harm)
    return found.span if found else None


def _unique_ids(reports: list[Report]) -> list[Report]:
    """Two reports may rest on one sentence (talks and a strike): the second gets a letter."""
    seen: dict[str, int] = {}
    out = []
    for report in reports:
        n = seen[report.report_id] = seen.get(report.report_id, -1) + 1
        out.append(replace(report, report_id=f"{report.report_id}{chr(97 + n)}") if n else report)
    return out
