"""What explains an event: why a report is in it, what was nearly the same, what a toll lacks."""

from dataclasses import replace
from datetime import date

from test_events import BREE, ERIADOR, killed, missed, report
from toy_store import NOW, put, row

from pipeline import (
    Settings,
    add_correction,
    load_event_table,
    load_snapshot,
    near_misses_of,
    reconciliation_of,
    refresh,
)
from pipeline.events import merge_reports
from pipeline.models import Count, GeoPrecision, Kind, Place, TimePrecision
from pipeline.near_misses import MOST_EACH
from pipeline.reasons import as_corrected, build_machine_table
from pipeline.reconciliation import reconcile
from pipeline.table import build_event_table

THREE_DAYS_LATER = row("late", "2031-05-05 Bree 3", source="Staddle Star", published="2031-05-06")


def test_snapshot_says_why_each_report_is_in_its_event_and_what_was_nearly_the_same(settings: Settings) -> None:
    put(settings, "day", [
        row("a", "2031-05-02 Bree 3"), row("b", "2031-05-02 Bree 4", published="2031-05-04"),
        row("c", "2031-05-02 Bree 3", source="Dale Daily"), THREE_DAYS_LATER,
    ])  # fmt: skip
    refresh(settings, now=NOW)
    snapshot = load_snapshot(settings)
    assert snapshot is not None
    why = snapshot.reports.set_index("report_id")["merge_reason"]
    assert why["a#0"] == "its first report" and why["late#0"] == "its only report"
    said = "same day; same place (Bree); both air/drone strike; "
    assert why["b#0"] == said + "3 and 4 killed in the later report; later update of the same publisher (with " \
        "Prancing Post of 2031-05-03)"  # fmt: skip
    assert why["c#0"] == said + "both 3 killed (with Prancing Post of 2031-05-03)"
    [miss] = near_misses_of(snapshot, "ev-a#0").to_dict("records")
    assert (miss["other_event_id"], miss["other_report_id"]) == ("ev-late#0", "late#0")
    assert miss["why"] == "same place (Bree); both air/drone strike; both 3 killed; but 3 days apart"
    [seen_from_there] = near_misses_of(snapshot, "ev-late#0").to_dict("records")
    assert (seen_from_there["other_event_id"], seen_from_there["report_id"]) == ("ev-a#0", "late#0")
    assert near_misses_of(snapshot, "ev-nobody").empty


def test_near_miss_of_two_events_that_an_analyst_parts_says_so(settings: Settings) -> None:
    put(settings, "day", [row("a", "2031-05-02 Bree 3"), row("c", "2031-05-02 Bree 3", source="Dale Daily")])
    refresh(settings, now=NOW)
    add_correction(settings, "split", "c#0", why="I was there", who="Rosie", now=NOW)
    snapshot = load_snapshot(settings)
    assert snapshot is not None
    assert near_misses_of(snapshot, "ev-a#0")["why"][0].endswith("both 3 killed; but an analyst keeps them apart")


def test_near_misses_of_a_town_shelled_daily_are_the_nearest_few() -> None:
    days = [date(2021, 5, d) for d in range(1, 29)]
    reports = [report(f"a{d:%d}", date_start=d, date_end=d, published=d) for d in days]
    misses = missed(reports)
    assert len(merge_reports(reports)) == 28
    each = [sum(name in (m.event_id, m.other_event_id) for m in misses) for name in ("ev-a10#0", "ev-a20#0")]
    assert all(MOST_EACH <= n <= 2 * MOST_EACH for n in each)


CLAIM = report(
    "claim", kind=Kind.CUMULATIVE, date_start=date(2021, 5, 1), date_end=date(2021, 5, 10), places=(ERIADOR,),
    killed=Count(30, 30, None), time_precision=TimePrecision.RANGE,
)  # fmt: skip
NEXT = date(2021, 5, 8)


def test_reconciliation_counts_what_an_analyst_corrected_and_not_what_was_rejected() -> None:
    events = merge_reports([CLAIM, report("a", killed=killed(12)), report("b", date_start=NEXT, date_end=NEXT)])
    table = build_event_table(events).set_index("event_id", drop=False)
    [machine] = reconcile(events)
    assert (machine.incidents, machine.without_figure, machine.summed.best, machine.difference) == (2, 1, 12, 18)
    for part in ("low", "best", "high"):
        table.loc["ev-b#0", f"fatalities_{part}"] = 7
    table.loc["ev-b#0", "status"] = "corrected"
    [corrected] = reconcile(as_corrected(build_machine_table(events), table))
    assert (corrected.incidents, corrected.without_figure, corrected.summed) == (2, 0, killed(19))
    table.loc["ev-a#0", "status"] = "rejected"
    [without] = reconcile(as_corrected(build_machine_table(events), table))
    assert (without.incident_ids, without.difference) == (("ev-b#0",), 23)


def test_incident_that_only_names_its_region_is_not_inside_a_toll_of_a_town() -> None:
    town = replace(CLAIM, places=(BREE,))
    somewhere = Place("Eriador", "Eriador", "Arnor", "ARN", 10.0, 20.0, GeoPrecision.ADMIN1)
    events = merge_reports([town, report("a", killed=killed(12)), report("b", date_start=NEXT, date_end=NEXT,
                                                                       places=(somewhere,))])  # fmt: skip
    [found] = reconcile(events)
    assert found.incident_ids == ("ev-a#0",)


def test_reader_gets_a_claim_beside_its_incidents(settings: Settings, monkeypatch) -> None:
    from pipeline import merging

    def with_claim(reports, **options):
        event = merge_reports([CLAIM])[0]
        place = merge_reports(reports)[0].places[0]
        wide = replace(place, geo_precision=GeoPrecision.ADMIN1)
        later = {"date_start": date(2031, 5, 1), "date_end": date(2031, 5, 9), "places": (wide,), "report_ids": ()}
        return [replace(event, **later), *merge_reports(reports, **options)]

    monkeypatch.setattr(merging, "merge_reports", with_claim)
    put(settings, "day", [row("a", "2031-05-02 Bree 3"), row("b", "2031-05-08 Dale 4"), row("c", "2031-05-10 Dale 9")])
    refresh(settings, now=NOW)
    snapshot = load_snapshot(settings)
    assert snapshot is not None and len(load_event_table(settings)) == 4
    assert reconciliation_of(snapshot, "ev-claim#0") == {
        "event_id": "ev-claim#0", "claimed_low": 30, "claimed_best": 30, "claimed_high": None, "incidents": 2,
        "without_figure": 0, "summed_low": 7, "summed_best": 7, "summed_high": 7, "difference": 23,
        "incident_ids": ["ev-a#0", "ev-b#0"],
    }  # fmt: skip
    assert reconciliation_of(snapshot, "ev-a#0") is None
