"""`explain`: an article in the terminal, its mentions marked, what each was resolved to and why, and the reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from itertools import groupby
from typing import Any

from pipeline.models import (
    Count,
    CountMention,
    DateBasis,
    DateMention,
    Extraction,
    Mention,
    Mentions,
    PlaceMention,
    Report,
    Sentence,
    ViolenceMention,
)
from pipeline.reason_words import plain_reason, plain_rules

# Letters that stand for the kinds, in the margin and in the brackets
LETTERS: dict[type[Mention], str] = {DateMention: "D", PlaceMention: "P", CountMention: "N", ViolenceMention: "V"}
KINDS = {DateMention: "date", PlaceMention: "place", CountMention: "count", ViolenceMention: "violence"}
LEGEND = "[D: day]  [P: place]  [N: number of persons]  [V: what happened]"
# What stands before a sentence that is read in another way than the body
ROLE_WORDS = {"title": "Headline: ", "header": "Line above what follows: ", "boilerplate": "Not read (links, menus): "}
AS_USUAL = {"event", "location", "total"}  # roles that need no word
NOT_STATED = "not stated"


def explain(extraction: Extraction) -> Iterator[str]:
    """The lines to print, without line ends; control characters of the article are shown as spaces."""
    document, mentions = extraction.document, extraction.mentions
    article = document.article
    yield _plain(article.title) or "No title"
    yield f"Publisher: {_plain(article.source) or NOT_STATED}; article {article.article_id}"
    yield f"Days such as “on Friday” count from {document.dct or 'no day'} ({document.dct_reason})"
    yield f"Marked: {LEGEND}"
    found = in_text_order(mentions)
    by_sentence = {index: list(group) for index, group in groupby(found, key=lambda m: m.sentence)}
    for sentence in document.sentences:
        inside = by_sentence.get(sentence.index, [])
        yield ""
        yield ROLE_WORDS.get(sentence.role, "") + mark(sentence, inside)
        for mention in inside:
            yield f"    {LETTERS[type(mention)]} “{_plain(mention.text)}”: {resolved(mention)}"
    yield ""
    yield f"Events read in it: {len(extraction.reports)}"
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
        parts.append(f"[{LETTERS[type(mention)]}: {mention.text}]")
        at = mention.end_char
    parts.append(sentence.text[at - sentence.start_char :])
    return _plain("".join(parts))


def resolved(mention: Mention) -> str:
    """What a mention was resolved to, and why."""
    match mention:
        case DateMention():
            value = _days(mention.date_start, mention.date_end) or "no day"
            why = (_role("date_role", mention.role), plain_rules("day", mention.reason))
        case PlaceMention():
            place = mention.place
            names = dict.fromkeys((place.name, place.admin1, place.country)) if place else {}
            value = ", ".join(filter(None, names)) or "no known place"
            why = (_role("place_role", mention.role), plain_rules("place", mention.reason))
        case CountMention():
            value = f"{mention.harm} {_count(mention.count)}" + ("" if mention.asserted else ", not counted")
            why = (_role("count_relation", mention.relation), plain_rules("count", mention.rule))
        case ViolenceMention():
            value = f"{mention.sub_event_type} ({mention.event_type})" + ("" if mention.asserted else ", no event")
            why = ("", plain_rules("violence", mention.reason.replace("*", "")))
        case _:
            return ""
    return f"{value} — {'; '.join(filter(None, why))}"


def describe(report: Report) -> Iterator[str]:
    """One report, as lines."""
    yield ""
    yield f"{report.rank}. {report.sub_event_type or report.event_type} ({report.event_type}; {report.kind})"
    days = _days(report.date_start, report.date_end)
    if report.date_basis is DateBasis.PUBLISHED:
        days = f"{NOT_STATED} (published {days})" if days else NOT_STATED
    yield f"    When: {days or NOT_STATED}"
    yield f"    Where: {' | '.join(p.name or p.country for p in report.places) or NOT_STATED}"
    yield f"    Killed: {_count(report.killed)}; injured: {_count(report.injured)}"
    actors = ", ".join(f"{a.name} ({a.role})" if a.role else a.name for a in report.actors)
    yield f"    Who: {actors or NOT_STATED}; says who: {', '.join(report.attributions) or NOT_STATED}"
    yield f"    “{_plain(report.evidence)}”"
    yield "    Why:"
    for column, reason in report.reasons:
        yield f"      {_plain(plain_reason(f'{column}: {reason}'))}"


def count_words(low: int | None, best: int | None, high: int | None) -> str:
    """Three bounds in words: "30", "at least 30", "up to 9", "12–18, best 16", "not stated"."""
    if low is None and best is None and high is None:
        return NOT_STATED
    if low is not None and high is not None:
        span = f"{low:,}" if low == high else f"{low:,}–{high:,}"
        return span if best is None or low == high else f"{span}, best {best:,}"
    if low is not None:
        return f"at least {low:,}" + (f", best {best:,}" if best is not None and best != low else "")
    if high is not None:
        return f"up to {high:,}" + (f", best {best:,}" if best is not None and best != high else "")
    return f"about {best:,}"


def _count(count: Count) -> str:
    return count_words(count.low, count.best, count.high)


def _role(field: str, role: str) -> str:
    return "" if role in AS_USUAL else plain_rules(field, role)


def _days(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    return f"{first}" if first == last else f"{first} to {last}"


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
