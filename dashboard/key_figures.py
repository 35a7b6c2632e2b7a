"""What the shown events add up to, and what may be added at all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.filters import has_point
from dashboard.lean import told_of, within_a_total
from dashboard.wording import count_words


@dataclass(frozen=True)
class KeyFigures:
    """Sums over incidents only. A bound is None where nothing states it, or where an open one makes it open."""

    events: int
    incidents: int
    cumulative: int
    diplomatic: int
    killed: tuple[int | None, int | None, int | None]
    killed_not_stated: int
    injured: tuple[int | None, int | None, int | None]
    publishers: int
    disputed: int
    loosely_dated: int
    loosely_placed: int
    unplaced: int


def headline(bounds: tuple[int | None, int | None, int | None]) -> tuple[str, str]:
    """The best sum, and how sure it is."""
    low, best, high = bounds
    if best is None:
        return "–", "not stated"
    if low == best == high:
        return f"{best:,}", "all stated exactly"
    return f"{best:,}", count_words(low, None, high) + (", open above" if high is None else "")


def countable(shown: pd.DataFrame) -> pd.DataFrame:
    """The events a sum may hold: incidents, not rejected, and no part of a total that is itself among the shown."""
    light = shown.drop(columns=["evidence", "attributions"])  # no sum needs the words, and copying them takes time
    incidents = light[((shown["kind"] == "incident") & (shown["status"] != "rejected")).to_numpy()]
    parts = within_a_total(incidents)
    return incidents[~parts] if parts.any() else incidents


def add_up(shown: pd.DataFrame, reports: pd.DataFrame) -> KeyFigures:
    """The key figures of what is shown."""
    counted = countable(shown)
    kinds = shown["kind"].value_counts()
    told = reports.loc[told_of(reports, shown) & (reports["source"] != "").to_numpy(), "source"]
    stated = shown["date_basis"].isin(["explicit", "relative"])
    return KeyFigures(
        events=len(shown),
        incidents=int(kinds.get("incident", 0)),
        cumulative=int(kinds.get("cumulative", 0)),
        diplomatic=int(kinds.get("diplomatic", 0)),
        killed=_sum(counted, "fatalities"),
        killed_not_stated=int((~_stated(counted, "fatalities")).sum()),
        injured=_sum(counted, "injured"),
        publishers=int(told.nunique()),
        disputed=int(shown["disputed"].fillna(False).sum()),
        loosely_dated=int((~(stated & (shown["time_precision"] == "day"))).sum()),
        loosely_placed=int((shown["geo_precision"] != "place").sum()),
        unplaced=int((~has_point(shown)).sum()),
    )


def _stated(events: pd.DataFrame, harm: str) -> pd.Series:
    bounds = events[[f"{harm}_low", f"{harm}_best", f"{harm}_high"]]
    return bounds.notna().any(axis=1)


def _sum(events: pd.DataFrame, harm: str) -> tuple[int | None, int | None, int | None]:
    known = events[_stated(events, harm)]
    if known.empty:
        return None, None, None
    low, best, high = (known[f"{harm}_{part}"] for part in ("low", "best", "high"))
    # nobody below "up to 9" is certain: its low counts as none; one open high leaves the sum open
    best_sum = int(best.fillna(low).fillna(high).sum())
    return int(low.fillna(0).sum()), best_sum, None if high.isna().any() else int(high.sum())
