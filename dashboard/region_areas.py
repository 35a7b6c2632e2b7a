"""Where a first-level region is: the area of its towns, from static/regions.json; see make_regions.py."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

STEP = 0.01  # degrees, of the file's whole numbers
REGIONS = Path(__file__).parent / "static" / "regions.json"
Ring = tuple[list[float], list[float]]


@cache
def _regions() -> dict[str, dict[str, list[list[int]]]]:
    found: dict[str, dict[str, list[list[int]]]] = json.loads(REGIONS.read_text(encoding="utf-8"))
    return found


@cache
def rings_of(country: str, admin1: str) -> list[Ring]:
    """The closed outlines of its pieces, latitudes and longitudes; none where the file lacks the region."""
    pieces = _regions().get(country, {}).get(admin1, [])
    closed = [[*piece, *piece[:2]] for piece in pieces]
    return [([round(y * STEP, 2) for y in p[1::2]], [round(x * STEP, 2) for x in p[::2]]) for p in closed]
