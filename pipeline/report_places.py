"""Which place an event has whose own sentence names none."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.clauses import Candidate, within
from pipeline.facets import km_between
from pipeline.happening import TOLL_OF_A_WAR, kind_of
from pipeline.mentions.place_roles import ABROAD, CAPITAL_DATELINE, STAMP_REGION
from pipeline.models import Document, GeoPrecision, Kind, Mentions, Place, PlaceMention

# Many scenes, not one: no place told beside it is that of the toll
ALL_OVER = re.compile(r"\b(?:across|throughout|around|all over|nationwide|several (?:places|cities|provinces))\b", re.I)
# What speaks of the town of the dateline: "were killed here", "in this coastal town"
HERE = re.compile(
    r"\bhere\b(?! (?:is|are|to)\b)|\bin this (?:[\w-]+ ){0,3}?(?:city|town|village|port|resort)\b", re.IGNORECASE
)
SAME_PLACE = re.compile(
    r"\bthe same (?:market|village|town|city|place|area|district|camp|site|road|neighbou?rhood|school|hospital|building"
    r"|checkpoint|base|post|county|province|region|location|spot|street|quarter)\b",
    re.IGNORECASE,
)
OUTSKIRTS_KM = 60.0  # "a mall north of Dallas", told from Allen


def inherit_places(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Places that a sentence leaves out: from its total, the sentences before, the lead, the title."""
    dateline = _dateline(mentions)
    # the region of a dateline whose town nobody knows is all that it tells
    region = next((p for p in mentions.places if p.reason.startswith(STAMP_REGION)), None) if dateline is None else None
    where = [p for p in mentions.places if p.place is not None and (p.role == "location" or p is region)]
    near = [p for p in where if not p.reason.startswith(ABROAD)]
    for candidate in candidates if near else ():  # "a day after Washington struck an air base" is not in Washington
        candidate.places = [p for p in candidate.places if not p.reason.startswith(ABROAD)]
    where = near or where
    home = _home_country(where)
    titles = [p for p in where if document.sentences[p.sentence].role == "title"]
    told = [p for p in where if document.sentences[p.sentence].role != "title"]
    told_at_home, elsewhere = _at_home(told, home), _at_home(titles + where, home)[:1]
    for at, candidate in enumerate(candidates):
        if at and not candidate.places and SAME_PLACE.search(candidate.sentence.text):
            candidate.places = candidates[at - 1].own_places()
            candidate.notes["place"] = "the same place as that of the event told just before"
        if not candidate.places and candidate.total:
            above = _in_paragraph(candidate, told, document) if len(candidate.total.own_places()) > 1 else []
            candidate.places = above or candidate.total.places
        if not candidate.places and home and kind_of(candidate)[1] == TOLL_OF_A_WAR:
            nation = next(p for p in where if p.place and p.place.country == home)
            candidate.places = [replace(nation, place=as_country(nation), reason="a war's toll is the country's")]
        here = candidate.sentence.index
        if dateline is not None and _is_there(candidate, dateline, main=at == 0):
            candidate.places = [replace(dateline, role="location")]
            candidate.notes["place"] = "the place of the dateline: “here”, or no other is told so closely"
        if (closer := _closer(candidate, where, here)) is not None:
            candidate.places = closer
            candidate.notes["place"] = "the sentence names the country alone; the place told beside it"
        if not candidate.places:
            first, last = within(told[:3], 0, here - 1), _last_before(told, here)
            after = within(where, here + 1, here + 2)
            pool = (titles or first or after or where[:1]) if at == 0 else (last or titles or where[:1])
            candidate.places = _at_home(pool, home) or _last_before(told_at_home, here) or elsewhere or list(pool)
            if pool:
                candidate.notes["place"] = "the sentence names none; taken from the sentences around it"


