"""Find toponyms: stretches of text that a gazetteer knows and that the words around let be a place."""

from __future__ import annotations

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY, REGION
from pipeline.mentions.place_capitals import find_capitals
from pipeline.mentions.place_peoples import countries_said, is_people
from pipeline.mentions.place_persons import named_persons
from pipeline.mentions.toponyms import TOKEN, Token, Toponym, place_words, read_tokens
from pipeline.models import Document, Sentence
from pipeline.names import ARTICLES, name_key, number_key

LISTED = frozenset((", ", " and ", ", and ", " or "))
LONGEST_NAME = 6  # tokens: "Dadra and Nagar Haveli and ..." is cut, nothing else of note is longer
SAYS = frozenset(["said", "says", "added", "adds", "told", "tells", "explained", "recalled", "noted"])
BIG_TOWN = 100_000  # persons: above it a name needs no preposition to be read as a place


def find_toponyms(document: Document, gazetteer: Gazetteer) -> list[Toponym]:
    """Every possible toponym of the document in text order, those that the words around rule out left out."""
    found: list[Toponym] = []
    people: set[str] = set()
    for sentence in document.sentences:
        if sentence.role == "boilerplate":
            continue
        found += _in_sentence(sentence, gazetteer, people)
    return _keep_places(found, people)


def _in_sentence(sentence: Sentence, gazetteer: Gazetteer, people: set[str]) -> list[Toponym]:
    text, words = sentence.text, place_words()
    tokens = read_tokens(text)
    shouting = (text.isupper() or not text.endswith(".")) and _is_headline(tokens)
    found: list[Toponym] = []
    persons = named_persons(text)
    free = 0  # the first token that no name has taken
    for i, token in enumerate(tokens):
        if i < free:
            continue
        if not token.capital and not (
            token.low in ARTICLES and i + 1 < len(tokens) and tokens[i + 1].capital and text[token.end] in "-–"
        ):
            continue
        hit = _longest_name(text, tokens, i, gazetteer, shouting)
        if hit is not None and i == 0 and token.low in words["in"]:  # "At Tall Hazza, gunmen": not the village At Tall
            longer = _longest_name(text, tokens, 1, gazetteer, shouting)
            hit = None if longer is not None and longer[0] > hit[0] else hit
        if hit is None:
            continue
        last, key, candidates = hit
        toponym = Toponym(sentence, i, last, token.start, tokens[last].end,
                          text[token.start : tokens[last].end], key, candidates, tokens=tokens)  # fmt: skip
        toponym.before = tokens[i - 1].low if i else ""
        toponym.after = tokens[last + 1].low if last + 1 < len(tokens) else ""
        toponym.of_people = countries_said(text, tokens, i, gazetteer.peoples)
        verdict = _judge(toponym, text, words, people, shouting, gazetteer)
        named = any(start <= token.start < end for start, end in persons)
        if verdict is not None and not (named and candidates[0].kind != COUNTRY):
            toponym.sure = verdict
            found.append(toponym)
        free = last + 1
    capitals = list(find_capitals(sentence, tokens, gazetteer))
    return sorted([*found, *capitals], key=lambda t: t.start) if capitals else found


