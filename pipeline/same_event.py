"""Do two reports tell of one happening? A decision from parts that a person can check, with its reason."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipeline.facets import Facet, Weights, km_between, weight_between
from pipeline.models import Count, GeoPrecision, Kind, Place

# Points needed to join: one day, one town and one sub-type give 5. On gva (read days and places) 5 finds 3 in 100 fewer
# pairs, 4 joins two shootings of a large city on one day where both tell of one dead
ENOUGH = 4.2
# Shared names and numbers. A day or a town read wrong on one side caused two in three misses on gva; the words know
# better, and pairs that share so much and are two happenings were rare (pair precision 98 -> 96.5, recall 44 -> 67)
RARE_WORD = 1.8  # points of a word that few other articles have
STRONG_WORDS = 2.0  # carry a pair over one day or a neighbouring town
SURE_WORDS = 4.0  # three rare words: carry it over a few days or a place read wrong
SAME_TOWN_KM = 3.0  # two gazetteers' points for one town lie this close
NEAR_KM = 15.0
FAR_KM = 60.0  # an update may move the place this far, and only if the words say it is the same
MANY_WORDS = 4  # two articles that name so much and share none tell of other persons
# Tolls are corrected down by some, never to a quarter where many died: it is another attack told beside the great one
MANY_DEAD, FALLEN = 20, 4
MOST_WORDS = 6.0  # a long list of the dead is no more than sure
_SLIP_DAYS = 7  # a day read from the wrong sentence is seldom further off; an anniversary always is
_NEVER = -9.0  # points of a part that bars the pair
_UNSURE = {GeoPrecision.AREA: 30.0}

_TYPES_THAT_MEET = {
    frozenset({"Battles", "Explosions/Remote violence"}),
    frozenset({"Battles", "Violence against civilians"}),
    frozenset({"Explosions/Remote violence", "Violence against civilians"}),
    frozenset({"Protests", "Riots"}),
    frozenset({"Protests", "Violence against civilians"}),
    frozenset({"Riots", "Violence against civilians"}),
    frozenset({"Strategic developments", "Battles"}),
    frozenset({"Strategic developments", "Violence against civilians"}),
    frozenset({"Strategic developments", "Explosions/Remote violence"}),
}
# what killed is seldom confused among these: from the air, by a bomb on the ground, by a bomber, by gas
_WEAPONS = {
    "Air/drone strike": "air", "Remote explosive/landmine/IED": "bomb", "Suicide bomb": "bomb",
    "Chemical weapon": "gas", "Grenade": "bomb",
}  # fmt: skip


class Verdict(NamedTuple):
    """The decision on a pair: `barred` pairs never meet in one event, whatever joins them to others."""

    same: bool
    points: float
    barred: bool
    why: str


def same_event(a: Facet, b: Facet, weights: Weights) -> Verdict:
    """Whether two reports tell of one happening, and why."""
    first, second = a.report, b.report
    if first.article_id == second.article_id:
        return _bar("one article tells them apart")
    if first.kind is not second.kind:
        return _bar(f"one is {first.kind}, the other {second.kind}")
    if first.kind is Kind.CUMULATIVE:
        return _same_claim(a, b)
    copies = a.voice == b.voice
    points, notes = 0.0, []
    if copies:
        points += 4
        notes.append("same text" if first.source != second.source else "same text, same publisher")
    words, word_note = _compare_words(a, b, weights)
    trust = 2 if copies or words >= SURE_WORDS else 1 if words >= STRONG_WORDS else 0
    points += words
    bars: list[str] = []
    if fallen := _fallen_toll(a, b):
        bars.append(fallen)
    for gained, note in (_compare_days(a, b, trust), _compare_places(a, b, trust), _compare_types(a, b)):
        if gained <= _NEVER:
            bars.append(note)
        else:
            points += gained
            notes.append(note)
    notes.append(word_note)
    for gained, note in (_compare_counts(a, b), _compare_actors(a, b)):
        points += gained
        notes.append(note)
    why = "; ".join([note for note in notes if note])
    if bars:
        return Verdict(False, points, True, f"{why}; but {' and '.join(bars)}" if why else " and ".join(bars))
    return Verdict(points >= ENOUGH, points, points < 0, why)


def _bar(why: str) -> Verdict:
    return Verdict(False, 0.0, True, why)


def _compare_days(a: Facet, b: Facet, trust: int) -> tuple[float, str]:
    if a.start is None or b.start is None or a.end is None or b.end is None:
        return 0.0, "a day is not known"
    gap = max(a.start, b.start) - min(a.end, b.end)
    if gap > 0:
        days = f"{gap} day{'s' * (gap > 1)}"
        said = f"{days} apart" if a.dated and b.dated else f"{days} between the day and the publication"
        if trust and gap <= (1 if a.dated and b.dated else 3):
            return (-0.5 if a.dated and b.dated else 0.0), said
        return (-1.0 if trust > 1 and gap <= _SLIP_DAYS else _NEVER), said
    width = max(a.end - a.start, b.end - b.start)
    if not a.dated or not b.dated:
        return 1.0, "no day said, published in the same days"
    if width == 0:
        return 2.0, "same day"
    if width <= 1:
        return 1.5, "days overlap"
    return (0.7 if width <= 7 else 0.0), f"days overlap within {width + 1} days"


def _compare_places(a: Facet, b: Facet, trust: int) -> tuple[float, str]:
    if a.place is None or b.place is None:
        return 0.0, "a place is not known"
    here, there = a.report.places, b.report.places
    if len(here) == len(there) == 1:
        points, note = _compare_two_places(here[0], there[0])
    else:
        points, note = max(
            (_compare_two_places(one, other) for one in here for other in there), key=lambda found: found[0]
        )
    if points <= _NEVER and trust:
        if trust > 1 or a.named_places & set(b.report.words) or b.named_places & set(a.report.words):
            return -1.0, note
        far = km_between(a.place, b.place)
        if far is not None and far <= FAR_KM:
            return -0.5, note
    return points, note


def _compare_two_places(one: Place, other: Place) -> tuple[float, str]:
    if one.iso3 and other.iso3 and one.iso3 != other.iso3:
        return _NEVER, f"{one.country} is not {other.country}"
    exact = (GeoPrecision.PLACE, GeoPrecision.AREA)
    if one.geo_precision not in exact or other.geo_precision not in exact:
        if one.admin1 and other.admin1:
            if one.admin1 != other.admin1:
                return _NEVER, f"{one.admin1} is not {other.admin1}"
            return 0.5, f"both in {one.admin1}"
        return 0.0, f"one only says {one.country or other.country or 'no place'}"
    far = km_between(one, other)
    if far is None:
        same = one.name == other.name and one.admin1 == other.admin1
        return (2.0, "same place") if same else (_NEVER, f"{one.name} is not {other.name}")
    allowed = max(NEAR_KM, _UNSURE.get(one.geo_precision, 0), _UNSURE.get(other.geo_precision, 0))
    if far <= SAME_TOWN_KM:
        return 2.0, f"same place ({one.name})"
    return (1.0 if far <= allowed else _NEVER), f"{far:.0f} km apart"


def _compare_types(a: Facet, b: Facet) -> tuple[float, str]:
    one, other = a.report, b.report
    if one.sub_event_type == other.sub_event_type and one.event_type == other.event_type:
        return 1.0, f"both {one.sub_event_type.lower() or one.event_type.lower()}"
    weapons = {_WEAPONS.get(one.sub_event_type, ""), _WEAPONS.get(other.sub_event_type, "")}
    if "" not in weapons and len(weapons) == 2:
        return -2.0, f"{one.sub_event_type.lower()} and {other.sub_event_type.lower()}"
    if one.event_type == other.event_type:
        return 0.5, f"both {one.event_type.lower()}"
    if frozenset({one.event_type, other.event_type}) in _TYPES_THAT_MEET:
        return 0.0, f"{one.sub_event_type.lower()} and {other.sub_event_type.lower()} may be one"
    return _NEVER, f"{one.event_type.lower()} is not {other.event_type.lower()}"


def _compare_words(a: Facet, b: Facet, weights: Weights) -> tuple[float, str]:
    shared = a.words & b.words
    told = (
        sorted([(weight_between(weights, a, b, w), w) for w in shared], key=lambda t: (-t[0], t[1])) if shared else []
    )
    points = min(MOST_WORDS, RARE_WORD * sum([weight for weight, _ in told])) if told else 0.0
    marks = sorted(a.landmarks & b.landmarks) if a.landmarks and b.landmarks else []
    if marks:
        points += 1.5
    elif a.landmarks and b.landmarks and points < STRONG_WORDS:
        points -= 1.5
        here, there = sorted(a.landmarks)[0], sorted(b.landmarks)[0]
        return points, f"one at {here}, the other at {there}"
    if not marks and not told and len(a.words) >= MANY_WORDS and len(b.words) >= MANY_WORDS:
        return points - 1.0, "no name in common"
    named = marks + [word for weight, word in told if weight > 0.3][:4]
    return points, f"both name {', '.join(named)}" if named else ""


def _compare_counts(a: Facet, b: Facet) -> tuple[float, str]:
    points, notes = 0.0, []
    for harm, one, other in (
        ("killed", a.report.killed, b.report.killed),
        ("hurt", a.report.injured, b.report.injured),
    ):
        if one.best is None or other.best is None or one.vague or other.vague:
            continue
        older = a if (a.report.published or date.max) <= (b.report.published or date.max) else b
        rose = (older.report.published != (b if older is a else a).report.published) and (
            (one.best < other.best) == (older is a)
        )
        gained, note = _compare_numbers(one, other, harm, rose)
        points += gained
        if note:
            notes.append(note)
    return max(-2.0, points), ", ".join(notes)


def _compare_numbers(one: Count, other: Count, harm: str, rose: bool) -> tuple[float, str]:
    low, high = sorted((one.best or 0, other.best or 0))
    if low == high:
        # one dead is every second report; eleven dead are not
        return (0.0 if low == 0 else 0.5 if low <= 2 else 1.0), f"both {low} {harm}" if low else ""
    said = f"{low} and {high} {harm}"
    if rose:
        return 0.0, f"{said} in the later report"
    if high - low <= 2 or high <= 1.5 * low:
        return 0.0 if high > 5 else -0.5, said
    return -1.0, said


def _fallen_toll(a: Facet, b: Facet) -> str:
    """Why a later report's toll cannot be that of an earlier one: many times lower; "" where it can."""
    one, other = a.report, b.report
    if one.published is None or other.published is None or one.published == other.published:
        return ""
    older, newer = (one, other) if one.published < other.published else (other, one)
    before, after = older.killed, newer.killed
    if before.vague or after.vague or before.low is None or not after.high or before.low < MANY_DEAD:
        return ""
    fell = before.low > FALLEN * after.high
    return f"{before.low} killed, and days later no more than {after.high}" if fell else ""


