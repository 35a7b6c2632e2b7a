"""The timeline: incidents as bars, cumulative claims as spans in a lane of their own, diplomatic events as marks.

What is known only to a week or month is spread over its days and hatched; it is never piled on its first day.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.bins import ONE_DAY, bin_end, bin_rule, bin_table, dated, day_after, first_view, gaps, within
from dashboard.claims_lane import claim_trace, lay_claims
from dashboard.empty_charts import sentence, words_for_no_bar
from dashboard.lean import COUNTS, DATED, FIRST_DAY, LAST_DAY
from dashboard.palette import BACKGROUND, LINE, OTHER, REJECTED, SOFT, TEXT, TYPE_COLOURS
from dashboard.wording import chart_text, day_words, place_words, rejected_lead

MEASURES = {"events": "Events", "fatalities": "Killed", "injured": "Injured"}
STACKS = {"event_type": "by type", "country": "by country"}
BIN_WORDS = {"D": "day", "W-MON": "week", "MS": "month", "QS": "quarter"}
REJECTED_BARS = "rejected (in no sum)"
SPREAD, NOT_READ, BOUNDS = "hatched: spread over its days", "no article of these days read", "low–high (▲ open above)"
Figure = dict[str, Any]
# of the few claims and talks
SHOWN = ["event_id", "kind", "date_start", "date_end", "time_precision", "date_basis", "sub_event_type", "country",
         "admin1", "place", "geo_precision", "event_type", "status", DATED, FIRST_DAY, LAST_DAY, *COUNTS]  # fmt: skip
EDGE = 0.15  # of the view: a label in the middle of a mark would run over its edge
WHOLE_TICKS = 6  # so many and more Plotly marks by whole numbers of itself
MAX_TALKS = 400  # above this, one mark a bin


def group_colours(groups: Sequence[str], by: str) -> dict[str, str]:
    """A colour for each group; those of no colour of their own share one name, "other"."""
    if by == "event_type":
        return {g: TYPE_COLOURS.get(g, OTHER[-1]) for g in groups}
    return dict(zip(groups, OTHER[:-1], strict=False))


def build_timeline(
    events: pd.DataFrame,
    keep: np.ndarray,
    counted: np.ndarray,
    *,
    measure: str = "events",
    by: str = "event_type",
    order: Sequence[str] = (),
    published: pd.Series | None = None,
    all_days: bool = False,
    period: tuple[date | None, date | None] = (None, None),
    brush: Sequence[date] = (),
    open_row: int = -1,
) -> Figure:
    """Of all events those to `keep` are shown; `counted` are its incidents that a sum may hold (no totals' parts,
    nothing rejected). Rejected incidents among those to keep stand pale and crossed over the sums.

    `order` names the groups whose colours stay whatever is filtered; `published` the days of the articles read;
    `period` the first and last day chosen, beyond which events reach that are only known to a month or a year.
    """
    some, keep = bool(keep.any()), keep & dated(events)
    if not keep.any():
        return _without_days(some)
    start, end = (events[name].to_numpy()[keep] for name in (FIRST_DAY, LAST_DAY))
    first, last, outside = first_view(start, end)
    first, last = within(first, last, *period)
    if all_days:
        first, last = (pd.Timestamp(np.datetime64(int(day), "D")) for day in (start.min(), end.max()))
    rule = bin_rule(first, last)
    binned = bin_table(events, counted, measure, by, rule)
    order = order or binned.groupby("group")["amount"].sum().sort_values(ascending=False).index.tolist()
    gone = keep & (events["kind"] == "incident").to_numpy() & (events["status"] == "rejected").to_numpy()
    data = _bars(binned, rule, group_colours(order, by))
    if gone.any():
        data += _rejected_bars(bin_table(events, gone, measure, by, rule), rule)
    if measure != "events":
        data += _bounds(binned, rule)
    if published is not None:
        data += _gap_trace(gaps(published, first, last, rule))
    claims, talks = (
        events.loc[keep & (events["kind"] == kind).to_numpy(), SHOWN] for kind in ("cumulative", "diplomatic")
    )
    laid = lay_claims(claims, first, last + ONE_DAY)
    if len(laid):
        data.append(claim_trace(laid))
    data += _talks(talks, rule)
    lanes = int(laid["lane"].max()) + 1 if len(laid) else 0
    layout = _layout(lanes, measure, rule, (first - ONE_DAY / 2, last + ONE_DAY * 1.5))
    if (last - first).days < 6:  # Plotly would mark hours, which nobody claims
        layout["xaxis"]["dtick"] = ONE_DAY.total_seconds() * 1000
    open_now = open_row >= 0 and keep[open_row]
    layout["shapes"] = [_open_marker(events.iloc[open_row], first, last)] if open_now else []
    tops = [(x, y) for trace in data if trace["type"] == "bar" for x, y in zip(trace["x"], trace["y"], strict=True)]
    highest = max(pd.DataFrame(tops, columns=["x", "y"]).groupby("x")["y"].sum(), default=1.0)
    if 1 <= highest < WHOLE_TICKS:
        layout["yaxis"]["dtick"] = 1  # Plotly would mark fifths of an event
    if brush:
        x0, x1 = day_after(brush)
        box = {"type": "rect", "xref": "x", "yref": "y", "x0": x0, "x1": x1, "y0": 0, "y1": highest * 1.05}
        layout["selections"] = [box]
    if not gone.any() and (words := words_for_no_bar(binned, MEASURES[measure])):
        layout["annotations"] = [sentence(words, 0.7)]
        layout["yaxis"] |= {"showticklabels": False, "title": {"text": ""}}
    layout["meta"] = {"outside": outside, "claims_left_out": len(claims) - len(laid)}
    return {"data": data, "layout": layout}


def _without_days(some: bool) -> Figure:
    """No axes, which would claim days, but a sentence."""
    layout = _layout(0, "events", "D", None)
    layout |= {name: {"visible": False, "fixedrange": True} for name in layout if "axis" in name}
    words = "None of these events has a stated day." if some else "No event to draw."
    return {"data": [], "layout": layout | {"annotations": [sentence(words)]}}


def _layout(lanes: int, measure: str, rule: str, view: Sequence[pd.Timestamp] | None) -> dict[str, Any]:
    talks = 0.09
    claims = talks + 0.03 + 0.07 * lanes if lanes else talks
    quiet = {"fixedrange": True, "showgrid": False, "zeroline": False, "showticklabels": False}
    return {
        "height": 406, "barmode": "stack", "bargap": 0.08, "dragmode": "select", "selectdirection": "h",
        "margin": {"l": 52, "r": 10, "t": 46, "b": 36}, "showlegend": False, "hovermode": "closest",
        "paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)", "font": {"color": TEXT, "size": 12},
        "xaxis": {"type": "date", "gridcolor": LINE, "anchor": "y3", **({"range": list(view)} if view else {})},
        "yaxis": {"domain": [claims + 0.04, 1], "rangemode": "tozero", "gridcolor": LINE, "fixedrange": True,
                  "title": {"text": f"{MEASURES[measure]} per {BIN_WORDS[rule]}", "font": {"size": 11}},
                  "tickformat": ",~r", "nticks": 6, "zeroline": True, "zerolinecolor": TEXT},
        "yaxis2": {**quiet, "domain": [talks + 0.02, max(claims, talks + 0.03)], "range": [-0.6, max(lanes, 1) - 0.4],
                   "title": {"text": "claims" if lanes else "", "font": {"size": 10}}},
        "yaxis3": {**quiet, "domain": [0, talks], "range": [-1, 1],
                   "title": {"text": "talks", "font": {"size": 10}}},
        "yaxis4": {**quiet, "domain": [claims + 0.04, 1], "range": [0, 1], "overlaying": "y"},
        "hoverlabel": {"bgcolor": BACKGROUND, "font": {"color": TEXT}},
        "newselection": {"line": {"color": TEXT, "width": 1}},
    }  # fmt: skip


def _bars(binned: pd.DataFrame, rule: str, colours: Mapping[str, str]) -> list[Figure]:
    # the axes stand also where nothing does
    data: list[Figure] = [{"type": "scatter", "x": [], "y": [], "yaxis": axis} for axis in ("y", "y3")]
    named = binned.assign(group=binned["group"].where(binned["group"].isin(list(colours)), "other"))
    named = named.groupby(["bin", "group", "certain"], as_index=False)[["amount", "silent"]].sum()
    present = set(named["group"])
    # where bars are wide a line of the ground parts them for who does not see their colours
    edge = {"color": BACKGROUND, "width": 1 if named["bin"].nunique() <= 60 else 0}
    for group in [*(g for g in colours if g in present), *(["other"] if "other" in present else [])]:
        colour = colours.get(group, OTHER[-1])
        for certain in (True, False):
            part = named[(named["group"] == group) & (named["certain"] == certain)]
            if part.empty:
                continue
            width = (bin_end(part["bin"], rule) - part["bin"]).dt.total_seconds() * 1000
            silent = [f", {n:.0f} without a number" if n >= 1 else "" for n in part["silent"]]
            data.append({
                # a bar begins on its first day, so that a week looks like that week
                "type": "bar", "x": part["bin"].tolist(), "y": part["amount"].round(3).tolist(), "offset": 0,
                "width": (width * 0.94).tolist(),
                "name": chart_text(group) + ("" if certain else ", spread over its days"),
                "marker": {"color": colour, "line": edge} if certain else {
                    "color": colour, "opacity": 0.75,
                    "pattern": {"shape": "/", "fillmode": "replace", "fgcolor": colour, "size": 6},
                },
                "text": silent, "textposition": "none",
                "hovertemplate": "%{x|%Y-%m-%d}: %{y}%{text}<extra>%{fullData.name}</extra>",
            })  # fmt: skip
    return data


def _rejected_bars(binned: pd.DataFrame, rule: str) -> list[Figure]:
    """What an analyst rejected, over the sums that do not hold it: an outline, crossed."""
    whole = binned.groupby("bin", as_index=False)["amount"].sum()
    if not whole["amount"].any():
        return []
    width = (bin_end(whole["bin"], rule) - whole["bin"]).dt.total_seconds() * 1000
    return [{
        "type": "bar", "x": whole["bin"].tolist(), "y": whole["amount"].round(3).tolist(), "offset": 0,
        "width": (width * 0.94).tolist(), "name": REJECTED_BARS,
        "marker": {"color": "rgba(0,0,0,0)", "line": {"color": REJECTED[1], "width": 1}, "pattern": {
            "shape": "x", "fillmode": "replace", "fgcolor": REJECTED[1], "size": 6, "solidity": 0.2}},
        "hovertemplate": "%{x|%Y-%m-%d}: %{y}<extra>" + REJECTED_BARS + "</extra>",
    }]  # fmt: skip


def _bounds(binned: pd.DataFrame, rule: str) -> list[Figure]:
    """The lowest and the highest sum of each bin, as a whisker over its bar; a mark where nothing bounds it above."""
    sums = {"amount": "sum", "low": "sum", "high": "sum", "open": "max"}
    whole = binned.groupby("bin", as_index=False).agg(sums)
    unsure = whole[(whole["low"] < whole["amount"]) | (whole["high"] > whole["amount"]) | whole["open"].astype(bool)]
    if unsure.empty:
        return []
    middle = unsure["bin"] + (bin_end(unsure["bin"], rule) - unsure["bin"]) / 2
    above = ["" if is_open else f"–{high:,.0f}" for is_open, high in zip(unsure["open"], unsure["high"], strict=True)]
    words = [f"{low:,.0f}{more}" if more else f"at least {low:,.0f}"
             for low, more in zip(unsure["low"], above, strict=True)]  # fmt: skip
    whisker = {
        "type": "scatter", "mode": "markers", "x": middle.tolist(), "y": unsure["amount"].tolist(), "name": BOUNDS,
        "marker": {"size": 1, "color": TEXT}, "text": words, "hovertemplate": "%{text}<extra>low–high</extra>",
        "error_y": {"type": "data", "symmetric": False, "array": (unsure["high"] - unsure["amount"]).tolist(),
                    "arrayminus": (unsure["amount"] - unsure["low"]).tolist(), "color": TEXT, "thickness": 1.5,
                    "width": 3},
    }  # fmt: skip
    up = unsure["open"].astype(bool).to_numpy()
    open_above = {
        "type": "scatter", "mode": "markers", "x": middle[up].tolist(), "y": unsure.loc[up, "high"].tolist(),
        "marker": {"symbol": "triangle-up", "size": 7, "color": TEXT}, "name": "open above",
        "text": [w for w, is_open in zip(words, up, strict=True) if is_open],
        "hovertemplate": "%{text}<extra>open above</extra>",
    }  # fmt: skip
    return [whisker, open_above] if up.any() else [whisker]


def _gap_trace(found: Sequence[tuple[pd.Timestamp, pd.Timestamp]]) -> list[Figure]:
    if not found:
        return []
    return [{
        "type": "scatter", "yaxis": "y4", "mode": "none", "fill": "toself", "name": NOT_READ,
        "x": [x for start, end in found for x in (start, end, end, start, None)],
        "y": [y for _ in found for y in (0, 0, 1, 1, None)], "fillcolor": "rgba(0,0,0,0)", "hoveron": "fills",
        "fillpattern": {"shape": "\\", "fgcolor": LINE, "bgcolor": "rgba(0,0,0,0)", "size": 7, "solidity": 0.15},
        "text": NOT_READ, "hoverinfo": "text",
    }]  # fmt: skip


def _talks(talks: pd.DataFrame, rule: str) -> list[Figure]:
    """A diamond each, a line where one took several days; a diamond a bin where they are many."""
    if talks.empty:
        return []
    if len(talks) > MAX_TALKS:
        return [_talk_marks(*_talks_by_bin(talks, rule), ids=[])]
    colour = TYPE_COLOURS["Diplomacy"]
    long = talks[talks["date_start"] < talks["date_end"]]
    spans = [x for a, b in zip(long["date_start"], long["date_end"], strict=True) for x in (a, b + ONE_DAY, None)]
    middle = talks["date_start"] + (talks["date_end"] - talks["date_start"] + ONE_DAY) / 2
    words = [f"{rejected_lead(row)}{chart_text(row['sub_event_type'] + ', ' + place_words(row))}<br>{day_words(row)}"
             for row in talks.to_dict("records")]  # fmt: skip
    return [
        {"type": "scatter", "x": spans, "y": [0, 0, None] * len(long), "yaxis": "y3", "mode": "lines",
         "line": {"color": colour, "width": 5}, "opacity": 0.45, "hoverinfo": "skip"},
        _talk_marks(middle.tolist(), words, ids=talks["event_id"].tolist()),
    ]  # fmt: skip


def _talks_by_bin(talks: pd.DataFrame, rule: str) -> tuple[list[Any], list[str]]:
    counts = bin_table(talks, np.ones(len(talks), dtype=bool), rule=rule).groupby("bin")["amount"].sum()
    middle = counts.index + (bin_end(counts.index.to_series(), rule) - counts.index.to_series()) / 2
    return middle.tolist(), [f"{n:,.0f} diplomatic events of {day:%Y-%m-%d}" for day, n in counts.items()]


def _talk_marks(x: list[Any], words: list[str], *, ids: list[str]) -> Figure:
    return {
        "type": "scatter", "x": x, "y": [0] * len(x), "yaxis": "y3", "mode": "markers", "name": "Diplomatic event",
        "customdata": ids, "text": words, "hovertemplate": "%{text}<extra></extra>",
        "marker": {"symbol": "diamond", "size": 10, "color": TYPE_COLOURS["Diplomacy"],
                   "line": {"width": 1, "color": BACKGROUND}},
    }  # fmt: skip


def _open_marker(row: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> Figure:
    """A band over the days of the open event; at an edge of the view its label goes inwards."""
    there = (row["date_start"] - first) / max(last - first, ONE_DAY)
    side = "left" if there < EDGE else "right" if there > 1 - EDGE else "center"
    return {
        "type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "fillcolor": SOFT,
        "x0": row["date_start"], "x1": row["date_end"] + ONE_DAY, "line": {"width": 1, "color": LINE},
        "label": {"text": "now looking at", "textposition": f"top {side}", "font": {"size": 10, "color": TEXT},
                  "yanchor": "bottom"},
    }  # fmt: skip


def legend_of(figure: Figure) -> list[tuple[str, str, str]]:
    """(name, colour, form) of what the figure holds: bars once, whether hatched or not."""
    entries: dict[str, tuple[str, str, str]] = {}
    hatched = False
    for trace in figure["data"]:
        name = trace.get("name", "")
        if name == REJECTED_BARS:
            entries[name] = (name, REJECTED[1], "crossed")
        elif trace["type"] == "bar":
            hatched |= "pattern" in trace["marker"]
            name = html.unescape(name.removesuffix(", spread over its days"))
            entries.setdefault(name, (name, trace["marker"]["color"], "bar"))
    if hatched:
        entries[SPREAD] = (SPREAD, "currentColor", "hatched")
    forms = {NOT_READ: "gap", BOUNDS: "whisker", "Diplomatic event": "diamond"}
    for trace in figure["data"]:
        name = trace.get("name", "")
        if name in forms:
            entries[name] = (name, TYPE_COLOURS["Diplomacy"] if name == "Diplomatic event" else "", forms[name])
        elif trace.get("yaxis") == "y2":
            entries[name] = (name, "currentColor", "line")
    return list(entries.values())
