"""A small place far from all else in the article is seldom meant: the name is then a quarter or a village at home."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from pipeline.gazetteer import Candidate
from pipeline.gazetteer_build import ADMIN1, COUNTRY, DISTRICT, OWN, REGION, TOWN
from pipeline.mentions.place_geometry import distance_km, inside
from pipeline.mentions.toponyms import Toponym, place_words
from pipeline.names import name_key

KNOWN_ABROAD, KNOWN_AT_HOME = 100_000, 300_000  # persons: a town that is named without saying where it is
KNOWN_ALONE = 20_000  # persons: a town of the country that bears its name alone
SURE_HOME = 1.5  # weight of what speaks for a region, see _weight
NEIGHBOUR_KM = 250.0
CONTINENT_KM = 1_500.0
SPOKEN_OF = 3.0  # votes of a country that the article speaks of
OWN_VOTE = (1.0, 2.0)  # what a town, a region gives its own country
MILE = 1.61  # km; what is said in km may be taken for miles here, the slack is wider
APART = re.compile(
    r",?\s+(?:(?:about|some|around|nearly|roughly)\s+)?(\d{1,4})\s*(?:km|kms|kilomet(?:re|er)s?|miles?)\b"
    r"(?:\s+\([^)]{0,30}\))?\s+(?:(?:to\s+the\s+)?[a-z-]+\s+)?(?:of|from)\s+(?:the\s+)?(?:[a-z]+\s+){0,4}"
)


def home_region(toponyms: list[Toponym], publisher: Candidate | None) -> Candidate | None:
    """The place that stands best for the one region in which an article plays, or None where several could be it."""
    weights: dict[tuple[str, str], float] = defaultdict(float)
    heads: dict[tuple[str, str], tuple[float, Candidate]] = {}
    seen: Counter[int] = Counter()
    for toponym, weight in [(t, _weight(t)) for t in toponyms]:
        chosen = toponym.chosen
        if chosen is None or not chosen.admin1 or not weight:
            continue
        region = (chosen.iso2, chosen.admin1)
        seen[chosen.index] += 1
        weights[region] += weight if seen[chosen.index] == 1 else 0.25 * weight
        if region not in heads or weight > heads[region][0]:
            heads[region] = weight, chosen
    if publisher is not None and publisher.admin1:
        region = (publisher.iso2, publisher.admin1)
        weights[region] += 1.6
        if region not in heads:
            heads[region] = 0.0, publisher
    if not weights:
        return None
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if ranked[0][1] < SURE_HOME or len(ranked) > 1 and ranked[0][1] < 2 * ranked[1][1]:
        return None
    return heads[ranked[0][0]][1]


def mark_strays(
    kept: list[Toponym],
    publisher: Candidate | None,
    of_signs: Candidate | None,
    of_all: Candidate | None,
    votes: dict[str, float],
) -> list[Toponym]:
    """The toponyms; those that are strays know the home that they are put into if they tell of an event.

    `of_signs`: the country whose forces are named; `of_all`: the one for which nearly all speaks.
    """
    for here, there in zip(kept, kept[1:], strict=False):
        if _is_too_far(here, there):
            here.home = there.chosen
    for toponym in kept:
        if of_signs is not None and _is_abroad(toponym, of_signs, kept):
            toponym.home = of_signs
        elif (near := _only_company(toponym, kept, votes)) is not None:
            toponym.home = near
        elif of_all is not None and _is_hamlet(toponym) and _is_abroad(toponym, of_all, kept):
            toponym.home = of_all
    if (home := home_region([t for t in kept if t.home is None], publisher)) is not None:
        for toponym in kept:
            if is_stray(toponym, home, kept):
                toponym.home = home
    return kept


def _is_too_far(here: Toponym, there: Toponym) -> bool:
    """Whether the place chosen is not as far from the next one as the text says: "in Auno, 24 km from Maiduguri"."""
    if here.sentence is not there.sentence or here.chosen is None or there.chosen is None:
        return False
    apart = APART.fullmatch(here.sentence.text, here.end, there.start)
    return apart is not None and distance_km(here.chosen, there.chosen) > MILE * float(apart[1]) + NEIGHBOUR_KM


def _is_abroad(toponym: Toponym, country: Candidate, kept: list[Toponym]) -> bool:
    """Whether it is a small place of a country for which nothing else speaks, in an article of another one's forces."""
    chosen = toponym.chosen
    if chosen is None or chosen.kind not in (TOWN, DISTRICT) or chosen.iso2 == country.iso2:
        return False
    if toponym.parent is not None and toponym.parent.chosen is not None and inside(chosen, toponym.parent.chosen):
        return False
    others = (t.chosen for t in kept if t.chosen is not None and t.chosen.index != chosen.index)
    known = chosen.population >= KNOWN_ABROAD and not chosen.folded and not chosen.alternate
    return not known and all(other.iso2 != chosen.iso2 for other in others)


