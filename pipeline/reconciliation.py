"""A toll over a period beside the incidents inside it: how many, how many dead, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.facets import km_between
from pipeline.models import Count, Event, GeoPrecision, Kind, Place

_INSIDE_KM = 15.0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What one cumulative claim says, and what the incidents of its place and period add up to."""

    event_id: str
    claimed: Count
    incidents: int
    summed: Count  # killed; low and best of unknown counts are 0, high is open if any is open
    difference: int | None  # claimed best - summed best: positive where incidents are missing
    incident_ids: tuple[str, ...]


def reconcile(events: Sequence[Event]) -> list[Reconciliation]:
    """One row for each cumulative event, in the order of the events."""
    incidents = sorted((e for e in events if e.kind is Kind.INCIDENT and e.date_start), key=lambda e: e.event_id)
    counted = {e.event_id for e in incidents}
    found = []
    for claim in events:
        if claim.kind is not Kind.CUMULATIVE or claim.date_start is None:
            continue
        inside = [e for e in incidents if _within(e, claim)]
        own = {e.event_id for e in inside}
        # a part of a total that is itself inside is in the total's count
        counting = [e for e in inside if not (e.part_of in own and e.part_of in counted)]
        summed = add_counts(e.killed for e in counting)
        best = claim.killed.best
        difference = None if best is None else best - (summed.best or 0)
        found.append(
            Reconciliation(
                claim.event_id, claim.killed, len(counting), summed, difference, tuple(e.event_id for e in counting)
            )
        )
    return found


def add_counts(counts: Iterable[Count]) -> Count:
    """The sum of counts: what is unknown adds nothing, and an open high leaves the sum open."""
    low = best = high = 0
    open_high = False
    for count in counts:
        if not count.known:
            continue
        low += count.low or 0
        best += count.best or count.low or 0
        open_high = open_high or count.high is None
        high += count.high or 0
    return Count(low, best, None if open_high else high)


def _within(incident: Event, claim: Event) -> bool:
    assert claim.date_start is not None and incident.date_start is not None
    last = claim.date_end or claim.date_start
    if not (claim.date_start <= incident.date_start and (incident.date_end or incident.date_start) <= last):
        return False
    if not claim.places:
        return False
    return any(_covers(wide, place) for wide in claim.places for place in incident.places[:1])


def _covers(wide: Place, place: Place) -> bool:
    if wide.iso3 != place.iso3:
        return False
    if wide.geo_precision is GeoPrecision.COUNTRY:
        return True
    if wide.geo_precision is GeoPrecision.ADMIN1:
        return wide.admin1 == place.admin1
    far = km_between(wide, place)
    return far is not None and far <= _INSIDE_KM