def _longest_name(
    text: str, tokens: list[Token], first: int, gazetteer: Gazetteer, shouting: bool
) -> tuple[int, str, tuple[Candidate, ...]] | None:
    token, joints = tokens[first], place_words()["joint or article"]
    if (short := _abbreviation(text, tokens, first, gazetteer, shouting)) is not None:
        return short
    if (numbered := _numbered(text, tokens, first, gazetteer)) is not None:
        return numbered
    last = first
    for j in range(first + 1, min(first + LONGEST_NAME, len(tokens))):
        if not tokens[j].capital and tokens[j].low not in joints:
            break
        gap = text[tokens[j - 1].end : tokens[j].start]
        saint = gap == ". " and tokens[j - 1].low in ("st", "ste", "mt", "ft")
        if not (gap.isspace() or gap in ("-", "–", "'", "’", "'s ", "’s ") or saint):  # "Cox's Bazar"
            break
        if tokens[j].capital:
            last = j
    no_name = token.low in place_words()["never"] or len(token.text) < 3  # by itself
    if no_name and last == first:
        return None
    for j in range(last, first - 1, -1):
        if not tokens[j].capital or (j == first and no_name):
            continue
        key = name_key(text[token.start : tokens[j].end])
        if key and (found := gazetteer.by_key(key)) and _may_end(text, tokens, first, j, found[0]):
            return j, key, found
    levels = place_words()["feature or region"]  # "the city of Raqa", "Raqa province"
    told = first >= 2 and tokens[first - 1].low == "of" and tokens[first - 2].low in levels
    told = told or (first + 1 < len(tokens) and tokens[first + 1].low in levels)
    for j in range(min(last, first + 2), first - 1, -1):
        if not tokens[j].capital or (j == first and (no_name or len(token.text) < (4 if told else 5))):
            continue
        key = name_key(text[token.start : tokens[j].end])
        if key and (found := gazetteer.by_fold(key)) and not _is_cut(text, tokens, first, j):
            return j, key, found
    return None


def _numbered(
    text: str, tokens: list[Token], first: int, gazetteer: Gazetteer
) -> tuple[int, str, tuple[Candidate, ...]] | None:
    """The longest name with a number in it that an analyst added: "Camp 23", "Highway 5 Checkpoint"."""
    found, numbers = None, False
    for j in range(first + 1, min(first + LONGEST_NAME, len(tokens))):
        number = tokens[j].text.isdigit()
        if not (tokens[j].capital or number) or text[tokens[j - 1].end : tokens[j].start] not in " -":
            break
        numbers |= number
        if numbers and (key := number_key(text[tokens[first].start : tokens[j].end])) and (c := gazetteer.by_key(key)):
            found = j, key, c
    return found


def _may_end(text: str, tokens: list[Token], first: int, last: int, best: Candidate) -> bool:
    """Whether a name that is known may end there: of two cities, as in "Kaduna-Abuja road", the first may."""
    if not _is_cut(text, tokens, first, last):
        return True
    hyphen = text[tokens[last].end : tokens[last].end + 1] in ("-", "–")
    return hyphen and best.population > 50_000 and tokens[first].low not in place_words()["opening"]


def _is_cut(text: str, tokens: list[Token], first: int, last: int) -> bool:
    """Whether the name goes on: "Port" of "Port-au-Prince", "Tal" of "Tal Rifaat"; not "Paris" of "Paris-based"."""
    if last + 1 >= len(tokens):
        return False
    nxt, gap = tokens[last + 1], text[tokens[last].end : tokens[last + 1].start]
    if gap not in ("-", "–", " "):
        return False
    glued = text[nxt.end : nxt.end + 1] in ("-", "–")
    if gap != " ":
        return nxt.capital or (glued and nxt.low in place_words()["joint or article"])
    after = tokens[last + 2] if last + 2 < len(tokens) else None
    if nxt.low in ARTICLES and glued and after is not None and after.capital:
        return True
    opens = first == last and tokens[first].low in place_words()["opening"]
    return opens and nxt.capital and nxt.low not in place_words()["civic"] | place_words()["region"]


def _abbreviation(
    text: str, tokens: list[Token], first: int, gazetteer: Gazetteer, shouting: bool
) -> tuple[int, str, tuple[Candidate, ...]] | None:
    token = tokens[first]
    letters = token.low.replace(".", "")
    if len(letters) > 5:
        return None
    dotted = text[token.end : token.end + 1] == "."
    if (
        first
        and tokens[first - 1].capital
        and text[tokens[first - 1].end : token.start] == ", "
        and (dotted or (token.text.isupper() and len(letters) == 2))
        and (found := gazetteer.by_key("." + letters))
    ):
        return first, "." + letters, found
    if not token.text.isupper() or ("." not in token.text and shouting):
        return None
    found = gazetteer.by_key("^" + letters)
    # "NH 221", "CT scan": the short form of a state needs its full stops
    sure = any(c.kind == COUNTRY for c in found) or "." in token.text or len(letters) > 2
    return (first, "^" + letters, found) if found and sure else None


