"""Why an event is one event and its numbers what they are: its reports, its near misses, the claims around it."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from dashboard.wording import count_words, day_words, harm_words, number, place_words

HARMS = {"fatalities": "killed", "injured": "injured"}
MOST = 5


def bound_sentences(event: Any, reports: pd.DataFrame) -> list[str]:
    """Who said the lowest, the most likely and the highest number, as a sentence each."""
    found = []
    for harm, word in HARMS.items():
        bounds = {part: number(event[f"{harm}_{part}"]) for part in ("low", "best", "high")}
        if all(value is None for value in bounds.values()) or len(reports) < 2:
            continue
        said = {part: _who_says(reports, harm, value) for part, value in bounds.items() if value is not None}
        parts = [f"{name} {bounds[part]:,} ({said[part]})" for part, name in
                 (("low", "lowest"), ("best", "best"), ("high", "highest")) if part in said]  # fmt: skip
        if bounds["high"] is None:
            parts.append("no highest: a report leaves it open above")
        found.append(f"{word}: {', '.join(parts)}")
    return found


def _who_says(reports: pd.DataFrame, harm: str, value: int) -> str:
    columns = [f"{harm}_{part}" for part in ("low", "best", "high")]
    same = reports[reports[columns].eq(value).fillna(False).any(axis=1)]
    names = [name or "publisher not stated" for name in dict.fromkeys(same["source"])]
    if not names:
        return "from several reports, or an analyst's"
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def reasons_html(event: Any, reports: pd.DataFrame) -> str:
    """How the numbers came about and why the reports are one event; nothing where there is one report."""
    if len(reports) < 2:
        return ""
    why = reports["merge_reason"] if "merge_reason" in reports else pd.Series("", index=reports.index)
    told = [
        f"{row['source'] or 'publisher not stated'}, {_day(row['published'])}: {reason}"
        for row, reason in zip(reports.to_dict("records"), why, strict=True) if reason
    ]  # fmt: skip
    return _listing("How the numbers came about", bound_sentences(event, reports)) + _listing(
        "Why these reports are one event", told
    )


def claim_html(claim: dict[str, Any] | None) -> str:
    """A cumulative claim beside the sum of the incidents of its place and period."""
    if not claim:
        return ""
    claimed = count_words(claim["claimed_low"], claim["claimed_best"], claim["claimed_high"])
    summed = count_words(claim["summed_low"], claim["summed_best"], claim["summed_high"])
    words = [f"claimed killed: {claimed}; the {claim['incidents']:,} incidents of that place and period in this table"
             f" add up to: {summed}"]  # fmt: skip
    if claim["without_figure"]:
        words.append(f"{claim['without_figure']:,} of these incidents state no number")
    if claim["difference"]:
        gap = claim["difference"]
        words.append(f"{abs(gap):,} {'more claimed than' if gap > 0 else 'fewer claimed than'} the incidents show")
    return _listing("Beside the incidents", words)


def claims_around(event_id: str, snapshot: Any) -> pd.DataFrame:
    """The cumulative claims whose place and period hold this incident, the shortest period first."""
    table = snapshot.reconciliations
    if "incident_ids" not in table:
        return snapshot.events.head(0)
    holding = table["incident_ids"].str.split(" | ", regex=False).map(lambda ids: event_id in ids)
    found = snapshot.events[snapshot.events["event_id"].isin(table.loc[holding, "event_id"])]
    length = (found["date_end"] - found["date_start"]).rename("length")
    return found.assign(length=length).sort_values(["length", "event_id"]).drop(columns="length")


def other_words(event: Any) -> str:
    """Another event in one line."""
    return (
        f"{event['sub_event_type']}, {place_words(event)}, {day_words(event)}, "
        f"killed: {harm_words(event, 'fatalities')}"
    )


def _day(value: Any) -> str:
    return "day not stated" if pd.isna(value) else f"{value:%Y-%m-%d}"


def _listing(title: str, sentences: list[str]) -> str:
    if not sentences:
        return ""
    rows = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    return f"<h4>{html.escape(title)}</h4><ul class='small'>{rows}</ul>"
