"""Which of ACLED's types a candidate is, by the words of its own sentence first."""

from __future__ import annotations

import re

from pipeline.clauses import Candidate, by_means, strength
from pipeline.happening import WAR_TOLL
from pipeline.mentions.violence import priority
from pipeline.models import Harm, ViolenceMention

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
# "Stormed three villages", "attacked the town of X": with dead who bore no arms it is they who were the aim
CIVIL_AIM = re.compile(
    r"\b(?:attack|assault|storm|raid|overr[ua]n|burst|invad|descend|enter|open(?:ed|ing) fire)\w*\s+"
    r"(?:on\s+|into\s+|in\s+|at\s+|against\s+)?"
    r"(?:[\w'’,-]+\s+){0,7}?(?:villages?|villagers|towns?|hamlets?|church\w*|mosques?|worshippers|schools?|markets?|homes?|houses?"
    r"|farms?|farmers|communit\w+|bus|buses|hospitals?|wedding|funeral|mourners|displaced|camps? for|miners|herders"
    r"|passengers|residents|civilians|settlements?|monaster\w+|univers\w+|campus|classrooms?|hotels?|restaurants?|bars?"
    r"|(?:railway |train |bus )stations?|trains?|tourists?|pupils|students|pilgrims|shoppers|beach)\b",
    re.IGNORECASE,
)
RAIDED = re.compile(r"storm|raid|attack|assault|overran|shoot-?out", re.IGNORECASE)
# Of raids only planes make in some wars, and men on motorcycles in others
AIR = re.compile(
    r"\b(?:air|aerial|war ?planes?|jets?|planes?|helicopters?|drones?|bomb\w*|aviation|coalition|regime|russian)\b",
    re.I,
)
ON_FOOT = re.compile(
    r"\b(?:gunmen|militants?|militia\w*|bandits?|herders?|herdsmen|rebels?|insurgents?|fighters?|jihadists?|terrorists?|gangs?|armed"
    r"|raiders?|cattle|police|soldiers|troops|motor(?:cycles|bikes)|assailants?|attackers?|extremists?|commandos?)\b",
    re.I,
)
# "One of the deadliest strikes against the army": a comparison does not say by what means
COMPARED = re.compile(r"\b(?:deadliest|bloodiest|worst|biggest|largest)\s+(?:\w+\s+)?\Z", re.IGNORECASE)
# "Recovered a pistol and an IED": nothing went off
SEIZED = re.compile(
    r"\b(?:recover|seiz|defus|confiscat|unearth|neutrali[sz]|found|detect)\w*\s+[^.;]{0,70}\Z", re.IGNORECASE
)
# "Destroyed eight positions of the militants", "artillery positions belonging to the rebels were destroyed"
ARMED_LOSS = re.compile(
    r"\bdestroy(?:ed|ing)\s+(?:\w+\s+){0,5}?(?:positions?|gatherings|fortifications|trenches|bunkers|tanks|vehicles)\b"
    r"|\b(?:positions?|gatherings|fortifications|trenches|bunkers|tanks)\b[^.;]{0,60}\bdestroyed\b",
    re.IGNORECASE,
)
TAKEN = {"state": "Government regains territory", "other": "Non-state actor overtakes territory"}
# Who took it stands before the verb, or behind "by"
STATE_SIDE = (
    r"(?P<state>(?:pro-)?government\b(?!-)|(?:the |\w+ )army\b|regime\b(?!-)|troops|soldiers|security forces|police)"
)
OTHER_SIDE = (
    r"(?P<other>rebel\w*|militants?|militia\w*|insurgents?|jihadists?|extremists?|fighters|opposition|gunmen|separatists?"
    r"|guerrill\w+)(?!-)"
)
SIDES = re.compile(rf"\b(?:{STATE_SIDE}|{OTHER_SIDE})", re.IGNORECASE)
TAKES = re.compile(r"(?:has |had |was )?(?:re)?(?:seiz|captur|took|tak|conquer|overtook|wrest)", re.IGNORECASE)
BY = re.compile(r"(?:\w* ?)?\bby\s+(?:the\s+)?(?:(?!government|regime|rebel)[a-z-]+\s+){0,2}?", re.IGNORECASE)
AIR_OR_GUN = re.compile(
    r"\b(?:air|aerial|\w*planes?|jets?|helicopters?|drones?|aircraft|guns?|artillery|tanks?|shell\w*|NATO|coalition|regime)\b",
    re.I,
)
# "The bombing of a church", where nobody speaks of planes or guns: a bomb was laid
BOMBED = re.compile(
    r"\Abombing (?:of|at|in|outside|near|on) (?:an?|the|two|several) (?:[\w'’-]+ ){0,4}?(?:church|cathedral|mosque"
    r"|temple|shrine|market|bazaar|mall|hotel|restaurant|cafe|caf\u00e9|bar|nightclub|club|bus|train|station|embassy|consulate|bank"
    r"|school|university|police|office|headquarters|ceremony|wedding|funeral|procession|rally|stadium|airport)\b",
    re.IGNORECASE,
)
CROWD = re.compile(
    r"\b(?:fire|fired|firing|shot|shooting|killed|killing|bullets|tear ?gas)\b[^.;]{0,30}"
    r"\b(?:protesters|protestors|demonstrators|marchers|demonstrations?|protests?|rally|striking \w+|strikers)\b",
    re.IGNORECASE,
)
# What follows is what a crowd speaks of, not what it does: "marched to condemn the bombing"
OVER = re.compile(r"\b(?:condemn|denounc|protest|mourn|against|over)\w*\s+(?:[\w-]+\s+){0,4}\Z", re.IGNORECASE)


