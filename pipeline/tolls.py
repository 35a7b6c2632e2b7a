"""The counts that belong to one event -> its toll."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.models import UNKNOWN, Count, CountMention, Field, Harm


@dataclass(slots=True)
class _Part:
    """One group of persons, counted; later mentions of the same persons change nothing or revise it."""

    count: Count
    groups: frozenset[str]
    named: bool
    sentence: int
    text: str
    victims: str


def combine_counts(counts: Sequence[CountMention], harm: Harm) -> Count:
    """The toll of one event from the mentions that speak of it, in text order.

    Persons of another side add up; the same persons count once; "another six" adds; a toll that rose replaces.
    "Shot" counts as hurt for those whom the text does not call dead.
    """
    told = [m for m in counts if m.asserted and m.relation != "subset"]
    wanted = [m for m in told if m.harm is harm]
    sure = _total([m for m in wanted if not m.fate_open])
    if not sure.known and any(m.harm is Harm.CASUALTIES and m.count.best == 0 for m in told):
        sure = Count(0, 0, 0)
    if harm is not Harm.INJURED or sure.known:
        return UNKNOWN if harm is Harm.INJURED and _died_later(told) else sure
    shot = [m for m in wanted if m.fate_open]
    total = _total(shot)
    if not total.known:
        return UNKNOWN
    together = {m.sentence for m in shot if m.count.best != 1}
    dead = (
        _total(
            [
                m
                for m in told
                if m.harm is Harm.KILLED
                and (m.sentence not in together or m.relation == "repeat" or "fatally" in m.rule)
            ]
        ).best
        or 0
    )
    if dead and not any(m.relation == "addition" for m in shot):
        rest = (total.best or 0) - dead
        if rest < 0 and any(m.count.best != 1 for m in shot):
            return total  # fewer than the dead: they are others
        return Count(rest, rest, rest) if rest > 0 else UNKNOWN
    return total


def _died_later(told: Sequence[CountMention]) -> bool:
    """Whether the one person hurt is the one who died: "a girl was injured ... she died on Friday"."""
    hurt = [m for m in told if m.harm is Harm.INJURED]
    dead = [m for m in told if m.harm is Harm.KILLED]
    if not dead or any(m.count.best != 1 or m.relation == "addition" for m in hurt + dead):
        return False
    apart = {m.sentence for m in hurt if not m.fate_open} & {m.sentence for m in dead}
    return not apart and (dead[-1].relation == "repeat" or all(m.relation == "repeat" for m in hurt))


def _total(mentions: Sequence[CountMention]) -> Count:
    """The sum of the parts that the mentions tell of."""
    body = [m for m in mentions if m.field is not Field.TITLE]
    mentions = body or mentions
    parts: list[_Part] = []
    retold = 0  # how many of the counted persons the text is telling of again, one by one
    for mention in mentions:
        best = mention.count.best or mention.count.high or 0
        if not mention.count.known:
            continue
        if not parts:
            parts.append(_part(mention))
        elif best == 0:
            continue
        elif all(p.count.best == 0 for p in parts):
            parts = [_part(mention)]
        elif mention.relation == "addition" and not retold:
            if not any(_same_persons(p, mention) for p in parts):
                parts.append(_part(mention))
        elif _revises(mention, parts):
            parts, retold = [_part(mention)], 0
        elif mention.relation == "addition":
            retold += best
            if retold > (_sum([p.count for p in parts]).best or 0):
                parts, retold = [replace(_part(mention), count=Count(retold, retold, retold))], 0
        elif mention.relation == "repeat" or mention.count.vague:
            continue
        elif _of_other_side(mention, parts) or best == 1 and all(_other_person(p, mention) for p in parts):
            parts.append(_part(mention))
        elif len(parts) == 1 and best > (parts[0].count.best or 0):
            parts, retold = [_part(mention)], 0
        else:
            retold += best
    return _sum([p.count for p in parts]) if parts else UNKNOWN


NAME = re.compile(r"[^\W\d_a-z]\w+")
AGE = re.compile(r"(?<!\w)(\w+)-(?:year|month)s?-old|\((\d+)\)|, (\d+)\b", re.IGNORECASE)
SEXES = {"man": "m", "boy": "m", "father": "m", "son": "m", "brother": "m", "husband": "m"}
SEXES |= {"woman": "f", "girl": "f", "mother": "f", "daughter": "f", "sister": "f", "wife": "f"}


def _other_person(part: _Part, mention: CountMention) -> bool:
    """Whether two single persons differ by age or sex: "a 24-year-old man ... a 30-year-old woman"."""
    if part.count.best != 1 or part.sentence == mention.sentence and part.text == mention.text:
        return False
    if part.named and mention.named:
        return not set(NAME.findall(part.text)) & set(NAME.findall(mention.text))
    ages = AGE.search(part.text), AGE.search(mention.text)
    if ages[0] and ages[1]:
        return ages[0][0].lower() != ages[1][0].lower()
    sexes = SEXES.get(part.victims), SEXES.get(mention.victims)
    return None not in sexes and sexes[0] != sexes[1]


def _same_persons(part: _Part, mention: CountMention) -> bool:
    """Whether an addition was told before, in the same words of another sentence."""
    if part.sentence == mention.sentence or part.count != mention.count:
        return False
    if "other" in part.victims and not mention.named and (part.count.best or 0) > 1:
        return True  # "two others were hurt ... two other guards were hurt"
    if part.groups != set(mention.groups):
        return False
    return part.text.lower() == mention.text.lower() or part.victims == mention.victims and part.count.best != 1


def _part(mention: CountMention) -> _Part:
    return _Part(
        mention.count, frozenset(mention.groups), mention.named, mention.sentence, mention.text, mention.victims
    )


def _revises(mention: CountMention, parts: Sequence[_Part]) -> bool:
    """Whether this is a new figure for all: "the death toll rose to 12"."""
    best = _sum([p.count for p in parts]).best or 0
    return "toll" in mention.rule and (mention.count.best or 0) >= best or all(p.count.vague for p in parts)


def _of_other_side(mention: CountMention, parts: Sequence[_Part]) -> bool:
    """Whether its persons cannot be those already counted: civilians beside militants."""
    seen = frozenset().union(*(p.groups for p in parts))
    mine = frozenset(mention.groups)
    known, my_known = seen - {""}, mine - {""}
    return bool(known and my_known) and not (known & my_known)


def _sum(counts: Sequence[Count]) -> Count:
    if len(counts) == 1:
        return counts[0]
    bests = [c.best if c.best is not None else c.high for c in counts]
    highs = [c.high for c in counts]
    return Count(
        sum(c.low or 0 for c in counts),
        sum(b or 0 for b in bests),
        None if None in highs else sum(h or 0 for h in highs),
        any(c.vague for c in counts),
        any(c.approximate for c in counts),
    )
