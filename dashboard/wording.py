"""Values -> words that say how sure they are. Unknown is "not stated", never 0."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pandas as pd

import pipeline

SEPARATOR = " | "  # between several values in one cell, as in the codebook
NOT_STATED = "not stated"
KINDS = {"incident": "Incidents", "cumulative": "Cumulative claims", "diplomatic": "Diplomatic events"}
TIME_WORDS = {
    "day": "exact day",
    "range": "a range of days",
    "week": "within a week",
    "month": "within a month",
    "year": "within a year",
}
BASIS_WORDS = {
    "explicit": "the text names it",
    "relative": "counted from the day of the article",
    "published": "only the day of publication is known",
    "none": "the text names no day",
}
STATUS_WORDS = {
    "machine": "as the machine read it; nobody has checked it",
    "confirmed": "confirmed by an analyst",
    "corrected": "corrected by an analyst",
    "rejected": "rejected by an analyst: it is in no sum",
}
GEO_WORDS = {
    "place": "the named place",
    "area": "near it or in a part of the region",
    "admin1": "somewhere in the first-level region",
    "country": "somewhere in the country",
    "none": "no place stated",
}


def number(value: Any) -> int | None:
    """A count's cell as int, None where unknown."""
    return None if value is None or pd.isna(value) else int(value)


def many(count: int, noun: str) -> str:
    """ "1 event", "2 events"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def count_words(low: Any, best: Any, high: Any) -> str:
    """Three cells with bounds in words: "30", "at least 30", "up to 9", "12–18, best 16", "not stated"."""
    return pipeline.count_words(number(low), number(best), number(high))


def harm_words(row: Any, harm: str) -> str:
    """`count_words` of a row's fatalities or injured."""
    return count_words(row[f"{harm}_low"], row[f"{harm}_best"], row[f"{harm}_high"])


def day_words(row: Any) -> str:
    """When, as closely as it is known."""
    start, end = row["date_start"], row["date_end"]
    if pd.isna(start):
        return NOT_STATED
    first, last = f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"
    if row["date_basis"] == "published":
        return f"day not stated (published {first})"
    if first == last:
        return first
    lead = {"week": "week of ", "month": "month of ", "year": "year of "}.get(str(row["time_precision"]), "")
    return f"{lead}{first} – {last}"


def rejected_lead(row: Any) -> str:
    """What stands before an event that an analyst rejected."""
    return "Rejected: " if row["status"] == "rejected" else ""


def place_words(row: Any) -> str:
    """Where, the closest name first."""
    names = [n.replace(SEPARATOR, ", ") for n in (row["place"], row["admin1"], row["country"]) if n]
    words = " · ".join(dict.fromkeys(names))
    if not words:
        return NOT_STATED
    return f"near {words}" if row["geo_precision"] == "area" else words


def chart_text(words: str) -> str:
    """Words as Plotly shows them: it reads <b>, <a> and <extra> as markup, and knows no &quot;."""
    return html.escape(words, quote=False)


def label_text(words: str) -> str:
    """Words as the label of a Streamlit widget shows them: each sign that Markdown knows stands for itself."""
    unlinked = re.sub(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)", "\u2060", " ".join(words.split()))  # no links
    return re.sub(r"([\\`*_{}\[\]<>()#!|$:~&])", r"\\\1", unlinked)


def split_cell(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return [value for value in cell.split(SEPARATOR) if value]


def cell_counts(cells: pd.Series, name: Callable[[str], str] = str) -> dict[str, int]:
    """How many rows hold each value, by `name` of it, the most frequent first. Cells may hold several values."""
    counts: dict[str, int] = {}
    for cell, n in cells.value_counts().items():
        for value in dict.fromkeys(map(name, split_cell(str(cell))) if n else ()):
            counts[value] = counts.get(value, 0) + int(n)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
