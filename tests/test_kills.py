"""kill -9 and a full disk at any moment of a refresh: the old table or the new one, whole, and the next completes it.

    CONFLICT_TEST_KILLS=50 CONFLICT_TEST_ARTICLES=2000 python -m pytest -s tests/test_kills.py
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from toy_store import NOW, many, put, settings_in

from pipeline import PipelineError, Settings, load_event_table, load_snapshot, refresh, snapshot_token
from pipeline.checking import check_store

KILLS = int(os.environ.get("CONFLICT_TEST_KILLS", "5"))
ARTICLES = int(os.environ.get("CONFLICT_TEST_ARTICLES", "200"))
HERE = Path(__file__).parent
SECONDS_EACH = "0.002"  # a stand-in for reading, so that kills fall into it too


def filled(settings: Settings, count: int = 6) -> Settings:
    """A store with a few events, and the articles of the next refresh in its inbox."""
    put(settings, "day", many(6))
    refresh(settings, now=NOW)
    if count > 6:
        put(settings, "day", many(count))
    return settings


def start(folder: Path, *arguments: str, database_url: str = "") -> subprocess.Popen:
    """A refresh in a process of its own."""
    command = [sys.executable, str(HERE / "toy_store.py"), str(folder), *arguments]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "CONFLICT_DATABASE_URL": database_url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_killed_at_random_moments_leaves_the_old_table_or_the_new_one_whole(tmp_path, toy) -> None:
    spare = filled(settings_in(tmp_path / "spare"), ARTICLES)
    old = load_event_table(spare).to_csv()
    whole = tmp_path / "whole"
    shutil.copytree(tmp_path / "spare", whole)
    began = time.monotonic()
    start(whole, SECONDS_EACH).communicate()
    longest = time.monotonic() - began
    new = load_event_table(settings_in(whole)).to_csv()
    assert new != old
    rng, found = random.Random(8), Counter[str]()
    folder = tmp_path / "killed"
    settings = settings_in(folder)
    for _ in range(KILLS):
        if not folder.exists():  # the last one got through: from the old table again
            shutil.copytree(tmp_path / "spare", folder)
        before = load_event_table(settings).to_csv()
        process = start(folder, SECONDS_EACH)
        try:
            process.wait(timeout=rng.uniform(0.2, 1.0) * longest)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        table = load_event_table(settings).to_csv()
        assert before == old and table in (old, new)
        found["new" if table == new else "old"] += 1
        if table == new:
            assert check_store(settings) == []
            shutil.rmtree(folder)
    if not folder.exists():
        shutil.copytree(tmp_path / "spare", folder)
    refresh(settings, now=NOW)
    assert load_event_table(settings).to_csv() == new and check_store(settings) == []
    assert not list((settings.store_dir / "snapshots").glob("*.tmp"))
    print(f"\n{KILLS} kills of a refresh of {ARTICLES} articles: the old table {found['old']}, the new {found['new']}")


def test_one_store_killed_again_and_again_takes_in_every_article(settings: Settings) -> None:
    rng, found = random.Random(9), Counter[str]()
    folder = settings.store_dir.parent
    filled(settings)
    put(settings, "day", many(46))
    began = time.monotonic()
    start(folder, SECONDS_EACH, database_url=settings.database_url).communicate()
    longest = time.monotonic() - began
    for n in range(KILLS):
        before = load_event_table(settings).to_csv()
        put(settings, "day", many(46 + 40 * (n + 1)))
        process = start(folder, SECONDS_EACH, database_url=settings.database_url)
        try:
            process.wait(timeout=rng.uniform(0.5, 1.6) * longest)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        left = load_event_table(settings).to_csv()
        refresh(settings, now=NOW)
        after = load_event_table(settings).to_csv()
        assert left in (before, after) and check_store(settings) == []
        found["new" if left == after else "old"] += 1
    published = load_snapshot(settings).articles
    assert set(published["article_id"]) == {r["id"] for r in many(46 + 40 * KILLS)}
    print(f"\n{KILLS} kills of one store: the old table {found['old']}, the new {found['new']}")


# --- a full disk ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [1.0, 1.3, 1.7])
def test_file_that_may_not_grow_keeps_the_old_table_and_the_next_refresh_completes(tmp_path, toy, room: float) -> None:
    settings = filled(settings_in(tmp_path), 500)
    before = load_event_table(settings).to_csv()
    limit = int((settings.store_dir / "store.sqlite").stat().st_size * room)
    _, told = start(tmp_path, "0", str(limit)).communicate()
    assert "nothing was changed" in told or "published table is whole" in told, told
    assert load_event_table(settings).to_csv() == before
    refresh(settings, now=NOW)
    assert len(load_event_table(settings)) > 6 and check_store(settings) == []


def test_full_file_system_keeps_the_old_table_and_the_next_refresh_completes(tmp_path, toy) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("no file system of a given size can be mounted here")
    try:
        settings = Settings(store_dir=disk / "store", inbox_dir=tmp_path / "inbox", seeds_dir=tmp_path / "none")
        filled(settings, 6)
        put(settings, "day", many(500))
        before = load_event_table(settings).to_csv()
        stuffing = disk / "stuffing"
        for left in (0, 60_000, 250_000):
            room = shutil.disk_usage(disk).free
            stuffing.write_bytes(bytes(max(0, room - left)))
            with pytest.raises(PipelineError, match="full|No space|disk I/O"):
                refresh(settings, now=NOW)
            assert load_event_table(settings).to_csv() == before
            stuffing.unlink()
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        refresh(settings, now=NOW)
        assert len(load_event_table(settings)) > 6 and check_store(settings) == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_full_disk_while_the_snapshot_is_written(tmp_path, toy, monkeypatch) -> None:
    settings = filled(settings_in(tmp_path), 40)
    before, token = load_event_table(settings).to_csv(), snapshot_token(settings)
    full = OSError(28, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.snapshots.pq.ParquetWriter", lambda *a, **k: (_ for _ in ()).throw(full))
        with pytest.raises(PipelineError, match="No space"):
            refresh(settings, now=NOW)
    assert load_event_table(settings).to_csv() == before and snapshot_token(settings) == token
    refresh(settings, now=NOW)
    assert len(load_event_table(settings)) > 6 and check_store(settings) == []
