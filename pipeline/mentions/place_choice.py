"""Resolve toponyms: which of many a name is, from the document's countries, regions, distances, and size."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY, DISTRICT, OWN, REGION, TOWN
from pipeline.mentions.place_geometry import inside
from pipeline.mentions.place_homes import country_votes, publisher_home, sign_home
from pipeline.mentions.place_strays import mark_strays
from pipeline.mentions.toponyms import Toponym, place_words
from pipeline.models import Document

CONTAINED = re.compile(r",?\s*(?:\(|(?:[a-z-]+\s){0,4}(?:in|of|under|within)\s(?:the\s)?(?:[a-z-]+\s){0,3}|)\Z")
OWNED = re.compile(r"['’]s (?:[a-z-]+ ){0,3}")
HEAD = re.compile(r" (?:region|province|governorate|state|oblast|district|department|county)?:|:", re.IGNORECASE)
REGION_WORDS = frozenset(
    ["province", "governorate", "region", "state", "oblast", "countryside", "county", "wilayat", "territory", "krai"]
)
MOST_ANCHORS = 12  # the first places of an article say where it plays
QUARTER_WORDS = frozenset(["neighbourhood", "neighborhood", "neighbourhoods", "neighborhoods", "quarter", "suburb"])
TOWN_WORDS = frozenset(["city", "town", "village", "airport"])
KIND_WEIGHT = {COUNTRY: 7.5, REGION: 7.0, ADMIN1: 7.0, DISTRICT: 4.2, OWN: 6.5}
NEAR_KM = 150.0  # the reach of a neighbour's pull: news names neighbours of one province
CLEAR_VOTES, CLEAR_LEAD, CLEAR_MORE = (
    3.0,
    2.0,
    1.5,
)  # so much, and so many times more than for the next, must speak for one country
OF_PEOPLE = 6.0  # "the Lebanese city of Tripoli": as sure as the country behind a comma
WELL_KNOWN = 50_000  # persons: whose town it is may be disputed
SEAT_SHARE = 0.12  # a city with this share of its region's people is meant before the region of its name

_Scored = tuple[float, int, Candidate]  # score, -index (ties to the first), candidate


def choose_places(document: Document, toponyms: list[Toponym], gazetteer: Gazetteer) -> list[Toponym]:
    """Give each toponym its candidate; leave out those that only an agreeing document would have made a place."""
    _link_containers(toponyms)
    home_country, home = publisher_home(document, gazetteer)
    votes = country_votes(document, toponyms, gazetteer, home_country)
    top = max(votes.values(), default=0.0)
    groups: dict[str, list[Toponym]] = {}
    for toponym in toponyms:
        groups.setdefault(toponym.key, []).append(toponym)
    # first the names with one meaning, then the others by their help
    anchors: list[Candidate] = [home] if home is not None else []
    context = _Context(votes, top, gazetteer.capitals, anchors)
    for rank in range(2):
        settled: list[Candidate] = []
        for group in groups.values():
            plain = _best(group[0], None, context)
            for toponym in group:
                toponym.chosen = _best(toponym, plain, context)
            if any(t.sure for t in group) and group[0].chosen is not None:
                settled += dict.fromkeys(t.chosen for t in group if t.chosen is not None and t.chosen.kind != COUNTRY)
        if rank == 0:
            context = _Context(votes, top, gazetteer.capitals, (anchors + settled)[:MOST_ANCHORS])
    # one meaning in one document: a mention with its region named settles those without
    for group in groups.values():
        named = [t.chosen for t in group if t.parent is not None and t.chosen is not None]
        if named and (kinds := Counter(named)):
            for toponym in group:
                if toponym.parent is None and not _level_word(toponym):
                    toponym.chosen = kinds.most_common(1)[0][0]
    kept = [
        t for t in toponyms if t.chosen is not None and _is_credible(t, votes, top, context.anchors, gazetteer.capitals)
    ]
    of_signs, of_all = sign_home(document, gazetteer), _country_of_all(votes, gazetteer)
    towns = Counter(iso2 for iso2, _ in {(t.chosen.iso2, t.key) for t in kept if t.chosen and t.chosen.kind != COUNTRY})
    for toponym in kept:
        there = toponym.chosen.iso2 if toponym.chosen else ""
        toponym.abroad = of_all is not None and there != of_all.iso2 and towns[there] < 2 <= towns[of_all.iso2]
    if of_all is not None and of_signs is not None and of_signs.iso2 != of_all.iso2:
        of_signs = None  # Maoists of Nepal
    return mark_strays(kept, home, of_signs, of_all, votes)


def _country_of_all(votes: dict[str, float], gazetteer: Gazetteer) -> Candidate | None:
    """The country for which nearly all speaks, or None."""
    first, *others = sorted(((v, iso2) for iso2, v in votes.items()), reverse=True)[:2] or [(0.0, "")]
    clear = first[0] >= CLEAR_VOTES and all(min(v * CLEAR_LEAD, v + CLEAR_MORE) <= first[0] for v, _ in others)
    return gazetteer.country(first[1]) if clear else None


def _link_containers(toponyms: list[Toponym]) -> None:
    for a, b in zip(toponyms, toponyms[1:], strict=False):
        if a.sentence is not b.sentence or b.start - a.end > 50:
            continue
        gap = a.sentence.text[a.end : b.start]
        if gap in (", ", " (") or (gap != " " and CONTAINED.match(gap)):
            a.parent, a.parent_link = b, "comma" if gap in (", ", " (") else "in"
    for a, b in zip(toponyms[:0:-1], toponyms[-2::-1], strict=False):  # "a village in Russia's Belgorod region"
        if a.sentence is b.sentence and OWNED.fullmatch(a.sentence.text, b.end, a.start):
            for inner in toponyms:
                if inner.parent is b and inner is not a:
                    inner.parent = a
    _link_heads(toponyms)


def _link_heads(toponyms: list[Toponym]) -> None:
    """What a list tells behind "Kherson region:" lies there."""
    heads = {id(t.sentence): t for t in toponyms if t.start < 3 and HEAD.match(t.sentence.text, t.end)}
    for toponym in toponyms:
        head = heads.get(id(toponym.sentence))
        if head is not None and head is not toponym and toponym.parent is None:
            toponym.parent, toponym.parent_link = head, "in"


def _level_word(toponym: Toponym) -> str:
    """The word that says which level is meant: "region", "district", "town", "quarter", or ""."""
    words = place_words()
    tokens, first = toponym.tokens, toponym.first
    of = tokens[first - 2].low if toponym.before == "of" and first >= 2 else ""
    for word in (toponym.after if toponym.sentence.text[toponym.end : toponym.end + 1] in " -" else "", of):
        if word in REGION_WORDS:
            return "region"
        if word == "district" or word == "districts":
            return "district"
        if word in TOWN_WORDS:
            return "town"
        if word in QUARTER_WORDS:
            return "quarter"
    if toponym.before in ("rural", "countryside") or of in words["region"]:
        return "region"
    return ""


@dataclass(slots=True)
class _Context:
    """What the document says besides the name, and the scores that it gave: a name told again is not scored again."""

    votes: dict[str, float]
    top: float
    capitals: dict[str, str]
    anchors: list[Candidate] = field(default_factory=list)
    scored: dict[tuple[str, int, str, int, str, frozenset[str]], list[_Scored]] = field(default_factory=dict)

    def scores(self, toponym: Toponym) -> list[_Scored]:
        """The candidates of a toponym with their scores."""
        level = _level_word(toponym)
        parents = toponym.parent.candidates if toponym.parent is not None else ()
        case = (toponym.key, id(toponym.candidates), level, id(parents), toponym.parent_link, toponym.of_people)
        if (found := self.scored.get(case)) is None:
            found = self.scored[case] = list(_scores(toponym, level, parents, self))
        return found


def _best(toponym: Toponym, plain: Candidate | None, context: _Context) -> Candidate | None:
    if len(toponym.candidates) == 1 and toponym.candidates[0].kind != ADMIN1:
        return toponym.candidates[0]
    scored = context.scores(toponym)
    if plain is not None:
        scored = [(score + 1.0, at, c) if c is plain else (score, at, c) for score, at, c in scored]
    return max(scored)[2] if scored else None


def _scores(
    toponym: Toponym, level: str, parents: tuple[Candidate, ...], context: _Context
) -> Iterator[_Scored]:  # fmt: skip
    capital_of = context.capitals.get(toponym.key)
    people: dict[tuple[str, str], int] = {}  # of the regions of this name
    for c in toponym.candidates:
        if c.kind == ADMIN1 and c.name:
            people.setdefault((c.iso2, c.admin1), c.population)
    anchors = [(a, math.radians(a.latitude), math.cos(math.radians(a.latitude))) for a in context.anchors]
    for candidate in toponym.candidates:
        kind = candidate.kind
        if level == "quarter" and kind in (ADMIN1, COUNTRY):
            continue  # "the neighbourhood of Salaheddin" is not the province
        if kind in (TOWN, OWN):
            score = math.log10(candidate.population + 100) + (2.5 if kind == OWN else 0.0)
            if candidate.alternate:
                score -= 1.3
            if capital_of == candidate.iso2 and candidate.population > 50_000:
                score += 1.0
        else:
            weight = KIND_WEIGHT[kind]
            if kind == ADMIN1:  # a province of millions, or a parish of an island
                weight = 1.5 + 0.8 * math.log10(candidate.population + 1000)
            score = weight - (0.8 if candidate.alternate and kind != COUNTRY else 0.0)
        if kind == TOWN and people:  # a town against the region of its name: by its share of the region's people
            region = people.get((candidate.iso2, candidate.admin1), 0)
            score += 2.0 if region > 0 and candidate.population >= SEAT_SHARE * region else 0.0
        if level == "region" and kind in (ADMIN1, REGION):
            score += 4.0
        elif level == "district" and kind in (DISTRICT, REGION):
            score += 3.5
        elif level == "town" and kind in (TOWN, OWN):
            score += 4.0
        if context.top > 0 and candidate.iso2:
            score += 4.0 * math.sqrt(context.votes.get(candidate.iso2, 0.0) / context.top)
        if candidate.iso2 in toponym.of_people:
            score += OF_PEOPLE
        if parents:
            within = max((inside(candidate, p) for p in parents if p is not candidate), default=0.0)
            score += within * (6.0 if toponym.parent_link == "comma" else 4.5)
        if anchors:
            score += _company(candidate, anchors)
        yield score, -candidate.index, candidate


def _company(candidate: Candidate, anchors: list[tuple[Candidate, float, float]]) -> float:
    """The pull of the places that the article names besides: the nearest of them, and one of the same region."""
    others = [anchor for anchor in anchors if anchor[0].name != candidate.name]
    if not others:
        return 0.0
    pull = 0.0
    if candidate.kind != COUNTRY:
        p, longitude = math.radians(candidate.latitude), candidate.longitude
        east = math.cos(p)
        nearest = min(  # as in distance_km, whose arc is taken of the smallest alone
            math.sin((q - p) / 2) ** 2 + east * cos_q * math.sin(math.radians(a.longitude - longitude) / 2) ** 2
            for a, q, cos_q in others
        )
        km = 12742 * math.asin(min(1.0, math.sqrt(nearest)))
        pull = 2.0 * math.exp(-km / (NEAR_KM + candidate.radius_km))
    same = candidate.admin1 and any(
        a.admin1 == candidate.admin1 and a.iso2 == candidate.iso2 for a, _, _ in others
    )  # fmt: skip
    return pull + (1.2 if same else 0.0)


def _is_credible(
    toponym: Toponym, votes: dict[str, float], top: float, anchors: list[Candidate], capitals: dict[str, str]
) -> bool:
    chosen = toponym.chosen
    assert chosen is not None
    if chosen.iso2 in toponym.of_people or (toponym.sure and not chosen.folded and not toponym.of_people):
        return True
    if toponym.of_people and chosen.kind == TOWN and (chosen.folded or chosen.population < WELL_KNOWN):
        return False  # of that people's places none has this name
    at_home = top > 0 and votes.get(chosen.iso2, 0.0) >= 0.5 * top
    if chosen.folded:
        return at_home and (votes.get(chosen.iso2, 0.0) >= 2.0 or any(a.iso2 == chosen.iso2 for a in anchors))
    if chosen.kind in (COUNTRY, ADMIN1, REGION):
        return True
    words = place_words()
    cued = toponym.before in words["weak"] or toponym.before in words["in"]
    if toponym.key in words["common"]:
        return False
    metropolis = chosen.population >= 1_000_000 or (toponym.key in capitals and chosen.population >= 300_000)
    if toponym.key in words["first_name"] and not metropolis and not (cued and chosen.population > 100_000):
        return False
    if metropolis:
        return True
    if chosen.population >= 300_000 and not chosen.alternate:
        return True
    if at_home and cued and chosen.population >= 1_000:
        return True
    if at_home and toponym.sentence.role == "title" and chosen.population >= 15_000 and not chosen.alternate:
        return True
    return at_home and chosen.population >= 50_000 and chosen.kind in (TOWN, DISTRICT, OWN)
