"""The parts of a sentence that tells of several happenings, or of one in the figures of two speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.attribution import OWN_FIGURE, attributions_of
from pipeline.clauses import LEVEL, QUIET, Candidate, by_means, candidate_of, strength
from pipeline.mentions.casualties import BESIDE
from pipeline.models import Document, Harm, Mentions

CUT = re.compile(r"[,;]\s+(?:and\s+|while\s+|with\s+)?|(?<!\s)\s+(?:and|while)\s+")
TURN = re.compile(r",? while |; ")
SEMICOLON = re.compile(r";\s")
MOST_JOINTS = 4  # a sentence that says "but" more often is none
BUT = re.compile(r"[,;]?\s(?:but|while|whereas|although|though|however)\s|;\s")


def find_candidates(document: Document, mentions: Mentions) -> Iterator[Candidate]:
    """One candidate for each part of a body sentence that asserts something, in text order."""
    for sentence in document.sentences:
        if sentence.role == "body" and (whole := candidate_of(sentence, mentions)) is not None:
            yield from split_candidate(whole)


def _turns(whole: Candidate) -> list[int]:
    """Where a sentence turns to something of another kind: "guns shelled the town while clashes went on in …"."""
    if len(whole.acts) < 2 or len(whole.places) < 2:
        return []
    for joint in TURN.finditer(whole.sentence.text):
        at = whole.start + joint.start()
        left, right = ([a for a in whole.acts if (a.start_char < at) is first] for first in (True, False))
        kinds = [
            {a.event_type for a in side if strength(a) in ("verb", "noun")} for side in (left, by_means(left), right)
        ]
        kinds[0] |= kinds.pop(1)
        force = [kind - {*QUIET, "Diplomacy"} for kind in kinds]
        placed = any(p.start_char > at for p in whole.places) and any(p.start_char < at for p in whole.places)
        if all(force) and not force[0] & force[1] and placed:
            return [at]
    return []


def _other_speaker(whole: Candidate) -> int | None:
    """Where another speaker gives a figure for the same: "two died, police said, while a hospital put it at four"."""
    told = [c for c in whole.counts if c.relation != "addition"]
    if len(told) < 2:
        return None
    for joint in islice(BUT.finditer(whole.sentence.text), MOST_JOINTS):
        at = whole.start + joint.start()
        for harm in (Harm.KILLED, Harm.INJURED):
            before, after = (
                [c for c in told if c.harm is harm and (c.start_char < at) is first] for first in (True, False)
            )
            if not before or not after or any(p.start_char > at for p in whole.places):
                continue
            sides = [{side for c in some for side in c.groups} - {""} for some in (before, after)]
            same = not all(sides) or bool(sides[0] & sides[1])
            rest = whole.sentence.text[joint.end() :]
            if same and (attributions_of([rest]) or OWN_FIGURE.search(rest)):
                return at
    return None


def _told_by_two(whole: Candidate, at: int) -> list[Candidate]:
    first = Candidate(
        whole.sentence, whole.start, at, [c for c in whole.counts if c.start_char < at],
        [a for a in whole.acts if a.start_char < at] or whole.acts, whole.dates, whole.places,
        spare_dates=whole.spare_dates,
    )  # fmt: skip
    second = Candidate(
        whole.sentence, at, whole.end, [c for c in whole.counts if c.start_char >= at],
        [a for a in whole.acts if a.start_char >= at], spare_dates=whole.spare_dates,
    )  # fmt: skip
    return [first, second]


def _own_days(whole: Candidate) -> list[int]:
    """Where a semicolon parts two tolls, each with a day of its own."""
    dead = [c for c in whole.counts if c.harm is Harm.KILLED]
    if len(dead) < 2 or len(whole.dates) < 2:
        return []
    for joint in islice(SEMICOLON.finditer(whole.sentence.text), MOST_JOINTS):
        at = whole.start + joint.start()
        left, right = ([d for d in whole.dates if (d.start_char < at) is first] for first in (True, False))
        both = any(c.start_char < at for c in dead) and any(c.start_char > at for c in dead)
        if both and left and right and left[-1].date_start != right[0].date_start:
            return [at]
    return []


def split_candidate(whole: Candidate) -> list[Candidate]:
    """The parts of a sentence that give different places each a toll of its own: "16 in Douma and five in Saqba"."""
    told = [c for c in whole.counts if c.relation in ("total", "addition")]
    named = [p for p in whole.places if p.place and LEVEL[p.place.geo_precision] >= 2]
    cuts: list[int] = []
    for before, after in zip(told, told[1:], strict=False):
        if before.harm is not after.harm or "toll" in after.rule:  # "a body was found, bringing to 17 the number of"
            continue
        left = {p.place.name for p in named if p.place and before.end_char <= p.start_char < after.start_char}
        right = {p.place.name for p in named if p.place and p.start_char >= after.end_char}
        text = whole.sentence.text[before.end_char - whole.start : after.start_char - whole.start]
        joints = list(CUT.finditer(text))
        # "four soldiers fell and three rebels were killed at Halvar": one scene, unless places were told before
        placed = any(p.start_char < before.start_char for p in named)
        more = after.relation == "addition" and (placed or BESIDE not in after.rule)
        if (left or more) and right - left and joints:
            cuts.append(before.end_char + joints[-1].start())
    if (other := _other_speaker(whole)) is not None:
        return _told_by_two(whole, other)
    cuts = cuts or _own_days(whole) or _turns(whole)
    if not cuts:
        return [whole]
    edges = [whole.start, *cuts, whole.end]
    parts = []
    for start, end in zip(edges, edges[1:], strict=False):
        part = Candidate(whole.sentence, start, end, spare_dates=whole.spare_dates)
        part.counts = [c for c in whole.counts if start <= c.start_char < end]
        part.acts = [a for a in whole.acts if start <= a.start_char < end] or whole.acts
        part.dates = [d for d in whole.dates if start <= d.start_char < end] or whole.dates
        part.places = [p for p in whole.places if start <= p.start_char < end] or whole.places
        parts.append(part)
    return parts
