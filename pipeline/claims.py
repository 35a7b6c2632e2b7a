"""Who says what of an event, and how: said, claimed, confirmed, denied, could not be verified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.attribution import NAME, PRONOUN, ROLE, speakers_in
from pipeline.clauses import Candidate
from pipeline.mentions.words import may_say
from pipeline.models import Claim, Count, Document, Harm, Saying, Sentence
from pipeline.tolls import combine_counts

HOWS = {"claimed": Saying.CLAIMED, "confirmed": Saying.CONFIRMED}
DENIES = re.compile(rf"((?:{ROLE})|(?:{NAME}))\s*(?:has |have |had )?(?:denied|denies|rejected|dismissed)\b")
DENYING = frozenset(["denied", "denies", "rejected", "dismissed"])
VERIFYING = frozenset(
    ["verified", "confirmed", "verify", "confirm", "confirmation", "verification", "unverified", "unconfirmed"]
)
UNVERIFIED = re.compile(
    r"\b(?:(?:could|can|cannot|can't|couldn't)(?: not)?(?: immediately)? be (?:immediately )?(?:independently )?"
    r"(?:verified|confirmed)|(?:not|unable to) (?:immediately )?(?:independently )?(?:verify|confirm)"
    r"|no (?:independent |immediate )?(?:confirmation|verification)|(?:not|never) (?:been )?(?:independently )"
    r"(?:verified|confirmed)|(?:reports?|claims?|figures?|toll) (?:is|are|remains?) un(?:verified|confirmed))\b",
    re.IGNORECASE,
)
# How many sentences after an event the article may still doubt its figures; how many speakers are kept
AFTER, MOST = 2, 6


def claims_of(candidate: Candidate, document: Document) -> tuple[Claim, ...]:
    """The speakers in the sentences of one event, each with the figures it gives, the first first."""
    told = {s.index: s for s in (candidate.sentence, *candidate.sentences)}
    last = max(told)
    found: dict[tuple[str, Saying], Claim] = {}
    for index in sorted(told):
        for claim in _in_sentence(told[index], candidate):
            found.setdefault((claim.speaker.lower(), claim.how), claim)
    for sentence in (*told.values(), *document.sentences[last + 1 : last + 1 + AFTER]):
        if (
            sentence.role == "body"
            and may_say(sentence.text, VERIFYING)
            and (doubt := UNVERIFIED.search(sentence.text))
        ):
            found.setdefault(("", Saying.UNVERIFIED), _claim("", Saying.UNVERIFIED, sentence, doubt.span(), candidate))
    return tuple(found.values())[:MOST]


def _in_sentence(sentence: Sentence, candidate: Candidate) -> Iterator[Claim]:
    for name, verb, start, end in speakers_in(sentence.text):
        yield _claim(name, HOWS.get(verb, Saying.SAID), sentence, (start, end), candidate)
    for match in DENIES.finditer(sentence.text) if may_say(sentence.text, DENYING) else ():
        name = re.sub(r"^(?:[Aa]n?|[Tt]he)\s+", "", match[1].strip())
        if name.lower() not in PRONOUN:
            yield _claim(name, Saying.DENIED, sentence, match.span(), candidate)


def _claim(speaker: str, how: Saying, sentence: Sentence, at: tuple[int, int], candidate: Candidate) -> Claim:
    """With the figures of its sentence, if it stands for them."""
    killed, injured = (
        _figure(candidate, sentence, harm) if how not in (Saying.DENIED, Saying.UNVERIFIED) else Count()
        for harm in (Harm.KILLED, Harm.INJURED)
    )
    start, end = (sentence.start_char + offset for offset in at)
    return Claim(speaker, how, sentence.field, start, end, killed, injured)


def _figure(candidate: Candidate, sentence: Sentence, harm: Harm) -> Count:
    mine = [c for told in (candidate, *candidate.claims) for c in told.counts if c.sentence == sentence.index]
    return combine_counts(mine, harm)
