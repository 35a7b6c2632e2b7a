"""`explain`: an article in the terminal, its mentions marked, what each was resolved to and why, and the reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from pipeline.models import (
    Count,
    CountMention,
    DateMention,
    Extraction,
    Mention,
    Mentions,
    PlaceMention,
    Report,
    Sentence,
    ViolenceMention,
)

# Letters that stand for the kinds, in the margin and in the brackets
LETTERS: dict[type[Mention], str] = {DateMention: "D", PlaceMention: "P", CountMention: "N", ViolenceMention: "V"}
KINDS = {DateMention: "date", PlaceMention: "place", CountMention: "count", ViolenceMention: "violence"}
LEGEND = "D day   P place   N number of persons   V what happened   (x: not asserted)"


def explain(extraction: Extraction) -> Iterator[str]:
    """The lines to print, without line ends; control characters of the article are shown as spaces."""
    document, mentions = extraction.document, extraction.mentions
    article = document.article
    yield f"{article.title or article.article_id}"
    yield f"id {article.article_id}   publisher {article.source or 'not stated'}"
    yield f"day {document.dct or 'unknown'} ({document.dct_reason})"
    yield LEGEND
    found = in_text_order(mentions)
    by_sentence = {index: list(group) for index, group in groupby(found, key=lambda m: m.sentence)}
    for sentence in document.sentences:
        yield ""
        yield f"[{sentence.role} {sentence.start_char}-{sentence.end_char}] " + mark(
            sentence, by_sentence.get(sentence.index, [])
        )
        for mention in by_sentence.get(sentence.index, []):
            yield f"    {LETTERS[type(mention)]} {_plain(mention.text)!r}: {resolved(mention)}"
    yield ""
    yield f"{len(extraction.reports)} reports"
    for report in extraction.reports:
        yield from describe(report)


def explain_facts(extraction: Extraction) -> dict[str, Any]:
    """The same for machines, with all fields of mentions and reports; days are still days."""
    document = extraction.document
    article = document.article
    reports = [{name: cell for name, cell in asdict(r).items() if name != "voice"} for r in extraction.reports]
    return {
        "article_id": article.article_id, "title": article.title, "source": article.source, "day": document.dct,
        "day_reason": document.dct_reason,
        "mentions": [{"kind": KINDS[type(m)]} | asdict(m) for m in in_text_order(extraction.mentions)],
        "reports": reports,
    }  # fmt: skip


def in_text_order(mentions: Mentions) -> list[Mention]:
    """All mentions; of two that begin at one place the longer first."""
    found: tuple[Mention, ...] = (*mentions.dates, *mentions.places, *mentions.counts, *mentions.violence)
    return sorted(found, key=lambda m: (m.sentence, m.start_char, -m.end_char))


def mark(sentence: Sentence, mentions: list[Mention]) -> str:
    """The sentence with its mentions in brackets; of two that overlap the first stands."""
    parts, at = [], sentence.start_char
    for mention in mentions:
        if mention.start_char < at:
            continue
        parts.append(sentence.text[at - sentence.start_char : mention.start_char - sentence.start_char])
        parts.append(f"[{LETTERS[type(mention)]}:{mention.text}]")
        at = mention.end_char
    parts.append(sentence.text[at - sentence.start_char :])
    return _plain("".join(parts))


def resolved(mention: Mention) -> str:
    """What a mention was resolved to, and why."""
    match mention:
        case DateMention():
            value = f"{mention.date_start}..{mention.date_end}" if mention.date_start else "unresolved"
            return f"{value} ({mention.role}; {mention.reason})"
        case PlaceMention():
            place = mention.place
            value = f"{place.name}, {place.admin1}, {place.country} [{place.geo_precision}]" if place else "unresolved"
            return f"{value} ({mention.role}; {mention.reason})"
        case CountMention():
            doubt = "" if mention.asserted else " x"
            return f"{mention.harm} {count_words(mention.count)}{doubt} ({mention.relation}; {mention.rule})"
        case ViolenceMention():
            doubt = "" if mention.asserted else " x"
            return f"{mention.event_type} / {mention.sub_event_type}{doubt} ({mention.reason})"
    return ""


def describe(report: Report) -> Iterator[str]:
    """One report, as lines."""
    days = f"{report.date_start}..{report.date_end}" if report.date_start else "no day"
    places = " | ".join(p.name for p in report.places) or "no place"
    yield f"  {report.rank}. {report.kind}: {report.event_type} / {report.sub_event_type}"
    yield f"     {days} ({report.date_basis}); {places}"
    yield f"     killed {count_words(report.killed)}; injured {count_words(report.injured)}"
    actors = ", ".join(f"{a.name} ({a.role})" if a.role else a.name for a in report.actors) or "nobody named"
    yield f"     actors {actors}; says who: {', '.join(report.attributions) or 'not stated'}"
    for column, reason in report.reasons:
        yield f"     {column}: {_plain(reason)}"
    yield f"     “{_plain(report.evidence)}”"


def count_words(count: Count) -> str:
    """Lowest/best/highest, as the codebook writes them."""
    if not count.known:
        return "not stated"
    return "/".join("open" if n is None else str(n) for n in (count.low, count.best, count.high))


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
