"""The article's own day where metadata lacks it."""

from datetime import date

import pytest

from pipeline.datelines import find_dct
from pipeline.models import Article

HEADS = [
    ("Published August 6 2016 Two shells hit the old town.", "2016-08-06"),
    ("Last updated at Apr 152017 GENEVA Talks went on.", "2017-04-15"),
    ("Date of publication 30 June 2016 A car bomb went off.", "2016-06-30"),
    ("Wed 05 Apr 2017 Jets struck a village.", "2017-04-05"),
    ("29 March، 2024 Two were hurt.", "2024-03-29"),
    ("04-11-2016 Rockets fell. Nobody was hurt.", "2016-11-04"),
    ("21.08.2013Get short URL Troops moved in.", "2013-08-21"),
    ("2018-09-12 Troops moved in.", "2018-09-12"),
    ("Mon Jun 20 2016 Rebels took a hill.", "2016-06-20"),
    ("Updated: 3 May 2018. Published: 2 May 2018. Rebels took a hill.", "2018-05-02"),
    ("Rebels took a hill, monitor says AFP Tuesday 23 Sep 2014 Rebels took a hill.", "2014-09-23"),
    ("Rebels took a hill on 3 May 2014 and lost it on Friday.", ""),
    ("Rebels took a hill on Friday.", ""),
    ("He may march in May with 2016 men.", ""),
    ("ADEN, Yemen, Sept 12 (Newswire) - A mine blew up.", ""),
    ("ADEN, Yemen, Sept 12 (Newswire) - A mine blew up. Copyright 2018 Newswire", "2018-09-12"),
    ("31/02/2018 A mine blew up.", ""),
]


def article(text: str, url: str = "", published: date | None = None) -> Article:
    return Article("a", "", text, "", url, published)


@pytest.mark.parametrize(("text", "day"), HEADS)
def test_day_from_the_head(text, day):
    found, reason = find_dct(article(text))
    assert str(found or "") == day
    assert reason


def test_metadata_goes_first():
    found, _ = find_dct(article("Published August 6 2016 Shells fell.", published=date(2016, 8, 7)))
    assert found == date(2016, 8, 7)


def test_day_in_the_address():
    assert find_dct(article("Shells fell.", "https://paper.example/world/2018/09/12/shells"))[0] == date(2018, 9, 12)
    assert find_dct(article("ADEN, Sept 9 (Wire) - Shells.", "https://p.example/2018/x"))[0] == date(2018, 9, 9)
