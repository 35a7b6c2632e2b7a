"""Person phrases: who could have been harmed, and how many they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.mentions.labels import is_label, is_year, spelled_year
from pipeline.mentions.number_words import may_begin
from pipeline.mentions.person_nouns import noun_of, person_noun
from pipeline.mentions.quantities import VAGUE, Quantity, read_quantity
from pipeline.mentions.words import Word, word_set
from pipeline.models import Count

NOUN_REACH = 4  # words, without a number before them: "suspected militants"
MAX_MODIFIERS = 10  # "two suspected senior Lashkar field commanders": longer runs were other phrases
# Words that end a person phrase before its noun
STOPS = word_set("stops")
DAY_WORDS = word_set("day_words")
UNITS = word_set("units")
# Names of peoples after a number: "five Palestinians", "two Sudanese"
PEOPLE = re.compile(r"[A-Z]\w+(?:ans|ese|ish|chs|eds|nis|ris|lis|aqis|urds|urks|rabs|inos|nes|ards|ites|ists|ois)")
# Nouns for persons that also stand before another noun: "a tribal settlement", "a rebel attack"
ADJECTIVAL = word_set("adjectival")
CAPTURED = word_set("captured")
ORDINAL = re.compile(r"second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|(?<!\d)\d+(?:st|nd|rd|th)")
ACRONYM = re.compile(r"[A-Z]{2,6}s?")
PARTICIPLES = word_set("participles")
HARM_ADJECTIVES = word_set("harm_adjectives")
SUSTAIN = word_set("sustain")
UNITS_OR_DAYS = UNITS | DAY_WORDS
# What may stand behind a number that is persons, though no noun follows
AFTER_A_NUMBER = STOPS | DAY_WORDS | HARM_ADJECTIVES
AFTER_ONE_MORE = AFTER_A_NUMBER | SUSTAIN
NO_NOUN = STOPS | HARM_ADJECTIVES | PARTICIPLES
SAID_DEAD = HARM_ADJECTIVES | {"were", "died", "casualties", "fatalities", "deaths", "victims"}
DAY_APART = [[day, way] for day in ("day", "week") for way in ("before", "after", "earlier", "later")]
GROUPS_OF = {"couple": 2, "duo": 2, "trio": 3}


@dataclass(slots=True)
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
    whole: Count | None = None  # "11 of the 15 injured": of how many


def find_persons(words: Sequence[Word]) -> list[Persons]:
    """All person phrases of a sentence, left to right, not overlapping."""
    found: list[Persons] = []
    starts = _possible_starts(words)
    at = 0
    while at < len(words):
        if words[at].lower == "in" and (end := spelled_year(words, at + 1)):
            at = end
        elif starts[at] and (persons := _as_many(words, at, found) or read_persons(words, at)):
            found.append(persons)
            at = persons.end
        else:
            at += 1
    return found


def _as_many(words: Sequence[Word], at: int, before: Sequence[Persons]) -> Persons | None:
    """ "Three were killed and as many injured", "as many villagers were hurt": the number just told, of others."""
    if words[at].lower != "as" or not before or before[-1].count.vague:
        return None
    if at + 1 == len(words) or words[at + 1].lower != "many":
        return None
    end = at + 2
    noun = person_noun(words[end]) if end < len(words) else None
    if noun is None and (not _stands_alone(words, end) or words[end : end + 1] and words[end].lower == "as"):
        return None
    _, group, civilian, head = noun or (True, "", None, "")
    return Persons(at, end + bool(noun), before[-1].count, head, group, civilian, False, True, False, rule="as many")


def _possible_starts(words: Sequence[Word]) -> list[bool]:
    """Where a phrase may begin: at a pronoun, at a number, and not too far before a noun for persons."""
    starts, reach = [False] * len(words), 0
    for at in range(len(words) - 1, -1, -1):
        lower = words[at].lower
        reach = NOUN_REACH if noun_of(lower) else reach - 1
        starts[at] = reach > 0 or may_begin(lower) or lower in OPENING_PRONOUNS
    return starts


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
    if quantity and word.lower == "no" and begin < len(words) and words[begin].lower in ("one", "body"):
        return Persons(at, begin + 1, quantity.count, "", "", None, False, False, False, rule="no one")
    if quantity and begin < len(words) and words[begin].lower in ("of", "among"):
        owner = begin + 2 < len(words) and words[begin + 1].capitalised and words[begin + 2].lower == "'s"
        inner = read_persons(words, begin + (3 if owner else 1)) if begin + 1 < len(words) else None
        if inner and quantity.kind == "number":
            some = _make(
                at, inner.end, quantity, inner.head, inner.group, inner.civilian, True, definite=inner.definite
            )
            numbered = not inner.count.vague and (inner.count.best or 0) > (some.count.best or 0)
            return replace(some, whole=inner.count if numbered else None)
    if quantity and quantity.kind == "one" and begin < len(words) and ORDINAL.fullmatch(words[begin].lower):
        quantity = replace(quantity, addition=True)  # "a third man"
    head = adjective = None
    position = begin
    limit = min(len(words), begin + MAX_MODIFIERS)
    if not quantity:
        limit = min(len(words), begin + NOUN_REACH)
    while position < limit:
        current = words[position]
        if person_noun(current) and not (current.lower in ADJECTIVAL and _goes_on(words, position + 1)):
            if position + 1 < len(words) and words[position + 1].lower == "'s":
                if quantity and current.capitalised and position > begin:
                    position += 2  # "four New People's Army rebels"
                    continue
                return _belonging(words, at, position + 2)
            if current.lower == "slain" and not quantity:
                break  # "were slain"; but "the slain"
            head = position
        elif head is not None:
            if not (current.capitalised and position + 1 < limit and person_noun(words[position + 1])):
                break  # but "two women Taliban fighters"
        elif current.lower in HARM_ADJECTIVES and (quantity or position > begin):
            # "two wounded soldiers", but not "12 killed, soldiers say"
            if not _noun_soon(words, position + 1):
                break
            adjective = current.lower
        elif _ends_phrase(words, position, begin, quantity=quantity):
            break
        position += 1
    if head is not None:
        plural, group, civilian, singular = person_noun(words[head]) or (False, "", None, "")
        for k in range(begin, head):  # "CPI-Maoist leader", "police officer": the earlier noun says which side
            earlier = person_noun(words[k])
            if earlier and not group:
                group, civilian = earlier[1], earlier[2]
        end = head + 1
        one_of_many = quantity and quantity.kind == "number" and not plural and (quantity.count.best or 0) > 1
        harmed = end < len(words) and words[end].lower in SAID_DEAD
        if one_of_many and (head > begin or words[head].capitalised or not harmed):
            return None  # "15 rebel groups", "Image 2 of 8 A child was"; but "40 civilian killed"
        if singular == "family":
            return _family(words, at, end, quantity)
        made = _make(at, end, quantity, singular, group, civilian, plural, adjective=adjective or "")
        if words[begin].lower == "twin" and made.count.vague:
            return replace(made, count=Count(2, 2, 2), rule="twins")
        return made
    if quantity and begin < len(words) and PEOPLE.fullmatch(words[begin].text) and quantity.kind != "possessive":
        return _make(at, begin + 1, quantity, words[begin].lower, "", None, True)
    if quantity and quantity.kind == "number" and _is_group(words, begin) and not is_label(words, at):
        return _make(at, begin + 1, quantity, words[begin].lower, "", None, True)
    if quantity and quantity.kind == "one" and _is_people(words, begin):
        return _make(at, begin + 1, quantity, words[begin].lower, "", None, False)
    if (
        quantity
        and quantity.kind in ("number", "one", "addition")
        and begin < len(words)
        and ACRONYM.fullmatch(words[begin].text)
        and _stands_alone(words, begin + 1)
    ):
        return _make(at, begin + 1, quantity, words[begin].text, "", None, words[begin].text.endswith("s"))
    if quantity and (is_label(words, at) or is_year(words, at, quantity)):
        return None
    if quantity and quantity.kind in ("number", "both", "vague") and _stands_alone(words, begin):
        return _make(at, begin, quantity, "", "", None, True)
    if quantity and quantity.kind == "one" and quantity.addition and _is_one_more(words, begin + 1):
        return _make(at, begin + 1, quantity, "", "", None, False)  # "killing two soldiers and wounding a third"
    if quantity and quantity.kind == "addition" and _stands_alone(words, begin, strict=True):
        return _make(at, begin, quantity, "", "", None, False)
    return None


def _belonging(words: Sequence[Word], at: int, begin: int) -> Persons | None:
    """ "the mayor's two sons", "the owner's brother": who belongs to somebody."""
    inner = read_persons(words, begin) if begin < len(words) else None
    if inner is None or inner.definite or inner.named or inner.rule == "pronoun":
        return None
    return replace(inner, start=at, bare=inner.count.vague and inner.bare)


def _is_people(words: Sequence[Word], at: int) -> bool:
    """Whether a name of a people, a party or a faith stands alone: "a Kurd was killed"."""
    if at >= len(words) or not words[at].capitalised or words[at].text.isupper():
        return False
    after = words[at + 1].lower if at + 1 < len(words) else "."
    return after in ("was", "is", "has", "had", "who", "died", ".")


def _is_group(words: Sequence[Word], at: int) -> bool:
    """Whether a name in the plural stands alone after a number: "ten Tigers and three soldiers"."""
    if at >= len(words) or not words[at].capitalised or not words[at].text.endswith("s") or len(words[at].text) < 4:
        return False
    if words[at].text.isupper() or words[at].lower in UNITS_OR_DAYS:
        return False
    after = words[at + 1].lower if at + 1 < len(words) else "."
    return after in ("and", "was", "were", "died", "in", "at", "on", ".", ",", "during", "had", "have")


def _ends_phrase(words: Sequence[Word], at: int, begin: int, *, quantity: Quantity | None) -> bool:
    """Whether this word cannot stand between a number and its noun."""
    numbered = quantity is not None
    counted = quantity is not None and quantity.kind in ("number", "one", "vague")
    word = words[at]
    if not word.text[0].isalnum():
        return word.text not in ("-", "/") and not (numbered and word.text in ("(", ")"))
    if word.text != "IS" and (word.lower in STOPS or word.lower in UNITS):
        return True
    if word.lower in CAPTURED or word.lower == "abducted":
        return at + 1 < len(words) and not person_noun(words[at + 1])
    if not numbered and not word.capitalised and word.lower.endswith(("ed", "s", "ay", "ing")):
        return True  # a verb before a bare noun
    if at <= begin:
        return False
    number = read_quantity(words, at)
    return number is not None and (not counted or not word.text[0].isdigit())


def _goes_on(words: Sequence[Word], at: int) -> bool:
    """Whether another noun follows here, so that the word before only described it."""
    if at >= len(words) or not words[at].text[0].isalpha() or person_noun(words[at]):
        return False
    lower = words[at].lower
    return not (lower in NO_NOUN or lower.endswith(("ly", "ed", "ing")) or words[at].capitalised)


def _noun_soon(words: Sequence[Word], at: int) -> bool:
    for word in words[at : at + 3]:
        if person_noun(word):
            return True
        if not word.text[0].isalpha() or word.lower in STOPS or word.lower.endswith("ly"):
            return False
    return False


def _stands_alone(words: Sequence[Word], at: int, *, strict: bool = False) -> bool:
    """Whether a number here may be persons without a noun: no unit, no other noun follows."""
    if at >= len(words):
        return True
    word = words[at]
    if word.lower in ("a", "one") and [w.lower for w in words[at + 1 : at + 3]] in DAY_APART:
        return True  # "wounding dozens a day before the feast"
    if word.lower in UNITS or word.text in ("%", "$", ":", "/", "-", "–") or word.lower in ("'s",):
        return False
    if strict:
        return word.lower in AFTER_ONE_MORE or not word.text[0].isalnum() or word.lower.endswith("ly")
    return (
        word.lower in AFTER_A_NUMBER
        or not word.text[0].isalnum()
        or word.lower.endswith(("ly", "ing"))
        or word.lower in ("martyred", "more", "fatally", "critically", "others", "hospitalized", "lost", "succumbed")
    )


def _is_one_more(words: Sequence[Word], at: int) -> bool:
    """Whether "a third" ends here and is no fraction."""
    return _stands_alone(words, at, strict=True) and not (at < len(words) and words[at].lower in ("of", "later"))


def _make(
    start: int, end: int, quantity: Quantity | None, head: str, group: str, civilian: bool | None, plural: bool,
    *, definite: bool = False, adjective: str = "",
) -> Persons:  # fmt: skip
    if head in GROUPS_OF:
        plural = False
    if quantity is None:
        count = VAGUE if plural else Count(1, 1, 1)
        rule = "bare plural" if plural else "one person"
    elif quantity.kind == "one":
        count, rule = Count(1, 1, 1), "one person"
    elif quantity.kind in ("possessive", "definite", "addition"):
        count = VAGUE if plural else Count(1, 1, 1)
        rule = f"{quantity.rule} + {'plural' if plural else 'one person'}"
    else:
        count, rule = quantity.count, quantity.rule
    if head in GROUPS_OF and count == Count(1, 1, 1):
        size = GROUPS_OF[head]
        count, rule = Count(size, size, size), f"a {head}"
    return Persons(
        start, end, count, head, group, civilian,
        definite=definite or bool(quantity and quantity.definite),
        addition=bool(quantity and quantity.addition) or head == "other",
        bare=quantity is None, adjective=adjective, rule=rule,
    )  # fmt: skip


def _family(words: Sequence[Word], at: int, end: int, quantity: Quantity | None) -> Persons | None:
    """ "a family of five" is five; a family alone is several."""
    size = read_quantity(words, end + 1) if end < len(words) and words[end].lower == "of" else None
    if size and size.kind == "number":
        return Persons(at, size.end, size.count, "family", "civilian", True, False, False, False, rule="family of N")
    if quantity and quantity.kind == "number":
        return None  # families displaced, not persons
    if quantity is None or quantity.kind in ("possessive", "definite"):
        return None
    return Persons(at, end, VAGUE, "family", "civilian", True, False, False, False, rule="a family")


PRONOUNS = {
    "him": 1, "he": 1, "she": 1, "them": None, "they": None, "themselves": None,
    "nobody": 0, "none": 0, "someone": 1, "everyone": None,
}  # fmt: skip
OPENING_PRONOUNS = PRONOUNS.keys() | {"himself", "herself"}


def _pronoun(words: Sequence[Word], at: int) -> Persons | None:
    lower = words[at].lower
    if lower in ("himself", "herself"):
        return Persons(at, at + 1, Count(1, 1, 1), "", "", None, False, True, False, rule="himself")
    if lower not in PRONOUNS:
        return None
    number = PRONOUNS[lower]
    if number == 0:
        return Persons(at, at + 1, Count(0, 0, 0), "", "", None, False, False, False, rule="no one")
    count = VAGUE if number is None else Count(1, 1, 1)
    return Persons(at, at + 1, count, "", "", None, True, False, False, rule="pronoun")
