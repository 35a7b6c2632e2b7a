"""Who said which number, when: a small chart of an event's reports."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.palette import BACKGROUND, LINE, TEXT
from dashboard.wording import chart_text, harm_words

# a colour and a form each
HARMS = {"fatalities": ("Killed", "#D55E00", ""), "injured": ("Injured", "#E69F00", "-open")}
MAX_ROWS = 25


def numbers_differ(reports: pd.DataFrame) -> bool:
    """Whether at least two reports state a number, not the same."""
    for harm in HARMS:
        stated = reports[[f"{harm}_low", f"{harm}_best", f"{harm}_high"]].dropna(how="all")
        if len(stated.drop_duplicates()) > 1:
            return True
    return False


def build_disagreement(reports: pd.DataFrame) -> go.Figure:
    """One row a report in order of publication; a dot is the best (hollow for the injured), a line low to high, an
    arrow an open bound."""
    told = reports.sort_values(["published", "report_id"]).head(MAX_ROWS).reset_index(drop=True)
    names = [
        chart_text(f"{row['source'] or 'publisher not stated'}"[:28])
        + ("" if pd.isna(row["published"]) else f", {row['published']:%d %b}")
        for _, row in told.iterrows()
    ]
    figure = go.Figure()
    for shift, (harm, (word, colour, form)) in enumerate(HARMS.items()):
        rows = [(i, r) for i, r in told.iterrows() if harm_words(r, harm) != "not stated"]
        if not rows:
            continue
        y = [float(i) + shift * 0.22 for i, _ in rows]
        best = [_first(r, harm, "best", "low", "high") for _, r in rows]
        low = [_first(r, harm, "low", "best", "high") for _, r in rows]
        high = [_first(r, harm, "high", "best", "low") for _, r in rows]
        open_above = [pd.isna(r[f"{harm}_high"]) for _, r in rows]
        figure.add_scatter(
            x=best, y=y, mode="markers", name=word, text=[harm_words(r, harm) for _, r in rows],
            marker={"color": colour, "size": 10,
                    "symbol": [("triangle-right" if is_open else "circle") + form for is_open in open_above],
                    "line": {"width": 2 if form else 0}},
            error_x={"type": "data", "symmetric": False, "array": [h - b for h, b in zip(high, best, strict=True)],
                     "arrayminus": [b - n for b, n in zip(best, low, strict=True)], "color": colour},
            hovertemplate="%{text}<extra>" + word + "</extra>",
        )  # fmt: skip
    figure.update_layout(
        height=90 + 34 * len(told), margin={"l": 8, "r": 8, "t": 8, "b": 8}, paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)", font={"color": TEXT, "size": 11}, dragmode=False,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"}, showlegend=True,
        xaxis={"rangemode": "tozero", "gridcolor": LINE, "automargin": True, "fixedrange": True},
        yaxis={"tickvals": list(range(len(told))), "ticktext": names, "range": [len(told) - 0.5, -0.5],
               "automargin": True, "fixedrange": True, "gridcolor": LINE, "zeroline": False},
        hoverlabel={"bgcolor": BACKGROUND, "font": {"color": TEXT}},
    )  # fmt: skip
    return figure


def _first(row: pd.Series, harm: str, *parts: str) -> int:
    return next(int(row[f"{harm}_{p}"]) for p in parts if not pd.isna(row[f"{harm}_{p}"]))
