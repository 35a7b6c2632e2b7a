"""Cumulative claims on the timeline: each a line over its whole period, its number beside it, none over another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from dashboard.palette import TEXT
from dashboard.wording import NOT_STATED, chart_text, day_words, harm_words, rejected_lead

MAX_LANES = 5
MOST_TRIED = 400
# of the chart's width, at 11 pixels; in narrower ones a number stands for what would touch (live_chart.js)
SHARE_OF_A_LETTER = 1 / 92
HARM = [f"{harm}_{part}" for harm in ("fatalities", "injured") for part in ("low", "best", "high")]
STYLE = """<style>
.claims-box { container-type: inline-size; }
.claims-box ol { display: none; margin: 0 0 .3rem; padding: 0; font-size: .8rem; list-style: none; counter-reset: n; }
.claims-box li { counter-increment: n; margin: 0; padding: 0; font-size: inherit; }
.claims-box li::before { content: counter(n) " "; font-weight: 700; }
@container (max-width: 540px) { .claims-box ol { display: flex; flex-wrap: wrap; gap: .1rem .9rem; } }
</style>"""
NAME = "Cumulative claim (in no bar)"


def claim_words(claim: Any) -> str:
    """Its number, or what it says."""
    lead = rejected_lead(claim)
    said = {word: harm_words(claim, harm) for harm, word in (("fatalities", "killed"), ("injured", "injured"))}
    named = (f"{n} {word}" for word, n in said.items() if n != NOT_STATED)
    return lead + next(named, chart_text(str(claim["sub_event_type"])))


def lay_claims(claims: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """lane, start, end (cut to the view), side (of the label), label, event_id, when: those that find room.

    The shortest first: they say most about when. The long ones that find no room are in the list.
    """
    view = last - first
    columns = ["event_id", "kind", "sub_event_type", "date_start", "date_end", "date_basis", "time_precision", "status",
               *HARM]  # fmt: skip
    claims = claims[columns]
    inside = claims[(claims["date_end"] >= first) & (claims["date_start"] <= last)]
    stated = inside["fatalities_low"].notna() | inside["injured_low"].notna()
    length = inside["date_end"] - inside["date_start"]
    ordered = inside.assign(length=length, silent=~stated)
    if len(ordered) > MOST_TRIED:  # of an archive's claims only those that may find room are put in order
        late = length.to_numpy().astype(int) + np.where(stated, 0, np.iinfo(np.int64).max // 2)
        ordered = ordered[late <= np.partition(late, MOST_TRIED)[MOST_TRIED]]
    ordered = ordered.sort_values(["silent", "length", "event_id"])
    lanes: list[list[tuple[pd.Timestamp, pd.Timestamp]]] = []
    rows = []
    for claim in ordered.head(MOST_TRIED).to_dict("records"):
        start, end = max(claim["date_start"], first), min(claim["date_end"] + pd.Timedelta(days=1), last)
        label = claim_words(claim)
        room = view * (SHARE_OF_A_LETTER * (len(label) + 3))
        if end + room <= last:
            side, taken = "middle right", (start, end + room)
        elif start - room >= first:
            side, taken = "middle left", (start - room, end)
        else:  # as wide as the view: above its line
            side, taken = "top center", (start, end)
        lane = next((i for i, held in enumerate(lanes) if all(taken[1] <= s or e <= taken[0] for s, e in held)), -1)
        if lane < 0:
            if len(lanes) == MAX_LANES:
                continue
            lane = len(lanes)
            lanes.append([])
        lanes[lane].append(taken)
        rows.append((lane, start, end, side, label, claim["event_id"], f"{claim_words(claim)}<br>{day_words(claim)}"))
    laid = pd.DataFrame(rows, columns=["lane", "start", "end", "side", "label", "event_id", "when"])
    return laid.sort_values(["start", "end", "lane"], ignore_index=True)


def numbered(figure: Mapping[str, Any]) -> list[str]:
    """The labels of a timeline's claims in their order: where one finds no room, its number in this list stands."""
    labels: list[str] = next((trace["text"] for trace in figure["data"] if trace.get("name") == NAME), [])
    return [next(text.strip() for text in labels[i : i + 4] if text.strip()) for i in range(0, len(labels), 4)]


def numbered_html(labels: Sequence[str]) -> str:
    """These as a line under a chart that is too narrow for most of them; a wide one has room for each."""
    items = "".join(f"<li>{label}</li>" for label in labels)  # escaped where they were made
    return f'{STYLE}<div class="claims-box"><ol aria-label="Cumulative claims">{items}</ol></div>'


def claim_trace(laid: pd.DataFrame) -> dict[str, Any]:
    """One trace for all: start, middle, end, and a break between two claims; the label stands at one of them."""
    x: list[Any] = []
    y: list[Any] = []
    text: list[str] = []
    for claim in laid.to_dict("records"):
        x += [claim["start"], claim["start"] + (claim["end"] - claim["start"]) / 2, claim["end"], None]
        y += [claim["lane"]] * 3 + [None]
        at = ("middle left", "top center", "middle right").index(claim["side"])
        # a blank, not nothing: where Plotly finds no text it draws none there again, whatever comes to stand there
        text += [" " if i != at else f"  {claim['label']}  " for i in range(4)]
    each = laid.loc[laid.index.repeat(4)]
    return {
        "type": "scatter", "x": x, "y": y, "yaxis": "y2", "mode": "lines+markers+text", "name": NAME,
        "text": text, "textposition": each["side"].tolist(), "textfont": {"size": 11, "color": TEXT},
        "customdata": each["event_id"].tolist(), "hovertext": each["when"].tolist(),
        "hovertemplate": "%{hovertext}<extra>cumulative claim</extra>", "opacity": 0.85,
        "line": {"color": TEXT, "width": 4},
        "marker": {"color": TEXT, "size": [6, 0, 6, 0] * len(laid), "symbol": "square"},
    }  # fmt: skip
