"""The page of one article: every mention marked by kind, the reports, and what can be corrected there."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from toy_store import NOW, put, row, settings_in, toy_extract

import pipeline
from dashboard import article_page, preview_panel
from dashboard.marked_text import counts_for_events, mention_table, report_rows, text_html
from pipeline import Settings, load_snapshot, refresh
from pipeline.documents import prepare_document
from pipeline.models import (
    Article,
    Count,
    CountMention,
    DateBasis,
    DateMention,
    Extraction,
    Field,
    GeoPrecision,
    Harm,
    Mentions,
    Place,
    PlaceMention,
    TimePrecision,
    ViolenceMention,
)

PAGE = "from dashboard.article_page import show_article\nshow_article()"
TEXT = "Shells <b>killed</b> three in Karm on Friday; Dol fears ten more dead."
KARM = Place("Karm", "North", "Arnor", "ARN", 36.0, 37.0, GeoPrecision.PLACE)


def at(words: str) -> tuple[Field, int, int, str, int]:
    """Where the words stand."""
    start = TEXT.index(words)
    return Field.TEXT, start, start + len(words), words, 0


def extraction() -> Extraction:
    """One mention of each kind, two of them not asserted or unresolved."""
    friday = date(2021, 3, 5)
    mentions = Mentions(
        (DateMention(*at("on Friday"), friday, friday, TimePrecision.DAY, DateBasis.RELATIVE, "event", "latest Friday"),),
        (PlaceMention(*at("Karm"), KARM, "location", "one of this name"),
         PlaceMention(*at("Dol"), None, "location", "not in the gazetteer")),
        (CountMention(*at("three"), Harm.KILLED, Count(3, 3, 3), "total", "", None, True, "N"),
         CountMention(*at("ten more"), Harm.KILLED, Count(10, 10, 10), "total", "", None, False, "a fear")),
        (ViolenceMention(*at("Shells"), "Explosions/Remote violence", "Shelling/artillery/missile attack", True, "row"),),
    )  # fmt: skip
    return Extraction(prepare_document(Article("a", "About Karm", TEXT, "", "", friday)), mentions, ())


def test_every_mention_is_marked_by_its_kind_and_the_text_is_never_markup() -> None:
    shown = text_html(extraction())
    assert "&lt;b&gt;killed&lt;/b&gt;" in shown and "<b>" not in shown
    assert '<mark class="date" title="2021-03-05 — latest Friday">on Friday</mark>' in shown
    assert '<mark class="killed" title="killed 3 — N">three</mark>' in shown
    assert '<mark class="violence"' in shown and '<mark class="place" title="Karm, North, Arnor' in shown
    assert '<mark class="killed not"' in shown and '<mark class="place not" title="no known place' in shown


def test_the_table_tells_each_mention_and_why() -> None:
    table = mention_table(extraction())
    assert list(table["Words"]) == ["Shells", "three", "Karm", "on Friday", "Dol", "ten more"]
    assert list(table["Gives a value"]) == [True, True, True, True, False, False]
    assert report_rows(extraction()).empty and all(map(counts_for_events, extraction().mentions.violence))


@pytest.fixture
def store(tmp_path: Path, toy: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settings_in(tmp_path)
    put(settings, "day", [row("a", "2021-05-02 Bree 20\n2021-05-03 Dale 4", published="2021-05-04")])
    refresh(settings, now=NOW)
    monkeypatch.setattr(pipeline, "Settings", SimpleNamespace(from_env=lambda: settings), raising=False)
    monkeypatch.setattr(pipeline, "extract", toy_extract)
    monkeypatch.setattr(pipeline, "load_gazetteer", lambda settings: None)
    preview_panel.read.clear()
    return settings


def test_an_article_too_old_for_the_list_opens_by_its_link(store: Settings, monkeypatch) -> None:
    put(store, "older", [row("old", "2020-05-02 Bree 1", published="2020-05-04")])
    refresh(store, now=NOW)
    monkeypatch.setattr(article_page, "MOST_NAMED", 1)
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    assert [option.split(" ")[0] for option in page.selectbox(key="article").options] == ["2021-05-04"]
    other = AppTest.from_string(PAGE, default_timeout=30)
    other.query_params["article"] = "old"
    other.run()
    assert not other.exception and other.selectbox(key="article").value == "old"
    assert other.radio(key="a_report").options


def test_a_wrong_reading_is_corrected_where_it_is_read(store: Settings) -> None:
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    reports = page.radio(key="a_report")
    assert len(reports.options) == 2
    reports.set_value("a#19").run()
    event_id = load_snapshot(store).events.set_index("place").loc["Dale", "event_id"]
    page.selectbox(key=f"c_action_{event_id}").set_value("set").run()
    page.number_input(key=f"c_{event_id}_fatalities_best").set_value(5).run()
    page.number_input(key=f"c_{event_id}_fatalities_high").set_value(5).run()
    page.text_input(key=f"c_{event_id}_who").set_value("Rosie").run()
    page.text_input(key=f"c_why_{event_id}").set_value("misread").run()
    page.button(key=f"c_keep_{event_id}").click().run()
    assert not page.exception
    dale = load_snapshot(store).events.set_index("place").loc["Dale"]
    assert (dale["fatalities_low"], dale["fatalities_best"], dale["status"]) == (4, 5, "corrected")
    page.selectbox(key=f"c_action_{event_id}").set_value("undo").run()
    assert "fatalities_high" in page.selectbox(key=f"c_made_{event_id}").options[0]  # the last first


def test_a_report_is_moved_to_another_event_and_moved_back(store: Settings) -> None:
    put(store, "more", [row("b", "2021-05-02 Bree 20", source="s", published="2021-05-04")])
    refresh(store, now=NOW)

    def keep(event_id: str, action: str, **chosen: str) -> None:
        page = AppTest.from_string(PAGE, default_timeout=30).run()
        page.selectbox(key="article").set_value("a").run()
        page.radio(key="a_report").set_value("a#0" if event_id == bree else "a#19").run()
        page.selectbox(key=f"c_action_{event_id}").set_value(action).run()
        for name, value in chosen.items():
            page.selectbox(key=f"c_{name}_{event_id}").set_value(value).run()
        page.text_input(key=f"c_{event_id}_who").set_value("Rosie").run()
        page.text_input(key=f"c_why_{event_id}").set_value("I was there").run()
        page.button(key=f"c_keep_{event_id}").click().run()
        assert not page.exception

    def event_of() -> dict[str, str]:
        return dict(load_snapshot(store).reports.set_index("report_id")["event_id"])

    before = event_of()
    bree, dale = before["a#0"], before["a#19"]
    assert before["b#0"] == bree
    keep(bree, "move", report="b#0", other=dale)
    assert event_of()["b#0"] == dale != bree
    keep(dale, "undo", made="1")
    assert event_of() == before


def test_an_article_is_left_out_and_counts_again(store: Settings) -> None:
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    page.text_input(key="a_why").set_value("a hoax").run()
    page.button(key="a_withdraw").click().run()
    assert not page.exception and load_snapshot(store).events.empty
    assert "left out" in page.selectbox(key="article").options[0]
    page.text_input(key="a_why").set_value("no hoax").run()
    page.button(key="a_withdraw").click().run()
    assert len(load_snapshot(store).events) == 2
