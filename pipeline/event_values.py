"""What an event says, from what its reports say: low, best and high, day, place, type, whose word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from pipeline.models import (
    UNKNOWN,
    Actor,
    Count,
    DateBasis,
    Event,
    GeoPrecision,
    Place,
    Report,
    Role,
    Status,
    TimePrecision,
)
from pipeline.voices import count_voices

_CLOSENESS = {p: n for n, p in enumerate(GeoPrecision)}
_UNSPECIFIC = ("Attack", "Other", "Armed clash", "")  # what a report gets when the words say no more
_NEVER = date.max
T = TypeVar("T", bound=Hashable)


def founding_order(report: Report) -> tuple[date, str]:
    """First published first; the id settles ties."""
    return report.published or _NEVER, report.report_id


def make_event(
    event_id: str, reports: Sequence[Report], voices: Mapping[str, str], reasons: Iterable[tuple[str, str]]
) -> Event:
    """One event from the reports that tell of it, in founding order."""
    best = carrying_report(reports)
    event_type, sub_event_type = choose_type(reports)
    day = choose_day(reports)
    killed, injured = [r.killed for r in reports], [r.injured for r in reports]
    return Event(
        event_id=event_id, kind=reports[0].kind, event_type=event_type, sub_event_type=sub_event_type,
        date_start=day.date_start, date_end=day.date_end, time_precision=day.time_precision,
        date_basis=day.date_basis, places=choose_places(reports), actors=all_actors(reports),
        civilians_targeted=any_true(r.civilians_targeted for r in reports),
        killed=combine_figures(reports, killed, voices), injured=combine_figures(reports, injured, voices),
        report_count=len(reports), source_count=count_voices(reports, voices),
        attributions=tuple(dict.fromkeys(a for r in reports for a in r.attributions)),
        disputed=is_disputed(reports, voices), part_of="", status=Status.MACHINE,
        first_reported=min((r.published for r in reports if r.published), default=None),
        last_updated=max((r.published for r in reports if r.published), default=None),
        evidence=best.evidence, report_ids=tuple(r.report_id for r in reports), reasons=tuple(reasons),
    )  # fmt: skip


def latest_figures(
    reports: Sequence[Report], counts: Sequence[Count], voices: Mapping[str, str]
) -> list[tuple[Report, Count]]:
    """For each publisher its latest figure, the oldest first; copies of a text say nothing of their own."""
    known = [(report, count) for report, count in zip(reports, counts, strict=True) if count.known]
    if len(known) < 2:
        return known
    publisher_of = {r.article_id: r.source or r.article_id for r in reports}
    latest: dict[str, tuple[Report, Count]] = {}
    for report, count in sorted(known, key=lambda rc: founding_order(rc[0])):
        leader = voices.get(report.article_id, report.article_id)
        latest[publisher_of.get(leader, report.source or report.article_id)] = (report, count)
    return sorted(latest.values(), key=lambda rc: founding_order(rc[0]))


def combine_figures(reports: Sequence[Report], counts: Sequence[Count], voices: Mapping[str, str]) -> Count:
    """Low: the lowest; high: the highest, open if any is open; best: what most say, the latest on a tie.

    "Several" beside a number is silence: a vague word neither widens nor outvotes a figure.
    """
    figures = latest_figures(reports, counts, voices)
    sharp = [rc for rc in figures if not rc[1].vague] or figures
    if not sharp:
        return UNKNOWN
    if len(sharp) == 1:
        return sharp[0][1]
    lows = [c.low for _, c in sharp]
    highs = [c.high for _, c in sharp]
    bests = [c.best for _, c in sharp if c.best is not None]
    low = None if None in lows else min(n for n in lows if n is not None)
    high = None if None in highs else max(n for n in highs if n is not None)
    return Count(
        low, most_common_latest(bests), high,
        vague=all(c.vague for _, c in sharp), approximate=all(c.approximate for _, c in sharp),
    )  # fmt: skip


def most_common_latest(values: Sequence[T]) -> T | None:
    """What stands most often in the list; on a tie what stands later."""
    if not values:
        return None
    often = Counter(values)
    return max(enumerate(values), key=lambda iv: (often[iv[1]], iv[0]))[1]


def is_disputed(reports: Sequence[Report], voices: Mapping[str, str]) -> bool:
    """Whether publishers' last figures exclude each other; a lower figure from an earlier day is only older."""
    if len(reports) == 1:
        return False
    for counts in ([r.killed for r in reports], [r.injured for r in reports]):
        figures = [(r, c) for r, c in latest_figures(reports, counts, voices) if not c.vague and not c.approximate]
        for n, (older, one) in enumerate(figures):
            for newer, other in figures[n + 1 :]:
                fell = other.high is not None and one.low is not None and other.high < one.low
                rose = one.high is not None and other.low is not None and one.high < other.low
                if fell or (rose and older.published == newer.published):
                    return True
    blamed = [{a.group for a in r.actors if a.role is Role.PERPETRATOR and a.group} for r in reports]
    blamed = [groups for groups in blamed if groups]
    return len(blamed) > 1 and any(not groups & blamed[0] for groups in blamed[1:])