def _is_headline(tokens: list[Token]) -> bool:
    """Whether nearly every word has a capital, so that a capital says nothing."""
    words = [t for t in tokens if len(t.text) > 3 and t.text[0].isalpha()]
    return len(words) >= 4 and sum(t.capital for t in words) >= 0.75 * len(words)


def _judge(
    toponym: Toponym,
    text: str,
    words: dict[str, frozenset[str]],
    people: set[str],
    shouting: bool,
    gazetteer: Gazetteer,
) -> bool | None:
    """True: a place by the words around it; False: a place if the document agrees; None: none."""
    tokens, first, last = toponym.tokens, toponym.first, toponym.last
    best = toponym.candidates[0]
    kinds = {c.kind for c in toponym.candidates}
    firm = bool(kinds & {COUNTRY, ADMIN1, REGION}) and not best.folded
    single = first == last
    if toponym.key[0] in ".^":
        return True
    if toponym.before == "ethnic":
        return None  # "mostly ethnic Amhara"
    prev = tokens[first - 1] if first else None
    prev_gap = text[prev.end : toponym.start] if prev else ""
    if prev is not None and prev.capital and prev_gap == " " and prev.low in words["opening"]:
        return None  # "Tall Wasit" is a village, not the province that its last word names
    nxt = tokens[last + 1] if last + 1 < len(tokens) else None
    next_gap = text[toponym.end : nxt.start] if nxt else ""
    civic = nxt is not None and nxt.low in words["civic"]
    if single and is_people(text, tokens, first, toponym.candidates, gazetteer):
        return None
    if words["direction"].issuperset(toponym.key.split()) and not (nxt is not None and nxt.low in words["region"]):
        return None
    if tokens[first].low in words["direction"] and tokens[last].low in words["region"] and toponym.after == "of":
        return None  # "the Northern Province of Aleppo" is Aleppo's north, not the Northern Province of another country
    name_before = (
        prev is not None
        and prev.capital
        and prev.low not in ("a", "the", "an", "in", "at", "this", "one", "two", "when", "while", "after")
        and (prev_gap == " " or (prev_gap == ". " and len(prev.text) <= 4))
    )
    name_after = nxt is not None and nxt.capital and next_gap == " " and not civic
    common = toponym.key in words["common"] or (single and toponym.tokens[first].low in words["common"])
    given = single and toponym.tokens[first].low in words["first_name"]
    way = tokens[first - 2].low if toponym.before == "of" and first >= 2 else ""  # "a village south of Mayadin"
    in_cue = toponym.before in words["in"] or way in words["direction"] or way in words["of what"]
    if prev is not None and prev_gap in (" ", ". ") and (prev.capital or prev.low in words["title"]):
        initial = len(prev.text) == 1 and prev.low not in ("a", "i") and prev.start > 0
        if initial or prev.low in words["first_name"] or (prev.low in words["title"] and COUNTRY not in kinds):
            if not shouting or prev.low in words["title"]:
                people.add(tokens[last].low)
            return None
    if not shouting and single and COUNTRY not in kinds and _is_speaker(toponym, text, gazetteer):
        people.add(tokens[last].low)
        return None
    if nxt is not None and next_gap in (" ", "-") and nxt.capital:
        if nxt.low in words["street"] and not (firm and COUNTRY in kinds):
            return None
        if nxt.low in words["paper"] and not shouting:
            return None
        initial = len(nxt.text) == 1 and nxt.text not in ("A", "I")
        if (given or (single and initial)) and not shouting and nxt.low not in words["feature, region or civic"]:
            people.update((nxt.low, toponym.key) if given else (nxt.low,))
            return None
    if (
        nxt is not None
        and next_gap == "-"
        and not nxt.capital
        and nxt.low not in ("based", "born", "backed", "led", "area")
    ):
        in_cue = in_cue or firm
    comma_region = _region_follows(toponym, text, gazetteer)
    featured = (
        nxt is not None
        and next_gap in (" ", "-")
        and (nxt.low in words["feature or region"] or text.startswith("Local Government", nxt.start))
        or (toponym.before == "of" and first >= 2 and tokens[first - 2].low in words["feature or region"])
    )
    if (comma_region and not best.folded) or (featured and not common and (firm or not name_before)):
        return True
    if toponym.before == "st" or (shouting and common) or (common and not in_cue and not firm):
        return None
    if common and not firm and (name_before or name_after or first == 0):
        return None
    if best.folded:
        return False if (in_cue or featured) and not name_before and not name_after else None
    if firm:
        if (name_before or name_after) and not shouting and common:
            return None
        return COUNTRY in kinds or not name_before or prev is not None and prev.low in words["in"]
    if name_before and not shouting and prev is not None and prev.low not in words["in"]:
        return None if best.population < BIG_TOWN or first == 1 and not in_cue else False
    if name_after and not shouting:
        return (
            True if in_cue and best.population >= BIG_TOWN else False if in_cue or best.population >= 15_000 else None
        )
    return bool((in_cue or (civic and next_gap == " " and not common)) and not shouting)


