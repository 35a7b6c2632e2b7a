"""What a name could be, for a person who chooses: the places of that name, each with the cells of the event table."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gazetteer import Candidate, load_gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY, DISTRICT, OWN, REGION, TOWN
from pipeline.models import GeoPrecision
from pipeline.settings import Settings

PLACE_KINDS = {TOWN: "town", DISTRICT: "district", REGION: "region", ADMIN1: "first-level region", COUNTRY: "country",
               OWN: "own"}  # fmt: skip
PRECISIONS = {DISTRICT: GeoPrecision.AREA, REGION: GeoPrecision.AREA, ADMIN1: GeoPrecision.ADMIN1,
              COUNTRY: GeoPrecision.COUNTRY}  # fmt: skip
MOST = 40  # places of one name that a person looks through


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """One place of a name: words that tell it from its namesakes, and the event table's cells for it."""

    label: str
    cells: tuple[tuple[str, str], ...]


def places_named(settings: Settings, name: str, country: str = "") -> list[PlaceChoice]:
    """The places that the name could be, those of `country` first, then the most populous."""
    if not name.strip():
        return []
    found = load_gazetteer(settings).candidates(name.strip())
    ordered = sorted(enumerate(found), key=lambda pair: (pair[1].country != country if country else False, pair[0]))
    return [_choice(candidate) for _, candidate in ordered[:MOST]]


def _choice(c: Candidate) -> PlaceChoice:
    precision = PRECISIONS.get(c.kind, GeoPrecision.PLACE)
    region = c.name if c.kind == ADMIN1 else "" if c.kind == COUNTRY else c.admin1
    where = ", ".join(dict.fromkeys(filter(None, (c.name, region, c.country))))
    people = f", {c.population:,} people" if c.population and c.kind in (TOWN, OWN) else ""
    point = c.kind != COUNTRY  # a country's middle is no place
    cells = {
        "place": c.name, "admin1": region, "country": c.country, "iso3": c.iso3,
        "latitude": f"{c.latitude:.5f}" if point else "", "longitude": f"{c.longitude:.5f}" if point else "",
        "geo_precision": str(precision),
    }  # fmt: skip
    return PlaceChoice(f"{where} ({PLACE_KINDS[c.kind]}{people})", tuple(cells.items()))
