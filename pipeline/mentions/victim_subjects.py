"""Who the clause before a word of harm is about."""

from __future__ import annotations

from pipeline.mentions.harm_scene import (
    ADVERBS,
    FINITE,
    PREPOSITIONS,
    REPORTED,
    Scene,
    before_age,
    before_helpers,
    clause_start,
    is_aside,
    is_governed,
)  # fmt: skip
from pipeline.mentions.harm_words import BE
from pipeline.mentions.labels import is_label
from pipeline.mentions.names import read_name
from pipeline.mentions.quantities import read_quantity
from pipeline.mentions.victim_lists import list_before
from pipeline.mentions.victims import UNITS, Persons
from pipeline.models import Count

NO_VICTIMS = UNITS | PREPOSITIONS | FINITE


def beside(s: Scene, at: int) -> list[Persons]:
    """ "12 dead", "four others wounded", "Boy, 14, shot": the persons that end just here."""
    at = before_helpers(s, at) if s.title else at
    while at > 0 and (ADVERBS.fullmatch(s.words[at - 1].lower) or s.words[at - 1].lower in REPORTED):
        at -= 1
    at = before_age(s, at)
    name = read_name(s.words, 0, at)
    for p in s.persons:
        if p.end == at or name and p.end == name[0] and not p.bare:  # "left a 27-year-old, Omar Haddad, dead"
            return list_before(s, p)
    return []


def subject_of(s: Scene, at: int, index: int) -> list[Persons]:
    """The persons that the clause before this word is about."""
    words = s.words
    if at > 0 and words[at - 1].lower in ("who", "whom", "which", "that"):
        at -= 1
        if at > 0 and words[at - 1].text == ",":
            at -= 1
        near = [p for p in s.persons if p.end <= at]
        return [near[-1]] if near and at - near[-1].end <= 8 else []
    at = before_age(s, at)
    low = clause_start(s, at, index)
    told = {p.start for group in s.victims.values() for p in group}
    candidates = [
        p
        for p in s.persons
        if low <= p.start and p.end <= at and (p.start not in told or p.whole) and not _is_object(s, p)
    ]
    if of_whom := next((p for p in candidates if p.end == at and _is_of_whom(s, p)), None):
        return [of_whom]
    for p in reversed(candidates):
        if is_governed(s, p) or is_aside(s, p, candidates) or _is_between_commas(s, p, candidates):
            continue
        floating = p.start and words[p.start - 1].lower not in (";", ",", "and", "but", "where", "when")
        if words[p.start].lower in ("both", "all") and floating and p is not candidates[0]:
            continue
        if chain := list_before(s, p):
            return chain
    name = read_name(words, low, at) or name_before_helpers(s, low, at)
    if name:
        start, end, number = name
        one = Count(number, number, number)
        return [Persons(start, end, one, "", "", None, False, False, False, named=True, rule="named")]
    if not candidates and (unread := unread_subject(s, low, at)):
        return [unread]
    for p in reversed(candidates):
        if words[p.start - 1].lower == "of" and not p.bare:
            return [p]
    return of_main_clause(s, index)


def _is_between_commas(s: Scene, p: Persons, candidates: list[Persons]) -> bool:
    """ "516 people in the country, nearly all civilians, have been killed": what only says who they were."""
    before = s.words[p.start - 1].text if p.start else ""
    after = s.words[p.end].text if p.end < len(s.words) else ""
    numbered = any(q.end <= p.start and not q.count.vague and (q.count.best or 0) > 1 for q in candidates)
    return p.count.vague and not p.addition and before == after == "," and numbered


def _is_of_whom(s: Scene, p: Persons) -> bool:
    """ "2,170 wounded people, of whom 305 died": the number just before the verb."""
    return not p.bare and [w.lower for w in s.words[max(0, p.start - 2) : p.start]] == ["of", "whom"]


def _is_object(s: Scene, p: Persons) -> bool:
    """Whether a pronoun can only be who something is done to: "a man who tried to stop them was beaten to death"."""
    before = s.words[p.start - 1].lower if p.start else ""
    return p.rule == "pronoun" and s.words[p.start].lower in ("him", "them") and before not in PREPOSITIONS


def of_main_clause(s: Scene, index: int) -> list[Persons]:
    """ "A man who was hurt last week died", "a rebel wanted for killing five was shot dead"."""
    if not index or not s.persons:
        return []
    first = s.persons[0]
    after = [w.lower for w in s.words[first.end : first.end + 2]]
    if first.end > s.harms[0].start or not ({"who", "wanted", "accused", "suspected"} & set(after)):
        return []
    return list_before(s, first)


def unread_subject(s: Scene, low: int, at: int) -> Persons | None:
    """ "24 shoppers were killed": a number and a noun that no list knows."""
    for k in range(max(low, at - 6), at):
        quantity = read_quantity(s.words, k)
        told = k in s.by_start
        if told or quantity is None or quantity.kind != "number" or quantity.end >= at or is_label(s.words, k):
            continue
        nouns = s.words[quantity.end : at]
        if all(w.text[0].isalpha() and w.lower not in NO_VICTIMS for w in nouns):
            return Persons(k, at, quantity.count, nouns[-1].lower, "", None, False, False, False, rule=quantity.rule)
        return None
    return None


def name_before_helpers(s: Scene, low: int, at: int) -> tuple[int, int, int] | None:
    """ "Omar Haddad (27) was abducted and later killed": the name before the first helping verb."""
    for k in range(low, at):
        if s.words[k].lower in BE:
            return read_name(s.words, low, k)
    return None
