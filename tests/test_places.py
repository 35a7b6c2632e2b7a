"""Places against tests/gold/places.csv: text, span, country, region, precision, role; "-": no place at all."""

import csv
from pathlib import Path

import pytest

from pipeline.documents import prepare_document
from pipeline.gazetteer import load_gazetteer
from pipeline.mentions.place_homes import publisher_home
from pipeline.mentions.places import find_places
from pipeline.models import Article, PlaceMention
from pipeline.settings import Settings

GOLD = list(csv.DictReader((Path(__file__).parent / "gold" / "places.csv").open(encoding="utf-8", newline="")))


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer(Settings())


def read(text: str, gazetteer, *, title: str = "", source: str = "") -> list[PlaceMention]:
    return find_places(prepare_document(Article("a", title, text, source, "", None)), gazetteer)


def over(found: list[PlaceMention], text: str, span: str) -> PlaceMention | None:
    at = text.index(span)
    return next((m for m in found if m.start_char < at + len(span) and at < m.end_char), None)


def cases() -> list:
    return [
        pytest.param(row, id=row["text"][:60], marks=[pytest.mark.xfail(strict=True)] if row["known_gap"] else [])
        for row in GOLD
    ]


@pytest.mark.parametrize("row", cases())
def test_gold_row(row, gazetteer):
    found = over(read(row["text"], gazetteer), row["text"], row["span"])
    if row["iso3"] == "-":
        assert found is None
        return
    assert found is not None and found.place is not None, "not found"
    assert found.place.iso3 == row["iso3"], found
    for said, meant in ((found.place.admin1, row["admin1"]), (str(found.place.geo_precision), row["precision"]),
                        (found.role, row["role"])):  # fmt: skip
        assert said == meant or not meant, found


def test_there_are_two_hundred_rows():
    assert len(GOLD) >= 200
    assert len({row["text"] + row["span"] for row in GOLD}) == len(GOLD)


def test_spans_are_the_text_and_the_order_is_that_of_the_text(gazetteer):
    text = " ".join(row["text"] for row in GOLD)
    found = read(text, gazetteer)
    assert len(found) > 150
    assert all(text[m.start_char : m.end_char] == m.text for m in found)
    assert [m.start_char for m in found] == sorted(m.start_char for m in found)
    assert found == read(text, gazetteer)


def test_distance_and_direction_move_the_point(gazetteer):
    [at] = [m for m in read("A mine went off 40 km north of Mosul.", gazetteer) if m.text == "Mosul"]
    [town] = [m for m in read("A mine went off in Mosul.", gazetteer) if m.text == "Mosul"]
    assert at.place.latitude - town.place.latitude == pytest.approx(40 / 111.2, abs=0.01)
    assert at.place.longitude == pytest.approx(town.place.longitude, abs=0.001)


def test_miles_are_not_kilometres(gazetteer):
    [at] = [m for m in read("A mine went off 10 miles east of Mosul.", gazetteer) if m.text == "Mosul"]
    [town] = [m for m in read("A mine went off in Mosul.", gazetteer) if m.text == "Mosul"]
    assert at.place.longitude - town.place.longitude == pytest.approx(16.09 / 111.2 / 0.806, abs=0.01)


def test_an_unlisted_village_takes_its_regions_point_and_keeps_its_name(gazetteer):
    found = read("Soldiers burned Qwerzah village in Hama province in Syria.", gazetteer)
    village = next(m for m in found if m.text == "Qwerzah")
    province = next(m for m in found if m.text == "Hama")
    assert village.place.name == "Qwerzah"
    assert (village.place.latitude, village.place.longitude) == (province.place.latitude, province.place.longitude)
    assert village.place.geo_precision != "place"


def test_the_publishers_country_settles_a_name_of_two_countries(gazetteer):
    text = "A man was hurt in Hamilton on Friday, police said."
    assert read(text, gazetteer, source="news.example.ca")[0].place.country == "Canada"
    assert read(text, gazetteer, source="news.example.nz")[0].place.country == "New Zealand"


def test_a_place_in_capitals_is_read(gazetteer):
    found = read("Nobody was hurt.", gazetteer, title="SHELLS FALL ON ALEPPO IN SYRIA")
    assert {m.place.name for m in found} >= {"Aleppo", "Syria"}


def test_several_places_of_one_toll_stay_several(gazetteer):
    found = read("Strikes in Douma, Harasta and Daraya in Syria killed 22.", gazetteer)
    assert [m.text for m in found][:3] == ["Douma", "Harasta", "Daraya"]


def test_a_small_town_far_from_all_else_is_a_quarter_at_home(gazetteer):
    text = "Three people were shot in Kharkiv. A man died in Dover, a quarter of the city, Kharkiv police said."
    [quarter] = [m for m in read(text, gazetteer) if m.text == "Dover"]
    assert quarter.place.name == "Dover"
    assert (quarter.place.admin1, quarter.place.iso3) == ("Kharkiv", "UKR")
    assert quarter.place.geo_precision == "area"


def test_a_far_town_stays_where_its_country_is_named(gazetteer):
    text = "Three people were shot in Kharkiv on Friday. A man was also shot in Bradford in England."
    [town] = [m for m in read(text, gazetteer) if m.text == "Bradford"]
    assert town.place.iso3 == "GBR"


def test_a_group_tells_the_country_of_a_name_that_many_countries_have(gazetteer):
    text = "{} fighters killed two traders in Damboa on Friday."
    found = read(text.format("Boko Haram"), gazetteer)
    assert [(m.text, m.place.iso3, m.place.admin1) for m in found] == [("Damboa", "NGA", "Borno")]


def test_a_paper_named_after_a_town_stands_for_its_region(gazetteer):
    text = "A man was hurt in Springfield on Friday, police said."
    assert read(text, gazetteer, source="columbusledger.example.com")[0].place.iso3 == "USA"
    assert read(text, gazetteer, source="fox9eugene.com")[0].place.admin1 == "Oregon"


@pytest.mark.parametrize(
    ("title", "admin1"),
    [
        ("Man hurt in Madison - wxqz.com - Columbus, GA News", "Georgia"),
        ("Man hurt in Madison | WXQZ.com | Columbus, Ohio", "Ohio"),
        ("Columbus man hurt in Madison - WXQZ.com", "Wisconsin"),
    ],
)
def test_a_sites_name_behind_the_headline_tells_its_town(title, admin1, gazetteer):
    document = prepare_document(Article("a", title, "A man was hurt on Friday.", "wxqz.com", "", None))
    country, town = publisher_home(document, gazetteer)
    assert country == "US"
    assert (town.admin1 if town else "Wisconsin") == admin1
