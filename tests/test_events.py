"""Merging: what is one event, what it says, what it is called."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from pipeline.event_values import combine_figures, is_disputed
from pipeline.events import merge_reports
from pipeline.models import UNKNOWN, Count, DateBasis, GeoPrecision, Kind, Place, Report, TimePrecision
from pipeline.near_misses import NearMiss, near_misses
from pipeline.reconciliation import reconcile
from pipeline.voices import find_voices, shared_text, sketch_text

BREE = Place("Bree", "Eriador", "Arnor", "ARN", 10.0, 20.0, GeoPrecision.PLACE)
ERIADOR = Place("Eriador", "Eriador", "Arnor", "ARN", 10.5, 20.5, GeoPrecision.ADMIN1)


def missed(reports: list[Report]) -> list[NearMiss]:
    """The near misses among the events of these reports."""
    return near_misses(reports, {i: e.event_id for e in merge_reports(reports) for i in e.report_ids})


def report(name: str, **values: object) -> Report:
    """A report of a strike on Bree on 3 May 2021 by its own publisher, as far as nothing else is said."""
    usual: dict[str, object] = {
        "report_id": f"{name}#0", "article_id": name, "source": f"{name} news", "published": date(2021, 5, 4),
        "rank": 1, "kind": Kind.INCIDENT, "event_type": "Explosions/Remote violence",
        "sub_event_type": "Air/drone strike", "date_start": date(2021, 5, 3), "date_end": date(2021, 5, 3),
        "time_precision": TimePrecision.DAY, "date_basis": DateBasis.RELATIVE, "places": (BREE,),
    }  # fmt: skip
    return Report(**(usual | values))  # type: ignore[arg-type]


def killed(n: int) -> Count:
    return Count(n, n, n)


def groups_of(reports: list[Report], **options: object) -> set[frozenset[str]]:
    events = merge_reports(reports, **options)  # type: ignore[arg-type]
    return {frozenset(i.split("#")[0] for i in e.report_ids) for e in events}


def test_events_do_not_depend_on_the_order_of_the_reports():
    days = [date(2021, 5, d) for d in (3, 4, 5, 9)]
    reports = [
        report(f"a{n}", date_start=days[n % 4], date_end=days[n % 4], killed=killed(n % 7), source=f"s{n % 5}")
        for n in range(60)
    ]
    first = merge_reports(reports)
    for seed in range(5):
        shuffled = random.Random(seed).sample(reports, len(reports))
        assert merge_reports(shuffled) == first


def test_an_event_is_named_after_its_founding_report():
    later, first = report("a", published=date(2021, 5, 6)), report("b")
    [event] = merge_reports([later, first])
    assert event.event_id == "ev-b#0"
    assert event.report_ids == ("b#0", "a#0")


def test_a_known_event_keeps_its_id_when_an_older_report_turns_up():
    [event] = merge_reports([report("a"), report("old", published=date(2021, 5, 3))], known_ids={"a#0": "ev-a#0"})
    assert event.event_id == "ev-a#0"
    assert event.superseded_ids == ()


def test_merged_away_ids_are_remembered_and_the_oldest_event_gives_the_name():
    known = {"a#0": "ev-a#0", "b#0": "ev-b#0", "c#0": "ev-b#0"}
    [event] = merge_reports([report("a"), report("b"), report("c")], known_ids=known)
    assert event.event_id == "ev-a#0"
    assert event.superseded_ids == ("ev-b#0",)
    [event] = merge_reports([report("a"), report("b"), report("c")], known_ids=known, received={"a": 2, "b": 1, "c": 3})
    assert (event.event_id, event.superseded_ids) == ("ev-b#0", ("ev-a#0",))


def test_a_split_leaves_the_id_with_the_founding_report_unless_an_analyst_took_it_out():
    known = {"a#0": "ev-a#0", "b#0": "ev-a#0", "c#0": "ev-a#0"}
    reports, apart = [report("a"), report("b"), report("c")], [("a#0", "b#0"), ("a#0", "c#0")]
    events = merge_reports(reports, known_ids=known, cannot_link=apart)
    assert {e.event_id: e.report_ids for e in events} == {"ev-a#0": ("a#0",), "ev-b#0": ("b#0", "c#0")}
    events = merge_reports(reports, known_ids=known, cannot_link=apart, moved=["a#0"])
    assert {e.event_id: e.report_ids for e in events} == {"ev-a#0": ("b#0", "c#0"), "ev-a#0-2": ("a#0",)}
    known = {"a#0": "ev-a#0-2", "b#0": "ev-a#0", "c#0": "ev-a#0"}
    [event] = merge_reports(reports, known_ids=known)  # taken back: the older name stays
    assert (event.event_id, event.superseded_ids) == ("ev-a#0", ("ev-a#0-2",))


def test_an_article_received_later_founds_nothing_even_where_it_is_older():
    reports = [report("a"), report("old", published=date(2021, 5, 3))]
    [event] = merge_reports(reports, received={"a": 1, "old": 2})
    assert (event.event_id, event.report_ids) == ("ev-a#0", ("old#0", "a#0"))


def test_an_analyst_joins_and_parts_what_the_machine_would_not():
    far = report("far", places=(replace(BREE, name="Dale", admin1="Rhovanion", longitude=25.0),))
    assert groups_of([report("a"), far]) == {frozenset({"a"}), frozenset({"far"})}
    assert groups_of([report("a"), far], must_link=[("a#0", "far#0")]) == {frozenset({"a", "far"})}
    assert groups_of([report("a"), report("b")], cannot_link=[("b#0", "a#0")]) == {frozenset({"a"}), frozenset({"b"})}


def test_two_reports_of_one_article_never_meet_even_through_a_third():
    one, two = report("a"), replace(report("a"), report_id="a#99", rank=2)
    events = merge_reports([one, two, report("b")])
    assert sorted(len(e.report_ids) for e in events) == [1, 2]


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("x", 1, killed(2)), ("x", 2, killed(5)), ("x", 3, killed(7))], killed(7)),
        ([("x", 1, killed(16)), ("y", 2, killed(18)), ("z", 3, killed(16))], Count(16, 16, 18)),
        ([("x", 1, killed(16)), ("y", 2, killed(18))], Count(16, 18, 18)),
        ([("x", 1, Count(5, 5, None)), ("y", 2, killed(6))], Count(5, 6, None)),
        ([("x", 1, Count(2, 3, None, vague=True)), ("y", 2, killed(6))], killed(6)),
        ([("x", 1, UNKNOWN), ("y", 2, killed(0))], killed(0)),
        ([("x", 1, UNKNOWN)], UNKNOWN),
    ],
)
def test_each_publisher_counts_with_its_latest_figure(figures: list[tuple[str, int, Count]], expected: Count):
    reports = [report(f"a{n}", source=s, published=date(2021, 5, d)) for n, (s, d, _) in enumerate(figures)]
    voices = {r.article_id: r.article_id for r in reports}
    assert combine_figures(reports, [c for _, _, c in figures], voices) == expected


def test_figures_that_exclude_each_other_are_disputed_and_an_overtaken_one_is_not():
    low, high = report("a", killed=killed(3)), report("b", killed=killed(9))
    voices = {"a": "a", "b": "b"}
    assert is_disputed([low, high], voices)
    assert not is_disputed([low, replace(high, published=date(2021, 5, 5))], voices)
    assert not is_disputed([low, replace(high, killed=Count(3, 3, None))], voices)


TEXT = (
    "Shells fell on the old bridge at Bree shortly before noon, and the ferryman counted nine wounded on the bank. "
    "The mayor asked for boats from upriver while the hospital at Archet took in those who could not walk. "
    "Nobody has said yet which side fired, and the guard on the hill had left its post the evening before."
)


def test_a_wire_copy_is_one_voice_and_counts_once():
    sketch, other = sketch_text(TEXT), sketch_text("By our staff. " + TEXT + " More to come as we hear it from Bree.")
    assert shared_text(sketch, other) > 0.7
    wire, copy = report("wire", voice=sketch), report("copy", voice=other)
    assert find_voices([copy, wire]) == {"copy": "copy", "wire": "copy"}
    [event] = merge_reports([wire, copy])
    assert (event.report_count, event.source_count) == (2, 1)
    assert "same text" in dict(event.reasons)["wire#0"]


def test_unlike_texts_are_two_voices():
    other = (
        "Fire broke out in a grain store in Dale on the feast day and spread to two barns before dusk; farmers formed "
        "a chain of buckets along the lane, and the miller lost his whole harvest, said his neighbour on Monday."
    )
    assert shared_text(sketch_text(TEXT), sketch_text(other)) == 0.0


def test_the_reason_is_in_words_and_numbers():
    [event] = merge_reports([report("a", killed=killed(16)), report("b", killed=killed(18))])
    assert event.reasons == (
        ("a#0", "its first report"),
        ("b#0", "same day; same place (Bree); both air/drone strike; 16 and 18 killed (with a news of 2021-05-04)"),
    )


def test_a_near_miss_says_what_kept_it_apart():
    later = date(2021, 5, 6)
    reports = [report("a", killed=killed(16)), report("b", date_start=later, date_end=later, killed=killed(16))]
    assert len(merge_reports(reports)) == 2
    [miss] = missed(reports)
    assert miss.why == "same place (Bree); both air/drone strike; both 16 killed; but 3 days apart"


def test_a_part_points_to_the_event_of_its_total_and_never_to_itself():
    total = report("a", killed=killed(22), places=(ERIADOR,))
    part = replace(report("a"), report_id="a#50", rank=2, part_of="a#0", killed=killed(16))
    elsewhere = report("b", killed=killed(16))
    events = {e.event_id: e for e in merge_reports([total, part, elsewhere])}
    assert events["ev-a#50"].part_of == "ev-a#0"
    assert events["ev-a#0"].part_of == ""


def test_a_toll_over_a_period_is_set_beside_the_incidents_inside_it():
    claim = report(
        "c", kind=Kind.CUMULATIVE, date_start=date(2021, 5, 1), date_end=date(2021, 5, 10), places=(ERIADOR,),
        killed=Count(30, 30, None), time_precision=TimePrecision.RANGE,
    )  # fmt: skip
    inside = report("a", killed=killed(12))
    day = date(2021, 5, 8)
    second = report("b", killed=Count(5, 5, None), date_start=day, date_end=day)
    outside = report("d", killed=killed(50), date_start=date(2021, 5, 11), date_end=date(2021, 5, 11))
    [row] = reconcile(merge_reports([claim, inside, second, outside]))
    assert (row.incidents, row.summed, row.difference) == (2, Count(17, 17, None), 13)


def test_what_two_articles_are_about_meets_before_what_they_mention():
    mains = [report("a", killed=killed(4)), report("b", killed=killed(5))]
    # a detail of the first article is nearer to the second's main report than its own main report is
    detail = replace(mains[0], report_id="a#90", rank=2, killed=killed(5))
    assert {e.report_ids for e in merge_reports([*mains, detail])} == {("a#0", "b#0"), ("a#90",)}
