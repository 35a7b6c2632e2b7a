"""Choices narrow the table, and a link restores them."""

from datetime import date

import pytest
from sample_tables import sample_archive

from dashboard.filters import Filters, from_query, matching, to_query

ARCHIVE = sample_archive()
ALL = set(ARCHIVE.events["event_id"])

CASES = [
    ("nothing chosen", Filters(), ALL),
    ("a period holds what overlaps it", Filters(since=date(2021, 3, 12)), {"south-week", "claim"}),
    ("a period hides the undated", Filters(until=date(2021, 3, 31)), ALL - {"rhun-undated"}),
    ("kind", Filters(kind=("cumulative",)), {"claim"}),
    ("type and country", Filters(type=("Battles",), country=("Arnor",)), {"karm"}),
    ("a place of several", Filters(place=("Dol",)), {"dol-total", "dol-part", "claim"}),
    ("region", Filters(admin1=("South",)), {"dol-total", "dol-part", "south-week", "claim"}),
    ("killed at least counts the best", Filters(killed=16), {"karm-2", "dol-total", "dol-part", "claim"}),
    ("not stated is not zero", Filters(injured=0), {"karm", "claim"}),
    ("disputed", Filters(disputed=True), {"karm-2"}),
    ("exact day", Filters(exact_day=True), {"karm", "karm-2", "dol-total", "dol-part"}),
    ("exact place", Filters(exact_place=True, kind=("incident",)), {"karm", "karm-2"}),
    ("no point for a country or for several places", Filters(unplaced=True), {"rhun-undated", "claim"}),
    ("actor whatever its role", Filters(actor=("rangers",)), {"karm"}),
    ("actor without role", Filters(actor=("Rhun",)), {"talks"}),
    ("publisher", Filters(publisher=("Rhun Wire",)), {"karm-2", "rhun-undated", "talks"}),
    ("status", Filters(status=("confirmed",)), {"south-week"}),
    ("words, whatever their case", Filters(words="herald KARM"), {"karm-2"}),
    ("words are not patterns", Filters(words="(.*"), set()),
    ("near", Filters(near=(36.0, 37.0, 10.0)), {"karm", "karm-2"}),
    ("box", Filters(box=(37.2, 34.0, 38.0, 35.5)), {"dol-total", "dol-part", "south-week"}),
    ("lasso", Filters(lasso=(36.9, 36.1, 37.1, 36.1, 37.7, 34.9, 36.9, 34.9)), {"karm", "karm-2", "dol-total", "dol-part"}),
    ("brush", Filters(brush=(date(2021, 3, 10), date(2021, 3, 10))), {"talks", "south-week", "claim"}),
    ("changed since", Filters(changed=date(2021, 3, 16)), set()),
]


@pytest.mark.parametrize(("filters", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_filters_leave_exactly(filters: Filters, expected: set[str]) -> None:
    assert set(ARCHIVE.events["event_id"][matching(ARCHIVE, filters)]) == expected


@pytest.mark.parametrize("filters", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_a_link_restores_every_choice(filters: Filters) -> None:
    query = {k: v if isinstance(v, list) else [v] for k, v in to_query(filters).items()}
    assert from_query(query) == (filters, [])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "yesterday"), ("since", "2021-13-01"), ("killed", "-1"), ("killed", "1e9"), ("killed", "٣"),
        ("disputed", "yes"), ("brush", "2021-03-02,2021-03-01"), ("brush", "2021-03-02"), ("box", "1,2,3"),
        ("box", "nan,nan,nan,nan"), ("near", "91,0,5"), ("near", "0,0,0"), ("near", "inf,0,1"),
        ("lasso", "1,2,3,4"), ("lasso", "1,2,3,4,5"), ("lasso", "1,2,3,4,5,91"),
    ],
)  # fmt: skip
def test_a_broken_choice_is_left_out_and_named(name: str, value: str) -> None:
    filters, problems = from_query({name: [value], "country": ["Arnor"]})
    assert filters == Filters(country=("Arnor",))
    assert problems == [f"{name}={value}"]


def test_filtering_leaves_the_table_alone() -> None:
    before = ARCHIVE.events.copy()
    matching(ARCHIVE, Filters(killed=3, words="karm"))
    assert before.equals(ARCHIVE.events)


def test_whole_numbers_stand_whole_in_a_link() -> None:
    assert to_query(Filters(box=(36.0, 34.0, 38.5, 36.25)))["box"] == "36,34,38.5,36.25"
