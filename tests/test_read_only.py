"""A read-only store refuses every writer where it writes; so many uploads a minute, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import pipeline
from pipeline.backup import restore_backup
from pipeline.errors import ReadOnlyStore, TooManyUploads
from pipeline.gazetteer_additions import add_places
from pipeline.settings import Settings

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
WHO = {"why": "w", "who": "Rosie", "now": NOW}
WRITERS: dict[str, Callable[[Settings], object]] = {
    "refresh": lambda s: pipeline.refresh(s, now=NOW),
    "undo_refresh": lambda s: pipeline.undo_refresh(s, now=NOW),
    "withdraw_article": lambda s: pipeline.withdraw_article(s, "a", why="w", now=NOW),
    "withdraw_sample": lambda s: pipeline.withdraw_sample(s, why="w", now=NOW),
    "repair_store": lambda s: pipeline.repair_store(s, now=NOW),
    "restore_backup": lambda s: restore_backup(s, Path("none"), now=NOW),
    "add_correction": lambda s: pipeline.add_correction(s, "confirm", "ev-a", **WHO),
    "correct_values": lambda s: pipeline.correct_values(s, "ev-a", {"place": "Bree"}, **WHO),
    "take_in": lambda s: pipeline.take_in(s, "a.txt", b"x"),
    "admit": lambda s: pipeline.admit(s, [1], now=NOW),
    "add_feed": lambda s: pipeline.add_feed(s, "http://a.example/feed"),
    "remove_feed": lambda s: pipeline.remove_feed(s, "http://a.example/feed"),
    "add_place": lambda s: pipeline.add_place(s, "Bree", 1.0, 1.0),
    "add_places": lambda s: add_places(Path("none"), s),
    "take_in_feeds": lambda s: pipeline.take_in_feeds(
        ["http://127.0.0.1:1/feed"], s.inbox_dir, s.store_dir / "feeds.json", now=NOW, read_only=s.read_only
    ),
}


def where(folder: Path, **more: object) -> Settings:
    return replace(Settings(), data_dir=folder / "data", store_dir=folder / "store", inbox_dir=folder / "inbox",
                   seeds_dir=folder / "seeds" / "articles", **more)  # fmt: skip


@pytest.mark.parametrize("writer", WRITERS)
def test_every_writer_is_refused_and_leaves_nothing(tmp_path: Path, writer: str) -> None:
    with pytest.raises(ReadOnlyStore):
        WRITERS[writer](where(tmp_path, read_only=True))
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def test_no_writer_is_forgotten() -> None:
    """Whoever gives the pages a new verb that writes adds it above."""
    verbs = ("add_", "remove_", "take_in", "withdraw_", "undo_", "correct_", "repair_", "restore_", "refresh", "admit")
    assert {name for name in pipeline.__all__ if name.startswith(verbs)} <= set(WRITERS)


def test_uploads_are_bounded_in_number_and_bytes_a_minute(tmp_path: Path) -> None:
    settings = where(tmp_path, max_uploads_a_minute=3, max_upload_bytes_a_minute=100)
    pipeline.admit(settings, [10, 10], now=NOW)
    with pytest.raises(TooManyUploads, match="more than 3 files"):
        pipeline.admit(settings, [10, 10], now=NOW + timedelta(seconds=59))
    with pytest.raises(TooManyUploads, match="MB in a minute"):
        pipeline.admit(settings, [90], now=NOW + timedelta(seconds=59))
    pipeline.admit(settings, [80], now=NOW + timedelta(seconds=59))  # what was refused did not count
    pipeline.admit(settings, [10, 10], now=NOW + timedelta(seconds=61))


def test_ten_thousand_uploads_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyUploads, match="pack"):
        pipeline.admit(where(tmp_path), [100] * 10_000, now=NOW)
