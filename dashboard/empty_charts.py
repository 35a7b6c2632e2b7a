"""What a chart says where there is nothing to draw: a sentence, not axes that would count nothing."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.palette import BACKGROUND


def sentence(words: str, height: float = 0.5) -> dict[str, Any]:
    """Words in the middle of a chart, at this share of its height."""
    return {"text": words, "x": 0.5, "y": height, "xref": "paper", "yref": "paper", "showarrow": False,
            "font": {"size": 14}, "bgcolor": BACKGROUND, "borderpad": 6}  # fmt: skip


def words_for_no_bar(binned: pd.DataFrame, measure: str) -> str:
    """Why a timeline has no bars; nothing where it has some, or where "no one" was stated."""
    if binned.empty:
        return "No incident with a stated day among these."
    if binned["amount"].sum() == 0 and binned["silent"].sum() > 0:
        return f"No incident of these states a number {measure.lower()}."
    return ""
