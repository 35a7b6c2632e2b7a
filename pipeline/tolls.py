"""The counts that belong to one event -> its toll."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import UNKNOWN, Count, CountMention, Harm


def combine_counts(counts: Sequence[CountMention], harm: Harm) -> Count:
    """The toll of one event from the mentions that speak of it, in text order."""
    for mention in counts:
        if mention.harm is harm and mention.asserted and mention.relation == "total":
            return mention.count
    return UNKNOWN
