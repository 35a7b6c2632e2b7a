"""The archive answers as the published tables do, reads only what is asked for, and notices damage."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.archive import Archive, open_archive
from dashboard.event_map import MAX_MARKS, place_marks, places_of
from dashboard.filters import Filters, matching
from dashboard.key_figures import add_up, countable
from dashboard.lean import latest_first
from dashboard.map_view import View
from dashboard.timeline import MAX_TALKS, build_timeline
from pipeline import BrokenStore, Settings, load_snapshot
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from many_events import write_store  # noqa: E402

SIZE = 20_000  # more than one part of a file


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return write_store(tmp_path_factory.mktemp("many"), SIZE)


@pytest.fixture(scope="module")
def archive(settings: Settings) -> Archive:
    return open_archive(settings)


@pytest.fixture(scope="module")
def events(settings: Settings) -> pd.DataFrame:
    return load_snapshot(settings).events


@pytest.fixture(scope="module")
def reports(settings: Settings) -> pd.DataFrame:
    return load_snapshot(settings).reports


Table = pd.DataFrame
CHOICES: dict[str, tuple[Filters, Callable[[Table, Table], pd.Series]]] = {
    "all": (Filters(), lambda e, r: e["kind"].notna()),
    "country": (Filters(country=("Country 1",)), lambda e, r: e["country"] == "Country 1"),
    "publisher": (
        Filters(publisher=("Publisher 7", "Publisher 9")),
        lambda e, r: e["event_id"].isin(r.loc[r["source"].isin(["Publisher 7", "Publisher 9"]), "event_id"]),
    ),
    "words": (
        Filters(words="Market 17"),
        lambda e, r: e["event_id"].isin(
            r.loc[r["evidence"].str.contains("market") & r["evidence"].str.contains("17"), "event_id"]
        ),
    ),
    "killed and disputed": (
        Filters(killed=9, disputed=True), lambda e, r: (e["fatalities_best"] >= 9).fillna(False) & e["disputed"],
    ),
    "box": (
        Filters(box=(-60.0, -30.0, -50.0, 10.0)),
        lambda e, r: e["longitude"].between(-60, -50) & e["latitude"].between(-30, 10),
    ),
    "nothing": (Filters(country=("Nowhere",)), lambda e, r: e["country"] == "Nowhere"),
}  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_leaves_what_pandas_leaves_of_the_published_table(choice, archive, events, reports) -> None:
    filters, plainly = CHOICES[choice]
    keep = matching(archive, filters)
    assert keep.tolist() == plainly(events, reports).to_numpy(dtype=bool).tolist()
    counted = countable(archive.events, keep)
    figures = add_up(archive, keep, counted)
    shown = events[keep]
    incidents = shown[shown["kind"] == "incident"]
    incidents = incidents[~incidents["part_of"].isin(incidents["event_id"])]
    assert list(archive.events["event_id"][counted]) == list(incidents["event_id"])
    stated = incidents["fatalities_best"].dropna()
    assert figures.killed[1] == (int(stated.sum()) if len(stated) else None)
    assert figures.killed_not_stated == incidents["fatalities_low"].isna().sum()
    assert figures.publishers == reports.loc[reports["event_id"].isin(shown["event_id"]), "source"].nunique()


def test_rows_are_read_from_all_parts_of_the_file_in_the_order_asked_for(archive, events) -> None:
    at = np.array([SIZE - 1, 3, 16_384, 16_383, 3])
    pd.testing.assert_frame_equal(archive.rows(at), events.iloc[at].reset_index(drop=True))
    assert list(archive.rows(np.array([], dtype=int)).columns) == list(EVENT_COLUMNS)


def test_an_event_is_opened_with_its_reports_their_articles_and_its_neighbours(archive, events, reports) -> None:
    event_id = events["event_id"].iloc[16_384]
    around = archive.around(event_id)
    own = reports[reports["event_id"] == event_id]
    assert list(around.reports["report_id"]) == list(own["report_id"])
    assert set(around.articles["article_id"]) == set(own["article_id"])
    assert len(around.events) == 2001 and event_id in set(around.events["event_id"])
    nobody = archive.around("no such event")
    assert nobody.events.empty and list(nobody.reports.columns) == list(REPORT_COLUMNS)


def test_the_latest_day_comes_first_and_undated_events_last() -> None:
    frame = pd.DataFrame({"event_id": ["d", "b", "a", "c"]})
    frame["date_start"] = pd.to_datetime([None, "2021-01-01", "2021-01-01", "2022-01-01"]).as_unit("ms")
    assert list(frame["event_id"].iloc[latest_first(frame)]) == ["c", "a", "b", "d"]


def test_too_many_places_become_cells_that_shrink_as_one_looks_closer(archive) -> None:
    everything = np.ones(SIZE, dtype=bool)
    places, frequency = places_of(archive.events, everything)
    assert len(places) > MAX_MARKS
    far, near = (place_marks(archive.events, places, frequency, View(zoom, -29.0, -57.0)) for zoom in (2.0, 9.0))
    assert set(far["geo_precision"]) == {"cell"} and len(far) <= MAX_MARKS
    assert far["events"].sum() == archive.events["located"].sum()
    # close by, the places themselves, and only those that are in sight
    assert "cell" not in set(near["geo_precision"]) and near["latitude"].between(-31, -27).all() and len(near)


def test_damage_that_comes_after_the_opening_is_noticed_where_it_is_read(tmp_path: Path) -> None:
    settings = write_store(tmp_path, 300)
    archive = open_archive(settings)
    path = tmp_path / "snapshots" / "generated" / "events.parquet"
    content = bytearray(path.read_bytes())
    for at in range(200, len(content) - 20_000, 50):
        content[at] ^= 255
    with path.open("r+b") as handle:  # in place, as a failing disk does
        handle.write(content)
    with pytest.raises(BrokenStore, match=r"events\.parquet: damaged.*repair"):
        archive.rows(np.arange(300))


def test_a_reader_keeps_its_version_after_the_files_are_swept_away(tmp_path: Path) -> None:
    archive = open_archive(write_store(tmp_path, 50))
    for path in (tmp_path / "snapshots" / "generated").iterdir():
        path.unlink()
    assert len(archive.rows(np.arange(50))) == 50


@pytest.mark.parametrize("name", ["events", "reports", "articles"])
def test_a_damaged_file_is_not_opened(tmp_path: Path, name: str) -> None:
    settings = replace(write_store(tmp_path, 50))
    path = tmp_path / "snapshots" / "generated" / f"{name}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    with pytest.raises(BrokenStore, match=rf"{name}\.parquet.*check --repair"):
        open_archive(settings)


def test_talks_too_many_for_a_mark_each_are_counted_by_bins(archive: Archive) -> None:
    talks = (archive.events["kind"] == "diplomatic").to_numpy()
    assert talks.sum() > MAX_TALKS
    figure = build_timeline(archive.events, talks, np.zeros(len(talks), dtype=bool))
    marks = [trace for trace in figure["data"] if trace.get("yaxis") == "y3" and len(trace.get("x", ()))]
    assert 0 < sum(len(trace["x"]) for trace in marks) < talks.sum()
