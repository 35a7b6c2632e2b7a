"""Events -> days, weeks or months: what is known closely, what is spread, how sure, and where nobody looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from dashboard.lean import DATED, FIRST_DAY, LAST_DAY, days_of

MAX_SPREAD_DAYS = 400  # a span longer than this says too little to be drawn as a rate
NEWS_DAYS = 3  # an article tells of its own day and of the days before it; three hold nine in ten reports
MONTHS = {"MS": 1, "QS": 3}  # of the bins that are not so many days
ONE_DAY = pd.Timedelta(days=1)


def bin_rule(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Days up to 120 of them, weeks up to four years, months up to twelve, then quarters: bars that an eye can part."""
    days = (last - first).days + 1
    if days <= 120:
        return "D"
    if days <= 4 * 366:
        return "W-MON"
    return "MS" if days <= 12 * 366 else "QS"


def bin_end(start: pd.Series, rule: str) -> pd.Series:
    """The first day after each bin."""
    if months := MONTHS.get(rule):
        return start + pd.DateOffset(months=months)
    return start + pd.Timedelta(days=7 if rule == "W-MON" else 1)


def dated(events: pd.DataFrame) -> np.ndarray:
    """Of which events a report says when they happened."""
    return events[DATED].to_numpy()


def bin_table(
    events: pd.DataFrame, counted: np.ndarray, measure: str = "events", by: str = "event_type", rule: str = "D"
) -> pd.DataFrame:
    """bin, group, certain (the event lies inside one bin), amount, low, high, open (above), silent (no number).

    Of the `counted` among the events. One that several bins may hold gives each its share by days, so that the sum
    stays what it is. Events without a claimed day are left out.
    """
    start, end = events[FIRST_DAY].to_numpy(), events[LAST_DAY].to_numpy()
    rows = np.flatnonzero(counted & dated(events) & (end >= start) & (end - start < MAX_SPREAD_DAYS))
    start, end = start[rows], end[rows]
    group, groups = _groups(events[by], rows)
    amounts = _amounts(events, rows, measure)
    # looked up, because the days are few and the events many
    least, most = (int(start.min()), int(end.max())) if len(rows) else (0, 0)
    number = _bin_number(np.arange(least, most + 1), rule)
    first, last = number[start - least], number[end - least]
    inside = np.flatnonzero(first == last)
    found = [_sums(first[inside], group[inside], amounts, inside, np.ones(1))]
    if len(inside) < len(rows):
        wide = np.flatnonzero(first < last)
        # a row for each bin that an event touches, with the share of its days that lie there
        touched = last[wide] - first[wide] + 1
        of = np.repeat(wide, touched)
        bins = first[of] + np.arange(len(of)) - np.repeat(np.cumsum(touched) - touched, touched)
        from_day = np.maximum(start[of], _bin_day(bins, rule))
        to_day = np.minimum(end[of], _bin_day(bins + 1, rule) - 1)
        share = (to_day - from_day + 1) / (end[of] - start[of] + 1)
        found.append(_sums(bins, group[of], amounts, of, share))
    table = pd.concat([part.assign(certain=certain) for part, certain in zip(found, (True, False), strict=False)])
    table = table.sort_values(["bin", "group", "certain"], ignore_index=True)
    days = _bin_day(table["bin"].to_numpy(), rule).astype("datetime64[D]").astype("datetime64[ms]")
    names = np.array(groups, dtype=object)[table["group"].to_numpy()]
    return table.assign(bin=days, group=pd.Series(names, dtype="str"), open=table["open"] > 0)


def _sums(
    bins: np.ndarray, group: np.ndarray, amounts: dict[str, np.ndarray | float], of: np.ndarray, share: np.ndarray
) -> pd.DataFrame:
    """The sum of each amount in each bin and group; `of` says which event a row is of, `share` how much of it."""
    least, groups = int(bins.min(initial=0)), int(group.max(initial=0)) + 1
    key = (bins - least) * groups + group
    size = np.bincount(key) if len(share) == 1 else np.bincount(key, share)
    cells = np.flatnonzero(np.bincount(key))
    sums = {
        name: (size * amount if isinstance(amount, float) else np.bincount(key, amount[of] * share))[cells]
        for name, amount in amounts.items()
    }
    return pd.DataFrame({"bin": cells // groups + least, "group": cells % groups, "certain": True, **sums})


def _bin_number(days: np.ndarray, rule: str) -> np.ndarray:
    if months := MONTHS.get(rule):
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // months
    return days if rule == "D" else (days + 3) // 7  # 1970 began on a Thursday


def _bin_day(bins: np.ndarray, rule: str) -> np.ndarray:
    """The first day of a bin."""
    if months := MONTHS.get(rule):
        return (bins * months).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return bins if rule == "D" else bins * 7 - 3


def _groups(cells: pd.Series, rows: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """One name a row: what lies in several countries is a group of its own."""
    names = ["several" if " | " in str(value) else str(value) or "not stated" for value in cells.cat.categories]
    groups = sorted({*names, "not stated"})
    number = {name: n for n, name in enumerate(groups)}
    code_of = np.array([number[name] for name in [*names, "not stated"]])  # the last for -1: a missing cell
    return code_of[cells.cat.codes.to_numpy()[rows]], groups


def _amounts(events: pd.DataFrame, rows: np.ndarray, measure: str) -> dict[str, np.ndarray | float]:
    """What each row adds, or all of them."""
    if measure == "events":
        return {"amount": 1.0, "low": 1.0, "high": 1.0, "open": 0.0, "silent": 0.0}
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

    Of each event its first and last day, as `days_of` numbers them.
    """
    first, last = int(start.min()), int(end.max())
    whole = _timestamp(first), _timestamp(last)
    if len(start) < 20:
        return *whole, 0
    few = int(len(start) * 0.03)
    # counted, not sorted: the days are few and the events many
    low = first + int(np.searchsorted(np.bincount(start - first).cumsum(), few, side="right"))
    high = last - int(np.searchsorted(np.bincount(last - end).cumsum(), few, side="right"))
    room = (high - low) // 20 + 1
    low, high = max(first, low - room), min(last, high + room)
    if (high - low) * 2 > last - first:
        return *whole, 0
    return _timestamp(low), _timestamp(high), int(((end < low) | (start > high)).sum())


def within(
    first: pd.Timestamp, last: pd.Timestamp, since: date | None, until: date | None
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """The part of a view that lies in the days chosen; a week that begins before them does not stretch it."""
    return max(first, pd.Timestamp(since or first)), min(last, pd.Timestamp(until or last))


def _timestamp(day: int) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(day, "D"))


def gaps(
    published: pd.Series, first: pd.Timestamp, last: pd.Timestamp, rule: str
) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Stretches of bins of which no article was read: there an empty place says nothing, elsewhere it says none."""
    day, last_day = map(int, days_of(pd.Series([first, last])))
    bins = np.unique(_bin_number(np.arange(day, last_day + 1), rule))
    told = days_of(published.dropna())
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