def _compare_actors(a: Facet, b: Facet) -> tuple[float, str]:
    if not a.perpetrators or not b.perpetrators:
        return 0.0, ""
    shared = sorted(a.perpetrators & b.perpetrators)
    if shared:
        return 0.5, f"both by {shared[0]}"
    # each side blames the other for one and the same: weighs little
    return -0.5, f"one by {sorted(a.perpetrators)[0]}, the other by {sorted(b.perpetrators)[0]}"


def _same_claim(a: Facet, b: Facet) -> Verdict:
    """A toll over a period is the same claim only for the same period, the same places and the same speaker."""
    one, other = a.report, b.report
    if a.start is None or b.start is None or a.start != b.start:
        return _bar("tolls of different periods")
    if abs((a.end or 0) - (b.end or 0)) > 1:
        return _bar("tolls up to different days")
    here = {(p.iso3, p.admin1, p.name) for p in one.places}
    there = {(p.iso3, p.admin1, p.name) for p in other.places}
    if here != there:
        return _bar("tolls of different places")
    speakers, others = {s.lower() for s in one.attributions}, {s.lower() for s in other.attributions}
    if a.voice != b.voice and not speakers & others:
        return _bar("tolls by different speakers")
    if one.event_type != other.event_type and one.killed != other.killed:
        return _bar("tolls of different things")
    return Verdict(True, ENOUGH + 2, False, "same toll: same period, place and speaker")
