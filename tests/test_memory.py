"""What a publication remembers for the next: used where it is sure, not missed where it is lost or damaged."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from toy_store import NOW, many, published_files, put, row, settings_in

from pipeline import (
    Settings,
    add_correction,
    load_event_table,
    load_snapshot,
    refresh,
    store,
    undo_refresh,
    withdraw_article,
)
from pipeline.checking import check_store, repair_store

pytestmark = pytest.mark.usefixtures("small_files")
LATER = NOW + timedelta(hours=1)
ELSEWHERE = row("new", "2031-05-20 Esgaroth 2", published="2031-05-21")


@pytest.fixture
def parsed(monkeypatch) -> list[int]:
    """How many articles' reports were taken from the database, each time."""
    counts: list[int] = []
    parse = store.parse_reports

    def watched(cached_json):
        counts.append(len(cached_json))
        return parse(cached_json)

    monkeypatch.setattr(store, "parse_reports", watched)
    return counts


def rebuilt(settings: Settings) -> dict[str, bytes]:
    """The same, computed from nothing."""
    repair_store(settings, now=NOW)
    return published_files(settings)


def test_a_refresh_loads_what_is_new_and_what_is_near_it_and_no_more(settings: Settings, parsed) -> None:
    put(settings, "day", many(200))
    refresh(settings, now=NOW)
    parsed.clear()
    put(settings, "more", [ELSEWHERE])
    refresh(settings, now=NOW)
    assert sum(parsed) < 20
    assert published_files(settings) == rebuilt(settings)


def test_a_decision_on_a_value_loads_no_reports_and_leaves_the_other_files_as_they_are(settings: Settings, parsed) -> None:
    put(settings, "day", many(60))
    refresh(settings, now=NOW)
    parsed.clear()
    before = published_files(settings)
    add_correction(settings, "confirm", load_event_table(settings)["event_id"][7], why="w", who="r", now=NOW)
    after = published_files(settings)
    assert sum(parsed) == 0
    assert {name.partition("/")[0] for name in before if before[name] != after[name]} == {"events", "corrections.parquet"}
    assert after == rebuilt(settings)


@pytest.mark.parametrize("loss", ["all", "file", "bit", "manifest", "two"])
def test_lost_or_damaged_memory_is_not_missed(settings: Settings, loss: str) -> None:
    put(settings, "day", many(30))
    refresh(settings, now=NOW)
    [folder] = (settings.store_dir / "memory").iterdir()
    if loss == "all":
        shutil.rmtree(folder.parent)
    elif loss == "file":
        (folder / "told.arrow").unlink()
    elif loss == "bit":
        content = bytearray((folder / "told.arrow").read_bytes())
        content[len(content) // 2] ^= 4
        (folder / "told.arrow").write_bytes(content)
    elif loss == "manifest":
        (folder / "manifest.json").write_text("[", encoding="utf-8")
    else:
        shutil.copytree(folder, folder.with_name("other"))
    put(settings, "more", [ELSEWHERE, row("a00003", "2031-05-02 Bree 9")])
    refresh(settings, now=NOW)
    assert check_store(settings) == [] and published_files(settings) == rebuilt(settings)


def test_memory_of_another_program_or_extractor_is_not_used(settings: Settings, parsed, monkeypatch) -> None:
    put(settings, "day", many(30))
    refresh(settings, now=NOW)
    parsed.clear()
    monkeypatch.setattr("pipeline.publish.table_version", lambda: "another")
    put(settings, "more", [ELSEWHERE])
    refresh(settings, now=NOW)
    assert sum(parsed) == 31


def test_a_first_refresh_of_nothing_publishes_an_empty_table(settings: Settings) -> None:
    for _ in range(2):
        refresh(settings, now=NOW)
        assert len(load_event_table(settings)) == 0 and check_store(settings) == []
    put(settings, "day", [ELSEWHERE])
    refresh(settings, now=NOW)
    assert len(load_event_table(settings)) == 1 and published_files(settings) == rebuilt(settings)


def test_a_second_machine_of_a_team_goes_on_from_its_own_memory(settings: Settings, tmp_path: Path, parsed) -> None:
    """Each machine remembers its own last snapshot; what the other published meanwhile it finds in the database."""
    if not settings.database_url:
        pytest.skip("two machines share a database by its address")
    other = replace(settings, store_dir=tmp_path / "other" / "store", inbox_dir=tmp_path / "other" / "inbox")
    put(settings, "day", many(60))
    refresh(settings, now=NOW)
    refresh(other, now=NOW)
    put(other, "more", [ELSEWHERE, row("a00003", "2031-05-02 Bree 9")])
    refresh(other, now=NOW)
    withdraw_article(other, "a00007", why="w", now=NOW)
    add_correction(other, "merge", *_two_events(other), why="w", who="r", now=NOW)
    parsed.clear()
    put(settings, "late", [row("late", "2031-05-21 Esgaroth 2", published="2031-05-21")])
    refresh(settings, now=NOW)
    assert sum(parsed) < 40
    found = published_files(settings)
    refresh(other, now=NOW)
    assert published_files(other) == found == rebuilt(settings)
    undo_refresh(other, now=NOW)
    refresh(settings, now=NOW)
    assert published_files(settings) == rebuilt(settings)
    refresh(other, now=NOW)
    assert list(load_snapshot(settings).changes["run_id"]) == list(load_snapshot(other).changes["run_id"])


def _two_events(settings: Settings) -> tuple[str, str, str]:
    ids = load_event_table(settings)["event_id"]
    return ids[2], "", ids[9]


def test_a_database_put_away_or_put_back_is_not_taken_for_the_one_remembered(tmp_path: Path, toy) -> None:
    settings = settings_in(tmp_path)
    database, copy = settings.store_dir / "store.sqlite", tmp_path / "copy.sqlite"
    put(settings, "day", many(30))
    refresh(settings, now=NOW)
    shutil.copy(database, copy)
    put(settings, "more", [ELSEWHERE])
    refresh(settings, now=NOW)
    add_correction(settings, "confirm", load_event_table(settings)["event_id"][2], why="w", who="r", now=NOW)
    shutil.copy(copy, database)
    put(settings, "more", [row("late", "2031-05-21 Esgaroth 2")])
    refresh(settings, now=LATER)
    assert check_store(settings) == [] and "new" not in set(load_snapshot(settings).articles["article_id"])
    assert published_files(settings) == rebuilt(settings) and len(load_snapshot(settings).corrections) == 0
    database.unlink()
    (settings.inbox_dir / "day.jsonl").unlink()
    refresh(settings, now=LATER)
    assert list(load_snapshot(settings).articles["article_id"]) == ["late"] and check_store(settings) == []
