"""Events -> days, weeks or months: what is known closely, what is spread, how sure, and where nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

MAX_SPREAD_DAYS = 400  # a span longer than this says too little to be drawn as a rate
NEWS_DAYS = 3  # an article tells of its own day and of the days before it; three hold nine in ten reports
ONE_DAY = pd.Timedelta(days=1)


def bin_rule(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Days up to 120 of them, weeks up to four years, then months: never more than some 400 bars."""
    days = (last - first).days + 1
    if days <= 120:
        return "D"
    return "W-MON" if days <= 4 * 366 else "MS"


def bin_start(days: pd.Series, rule: str) -> pd.Series:
    """The first day of the bin in which each day lies."""
    if rule == "D":
        return days
    if rule == "MS":
        return days.dt.to_period("M").dt.start_time.astype(days.dtype)
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


def bin_end(start: pd.Series, rule: str) -> pd.Series:
    """The first day after each bin."""
    return start + (pd.DateOffset(months=1) if rule == "MS" else pd.Timedelta(days=7 if rule == "W-MON" else 1))


def dated_events(events: pd.DataFrame) -> pd.DataFrame:
    """The events of which a report says when they happened."""
    stated = (events["date_basis"].isin(["explicit", "relative"]) & events["date_start"].notna()).to_numpy()
    return events if stated.all() else events[stated]


def undated(events: pd.DataFrame) -> int:
    """How many events the timeline cannot show: nothing says on which day they happened."""
    return len(events) - int((events["date_basis"].isin(["explicit", "relative"]) & events["date_start"].notna()).sum())


def bin_table(events: pd.DataFrame, measure: str = "events", by: str = "event_type", rule: str = "D") -> pd.DataFrame:
    """bin, group, certain (the event lies inside one bin), amount, low, high, open (above), silent (no number).

    An event that several bins may hold gives each its share by days, so that the sum stays what it is.
    Events without a claimed day are left out.
    """
    dated = dated_events(events)
    start, end = dated["date_start"], dated["date_end"]
    rows = pd.DataFrame({"start": start, "end": end, "group": _groups(dated[by]), **_amounts(dated, measure)})
    rows["span"] = (end - start).dt.days + 1
    rows = rows[rows["span"].between(1, MAX_SPREAD_DAYS)]
    rows["certain"] = bin_start(rows["start"], rule) == bin_start(rows["end"], rule)
    inside = rows[rows["certain"]]
    inside = inside.assign(bin=bin_start(inside["start"], rule))
    wide = rows[~rows["certain"]]
    span = wide["span"].to_numpy()
    spread = wide.loc[wide.index.repeat(span)]
    offset = np.arange(span.sum()) - np.repeat(np.cumsum(span) - span, span)
    day = spread["start"] + pd.to_timedelta(offset, unit="D")
    shares = {name: spread[name] / spread["span"] for name in ("amount", "low", "high", "silent")}
    spread = spread.assign(bin=bin_start(day, rule), **shares)
    binned = pd.concat([inside, spread]) if len(spread) else inside
    sums = {"amount": "sum", "low": "sum", "high": "sum", "open": "max", "silent": "sum"}
    found = binned.groupby(["bin", "group", "certain"], observed=True).agg(sums).reset_index()
    return found.assign(group=found["group"].astype("str"))


def _groups(cells: pd.Series) -> pd.Categorical:
    """One name a row: what lies in several countries is a group of its own."""
    codes, values = (cells.cat.codes, cells.cat.categories) if hasattr(cells, "cat") else pd.factorize(cells)
    names = ["several" if " | " in str(value) else str(value) or "not stated" for value in values]
    groups = sorted({*names, "not stated"})
    code_of = np.array([groups.index(name) for name in [*names, "not stated"]])  # the last for -1: a missing cell
    return pd.Categorical.from_codes(code_of[np.asarray(codes)], groups)


def _amounts(events: pd.DataFrame, measure: str) -> dict[str, pd.Series]:
    if measure == "events":
        ones = pd.Series(1.0, index=events.index)
        never = pd.Series(False, index=events.index)
        return {"amount": ones, "low": ones, "high": ones, "open": never, "silent": ones * 0}
    low, best, high = (events[f"{measure}_{part}"].astype(float) for part in ("low", "best", "high"))
    amount = best.fillna(low).fillna(high)  # "at least 30" counts as 30, as in the key figures
    stated = amount.notna()
    return {
        "amount": amount.fillna(0), "low": low.fillna(0), "high": high.fillna(amount).fillna(0),
        "open": stated & high.isna(), "silent": (~stated).astype(float),
    }  # fmt: skip


def first_view(dated: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp, int]:
    """The days to show first, and how many events lie outside: a few far-off ones must not flatten all others."""
    first, last = dated["date_start"].min(), dated["date_end"].max()
    if len(dated) < 20:
        return first, last, 0
    start = dated["date_start"].sort_values().iloc[int(len(dated) * 0.03)]
    end = dated["date_end"].sort_values().iloc[-1 - int(len(dated) * 0.03)]
    room = (end - start) * 0.05 + ONE_DAY
    start, end = max(first, start - room), min(last, end + room)
    if (end - start) * 2 > (last - first):
        return first, last, 0
    return start, end, int(((dated["date_end"] < start) | (dated["date_start"] > end)).sum())


def gaps(
    published: pd.Series, first: pd.Timestamp, last: pd.Timestamp, rule: str
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Stretches of bins of which no article was read: there an empty place says nothing, elsewhere it says none."""
    bins = bin_start(pd.Series(pd.date_range(first.normalize(), last.normalize(), unit="s")), rule).drop_duplicates()
    days = published.dropna().drop_duplicates()
    told = pd.concat([days - n * ONE_DAY for n in range(NEWS_DAYS + 1)]).dt.as_unit("s")
    silent = bins[~bins.isin(bin_start(told, rule))] if len(days) else bins
    found: list[tuple[pd.Timestamp, pd.Timestamp]] = []
    for start, end in zip(silent, bin_end(silent, rule), strict=True):
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def day_after(brush: Sequence[date]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """A brush's days as a half-open stretch of the axis."""
    return pd.Timestamp(brush[0]), pd.Timestamp(brush[1]) + ONE_DAY
