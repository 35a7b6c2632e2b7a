"""Events -> days, weeks or months: what is known closely, what is spread, how sure, and where nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from dashboard.filters import STATED

MAX_SPREAD_DAYS = 400  # a span longer than this says too little to be drawn as a rate
NEWS_DAYS = 3  # an article tells of its own day and of the days before it; three hold nine in ten reports
ONE_DAY = pd.Timedelta(days=1)


def bin_rule(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Days up to 120 of them, weeks up to four years, then months: never more than some 400 bars."""
    days = (last - first).days + 1
    if days <= 120:
        return "D"
    return "W-MON" if days <= 4 * 366 else "MS"


def bin_end(start: pd.Series, rule: str) -> pd.Series:
    """The first day after each bin."""
    return start + (pd.DateOffset(months=1) if rule == "MS" else pd.Timedelta(days=7 if rule == "W-MON" else 1))


def dated(events: pd.DataFrame) -> np.ndarray:
    """Of which events a report says when they happened."""
    return events["date_basis"].isin(STATED).to_numpy() & events["date_start"].notna().to_numpy()


def bin_table(
    events: pd.DataFrame, counted: np.ndarray, measure: str = "events", by: str = "event_type", rule: str = "D"
) -> pd.DataFrame:
    """bin, group, certain (the event lies inside one bin), amount, low, high, open (above), silent (no number).

    Of the `counted` among the events. One that several bins may hold gives each its share by days, so that the sum
    stays what it is. Events without a claimed day are left out.
    """
    start, end = (_days(events[name]) for name in ("date_start", "date_end"))
    span = end - start + 1
    rows = np.flatnonzero(counted & dated(events) & (span >= 1) & (span <= MAX_SPREAD_DAYS))
    start, end, span = start[rows], end[rows], span[rows]
    group, groups = _groups(events[by], rows)
    first, last = _bin_number(start, rule), _bin_number(end, rule)
    # a row for each bin that an event touches, with the share of its days that lie there
    touched = last - first + 1
    of = np.repeat(np.arange(len(rows)), touched)
    bins = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(touched) - touched, touched)
    certain = touched[of] == 1
    low_day, high_day = _bin_day(bins, rule), _bin_day(bins + 1, rule) - 1
    share = np.where(certain, 1.0, (np.minimum(end[of], high_day) - np.maximum(start[of], low_day) + 1) / span[of])
    least = int(bins.min(initial=0)) if len(bins) else 0
    key = ((bins - least) * len(groups) + group[of]) * 2 + certain
    size = np.bincount(key)
    cells = np.flatnonzero(size)
    found = {
        name: np.bincount(key, share if amount is None else amount[of] * share)[cells]
        for name, amount in _amounts(events, rows, measure).items()
    }
    days = _bin_day(cells // (2 * len(groups)) + least, rule).astype("datetime64[D]").astype("datetime64[ms]")
    return pd.DataFrame({
        "bin": days, "group": np.array(groups, dtype=object)[cells // 2 % len(groups)],
        "certain": (cells % 2).astype(bool), **found, "open": found["open"] > 0,
    })[["bin", "group", "certain", "amount", "low", "high", "open", "silent"]].astype({"group": "str"})  # fmt: skip


def _days(cells: pd.Series) -> np.ndarray:
    """Days since 1970 as numbers; what is not there is far in the past."""
    return cells.to_numpy().astype("datetime64[D]").astype(np.int64)


def _bin_number(days: np.ndarray, rule: str) -> np.ndarray:
    if rule == "MS":
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return days if rule == "D" else (days + 3) // 7  # 1970 began on a Thursday


def _bin_day(bins: np.ndarray, rule: str) -> np.ndarray:
    """The first day of a bin."""
    if rule == "MS":
        return bins.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return bins if rule == "D" else bins * 7 - 3


def _groups(cells: pd.Series, rows: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """One name a row: what lies in several countries is a group of its own."""
    names = ["several" if " | " in str(value) else str(value) or "not stated" for value in cells.cat.categories]
    groups = sorted({*names, "not stated"})
    number = {name: n for n, name in enumerate(groups)}
    code_of = np.array([number[name] for name in [*names, "not stated"]])  # the last for -1: a missing cell
    return code_of[cells.cat.codes.to_numpy()[rows]], groups


def _amounts(events: pd.DataFrame, rows: np.ndarray, measure: str) -> dict[str, np.ndarray | None]:
    """What each row adds; None is one."""
    if measure == "events":
        nothing = np.zeros(len(rows))
        return {"amount": None, "low": None, "high": None, "open": nothing, "silent": nothing}
    low, best, high = (events[f"{measure}_{part}"].to_numpy()[rows] for part in ("low", "best", "high"))
    # "at least 30" counts as 30, as in the key figures
    amount = np.where(np.isnan(best), np.where(np.isnan(low), high, low), best)
    stated = ~np.isnan(amount)
    return {
        "amount": np.where(stated, amount, 0), "low": np.nan_to_num(low),
        "high": np.nan_to_num(np.where(np.isnan(high), amount, high)), "open": (stated & np.isnan(high)) * 1.0,
        "silent": (~stated) * 1.0,
    }  # fmt: skip


def first_view(start: np.ndarray, end: np.ndarray) -> tuple[pd.Timestamp, pd.Timestamp, int]:
    """The days to show first, and how many events lie outside: a few far-off ones must not flatten all others.

    Of each event its first and last day, as numpy's datetimes.
    """
    whole = pd.Timestamp(start.min()), pd.Timestamp(end.max())
    if len(start) < 20:
        return *whole, 0
    few = int(len(start) * 0.03)
    low, high = (pd.Timestamp(np.partition(days, at)[at]) for days, at in ((start, few), (end, len(end) - 1 - few)))
    room = (high - low) * 0.05 + ONE_DAY
    low, high = max(whole[0], low - room), min(whole[1], high + room)
    if (high - low) * 2 > whole[1] - whole[0]:
        return *whole, 0
    return low, high, int(((end < low.to_datetime64()) | (start > high.to_datetime64())).sum())


def gaps(
    published: pd.Series, first: pd.Timestamp, last: pd.Timestamp, rule: str
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Stretches of bins of which no article was read: there an empty place says nothing, elsewhere it says none."""
    day, last_day = (int(_days(pd.Series([at]))[0]) for at in (first, last))
    bins = np.unique(_bin_number(np.arange(day, last_day + 1), rule))
    told = _days(published.dropna())
    told = told[(told >= day) & (told <= last_day + NEWS_DAYS)] - day
    days = np.flatnonzero(np.bincount(told, minlength=1))  # few days, however many articles
    of_these = _bin_number(np.concatenate([days + day - n for n in range(NEWS_DAYS + 1)]), rule)
    silent = bins[~np.isin(bins, of_these)]
    starts, ends = (pd.DatetimeIndex(_bin_day(b, rule).astype("datetime64[D]").astype("datetime64[s]"))
                    for b in (silent, silent + 1))  # fmt: skip
    found: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for start, end in zip(starts, ends, strict=True):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def day_after(brush: Sequence[date]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """A brush's days as a half-open stretch of the axis."""
    return pd.Timestamp(brush[0]), pd.Timestamp(brush[1]) + ONE_DAY