def _only_company(toponym: Toponym, kept: list[Toponym], votes: dict[str, float]) -> Candidate | None:
    """The place told next to a small one that lies continents away from all that the article speaks of, or None."""
    chosen = toponym.chosen
    if chosen is None or chosen.kind == COUNTRY or toponym.parent:
        return None
    small = chosen.kind in (TOWN, DISTRICT) and chosen.population < KNOWN_ABROAD
    if not small and (chosen.kind != ADMIN1 or toponym.after not in place_words()["feature, region or civic"]):
        return None  # a hospital may bear the name of a region
    if votes.get(chosen.iso2, 0.0) > OWN_VOTE[chosen.kind == ADMIN1]:
        return None
    there = [t for t in kept if t.chosen and t.chosen.kind != COUNTRY and votes.get(t.chosen.iso2, 0.0) >= SPOKEN_OF]
    there = [t for t in there if t.chosen and t.chosen.iso2 != chosen.iso2]
    if not there or any(t.chosen and distance_km(t.chosen, chosen) < CONTINENT_KM for t in there):
        return None
    before = [t for t in there if t.sentence.index <= toponym.sentence.index]
    return (before[-1] if before else there[0]).chosen


def _is_hamlet(toponym: Toponym) -> bool:
    """Whether the place chosen is small, or bears the name only as another spelling."""
    chosen = toponym.chosen
    return chosen is not None and (chosen.folded or chosen.alternate or chosen.population < KNOWN_ALONE)


def is_place_at_home(toponym: Toponym) -> bool:
    """Whether the words say that a stray is a place at all."""
    words = place_words()
    if toponym.after in words["facility"] - words["calling an unlisted name"] - words["feature"]:
        return False  # "outside St Mark's cathedral"
    return toponym.before in words["in"] or toponym.after in words["feature"]


def _weight(toponym: Toponym) -> float:
    """How surely a mention says in which region the article plays."""
    chosen = toponym.chosen
    if chosen is None or chosen.kind == COUNTRY or chosen.folded:
        return 0.0
    contained = toponym.parent is not None and toponym.parent.chosen is not None
    if contained and toponym.parent is not None and toponym.parent.chosen is not None:
        contained = inside(chosen, toponym.parent.chosen) > 0
    if chosen.kind == ADMIN1:
        return 2.0
    if contained:
        return 2.0
    if chosen.kind == DISTRICT or chosen.kind == REGION and chosen.admin1:
        one = len({(c.iso2, c.admin1) for c in toponym.candidates if c.kind in (DISTRICT, REGION)}) == 1
        return 1.5 if one and toponym.after in place_words()["region"] else 0.3
    if chosen.kind in (TOWN, OWN) and toponym.sure:
        return 1.5 if chosen.population >= 500_000 else 0.7 if chosen.population >= 100_000 else 0.2
    return 0.1


def is_stray(toponym: Toponym, home: Candidate, kept: list[Toponym]) -> bool:
    """Whether nothing but its name speaks for the place chosen, and the article plays elsewhere."""
    chosen = toponym.chosen
    if chosen is None or chosen.kind not in (TOWN, DISTRICT):
        return False
    own = toponym.key.replace(" ", "") in name_key(chosen.name).replace(" ", "")  # Zabadani is Az Zabadani's own name
    alone = len(toponym.candidates) == 1 and not chosen.folded and own
    if alone and chosen.iso2 == home.iso2 and chosen.population >= KNOWN_ALONE:
        return False
    if any(c.kind == ADMIN1 and c.iso2 == home.iso2 for c in toponym.candidates):
        return False
    # a district is as well known as the town of its name
    namesakes = [c for c in toponym.candidates if (c.iso2, c.admin1) == (chosen.iso2, chosen.admin1)]
    people = max(c.population for c in (chosen, *namesakes))
    if people >= (KNOWN_AT_HOME if chosen.iso2 == home.iso2 else KNOWN_ABROAD):
        return False
    if (chosen.iso2, chosen.admin1) == (home.iso2, home.admin1) or distance_km(chosen, home) <= NEIGHBOUR_KM:
        return False
    for other in kept:
        there = other.chosen
        if there is None or there.index == chosen.index or there.kind == COUNTRY and there.iso2 == home.iso2:
            continue
        if there.kind == COUNTRY and there.iso2 == chosen.iso2:
            return False
        same = bool(chosen.admin1) and (there.iso2, there.admin1) == (chosen.iso2, chosen.admin1)
        if same or distance_km(there, chosen) <= NEIGHBOUR_KM / 2 and there.kind != COUNTRY:
            return False
    return True
