"""Sentences -> how many were killed or hurt, with the words that say so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.lexicons import lower_in_place
from pipeline.mentions.harm_scene import PREPOSITIONS, Scene, clause_start
from pipeline.mentions.harm_words import BE, HarmWord, find_harm_words, may_harm, why_not_asserted
from pipeline.mentions.names import count_names
from pipeline.mentions.victim_links import ASSAILANTS, ONLY_PERSONS, victims_of
from pipeline.mentions.victims import STOPS, Persons, find_persons
from pipeline.mentions.words import Word, split_words, word_set
from pipeline.models import Count, CountMention, Document, Harm, Sentence

ATTACKERS = word_set("attackers")
# Between two numbers of one sentence: another speaker, a total, a day
ONE_MORE_TELLING = word_set("one_more_telling")
# "The governor had earlier spoken of 59 injured", "down from 12": a figure that another has replaced
EARLIER_FIGURE = re.compile(
    r"\b(?:had|have)\s+(?:earlier|initially|previously|first|originally)\s+(?:spoken\s+of|said|reported|put|given|announced"
    r"|counted|estimated|listed)\b[^.;]{0,60}\Z"
    r"|\binitially\s+(?:said|put|gave|reported|spoke\s+of|announced|counted)\b[^.;]{0,60}\Z"
    r"|\b(?:down|up|revised|raised|lowered|corrected)\s+(?:(?:down|up)(?:wards?)?\s+)?from\s+(?:[a-z]+\s+){0,5}\Z"
    r"|\b(?:earlier|initial|previous|preliminary)\s+(?:official\s+|death\s+)?(?:toll|count|figure|estimate|report)s?\s+"
    r"(?:of|put|had\s+put|was|stood\s+at|said)\b[^.;]{0,40}\Z"
)
OF_THE_HURT = re.compile(r"\W*Of (?:the|those|its|their) [\w,]+ (?:wounded|injured|hurt)\b")
TAKING = frozenset(
    ["took", "seized", "up", "off", "out", "led", "drove", "caught", "abducted"]
)  # "rounded up nine men"
EARLIER = "an earlier figure"
BESIDE = "beside the others"
DEAD_WORDS = frozenset(["slain", "dead", "killed", "deceased", "martyred"])
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
    return _read(Scene(words, harms, persons, sentence.role == "title"), sentence, year)


def _is_place_name(words: Sequence[Word], p: Persons) -> bool:
    return p.bare and p.end < len(words) and words[p.end].lower in NOT_PERSONS_AFTER


def _read(s: Scene, sentence: Sentence, year: int | None) -> list[CountMention]:
    """Link each harm word to its victims."""
    mentions: list[CountMention] = []
    taken: set[tuple[int, str]] = set()
    for index, harm in enumerate(s.harms):
        group = victims_of(s, index, harm)
        group = s.victims[index] = [_all_of(s, p, harm) for p in group]
        kind = harm.harm
        if kind == "shot" and _shares_a_death(s, index):
            continue
        group = [p for p in group if (p.start, kind) not in taken]
        if s.words[harm.start].lower in ONLY_PERSONS:
            group = [p for p in group if _is_whole(s, p)]
        if harm.harm == "shot" and not s.title:
            group = [p for p in group if not (p.bare and p.count.vague)]
        group = [_those_taken(s, p) for p in group]
        habit = harm.frame == "ing" and harm.start > 0 and s.words[harm.start - 1].lower in BE
        if not group or habit and all(p.bare and p.count.vague for p in group):
            continue
        fatal = to_death(s, group[-1].end, alive=harm.harm == "burnt")
        if harm.harm == "burnt" and not fatal:
            continue
        if harm.harm in ("shot", "injured", "burnt") and fatal:
            harm = replace(harm, harm="killed", text=f"{harm.text} ... to death")
        taken |= {(p.start, kind) for p in group}
        if harm.frame == "subject" and kind == "killed":  # "a man who was hurt last week died"
            starts = s.words[group[0].start].start + sentence.start_char
            mentions = [
                m for m in mentions if m.harm is not Harm.INJURED or m.start_char != starts or m.count != group[0].count
            ]
        mention = mention_of(s, sentence, year, harm, group)
        if group[0].rule == "pronoun" and mention.count.vague and mention.harm is Harm.KILLED:
            shot = [m for m in mentions if m.fate_open and not m.count.vague and (m.count.best or 0) > 1]
            if len(shot) == 1:  # "three men were shot ...; the army says that they died with weapons in hand"
                mention = replace(mention, count=shot[0].count, rule=f"{mention.rule}, who were shot")
        if mention.relation == "total" and any(_apart(s, sentence, m, mention) for m in mentions):
            mention = replace(mention, relation="addition", rule=f"{mention.rule}; {BESIDE}")
        mentions.append(mention)
    if any(EARLIER in m.rule for m in mentions):  # "updated its earlier toll of 15, saying three more had died"
        mentions = [replace(m, relation="repeat") if m.relation == "addition" else m for m in mentions]
    mentions = [m for m in mentions if not _wounds_of_a_dead(m, mentions)]
    for p in s.persons:  # "two wounded soldiers were flown out"
        told_before = p.bare or p.definite or p.rule.startswith("the")
        if p.adjective and not told_before and not any((p.start, h) in taken for h in ("killed", "injured", "shot")):
            dead = p.adjective in DEAD_WORDS
            harm = HarmWord(p.start, p.end, "adjective", "killed" if dead else "injured", p.adjective)
            mentions.append(mention_of(s, sentence, year, harm, [replace(p, definite=p.definite or p.bare)]))
    mentions = _without_who_died(mentions, sentence)
    return sorted(mentions, key=lambda m: (m.start_char, m.end_char, m.harm.value))


def _those_taken(s: Scene, p: Persons) -> Persons:
    """ "Dragged six priests from their beds and shot them": six."""
    if p.rule != "pronoun" or s.words[p.start].lower != "them" or not p.count.vague:
        return p
    before = [q for q in s.persons if q.end <= p.start]
    if not before or before[-1].count.vague or (before[-1].count.best or 0) < 2:
        return p
    led = {w.lower for w in s.words[max(0, before[-1].start - 2) : before[-1].start]}
    taken = led & TAKING or any(w.endswith("ed") for w in led)
    return replace(p, count=before[-1].count, definite=False, rule="those just taken") if taken else p


def _is_whole(s: Scene, p: Persons) -> bool:
    """Whether a phrase beside "neutralised" is who was killed: no "rebel training camp", no "arms of the suspect"."""
    if p.bare or p.rule == "pronoun" or p.start and s.words[p.start - 1].lower in PREPOSITIONS:
        return False
    after = s.words[p.end] if p.end < len(s.words) else None
    return after is None or not after.text[0].isalpha() or after.lower in STOPS or after.lower.endswith("ed")


def _shares_a_death(s: Scene, index: int) -> bool:
    """ "Were shot or burned to death": the next word says what became of them."""
    if index + 1 >= len(s.harms) or s.harms[index + 1].harm not in ("killed", "burnt"):
        return False
    between = [w.lower for w in s.words[s.harms[index].end : s.harms[index + 1].start]]
    return between in (["or"], ["and", "then"], [",", "or"])


def _all_of(s: Scene, p: Persons, harm: HarmWord) -> Persons:
    """ "Eleven of the 15 injured are in hospital": 15 were injured."""
    if p.whole is None or p.end != harm.start or harm.frame not in ("past", "dead"):
        return p
    return replace(p, count=p.whole, definite=False, rule="of N")


def _apart(s: Scene, sentence: Sentence, first: CountMention, second: CountMention) -> bool:
    """ "Nine died at once and two died in the clinic": two groups of dead, told by one voice."""
    counts = first.count, second.count
    if first.harm is not second.harm or s.title or not (first.asserted and second.asserted):
        return False
    if any(not c.best or c.vague for c in counts) or counts[0].best == counts[1].best or first.relation != "total":
        return False
    if (
        first.start_char > second.start_char or second.victims == "victim"
    ):  # "six were shot and one victim was hurt badly"
        return False
    low, high = first.end_char - sentence.start_char, second.start_char - sentence.start_char
    between = {w.lower for w in s.words if low <= w.start < high}
    return bool(between & {"and", "while", "but"}) and not between & ONE_MORE_TELLING


def _without_who_died(mentions: list[CountMention], sentence: Sentence) -> list[CountMention]:
    """ "A mine wounded seven people, two of whom later died": five are hurt."""
    died = [m for m in mentions if m.harm is Harm.KILLED and m.asserted and _of_whom(m, sentence)]
    if not died and mentions and OF_THE_HURT.match(sentence.text):
        died = [m for m in mentions[1:2] if m.harm is Harm.KILLED and m.asserted]
    if not died:
        return mentions
    out = []
    for m in mentions:
        n, of = died[0].count.best or 0, m.count.best or 0
        if m.harm is Harm.INJURED and m.end_char < died[0].start_char and of > n and m.count.high == of:
            m = replace(m, count=Count(of - n, of - n, of - n), rule=f"{m.rule}; {n} of them died")
        out.append(m)
    return out


def _wounds_of_a_dead(hurt: CountMention, mentions: list[CountMention]) -> bool:
    """ "A guard died of wounds he suffered on Thursday": nobody is hurt besides."""
    he = hurt.harm is Harm.INJURED and hurt.relation == "repeat" and hurt.text.lower() in ("he", "she")
    dead = [m for m in mentions if m.harm is Harm.KILLED and m.end_char < hurt.start_char]
    return he and bool(dead) and dead[-1].count.best == 1


def _of_whom(m: CountMention, sentence: Sentence) -> bool:
    said = sentence.text[m.start_char - sentence.start_char :].lower()
    if sentence.text[: m.start_char - sentence.start_char].endswith(" of whom "):
        return True
    return said[m.end_char - m.start_char :].startswith((" of whom", " of them")) or said.startswith(
        f"{m.text} of whom"
    )


def to_death(s: Scene, at: int, *, alive: bool) -> bool:
    """ "shot a man to death", "beat him to death", "shot her dead"."""
    after = [w.lower for w in s.words[at : at + 3]]
    return (
        after[:1] == ["dead"]
        or alive
        and "alive" in [w.lower for w in s.words[at : at + 8]]
        or after[:2] == ["to", "death"]
        or after[1:3] == ["to", "death"]
    )


def mention_of(s: Scene, sentence: Sentence, year: int | None, harm: HarmWord, group: list[Persons]) -> CountMention:
    """The count of one group of persons, with its rule."""
    group = without_repeats(group)
    count = add_counts([p.count for p in group])
    start, end = group[0].start, group[-1].end
    first, last = s.words[start], s.words[end - 1]
    offset = sentence.start_char
    text = sentence.text[first.start : last.end]
    index = next((i for i, h in enumerate(s.harms) if h is harm), 0)
    why_not = why_not_asserted(s.words, harm, clause_start(s, harm.start, index), start, year)
    also = harm.start > 0 and s.words[harm.start - 1].lower == "also"
    retold = group[0].definite and (group[0].count.best or 0) > 1  # "the three other victims"
    earlier = EARLIER_FIGURE.search(lower_in_place(sentence.text[: first.start])) is not None
    own_hand = group[0].rule == "himself" and len(group) == 1 and not _harms_others(s, harm)
    if own_hand or earlier:
        relation = "repeat"
    elif not retold and (group[0].addition or also and not group[0].definite):
        relation = "addition"
    elif all(p.definite and not _falls_too(s, p) for p in group):
        relation = "repeat"
    else:
        relation = "total"
    heads = list(dict.fromkeys(p.head for p in group if p.head))
    sides = {p.civilian for p in group}
    kind = Harm.INJURED if harm.harm == "shot" else Harm(harm.harm)
    if harm.harm == "casualties":
        count = count if count.best == 0 else Count()
    rules = ", ".join(dict.fromkeys(p.rule for p in group if p.rule))
    if names := count_names(s.words, end, group[-1]):
        rules, count = f"{rules}, {names} names", Count(names, names, names)
    return CountMention(
        field=sentence.field, start_char=offset + first.start, end_char=offset + last.end, text=text,
        sentence=sentence.index, harm=kind, count=count, relation=relation, victims=" | ".join(heads),
        civilian=sides.pop() if len(sides) == 1 else None, asserted=not why_not,
        rule="; ".join(filter(None, (f"{harm.text}: {rules}", EARLIER if earlier else "", why_not))),
        fate_open=harm.harm == "shot", groups=tuple(dict.fromkeys(p.group for p in group)),
        named=any(p.named for p in group),
    )  # fmt: skip


def _falls_too(s: Scene, p: Persons) -> bool:
    """Whether "one of the attackers": those who harmed were not counted among the harmed before."""
    return p.rule == "N" and p.head in ASSAILANTS and s.words[p.start + 1].lower == "of"


def _harms_others(s: Scene, harm: HarmWord) -> bool:
    """Whether who took his own life is told as an attacker: "he shot his wife, then killed himself", "the gunman"."""
    others = any(p.rule not in ("himself", "pronoun") for group in s.victims.values() for p in group)
    return others or any(p.head in ATTACKERS for p in s.persons if p.end <= harm.start)


def without_repeats(group: list[Persons]) -> list[Persons]:
    """Vague bare words beside counted ones add nothing: "12 people, civilians,"."""
    counted = [p for p in group if not (p.bare and p.count.vague)]
    return counted or group[:1]


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
