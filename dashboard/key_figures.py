"""What the shown events add up to, and what may be added at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.filters import take
from dashboard.lean import EVENT_ROW, EXACT_DAY, EXACT_PLACE, LOCATED, WHOLE
from dashboard.wording import count_words


@dataclass(frozen=True)
class KeyFigures:
    """Sums over incidents only. A bound is None where nothing states it, or where an open one makes it open."""

    events: int
    incidents: int
    cumulative: int
    diplomatic: int
    rejected: int
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


def countable(events: pd.DataFrame, keep: np.ndarray) -> np.ndarray:
    """The events that a sum may hold: incidents, not rejected, no part of a total that is itself kept and counts."""
    counting = keep & (events["kind"] == "incident").to_numpy() & (events["status"] != "rejected").to_numpy()
    whole = events[WHOLE].to_numpy()
    parts = np.flatnonzero(whole >= 0)
    within = parts[counting[parts] & counting[whole[parts]]]
    counting[within] = False
    return counting


def add_up(archive: Any, keep: np.ndarray, counted: np.ndarray) -> KeyFigures:
    """The key figures of the kept events; `counted` those of them that a sum may hold."""
    events, reports = archive.events, archive.reports
    kinds = take(events, keep, ["kind"])["kind"].value_counts()
    row = reports[EVENT_ROW].to_numpy()
    source = reports["source"].cat
    of_none = len(source.categories)  # a report without a publisher, or of no kept event
    told = np.where((row >= 0) & keep[row], source.codes.to_numpy(), of_none)
    told = np.bincount(told, minlength=of_none + 1)
    rows = np.flatnonzero(counted)
    killed, killed_not_stated = _sum(events, rows, "fatalities")
    injured, _ = _sum(events, rows, "injured")
    return KeyFigures(
        events=int(np.count_nonzero(keep)),
        incidents=int(kinds.get("incident", 0)),
        cumulative=int(kinds.get("cumulative", 0)),
        diplomatic=int(kinds.get("diplomatic", 0)),
        rejected=int((keep & (events["status"] == "rejected").to_numpy()).sum()),
        killed=killed,
        killed_not_stated=killed_not_stated,
        injured=injured,
        publishers=int(((told[:-1] > 0) & (source.categories != "")).sum()),
        disputed=int(np.count_nonzero(keep & events["disputed"].to_numpy())),
        loosely_dated=int(np.count_nonzero(keep & ~events[EXACT_DAY].to_numpy())),
        loosely_placed=int(np.count_nonzero(keep & ~events[EXACT_PLACE].to_numpy())),
        unplaced=int(np.count_nonzero(keep & ~events[LOCATED].to_numpy())),
    )


def _sum(events: pd.DataFrame, rows: np.ndarray, harm: str) -> tuple[tuple[int | None, int | None, int | None], int]:
    """Low, best and high of the counted events; and how many of them state no number."""
    low, best, high = (events[f"{harm}_{part}"].to_numpy().take(rows) for part in ("low", "best", "high"))
    # nobody below "up to 9" is certain: its low counts as none; one open high leaves the sum open
    likely = np.where(np.isnan(best), np.where(np.isnan(low), high, low), best)
    silent = np.isnan(likely)
    if silent.all():
        return (None, None, None), int(silent.sum())
    open_above = bool((np.isnan(high) & ~silent).any())
    sums = int(np.nansum(low)), int(np.nansum(likely)), None if open_above else int(np.nansum(high))
    return sums, int(silent.sum())
