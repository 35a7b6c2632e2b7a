"""One sentence with its words of harm and its persons, and what stands around a word in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pipeline.mentions.harm_words import BE, HarmWord
from pipeline.mentions.victims import Persons
from pipeline.mentions.words import Word, word_set

BEFORE_DEAD = word_set("before_dead")
REPORTED = word_set("reported")
SUBSET = frozenset(["including", "includes", "included", "include", "among", "incl"])
PREPOSITIONS = word_set("prepositions")
ADVERBS = re.compile(r"(?<!\w)\w+ly|also|later|then|both|too|themselves|all|allegedly|up|down|immediately")
JOINERS = frozenset([",", "and", "&", "plus", "besides", "or"])
# A clause does not reach back over these
CLAUSE_BREAKS = frozenset(
    [";", ":", "that", "when", "while", "after", "before", "where", "because", "but", "as", "which"]
)
FINITE = word_set("finite")
HELPING = BE | BEFORE_DEAD
ACTING = BE | FINITE | {"sustained", "suffered", "received", "died"}
NO_DESCRIPTION = FINITE | PREPOSITIONS | SUBSET | CLAUSE_BREAKS | JOINERS | BE


@dataclass
class Scene:
    """The words of a sentence, and who and what of harm stands in it."""

    words: list[Word]
    harms: list[HarmWord]
    persons: list[Persons]
    title: bool
    victims: dict[int, list[Persons]] = field(default_factory=dict)  # index of a harm word -> who it harmed

    def __post_init__(self) -> None:
        inside = [range(p.start, p.end) for p in self.persons if p.adjective]
        self.harms = [h for h in self.harms if not any(h.start in span for span in inside)]
        self.by_start = {p.start: p for p in self.persons}
        self.harm_starts = {h.start for h in self.harms}


def is_passive(s: Scene, at: int) -> bool:
    back = at - 1
    while back >= 0 and (ADVERBS.fullmatch(s.words[back].lower) or s.words[back].lower in ("not", "to")):
        back -= 1
    return back >= 0 and s.words[back].lower in BE


def before_helpers(s: Scene, at: int) -> int:
    """Where the subject of the verb here ends: before its helping verbs and adverbs."""
    while at > 0 and (s.words[at - 1].lower in HELPING or ADVERBS.fullmatch(s.words[at - 1].lower)):
        if (
            s.words[at - 1].lower in ("both", "all")
            and at > 1
            and (s.words[at - 2].lower in JOINERS or s.words[at - 2].lower == ";")
        ):
            break  # "; both died"
        at -= 1
    return at


def before_age(s: Scene, at: int) -> int:
    """Before ", 14," or "(14)" or a closing apposition."""
    w = s.words
    if at >= 4 and w[at - 1].text == "," and w[at - 2].text == ")":
        at -= 1
    if at >= 3 and w[at - 1].text == ")":
        for k in range(at - 2, max(0, at - 10), -1):
            if w[k].text == "(":
                return k
    if at >= 3 and w[at - 1].text in (",", ")") and w[at - 2].text.isdigit() and w[at - 3].text in (",", "("):
        return at - 3
    return at


def clause_start(s: Scene, at: int, index: int) -> int:
    """Where the clause that ends here begins."""
    low = s.harms[index - 1].end if index else 0
    for k in range(at - 1, low - 1, -1):
        lower = s.words[k].lower
        if lower in CLAUSE_BREAKS:
            if lower == "as" and as_is_no_break(s, k):
                continue
            return k + 1
    return low


def as_is_no_break(s: Scene, k: int) -> bool:
    around = (s.words[k - 1].lower if k else "", s.words[k + 1].lower if k + 1 < len(s.words) else "")
    if k + 2 < len(s.words) and s.words[k + 2].text in (",", "and", "."):
        return True  # "posing as police, and"
    return around[0] in ("identified", "known", "named", "described", "many", "such", "well") or around[1] in (
        "many", "well", "a", "an",
    )  # fmt: skip


def _describes(lower: str) -> bool:
    return not lower.endswith("s") and lower not in NO_DESCRIPTION


def is_governed(s: Scene, p: Persons) -> bool:
    """Whether the phrase is only part of another one: "of the rebels", "including a woman", "identified as"."""
    if p.start == 0:
        return False
    at = p.start - 1
    while p.bare and at > max(0, p.start - 4) and s.words[at].text.islower() and _describes(s.words[at].lower):
        at -= 1  # "by masked men"
    before = s.words[at].lower
    if before in ("them", "whom") and p.start > 1 and s.words[p.start - 2].lower in ("of", "among"):
        return True  # "among them three women", "most of them civilians"
    return before in PREPOSITIONS or before in SUBSET or before in ("named", "called", "identified")


def is_aside(s: Scene, p: Persons, candidates: list[Persons]) -> bool:
    """Whether the phrase only tells more of persons before it: "one of them a girl", "including a porter and"."""
    before = [q for q in candidates if q.start < p.start and q is not p]
    if not before or p.rule == "himself" or p.addition:
        return bool(before) and not p.addition
    if s.words[p.end - 1].lower in ("them", "whom") and p.end - p.start > 1:
        between = [w.lower for w in s.words[before[-1].end : p.start]]
        return not any(b in FINITE or b.endswith("ed") for b in between)
    for k in range(p.start - 1, before[0].end - 1, -1):
        lower = s.words[k].lower
        if lower in FINITE or s.words[k].text in (";", ":"):
            return False
        if lower in ("them", "whom", "those") and s.words[k - 1].lower == "among" and s.words[k + 1].text == ",":
            return False  # "three policemen among them, and 48 were hurt"
        if lower in SUBSET or lower in ("them", "whom") and s.words[k - 1].lower in ("of", "among"):
            return True
    return False


def acts_itself(s: Scene, p: Persons) -> bool:
    """Whether a verb of its own follows: "killed 3 and 5 others were wounded"."""
    k = p.end
    while k < len(s.words) and ADVERBS.fullmatch(s.words[k].lower):
        k += 1
    if k >= len(s.words):
        return False
    nxt = s.words[k]
    return nxt.lower in ACTING or k in s.harm_starts
