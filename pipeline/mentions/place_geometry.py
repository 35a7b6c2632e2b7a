"""Distance between places, and which place lies in which."""

from __future__ import annotations

import math

from pipeline.gazetteer import Candidate
from pipeline.gazetteer_build import ADMIN1, COUNTRY, DISTRICT, REGION


def km_between(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance of two points."""
    p, q = math.radians(latitude), math.radians(other_latitude)
    east = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * east)))


def distance_km(a: Candidate, b: Candidate) -> float:
    """Great-circle distance of two places."""
    return km_between(a.latitude, a.longitude, b.latitude, b.longitude)


def inside(inner: Candidate, outer: Candidate) -> float:
    """1.0 if the one surely lies in the other, less if it only may."""
    if outer.kind == COUNTRY:
        return 1.0 if inner.iso2 == outer.iso2 and inner.kind != COUNTRY else 0.0
    if inner.kind == COUNTRY or (outer.iso2 and inner.iso2 != outer.iso2):
        return 0.0
    if outer.kind == ADMIN1:
        return 1.0 if inner.admin1 == outer.admin1 and inner.kind != ADMIN1 else 0.0
    if outer.kind in (DISTRICT, REGION):
        return 0.9 if distance_km(inner, outer) <= 1.3 * outer.radius_km + 10 else 0.0
    return 0.5 if distance_km(inner, outer) <= 60 else 0.0
