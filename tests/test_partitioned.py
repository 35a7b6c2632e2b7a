"""`build --snapshot`: Parquet by year, the same bytes by every engine and to every address, opened by the dashboard."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import fsspec
import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.archive import open_archive
from pipeline import BrokenStore, PipelineError, Settings, load_snapshot
from pipeline.__main__ import main
from pipeline.build import build
from pipeline.engines import open_engine
from pipeline.joining import join_snapshots
from pipeline.snapshots import TABLES
from pipeline.table import read_event_csv

ROOT = Path(__file__).parent.parent
PLACES = [ROOT / "seeds", ROOT / "data/sample"]
TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(PLACES, folder, Settings(), today=TODAY, snapshot_at=NOW)
    (folder / "gazetteer").symlink_to(Settings().store_dir / "gazetteer")  # the page Article reads with it
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_workers_write_the_same_bytes(engine: str, built: Path, tmp_path: Path) -> None:
    with open_engine(Settings(), engine, 2) as opened:
        build(PLACES, tmp_path, Settings(), today=TODAY, snapshot_at=NOW, engine=opened)
    assert contents(tmp_path) == contents(built)


def test_what_is_written_to_an_address_is_what_is_written_to_a_folder(built: Path) -> None:
    build(PLACES, "memory://run", Settings(), today=TODAY, snapshot_at=NOW)
    files = fsspec.filesystem("memory")
    assert {p.removeprefix("/run/"): files.cat(p) for p in files.find("/run")} == contents(built)


def test_it_holds_what_the_csv_tables_hold_by_year(built: Path, tmp_path: Path) -> None:
    build(PLACES, tmp_path, Settings(), today=TODAY)
    events = read_event_csv(tmp_path / "events.csv")
    snapshot = load_snapshot(Settings(store_dir=built))
    pd.testing.assert_frame_equal(snapshot.events, events)
    reports = pd.read_csv(tmp_path / "reports.csv", dtype=str, keep_default_na=False)
    assert sorted(snapshot.reports["report_id"]) == sorted(reports["report_id"])
    assert len(snapshot.articles) == snapshot.articles["article_id"].nunique() > 60
    assert not snapshot.near_misses.empty
    # as other programs read it: the year is a column
    folder = next((built / "snapshots").iterdir())
    plainly = pd.read_parquet(folder / "events")
    assert len(plainly) == len(events)
    dated = plainly["date_start"].notna()
    assert (plainly["year"][dated].astype(str) == plainly["date_start"][dated].dt.year.astype(str)).all()
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*.parquet")} == set(manifest["files"])


def test_the_archive_opens_rows_of_several_years(built: Path) -> None:
    settings = Settings(store_dir=built)
    archive, events = open_archive(settings), load_snapshot(settings).events
    years = events["date_start"].dt.year.nunique()
    assert len(archive.files.opened["events"]) >= years > 1
    at = np.array([len(events) - 1, 0, len(events) // 2, 0])
    pd.testing.assert_frame_equal(archive.rows(at), events.iloc[at].reset_index(drop=True))
    for row in (0, len(events) - 1):
        around = archive.around(events["event_id"].iloc[row])
        assert len(around.reports) == events["report_count"].iloc[row] == around.articles["article_id"].nunique()


PAGES = {
    "explorer": "from dashboard.pages import explorer as show; show()",
    "review": "from dashboard.review_page import show_review as show; show()",
    "article": "from dashboard.article_page import show_article as show; show()",
    "quality": "from dashboard.quality_page import show_quality as show; show()",
    "refresh": "from dashboard.refresh_panel import show_refresh as show; show()",
}


@pytest.mark.parametrize("page", PAGES)
def test_the_dashboard_shows_it_for_reading(page: str, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICT_STORE_DIR", str(built))
    monkeypatch.setenv("CONFLICT_READ_ONLY", "1")
    before = contents(built)
    app = AppTest.from_string(PAGES[page], default_timeout=60).run()
    assert not app.exception and not app.error and len(app.main) > 0
    assert contents(built) == before


def test_a_folder_with_a_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").touch()
    with pytest.raises(PipelineError, match="choose another"):
        build(PLACES, tmp_path, Settings(), today=TODAY, snapshot_at=NOW)
    assert list(contents(tmp_path)) == ["store.sqlite"]


def test_nothing_read_makes_a_snapshot_of_nothing(tmp_path: Path) -> None:
    build([], tmp_path, Settings(), today=TODAY, snapshot_at=NOW)
    archive = open_archive(Settings(store_dir=tmp_path))
    assert archive.events.empty and all(archive.files.count(name) == 0 for name in TABLES)


def test_a_damaged_part_is_named(tmp_path: Path) -> None:
    build(PLACES, tmp_path, Settings(), today=TODAY, snapshot_at=NOW)
    path = sorted(tmp_path.rglob("events/*/*.parquet"))[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    for opening in (open_archive, load_snapshot):
        with pytest.raises(BrokenStore, match=r"events/year=\d+/part-0\.parquet: damaged"):
            opening(Settings(store_dir=tmp_path))


def test_an_address_that_cannot_be_written_to_says_so() -> None:
    with pytest.raises(PipelineError, match="cannot be written to"):
        build(PLACES, "nosuchscheme://x", Settings(), today=TODAY)


def test_what_was_built_apart_is_joined_to_one(built: Path, tmp_path: Path) -> None:
    for name, place in (("a", PLACES[0]), ("b", PLACES[1])):
        build([place], tmp_path / name, Settings(), today=TODAY, snapshot_at=NOW)
    parts = [load_snapshot(Settings(store_dir=tmp_path / name)) for name in ("a", "b")]
    assert main(["join", str(tmp_path / "a"), str(tmp_path / "b"), "--out", str(tmp_path / "all")]) == 0
    settings = Settings(store_dir=tmp_path / "all")
    joined, archive = load_snapshot(settings), open_archive(settings)
    for table in ("events", "reports", "articles", "near_misses", "reconciliations"):
        rows = [row for part in parts for row in getattr(part, table).to_csv(index=False).splitlines()[1:]]
        assert sorted(getattr(joined, table).to_csv(index=False).splitlines()[1:]) == sorted(rows)
    assert list(archive.events["event_id"]) == list(joined.events["event_id"])
    days = archive.events["date_start"].iloc[archive.order].dropna()
    assert days.is_monotonic_decreasing


def test_an_article_in_two_builds_or_a_damaged_file_is_refused(built: Path, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="an article was given to two builds"):
        join_snapshots([built, built], tmp_path / "twice", at=NOW)
    assert not (tmp_path / "twice" / "CURRENT").exists()
    build([PLACES[0]], tmp_path / "a", Settings(), today=TODAY, snapshot_at=NOW)
    path = next(tmp_path.glob("a/**/articles/*/*.parquet"))
    path.write_bytes(path.read_bytes()[:-9] + b"damaged!!")
    with pytest.raises(BrokenStore, match="damaged"):
        join_snapshots([tmp_path / "a"], tmp_path / "all", at=NOW)
    with pytest.raises(PipelineError, match="no snapshot that can be read"):
        join_snapshots([tmp_path / "nowhere"], tmp_path / "all", at=NOW)
