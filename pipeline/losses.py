"""Whether a sentence tells of more dead and hurt of the incident just told: the other side's, or others also killed."""

from __future__ import annotations

import re

from pipeline.clauses import Candidate
from pipeline.happening import kind_of
from pipeline.models import Harm, Kind

# What begins another happening, though nobody says where or when
ELSEWHERE = re.compile(
    r"\b(?:elsewhere|meanwhile|separate(?:ly)?|earlier|later in the day|previous(?:ly)?|last (?:week|month|year)"
    r"|(?:another|a second|a third|a similar|a different|in other|other) (?:[\w-]+ ){0,2}(?:attacks?|incidents?|blasts?"
    r"|bomb(?:ing)?s?|strikes?|raids?|shootings?|encounters?|clash(?:es)?|explosions?|ambush(?:es)?|villages?|towns?"
    r"|districts?|places?|areas?|provinces?|cit(?:y|ies)|neighbou?rhoods?)"
    r"|(?:in|by|after|when|during) (?:an?|similar|intense|heavy|several|more) (?:[\w-]+ ){0,3}(?:attacks?|blasts?"
    r"|bomb(?:ing)?s?|(?:air ?)?strikes?|raids?|shelling|shootings?|ambush(?:es)?|explosions?|clash(?:es)?"
    r"|villages?|towns?))\b",
    re.IGNORECASE,
)
# What points back to the clash just told
BACK = re.compile(
    r"\b(?:retaliat\w+|return(?:ed|ing)? fire|in the (?:[\w-]+ )?(?:clash|encounter|exchange|gun ?battle|fighting"
    r"|firefight|incident|attack|ambush|shoot-?out|battle|raid))\b",
    re.IGNORECASE,
)
# Dead whom nobody has seen
UNSURE = re.compile(
    r"\b(?:suspect(?:s|ed)? (?:that )?(?:at|\w+ (?:to|were|was))|unconfirmed|feared|m(?:ay|ight) have)\b|we suspect",
    re.IGNORECASE,
)


def tells_more_losses(old: Candidate, new: Candidate, where: str) -> bool:
    """Whether the new sentence's persons add to the old one's toll: "Two rebels were also killed in the clash"."""
    if not (old.counts and new.counts) or where != "agree" and new.own_places():
        return False
    if new.sentence.index == old.sentence.index:
        return False
    sides = _other_side(old, new)
    told = [c for c in new.counts if c.relation != "subset"]
    if not told or not (sides or all(c.relation == "addition" for c in told)):
        return False
    if any(c.count.best == 0 for c in told):
        return False  # another speaker's account
    text = new.sentence.text[new.start - new.sentence.start_char : new.end - new.sentence.start_char]
    far = 5 if BACK.search(text) else 2 if sides else 1
    if new.sentence.index - old.last > far or new.dates and not old.dates:
        return False
    if ELSEWHERE.search(text) or UNSURE.search(text):
        return False
    return Kind.CUMULATIVE not in (kind_of(old)[0], kind_of(new)[0])


def dies_of_it(old: Candidate, new: Candidate) -> bool:
    """Whether who was hurt is told to have died: "The child was taken to Halvar, where she died on Friday"."""
    killed = [c for c in new.counts if c.harm is Harm.KILLED]
    hurt = [c for c in old.counts if c.harm is Harm.INJURED and c.asserted]
    if not killed or not hurt or any(c.harm is Harm.KILLED for c in old.counts):
        return False
    same = all(c.relation == "repeat" and c.count.best == 1 for c in new.counts)
    return same and any(c.count.best == 1 for c in hurt) and new.sentence.index - old.last <= 2


def _other_side(old: Candidate, new: Candidate) -> bool:
    """Whether its dead are of the other armed side: forces beside militants."""
    sides = [{g for c in k.counts for g in c.groups} - {""} for k in (old, new)]
    return bool(sides[0] and sides[1]) and not sides[0] & sides[1] and "civilian" not in sides[0] | sides[1]
