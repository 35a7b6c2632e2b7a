"""Why each value of a report is what it is, in words, and where the words that decided it stand."""

from __future__ import annotations

import re

from pipeline.clauses import Candidate
from pipeline.models import Actor, Article, Claim, CountMention, DateMention, Field, Harm, Role, Span

QUOTED = re.compile(r"“([^”]{1,300})”")
ROLES = {
    Role.PERPETRATOR: "the sentence says that it did it",
    Role.TARGET: "the sentence says that it was hit",
    Role.PARTY: "one side of the fighting",
    None: "named, the sentence gives no role",
}
HARMS = (("fatalities_best", Harm.KILLED), ("injured_best", Harm.INJURED))


def reasons_of(
    candidate: Candidate, date: DateMention | None, why_kind: str, why_type: str,
    actors: tuple[Actor, ...], claims: tuple[Claim, ...], article: Article,
) -> tuple[tuple[str, str], ...]:  # fmt: skip
    """(column, why), in the order of the columns."""
    notes, homes = candidate.notes, candidate.own_places()
    reasons = [("kind", why_kind), ("event_type", why_type)]
    reasons.append(("date_start", notes.get("date_start") or (date.reason if date else "no day is told")))
    reasons.append(("place", notes.get("place") or (homes[0].reason if homes else "no place is told")))
    reasons += [("actors", f"“{actor.name}”: {ROLES[actor.role]}") for actor in actors]
    for column, harm in HARMS:
        found = first_count(candidate, harm) or _claimed(candidate, harm)
        if found is not None:
            spoken = [c for c in candidate.claims if first_count(c, harm)]
            reasons.append((column, found.rule + ("; other speakers' figures make the range" if spoken else "")))
    if claims:
        reasons.append(("attributions", "; ".join(f"“{_words(article, c)}”: {c.how}" for c in claims)))
    if "part_of" in notes:
        reasons.append(("part_of", notes["part_of"]))
    return tuple(reasons)


def first_count(candidate: Candidate, harm: Harm) -> CountMention | None:
    """The first of its counts of the killed, or of the hurt."""
    return next((c for c in candidate.counts if c.harm is harm), None)


def quoted_span(reason: str, candidate: Candidate) -> Span | None:
    """Where the words that a reason quotes stand: in the evidence, else in the sentences that tell more of it."""
    if (quoted := QUOTED.search(reason)) is None:
        return None
    words = re.compile(re.escape(quoted[1].strip()), re.IGNORECASE)
    for at, sentence in enumerate((candidate.sentence, *candidate.sentences)):
        start = candidate.start - sentence.start_char if at == 0 else 0
        if found := words.search(sentence.text, start):
            return Span(sentence.field, sentence.start_char + found.start(), sentence.start_char + found.end())
    return None


def _claimed(candidate: Candidate, harm: Harm) -> CountMention | None:
    return next((found for c in candidate.claims if (found := first_count(c, harm))), None)


def _words(article: Article, claim: Claim) -> str:
    """The words that say who speaks, and how."""
    text = article.title if claim.field is Field.TITLE else article.text
    return text[claim.start_char : claim.end_char]
