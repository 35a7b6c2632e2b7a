"""Whole small articles: what is told twice is one report, a plan is none, a part knows its total."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.models import Article, Count, DateBasis, Kind, Report
from pipeline.settings import Settings
from pipeline.table import report_row


def _rows(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / "gold" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(Settings())


def _reports(text: str, gazetteer: Gazetteer) -> list[Report]:
    return list(extract(Article("a", "", text, "", "", date(2021, 6, 9)), gazetteer).reports)


def test_a_second_mention_is_no_second_report(gazetteer: Gazetteer) -> None:
    text = "A bomb killed four people in Kandahar on Monday. The blast also wounded nine."
    (report,) = _reports(text, gazetteer)
    assert (report.killed.best, report.injured.best, report.date_start) == (4, 9, date(2021, 6, 7))


def test_two_places_are_two_reports(gazetteer: Gazetteer) -> None:
    text = "A bomb killed four people in Kandahar on Monday. Gunmen shot dead two judges in Kabul on Tuesday."
    reports = _reports(text, gazetteer)
    assert [(r.places[0].name, r.killed.best, r.rank) for r in reports] == [("Kandahar", 4, 1), ("Kabul", 2, 2)]


def test_a_plan_is_no_event(gazetteer: Gazetteer) -> None:
    assert _reports("The army is planning to launch air strikes on Kandahar next week.", gazetteer) == []


def test_the_publication_day_is_not_claimed(gazetteer: Gazetteer) -> None:
    (report,) = _reports("A bomb killed four people in Kandahar.", gazetteer)
    assert report.date_start is None
    assert report.date_basis is DateBasis.PUBLISHED


def test_a_toll_since_a_day_is_cumulative(gazetteer: Gazetteer) -> None:
    (report,) = _reports("At least 40 civilians have been killed in Kandahar since the start of May.", gazetteer)
    assert report.kind is Kind.CUMULATIVE
    assert (report.date_start, report.date_end) == (date(2021, 5, 1), date(2021, 6, 9))


@pytest.mark.parametrize(("text", "kind"), [
    ("At least 214 civilians were killed in Iraq in February, the UN said.", Kind.CUMULATIVE),
    ("In February alone, 57 people were killed in attacks in Mosul, Iraq.", Kind.CUMULATIVE),
    ("A car bomb killed 40 people in Mosul, Iraq, in February.", Kind.INCIDENT),
    ("In February, 23 soldiers died in an attack on a post at Mosul, Iraq.", Kind.INCIDENT),
    ("Two soldiers were killed in Iraq in February.", Kind.INCIDENT),
])  # fmt: skip
def test_many_dead_of_a_month_are_a_toll_unless_one_happening_is_told(
    text: str, kind: Kind, gazetteer: Gazetteer
) -> None:  # fmt: skip
    assert [r.kind for r in _reports(text, gazetteer)] == [kind]


def test_an_arrest_is_reported(gazetteer: Gazetteer) -> None:
    (report,) = _reports("Police arrested two men with explosives in Kandahar on Monday.", gazetteer)
    assert (report.event_type, report.sub_event_type) == ("Strategic developments", "Arrests")


def _words(count: Count) -> str:
    parts = ["-" if n is None else str(n) for n in (count.low, count.best, count.high)]
    return "/".join(parts) if count.known else "-"


def _case(row: dict[str, str]) -> object:
    gap = row["known_gap"]
    return pytest.param(row, id=row["case_id"], marks=[pytest.mark.xfail(strict=True, reason=gap)] if gap else [])


@pytest.mark.parametrize("row", [_case(row) for row in _rows("reports")])
def test_the_reports_of_a_small_article(row: dict[str, str], gazetteer: Gazetteer) -> None:
    found = [f"{r.event_type} {_words(r.killed)}" for r in _reports(row["text"], gazetteer)]
    assert " | ".join(found) == row["reports"]
    if row["case_id"] == "sum_of_parts":
        total, *parts = _reports(row["text"], gazetteer)
        assert {part.part_of for part in parts} == {total.report_id}


def test_the_other_sides_dead_of_one_clash_are_in_one_report(gazetteer: Gazetteer) -> None:
    told = _reports("Rebels killed four soldiers near Halvar. Two rebels were also killed in the clash.", gazetteer)
    assert [r.killed.best for r in told] == [6]


def test_dead_of_another_attack_stay_apart(gazetteer: Gazetteer) -> None:
    told = _reports(
        "Rebels killed four soldiers near Halvar. Another two soldiers were killed in a raid on a village.", gazetteer
    )
    assert [r.killed.best for r in told] == [4, 2]


@pytest.mark.parametrize("row", [_case(row) for row in _rows("claims")])
def test_who_says_so_and_how(row: dict[str, str], gazetteer: Gazetteer) -> None:
    report = _reports(row["text"], gazetteer)[0]
    assert report_row(report, "")["claims"] == row["claims"]
    for claim in report.claims:
        assert claim.speaker in row["text"][claim.start_char : claim.end_char]


def test_each_field_has_its_reason_and_its_words(gazetteer: Gazetteer) -> None:
    text = "Taliban fighters shot dead two judges and wounded a guard in Kabul on Tuesday, police said."
    (report,) = _reports(text, gazetteer)
    assert {column for column, _ in report.reasons} == {
        "kind", "event_type", "date_start", "place", "actors", "fatalities_best", "injured_best", "attributions",
    }  # fmt: skip
    spans = (report.event_type_span, report.date_span, report.place_span, report.actors_span, report.killed_span,
             report.injured_span, report.attributions_span)  # fmt: skip
    words = [text[span.start_char : span.end_char] for span in spans if span]
    assert words == ["shot dead", "Tuesday", "Kabul", "Taliban", "two judges", "a guard", "police said"]


def test_the_headline_counts_where_the_text_does_not(gazetteer: Gazetteer) -> None:
    text = "Police are looking for witnesses after shots were fired at a guard near the port on Monday."
    article = Article("a", "Guard killed in Halvar", text, "Herald", "", date(2016, 5, 18))
    assert extract(article, gazetteer).reports[0].killed.best == 1


def test_who_was_hurt_and_then_died_is_one_event(gazetteer: Gazetteer) -> None:
    text = "A girl was shot near Halvar on Monday. The girl was flown to Tolm, where she died on Tuesday."
    assert [(r.killed.best, r.injured.best) for r in _reports(text, gazetteer)] == [(1, None)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("At least 17 people were killed on Monday in several attacks across the country.", Kind.CUMULATIVE),
        ("A bomb killed four people in Kandahar on Monday, in the sixth year of war.", Kind.INCIDENT),
        ("Shells killed three people in Herat and Kandahar on Monday.", Kind.CUMULATIVE),
        ("Air strikes on Herat killed nine people late on Saturday and early on Sunday.", Kind.INCIDENT),
        ("Air strikes on Herat killed nine people on Saturday and Sunday.", Kind.CUMULATIVE),
        ("Guns pounded the towns of Herat, Kabul and Kandahar on Monday.", Kind.INCIDENT),
    ],
)
def test_one_happening_or_a_toll_of_many(text: str, kind: Kind, gazetteer: Gazetteer) -> None:
    assert [r.kind for r in _reports(text, gazetteer)] == [kind]


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Government forces cut the road on Monday when they seized a hilltop near Herat.", "Government regains"),
        ("On Monday the town of Herat was captured by government troops.", "Government regains"),
        ("On Monday the town of Herat was captured by rebels.", "Non-state actor overtakes"),
        ("Rebels captured the town of Herat from the army on Monday.", "Non-state actor overtakes"),
        ("Government-backed militias seized control of Herat on Monday.", "Non-state actor overtakes"),
        ("Taliban fighters seized several villages near Herat on Monday.", "Non-state actor overtakes"),
    ],
)
def test_who_took_the_ground(text: str, side: str, gazetteer: Gazetteer) -> None:
    assert [r.sub_event_type for r in _reports(text, gazetteer)] == [f"{side} territory"]


def test_a_capital_far_from_the_news_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    text = (
        "Shells fell on Kandahar and Herat on Sunday. A bomb in Kandahar killed nine people on Monday. "
        "The bombing prompted Washington to strike an air base with missiles on Tuesday, killing six soldiers. "
        "A bomb in Baghdad killed two people on Wednesday."
    )
    told = {r.killed.best: {p.country for p in r.places} for r in _reports(text, gazetteer) if r.killed.best}
    assert told == {9: {"Afghanistan"}, 6: {"Afghanistan"}, 2: {"Iraq"}}


def test_a_country_that_only_speaks_of_it_is_not_where_it_happened(gazetteer: Gazetteer) -> None:
    text = (
        "Warplanes struck a market in Kandahar on Sunday. The toll reached 33 overnight as air strikes hit the city. "
        "The Security Council met on Sunday over the air strikes, with Britain and France demanding an end."
    )
    assert {p.country for r in _reports(text, gazetteer) for p in r.places} == {"Afghanistan"}


@pytest.mark.parametrize("row", [_case(row) for row in _rows("report_homes")])
def test_where_a_short_summary_plays(row: dict[str, str], gazetteer: Gazetteer) -> None:
    article = Article("a", "", row["text"], row["source"], "", date(2021, 6, 9))
    first = next(iter(extract(article, gazetteer).reports))
    place = first.places[0] if first.places else None
    assert (place.iso3 if place else "", place.admin1 if place else "") == (row["iso3"], row["admin1"])
    assert first.event_type == row["event_type"]
