"""Names that no gazetteer has, where the words say they are places: put into what contains them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.gazetteer import Gazetteer
from pipeline.mentions.place_peoples import countries_said
from pipeline.mentions.toponyms import Token, place_words, read_tokens
from pipeline.mentions.words import may_say
from pipeline.models import Document, GeoPrecision, Place, PlaceMention, Sentence
from pipeline.names import ARTICLES, name_key

# "at Djugu in ", "in Pont-Sondé, a town in Haiti's ": the name, and what leads to the region behind it
NAME = r"(?:(?:[AaEe]l|[Aa][drsnz]|[Aa]sh)-)?[A-Z][\w'’]+(?:[ -](?:(?:al|el|de|da|do|du|la)[ -])?[A-Z][\w'’]+){0,3}"
BEFORE_REGION = re.compile(
    r"\b(?:in|at|near|on|outside|around|from|attacked|raided|stormed|shelled|bombed|hit|struck|entered)\s+"
    rf"(?P<name>{NAME})"
    r"(?:\s+in|,(?:\s+(?:an?|the)(?:\s[a-z]+){1,3}\s(?:in|of))?)\s+"
    r"(?:the\s+)?(?:[a-z-]+\s+){0,3}(?:[A-Z]\w+(?:'s|’s)\s+)?\Z"
)
ALONE = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside)\s+(?P<name>{NAME})(?=[\s.,;:)]|\Z)")
# Where a place's name stands, and no person's: "in", "to", "the village of", "Kutum and"
OF_FORCE = re.compile(
    r"\b(?:kill|dead\b|died\b|deaths?\b|wound|injur|hurt\b|attack|raid|bomb|shell|clash|ambush|shot\b|abduct|kidnap|blast"
    r"|explo|fight|fought|fired?\b|gunmen|struck|behead|massacr|execut|murder|landmine|mine\b)",
    re.IGNORECASE,
)
WEEKDAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
PLACED = re.compile(r"(?:\b(?:in|at|near|outside|of|from|to|around|towards?|into|and|or)\s|,\s|\A|\n)\Z", re.IGNORECASE)
OWNED = re.compile(r"(?:['’]s)?,? (?:[a-z-]+ ){0,3}")
JOINTS = ARTICLES | {"e", "i", "o", "ye", "de", "da", "do", "du"}  # "Dasht-e-Barchi"
HEAD_SENTENCES = 3  # the lead's own place is told around it
BEFORE_REACH = 110  # characters
CONTAINER_REACH = 160  # characters: farther on in a sentence another clause begins


def find_unlisted(document: Document, known: list[PlaceMention], gazetteer: Gazetteer) -> list[PlaceMention]:
    """Mentions for unlisted villages and quarters, each with its container's point, as an area."""
    words = place_words()
    calling = words["calling an unlisted name"]
    by_sentence: dict[int, list[PlaceMention]] = {}
    for mention in known:
        by_sentence.setdefault(mention.sentence, []).append(mention)
    found: list[PlaceMention] = []
    last: PlaceMention | None = None
    text = document.article.text
    for sentence in document.sentences:
        here = by_sentence.get(sentence.index, [])
        if sentence.role in ("body", "header"):
            named = _phrases(sentence) if may_say(sentence.text, calling) else iter(())
            alone = set(_alone(sentence, here, text, gazetteer))
            for first, end in sorted({*named, *_before_regions(sentence, here), *alone}):
                by_itself = (first, end) in alone
                start, end = first + sentence.start_char, end + sentence.start_char
                if any(m.start_char < end and start < m.end_char for m in here):
                    continue
                if sentence.text[start - sentence.start_char : end - sentence.start_char] in gazetteer.peoples:
                    continue  # "the Syrian town"
                container = _container(start, end, here, sentence) or last
                within = _of_people(container.place if container else None, start, sentence, gazetteer)
                if within is None or by_itself and within.geo_precision is GeoPrecision.COUNTRY:
                    continue
                name = sentence.text[start - sentence.start_char : end - sentence.start_char]
                precision = within.geo_precision
                if precision in (GeoPrecision.PLACE, GeoPrecision.ADMIN1):
                    precision = GeoPrecision.AREA if precision is GeoPrecision.PLACE else GeoPrecision.ADMIN1
                place = replace(within, name=name, geo_precision=precision, place_id="")
                found.append(PlaceMention(sentence.field, start, end, name, sentence.index, place, "location",
                                          f"not in the gazetteer; put into {within.name}"))  # fmt: skip
        told = [m for m in here if m.role == "location" and m.place is not None]
        closer = [m for m in told if m.place and m.place.geo_precision is not GeoPrecision.COUNTRY]  # "Ituri, Congo"
        last = closer[-1] if closer else told[-1] if told else last
    return found


def _of_people(within: Place | None, start: int, sentence: Sentence, gazetteer: Gazetteer) -> Place | None:
    """What contains it, or the country that a people's name before it says, where that is another."""
    tokens = read_tokens(sentence.text)
    first = next((n for n, token in enumerate(tokens) if token.start == start - sentence.start_char), 0)
    said = countries_said(sentence.text, tokens, first, gazetteer.peoples)
    country = gazetteer.country(min(said)) if len(said) == 1 else None
    if country is None or (within is not None and within.country == country.country):
        return within
    return country.as_place(GeoPrecision.COUNTRY)