def _is_speaker(toponym: Toponym, text: str, gazetteer: Gazetteer) -> bool:
    """Whether somebody of this name speaks: "activist Yaarab Dali", "Dali added", "according to Dali"."""
    words, tokens, first = place_words(), toponym.tokens, toponym.first
    best = toponym.candidates[0]
    if first >= 2 and tokens[first - 1].capital and tokens[first - 2].low in words["title"]:
        one_name = text[tokens[first - 2].end : toponym.start] == f" {tokens[first - 1].text} "
        return one_name and tokens[first - 1].low not in words["opening"] | words["direction"]
    if gazetteer.capitals.get(toponym.key) is not None:
        return False  # a capital that speaks is its government
    heard = toponym.before == "to" and first >= 2 and tokens[first - 2].low == "according"
    says = toponym.after in SAYS and text[toponym.end : toponym.end + 1] == " " and toponym.before not in words["in"]
    known = best.population >= BIG_TOWN and not best.alternate
    return heard and text[toponym.end : toponym.end + 1] in ("", ".", ";") or says and not known


def _region_follows(toponym: Toponym, text: str, gazetteer: Gazetteer) -> bool:
    """Whether ", Texas", ", Ky." or a bracketed region stands right behind."""
    rest = text[toponym.end : toponym.end + 2]
    nxt = toponym.tokens[toponym.last + 1] if toponym.last + 1 < len(toponym.tokens) else None
    if nxt is None or not nxt.capital or rest not in (", ", " ("):
        return False
    tail = text[nxt.start : nxt.start + 30]
    words = TOKEN.findall(tail)[:3]
    for n in range(len(words), 0, -1):
        if any(c.kind in (ADMIN1, COUNTRY) for c in gazetteer.by_key(name_key(" ".join(words[:n])))):
            return True
    letters = words[0].replace(".", "").lower()
    dotted = tail[len(words[0]) : len(words[0]) + 1] == "." or (len(letters) == 2 and words[0].isupper())
    return bool(len(letters) <= 5 and (gazetteer.by_key("^" + letters) or dotted and gazetteer.by_key("." + letters)))


def _keep_places(found: list[Toponym], people: set[str]) -> list[Toponym]:
    """Drop what the document itself shows to be a person; what is sure once is sure wherever it stands."""
    sure = {t.key for t in found if t.sure}
    words = place_words()
    for pairs in (zip(found, found[1:], strict=False), zip(found[:0:-1], found[-2::-1], strict=False)):
        for one, other in pairs:  # a list names things of one kind: "Douma, Harasta and Saqba"
            first, second = sorted((one, other), key=lambda t: t.start)
            if one.sure and one.sentence is other.sentence and not other.candidates[0].folded:
                gap = one.sentence.text[first.end : second.start]
                other.sure = other.sure or (gap in LISTED and other.key not in words["common or first_name"])
    kept = []
    for toponym in found:
        cued = toponym.before in words["in"] or toponym.before in words["weak"] or toponym.after in words["civic"]
        if toponym.key in people and not cued and (not toponym.sure or toponym.key in words["first_name"]):
            continue
        toponym.sure = toponym.sure or (toponym.key in sure and toponym.key not in people)
        kept.append(toponym)
    return kept
