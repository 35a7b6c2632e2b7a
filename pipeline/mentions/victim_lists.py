"""Persons joined into one list: "three soldiers, a guide and two civilians"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.mentions.harm_scene import (
    ADVERBS,
    CLAUSE_BREAKS,
    FINITE,
    JOINERS,
    SUBSET,
    Scene,
    acts_itself,
    before_age,
    is_aside,
    is_governed,
)  # fmt: skip
from pipeline.mentions.names import read_name
from pipeline.mentions.quantities import read_quantity
from pipeline.mentions.victims import Persons
from pipeline.mentions.words import Word, word_set
from pipeline.models import Count

SPEECH = word_set("speech")
BREAKS_OF_A_LIST = CLAUSE_BREAKS - {"as"}
ENDS_COMPANY = SUBSET | FINITE | BREAKS_OF_A_LIST | {".", "who"}
SPEAKER_REACH = 8  # words: "a militia leader and villagers told"


def list_before(s: Scene, p: Persons) -> list[Persons]:
    """The phrase and those joined to it on its left: "three soldiers, a guide and two civilians"."""
    chain = [p]
    while True:
        first = chain[0]
        k = first.start - 1
        joined = False
        if k >= 2 and " ".join(w.lower for w in s.words[k - 2 : k + 1]) == "as well as":
            k, joined = k - 3, True
        elif k >= 1 and " ".join(w.lower for w in s.words[k - 1 : k + 1]) == "along with":
            k, joined = k - 2, True
        while k >= 0 and s.words[k].lower in JOINERS:
            # A comma alone joins only where "and" follows later: "a boy, a teacher, were" is one person
            joined |= s.words[k].text != "," or len(chain) > 1
            k -= 1
        if len(chain) > 1 and k >= 0 and k == first.start - 1 and any(q.end == k + 1 for q in s.persons):
            joined = True  # "a father a mother and a son"
        if not joined:
            return _without_apposition(s.words, chain)
        k = before_age(s, k + 1) - 1
        left = None
        for q in reversed(s.persons):
            if q.end <= k + 1:
                gap = s.words[q.end : k + 1]
                if any(w.lower in FINITE or w.text in (";", ":") for w in gap) or len(gap) > 14:
                    break
                if any(h.start >= q.end and h.end <= k + 1 for h in s.harms):
                    break
                if is_governed(s, q):
                    if s.words[q.start - 1].lower in SUBSET:
                        if any(h.end <= q.start for h in s.harms):
                            return chain  # "the toll rose to 30, including two girls, and 12 people were hurt"
                        return []  # "12 people, including four boys and two girls, were killed"
                    continue
                left = q
                break
        if (
            left is None
            or (left.bare and not left.named and left.count.vague)
            or left.count.best == 0
            or left.rule == "himself"
        ):
            return _without_apposition(s.words, chain)
        of_them = s.words[left.end - 1].lower in ("them", "whom")  # "four of them children, and eight were hurt"
        among = [w.lower for w in s.words[left.end : left.end + 2]]
        if among in (["among", "them"], ["among", "whom"], ["among", "those"]):
            return chain  # "17 died, three policemen among them, and 48 were hurt"
        aside = of_them and not acts_itself(s, left)  # "11 died, seven of them at once, and 17 others were hurt"
        if aside or (p.addition or of_them) and is_aside(s, left, s.persons):
            return chain  # "among them a boy, and 21 others"
        if _one_of_two_callings(s, left, chain):
            chain[0] = replace(left, end=first.end)
            continue
        chain.insert(0, left)


def _one_of_two_callings(s: Scene, left: Persons, chain: list[Persons]) -> bool:
    """ "A trader and teacher was killed", "a trader and teacher, Omar Haddad, was": one man of two callings."""
    first, words = chain[0], s.words
    if len(chain) > 1 or not first.bare or first.count.best != 1 or left.count.best != 1:
        return False
    after = words[first.end : first.end + 2]
    if not after or first.start - left.end != 1:
        return False
    return not left.bare and after[0].lower in ("was", "is", "has") or after[0].text == "," and after[-1].capitalised


def object_at(s: Scene, at: int) -> list[Persons]:
    """The persons that begin at this word, and those joined to them on the right."""
    words = s.words
    k = at
    while k < len(words) and k < at + 3 and (
        ADVERBS.fullmatch(words[k].lower) and read_quantity(words, k) is None or words[k].text in ('"', "“", "‘")
    ):  # fmt: skip
        k += 1
    first = s.by_start.get(k)
    if first is None:
        if k < len(words) and (name := read_name(words, k, len(words), forward=True)):
            one = Count(name[2], name[2], name[2])
            named = Persons(name[0], name[1], one, "", "", None, False, False, False, named=True, rule="named")
            return [named, *companions(s, name[1])]
        return []
    chain = list_from(s, first)
    alone = len(chain) == 1 and first.count.best == 1 and not first.bare
    return chain + companions(s, first.end) if alone else chain


def list_from(s: Scene, first: Persons) -> list[Persons]:
    """The phrase and those joined to it on its right."""
    return _without_speakers(s, _joined_right(s, first))


def _without_speakers(s: Scene, chain: list[Persons]) -> list[Persons]:
    """Those before "..., an official and residents told reporters": who speaks was not harmed."""
    for k in range(1, len(chain)):
        if s.words[chain[k - 1].end].text != ",":
            continue
        for word in s.words[chain[k].end : chain[k].end + SPEAKER_REACH]:
            if word.lower in SPEECH:
                return chain[:k]
            if word.lower in FINITE or word.text in (",", ".", ";", ":"):
                break
    return chain


def _joined_right(s: Scene, first: Persons) -> list[Persons]:
    words = s.words
    chain = [first]
    while True:
        k = chain[-1].end
        nxt = next((p for p in s.persons if p.start >= k), None)
        if nxt is None:
            return _without_apposition(s.words, chain)
        gap = [w.lower for w in words[k : nxt.start]]
        joined = bool(gap) and (gap[-1] in JOINERS or gap[-3:] == ["as", "well", "as"] or gap[-2:] == ["along", "with"])
        if nxt.start < len(words) and words[nxt.start].lower in ("both", "all"):
            return _without_apposition(s.words, chain)
        breakdown = words[nxt.start].lower == "the" and nxt.head == "other" or gap == [","] and not nxt.head
        if (first.count.best or 0) > 1 and breakdown:  # "two men, one from Halvar and the other from the coast"
            return _without_apposition(s.words, chain)
        if "identified" in gap and (first.count.best or 0) > 1 and gap[-2:] != [",", "and"]:
            return _without_apposition(s.words, chain)
        if not joined or len(gap) > 14 or any(g in SUBSET or g in FINITE or g in (";", ":") for g in gap):
            return _without_apposition(s.words, chain)
        if any(h.start >= k and h.end <= nxt.start for h in s.harms) or not BREAKS_OF_A_LIST.isdisjoint(gap):
            return _without_apposition(s.words, chain)
        if acts_itself(s, nxt) or nxt.count.best == 0 or nxt.rule == "pronoun":
            return _without_apposition(s.words, chain)
        if gap[-1] == "," and not and_follows(s, nxt.end):
            return _without_apposition(s.words, chain)
        chain.append(nxt)


def companions(s: Scene, at: int) -> list[Persons]:
    """Who was harmed with one person whose office or name stands between: "Omar Haddad, a mayor, and his driver"."""
    words, k = s.words, at
    while k < min(len(words) - 1, at + 34):
        lower = words[k].lower
        if lower == "(":
            while k < len(words) - 1 and words[k].text != ")":
                k += 1
        elif k in s.harm_starts or lower in ENDS_COMPANY:
            return []
        elif lower in ("and", "with"):
            nxt = s.by_start.get(k + 1)
            own = words[k + 1].lower in ("his", "her", "their", "another")
            closed = words[k - 1].text in (",", ")")
            more = nxt is not None and not nxt.definite and (nxt.count.best or 0) > 1 and not nxt.bare
            if nxt is not None and (own or more or closed) and not nxt.bare and nxt.rule != "pronoun":
                rest = object_at(s, k + 1)
                return [] if not rest or acts_itself(s, rest[-1]) or rest[0].count.best == 0 else rest
            named = k + 2 < len(words) and words[k + 2].capitalised and nxt is None
            if own and named:  # "and his PSO Omar Haddad"
                return [Persons(k + 1, k + 3, Count(1, 1, 1), "", "", None, False, False, False, rule="one person")]
            if lower == "with":
                return []
        k += 1
    return []


def and_follows(s: Scene, at: int) -> bool:
    """Whether the list goes on to an "and": "a guide, two boys and a girl"."""
    for k in range(at, min(at + 12, len(s.words))):
        lower = s.words[k].lower
        if lower in ("and", "&"):
            return k + 1 in s.by_start
        if lower in CLAUSE_BREAKS or lower in FINITE or k in s.harm_starts:
            return False
    return False


def _without_apposition(words: Sequence[Word], chain: list[Persons]) -> list[Persons]:
    """ "two others, a driver and a guard" are two: what follows names those that the number counts."""
    first = chain[0].count.best or 0
    closed = chain[-1].end < len(words) and words[chain[-1].end].text == ","
    closed |= not any(p.head for p in chain[1:])  # "76 soldiers, 75 of the army and one of the guard"
    if (
        first > 1
        and len(chain) > 2
        and (closed or not chain[0].group)
        and sum(p.count.best or 0 for p in chain[1:]) == first
    ):
        return chain[:1]
    return chain