def event_type(candidate: Candidate) -> tuple[str, str, str]:
    """(event type, sub-type, why)."""
    killed = candidate.toll(Harm.KILLED)
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
    hard = [a for a in sure if a.event_type not in SOFT and not _beside_the_point(a, candidate)] + struck
    if hard:
        return _hardest(hard, acts, candidate)
    hint = next((a for a in acts if strength(a) == "hint"), None)
    if hint and (candidate.counts or any(strength(a) == "weak" for a in acts)):
        return hint.event_type, hint.sub_event_type, f"carried out by “{hint.text}”"
    if sure and not candidate.counts and (lost := ARMED_LOSS.search(candidate.sentence.text)):
        return "Battles", "Armed clash", f"“{lost[0]}”: a side of the war lost them"
    if sure and not _harmed(candidate):
        soft = min(sure, key=lambda a: (_softness(a), a.sub_event_type == "Other", a.start_char))
        return soft.event_type, soft.sub_event_type, f"“{soft.text}”"
    return None


def _hardest(hard: list[ViolenceMention], acts: list[ViolenceMention], candidate: Candidate) -> tuple[str, str, str]:
    best = max(hard, key=lambda a: (priority(a.sub_event_type), -a.start_char))
    hint = next((a for a in acts if strength(a) == "hint"), None)
    if hint and best.sub_event_type in BOMBS and best.text.lower().startswith(("bomb", "pound")):
        best = hint
    text = candidate.sentence.text
    if best.text.lower() == "bombing" and best.sentence == candidate.sentence.index and not AIR_OR_GUN.search(text):
        laid = BOMBED.match(text[best.start_char - candidate.sentence.start_char :])
        if laid:
            return "Explosions/Remote violence", BOMBS[0], f"“{laid[0]}”"
    if (
        best.sub_event_type == "Attack"
        and any(a.event_type == "Protests" for a in acts)
        and (shot := CROWD.search(text))
    ):
        return "Protests", "Excessive force against protesters", f"“{shot[0]}”"
    if best.sub_event_type == "Armed clash" and RAIDED.match(best.text) and (aim := _aimed_at_civilians(candidate)):
        return "Violence against civilians", "Attack", f"“{aim}”, and those hit bore no arms"
    elsewhere = bool(candidate.counts) and best.sentence != candidate.sentence.index
    against = best.sub_event_type == "Attack" or elsewhere and best.event_type == "Violence against civilians"
    if against and _armed_only(candidate):
        return "Battles", "Armed clash", f"“{best.text}”, and those hit were armed"
    return best.event_type, _taken_by(best, candidate) or best.sub_event_type, f"“{best.text}”"


