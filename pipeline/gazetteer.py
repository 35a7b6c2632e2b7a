"""Placeholder written on the first day."""

from __future__ import annotations

from pipeline.settings import Settings


class Gazetteer:
    """Names of places and what each could be."""


def load_gazetteer(settings: Settings) -> Gazetteer:
    """The gazetteer, built at first use."""
    return Gazetteer()
