"""Totals and their parts by arithmetic, and another speaker's figure for the same event."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.clauses import Candidate
from pipeline.models import UNKNOWN, Count, Harm

# A breakdown follows its total closely, and has few lines
CLOSE, MOST_PARTS = 3, 5


def parts_by_sum(found: Sequence[Candidate]) -> dict[int, Candidate]:
    """id of a part -> its total: "21 were killed … 15 died in the town … six more in a village"."""
    counted = [c for c in found if _dead(c)]
    parts: dict[int, Candidate] = {}
    for at, total in enumerate(counted):
        if id(total) in parts:
            continue
        for first in range(at + 1, min(at + 1 + CLOSE, len(counted))):
            if run := _run([c for c in counted[first : first + MOST_PARTS] if _may_lie_in(total, c)], _dead(total)):
                parts.update((id(part), total) for part in run)
                break
    return parts


def _run(following: Sequence[Candidate], wanted: int) -> list[Candidate]:
    """The first two or more of them whose dead make up the number, told one right after the other."""
    run: list[Candidate] = []
    left = wanted
    for candidate in following:
        if run and candidate.sentence.index - run[-1].sentence.index > 1:
            return []
        run.append(candidate)
        left -= _dead(candidate)
        if left <= 0:
            return run if left == 0 and len(run) > 1 else []
    return []


def _may_lie_in(total: Candidate, part: Candidate) -> bool:
    """Whether its dead may be some of the total's: not of another side, not of another day."""
    sides = [{g for c in k.counts for g in c.groups} - {""} for k in (total, part)]
    if sides[0] and sides[1] and not sides[0] & sides[1]:
        return False
    one, other = total.date, part.date
    if one is None or other is None or not (one.date_start and one.date_end and other.date_start and other.date_end):
        return True
    return one.date_start <= other.date_end and other.date_start <= one.date_end


def _dead(candidate: Candidate) -> int:
    count = candidate.toll(Harm.KILLED)
    return 0 if count.vague else count.best or 0


def with_claims(own: Count, claims: Sequence[Count]) -> Count:
    """The range that several speakers make; the article's first figure stays the best, unless it is vague."""
    known = [c for c in claims if c.best is not None and not c.vague]
    if not known:
        return own if own.known else next((c for c in claims if c.known), UNKNOWN)
    if not own.known or own.vague:
        own, *known = known
    lows = [c.low if c.low is not None else c.best for c in (own, *known)]
    highs = [c.high for c in (own, *known)]
    high = None if None in highs else max(h for h in highs if h is not None)
    return Count(min(n for n in lows if n is not None), own.best, high, own.vague, own.approximate)
