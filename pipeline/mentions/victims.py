"""Person phrases: who could have been harmed, and how many they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.mentions.quantities import VAGUE, Quantity, read_quantity
from pipeline.mentions.words import Word, read_rows
from pipeline.models import Count

MAX_MODIFIERS = 7  # "two suspected senior Lashkar field commanders": longer runs were other phrases
# Words that end a person phrase before its noun
STOPS = frozenset(
    "of in on at by with from to for and or but as that which who whom whose when while where after before during "
    "between against into near under over through is are was were be been being has have had do does did will would "
    "could may might can should said says told not including among amid following since until if because than also "
    "killed injured wounded died shot dead hurt arrested surrendered abducted identified named called attacked "
    "sustained suffered later reportedly were per he she they it his her their this then there".split()
)
UNITS = frozenset(
    "year years month months week weeks day days hour hours minute minutes km kms kilometre kilometres kilometer "
    "kilometers metre metres meter meters mile miles percent % am pm a.m p.m o'clock rounds kg kgs rupees dollars inr "
    "houses vehicles trucks homes buildings cars bombs rockets shells cows goats sheep animals cattle villages "
    "districts provinces families weapons rifles pistols cases counts times strikes raids incidents attacks sorties "
    "shots bullets bus buses tanks aircraft stories block feet foot yards inches streets street avenue percent "
    "charges guns handguns landmines grenades cartridges camps battalion brigade division and, hospitals schools "
    "groups factions parties brigades states countries cities towns areas locations p.m. a.m. january february march "
    "april may june july august september october november december lakh crore".split()
)
# Names of peoples after a number: "five Palestinians", "two Sudanese"
PEOPLE = re.compile(r"[A-Z]\w+(?:ans|ese|ish|chs|eds|nis|ris|lis|aqis|urds|urks|rabs|inos|nes|ards|ites|ists|ois)")
HARM_ADJECTIVES = frozenset("slain dead killed injured wounded hurt deceased martyred".split())


@dataclass(frozen=True, slots=True)
class Persons:
    """Somebody, counted: words[start:end] are the phrase."""

    start: int
    end: int
    count: Count
    head: str  # the noun that says who; "" for a bare number
    group: str  # "civilian", "forces", "militants", "" where the noun does not say
    civilian: bool | None
    definite: bool  # "the two men", "he": persons already spoken of
    addition: bool  # "another six", "others"
    bare: bool  # no number and no article: "Maoists", "Man"
    named: bool = False
    adjective: str = ""  # a word of harm inside: "two wounded soldiers"
    rule: str = ""


@lru_cache(maxsize=1)
def _nouns() -> dict[str, tuple[bool, str, bool | None, str]]:
    table: dict[str, tuple[bool, str, bool | None, str]] = {}
    for row in read_rows("victims.csv"):
        civilian = {"yes": True, "no": False}.get(row["civilian"])
        for form, plural in ((row["plural"], True), (row["noun"], False)):
            if form:
                table[form] = (plural, row["group"], civilian, row["noun"])
    return table


def person_noun(word: Word) -> tuple[bool, str, bool | None, str] | None:
    """(plural, group, civilian, singular) of a noun for persons."""
    lower = word.lower
    if found := _nouns().get(lower):
        return found
    if len(lower) > 5:
        for ending, plural in (("man", False), ("men", True), ("woman", False), ("women", True)):
            if lower.endswith(ending) and "-" not in lower:
                return plural, "", None, lower
    last = lower.rsplit("-", 1)[-1]
    if last != lower and last in ("maoist", "maoists", "old", "olds", "inspector", "general", "officer", "leader"):
        if last in ("old", "olds"):
            return last == "olds", "", None, "person"
        return _nouns().get(last, (False, "forces", False, last))
    return None


def find_persons(words: Sequence[Word]) -> list[Persons]:
    """All person phrases of a sentence, left to right, not overlapping."""
    found: list[Persons] = []
    at = 0
    while at < len(words):
        if persons := read_persons(words, at):
            found.append(persons)
            at = persons.end
        else:
            at += 1
    return found


def read_persons(words: Sequence[Word], at: int) -> Persons | None:
    """The person phrase that begins at this word.

    "three soldiers", "at least 12", "a woman", "the mayor", "suspected militants", "two of the attackers",
    "a family of five", "he", "others".
    """
    word = words[at]
    if pronoun := _pronoun(words, at):
        return pronoun
    quantity = read_quantity(words, at)
    if quantity and quantity.end == quantity.start:
        quantity = None
    begin = quantity.end if quantity else at
    if not quantity and not (word.text[0].isalpha() or word.text[0].isdigit()):
        return None
    if quantity and quantity.kind == "none":
        if word.lower == "no" and begin < len(words) and words[begin].lower in ("one", "body"):
            return Persons(at, begin + 1, quantity.count, "", "", None, False, False, False, rule="no one")
    if quantity and begin < len(words) and words[begin].lower in ("of", "among"):
        inner = read_persons(words, begin + 1) if begin + 1 < len(words) else None
        if inner and quantity.kind == "number":
            return _make(at, inner.end, quantity, inner.head, inner.group, inner.civilian, True, definite=inner.definite)
    head = adjective = None
    position = begin
    limit = min(len(words), begin + MAX_MODIFIERS)
    if not quantity:
        limit = min(len(words), begin + 4)
    while position < limit:
        current = words[position]
        if person_noun(current):
            possessive = position + 1 < len(words) and words[position + 1].lower in ("'s", "'", "’")
            if possessive:
                break
            head = position
        elif position > begin and current.lower in HARM_ADJECTIVES and head is None:
            adjective = current.lower
        elif head is not None:
            break
        elif current.lower in HARM_ADJECTIVES and quantity and position == begin:
            # "two wounded soldiers", but not "12 killed, soldiers say"
            if not (position + 1 < len(words) and person_noun(words[position + 1])):
                break
            adjective = current.lower
        elif not current.text[0].isalnum() and current.text not in ("-", "(", ")", "/", "'", "’", '"', "“", "”", "‘"):
            break
        elif current.text in ("(", ")", '"', "“", "”") and not quantity:
            break
        elif current.lower in STOPS or current.lower in UNITS:
            break
        elif read_quantity(words, position) and position > begin and not current.text[0].isdigit():
            break
        position += 1
    if head is not None:
        plural, group, civilian, singular = person_noun(words[head]) or (False, "", None, "")
        for k in range(begin, head):  # "CPI-Maoist leader", "police officer": the earlier noun says which side
            earlier = person_noun(words[k])
            if earlier and not group:
                group, civilian = earlier[1], earlier[2]
        end = head + 1
        if quantity and quantity.kind == "number" and not plural and (quantity.count.best or 0) > 1:
            return None  # "15 rebel groups", "three police stations"
        if singular == "family":
            return _family(words, at, end, quantity)
        if not quantity and head > begin and not words[begin].capitalised and not person_noun(words[begin]):
            # A bare noun begins where its own words begin: read it when the loop gets there
            if head - begin > 3:
                return None
        return _make(at, end, quantity, singular, group, civilian, plural, adjective=adjective or "")
    if quantity and begin < len(words) and PEOPLE.fullmatch(words[begin].text) and quantity.kind != "possessive":
        return _make(at, begin + 1, quantity, words[begin].lower, "", None, True)
    if quantity and quantity.kind in ("number", "both", "vague", "none") and _stands_alone(words, begin):
        if quantity.kind == "none" and not _stands_alone(words, begin, strict=True):
            return None
        return _make(at, begin, quantity, "", "", None, True)
    if quantity and quantity.kind == "addition" and _stands_alone(words, begin, strict=True):
        return _make(at, begin, quantity, "", "", None, False)
    return None


def _stands_alone(words: Sequence[Word], at: int, *, strict: bool = False) -> bool:
    """Whether a number here may be persons without a noun: no unit, no other noun follows."""
    if at >= len(words):
        return True
    word = words[at]
    if word.lower in UNITS or word.text in ("%", "$", ":", "/", "-", "–") or word.lower in ("'s",):
        return False
    if strict:
        return word.lower in STOPS or not word.text[0].isalnum() or word.lower in HARM_ADJECTIVES
    return (
        word.lower in STOPS
        or not word.text[0].isalnum()
        or word.lower in HARM_ADJECTIVES
        or word.lower.endswith(("ly", "ing"))
        or word.lower in ("martyred", "more", "fatally", "critically", "others", "hospitalized", "lost", "succumbed")
    )


def _make(
    start: int, end: int, quantity: Quantity | None, head: str, group: str, civilian: bool | None, plural: bool,
    *, definite: bool = False, adjective: str = "",
) -> Persons:  # fmt: skip
    if head == "couple":
        plural = False
    if quantity is None:
        count = VAGUE if plural else Count(1, 1, 1)
        rule = "bare plural" if plural else "one person"
    elif quantity.kind in ("one", "possessive", "definite", "addition"):
        count = VAGUE if plural else Count(1, 1, 1)
        rule = f"{quantity.rule} + {'plural' if plural else 'one person'}"
    else:
        count, rule = quantity.count, quantity.rule
    if head == "couple" and count == Count(1, 1, 1):
        count, rule = Count(2, 2, 2), "a couple"
    return Persons(
        start, end, count, head, group, civilian,
        definite=definite or bool(quantity and quantity.definite),
        addition=bool(quantity and quantity.addition) or head == "other",
        bare=quantity is None, adjective=adjective, rule=rule,
    )  # fmt: skip


def _family(words: Sequence[Word], at: int, end: int, quantity: Quantity | None) -> Persons | None:
    """ "a family of five" is five; a family alone is several."""
    if end < len(words) and words[end].lower == "of" and (size := read_quantity(words, end + 1)):
        if size.kind == "number":
            return Persons(at, size.end, size.count, "family", "civilian", True, False, False, False, rule="family of N")
    if quantity and quantity.kind == "number":
        return None  # families displaced, not persons
    if quantity is None or quantity.kind in ("possessive", "definite"):
        return None
    return Persons(at, end, VAGUE, "family", "civilian", True, False, False, False, rule="a family")


PRONOUNS = {
    "him": 1, "he": 1, "she": 1, "himself": 1, "herself": 1, "them": None, "they": None, "themselves": None,
    "nobody": 0, "none": 0, "someone": 1, "everyone": None, "who": None,
}  # fmt: skip


def _pronoun(words: Sequence[Word], at: int) -> Persons | None:
    lower = words[at].lower
    if lower == "who" or lower not in PRONOUNS:
        return None
    number = PRONOUNS[lower]
    if number == 0:
        return Persons(at, at + 1, Count(0, 0, 0), "", "", None, False, False, False, rule="no one")
    count = VAGUE if number is None else Count(1, 1, 1)
    return Persons(at, at + 1, count, "", "", None, True, False, False, rule="pronoun")