def _taken_by(act: ViolenceMention, candidate: Candidate) -> str:
    """The type of a change of hands by who took the ground; "" where its sentence does not say who."""
    if act.sub_event_type not in TAKEN.values() or not TAKES.match(act.text):
        return ""
    sentence = next((s for s in (candidate.sentence, *candidate.sentences) if s.index == act.sentence), None)
    if sentence is None or SIDES.search(act.text):
        return ""
    start, end = act.start_char - sentence.start_char, act.end_char - sentence.start_char
    passive = BY.match(sentence.text[end - 3 : end + 40])
    clause = re.split(r"[,;:]| that | while | but ", sentence.text[:start])[-1]
    taker = SIDES.match(sentence.text[end - 3 + passive.end() :]) if passive else SIDES.search(clause)
    return TAKEN[str(taker.lastgroup)] if taker else ""


def _softness(act: ViolenceMention) -> int:
    order = ("Protests", "Strategic developments", "Diplomacy")
    return order.index(act.event_type) if act.event_type in order else 0


def _spoken_of(act: ViolenceMention, candidate: Candidate) -> bool:
    """Whether a sentence that counts nobody names it only as what a crowd or a speaker is angry about."""
    if candidate.counts or act.sentence != candidate.sentence.index:
        return False
    before = candidate.sentence.text[: act.start_char - candidate.sentence.start_char]
    return bool(OVER.search(before[-60:]))


def _beside_the_point(act: ViolenceMention, candidate: Candidate) -> bool:
    """Whether it does not say what happened here: what a crowd is angry about, a comparison, a bomb that was found."""
    if _spoken_of(act, candidate):
        return True
    sentence = next((s for s in (candidate.sentence, *candidate.sentences) if s.index == act.sentence), None)
    if sentence is None:
        return False
    before = sentence.text[: act.start_char - sentence.start_char]
    if act.text.lower().startswith(("raids", "strikes against")) and act.sub_event_type == "Air/drone strike":
        on_foot = ON_FOOT.search(sentence.text) and not AIR.search(sentence.text)
        return bool(on_foot or COMPARED.search(before))
    bomb = act.sub_event_type == BOMBS[0] and strength(act) == "noun"
    return bomb and not _harmed(candidate) and SEIZED.search(before) is not None


def _harmed(candidate: Candidate) -> bool:
    """Whether anybody is told as dead or hurt."""
    return any(c.asserted and c.count.best != 0 for c in candidate.counts)


def _aimed_at_civilians(candidate: Candidate) -> str:
    """The words that say so, where people who bore no arms died in a raid on a village, a church, a bus; or ""."""
    dead = [c for c in candidate.counts if c.harm is Harm.KILLED and c.count.best != 0]
    told = (CIVIL_AIM.search(s.text) for s in (candidate.sentence, *candidate.sentences))
    aim = next((found for found in told if found), None)
    if aim is None or not dead or any(c.civilian is False for c in dead) or _armed_only(candidate):
        return ""
    return aim[0]


def _armed_only(candidate: Candidate) -> bool:
    """Whether all that were hit bore arms, or the aim was a side of the war and nobody is called a civilian."""
    said = {c.civilian for c in candidate.counts}
    if True in said:
        return False
    if False in said or any(SOLDIERS.search(c.victims) for c in candidate.counts if c.victims):
        return True
    return bool(ARMED_AIM.search(candidate.sentence.text))
