"""Deaths told by a noun: "12 deaths", "no casualties", "two bodies were found", "the death toll rose to 12"."""

from __future__ import annotations

from dataclasses import replace

from pipeline.mentions.harm_scene import Scene
from pipeline.mentions.harm_words import HarmWord
from pipeline.mentions.labels import is_label
from pipeline.mentions.quantities import Quantity, read_quantity
from pipeline.mentions.victim_lists import object_at
from pipeline.mentions.victims import Persons
from pipeline.mentions.words import word_set
from pipeline.models import Count

ONE = Count(1, 1, 1)
FOUND = word_set("found")
TOLL_VERBS = word_set("toll_verbs")
ROSE = frozenset(["gone", "went", "goes", "go", "going", "moved", "shot"])

ENDS_A_FIGURE = word_set("ends_a_figure")


def of_noun(s: Scene, harm: HarmWord) -> list[Persons]:
    """ "12 deaths", "no casualties", "12 bodies", "the death of a soldier", "the body of a man"."""
    words = s.words
    numbered = numbered_noun(s, harm)
    if not numbered and harm.end < len(words) and words[harm.end].lower == "of" and harm.frame != "before":
        after = object_at(s, harm.end + 1)
        if harm.frame == "body" and after and not bodies_found(s, harm.end):
            return []
        if after:
            return [replace(p, definite=True) for p in after] if after[0].named else after
    if not numbered and harm.text in ("body", "corpse") and bodies_found(s, harm.start):
        return [Persons(harm.start, harm.end, ONE, "", "", None, True, False, False, rule="a body")]
    return numbered


def numbered_noun(s: Scene, harm: HarmWord) -> list[Persons]:
    """ "12 deaths", "two charred bodies", "no casualties"."""
    words = s.words
    for start in range(max(0, harm.start - 6), harm.start):
        quantity = None if is_label(words, start) else read_quantity(words, start)
        if quantity is None or quantity.end > harm.start or quantity.kind in ("one", "possessive", "definite"):
            continue
        between = words[quantity.end : harm.start]
        if harm.text == "injuries" and (quantity.kind == "vague" or between):
            continue  # "several blunt-force injuries" are of one person
        if any(not w.text[0].isalpha() or w.lower in ("no", "any", "without") for w in between):
            continue
        if quantity.kind != "none" and harm.frame != "body" and harm.start - quantity.end > 2:
            continue
        if harm.frame == "body" and not bodies_found(s, harm.start):
            return []
        count = quantity.count
        return [
            Persons(start, harm.end, count, "", "", None, quantity.definite, quantity.addition, False, rule="N deaths")
        ]
    return []


def bodies_found(s: Scene, at: int) -> bool:
    near = {w.lower for w in s.words[max(0, at - 12) : at + 30]}
    return bool(near & FOUND)


def _latest(s: Scene, quantity: Quantity) -> Quantity:
    """Where a toll has gone: "rose from 11 to 12" and "went up to 12" are 12."""
    before = s.words[quantity.start - 1].lower if quantity.start else ""
    count = quantity.count
    if before == "from" and quantity.rule == "N to M" or before in ROSE and quantity.rule == "up to N":
        return replace(quantity, count=Count(count.high, count.high, count.high))
    return quantity


def toll_after(s: Scene, at: int, *, alone: bool = False) -> list[Persons]:
    """ "the death toll rose to at least 12": the first number in the next words, or after the verb of the toll.

    `alone`: the words before tell of no dead, "a priest spoke of 26": no noun may follow but for the dead.
    """
    raised = _raised_to(s, at)
    if raised is not None:
        return [Persons(raised.start, raised.end, raised.count, "", "", None, False, False, False, rule="toll")]
    end = _sentence_part(s, at)
    near = next((k for k in range(at, min(at + 9, end)) if s.words[k].text == ","), min(at + 9, end))
    starts = list(range(at, near))
    if verb := next((k for k in range(at, end) if s.words[k].lower in TOLL_VERBS), 0):
        starts = list(range(verb, min(verb + 6, end))) or starts
    for k in starts:
        if is_label(s.words, k):
            continue
        if (quantity := read_quantity(s.words, k)) and quantity.kind in ("number", "vague"):
            if alone and quantity.end < len(s.words) and s.words[quantity.end].lower not in ENDS_A_FIGURE:
                return []
            quantity = _latest(s, quantity)
            found = Persons(
                quantity.start, quantity.end, quantity.count, "", "", None, False, False, False, rule="toll"
            )
            return [found]
    return []


def _raised_to(s: Scene, at: int) -> Quantity | None:
    """ "bringing to 75 the number of people who have died": the number that stands before its toll."""
    the = next((k for k in range(at - 1, max(0, at - 9), -1) if s.words[k].lower == "the"), 0)
    for k in range(max(0, the - 4), the):
        quantity = read_quantity(s.words, k)
        if quantity and quantity.kind == "number" and quantity.end == the and k and s.words[k - 1].lower == "to":
            return quantity
    return None


def _sentence_part(s: Scene, at: int) -> int:
    """Where the clause of a toll ends at the latest."""
    return next(
        (k for k in range(at, min(at + 40, len(s.words))) if s.words[k].text in (".", ";")), min(at + 40, len(s.words))
    )
