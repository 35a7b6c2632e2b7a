"""Which of ACLED's types a candidate is, by the words of its own sentence first."""

from __future__ import annotations

import re

from pipeline.clauses import Candidate, by_means, strength
from pipeline.happening import WAR_TOLL
from pipeline.mentions.violence import priority
from pipeline.models import Harm, ViolenceMention
from pipeline.tolls import combine_counts

SOFT = ("Strategic developments", "Diplomacy", "Protests")
BOMBS = ("Remote explosive/landmine/IED", "Shelling/artillery/missile attack")
SOLDIERS = re.compile(
    r"\b(?:army|troops|soldiers?|forces|fighters?|militants?|rebels?|terrorists?|insurgents?|gunmen|militia\w*"
    r"|police\w*|cadres?|jihadists?|units?)\b",
    re.IGNORECASE,
)
# "Attacked an army checkpoint", "an assault on rebel-held parts of the city": a side of the war was the aim
ARMED_AIM = re.compile(
    r"\b(?:attack|assault|storm|raid)(?:s|ed|ing)?\s+(?:on\s+|against\s+)?(?:an?\s+|the\s+|several\s+)?(?:\w+\s+)?"
    r"(?:army|military|government|regime|rebel|militants?|troops|security forces)(?:-(?:held|controlled))?\s+"
    r"(?:positions?|bases?|posts?|checkpoints?|outposts?|barracks|convoys?|camps?|headquarters|parts|areas|districts|lines)\b",
    re.IGNORECASE,
)
# "Destroyed eight positions of the militants", "artillery positions belonging to the rebels were destroyed"
ARMED_LOSS = re.compile(
    r"\bdestroy(?:ed|ing)\s+(?:\w+\s+){0,5}?(?:positions?|gatherings|fortifications|trenches|bunkers|tanks|vehicles)\b"
    r"|\b(?:positions?|gatherings|fortifications|trenches|bunkers|tanks)\b[^.;]{0,60}\bdestroyed\b",
    re.IGNORECASE,
)
CROWD = re.compile(
    r"\b(?:fire|fired|firing|shot|shooting|killed|killing|bullets|tear ?gas)\b[^.;]{0,30}"
    r"\b(?:protesters|protestors|demonstrators|marchers|demonstrations?|protests?|rally)\b",
    re.IGNORECASE,
)
# What follows is what a crowd speaks of, not what it does: "marched to condemn the bombing"
OVER = re.compile(r"\b(?:condemn|denounc|protest|mourn|against|over)\w*\s+(?:[\w-]+\s+){0,4}\Z", re.IGNORECASE)


def event_type(candidate: Candidate) -> tuple[str, str, str]:
    """(event type, sub-type, why)."""
    killed = combine_counts(candidate.counts, Harm.KILLED)
    own = [a for a in candidate.acts if a.sentence == candidate.sentence.index] or candidate.acts
    if (killed.best or 0) >= WAR_TOLL and not any(a.event_type.startswith("Explosions") for a in own):
        return "Battles", "Armed clash", "the toll of a war"
    for acts in (own, candidate.acts):
        if found := _by_words(acts, candidate):
            return found
    if _armed_only(candidate):
        return "Battles", "Armed clash", "armed men were killed or hurt, no other means is named"
    return "Violence against civilians", "Attack", "people were killed or hurt, no other means is named"


def _by_words(acts: list[ViolenceMention], candidate: Candidate) -> tuple[str, str, str] | None:
    """The type that these words give, or None where they only say that somebody was harmed."""
    sure = [a for a in acts if strength(a) in ("verb", "noun")]
    struck = by_means(acts)
    hard = [a for a in sure if a.event_type not in SOFT and not _spoken_of(a, candidate)] + struck
    if hard:
        return _hardest(hard, acts, candidate)
    hint = next((a for a in acts if strength(a) == "hint"), None)
    if hint and (candidate.counts or any(strength(a) == "weak" for a in acts)):
        return hint.event_type, hint.sub_event_type, f"carried out by “{hint.text}”"
    if sure and not candidate.counts and (lost := ARMED_LOSS.search(candidate.sentence.text)):
        return "Battles", "Armed clash", f"“{lost[0]}”: a side of the war lost them"
    if sure and not candidate.counts:
        soft = min(sure, key=lambda a: (_softness(a), a.sub_event_type == "Other", a.start_char))
        return soft.event_type, soft.sub_event_type, f"“{soft.text}”"
    return None


def _hardest(hard: list[ViolenceMention], acts: list[ViolenceMention], candidate: Candidate) -> tuple[str, str, str]:
    best = max(hard, key=lambda a: (priority(a.sub_event_type), -a.start_char))
    hint = next((a for a in acts if strength(a) == "hint"), None)
    if hint and best.sub_event_type in BOMBS and best.text.lower().startswith(("bomb", "pound")):
        best = hint
    text = candidate.sentence.text
    if (
        best.sub_event_type == "Attack"
        and any(a.event_type == "Protests" for a in acts)
        and (shot := CROWD.search(text))
    ):
        return "Protests", "Excessive force against protesters", f"“{shot[0]}”"
    elsewhere = bool(candidate.counts) and best.sentence != candidate.sentence.index
    against = best.sub_event_type == "Attack" or elsewhere and best.event_type == "Violence against civilians"
    if against and _armed_only(candidate):
        return "Battles", "Armed clash", f"“{best.text}”, and those hit were armed"
    return best.event_type, best.sub_event_type, f"“{best.text}”"


def _softness(act: ViolenceMention) -> int:
    order = ("Protests", "Strategic developments", "Diplomacy")
    return order.index(act.event_type) if act.event_type in order else 0


def _spoken_of(act: ViolenceMention, candidate: Candidate) -> bool:
    """Whether a sentence that counts nobody names it only as what a crowd or a speaker is angry about."""
    if candidate.counts or act.sentence != candidate.sentence.index:
        return False
    before = candidate.sentence.text[: act.start_char - candidate.sentence.start_char]
    return bool(OVER.search(before[-60:]))


def _armed_only(candidate: Candidate) -> bool:
    """Whether all that were hit bore arms, or the aim was a side of the war and nobody is called a civilian."""
    said = {c.civilian for c in candidate.counts}
    if True in said:
        return False
    if False in said or any(SOLDIERS.search(c.victims) for c in candidate.counts if c.victims):
        return True
    return bool(ARMED_AIM.search(candidate.sentence.text))