def place_sections(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """The place that stands alone at the head of a paragraph, for what follows without one: "HUAMBO. A shell"."""
    heads: dict[int, PlaceMention] = {}
    for mention in mentions.places:
        sentence = document.sentences[mention.sentence]
        alone = sentence.role == "body" and sentence.text.strip(".:- ") == mention.text
        if alone and mention.place is not None and mention.role in ("location", "speech"):
            heads[sentence.paragraph] = mention
    for candidate in candidates:
        head = heads.get(candidate.sentence.paragraph)
        here = candidate.sentence.index
        if head is None or candidate.places or head.sentence >= here:
            continue
        told = [p for p in within(mentions.places, head.sentence + 1, here) if p.role == "location" and p.place]
        candidate.places = told[-1:] or [replace(head, role="location")]
        candidate.notes["place"] = "the place that stands at the head of its paragraph, or that told after it"


def _in_paragraph(candidate: Candidate, told: list[PlaceMention], document: Document) -> list[PlaceMention]:
    """The place that its own paragraph told last before it."""
    last = _last_before(told, candidate.sentence.index)
    near = [p for p in last if document.sentences[p.sentence].paragraph == candidate.sentence.paragraph]
    return [p for p in within(told, near[0].sentence) if p.role == "location"] if near else []


def _dateline(mentions: Mentions) -> PlaceMention | None:
    """The town of the dateline, unless the region that the dateline names is another one."""
    told = [p for p in mentions.places if p.role == "speech" and p.reason.startswith("dateline")]
    town = next((p for p in told if p.place and p.place.geo_precision is GeoPrecision.PLACE), None)
    region = next((p.place for p in mentions.places if p.reason.startswith(STAMP_REGION)), None)
    elsewhere = town and town.place and region and region.admin1 and region.admin1 != town.place.admin1
    return None if elsewhere else town


def _is_there(candidate: Candidate, dateline: PlaceMention, *, main: bool) -> bool:
    """Whether it happened in the town of the dateline: "here", "this coastal town"; or the main event beside."""
    own = [p.place for p in candidate.places if p.place]
    wide = all(p.geo_precision is GeoPrecision.COUNTRY for p in own)
    if wide and HERE.search(candidate.sentence.text):
        return True
    if main and not own and not dateline.reason.startswith(CAPITAL_DATELINE):
        return True
    town = dateline.place
    if not main or len(own) != 1 or town is None or own[0].geo_precision is not GeoPrecision.AREA:
        return False
    beside = "near or part of it" in candidate.places[0].reason and own[0].name != town.name
    far = km_between(own[0], town)
    return beside and own[0].country == town.country and far is not None and far <= OUTSKIRTS_KM


def _closer(candidate: Candidate, where: list[PlaceMention], here: int) -> list[PlaceMention] | None:
    """The place told next in the country that is all an incident's own sentence names, or None."""
    countries = {p.place.country for p in candidate.places if p.place}
    wide = all(p.place and p.place.geo_precision is GeoPrecision.COUNTRY for p in candidate.places)
    if not candidate.places or not wide or len(countries) != 1 or ALL_OVER.search(candidate.sentence.text):
        return None
    if not candidate.counts or kind_of(candidate)[0] is not Kind.INCIDENT:
        return None
    pool = _at_home(within(where, here + 1, here + 3), min(countries))
    return [p for p in pool if p.sentence == pool[0].sentence] or None


def as_country(mention: PlaceMention) -> Place | None:
    """The country of a place, without a point."""
    there = mention.place
    if there is None or there.geo_precision is GeoPrecision.COUNTRY:
        return there
    return Place(there.country, "", there.country, there.iso3, None, None, GeoPrecision.COUNTRY)


def _home_country(where: list[PlaceMention]) -> str:
    """The country of most of the places in which things happen."""
    names = Counter(p.place.country for p in where if p.place and p.place.geo_precision is not GeoPrecision.COUNTRY)
    return names.most_common(1)[0][0] if names else ""


def _last_before(told: list[PlaceMention], here: int) -> list[PlaceMention]:
    """The place that was told last before a sentence, in a list; an empty one where none was."""
    at = bisect_left(told, here, key=lambda p: p.sentence)
    return told[max(0, at - 1) : at]


def _at_home(pool: Sequence[PlaceMention], country: str) -> list[PlaceMention]:
    """Those of the article's own country that say more than the country."""
    return [
        p for p in pool if p.place and p.place.country == country and p.place.geo_precision is not GeoPrecision.COUNTRY
    ]
