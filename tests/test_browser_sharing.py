"""Stories of passing on what is seen: files, links, citations, kept views, decisions, and windows side by side."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from browser import another, downloaded, figures, open_page, open_row, rows_on_screen, settle
from sample_tables import publish_sample

from dashboard.wording import count_words


def toggle(page: Any, label: str) -> None:
    page.get_by_text(label, exact=True).last.click()


def choose(page: Any, label: str, option: str) -> None:
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option).click()
    page.keyboard.press("Tab")
    page.get_by_role("option").first.wait_for(state="detached")


def fill(page: Any, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).first.fill(value)
    page.keyboard.press("Enter")


FILTERS = {
    "killed": (lambda page: fill(page, "Killed at least", "16"), 4),
    "kind": (lambda page: choose(page, "Kind", "Cumulative claims (1)"), 1),
    "words": (lambda page: fill(page, "Words in the evidence", "March people"), 3),
    "exact day": (lambda page: toggle(page, "Exact day only (4)"), 4),
    "country": (lambda page: choose(page, "Country", "Rhun (2)"), 2),
}


def test_the_csv_equals_the_rows_on_screen_for_five_filters(fresh: Any) -> None:
    page = fresh
    for name, (act, left) in FILTERS.items():
        act(page)
        figures(page, str(left))
        told = [
            (r["date_start"] or "not stated", count_words(*(int(n) if (n := r[f"fatalities_{p}"]) else None
                                                            for p in ("low", "best", "high"))))
            for r in downloaded(page)
        ]  # fmt: skip
        seen = [
            (found[0] if (found := re.search(r"\d{4}-\d\d-\d\d", row["When"])) else "not stated", row["Killed"])
            for row in rows_on_screen(page, left)
        ]
        assert sorted(seen) == sorted(told), name
        page.get_by_role("button", name="Reset all", exact=True).click()
        figures(page, "8")


def test_the_zip_says_which_link_version_and_table_it_is_of(fresh: Any) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    page.get_by_role("button", name="Other formats").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="All formats (ZIP)", exact=True).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        about = json.loads(archive.read("about.json"))
    page.keyboard.press("Escape")
    assert about["link"].replace("/?", "?") == page.url.replace("/?", "?") and "killed=16" in about["link"]
    assert about["filter"] == {"killed": "16"} and about["snapshot_id"] == "sample"
    assert set(about["version"]) == {"reading", "table"} and all(about["version"].values())


def test_two_windows_do_not_disturb_each_other(page: Any, browser: Any, sample: str) -> None:
    open_page(page, f"{sample}/?kind=cumulative")
    other = another(browser)
    open_page(other, f"{sample}/?kind=diplomatic&event=karm-2")
    fill(other, "Killed at least", "3")
    other.get_by_text("No event fits all choices").wait_for()
    assert [r["event_id"] for r in downloaded(page)] == ["claim"]
    assert "karm-2" not in page.url
    assert page.locator("mark.fatalities").count() == 0
    other.close()


def test_link_and_citation_are_copied(fresh: Any) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    open_row(page, 2)
    page.get_by_role("button", name="Copy link", exact=True).click()
    page.get_by_role("button", name="Copied", exact=True).wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url and "event=karm-2" in link
    page.get_by_role("button", name="Copy citation", exact=True).click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('Air/drone strike, Karm'))")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.endswith(f"2021-03-15. {link}") and "Rhun Wire" in text


def test_a_look_at_another_page_leaves_the_choices_as_they_were(fresh: Any) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    choose(page, "Country", "Arnor (6)")
    figures(page, "4")
    page.get_by_role("link", name="Method", exact=True).click()
    page.locator(".figures").wait_for(state="detached")
    page.get_by_role("link", name="Explorer", exact=True).click()
    figures(page, "4")
    assert "killed=16" in page.url and "country=Arnor" in page.url


def test_back_and_forward_undo_and_redo_choices_and_close_the_event(fresh: Any) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    open_row(page, 2)
    choose(page, "Country", "Rhun (2)")
    page.get_by_text("No event fits all choices").wait_for()
    page.go_back()
    figures(page, "4")
    page.locator("mark.fatalities").first.wait_for()
    page.go_back()
    page.locator("mark.fatalities").first.wait_for(state="detached")
    page.go_back()
    figures(page, "8")
    assert page.get_by_label("Killed at least", exact=True).first.input_value() == ""
    page.go_forward()
    figures(page, "4")
    page.go_forward()
    page.locator("mark.fatalities").first.wait_for()


def test_a_view_is_kept_and_opened_in_another_window(fresh: Any, browser: Any, sample: str) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    page.get_by_role("button", name=re.compile("^Saved views")).click()
    page.get_by_label("Name of this view").fill("Many *killed*")
    page.get_by_role("button", name="Keep what is chosen now", exact=True).click()
    page.get_by_role("button", name="Saved views (1)").wait_for()
    other = another(browser)
    open_page(other, sample)
    figures(other, "8")
    other.get_by_role("button", name="Saved views (1)").click()
    other.get_by_role("button", name="Many *killed*", exact=True).click()
    figures(other, "4")
    assert "killed=16" in other.url
    other.close()


def test_a_refresh_elsewhere_shows_a_notice_and_no_jump(fresh: Any, sample_store: Path) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    before = page.locator(".chart").first.bounding_box()
    publish_sample(sample_store, "a newer one")
    try:
        page.get_by_text("A newer table has been published.").wait_for()
        settle(page)
        assert page.locator(".chart").first.bounding_box() == before
        assert page.locator(".figures b").first.inner_text() == "4"
        page.get_by_role("button", name="Show it", exact=True).click()
        page.get_by_text("A newer table has been published.").wait_for(state="detached")
        figures(page, "4")
    finally:
        publish_sample(sample_store)


def test_a_decision_needs_a_name_and_a_reason_and_is_kept(fresh: Any, sample_store: Path) -> None:
    page = fresh
    fill(page, "Killed at least", "16")
    figures(page, "4")
    open_row(page, 2)
    page.get_by_text("Correct this event", exact=True).click()
    keep = page.get_by_role("button", name="Keep this correction", exact=True)
    keep.wait_for()
    assert keep.is_disabled()
    fill(page, "Your name", "Rosie")
    fill(page, "Why", "The article says so")
    page.wait_for_function("[...document.querySelectorAll('button')].some((b) =>"
                           " b.textContent.includes('Keep this correction') && !b.disabled)")  # fmt: skip
    keep.click()
    for _ in range(300):  # the notice is gone after seconds, which a busy machine may need; the decision stays
        if (sample_store / "decisions.jsonl").exists():
            break
        page.wait_for_timeout(200)
    [line] = (sample_store / "decisions.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == ["confirm", "karm-2", "", "", "The article says so", "Rosie"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_screen_nothing_is_wider_than_the_screen(browser: Any, sample: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900}, color_scheme=scheme)
    page.set_default_timeout(100_000)
    open_page(page, f"{sample}/?event=karm-2")
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    text, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('.legend')).color,"
        " getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor]"
    )
    light = [sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3 for colour in (text, ground)]
    assert abs(light[0] - light[1]) > 120, (text, ground)
    page.close()


def test_on_a_narrow_screen_a_claim_without_room_for_its_words_bears_a_number_and_the_list_below_has_them(
    browser: Any, sample: str
) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.set_default_timeout(100_000)
    open_page(page, sample)
    label, words = page.locator(".chart .textpoint text", has_text=re.compile(r"\S")), page.locator(".claims-box li")
    assert words.all_inner_texts() == ["at least 30 killed"]
    assert label.text_content().strip() == "at least 30 killed"
    page.evaluate("""() => {
      const chart = document.querySelector('.chart'), claims = chart.data.findIndex((trace) => trace.yaxis === 'y2');
      return Plotly.restyle(chart, {text: [chart.data[claims].text.map((text) => text.trim() ? text.repeat(9) : text)]}, [claims]);
    }""")
    settle(page)
    assert label.text_content().strip() == "1"
    page.set_viewport_size({"width": 1400, "height": 900})
    settle(page)
    assert words.first.is_hidden()
    page.close()


def test_on_a_narrow_screen_an_opened_event_comes_into_view(browser: Any, sample: str) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(100_000)
    open_page(page, sample)
    open_row(page, 0)
    page.wait_for_function("document.querySelector('.st-key-card').getBoundingClientRect().top < innerHeight / 2")
    page.close()
