"""The page Refresh as stories: what an analyst puts in, what is shown before, and what came of it."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest
from toy_store import settings_in, toy_extract

import pipeline
from dashboard import intake_panel, loading, preview_panel
from pipeline import Settings, list_runs, load_snapshot

PAGE = "from dashboard.refresh_panel import show_refresh\nshow_refresh()"
TEXT = "2021-05-02 Bree 3\n2021-05-01 Combe 2"


@pytest.fixture
def store(tmp_path: Path, toy: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty store over the toy extractor; the page reads with it too."""
    settings = settings_in(tmp_path, data_dir=tmp_path / "data")
    monkeypatch.setattr(pipeline, "Settings", SimpleNamespace(from_env=lambda: settings), raising=False)
    monkeypatch.setattr(pipeline, "extract", toy_extract)
    monkeypatch.setattr(pipeline, "load_gazetteer", lambda settings: None)
    preview_panel.read.clear()
    intake_panel._preview.clear()
    return settings


def open_page(way: str = "Files") -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    if way != "Files":
        page.segmented_control(key="way").set_value(way).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(t.value for t in page.text)


def test_a_pasted_text_is_shown_as_read_before_it_is_taken_in(store: Settings) -> None:
    page = open_page("Paste a text")
    page.text_area(key="pasted_0").set_value(TEXT).run()
    assert "Articles: 1; with a doubtful day: 0, without a day: 0" in said(page)  # it prints a day at its head
    assert list(page.dataframe[0].value["Killed"]) == ["3", "2"]
    assert load_snapshot(store) is None
    page.text_input(key="pasted_source").set_value("Prancing Post").run()
    page.button(key="take_in").click().run()
    assert "1 new, 0 changed" in page.success[0].value
    snapshot = load_snapshot(store)
    assert list(snapshot.articles["source"]) == ["Prancing Post"] and len(snapshot.events) == 2
    assert page.text_area(key="pasted_1").value == ""


def test_columns_are_found_shown_and_changed(store: Settings) -> None:
    table = "nr,Meldung,date\n1,2021-05-02 Bree 3,2021-05-03\n2,,2021-05-04\n"
    page = open_page()
    page.file_uploader(key="files_0").set_value(("news.csv", table.encode(), "text/csv")).run()
    assert "no column with the text among nr, Meldung, date" in said(page)
    assert page.selectbox(key="col_0_0_published").value == "date"
    page.selectbox(key="col_0_0_text").set_value("Meldung").run()
    assert "Articles: 1;" in said(page) and "news.csv row 3: no text" in said(page)
    page.button(key="take_in").click().run()
    assert "1 new, 0 changed, 0 already known, 1 refused" in page.success[0].value
    assert "news.csv row 3: no text" in said(page)
    assert load_snapshot(store).articles["published"].dt.strftime("%Y-%m-%d").tolist() == ["2021-05-03"]


def test_a_doubtful_day_is_told_before_and_after(store: Settings) -> None:
    page = open_page()
    late = '{"text": "2021-05-20 Bree 3", "published": "2021-05-03"}'
    page.file_uploader(key="files_0").set_value(("a.jsonl", late.encode(), "application/json")).run()
    assert "with a doubtful day: 1" in said(page)
    page.button(key="take_in").click().run()
    assert "says 2021-05-03, which is earlier" in said(page)


def test_a_run_is_opened_and_the_last_refresh_taken_back(store: Settings) -> None:
    page = open_page("Paste a text")
    page.text_area(key="pasted_0").set_value(TEXT).run()
    page.button(key="take_in").click().run()
    page.selectbox(key="run").set_value(1).run()
    changes = page.dataframe[-1].value
    assert list(changes["what"]) == ["new", "new"]
    assert page.button(key="undo").label == "Take back run 1"
    page.checkbox(key="sure").check().run()
    page.button(key="undo").click().run()
    assert not page.exception and "undo" not in {b.key for b in page.button} and load_snapshot(store).events.empty
    assert list(list_runs(store)["action"]) == ["undo", "refresh"]


def test_feeds_are_listed_and_asked_only_when_the_button_is_pressed(
    store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def take_in_feeds(urls: list[str], *_: object, **__: object) -> tuple[int, list[str]]:
        asked.extend(urls)
        return 0, ["https://a.example/rss: the server answers 404"]

    monkeypatch.setattr(pipeline, "take_in_feeds", take_in_feeds)
    page = open_page("Feeds")
    assert "Nothing is fetched from anywhere" in said(page)
    page.text_input(key="feed_url").set_value("https://a.example/rss").run()
    page.button(key="feed_add").click().run()
    assert list(page.dataframe[0].value["Feed"]) == ["https://a.example/rss"] and asked == []
    page.button(key="take_in").click().run()
    assert asked == ["https://a.example/rss"] and "the server answers 404" in said(page)
    page.selectbox(key="feed_gone").set_value("https://a.example/rss").run()
    page.button(key="feed_remove").click().run()
    assert "No feed is on the list" in said(page)


def test_a_damaged_table_is_made_again_with_a_click(store: Settings) -> None:
    page = open_page("Paste a text")
    page.text_area(key="pasted_0").set_value(TEXT).run()
    page.button(key="take_in").click().run()
    token = (store.store_dir / "CURRENT").read_text().strip()
    (store.store_dir / "snapshots" / token / "events.parquet").write_bytes(b"damaged")
    loading._open.clear()
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    assert "cannot be read" in page.error[0].value and "damaged" in said(page)
    page.button(key="repair").click().run()
    assert not page.error and len(load_snapshot(store).events) == 2
