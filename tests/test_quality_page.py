"""The page Quality: shares, publishers, articles without an event, refused files, a name added with a click."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sample_tables import archive_of, sample_archive, sample_snapshot
from streamlit.testing.v1 import AppTest
from toy_store import NOW, put, row, settings_in

import pipeline
from dashboard import gazetteer_panel
from dashboard.quality_page import publisher_table, quality_table, refused_files, with_shares, without_event
from pipeline import Settings, list_runs, load_snapshot, refresh

PAGE = "from dashboard.quality_page import show_quality\nshow_quality()"
PLACE = {"place": "Bree", "admin1": "", "country": "Arnor", "latitude": "10.5", "longitude": "20.5"}


@pytest.fixture
def store(tmp_path: Path, toy: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settings_in(tmp_path)
    put(settings, "day", [row("a", "2021-05-02 Bree 20", published="2021-05-04"),
                          row("b", "", published="2021-05-04")])  # fmt: skip
    refresh(settings, now=NOW)
    monkeypatch.setattr(pipeline, "Settings", SimpleNamespace(from_env=lambda: settings), raising=False)
    return settings


def test_shares_say_the_number_and_the_part() -> None:
    rows = quality_table(sample_archive()).set_index("Kind")
    shares = with_shares(rows.reset_index()).set_index("Kind")
    events, alone = rows.loc["incident", ["Events", "One publisher"]]
    assert shares.loc["incident", "One publisher"] == f"{alone} ({alone / events:.0%})"
    assert (rows["One publisher"] + rows["Several publishers"] == rows["Events"]).all()


def test_articles_without_an_event_are_named_and_those_left_out_are_not() -> None:
    snapshot = sample_snapshot()
    told = snapshot.reports["article_id"] != "karm-0"
    left = archive_of(reports=snapshot.reports[told].reset_index(drop=True))
    assert [left.files.rows("articles", without_event(left))["article_id"].tolist()] == [["karm-0"]]
    out = archive_of(articles=snapshot.articles.assign(withdrawn=True), reports=snapshot.reports[:0])
    assert not len(without_event(out))


def test_publishers_are_told_with_what_they_alone_tell() -> None:
    snapshot = sample_snapshot()
    table = publisher_table(sample_archive()).set_index("Publisher")
    assert list(table.index) == ["Arnor Herald", "Rhun Wire"]
    for publisher, cells in table.iterrows():
        own = snapshot.reports[snapshot.reports["source"] == publisher]
        others = snapshot.reports[snapshot.reports["source"] != publisher]
        alone = {*own["event_id"]} - {*others["event_id"]}
        assert cells.tolist() == [len(own), own["article_id"].nunique(), own["event_id"].nunique(), len(alone)]
    nothing = publisher_table(archive_of(reports=snapshot.reports[:0]))
    assert nothing.empty


def test_refused_files_are_told_once(store: Settings) -> None:
    refresh(store, now=NOW)
    [refused] = refused_files(list_runs(store))["Refused"]
    assert refused.startswith("day.jsonl line 2: no text")


def test_a_name_is_given_a_point_and_the_articles_are_read_again(
    store: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[tuple[object, ...]] = []

    def add_place(settings: Settings, *cells: object) -> SimpleNamespace:
        added.append(cells)
        return SimpleNamespace(refused=())

    name = SimpleNamespace(name="Dolgrad", articles={"a"}, stands_at="", country="Arnor", example="Shells fell on it.")
    choice = SimpleNamespace(label="Bree, Arnor", cells=tuple(PLACE.items()))
    monkeypatch.setattr(pipeline, "unresolved_names", lambda *_: [name])
    monkeypatch.setattr(pipeline, "places_named", lambda _, spelt, country: [choice] if spelt == "Bree" else [])
    monkeypatch.setattr(pipeline, "add_place", add_place)
    gazetteer_panel._names.clear()
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    assert any("day.jsonl line 2: no text" in str(d.value) for d in page.dataframe)
    page.toggle(key="q_look").set_value(True).run()
    page.selectbox(key="q_name").set_value("Dolgrad").run()
    assert page.button(key="q_add").disabled
    page.text_input(key="q_spelt_Dolgrad").set_value("Bree").run()
    page.button(key="q_add").click().run()
    assert added == [("Dolgrad", 10.5, 20.5, "Arnor", "")]
    runs = len(list_runs(store))
    page.button(key="q_refresh").click().run()
    assert not page.exception and len(list_runs(store)) == runs + 1
    assert len(load_snapshot(store).events) == 1


def test_the_scores_of_this_version_are_shown(store: Settings) -> None:
    page = AppTest.from_string(PAGE, default_timeout=30).run()
    scores = page.dataframe[-1].value
    assert list(scores.columns) == ["set", "measure", "result"] and len(scores) > 5
