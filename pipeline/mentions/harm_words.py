"""Words of harm in a sentence, and whether they are claimed to have happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.mentions.person_nouns import person_noun
from pipeline.mentions.words import LETTERS, Phrases, Word, letter_runs, read_rows, word_set

BE = word_set("be")
MODALS = word_set("modals")
# "managed to kill", "used to kill", "claimed to have killed" did happen
REAL_INFINITIVE = word_set("real_infinitive")
NEGATORS = word_set("negators")
THREATS = word_set("threats")
# What follows is an old deed of somebody, not the news
BACKGROUND = word_set("background")
CAUSES = word_set("causes")
PERIODS = word_set("periods")
DENIALS = frozenset(["denied", "denies", "denying"])
RUMOURS = word_set("rumours")
REJECTIONS = word_set("rejections")
UNTRUE = word_set("untrue")
SUSTAIN = word_set("sustain")
FRACTIONS = word_set("fractions")
INJURIES = word_set("injuries")
CAPTURED = word_set("captured")
STOPPING = frozenset(["the", "no", "his", "her", "their", "without", "to", "of", "by", "in", "for", "people"])
STOPPING |= {"power", "electricity", "water", "budget", "pay", "job", "price", "aid", "fuel", "funding"}  # their cuts
RELATIVE = frozenset(["who", "which", "that", "whose"])
ANNIVERSARY = word_set("anniversary")


@dataclass(slots=True)
class HarmWord:
    """words[start:end] say that somebody was killed or hurt."""

    start: int
    end: int
    frame: str  # how its victims stand to it, see harm_words.csv
    harm: str  # "killed", "injured", "casualties", "shot" (hurt unless the text says dead)
    text: str


@lru_cache(maxsize=1)
def _phrases() -> Phrases:
    return Phrases([(row["phrase"], (row["frame"], row["harm"])) for row in read_rows("harm_words.csv")])


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    """The words with which a harm begins."""
    return SUSTAIN.union(_phrases().first_words)


@lru_cache(maxsize=1)
def _runs() -> dict[str, list[frozenset[str]]]:
    """The runs of letters of each harm, by the longest of them: it stands in the fewest other sentences."""
    found: dict[str, list[frozenset[str]]] = {}
    for harm in (*INJURIES, *(row["phrase"] for row in read_rows("harm_words.csv"))):
        runs = LETTERS.findall(harm)
        found.setdefault(max(runs, key=len), []).append(frozenset(runs))
    return found


def may_harm(text: str) -> bool:
    """Whether a text may hold a word of harm; where it says no, there is none."""
    runs, harms = letter_runs(text), _runs()
    return any(harm <= runs for mark in harms.keys() & runs for harm in harms[mark])


def find_harm_words(words: Sequence[Word]) -> list[HarmWord]:
    """All words of harm, left to right."""
    found: list[HarmWord] = []
    openers, at = _openers(), 0
    while at < len(words):
        if words[at].lower not in openers:
            at += 1
        elif match := _phrases().match(words, at):
            (frame, harm), end = match
            found.append(HarmWord(at, end, frame, harm, " ".join(w.lower for w in words[at:end])))
            at = end
        elif (words[at].lower in SUSTAIN or words[at].lower == "with") and (end := _injuries(words, at + 1)):
            shot = words[end - 1].lower.startswith("wound") and not any(w.lower in FRACTIONS for w in words[at:end])
            harm = "shot" if shot else "injured"  # may have died of them
            harm = "killed" if any(w.lower == "fatal" for w in words[at:end]) else harm
            found.append(HarmWord(at, end, "subject", harm, f"{words[at].lower} {words[end - 1].lower}"))
            at = end
        else:
            at += 1
    return found


def _injuries(words: Sequence[Word], at: int) -> int:
    """Where "sustained severe bullet injuries" ends; 0 where it is not that."""
    for k in range(at, min(at + 4, len(words))):
        if words[k].lower in INJURIES:
            return k + 1
        if not words[k].text[0].isalpha() or words[k].lower in STOPPING:
            return 0
    return 0


def _untrue(words: Sequence[Word], word: HarmWord) -> bool:
    """ "rejected reports that civilians had been killed", "reports of civilians killed by our guns are false"."""
    before = [w.lower for w in words[max(0, word.start - 10) : word.start]]
    told = next((k for k, lower in enumerate(before) if lower in RUMOURS), None)
    if told is None or "," in before[told:]:  # "dismissed claims of a truce, and 4 were killed"
        return False
    after = [w.lower for w in words[word.end : word.end + 15]]
    return any(w in REJECTIONS for w in before[:told]) or any(
        be in BE and w in UNTRUE for be, w in zip(after, after[1:], strict=False)
    )


def why_not_asserted(words: Sequence[Word], word: HarmWord, clause_start: int, victims: int, year: int | None) -> str:
    """The reason why this harm is not claimed to have happened; "" where it is."""
    all_before = [w.lower for w in words[: word.start]]
    before = all_before[clause_start:]
    near = before[-5:]
    for back, lower in enumerate(reversed(near)):
        if lower in NEGATORS and not (lower == "not" and "only" in near):
            return f"negated by {lower}"
        month = lower == "may" and words[word.start - back - 1].capitalised and word.start - back > 1
        if lower in MODALS and word.frame != "noun" and not month:
            if lower == "to" and (
                len(near) > back + 1 and near[-back - 2] in REAL_INFINITIVE or near[-1] in ("being", "been")
            ):
                break
            if lower == "to" and any(not w.endswith("ly") for w in near[len(near) - back :]):
                continue
            if "have" in near[len(near) - back :] and lower not in ("if", "would", "could", "might"):
                break
            return f"hypothetical: {lower}"
    if not DENIALS.isdisjoint(all_before[-10:]) or _untrue(words, word):
        return "denied"
    if not THREATS.isdisjoint(before[-8:]):
        return "threat or plan"
    # "a man wanted for theft was shot dead": what stands between the dead and the verb only describes them
    told_before = all_before[:victims] if victims < word.start else all_before
    if hit := next((w for w in told_before[-25:] if w in BACKGROUND), ""):
        return f"old deed: {hit}"
    if not ANNIVERSARY.isdisjoint(all_before[-15:]):
        return "anniversary"
    if in_the_past(all_before):
        return "earlier event"
    if word.frame in ("ing", "object", "noun") and (hit := next((w for w in all_before[-14:] if w in CAUSES), "")):
        return f"old deed: {hit}"
    everything = [w.lower for w in words]
    last = all_before[-10:]  # "who"; but "... had been arrested, and that two of the attackers were killed" tells on
    relative = any(w in RELATIVE and last[k - 1 : k] != ["and"] for k, w in enumerate(last))
    outside = everything[:victims] + everything[word.start :] if victims < word.start else everything
    if relative and (hit := next((w for w in outside if w in CAPTURED), "")):
        return f"old deed of the {hit}"
    if year and (old := _old_year(words, word, year)):
        return f"of the year {old}"
    start = all_before[:clause_start]
    if start[-1:] == ["after"] and "," not in before and any(w in PERIODS for w in start[-4:-1]):
        return "earlier event"
    return ""


def in_the_past(before: Sequence[str]) -> bool:
    """Whether "in the past" stands before, and no "in the past two days"."""
    if "past" not in before[-12:]:
        return False
    for k in range(max(0, len(before) - 14), len(before) - 2):
        if list(before[k : k + 3]) == ["in", "the", "past"]:
            return before[k + 3 : k + 4] in ([], [","], ["in"], ["when"], ["."])
    return False


# Before a year that is none of persons: "in 2018 people were killed", "the 2018 victims"
OF_A_YEAR = frozenset(["in", "since", "by", "during", "until", "from", "the", "early", "mid", "late"])


def _old_year(words: Sequence[Word], word: HarmWord, year: int) -> str:
    """An earlier year said beside the harm: "killed in 2009", "the 2009 killing of"."""
    for k in range(max(0, word.start - 8), min(len(words), word.end + 16)):
        text = words[k].text
        if text[:4].isdigit() and len(text.split("-")[0]) == 4 and 1900 <= int(text[:4]) < year:
            before = words[k - 1] if k else None
            if k + 1 < len(words) and person_noun(words[k + 1]) and not (before and before.lower in OF_A_YEAR):
                continue  # "2018 people were killed": so many
            between = [w.lower for w in words[k + 1 : word.start]]
            if k < word.start and "," in between and any(w.lower in RELATIVE for w in words[max(0, k - 10) : k]):
                continue  # "a fighter who had surrendered in 2009, was beheaded"
            if k < word.start and {"which", "when", "where"} & set(between[:3]):
                return text[:4]  # "the 2009 attack in which 40 were killed"
            if k < word.start and word.start - k > 3 and not (before and before.lower in ("in", "since")):
                continue
            return text[:4]
    return ""
