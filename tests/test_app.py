"""The page as stories: what an analyst does, and what stands there then."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_tables import publish_sample, sample_archive, sample_snapshot
from streamlit.testing.v1 import AppTest

from dashboard import event_list, explorer, export_panel
from dashboard.loading import PINNED
from dashboard.quality_page import quality_table

APP = str(Path(__file__).parent.parent / "dashboard" / "pages.py")


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AppTest:
    """The app over the sample tables, in a store without a database."""
    publish_sample(tmp_path)
    monkeypatch.setenv("CONFLICT_STORE_DIR", str(tmp_path))
    return AppTest.from_file(APP, default_timeout=20)


def text_of(page: AppTest) -> str:
    """All HTML and captions of the page."""
    assert not page.exception
    return " ".join(e.proto.body for e in page.get("html")) + " ".join(c.value for c in page.caption)


def shown(page: AppTest) -> list[str]:
    """What the list shows, one place a row."""
    return list(page.dataframe[0].value["Where"])


def test_all_events_and_sums_without_claims_and_parts(page: AppTest) -> None:
    body = text_of(page.run())
    assert "<b>8</b><span>of 8</span>" in body
    assert "<b>44</b><span>at least 39, open above</span>" in body  # 3 + 16 + 22 + 3: no claim, no part of a total
    assert len(shown(page)) == 8


def test_choosing_a_country_narrows_and_stands_in_the_link(page: AppTest) -> None:
    page.run()
    page.multiselect(key="f_country").set_value(["Rhun"]).run()
    assert set(shown(page)) == {"Bree · West · Rhun", "Rhun"}
    assert page.query_params["country"] in ("Rhun", ["Rhun"])


def test_a_long_list_is_turned_page_by_page_and_begins_anew_with_another_choice(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_list, "PAGE_ROWS", 3)
    assert "Events 1–3 of 8, the latest first." in text_of(page.run())
    seen = shown(page)
    [pages] = page.get("pagination")
    page.session_state[pages.proto.id.rpartition("-")[2]] = 3
    assert "Events 7–8 of 8" in text_of(page.run())
    assert len(shown(page)) == 2 and not {*shown(page)} & {*seen}
    page.number_input(key="f_killed").set_value(3).run()
    assert "Events 1–3 of" in text_of(page)


def test_the_whole_list_is_ordered_by_its_numbers_and_the_link_says_so(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_list, "PAGE_ROWS", 3)
    page.run()
    page.session_state["list_order"] = "fatalities"
    assert "Events 1–3 of 8, the most killed first." in text_of(page.run())
    assert list(page.dataframe[0].value["Killed"]) == ["at least 30", "22", "16"]
    assert page.query_params["list_order"] in ("fatalities", ["fatalities"])


def test_what_an_analyst_rejected_is_in_the_list_and_in_no_picture_until_asked_for(
    page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    build = explorer.build_map

    def noted(events: Any, keep: Any, *more: Any) -> Any:
        drawn.append(int(keep.sum()))
        return build(events, keep, *more)

    monkeypatch.setattr(explorer, "build_map", noted)
    page.run()
    archive = page.session_state[PINNED]
    status = archive.events["status"].copy()
    status[:2] = "rejected"
    page.session_state[PINNED] = replace(archive, events=archive.events.assign(status=status), kept={})
    assert "2 rejected, in the list only" in text_of(page.run())
    assert "2 rejected (in no sum)" in text_of(page)
    assert len(shown(page)) == 8
    page.session_state["f_status"] = ["rejected"]
    assert "rejected, in the list only" not in text_of(page.run())
    assert drawn == [8, 6, 2]


def test_a_link_restores_choices_and_the_open_event(page: AppTest) -> None:
    page.query_params["killed"] = "16"
    page.query_params["event"] = "karm-2"
    page.query_params["measure"] = "injured"
    page.query_params["stack"] = "nothing"
    body = text_of(page.run())
    assert len(shown(page)) == 4
    assert page.session_state["measure"] == "injured"
    assert any(t.value == "stack=nothing" for t in page.text)
    assert page.query_params["measure"] in ("injured", ["injured"])
    assert "stack" not in page.query_params
    assert '<mark class="fatalities" title="killed">16 people</mark>' in body
    assert '<mark class="date" title="day">4 March</mark>' in body


def test_an_open_event_says_why_it_is_one_and_what_stands_around_it(page: AppTest) -> None:
    page.query_params["event"] = "karm-2"
    body = text_of(page.run())
    assert "Rhun Wire, 2021-03-15: same day; same place (Karm); both 16 killed (with Arnor Herald)" in body
    assert "killed: lowest 12 (Arnor Herald, Rhun Wire), best 16 (Arnor Herald, Rhun Wire), highest 18" in body
    assert [e.label for e in page.expander if "(" in e.label] == [
        "Nearly the same event, kept apart (1)", "Cumulative claims around it (1; in no sum)",
    ]  # fmt: skip
    assert any("same place (Karm); but 2 days apart" in t.value for t in page.text)
    page.button(key="claim claim").click().run()
    body = text_of(page)
    assert "claimed killed: at least 30; the 2 incidents of that place and period in this table add up to: 34" in body
    assert "8 fewer claimed than the incidents show" in body
    page.button(key="close_event").click().run()
    assert "Why these reports" not in text_of(page)


def test_a_choice_of_the_folded_part_counts_whether_that_is_open_or_not(page: AppTest) -> None:
    page.query_params["place"] = "Karm"
    body = text_of(page.run())
    few = shown(page)
    assert 0 < len(few) < 8
    assert "f_place" not in {m.key for m in page.multiselect}
    for is_open in (True, False):
        page.session_state["more"] = is_open
        assert text_of(page.run()) == body
        assert ("f_place" in {m.key for m in page.multiselect}) == is_open
    page.button(key="reset").click().run()
    assert len(shown(page)) == 8


def test_each_switch_says_how_many_events_it_leaves(page: AppTest) -> None:
    page.run()
    for name, left in (("disputed", 1), ("exact_day", 4), ("exact_place", 4), ("fresh", 0)):
        switch = page.toggle(key=f"f_{name}")
        assert switch.label.endswith(f" ({left})"), switch.label
        switch.set_value(True).run()
        assert [*page.dataframe] == [] if left == 0 else len(shown(page)) == left
        page.toggle(key=f"f_{name}").set_value(False).run()


def test_the_list_begins_with_when_and_how_many_were_killed_which_a_narrow_screen_shows(page: AppTest) -> None:
    page.run()
    [table] = page.dataframe
    assert [*table.value.columns[:2]] == ["When", "Killed"]


def test_a_broken_link_is_named_and_the_rest_is_shown(page: AppTest) -> None:
    page.query_params["since"] = "![x](http://x.example)"
    page.query_params["event"] = "no-such-event"
    page.run()
    assert not page.exception
    assert any("since=![x]" in t.value for t in page.text)
    assert len(shown(page)) == 8


def test_a_kept_view_is_opened_again(page: AppTest) -> None:
    page.query_params["killed"] = "16"
    page.run().text_input(key="view_name").set_value("[big](http://x.example) *ones*")
    next(b for b in page.button if b.label == "Keep what is chosen now").click().run()
    page.button(key="reset").click().run()
    assert len(shown(page)) == 8
    page.button(key="view [big](http://x.example) *ones*").click().run()
    assert len(shown(page)) == 4
    assert page.number_input(key="f_killed").value == 16


def test_a_newer_table_is_offered_and_not_forced(page: AppTest, tmp_path: Path) -> None:
    page.query_params["killed"] = "16"
    page.run()
    publish_sample(tmp_path, "next", events=sample_snapshot().events.iloc[:2])
    assert len(shown(page.run())) == 4
    page.button(key="show_newer").click().run()
    assert len(shown(page)) == 1
    assert page.number_input(key="f_killed").value == 16


def test_chips_are_taken_off_one_by_one(page: AppTest) -> None:
    page.query_params["country"] = ["Arnor"]
    page.query_params["killed"] = "16"
    page.run()
    [chips] = [m for m in page.multiselect if str(m.key).startswith("chips")]
    assert chips.value == ["Country: Arnor", "Killed at least: 16"]
    chips.set_value(["Country: Arnor"]).run()
    assert page.number_input(key="f_killed").value is None
    assert page.multiselect(key="f_country").value == ["Arnor"]


def test_nothing_fits_is_a_sentence(page: AppTest) -> None:
    page.query_params["words"] = "nosuchword"
    page.run()
    assert not page.exception
    assert any("No event fits" in i.value for i in page.info)


def test_what_articles_say_is_never_markup(page: AppTest) -> None:
    page.query_params["event"] = "rhun-undated"
    body = text_of(page.run())
    assert "<script>" not in body
    assert "&lt;script&gt;" in body
    assert not any("x.example" in m.value for m in page.markdown)


@pytest.mark.parametrize(
    ("show", "says"),
    [
        ("method_page.show_method", ""),
    ],
)
def test_the_other_pages_open(page: AppTest, show: str, says: str) -> None:
    module, name = show.split(".")
    other = AppTest.from_string(f"from dashboard.{module} import {name}\n{name}()", default_timeout=20)
    other.query_params["article"] = "karm-0"
    assert says in text_of(other.run())


def test_quality_counts_what_is_exact() -> None:
    rows = quality_table(sample_archive()).set_index("Kind")
    assert rows.loc["incident", ["Events", "Exact day", "A span of days", "No day stated"]].tolist() == [6, 4, 1, 1]
    assert rows.loc["incident", ["Exact place", "Near or region", "Country or none"]].tolist() == [2, 3, 1]


def test_what_is_too_much_for_a_download_names_the_command_instead(page: AppTest, monkeypatch) -> None:
    monkeypatch.setattr(export_panel, "MOST_ROWS", 7)
    page.run()
    assert any("python -m pipeline export" in t.value for t in page.text)
    assert not page.get("download_button")
    page.multiselect(key="f_country").set_value(["Rhun"]).run()
    assert page.get("download_button")


def test_a_file_damaged_while_it_is_in_use_is_named(page: AppTest, tmp_path: Path) -> None:
    page.run()
    path = tmp_path / "snapshots" / "sample" / "events.parquet"
    content = path.read_bytes()
    with path.open("r+b") as handle:  # in place, as a failing disk does
        handle.write(bytes(byte ^ 255 for byte in content[: len(content) // 2]))
    page.number_input(key="f_killed").set_value(16).run()
    assert "cannot be read" in page.error[0].value
    assert any("events.parquet: damaged" in t.value for t in page.text)
