"""A word of harm -> the persons whom it harmed."""

from __future__ import annotations

from dataclasses import replace

from pipeline.mentions.bodies import of_noun, toll_after
from pipeline.mentions.harm_scene import (
    ADVERBS,
    CLAUSE_BREAKS,
    PREPOSITIONS,
    Scene,
    acts_itself,
    before_helpers,
    is_passive,
)  # fmt: skip
from pipeline.mentions.harm_words import HarmWord
from pipeline.mentions.names import count_names, is_name_word
from pipeline.mentions.quantities import VAGUE, read_quantity
from pipeline.mentions.victim_lists import object_at
from pipeline.mentions.victim_subjects import beside, subject_of
from pipeline.mentions.victims import STOPS, UNITS, Persons, read_persons
from pipeline.mentions.words import word_set
from pipeline.models import Count

ASSAILANTS = word_set("assailants")
SAME_TIME = [["the", "same"], ["the", "next"], ["the", "previous"], ["the", "following"]]
BARE_FIGURE = frozenset(["spoke of", "speaks of", "speak of", "put it at"])
ONLY_PERSONS = word_set("only_persons")


def victims_of(s: Scene, index: int, harm: HarmWord) -> list[Persons]:
    words = s.words
    the = harm.start > 0 and words[harm.start - 1].lower == "the"
    if the and harm.frame in ("past", "dead"):
        return named_dead(s, harm)
    if harm.frame in ("past", "base"):
        if is_passive(s, harm.start):
            subject = subject_of(s, before_helpers(s, harm.start), index) or object_at(s, harm.end)
            return subject + along_with(s, harm.end) + (_and_more(s, harm.end) if subject else [])
        after = object_at(s, harm.end)
        near = beside(s, harm.start)
        by_attacker = near and near[-1].head in ASSAILANTS  # "a bomber killed 30 people injured 90"
        if after and near and harm.frame == "past" and starts_own_clause(s, after) and not by_attacker:
            return near
        if after and after[0].rule == "himself" and harm.harm != "killed":
            return near or subject_of(s, harm.start, index) or after
        if after:
            return after + along_with(s, after[-1].end) if after[0].rule == "pronoun" else after
        if harm.frame == "base" or has_object(s, harm.end):
            return unread_object(s, harm)
        if inverted := _inverted(s, harm):
            return inverted
        if shared := shared_before(s, index):
            return shared
        if right := shared_after(s, index):
            return right
        return [_whole(s, p) for p in near] or subject_of(s, harm.start, index)
    if harm.frame == "ing":
        after = object_at(s, harm.end)
        if not after and harm.end < len(words) and words[harm.end].lower == "of":
            after = object_at(s, harm.end + 1)
        if after and after[0].rule == "himself" and harm.harm != "killed":
            return [replace(after[0], definite=True, addition=False)]
        return after or shared_after(s, index)
    if harm.frame == "subject":
        before = before_helpers(s, harm.start)
        subject = subject_of(s, before, index)
        return subject + _and_more(s, harm.end) if subject else _of_the_verb_before(s, before, index)
    if harm.frame == "dead":
        near = beside(s, harm.start)
        if near:
            return near
        after = object_at(s, harm.end)
        if after and all(not p.bare for p in after):
            return after
        before = before_helpers(s, harm.start)
        found = subject_of(s, before, index) if before < harm.start else []
        return found or pronounced_dead(s, before, harm.start)
    if harm.frame == "beside":
        return beside(s, harm.start)
    if harm.frame == "self":
        return [Persons(harm.start, harm.end, Count(1, 1, 1), "", "", None, False, True, False, rule="himself")]
    if harm.frame == "none":
        return [Persons(harm.start, harm.end, Count(0, 0, 0), "", "", None, False, False, False, rule="no one")]
    if harm.text == "lost":
        return [p for p in object_at(s, harm.end) if not p.bare and p.rule != "pronoun"]
    if harm.frame == "object":
        return object_at(s, harm.end)
    if harm.frame == "toll":
        return toll_after(s, harm.end, alone=harm.text in BARE_FIGURE)
    if harm.frame in ("noun", "body", "before"):
        return of_noun(s, harm)
    return []


def _whole(s: Scene, p: Persons) -> Persons:
    """ "The surgeon was one of two people killed": both were."""
    if [w.lower for w in s.words[p.start : p.start + 2]] != ["one", "of"]:
        return p
    inner = read_persons(s.words, p.start + 2)
    return inner if inner and inner.end == p.end and not inner.bare and not inner.count.vague else p


def _of_the_verb_before(s: Scene, at: int, index: int) -> list[Persons]:
    """ "A trader was shot by two men, and died on the way": whom the verb before had harmed."""
    joined = at > 1 and s.words[at - 1].lower in ("and", "but", "then") and index
    victims = s.victims.get(index - 1, []) if joined else []
    between = s.words[s.harms[index - 1].end : at] if victims else []
    return [] if any(w.lower in (";", ":") for w in between) else victims


def pronounced_dead(s: Scene, before: int, at: int) -> list[Persons]:
    """ "Haddad was pronounced dead": a family name alone is of somebody already spoken of."""
    if before < 1 or s.words[at - 1].lower not in ("pronounced", "declared") or not is_name_word(s.words[before - 1]):
        return []
    return [Persons(before - 1, before, Count(1, 1, 1), "", "", None, True, False, False, named=True, rule="named")]


