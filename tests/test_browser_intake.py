"""Stories in a real browser: a table is looked through and taken in; a case is decided from the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, served, settle, start

TABLE = "nr,Meldung,date,source\n1,2021-05-02 Bree 30,2021-05-03,Post\n2,2021-05-04 Dale 20,2021-05-05,Star\n3,,,\n"


@pytest.fixture
def toy_page(page: Any, tmp_path: Path) -> Iterator[Any]:
    """The page Refresh over an empty store."""
    server, address = start(served(ROOT / "tests" / "toy_app.py", tmp_path), tmp_path)
    page.goto(f"{address}/refresh")
    settle(page)
    yield page
    server.terminate()
    server.wait()


def choose(page: Any, label: str, option: str) -> None:
    """Pick an option of a select box."""
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def test_a_table_goes_in_and_its_events_are_decided_from_the_keyboard(toy_page: Any) -> None:
    page = toy_page
    page.locator("input[type=file]").set_input_files(
        {"name": "news.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    page.get_by_text("no column with the text among nr, Meldung, date, source").wait_for()
    choose(page, "Text", "Meldung")
    page.get_by_text("Articles: 2; with a doubtful day: 0").wait_for()
    page.get_by_text("Refused: news.csv row 4: no text").wait_for()
    page.get_by_role("button", name="Take in and refresh").click()
    page.get_by_text("Articles: 2 new, 0 changed, 0 already known, 1 refused").wait_for()

    page.get_by_role("link", name="Review", exact=True).click()
    page.get_by_text("1 of 2 · decided 0, skipped 0").wait_for()
    page.get_by_text("Killed 30, and one publisher alone says so.").wait_for()
    page.get_by_role("textbox", name="Your name").fill("Rosie")
    page.keyboard.press("Enter")
    settle(page)
    page.locator("h4").first.click()  # out of the text field: letters decide
    page.keyboard.press("y")
    page.get_by_text("2 of 2 · decided 1, skipped 0").wait_for()
    settle(page)
    page.keyboard.press("n")
    page.get_by_role("button", name="All seen").wait_for()

    page.get_by_role("link", name="Quality", exact=True).click()
    page.get_by_text("Refused files: 1").wait_for()
    page.get_by_role("link", name="Article", exact=True).click()
    page.get_by_text("The event it is part of").wait_for()
    page.get_by_text("Correct this event").first.wait_for()
