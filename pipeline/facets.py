"""What of a report is compared with another: its days, its place, its words and what each word weighs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.models import DateBasis, Place, Report, Role


@dataclass(slots=True)
class Facet:
    """What of a report is compared, made ready once."""

    report: Report
    start: int | None  # days as ordinals; the days on which it may have happened
    end: int | None
    dated: bool  # False: the days are a guess from the publication day
    place: Place | None
    words: frozenset[str]
    named_places: frozenset[str]  # first words of place names, to find them among the words of the other
    landmarks: frozenset[str]
    perpetrators: frozenset[str]
    voice: str


def make_facet(report: Report, voice: str = "") -> Facet:
    """The comparable side of a report."""
    dated = report.date_start is not None and report.date_basis not in (DateBasis.PUBLISHED, DateBasis.NONE)
    day: date | None = report.published
    start, end = report.date_start, report.date_end or report.date_start
    if not dated:
        # news of today or yesterday; told later it would have been given a day
        start, end = day, day
    place = report.places[0] if report.places else None
    # who says so and who fights is named in every report of a war: it tells none from another
    others = [a.name for a in report.actors] + list(report.attributions)
    places = [f"{p.name} {p.admin1} {p.country}" for p in report.places]
    named = {w for name in (*places, *others) for w in name.lower().split()}
    return Facet(
        report,
        (start.toordinal() - (0 if dated else 2)) if start else None,
        end.toordinal() if end else None,
        dated,
        place,
        frozenset(report.words) - named,
        _first_words(tuple([p.name for p in report.places])),
        frozenset(name.lower() for name in report.landmarks),
        frozenset((a.group or a.name).lower() for a in report.actors if a.role is Role.PERPETRATOR),
        voice or report.article_id,
    )


@lru_cache(maxsize=100_000)
def _first_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower().split()[0] for name in names if name)


def weigh_words(reports: Iterable[Report]) -> dict[str, float]:
    """How much each word tells, 0 to 1: a word in few articles much, one in a twentieth of them nothing."""
    articles: dict[str, tuple[str, ...]] = {}
    for report in reports:
        if report.rank == 1 or report.article_id not in articles:
            articles[report.article_id] = report.words
    seen = Counter(word for words in articles.values() for word in words)
    # 1000: in a small collection a word's rarity is not known, and a name is taken at its word
    size = math.log(max(len(articles), 1000) / 20)
    weight = {n: min(1.0, max(0.0, 1.3 * (1 - math.log(n) / size))) for n in set(seen.values())}
    return {word: weight[n] for word, n in seen.items()}


def km_between(a: Place, b: Place) -> float | None:
    """Great-circle distance, None where a place has no coordinates."""
    if a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        return None
    p1, p2 = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, half)))