def _inverted(s: Scene, harm: HarmWord) -> list[Persons]:
    """ "Killed in the blast were a pilot and two nurses": who follows the verb that stands first."""
    if harm.start and s.words[harm.start - 1].text not in (",", ";", ":") or s.title:
        return []
    for k in range(harm.end, min(harm.end + 12, len(s.words) - 1)):
        if k in s.harm_starts or k in s.by_start and not s.by_start[k].bare:
            return []
        if s.words[k].lower in ("was", "were"):
            return object_at(s, k + 1)
    return []


def has_object(s: Scene, at: int) -> bool:
    """Whether an object follows that was not read as persons: "killed a tanner", "killed Omar (30)"."""
    while at < len(s.words) and ADVERBS.fullmatch(s.words[at].lower):
        at += 1
    if at >= len(s.words) or s.title:
        return False
    word = s.words[at]
    if [w.lower for w in s.words[at : at + 2]] in SAME_TIME:
        return False  # "one was killed and four wounded the same night"
    if word.lower in ("a", "an", "the", "his", "her", "their", "one"):
        return True
    if (number := read_quantity(s.words, at)) and number.kind == "number" and number.end < len(s.words):
        noun = s.words[number.end]  # "killed seven goats", not "shot three times"
        return noun.text[0].isalpha() and not noun.capitalised and noun.lower not in STOPS | {"times", "more"}
    return word.capitalised and word.text[0].isalpha() and not read_quantity(s.words, at)


def unread_object(s: Scene, harm: HarmWord) -> list[Persons]:
    """One person for "a tanner", "Omar (30)"; whoever is killed, murdered, beheaded is a person."""
    at = harm.end
    while at < len(s.words) and ADVERBS.fullmatch(s.words[at].lower):
        at += 1
    if at >= len(s.words) or harm.harm != "killed" or s.words[harm.start].lower in ONLY_PERSONS:
        return []
    word, end = s.words[at], at + 1
    if word.lower in ("a", "an", "one"):
        while end < len(s.words) and end < at + 5 and s.words[end].text[0].isalpha():
            if s.words[end].lower in PREPOSITIONS or s.words[end].lower in CLAUSE_BREAKS:
                break
            end += 1
        known_thing = end > at + 1 and s.words[end - 1].lower in UNITS
        if end == at + 1 or known_thing:
            return []
    elif not word.capitalised or not word.text[0].isalpha() or word.text.isupper():
        return []
    one = Count(1, 1, 1)
    return [Persons(at, end, one, "", "", None, False, False, False, named=word.capitalised, rule="one person")]


def along_with(s: Scene, at: int) -> list[Persons]:
    """ "was killed in the raid along with two guards": those two as well."""
    for k in range(at, min(at + 12, len(s.words) - 2)):
        comma = s.words[k].text == "," and s.words[k + 1].lower not in ("along", "together")
        if s.words[k].lower in CLAUSE_BREAKS or s.words[k].lower == "and" or comma or k in s.harm_starts:
            return []
        if s.words[k].lower in ("along", "together") and s.words[k + 1].lower == "with":
            more = object_at(s, k + 2)
            return [p for p in more if not (p.bare and p.count.vague)]
    return []


def _and_more(s: Scene, at: int) -> list[Persons]:
    """ "Five soldiers lost their lives and two rebels": others whose verb is left out."""
    more = s.by_start.get(at + 1) if at < len(s.words) and s.words[at].lower == "and" else None
    if more is None or more.bare or more.definite or more.rule in ("pronoun", "himself", "no one"):
        return []
    after = s.words[more.end].lower if more.end < len(s.words) else "."
    return [more] if more.head and after in (".", ";", "in", "on", "during", "at", "near") else []


def named_dead(s: Scene, harm: HarmWord) -> list[Persons]:
    """ "The dead were identified as A and B": two; "the wounded were flown out": no number."""
    if harm.harm != "killed":
        return []
    if harm.end < len(s.words) and s.words[harm.end].lower in ("include", "includes", "included"):
        return [replace(p, definite=True) for p in object_at(s, harm.end + 1) if not (p.bare and p.count.vague)]
    several = Persons(harm.start - 1, harm.end, VAGUE, "", "", None, True, False, False, rule="the dead")
    return [several] if count_names(s.words, harm.end, several) else []


def starts_own_clause(s: Scene, after: list[Persons]) -> bool:
    """ "Two killed, three injured": what follows belongs to the next word."""
    return acts_itself(s, after[-1])


def shared_before(s: Scene, index: int) -> list[Persons]:
    """ "were killed and mutilated": the persons of the word before, joined by "and" """
    if not index:
        return []
    previous = s.harms[index - 1]
    between = [w.lower for w in s.words[previous.end : s.harms[index].start]]
    plain = [b for b in between if not ADVERBS.fullmatch(b)]
    return s.victims.get(index - 1, []) if plain in (["and"], ["or"], [",", "and"], [","]) else []


def shared_after(s: Scene, index: int) -> list[Persons]:
    """ "killing and wounding 12": the persons of the word after."""
    if index + 1 >= len(s.harms):
        return []
    between = [w.lower for w in s.words[s.harms[index].end : s.harms[index + 1].start]]
    return object_at(s, s.harms[index + 1].end) if between in (["and"], ["or"]) else []
