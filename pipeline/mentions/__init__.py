"""The four finders, in order, nothing else."""

from __future__ import annotations

from pipeline.gazetteer import Gazetteer
from pipeline.mentions.casualties import find_casualties
from pipeline.mentions.dates import find_dates
from pipeline.mentions.place_homes import told_home
from pipeline.mentions.places import find_places
from pipeline.mentions.violence import find_violence
from pipeline.models import Document, Mentions


def find_mentions(document: Document, gazetteer: Gazetteer) -> Mentions:
    """Every date, place, count and violent act that the document mentions, found and resolved."""
    return Mentions(
        dates=tuple(find_dates(document)),
        places=tuple(find_places(document, gazetteer)),
        counts=tuple(find_casualties(document)),
        violence=tuple(find_violence(document)),
        home=told_home(document, gazetteer),
    )