def _container(start: int, end: int, here: list[PlaceMention], sentence: Sentence) -> PlaceMention | None:
    """What follows and contains it, a region before its country, else what stood before it in the sentence."""
    text, offset = sentence.text, sentence.start_char
    usable = [m for m in here if m.place is not None and m.role in ("location", "name")]
    after = [m for m in usable if 0 <= m.start_char - end <= CONTAINER_REACH]
    if (
        len(after) > 1
        and after[0].place
        and after[1].place
        and OWNED.fullmatch(text, after[0].end_char - offset, after[1].start_char - offset)
    ):
        # "in Haiti's Artibonite region", "in Nigeria's northeastern Borno state"
        wide = after[0].place.geo_precision is GeoPrecision.COUNTRY
        if wide and after[0].place.country == after[1].place.country:
            return after[1]
    before = [m for m in usable if m.end_char <= start]
    return after[0] if after else before[-1] if before else None


def _before_regions(sentence: Sentence, here: list[PlaceMention]) -> Iterator[tuple[int, int]]:
    """Capitalised names after a preposition and before the place they lie in: "at Djugu in Ituri province"."""
    words, base = place_words(), sentence.start_char
    never, last = words["no name's first"], words["no name's last"]
    for region in here:
        if region.place is None or region.role != "location":
            continue
        head = sentence.text[max(0, region.start_char - base - BEFORE_REACH) : region.start_char - base]
        match = BEFORE_REGION.search(head)
        if match is None:
            continue
        tokens = read_tokens(match["name"])
        short = all(t.text.isupper() for t in tokens)
        if short or tokens[0].low in never or tokens[-1].low in last or any(t.low in words["title"] for t in tokens):
            continue
        start = region.start_char - base - len(head) + match.start("name")
        yield start, start + len(match["name"])


def _alone(
    sentence: Sentence, here: list[PlaceMention], text: str, gazetteer: Gazetteer
) -> Iterator[tuple[int, int]]:  # fmt: skip
    """Names after "in", "at", "near" in a sentence that tells no closer place: "were killed at Masumbuko"."""
    told = any(m.place and m.role == "location" and m.place.geo_precision is GeoPrecision.PLACE for m in here)
    if told or sentence.index <= HEAD_SENTENCES:
        return
    named = list(ALONE.finditer(sentence.text))
    if not named or not OF_FORCE.search(sentence.text):
        return
    words, base = place_words(), sentence.start_char
    never, last = words["no name's first"], words["no name's last"]
    of_it = words["civic"] | words["street"] | words["paper"] | words["army"] | words["facility"]
    for match in named:
        start, end = match.span("name")
        tokens = read_tokens(match["name"])
        if any(m.start_char < end + base and start + base < m.end_char for m in here) or len(tokens[0].text) < 4:
            continue
        if any(t.text.isupper() or t.low in words["title"] for t in tokens) or tokens[-1].low in last:
            continue
        follows = read_tokens(sentence.text[end : end + 30])
        beside = sentence.text[end : end + 1] == " " and follows
        if tokens[0].low in never or beside and (follows[0].capital or follows[0].low in of_it):
            continue
        bare = match["name"].removesuffix("s")  # "Syrias", whose apostrophe is lost
        if (
            bare != match["name"]
            and gazetteer.by_key(name_key(bare))
            or tokens[-1].low in words["facility"]
            or tokens[-1].low.removesuffix("s") in WEEKDAYS
        ):
            continue
        if all(PLACED.search(text, max(0, at - 12), at) for at in _starts(match["name"], text)):
            yield start, end


def _starts(name: str, text: str) -> Iterator[int]:
    """Where a name stands in a text."""
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + len(name))


def _phrases(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Capitalised names beside a word that says they are a village, a quarter, a forest."""
    text, tokens, words = sentence.text, read_tokens(sentence.text), place_words()
    never, calling = words["never or title"], words["calling an unlisted name"]
    for i, token in enumerate(tokens):
        if token.low not in calling:
            continue
        run = None
        if token.low in words["unlisted name after"]:  # "Barangay Carabalan"
            run = _run(text, tokens, i + 1, 1)
        else:
            run = _run(text, tokens, i - 1, -1)
            called = i + 2 < len(tokens) and tokens[i + 1].low in ("of", "called", "named")
            if run is None and token.low in words["unlisted name"] and called:
                run = _run(text, tokens, i + 2, 1)
        if run is not None and tokens[run[0]].low not in never:
            yield tokens[run[0]].start, tokens[run[1]].end


def _run(text: str, tokens: list[Token], at: int, step: int) -> tuple[int, int] | None:
    """The capitalised words from there on, at most three."""
    if not 0 <= at < len(tokens) or not tokens[at].capital:
        return None
    stop = at
    while 0 <= stop + step < len(tokens) and abs(stop + step - at) < 4:
        if not tokens[stop + step].capital and tokens[stop + step].low not in JOINTS:
            break
        left, right = sorted((stop, stop + step))
        if text[tokens[left].end : tokens[right].start] not in (" ", "-"):
            break
        stop += step
    while not tokens[stop].capital and tokens[stop].low not in ("al", "ar", "as", "ad", "an", "ash", "az"):
        stop -= step
    first, last = sorted((at, stop))
    if step < 0 and text[tokens[last].end] not in " -":
        return None
    # the first word of a sentence has its capital anyway
    return (first, last) if tokens[last].start > 0 else None
