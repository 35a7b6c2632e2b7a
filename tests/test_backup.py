"""A store kept as one file comes back as it was, byte for byte, on either database."""

import gzip
import json
from pathlib import Path

import pytest
from toy_store import NOW, many, published_files, put, row, settings_in, use_toy

from pipeline import (
    BrokenStore,
    PipelineError,
    Settings,
    add_correction,
    load_event_table,
    load_snapshot,
    refresh,
    undo_refresh,
    withdraw_article,
)
from pipeline.backup import restore_backup, write_backup
from pipeline.checking import check_store


def lively(settings: Settings) -> None:
    """A store with a past: a late older article, a changed one, corrections of all kinds, an undo, a new extractor."""
    put(settings, "day", [*many(8), row("b", "2031-05-02 Bree 3\n2031-05-01 Dale 2", published="2031-05-05")])
    refresh(settings, now=NOW)
    put(settings, "late", [row("a", "2031-05-02 Bree 4", source="s", published="2031-05-03")])
    refresh(settings, now=NOW)
    ids = list(load_event_table(settings)["event_id"])
    for action, target, field, value in (
        ("set", ids[0], "fatalities_high", "70"), ("split", "b#0", "", ""), ("merge", ids[1], "", ids[2]),
        ("confirm", ids[3], "", ""),
    ):  # fmt: skip
        add_correction(settings, action, target, field, value, "w", "r", now=NOW)
    put(settings, "more", [row("c", "2031-05-06 Combe 1")])
    refresh(settings, now=NOW)
    undo_refresh(settings, now=NOW)
    withdraw_article(settings, "a00003", why="retracted", now=NOW)
    use_toy("newer", shift=1)
    refresh(settings, now=NOW)


def test_restored_store_is_the_same_and_goes_on(settings: Settings, tmp_path: Path) -> None:
    lively(settings)
    rows = write_backup(settings, tmp_path / "kept.jsonl.gz")
    other = settings_in(tmp_path / "other")  # from either database to SQLite
    restore_backup(other, tmp_path / "kept.jsonl.gz", now=NOW)
    assert published_files(other) == published_files(settings) and check_store(other) == [] and rows > 30
    for one in (settings, other):  # and both go on alike: a correction, an undo, another refresh
        put(one, "next", [row("d", "2031-05-07 Dale 5"), row("b", "2031-05-02 Bree 9", published="2031-05-06")])
        refresh(one, now=NOW)
        add_correction(one, "undo", "2", why="w", who="r", now=NOW)
        undo_refresh(one, now=NOW)
    assert load_event_table(other).equals(load_event_table(settings))
    back = settings_in(tmp_path / "back", database_url=settings.database_url)
    with pytest.raises(PipelineError, match="not empty"):
        restore_backup(back if settings.database_url else settings, tmp_path / "kept.jsonl.gz", now=NOW)


def test_two_backups_of_one_store_are_the_same_bytes(tmp_path: Path, toy) -> None:
    settings = settings_in(tmp_path)
    lively(settings)
    for name in ("one", "two"):
        write_backup(settings, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("damage", ["truncated", "line lost", "bit", "newer", "other file"])
def test_damaged_backup_is_named_and_nothing_is_restored(tmp_path: Path, toy, damage: str) -> None:
    settings = settings_in(tmp_path)
    lively(settings)
    path = tmp_path / "kept.jsonl.gz"
    write_backup(settings, path)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    elif damage == "line lost":
        path.write_bytes(gzip.compress(b"".join(lines[:5] + lines[6:])))
    elif damage == "bit":
        path.write_bytes(gzip.compress(b"".join(lines).replace(b"Bree", b"Brea", 1)))
    elif damage == "newer":
        head = json.loads(lines[0]) | {"backup": 9}
        path.write_bytes(gzip.compress(json.dumps(head).encode() + b"\n" + b"".join(lines[1:])))
    else:
        path.write_text("no backup", encoding="utf-8")
    other = settings_in(tmp_path / "other")
    with pytest.raises(BrokenStore, match="kept.jsonl.gz: not a"):
        restore_backup(other, path, now=NOW)
    assert load_snapshot(other) is None
    write_backup(settings, path)
    restore_backup(other, path, now=NOW)
    assert published_files(other) == published_files(settings)
