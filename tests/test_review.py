"""The review queue as a function, and the page as stories over a small real store."""

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from sample_tables import sample_snapshot
from streamlit.testing.v1 import AppTest
from toy_store import NOW, put, row, settings_in

import pipeline
from dashboard.review_page import nearest
from dashboard.review_queue import build_queue
from pipeline import Settings, load_snapshot, refresh

PAGE = "from dashboard.review_page import show_review\nshow_review()"


def test_the_queue_asks_what_deserves_an_eye_the_most_dead_first() -> None:
    snapshot = sample_snapshot()
    queue = build_queue(snapshot)
    doubts = {case.event_id: case.doubts for case in queue}
    events = snapshot.events.set_index("event_id")
    assert [case.stake for case in queue] == sorted((case.stake for case in queue), reverse=True)
    claims = {case.stake for case in queue if events.loc[case.event_id, "kind"] == "cumulative"}
    assert claims == {0}  # in no sum: what counts is asked first
    for event_id, event in events.iterrows():
        told = doubts.get(event_id, ())
        assert ("disputed" in told) == (event["disputed"] is True)
        if event["kind"] != "diplomatic":
            assert ("day" in told) == (event["date_basis"] in ("published", "none"))
            assert ("place" in told) == (event["geo_precision"] in ("country", "none"))
    assert {"disputed", "day", "place"} <= {d for told in doubts.values() for d in told}


def test_what_was_decided_is_not_asked_again_and_kinds_can_be_left_out() -> None:
    snapshot = sample_snapshot()
    case = build_queue(snapshot)[0]
    decided = snapshot.events.copy()
    decided.loc[decided["event_id"] == case.event_id, "status"] = "confirmed"
    left = build_queue(SimpleNamespace(events=decided, reports=snapshot.reports))
    assert case.event_id not in {c.event_id for c in left}
    assert {d for c in build_queue(snapshot, ["day"]) for d in c.doubts} == {"day"}
    assert build_queue(snapshot, []) == []


def test_near_misses_are_asked_as_a_pair() -> None:
    snapshot = sample_snapshot()
    one, other = snapshot.events["event_id"][:2]
    miss = {"event_id": one, "other_event_id": other, "why": "same day; same place"}
    pairs = SimpleNamespace(events=snapshot.events, reports=snapshot.reports, near_misses=pd.DataFrame([miss]))
    [case] = build_queue(pairs, ["pair"])
    assert (case.event_id, case.other_id) == (one, other) and "same day" in case.words[0]


def test_a_number_that_is_only_a_word_is_asked_about() -> None:
    snapshot = sample_snapshot()
    reports = snapshot.reports.copy()
    first = reports["event_id"] == reports["event_id"][0]
    reports.loc[first, "reasons"] = "fatalities_best: killed: dozens (vague)"
    asked = SimpleNamespace(events=snapshot.events, reports=reports)
    assert [c.event_id for c in build_queue(asked, ["vague"])] == [reports["event_id"][0]]
    reports.loc[reports.index[first][0], "reasons"] = "fatalities_best: killed: a number"
    assert reports[first].shape[0] > 1 or build_queue(asked, ["vague"]) == []


def test_a_relative_day_that_counts_from_a_doubtful_one_is_asked_about() -> None:
    snapshot = sample_snapshot()
    snapshot.events["date_basis"] = "relative"
    relative = snapshot.events.loc[snapshot.events["status"] == "machine", "event_id"].iloc[0]
    article = snapshot.reports.set_index("event_id").loc[[relative], "article_id"].iloc[0]
    reasons = snapshot.articles["article_id"].map(lambda a: "the record; but the day is another" if a == article else "")
    doubtful = SimpleNamespace(events=snapshot.events, reports=snapshot.reports,
                               articles=snapshot.articles.assign(published_reason=reasons))  # fmt: skip
    [case] = build_queue(doubtful, ["record"])
    assert case.event_id == relative and "the day is another" in case.words[0] and case.subject == "Day"


def test_others_nearest_in_country_and_day_come_first() -> None:
    events = sample_snapshot().events
    event = events[events["date_start"].notna()].iloc[0]
    others = nearest(events, event)
    assert event["event_id"] not in set(others["event_id"])
    assert (others["kind"] == event["kind"]).all()


@pytest.fixture
def store(tmp_path: Path, toy: None, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Three events of twenty, twelve and eleven killed, each told by one publisher."""
    settings = settings_in(tmp_path)
    put(settings, "day", [row("a", "2031-05-02 Bree 20"), row("b", "2031-05-02 Dale 12"),
                          row("c", "2031-05-03 Combe 11")])  # fmt: skip
    refresh(settings, now=NOW)
    monkeypatch.setattr(pipeline, "Settings", SimpleNamespace(from_env=lambda: settings), raising=False)
    return settings


def events_of(settings: Settings) -> pd.DataFrame:
    return load_snapshot(settings).events.set_index("place")


def open_page() -> AppTest:
    page = AppTest.from_string(PAGE, default_timeout=20).run()
    page.text_input(key="r_who").set_value("Rosie").run()
    return page


def test_confirm_skip_and_reject_go_on_to_the_next_case(store: Settings) -> None:
    page = open_page()
    assert "1 of 3" in page.get("progress")[0].proto.text and "Killed 20" in page.text[0].value
    page.button(key="r_confirm").click().run()
    assert events_of(store).loc["Bree", "status"] == "confirmed"
    assert "2 of 3 · decided 1, skipped 0" in page.get("progress")[0].proto.text and "Killed 12" in page.text[0].value
    page.button(key="r_skip").click().run()
    assert "3 of 3 · decided 1, skipped 1" in page.get("progress")[0].proto.text
    page.button(key="r_reject").click().run()
    assert "why" in page.warning[0].value and events_of(store).loc["Combe", "status"] == "machine"
    page.selectbox[0].set_value("Not violence, not talks").run()
    page.button(key="r_reject").click().run()
    assert events_of(store).loc["Combe", "status"] == "rejected"
    page.button(key="r_again").click().run()
    assert "Killed 12" in page.text[0].value and not page.exception


def test_a_correction_is_kept_with_name_and_reason_and_seen_at_once(store: Settings) -> None:
    page = open_page()
    page.button(key="r_correct").click().run()
    event_id = events_of(store).loc["Bree", "event_id"]
    page.number_input(key=f"r_{event_id}_fatalities_low").set_value(15).run()
    page.selectbox[0].set_value("The article says otherwise").run()
    page.button(key="r_keep").click().run()
    assert not page.exception
    found = events_of(store).loc["Bree"]
    assert (found["fatalities_low"], found["fatalities_best"], found["status"]) == (15, 20, "corrected")
    told = load_snapshot(store).corrections.iloc[0]
    assert (told["who"], told["why"], told["machine_value"]) == ("Rosie", "The article says otherwise", "20")


def test_two_events_are_made_one(store: Settings) -> None:
    page = open_page()
    page.button(key="r_merge").click().run()
    page.selectbox[0].set_value("Same place, day and victims").run()
    page.button(key="r_keep").click().run()
    assert not page.exception and len(events_of(store)) == 2


def test_a_read_only_store_shows_the_case_and_no_button(store: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    looking = SimpleNamespace(**{n: getattr(store, n) for n in ("store_dir", "database_url")}, read_only=True)
    monkeypatch.setattr(pipeline, "Settings", SimpleNamespace(from_env=lambda: looking), raising=False)
    page = AppTest.from_string(PAGE, default_timeout=20).run()
    assert not page.exception and "Killed 20" in page.text[0].value and not page.button