def choose_day(reports: Sequence[Report]) -> Report:
    """The report whose day the event takes: the closest days, what most of these say, the earliest report."""
    dated = [r for r in reports if r.date_start and r.date_basis in (DateBasis.EXPLICIT, DateBasis.RELATIVE)]
    if not dated:
        with_day = [r for r in reports if r.date_start]
        return with_day[0] if with_day else reports[0]
    if len(dated) == 1:
        return dated[0]

    def width(report: Report) -> int:
        assert report.date_start is not None
        return ((report.date_end or report.date_start) - report.date_start).days

    often = Counter((r.date_start, r.date_end) for r in dated)
    days = [r for r in dated if r.time_precision is TimePrecision.DAY] or dated
    # a majority for one day outweighs the single report that is a day off
    return min(days, key=lambda r: (width(r), -often[r.date_start, r.date_end], founding_order(r)))


def choose_places(reports: Sequence[Report]) -> tuple[Place, ...]:
    """The places of the closest reports; of these what most say; then the earliest."""
    placed = [r for r in reports if r.places]
    if not placed:
        return ()
    if len(placed) == 1:
        return placed[0].places
    often = Counter(r.places[0].name for r in placed)
    return min(
        placed, key=lambda r: (_CLOSENESS[r.places[0].geo_precision], -often[r.places[0].name], founding_order(r))
    ).places


def choose_type(reports: Sequence[Report]) -> tuple[str, str]:
    """The type most reports give; on a tie the more specific, then the earliest."""
    subs = Counter([(r.event_type, r.sub_event_type) for r in reports])
    if len(subs) == 1:
        return reports[0].event_type, reports[0].sub_event_type
    types = Counter([r.event_type for r in reports])
    first = min(
        enumerate(reports),
        key=lambda ir: (
            -types[ir[1].event_type],
            ir[1].sub_event_type in _UNSPECIFIC,
            -subs[ir[1].event_type, ir[1].sub_event_type],
            ir[0],
        ),
    )[1]
    return first.event_type, first.sub_event_type


def all_actors(reports: Sequence[Report]) -> tuple[Actor, ...]:
    """Every actor once, a named role before none."""
    found: dict[str, Actor] = {}
    for actor in (a for r in reports for a in r.actors):
        key = (actor.group or actor.name).lower()
        known = found.get(key)
        if known is None or (known.role is None and actor.role is not None):
            found[key] = actor
    return tuple(found.values())


def any_true(values: Iterable[bool | None]) -> bool | None:
    """True if any is, else False if any says so, else None."""
    said = {v for v in values if v is not None}
    return True if True in said else (False if said else None)


def carrying_report(reports: Sequence[Report]) -> Report:
    """The report whose sentence carries best: a figure, a day, a place, the article's main event, the latest."""

    def carries(report: Report) -> tuple[bool, bool, bool, bool, int, date, str]:
        return (
            report.killed.known or report.injured.known,
            report.date_start is not None,
            bool(report.places),
            bool(report.evidence),
            -report.rank,
            report.published or date.min,
            report.report_id,
        )

    return max(reports, key=carries)
