"""A place and the region that its sentence puts it into."""

from datetime import date

import pytest

from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.models import Article
from pipeline.settings import Settings


@pytest.mark.parametrize(
    ("sentence", "admin1"),
    [
        ("Two farmers were killed at Rampur village in Sitapur District on Monday.", "Uttar Pradesh"),
        ("A guard was shot dead in Victoria, a village of Kasese District.", "Western Region"),
        ("Shells hit Douma in Rif Dimashq province on Monday, killing three people.", "Rif Dimashq"),
        ("Gunmen killed four people in Gwoza, Borno state, on Monday.", "Borno"),
    ],
)
def test_the_region_named_after_a_place_decides_between_namesakes(sentence, admin1):
    article = Article("a", "", sentence, "desk", "", date(2018, 9, 12))
    report = extract(article, load_gazetteer(Settings())).reports[0]
    assert report.places[0].admin1 == admin1


@pytest.mark.parametrize(
    ("sentence", "name", "admin1", "precision"),
    [
        ("Three men were killed in Qanbura in Luhansk region on Monday.", "Qanbura", "Luhansk", "admin1"),
        ("Three men were killed in the Chelsea neighbourhood of Baghdad.", "Chelsea", "Baghdad", "area"),
        ("Three men were killed in Pont-Halvar in Haiti's Artibonite region.", "Pont-Halvar", "Artibonite", "admin1"),
    ],
)
def test_a_name_nobody_lists_is_kept_at_the_level_that_is_sure(sentence, name, admin1, precision):
    article = Article("a", "", sentence, "desk", "", date(2018, 9, 12))
    place = extract(article, load_gazetteer(Settings())).reports[0].places[0]
    assert (place.name, place.admin1, str(place.geo_precision)) == (name, admin1, precision)


def test_the_place_told_next_is_taken_where_the_sentence_has_only_the_country():
    text = "A car bomb killed 12 people in the south of Syria on Thursday. The bomb went off in Inkhil in Daraa province."
    article = Article("a", "", text, "desk", "", date(2018, 9, 14))
    report = extract(article, load_gazetteer(Settings())).reports[0]
    assert (report.killed.best, report.places[0].admin1) == (12, "Daraa")
