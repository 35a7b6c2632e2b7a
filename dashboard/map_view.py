"""Where a reader of the map looks, and where they look first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.lean import LOCATED


@dataclass(frozen=True)
class View:
    """Where the reader looks."""

    zoom: float
    latitude: float
    longitude: float

    @classmethod
    def of(cls, first: Mapping[str, Any]) -> View:
        """What `first_view` says."""
        return cls(first["zoom"], first["center"]["lat"], first["center"]["lon"])

    def holds(self, latitude: pd.Series, longitude: pd.Series) -> np.ndarray:
        """Which points lie in it, or a step outside: the chart is some 1,000 pixels wide, the world 512 at zoom 0."""
        reach = 360 * 1000 / 512 / 2**self.zoom
        apart = np.abs((longitude.to_numpy() - self.longitude + 180) % 360 - 180)
        return (apart <= reach) & (np.abs(latitude.to_numpy() - self.latitude) <= reach)


def first_view(events: pd.DataFrame, keep: np.ndarray) -> dict[str, Any]:
    """Centre and zoom in which most events stand; kept by the page once the analyst has moved."""
    located = keep & events[LOCATED].to_numpy()
    fought = located & (events["kind"] != "diplomatic").to_numpy()  # talks are held far from where the war is
    rows = np.flatnonzero(fought if fought.any() else located)
    if not len(rows):
        return {"center": {"lat": 25.0, "lon": 15.0}, "zoom": 0.8}
    # where nine of ten events are: one far-off mark must not turn a city into a dot
    south, north = np.quantile(events["latitude"].to_numpy()[rows], [0.05, 0.95])
    west, east = np.quantile(events["longitude"].to_numpy()[rows], [0.05, 0.95])
    # the chart is some 450 x 400 pixels, and the world 512 wide at zoom 0
    spread = max((north - south) * 1.5, east - west, 1.0)
    zoom = float(np.clip(np.log2(210 / spread), 0.4, 7))
    return {"center": {"lat": float((south + north) / 2), "lon": float((west + east) / 2)}, "zoom": round(zoom, 2)}
