"""Sentences -> words that say what happened, each asserted or not by its clause."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.lexicons import lower_in_place, phrase_pattern, read_lexicon
from pipeline.mentions.words import may_say
from pipeline.models import Document, Sentence, ViolenceMention


class Trigger(NamedTuple):
    """One row of violence.csv. strength: verb happens, noun names, hint is means, weak is harm only."""

    event_type: str
    sub_event_type: str
    strength: str
    phrase: str


# Where a denial, a plan or a condition stops reaching: "The army denied it, but shells fell on the town."
CLAUSE_END = re.compile(
    r"[;:]|,? (?:but|although|though|while|whereas|after|when|as|because|since|before|until)\b|[\"“”]"
)
# A modal does not reach over a later finite past verb of its own: "would-be bombers were shot dead"
PAST = re.compile(r"\b(?:was|were|has|have|had|killed|wounded|injured|left|took|hit|struck|destroyed)\b")
MODAL_AFTER = re.compile(r"\s+(?:(?:there|here)\s+)?(?:would|could|might|may|will|must|should)\b(?! have\b)")
# "The fall of the town to the rebels would cut the road"
NAMED_MODAL = re.compile(r"[^.,;:]{0,60}?\b(?:would|could|might|may)\b(?! have\b)")
# "could not be verified", "may have been killed by" speak of the proof, not of the deed
DENIED = "; denied"
DENIAL = re.compile(r"\b(?:den(?:ied|ies|y|ying)|reject(?:ed|s)) that\b", re.IGNORECASE)
DENYING = frozenset(["denied", "denies", "deny", "denying", "rejected", "rejects"])
# "Reports of executions in the town are lies"
LIES = frozenset(["lies", "false", "untrue", "baseless", "unfounded", "fabricated", "fake"])
RUMOUR = re.compile(
    r"\b(?:reports?|claims?|rumou?rs|allegations?) (?:of|that) [^.;]{0,80}?\b(?:is|are|was|were) (?:\w+ )?"
    r"(?:lies|false|untrue|baseless|unfounded|fabricated|fake)\b",
    re.IGNORECASE,
)
PAST_LIMITS = frozenset(["only", "immediately", "immediate", "less", "fewer", "longer"])
REPORTED_PAST = re.compile(r"\b(?:no|not) (?:only|immediately|immediate|less|fewer|longer)\b", re.IGNORECASE)


@cache
def _triggers() -> tuple[re.Pattern[str], dict[str, list[tuple[str, Trigger]]]]:
    """The pattern of all phrases in lower case, and by first letter each phrase with its row, the longest first."""
    rows = read_lexicon("violence")
    found = {
        row["phrase"].lower(): Trigger(row["event_type"], row["sub_event_type"], row["strength"], row["phrase"])
        for row in rows
    }
    by_letter: dict[str, list[tuple[str, Trigger]]] = {}
    for phrase, trigger in sorted(found.items(), key=lambda item: (-len(item[0]), item[0])):
        by_letter.setdefault(phrase[0], []).append((phrase, trigger))
    return phrase_pattern(found, ignore_case=False), by_letter


@cache
def _phrase(phrase: str) -> re.Pattern[str]:
    return phrase_pattern([phrase])


@cache
def trigger_of(text: str) -> Trigger:
    """The lexicon row that a found phrase belongs to: the longest that matches it whole."""
    for phrase, trigger in _triggers()[1].get(text[0], ()):
        if (found := _phrase(phrase).match(text)) and found.end() == len(text):
            return trigger
    raise LookupError(f"{text!r} was found by violence.csv, but no row of it matches")


@cache
def _assertion() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = read_lexicon("assertion")
    return (
        phrase_pattern((row["phrase"].lower() for row in rows if row["kind"] == "before"), ignore_case=False),
        phrase_pattern((row["phrase"].lower() for row in rows if row["kind"] == "near"), ignore_case=False),
    )


def find_violence(document: Document) -> list[ViolenceMention]:
    """The words of violence.csv in the sentences that are read, in text order."""
    found: list[ViolenceMention] = []
    pattern = _triggers()[0]
    for sentence in document.sentences:
        if sentence.role == "boilerplate":
            continue
        for match in pattern.finditer(lower_in_place(sentence.text)):
            trigger, (start, end) = trigger_of(match[0]), match.span()
            doubt = why_not_asserted(sentence, start, end)
            denied = DENIED if is_denied(sentence.text, start) else ""
            why = f"; not asserted: {doubt}" if doubt else denied
            found.append(
                ViolenceMention(
                    sentence.field, sentence.start_char + start, sentence.start_char + end, sentence.text[start:end],
                    sentence.index, trigger.event_type, trigger.sub_event_type, asserted=not doubt,
                    reason=f"{trigger.strength}: {trigger.phrase}{why}",
                )
            )  # fmt: skip
    return found


@lru_cache(maxsize=64)  # asked for at each trigger of a sentence
def _unreal(text: str) -> str:
    found = _assertion()[1].search(lower_in_place(text))
    return found[0] if found else ""


def why_not_asserted(sentence: Sentence, start: int, end: int) -> str:
    """What makes the words at [start:end] of a sentence no fact, or "" where they are told as one."""
    before, text = _assertion()[0], sentence.text
    if unreal := _unreal(text):
        return f"the sentence speaks of {unreal}"
    left = 0
    for mark in CLAUSE_END.finditer(text, 0, start):
        left = mark.end()
    clause = text[left:start]
    if may_say(text, PAST_LIMITS):
        clause = REPORTED_PAST.sub(lambda m: " " * len(m[0]), clause)
    if may_say(text, LIES) and (rumour := RUMOUR.search(text)) and rumour.start() < start < rumour.end():
        return f"“{rumour[0][-20:]}”"
    for cue in before.finditer(lower_in_place(clause)):
        between = clause[cue.end() :]
        if len(between.split()) <= 8 and not PAST.search(between):
            return f"“{cue[0]}” stands before it"
    after = text[end : end + 32]
    if MODAL_AFTER.match(after):
        return "a modal follows it"
    if text[start:end].lower().endswith(" of") and NAMED_MODAL.match(text, end):
        return "a modal follows it"
    return ""


def is_denied(text: str, start: int) -> bool:
    """Whether somebody denies what stands at [start:]: "denied that its planes had bombed the school"."""
    if not may_say(text, DENYING):
        return False
    left = max((mark.end() for mark in CLAUSE_END.finditer(text, 0, start)), default=0)
    denial = DENIAL.search(text, left, start)
    return denial is not None and len(text[denial.end() : start].split()) <= 8


# Which of several sub-types in one sentence decides: what cannot be meant otherwise comes first
SUB_TYPE_ORDER = (
    "Chemical weapon", "Suicide bomb", "Air/drone strike", "Grenade", "Remote explosive/landmine/IED",
    "Shelling/artillery/missile attack", "Excessive force against protesters", "Abduction/forced disappearance",
    "Sexual violence", "Mob violence", "Violent demonstration", "Government regains territory",
    "Non-state actor overtakes territory", "Armed clash", "Attack", "Protest with intervention", "Peaceful protest",
)  # fmt: skip


def priority(sub_event_type: str) -> int:
    """How surely a sub-type outranks others that the same sentence names."""
    return len(SUB_TYPE_ORDER) - SUB_TYPE_ORDER.index(sub_event_type) if sub_event_type in SUB_TYPE_ORDER else 0
