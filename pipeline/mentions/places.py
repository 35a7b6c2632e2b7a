"""Places: found, chosen, placed at the level that is sure, with the role each plays."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY, DISTRICT, REGION
from pipeline.mentions.place_choice import choose_places
from pipeline.mentions.place_containers import settle_places
from pipeline.mentions.place_roles import find_role
from pipeline.mentions.place_spans import find_toponyms
from pipeline.mentions.place_strays import is_place_at_home
from pipeline.mentions.place_villages import find_unlisted
from pipeline.mentions.toponyms import Toponym
from pipeline.models import Document, GeoPrecision, Place, PlaceMention

BEARINGS = {"north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225, "west": 270,
            "northwest": 315}  # fmt: skip
COMPASS = r"(?P<way>north-?(?:east|west)?|south-?(?:east|west)?|east|west)(?:ern)?"
OFFSET = re.compile(
    r"(?:(?P<far>\d{1,3}(?:[.,]\d+)?)[\s-]*(?P<unit>km|kms|kilomet\w+|miles?)\b\s*(?:\([^)]{0,20}\)\s*)?)"
    rf"(?:(?:to the\s+)?{COMPASS}\s+)?(?:of|from|away from|outside)\s+(?:the\s+)?(?:\w+\s+){{0,2}}(?:of\s+)?\Z",
    re.IGNORECASE,
)
BESIDE = re.compile(
    rf"(?:\b{COMPASS}\s+of|\bnear|\bnearby|\boutside|\baround|\btowards?|\bclose to|\bnot far from|\boutskirts of"
    r"|\bsuburbs? of|"
    r"\bcountryside of|\bbetween|\broad (?:from|to|between)|\b(?:[a-z]+ern|rural|central|downtown))\s+(?:the\s+)?"
    r"(?:(?:(?:city|town|village)\s+of|(?:[a-z]+\s+)?capital(?:\s+city)?(?:\s+of)?,?)\s+)?\Z",
    re.IGNORECASE,
)
# Beside it, not in it: "outside the capital", "rebel areas east of"; but "eastern Damascus" is in the city
NOT_WITHIN = re.compile(
    r"\b(?:of|near|nearby|outside|around|towards?|close to|far from|from)\s+(?:the\s+)?(?:[\w-]+\s+){0,2}"
    r"(?:capital,?\s+)?\Z"
    r"|\brural\s+\Z",
    re.IGNORECASE,
)
QUARTER_KM = 3
WIDE_KM = 300  # a region wider than this says no more than a country does


def find_places(document: Document, gazetteer: Gazetteer) -> list[PlaceMention]:
    """The place mentions of a document, in text order, resolved."""
    toponyms = choose_places(document, find_toponyms(document, gazetteer), gazetteer)
    found = [mention for toponym in toponyms if (mention := _as_mention(toponym, gazetteer)) is not None]
    mentions = [_as_of(document.dct, mention, gazetteer) for mention in found]
    mentions += find_unlisted(document, mentions, gazetteer)
    return settle_places(document, sorted(mentions, key=lambda m: (m.sentence, m.start_char)))


def _as_mention(toponym: Toponym, gazetteer: Gazetteer) -> PlaceMention | None:
    sentence, chosen = toponym.sentence, toponym.chosen
    assert chosen is not None
    role, why = find_role(toponym, gazetteer)
    if toponym.home is not None:
        if role == "location" and not is_place_at_home(toponym):
            return None
        toponym.home = toponym.home if role == "location" else None
    place, how = _locate(toponym, chosen)
    place, how = _around(toponym, place, chosen, how, gazetteer)
    reason = "; ".join(filter(None, (why, how, f"{len(toponym.candidates)} of this name")))
    start = sentence.start_char + toponym.start
    return PlaceMention(
        sentence.field, start, start + len(toponym.text), toponym.text, sentence.index, place, role, reason
    )


def _around(
    toponym: Toponym, place: Place, chosen: Candidate, how: str, gazetteer: Gazetteer
) -> tuple[Place, str]:  # fmt: skip
    """The place in the region around a city that is a region itself, where the words put it beside the city."""
    region = gazetteer.around_cities.get((chosen.iso2, place.admin1), "")
    before = toponym.sentence.text[max(0, toponym.start - 80) : toponym.start]
    suburb = toponym.after in ("suburbs", "suburb", "countryside", "outskirts")
    if not region or place.geo_precision not in (GeoPrecision.AREA, GeoPrecision.ADMIN1) or chosen.kind == DISTRICT:
        return place, how
    beside = BESIDE.search(before) or OFFSET.search(before)
    if not suburb and not (beside and NOT_WITHIN.search(beside[0])):
        return place, how
    level = GeoPrecision.AREA if place.geo_precision is GeoPrecision.ADMIN1 else place.geo_precision
    return replace(place, admin1=region, geo_precision=level), "; ".join(filter(None, (how, f"in {region}, around it")))


def _as_of(dct: date | None, mention: PlaceMention, gazetteer: Gazetteer) -> PlaceMention:
    """The mention with the region its place belonged to when the article was written."""
    place = mention.place
    if dct is None or place is None or place.geo_precision is GeoPrecision.ADMIN1:
        return mention
    for (iso2, name), (until, former) in gazetteer.former_regions.items():
        if name == place.admin1 and dct < until and (country := gazetteer.country(iso2)) and country.iso3 == place.iso3:
            return replace(
                mention, place=replace(place, admin1=former), reason=f"{mention.reason}; {former} until {until}"
            )
    return mention


def _locate(toponym: Toponym, chosen: Candidate) -> tuple[Place, str]:
    """The place at the level that the words allow."""
    if (home := toponym.home) is not None:
        level = {ADMIN1: GeoPrecision.ADMIN1, COUNTRY: GeoPrecision.COUNTRY}.get(home.kind, GeoPrecision.AREA)
        there = replace(home.as_place(level), name=toponym.text, place_id="")
        if home.kind == COUNTRY:
            there = replace(there, latitude=None, longitude=None)
        return there, f"the article plays at {home.name}, not at {chosen.name} in {chosen.admin1 or chosen.country}"
    if chosen.kind == COUNTRY:
        return chosen.as_place(GeoPrecision.COUNTRY), "country"
    if chosen.kind == ADMIN1:
        return chosen.as_place(GeoPrecision.ADMIN1), "first-level region"
    if chosen.kind in (DISTRICT, REGION):
        if chosen.radius_km <= QUARTER_KM:  # a part of a city, closer than the city
            return replace(chosen.as_place(GeoPrecision.PLACE), place_id=""), "quarter or camp"
        wide = chosen.radius_km > WIDE_KM
        return chosen.as_place(GeoPrecision.COUNTRY if wide else GeoPrecision.AREA), "district or region"
    before = toponym.sentence.text[max(0, toponym.start - 80) : toponym.start]
    if (match := OFFSET.search(before)) is not None:
        return _offset(chosen, match), f"{match[0].strip()} {toponym.text}"
    if BESIDE.search(before) or toponym.after in ("suburbs", "suburb", "countryside", "outskirts", "area"):
        return chosen.as_place(GeoPrecision.AREA), "near or part of it"
    return chosen.as_place(GeoPrecision.PLACE), ""


def _offset(chosen: Candidate, match: re.Match[str]) -> Place:
    place = chosen.as_place(GeoPrecision.AREA)
    way = (match["way"] or "").lower().replace("-", "")
    if way not in BEARINGS:
        return place
    km = float(match["far"].replace(",", ".")) * (1.609 if match["unit"].lower().startswith("mi") else 1.0)
    angle, latitude = math.radians(BEARINGS[way]), math.radians(chosen.latitude)
    north, east = km * math.cos(angle) / 111.2, km * math.sin(angle) / (111.2 * max(0.05, math.cos(latitude)))
    return replace(place, latitude=round(chosen.latitude + north, 5), longitude=round(chosen.longitude + east, 5))
