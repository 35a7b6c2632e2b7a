"""The review queue as a function, and the page as stories over a small real store."""

from collections.abc import Collection
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from sample_tables import archive_of, sample_archive, sample_snapshot
from streamlit.testing.v1 import AppTest
from toy_store import NOW, put, row, settings_in

import pipeline
from dashboard.archive import Archive
from dashboard.doubts import DOUBTS
from dashboard.review_queue import Case, build_queue, nearest
from pipeline import Settings, load_snapshot, refresh

PAGE = "from dashboard.review_page import show_review\nshow_review()"


def cases_of(archive: Archive, wanted: Collection[str] = tuple(DOUBTS)) -> list[Case]:
    queue = build_queue(archive, wanted)
    return [queue.case(n) for n in range(len(queue))]


def test_the_queue_asks_what_deserves_an_eye_the_most_dead_first() -> None:
    cases = [case for case in cases_of(sample_archive()) if not case.other_id]
    doubts = {case.event_id: case.doubts for case in cases}
    events = sample_snapshot().events.set_index("event_id")
    assert [case.stake for case in cases] == sorted((case.stake for case in cases), reverse=True)
    claims = {case.stake for case in cases if events.loc[case.event_id, "kind"] == "cumulative"}
    assert claims == {0}  # in no sum: what counts is asked first
    for event_id, event in events.iterrows():
        told = doubts.get(event_id, ())
        asked = event["status"] == "machine"
        assert ("disputed" in told) == (asked and event["disputed"] is True)
        if event["kind"] != "diplomatic":
            assert ("day" in told) == (asked and event["date_basis"] in ("published", "none"))
            assert ("place" in told) == (asked and event["geo_precision"] in ("country", "none"))
    assert {"disputed", "day", "place"} <= {d for told in doubts.values() for d in told}


def test_a_case_is_told_in_words_with_the_event_its_reports_and_articles() -> None:
    [case] = [case for case in cases_of(sample_archive()) if case.doubts[0] == "disputed"]
    assert case.words[0] == "Its reports cannot all be true: killed 12–18, best 16."
    assert list(case.around.events["event_id"]) == [case.event_id] == ["karm-2"]
    assert set(case.around.articles["article_id"]) == set(case.around.reports["article_id"]) == {"karm-2-0", "karm-2-1"}


def test_what_was_decided_is_not_asked_again_and_kinds_can_be_left_out() -> None:
    first = build_queue(sample_archive()).case(0)
    decided = sample_snapshot().events
    decided.loc[decided["event_id"] == first.event_id, "status"] = "confirmed"
    archive = archive_of(events=decided)
    assert first.event_id not in {i for case in cases_of(archive) for i in case.key}
    assert {d for case in cases_of(archive, ["day"]) for d in case.doubts} == {"day"}
    assert cases_of(archive, []) == []


def test_cases_seen_are_known_again_in_a_later_version() -> None:
    keys = [case.key for case in cases_of(sample_archive())]
    later = build_queue(archive_of(events=sample_snapshot().events[1:].reset_index(drop=True)))
    seen = later.among([keys[-1], keys[0], ("long gone", "")])
    assert [later.case(n).key in (keys[-1], keys[0]) for n in range(len(later))] == seen.tolist()
    assert seen.any() and not seen.all() and not later.among([]).any()


def test_near_misses_are_asked_as_a_pair() -> None:
    misses = pd.DataFrame(
        [{"event_id": one, "other_event_id": other, "why": f"{one} is near {other}"}
         for one, other in (("karm", "merged away"), ("karm-2", "karm"), ("south-week", "karm"))]
    )  # fmt: skip
    [case] = cases_of(archive_of(near_misses=misses), ["pair"])  # a person has confirmed the third
    assert case.key == ("karm-2", "karm") and case.words == ("Much speaks for one event: karm-2 is near karm.",)
    assert case.stake == 3 and list(case.around.events["event_id"]) == ["karm-2", "karm"]


def test_a_number_that_is_only_a_word_is_asked_about() -> None:
    def asked(*told: str) -> list[str]:
        """Of karm-2, with these reasons in its two reports."""
        reports = sample_snapshot().reports
        reports["reasons"] = "date_start: the day is named"
        reports.loc[reports["event_id"] == "karm-2", "reasons"] = told
        return [case.event_id for case in cases_of(archive_of(reports=reports), ["vague"])]

    word, figure = "injured_best: hurt: dozens (vague)", "fatalities_best: killed: a number"
    assert asked(word, word) == ["karm-2"]
    assert asked(word, figure) == asked(figure, figure) == []
    assert asked(word, "date_start: a week (vague)") == ["karm-2"]


def test_a_relative_day_that_counts_from_a_doubtful_one_is_asked_about() -> None:
    snapshot = sample_snapshot()
    reasons = snapshot.articles["article_id"].map(
        lambda a: "the record; but the day is another" if a in ("claim-0", "dol-part-0") else ""
    )
    archive = archive_of(articles=snapshot.articles.assign(published_reason=reasons))
    [case] = cases_of(archive, ["record"])  # the other names its day
    assert case.event_id == "claim" and case.subject == "Day"
    assert case.words == ("Its day counts from a publication day in doubt: the day is another.",)


def test_others_nearest_in_country_and_day_come_first() -> None:
    others = nearest(sample_archive(), "karm")
    assert list(others["event_id"]) == ["karm-2", "dol-total", "dol-part", "south-week", "rhun-undated"]
    assert (others["kind"] == "incident").all() and len(nearest(sample_archive(), "karm", 2)) == 2
    assert len(nearest(sample_archive(), "rhun-undated")) == 5  # it has no day, so all are as far


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
