"""No chart holds an attacker's words as markup or as a template: Plotly and MapLibre would obey some of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hostile_texts import PAYLOADS
from sample_tables import sample_archive

from dashboard.event_map import build_map
from dashboard.key_figures import countable
from dashboard.timeline import build_timeline

EVENTS = sample_archive().events
ALL = np.ones(len(EVENTS), dtype=bool)
# what Plotly makes of text: tags of its own, and in templates also what stands between braces
TAG = re.compile(r"<(?!br>)")
TEMPLATES = ("hovertemplate", "texttemplate", "xhoverformat", "yhoverformat")


def words_in(part: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(where, text) of every text of a figure."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from words_in(value, f"{path}.{key}")
    elif isinstance(part, list | tuple | np.ndarray | pd.Series):
        for value in part:
            yield from words_in(value, path)
    elif isinstance(part, str):
        yield path, part


def armed(payload: str) -> pd.DataFrame:
    """The events with the payload at the end of every value that articles name."""
    told = {c: EVENTS[c].astype(str).where(EVENTS[c].astype(str) == "", EVENTS[c].astype(str) + payload).astype("category")
            for c in ("place", "admin1", "country", "places", "actors") if c in EVENTS}  # fmt: skip
    return EVENTS.assign(**told)


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("by", ["event_type", "country", "actors"])
def test_no_figure_holds_words_as_markup(payload: str, by: str) -> None:
    events = armed(payload)
    order = [str(v) for v in events[by].cat.categories][:7]
    timeline = build_timeline(events, ALL, countable(events, ALL), by=by, order=order)
    texts = [*words_in(timeline), *words_in(build_map(events, ALL))]
    assert len(texts) > 50
    longest = max(re.findall(r"\w+", payload), key=len)
    assert any(longest in text for _, text in texts)  # the payload has come as far as the figures
    for where, text in texts:
        if where.rsplit(".", 1)[-1] in TEMPLATES:
            assert longest not in text, (where, text)
        else:
            assert not TAG.search(text), (where, text)
