"""A place that the sentence itself puts into a region: the region decides which of many namesakes cannot be meant."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.mentions.place_geometry import km_between
from pipeline.models import Document, GeoPrecision, Place, PlaceMention, Sentence

REGION_WORD = re.compile(
    r"\s+(?:district|province|state|governorate|county|region|department|oblast|prefecture|division)\b", re.IGNORECASE
)
# "Dandih village in …", "under Konta police station of …", "Duli, …": what may stand between a place and its region
INSIDE = re.compile(
    r"\A(?!.*\b(?:from|to|and|for|by|with|who|was|were|near|border\w*(?! (?:state|province|region|department)\b))\b)"
    r"[\w\s,.'’()-]{0,80}"
    r"(?:\b(?:in|of|under|within)\s+(?:the\s+)?(?:(?:(?:north|south)?(?:east|west)|north|south|central)(?:ern)?\s+)?|,\s*)\Z",
    re.IGNORECASE,
)


# "the Shahba neighbourhood of Aleppo"
QUARTER = re.compile(
    r"\A\s+(?:neighbou?rhood|quarter|suburb|district|area|section|square|market)s?\s+(?:of|in)\s+(?:the\s+)?"
    r"(?:[A-Za-z]+\s+){0,2}(?:(?:city|town|capital)(?:\s+of)?,?\s+)?\Z"
)
DIRECTED = re.compile(r"\b(?:(?:north|south)?(?:east|west)|north|south|central)(?:ern)?\s+\Z", re.IGNORECASE)
WIDE = "district or region"  # the reason that a mention gets which names one
QUARTER_KM = 60.0  # farther than this from its town no quarter lies


def settle_places(document: Document, mentions: list[PlaceMention]) -> list[PlaceMention]:
    """The mentions; one that contradicts the region named after it stands at that region's point, as written."""
    settled = []
    for at, mention in enumerate(mentions):
        following = [m for m in mentions[at + 1 : at + 3] if m.sentence == mention.sentence and m.role == "location"]
        settled.append(_settled(mention, following, document.sentences[mention.sentence]))
    return settled


def _settled(mention: PlaceMention, following: list[PlaceMention], sentence: Sentence) -> PlaceMention:
    place = mention.place
    exact = (GeoPrecision.PLACE, GeoPrecision.AREA)
    if place is None or place.geo_precision not in exact or mention.role != "location":
        return mention
    if _names_region(mention, sentence):
        return mention
    for region in following:
        between = sentence.text[mention.end_char - sentence.start_char : region.start_char - sentence.start_char]
        if region.place is not None and QUARTER.match(between) and _is_far(place, region.place):
            return _inside(mention, region.place)
        part = region.reason.startswith(WIDE) and DIRECTED.search(between) is not None  # "in eastern Ghouta"
        if region.place is None or not (part or _names_region(region, sentence)) or not INSIDE.match(between):
            continue
        there = region.place
        same_region = not there.admin1 or there.admin1 == place.admin1
        if there.country == place.country and same_region:
            return mention
        return _inside(mention, there)
    return mention


def _inside(mention: PlaceMention, there: Place) -> PlaceMention:
    assert mention.place is not None
    level = GeoPrecision.ADMIN1 if there.geo_precision is GeoPrecision.ADMIN1 else GeoPrecision.AREA
    inside = replace(there, name=mention.text, geo_precision=level, place_id="")
    wrong = mention.place.admin1 or mention.place.country
    return replace(mention, place=inside, reason=f"the sentence puts it into {there.name}, not into {wrong}")


def _is_far(one: Place, other: Place) -> bool:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    return km_between(one.latitude, one.longitude, other.latitude, other.longitude) > QUARTER_KM


def _names_region(mention: PlaceMention, sentence: Sentence) -> bool:
    if mention.place is not None and mention.place.geo_precision is GeoPrecision.ADMIN1:
        return True
    return bool(REGION_WORD.match(sentence.text, mention.end_char - sentence.start_char))
