"""Faults of disk, process and version: each is noticed and named, and no table is ever half of one."""

import json
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from toy_store import NOW, many, published_files, put, row, settings_in, toy_extract

from pipeline import (
    BrokenStore,
    PipelineError,
    Settings,
    add_correction,
    load_event_table,
    load_snapshot,
    refresh,
    snapshot_token,
    undo_refresh,
)
from pipeline.checking import check_store, repair_store
from pipeline.models import Article
from pipeline.records_json import reports_from_json, reports_to_json
from pipeline.snapshots import TABLES


def filled(settings: Settings, rows: list[dict[str, str]] | None = None) -> Settings:
    """A store with a few events."""
    put(settings, "day", rows or many(6))
    refresh(settings, now=NOW)
    return settings


def current(settings: Settings) -> Path:
    """The folder of the snapshot in force."""
    return settings.store_dir / "snapshots" / snapshot_token(settings)


def test_reports_come_back_from_json_as_they_were() -> None:
    reports = list(
        toy_extract(Article("a", "", "2031-05-02 Bree 3\n2031-05-01 Dale 0", "s", "", date(2031, 5, 3))).reports
    )
    assert reports_from_json(reports_to_json(reports)) == reports
    assert reports_to_json(reports) == reports_to_json(reports_from_json(reports_to_json(reports)))


# --- damage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("damage", ["bit", "truncated", "missing"])
def test_damaged_snapshot_is_named_and_can_be_repaired(tmp_path, toy, name: str, damage: str) -> None:
    settings = filled(settings_in(tmp_path))
    before = load_event_table(settings).to_csv()
    path = current(settings) / f"{name}.parquet"
    content = bytearray(path.read_bytes())
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(content[:-7])
    else:
        content[len(content) // 2] ^= 4
        path.write_bytes(content)
    with pytest.raises(BrokenStore, match=rf"{name}\.parquet.*check --repair"):
        load_snapshot(settings)
    assert len(check_store(settings)) == 1
    repair_store(settings, now=NOW)
    assert load_event_table(settings).to_csv() == before and check_store(settings) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "x"}'])
def test_damaged_manifest_is_named(tmp_path, toy, content: str) -> None:
    settings = filled(settings_in(tmp_path))
    (current(settings) / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(BrokenStore, match="manifest.json: damaged.*repair"):
        load_snapshot(settings)


def test_snapshot_of_a_newer_program_is_refused(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path))
    path = current(settings) / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 99}), encoding="utf-8")
    with pytest.raises(BrokenStore, match="newer program"):
        load_snapshot(settings)


def test_database_of_a_newer_program_is_refused_and_left_alone(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path))
    path = settings.store_dir / "store.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE meta SET value = '99' WHERE key = 'schema_version'")
    before = path.read_bytes()
    with pytest.raises(BrokenStore, match="newer program"):
        refresh(settings, now=NOW)
    assert path.read_bytes() == before and len(load_event_table(settings)) == 6  # readers go on


def test_database_of_an_older_program_is_brought_up_to_date(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path))
    before = load_event_table(settings).to_csv()
    with sqlite3.connect(settings.store_dir / "store.sqlite") as database:
        database.execute("ALTER TABLE members DROP COLUMN successor")
        database.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
    assert refresh(settings, now=NOW).changes == () and check_store(settings) == []
    assert load_event_table(settings).to_csv() == before


@pytest.mark.parametrize("damage", ["truncated", "head"])
def test_damaged_database_is_named_and_readers_go_on(tmp_path, toy, damage: str) -> None:
    settings = filled(settings_in(tmp_path))
    path = settings.store_dir / "store.sqlite"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3] if damage == "truncated" else b"x" * 200 + content[200:])
    assert any("damaged" in fault or "cannot be used" in fault for fault in check_store(settings))
    with pytest.raises(BrokenStore, match="put back a copy"):
        refresh(settings, now=NOW)
    assert len(load_event_table(settings)) == 6


def test_bit_flipped_in_a_stored_article_is_noticed(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path))
    with sqlite3.connect(settings.store_dir / "store.sqlite") as database:
        database.execute("UPDATE article_versions SET text = text || ' ' WHERE article_id = 'a00003'")
    assert any("a00003" in fault and "damaged" in fault for fault in check_store(settings))


def test_damaged_extraction_is_read_again(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path))
    before = load_event_table(settings).to_csv()
    with sqlite3.connect(settings.store_dir / "store.sqlite") as database:
        database.execute("UPDATE extractions SET reports = replace(reports, 'Bree', 'Brea')")
    repair_store(settings, now=NOW)
    assert load_event_table(settings).to_csv() == before


def rebuilt(settings: Settings, *forgotten: str) -> dict[str, bytes]:
    """The published files after these tables were emptied and the store repaired."""
    with sqlite3.connect(settings.store_dir / "store.sqlite") as database:
        for table in forgotten:
            database.execute(f"DELETE FROM {table}")
    repair_store(settings, now=NOW)
    return published_files(settings)


def test_rebuild_from_articles_and_corrections_is_the_same_byte_for_byte(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path), many(20))
    event_id = load_event_table(settings)["event_id"][3]
    add_correction(settings, "set", event_id, "fatalities_high", "70", "w", "r", now=NOW)
    before = published_files(settings)
    assert rebuilt(settings, "extractions", "events", "members") == before


def test_rebuild_names_events_as_published_where_an_older_article_came_late(tmp_path, toy) -> None:
    settings = filled(settings_in(tmp_path), [row("b", "2031-05-02 Bree 3", source="s", published="2031-05-05")])
    put(settings, "late", [row("a", "2031-05-02 Bree 3", published="2031-05-03"), row("c", "2031-05-02 Dale 1")])
    refresh(settings, now=NOW)
    put(settings, "changed", [row("b", "2031-05-02 Bree 4", source="s", published="2031-05-06")])
    refresh(settings, now=NOW)
    assert sorted(load_event_table(settings)["event_id"]) == ["ev-b#0", "ev-c#0"]
    before = published_files(settings)
    assert rebuilt(settings, "extractions", "events", "members") == before


def test_undo_is_refused_where_nothing_was_refreshed(tmp_path, toy) -> None:
    with pytest.raises(PipelineError, match="no refresh"):
        undo_refresh(settings_in(tmp_path), now=NOW)
