"""What of a report is compared with another: its days, its place, its words and what each word weighs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from pipeline.models import DateBasis, Place, Report, Role

# A word tells a happening from others as far as few articles of its season have it. Seasons, not the whole archive: a
# name is news for weeks, what is said of a day must not change with what an archive holds of other years, and a refresh
# need only look at the seasons that it touches. On gva pair precision 91.3 -> 95.2, recall 77.7 -> 79.4; 45 or 90 days
# do as well; a weight for words of still more articles joins what is not one (precision 91)
SEASON_DAYS = 60
COMMON = ((2, 1.0), (8, 0.5))  # in at most so many articles of a season -> weight; in more: 0
Weights = Mapping[tuple[int, str], float]  # (season, word) -> weight, where it is below 1


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
    season: int


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
        season_of(report),
    )


@lru_cache(maxsize=100_000)
def _first_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower().split()[0] for name in names if name)


def season_of(report: Report) -> int:
    """The two months in which an article is news; 0 where no day is known."""
    return season_of_day(report.published or report.date_end)


def season_of_day(day: date | None) -> int:
    """The two months of a day."""
    return day.toordinal() // SEASON_DAYS if day else 0


def weigh_words(reports: Iterable[Report]) -> Weights:
    """How much each word tells in each season, 0 to 1."""
    return weights_of(Counter((season_of(r), word) for r in speaking(reports).values() for word in r.words))


def speaking(reports: Iterable[Report]) -> dict[str, Report]:
    """For each article the report that speaks for it: that of its main event. The reports in founding order."""
    articles: dict[str, Report] = {}
    for report in reports:
        if report.rank == 1 or report.article_id not in articles:
            articles[report.article_id] = report
    return articles


def weights_of(articles: Mapping[tuple[int, str], int]) -> Weights:
    """The weight of each word from the number of a season's articles that have it."""
    most_telling = COMMON[0][0]
    return {
        key: next((weight for most, weight in COMMON if count <= most), 0.0)
        for key, count in articles.items()
        if count > most_telling
    }


def weight_between(weights: Weights, a: Facet, b: Facet, word: str) -> float:
    """What a word tells of two reports: at most what it tells in either's season."""
    return min(weights.get((a.season, word), 1.0), weights.get((b.season, word), 1.0))


def km_between(a: Place, b: Place) -> float | None:
    """Great-circle distance, None where a place has no coordinates."""
    if a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        return None
    p1, p2 = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((p2 - p1) / 2) ** 2
    half += math.cos(p1) * math.cos(p2) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, half)))
