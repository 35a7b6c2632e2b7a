"""Whole small articles: what is told twice is one report, a plan is none, a part knows its total."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.models import Article, DateBasis, Kind, Report
from pipeline.settings import Settings


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


def test_an_arrest_is_reported(gazetteer: Gazetteer) -> None:
    (report,) = _reports("Police arrested two men with explosives in Kandahar on Monday.", gazetteer)
    assert (report.event_type, report.sub_event_type) == ("Strategic developments", "Arrests")
