"""Sentences -> how many were killed or hurt, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.mentions.harm_words import BE, HarmWord, find_harm_words, may_harm, why_not_asserted
from pipeline.mentions.names import count_names, read_name
from pipeline.mentions.quantities import VAGUE, read_quantity
from pipeline.mentions.victims import UNITS, Persons, find_persons, is_label
from pipeline.mentions.words import Word, split_words, word_set
from pipeline.models import Count, CountMention, Document, Harm, Sentence

BEFORE_DEAD = word_set("before_dead")
ONE = Count(1, 1, 1)
DEAD_WORDS = frozenset(["slain", "dead", "killed", "deceased", "martyred"])
FOUND = word_set("found")
SUBSET = frozenset(["including", "includes", "included", "include", "among", "incl"])
PREPOSITIONS = word_set("prepositions")
ADVERBS = re.compile(r"\w+ly|also|later|then|both|too|himself|herself|themselves|all|allegedly|up|down|immediately")
JOINERS = frozenset([",", "and", "&", "plus", "besides", "or"])
# A clause does not reach back over these
CLAUSE_BREAKS = frozenset(
    [";", ":", "that", "when", "while", "after", "before", "where", "because", "but", "as", "which"]
)
FINITE = word_set("finite")
NOT_PERSONS_AFTER = word_set("not_persons_after")


def find_casualties(document: Document) -> list[CountMention]:
    """Every count of persons killed or hurt, in text order.

    Verbs ("killed 12", "12 were killed", "killing at least 12", "succumbed"), "dead" ("left 12 dead"), nouns
    ("the death toll rose to 12", "12 bodies were found", "the death of a soldier"), "no casualties".
    """
    found: list[CountMention] = []
    for sentence in document.sentences:
        if sentence.role != "boilerplate":
            found += read_sentence(sentence, document.dct.year if document.dct else None)
    return found


def read_sentence(sentence: Sentence, year: int | None = None) -> list[CountMention]:
    """The counts of one sentence."""
    if not may_harm(sentence.text):
        return []
    words = split_words(sentence.text)
    harms = find_harm_words(words)
    if not harms:
        return []
    persons = [p for p in find_persons(words) if not _is_place_name(words, p)]
    return _Reader(sentence, words, harms, persons, year).read()


def _is_place_name(words: Sequence[Word], p: Persons) -> bool:
    return p.bare and p.end < len(words) and words[p.end].lower in NOT_PERSONS_AFTER


class _Reader:
    """One sentence: its harm words, its persons, and who belongs to which."""

    def __init__(
        self, sentence: Sentence, words: list[Word], harms: list[HarmWord], persons: list[Persons], year: int | None
    ) -> None:
        self.year = year
        self.sentence, self.words = sentence, words
        inside = [range(p.start, p.end) for p in persons if p.adjective]
        self.harms = harms = [h for h in harms if not any(h.start in span for span in inside)]
        self.persons = persons
        self.by_start = {p.start: p for p in persons}
        self.title = sentence.role == "title"
        self.victims: dict[int, list[Persons]] = {}  # harm word -> who it harmed
        self.harm_starts = {h.start: h for h in harms}

    def read(self) -> list[CountMention]:
        """Link each harm word to its victims."""
        mentions: list[CountMention] = []
        taken: set[tuple[int, str]] = set()
        for index, harm in enumerate(self.harms):
            group = self._link(index, harm)
            self.victims[index] = group
            kind = harm.harm
            group = [p for p in group if (p.start, kind) not in taken]
            if harm.harm == "shot" and not self.title:
                group = [p for p in group if not (p.bare and p.count.vague)]
            if not group:
                continue
            if harm.harm in ("shot", "injured") and self._to_death(group[-1].end):
                harm = replace(harm, harm="killed", text=f"{harm.text} ... to death")
            taken |= {(p.start, kind) for p in group}
            mentions.append(self._mention(harm, group))
        for p in self.persons:  # "two wounded soldiers were flown out"
            told_before = p.bare or p.definite or p.rule.startswith("the")
            if (
                p.adjective
                and not told_before
                and not any((p.start, h) in taken for h in ("killed", "injured", "shot"))
            ):
                dead = p.adjective in DEAD_WORDS
                harm = HarmWord(p.start, p.end, "adjective", "killed" if dead else "injured", p.adjective)
                mentions.append(self._mention(harm, [replace(p, definite=p.definite or p.bare)]))
        return sorted(mentions, key=lambda m: (m.start_char, m.end_char, m.harm.value))

    # --- who was harmed ---------------------------------------------------------------------------------------

    def _link(self, index: int, harm: HarmWord) -> list[Persons]:
        words = self.words
        the = harm.start > 0 and words[harm.start - 1].lower == "the"
        if the and harm.frame in ("past", "dead"):
            return self._named_dead(harm)
        if harm.frame in ("past", "base"):
            if self._passive(harm.start):
                subject = self._subject(self._before_aux(harm.start), index) or self._object(harm.end)
                return subject + self._along_with(harm.end)
            after = self._object(harm.end)
            beside = self._adjacent_before(harm.start)
            if after and beside and harm.frame == "past" and self._starts_own_clause(after):
                return beside
            if after:
                return after
            if harm.frame == "base" or self._has_object(harm.end):
                return self._unread_object(harm)
            if shared := self._shared(index):
                return shared
            if right := self._shared_right(index):
                return right
            return beside or self._subject(harm.start, index)
        if harm.frame == "ing":
            after = self._object(harm.end)
            if not after and harm.end < len(words) and words[harm.end].lower == "of":
                after = self._object(harm.end + 1)
            return after or self._shared_right(index)
        if harm.frame == "subject":
            return self._subject(self._before_aux(harm.start), index)
        if harm.frame == "dead":
            beside = self._adjacent_before(harm.start)
            if beside:
                return beside
            after = self._object(harm.end)
            if after and all(not p.bare for p in after):
                return after
            before = self._before_aux(harm.start)
            return self._subject(before, index) if before < harm.start else []
        if harm.text == "lost":
            return [p for p in self._object(harm.end) if not p.bare and p.rule != "pronoun"]
        if harm.frame == "object":
            return self._object(harm.end)
        if harm.frame == "toll":
            return self._toll(harm.end)
        if harm.frame in ("noun", "body", "before"):
            return self._noun(harm)
        return []

    def _has_object(self, at: int) -> bool:
        """Whether an object follows that was not read as persons: "killed a tanner", "killed Omar (30)"."""
        while at < len(self.words) and ADVERBS.fullmatch(self.words[at].lower):
            at += 1
        if at >= len(self.words) or self.title:
            return False
        word = self.words[at]
        if word.lower in ("a", "an", "the", "his", "her", "their", "one"):
            return True
        return word.capitalised and word.text[0].isalpha() and not read_quantity(self.words, at)

    def _unread_object(self, harm: HarmWord) -> list[Persons]:
        """One person for "a tanner", "Omar (30)"; whoever is killed, murdered, beheaded is a person."""
        at = harm.end
        while at < len(self.words) and ADVERBS.fullmatch(self.words[at].lower):
            at += 1
        if at >= len(self.words) or harm.harm != "killed":
            return []
        word, end = self.words[at], at + 1
        if word.lower in ("a", "an", "one"):
            while end < len(self.words) and end < at + 5 and self.words[end].text[0].isalpha():
                if self.words[end].lower in PREPOSITIONS or self.words[end].lower in CLAUSE_BREAKS:
                    break
                end += 1
            known_thing = end > at + 1 and self.words[end - 1].lower in UNITS
            if end == at + 1 or known_thing:
                return []
        elif not word.capitalised or not word.text[0].isalpha() or word.text.isupper():
            return []
        one = Count(1, 1, 1)
        return [Persons(at, end, one, "", "", None, False, False, False, named=word.capitalised, rule="one person")]

    def _along_with(self, at: int) -> list[Persons]:
        """ "was killed in the raid along with two guards": those two as well."""
        for k in range(at, min(at + 12, len(self.words) - 2)):
            if self.words[k].lower in CLAUSE_BREAKS or self.words[k].lower in (",", "and") or k in self.harm_starts:
                return []
            if self.words[k].lower in ("along", "together") and self.words[k + 1].lower == "with":
                more = self._object(k + 2)
                return [p for p in more if not (p.bare and p.count.vague)]
        return []

    def _named_dead(self, harm: HarmWord) -> list[Persons]:
        """ "The dead were identified as A and B": two; "the wounded were flown out": no number."""
        if harm.harm != "killed":
            return []
        several = Persons(harm.start - 1, harm.end, VAGUE, "", "", None, True, False, False, rule="the dead")
        return [several] if count_names(self.words, harm.end, several) else []

    def _passive(self, at: int) -> bool:
        back = at - 1
        while back >= 0 and (ADVERBS.fullmatch(self.words[back].lower) or self.words[back].lower in ("not", "to")):
            back -= 1
        return back >= 0 and self.words[back].lower in BE

    def _before_aux(self, at: int) -> int:
        """Where the subject of the verb here ends: before its helping verbs and adverbs."""
        skip = BE | BEFORE_DEAD
        while at > 0 and (self.words[at - 1].lower in skip or ADVERBS.fullmatch(self.words[at - 1].lower)):
            at -= 1
        return at

    def _adjacent_before(self, at: int) -> list[Persons]:
        """ "12 dead", "four others wounded", "Boy, 14, shot": the persons that end just here."""
        at = self._before_aux(at) if self.title else at
        while at > 0 and ADVERBS.fullmatch(self.words[at - 1].lower):
            at -= 1
        at = self._skip_age_back(at)
        for p in self.persons:
            if p.end == at:
                return self._chain_back(p)
        return []

    def _skip_age_back(self, at: int) -> int:
        """Before ", 14," or "(14)" or a closing apposition."""
        w = self.words
        if at >= 4 and w[at - 1].text == "," and w[at - 2].text == ")":
            at -= 1
        if at >= 3 and w[at - 1].text == ")":
            for k in range(at - 2, max(0, at - 10), -1):
                if w[k].text == "(":
                    return k
        if at >= 3 and w[at - 1].text in (",", ")") and w[at - 2].text.isdigit() and w[at - 3].text in (",", "("):
            return at - 3
        return at

    def _subject(self, at: int, index: int) -> list[Persons]:
        """The persons that the clause before this word is about."""
        words = self.words
        if at > 0 and words[at - 1].lower in ("who", "whom", "which", "that"):
            at -= 1
            if at > 0 and words[at - 1].text == ",":
                at -= 1
            near = [p for p in self.persons if p.end <= at]
            return [near[-1]] if near and at - near[-1].end <= 8 else []
        at = self._skip_age_back(at)
        low = self._clause_start(at, index)
        candidates = [p for p in self.persons if low <= p.start and p.end <= at]
        for p in reversed(candidates):
            if self._governed(p) or self.words[p.start].lower in ("both", "all") and p.start and p is not candidates[0]:
                continue
            if chain := self._chain_back(p):
                return chain
        name = read_name(words, low, at) or self._name_before_aux(low, at)
        if name:
            start, end, number = name
            one = Count(number, number, number)
            return [Persons(start, end, one, "", "", None, False, False, False, named=True, rule="named")]
        if not candidates and (unread := self._unread_subject(low, at)):
            return [unread]
        for p in reversed(candidates):
            if words[p.start - 1].lower == "of" and not p.bare:
                return [p]
        return []

    def _unread_subject(self, low: int, at: int) -> Persons | None:
        """ "24 shoppers were killed": a number and a noun that no list knows."""
        for k in range(max(low, at - 6), at):
            quantity = read_quantity(self.words, k)
            if quantity is None or quantity.kind != "number" or quantity.end >= at or is_label(self.words, k):
                continue
            nouns = self.words[quantity.end : at]
            if all(w.text[0].isalpha() and w.lower not in UNITS | PREPOSITIONS | FINITE for w in nouns):
                return Persons(
                    k, at, quantity.count, nouns[-1].lower, "", None, False, False, False, rule=quantity.rule
                )
            return None
        return None

    def _name_before_aux(self, low: int, at: int) -> tuple[int, int, int] | None:
        """ "Omar Haddad (27) was abducted and later killed": the name before the first helping verb."""
        for k in range(low, at):
            if self.words[k].lower in BE:
                return read_name(self.words, low, k)
        return None

    def _clause_start(self, at: int, index: int) -> int:
        """Where the clause that ends here begins."""
        low = self.harms[index - 1].end if index else 0
        for k in range(at - 1, low - 1, -1):
            lower = self.words[k].lower
            if lower in CLAUSE_BREAKS:
                if lower == "as" and self._as_is_no_break(k):
                    continue
                return k + 1
        return low

    def _as_is_no_break(self, k: int) -> bool:
        around = (self.words[k - 1].lower if k else "", self.words[k + 1].lower if k + 1 < len(self.words) else "")
        return around[0] in ("identified", "known", "named", "described", "many", "such", "well") or around[1] in (
            "many", "well",
        )  # fmt: skip

    def _governed(self, p: Persons) -> bool:
        """Whether the phrase is only part of another one: "of the rebels", "including a woman", "identified as"."""
        if p.start == 0:
            return False
        before = self.words[p.start - 1].lower
        if before in ("them", "whom") and p.start > 1 and self.words[p.start - 2].lower in ("of", "among"):
            return True  # "among them three women", "most of them civilians"
        return before in PREPOSITIONS or before in SUBSET or before in ("named", "called", "identified")

    def _chain_back(self, p: Persons) -> list[Persons]:
        """The phrase and those joined to it on its left: "three soldiers, a guide and two civilians"."""
        chain = [p]
        while True:
            first = chain[0]
            k = first.start - 1
            joined = False
            if k >= 2 and " ".join(w.lower for w in self.words[k - 2 : k + 1]) == "as well as":
                k, joined = k - 3, True
            elif k >= 1 and " ".join(w.lower for w in self.words[k - 1 : k + 1]) == "along with":
                k, joined = k - 2, True
            while k >= 0 and self.words[k].lower in JOINERS:
                # A comma alone joins only where "and" follows later: "a boy, a teacher, were" is one person
                joined |= self.words[k].text != "," or len(chain) > 1
                k -= 1
            if not joined:
                return _without_apposition(self.words, chain)
            k = self._skip_age_back(k + 1) - 1
            left = None
            for q in reversed(self.persons):
                if q.end <= k + 1:
                    gap = self.words[q.end : k + 1]
                    if any(w.lower in FINITE or w.text in (";", ":") for w in gap) or len(gap) > 14:
                        break
                    if any(h.start >= q.end and h.end <= k + 1 for h in self.harms):
                        break
                    if self._governed(q):
                        if self.words[q.start - 1].lower in SUBSET:
                            return []  # "12 people, including four boys and two girls, were killed"
                        continue
                    left = q
                    break
            if left is None or (left.bare and not left.named and left.count.vague) or left.count.best == 0:
                return _without_apposition(self.words, chain)
            chain.insert(0, left)

    def _object(self, at: int) -> list[Persons]:
        """The persons that begin at this word, and those joined to them on the right."""
        words = self.words
        k = at
        while k < len(words) and k < at + 3 and (
            ADVERBS.fullmatch(words[k].lower) and read_quantity(words, k) is None or words[k].text in ('"', "“", "‘")
        ):  # fmt: skip
            k += 1
        first = self.by_start.get(k)
        if first is None:
            if k < len(words) and (name := read_name(words, k, len(words), forward=True)):
                one = Count(name[2], name[2], name[2])
                return [Persons(name[0], name[1], one, "", "", None, False, False, False, named=True, rule="named")]
            return []
        chain = [first]
        while True:
            k = chain[-1].end
            nxt = next((p for p in self.persons if p.start >= k), None)
            if nxt is None:
                return _without_apposition(self.words, chain)
            gap = [w.lower for w in words[k : nxt.start]]
            joined = bool(gap) and (
                gap[-1] in JOINERS or gap[-3:] == ["as", "well", "as"] or gap[-2:] == ["along", "with"]
            )
            if nxt.start < len(words) and words[nxt.start].lower in ("both", "all"):
                return _without_apposition(self.words, chain)
            if "identified" in gap and (first.count.best or 0) > 1 and gap[-2:] != [",", "and"]:
                return _without_apposition(self.words, chain)
            if not joined or len(gap) > 14 or any(g in SUBSET or g in FINITE or g in (";", ":") for g in gap):
                return _without_apposition(self.words, chain)
            if any(h.start >= k and h.end <= nxt.start for h in self.harms) or any(
                g in CLAUSE_BREAKS - {"as"} for g in gap
            ):
                return _without_apposition(self.words, chain)
            if self._acts_itself(nxt) or nxt.count.best == 0 or nxt.rule == "pronoun":
                return _without_apposition(self.words, chain)
            if gap[-1] == "," and not self._and_follows(nxt.end):
                return _without_apposition(self.words, chain)
            chain.append(nxt)

    def _and_follows(self, at: int) -> bool:
        """Whether the list goes on to an "and": "a guide, two boys and a girl"."""
        for k in range(at, min(at + 12, len(self.words))):
            lower = self.words[k].lower
            if lower in ("and", "&"):
                return k + 1 in self.by_start
            if lower in CLAUSE_BREAKS or lower in FINITE or k in self.harm_starts:
                return False
        return False

    def _acts_itself(self, p: Persons) -> bool:
        """Whether a verb of its own follows: "killed 3 and 5 others were wounded"."""
        k = p.end
        while k < len(self.words) and ADVERBS.fullmatch(self.words[k].lower):
            k += 1
        if k >= len(self.words):
            return False
        nxt = self.words[k]
        return nxt.lower in BE | FINITE | {"sustained", "suffered", "received", "died"} or k in self.harm_starts

    def _starts_own_clause(self, after: list[Persons]) -> bool:
        """ "Two killed, three injured": what follows belongs to the next word."""
        return self._acts_itself(after[-1])

    def _shared(self, index: int) -> list[Persons]:
        """ "were killed and mutilated": the persons of the word before, joined by "and" """
        if not index:
            return []
        previous = self.harms[index - 1]
        between = [w.lower for w in self.words[previous.end : self.harms[index].start]]
        plain = [b for b in between if not ADVERBS.fullmatch(b)]
        return self.victims.get(index - 1, []) if plain in (["and"], ["or"], [",", "and"], [","]) else []

    def _shared_right(self, index: int) -> list[Persons]:
        """ "killing and wounding 12": the persons of the word after."""
        if index + 1 >= len(self.harms):
            return []
        between = [w.lower for w in self.words[self.harms[index].end : self.harms[index + 1].start]]
        return self._object(self.harms[index + 1].end) if between in (["and"], ["or"]) else []

    def _toll(self, at: int) -> list[Persons]:
        """ "the death toll rose to at least 12": the first number in the next words."""
        for k in range(at, min(at + 9, len(self.words))):
            if self.words[k].text in (".", ";", ","):
                return []
            if is_label(self.words, k):
                continue
            if (quantity := read_quantity(self.words, k)) and quantity.kind in ("number", "vague"):
                return [
                    Persons(
                        quantity.start, quantity.end, quantity.count, "", "", None, False, False, False, rule="toll"
                    )
                ]
        return []

    def _noun(self, harm: HarmWord) -> list[Persons]:
        """ "12 deaths", "no casualties", "12 bodies", "the death of a soldier", "the body of a man"."""
        words = self.words
        numbered = self._numbered(harm)
        if not numbered and harm.end < len(words) and words[harm.end].lower == "of" and harm.frame != "before":
            after = self._object(harm.end + 1)
            if harm.frame == "body" and after and not self._bodies_found(harm.end):
                return []
            if after:
                return [replace(p, definite=True) for p in after] if after[0].named else after
        if not numbered and harm.text in ("body", "corpse") and self._bodies_found(harm.start):
            return [Persons(harm.start, harm.end, ONE, "", "", None, True, False, False, rule="a body")]
        return numbered

    def _numbered(self, harm: HarmWord) -> list[Persons]:
        """ "12 deaths", "two charred bodies", "no casualties"."""
        words = self.words
        for start in range(max(0, harm.start - 6), harm.start):
            quantity = read_quantity(words, start)
            if quantity is None or quantity.end > harm.start or quantity.kind in ("one", "possessive", "definite"):
                continue
            if any(not w.text[0].isalpha() for w in words[quantity.end : harm.start]):
                continue
            if quantity.kind != "none" and harm.frame != "body" and harm.start - quantity.end > 2:
                continue
            if harm.frame == "body" and not self._bodies_found(harm.start):
                return []
            count = quantity.count
            return [
                Persons(
                    start, harm.end, count, "", "", None, quantity.definite, quantity.addition, False, rule="N deaths"
                )
            ]
        return []

    def _bodies_found(self, at: int) -> bool:
        near = {w.lower for w in self.words[max(0, at - 12) : at + 30]}
        return bool(near & FOUND)

    def _to_death(self, at: int) -> bool:
        """ "shot a man to death", "beat him to death", "shot her dead"."""
        after = [w.lower for w in self.words[at : at + 3]]
        return after[:1] == ["dead"] or after[:2] == ["to", "death"] or after[1:3] == ["to", "death"]

    # --- the mention --------------------------------------------------------------------------------------------

    def _mention(self, harm: HarmWord, group: list[Persons]) -> CountMention:
        group = self._without_repeats(group)
        count = add_counts([p.count for p in group])
        start, end = group[0].start, group[-1].end
        first, last = self.words[start], self.words[end - 1]
        offset = self.sentence.start_char
        text = self.sentence.text[first.start : last.end]
        index = next((i for i, h in enumerate(self.harms) if h is harm), 0)
        why_not = why_not_asserted(self.words, harm, self._clause_start(harm.start, index), start, self.year)
        also = harm.start > 0 and self.words[harm.start - 1].lower == "also"
        if all(p.addition for p in group) or group[0].addition or also and not group[0].definite:
            relation = "addition"
        elif all(p.definite for p in group):
            relation = "repeat"
        else:
            relation = "total"
        heads = list(dict.fromkeys(p.head for p in group if p.head))
        sides = {p.civilian for p in group}
        kind = Harm.INJURED if harm.harm == "shot" else Harm(harm.harm)
        if harm.harm == "casualties":
            count = count if count.best == 0 else Count()
        rules = ", ".join(dict.fromkeys(p.rule for p in group if p.rule))
        if names := count_names(self.words, end, group[-1]):
            rules, count = f"{rules}, {names} names", Count(names, names, names)
        return CountMention(
            field=self.sentence.field, start_char=offset + first.start, end_char=offset + last.end, text=text,
            sentence=self.sentence.index, harm=kind, count=count, relation=relation, victims=" | ".join(heads),
            civilian=sides.pop() if len(sides) == 1 else None, asserted=not why_not,
            rule=f"{harm.text}: {rules}" + (f"; {why_not}" if why_not else ""),
            fate_open=harm.harm == "shot", groups=tuple(dict.fromkeys(p.group for p in group)),
            named=any(p.named for p in group),
        )  # fmt: skip

    def _without_repeats(self, group: list[Persons]) -> list[Persons]:
        """Vague bare words beside counted ones add nothing: "12 people, civilians,"."""
        counted = [p for p in group if not (p.bare and p.count.vague)]
        return counted or group[:1]


def _without_apposition(words: Sequence[Word], chain: list[Persons]) -> list[Persons]:
    """ "two others, a driver and a guard" are two: what follows names those that the number counts."""
    first = chain[0].count.best or 0
    closed = chain[-1].end < len(words) and words[chain[-1].end].text == ","
    if (
        first > 1
        and len(chain) > 2
        and (closed or not chain[0].group)
        and sum(p.count.best or 0 for p in chain[1:]) == first
    ):
        return chain[:1]
    return chain


def add_counts(counts: Sequence[Count]) -> Count:
    """The sum, open where any part is open."""
    if len(counts) == 1:
        return counts[0]

    def total(values: list[int | None]) -> int | None:
        known = [v for v in values if v is not None]
        return sum(known) if len(known) == len(values) else None

    low = sum(c.low or 0 for c in counts)
    return Count(
        low, total([c.best for c in counts]), total([c.high for c in counts]),
        any(c.vague for c in counts), any(c.approximate for c in counts),
    )  # fmt: skip
