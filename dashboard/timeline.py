"""The timeline: incidents as bars, cumulative claims as spans in a lane of their own, diplomatic events as marks.

What is known only to a week or month is spread over its days and hatched; it is never piled on its first day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import BACKGROUND, LINE, OTHER, SOFT, TEXT, TYPE_COLOURS
from dashboard.wording import NOT_STATED, day_words, harm_words, place_words

MEASURES = {"events": "Events", "fatalities": "Killed (best)", "injured": "Injured (best)"}
MAX_SPREAD_DAYS = 400  # a span longer than this says too little to be drawn as a rate
ONE_DAY = pd.Timedelta(days=1)
MAX_LANES = 4  # of claims above each other; those that find no room are in the list
BIN_WORDS = {"D": "day", "W-MON": "week", "MS": "month"}


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


def bin_table(events: pd.DataFrame, measure: str = "events", by: str = "event_type", rule: str = "D") -> pd.DataFrame:
    """bin, group, certain (the event lies inside one bin), amount. Events without a claimed day are left out.

    An event that several bins may hold gives each its share by days, so that the sum stays what it is.
    """
    dated = events[events["date_basis"].isin(["explicit", "relative"]) & events["date_start"].notna()]
    amount = pd.Series(1.0, index=dated.index)
    if measure != "events":
        amount = dated[f"{measure}_best"].astype("Float64").fillna(0).astype(float)
    rows = pd.DataFrame(
        {"start": dated["date_start"], "end": dated["date_end"], "group": dated[by].astype(str), "amount": amount}
    )
    rows["span"] = (rows["end"] - rows["start"]).dt.days + 1
    rows = rows[rows["span"].between(1, MAX_SPREAD_DAYS)]
    rows["certain"] = bin_start(rows["start"], rule) == bin_start(rows["end"], rule)
    inside = rows[rows["certain"]].assign(bin=lambda r: bin_start(r["start"], rule))
    wide = rows[~rows["certain"]]
    spread = wide.loc[wide.index.repeat(wide["span"])]
    if len(spread):
        offset = np.concatenate([np.arange(n) for n in wide["span"]])
        day = spread["start"] + pd.to_timedelta(offset, unit="D")
        spread = spread.assign(bin=bin_start(day, rule), amount=spread["amount"] / spread["span"])
    else:
        spread = spread.assign(bin=spread["start"])
    binned = pd.concat([inside, spread])
    return binned.groupby(["bin", "group", "certain"])["amount"].sum().reset_index()


def undated(events: pd.DataFrame) -> int:
    """How many events the timeline cannot show: nothing says on which day they happened."""
    shown = events["date_basis"].isin(["explicit", "relative"]) & events["date_start"].notna()
    return int((~shown).sum())


def build_timeline(
    events: pd.DataFrame,
    counted: pd.DataFrame,
    *,
    measure: str = "events",
    by: str = "event_type",
    brush: Sequence[date] = (),
    open_event: str = "",
) -> go.Figure:
    """`events` is what is shown; `counted` its incidents that a sum may hold (no totals' parts, nothing rejected)."""
    figure = go.Figure()
    dated = events[events["date_basis"].isin(["explicit", "relative"]) & events["date_start"].notna()]
    first, last = dated["date_start"].min(), dated["date_end"].max()
    rule = bin_rule(first, last) if len(dated) else "D"
    binned = bin_table(counted, measure, by, rule)
    figure.add_bar(x=[], y=[], showlegend=False)  # the axis stands also where no incident does
    figure.add_scatter(x=[], y=[], yaxis="y3", showlegend=False)  # the days stand under all lanes
    _add_bars(figure, binned, rule, by)
    lanes = _add_spans(figure, dated[dated["kind"] == "cumulative"])
    _add_talks(figure, dated[dated["kind"] == "diplomatic"])
    shapes = _open_marker(dated, open_event)
    selections = []
    if brush:
        x0, x1 = pd.Timestamp(brush[0]), pd.Timestamp(brush[1]) + ONE_DAY
        selections = [{"type": "rect", "xref": "x", "yref": "y", "x0": x0, "x1": x1, "y0": 0, "y1": 1e9}]
    lane_top = 0.1 if lanes == 0 else min(0.5, 0.14 + 0.09 * lanes)
    pad = ONE_DAY
    figure.update_layout(
        height=400,
        barmode="stack",
        bargap=0.08,
        dragmode="select",
        selectdirection="h",
        margin={"l": 56, "r": 8, "t": 18, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": TEXT, "size": 12},
        legend={"orientation": "h", "y": -0.1, "yanchor": "top", "x": 0, "font": {"size": 11}},
        xaxis={"type": "date", "gridcolor": LINE, "anchor": "y3",
               "range": [first - pad, last + 2 * pad] if len(dated) else None},
        yaxis={"domain": [lane_top + 0.04, 1], "rangemode": "tozero", "gridcolor": LINE, "fixedrange": True,
               "title": {"text": f"{MEASURES[measure]} per {BIN_WORDS[rule]}", "font": {"size": 11}},
               "tickformat": ",~r", "nticks": 5},
        yaxis2={"domain": [0.11, max(lane_top, 0.12)], "fixedrange": True, "showgrid": False, "zeroline": False,
                "showticklabels": False, "range": [-0.4, max(lanes, 1) - 0.1],
                "title": {"text": "claims" if lanes else "", "font": {"size": 10}}},
        yaxis3={"domain": [0, 0.09], "fixedrange": True, "showgrid": False, "zeroline": False, "range": [-1, 1],
                "showticklabels": False, "title": {"text": "talks", "font": {"size": 10}}},
        shapes=shapes,
        selections=selections,
        hoverlabel={"bgcolor": BACKGROUND, "font": {"color": TEXT}},
        newselection={"line": {"color": TEXT, "width": 1}},
    )  # fmt: skip
    return figure


def _add_bars(figure: go.Figure, binned: pd.DataFrame, rule: str, by: str) -> None:
    biggest = binned.groupby("group")["amount"].sum().sort_values(ascending=False).index.tolist()
    groups = biggest if by == "event_type" else biggest[: len(OTHER) - 1]
    names = {g: g if g in groups else "other" for g in biggest}
    binned = binned.assign(group=binned["group"].map(names)).groupby(["bin", "group", "certain"], as_index=False).sum()
    width = {"D": 1, "W-MON": 7}.get(rule)
    for position, group in enumerate(dict.fromkeys(names.values())):
        colour = TYPE_COLOURS.get(group, OTHER[position % len(OTHER)])
        for certain in (True, False):
            part = binned[(binned["group"] == group) & (binned["certain"] == certain)]
            if part.empty:
                continue
            # a bar begins on its first day, so that a week looks like that week
            figure.add_bar(
                x=part["bin"],
                y=part["amount"].round(3),
                width=None if width is None else width * 86_400_000 * 0.94,
                offset=None if width is None else 0,
                name=(group or "not stated") if certain else f"{group or 'not stated'}, spread over its days",
                marker={"color": colour} if certain else {
                    "color": colour, "opacity": 0.75,
                    "pattern": {"shape": "/", "fillmode": "replace", "fgcolor": colour, "size": 6},
                },
                hovertemplate="%{x|%Y-%m-%d}: %{y}<extra>%{fullData.name}</extra>",
            )  # fmt: skip


def _add_spans(figure: go.Figure, claims: pd.DataFrame) -> int:
    """Cumulative claims, each a line over its whole period with its count as label; returns the lanes used.

    The shortest first: they say most about when. The long ones that find no room are in the list.
    """
    lanes: list[list[tuple[pd.Timestamp, pd.Timestamp]]] = []
    named = False
    length = (claims["date_end"] - claims["date_start"]).rename("length")
    stated = claims["fatalities_low"].notna() | claims["injured_low"].notna()
    ordered = claims.assign(length=length, silent=~stated).sort_values(["silent", "length", "event_id"])
    room = (claims["date_end"].max() - claims["date_start"].min()) / 5  # a label needs about that much
    for _, claim in ordered.head(400).iterrows():
        start, end = claim["date_start"], claim["date_end"] + ONE_DAY
        until = max(end, start + room)
        free = (i for i, held in enumerate(lanes) if all(until <= s or e <= start for s, e in held))
        lane = next(free, len(lanes))
        if lane == MAX_LANES:
            continue
        if lane == len(lanes):
            lanes.append([])
        lanes[lane].append((start, until))
        said = {word: harm_words(claim, harm) for harm, word in (("fatalities", "killed"), ("injured", "injured"))}
        label = next((f"{n} {word}" for word, n in said.items() if n != NOT_STATED), str(claim["sub_event_type"]))
        middle = start + (end - start) / 2
        figure.add_scatter(
            x=[start, middle, end], y=[lane] * 3, yaxis="y2", mode="lines+text", text=["", label, ""],
            textposition="top center",
            cliponaxis=False, textfont={"size": 11, "color": TEXT}, name="Cumulative claim, not in the bars",
            legendgroup="claims", showlegend=not named, customdata=[claim["event_id"]] * 3,
            line={"color": TEXT, "width": 5}, opacity=0.8,
            hovertemplate=f"{day_words(claim)}<br>{label}<extra>cumulative claim</extra>",
        )  # fmt: skip
        named = True
    return len(lanes)


def _add_talks(figure: go.Figure, talks: pd.DataFrame) -> None:
    if talks.empty:
        return
    colour = TYPE_COLOURS["Diplomacy"]
    long = talks[talks["date_start"] < talks["date_end"]].head(200)
    gap = [pd.NaT] * len(long)
    figure.add_scatter(
        x=[x for row in zip(long["date_start"], long["date_end"] + ONE_DAY, gap, strict=True) for x in row],
        y=[y for _ in range(len(long)) for y in (0, 0, None)], yaxis="y3", mode="lines", showlegend=False,
        line={"color": colour, "width": 5}, opacity=0.45, hoverinfo="skip",
    )  # fmt: skip
    marks = talks.head(2000)
    middle = marks["date_start"] + (marks["date_end"] - marks["date_start"] + ONE_DAY) / 2
    figure.add_scatter(
        x=middle, y=[0] * len(marks), yaxis="y3", mode="markers", name="Diplomatic event",
        marker={"symbol": "diamond", "size": 10, "color": colour, "line": {"width": 1, "color": BACKGROUND}},
        customdata=marks["event_id"],
        text=[f"{row['sub_event_type']}, {place_words(row)}<br>{day_words(row)}" for _, row in marks.iterrows()],
        hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _open_marker(dated: pd.DataFrame, open_event: str) -> list[dict[str, object]]:
    now = dated[dated["event_id"] == open_event]
    if now.empty:
        return []
    row = now.iloc[0]
    return [{
        "type": "rect", "xref": "x", "yref": "paper", "y0": 0, "y1": 1, "layer": "below", "fillcolor": SOFT,
        "x0": row["date_start"], "x1": row["date_end"] + ONE_DAY, "line": {"width": 1, "color": LINE},
        "label": {"text": "now looking at", "textposition": "top center", "font": {"size": 10, "color": TEXT},
                  "yanchor": "bottom"},
    }]  # fmt: skip
