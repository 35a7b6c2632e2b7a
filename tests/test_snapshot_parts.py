"""A table in several files: cut by its rows alone, and of a change only the files that it touches are written anew."""

from __future__ import annotations

import os

import pandas as pd
import pytest
from toy_store import NOW, published_files, put, row, settings_in

from pipeline import BrokenStore, Settings, load_snapshot, refresh, snapshot_token, withdraw_article
from pipeline.checking import check_store, repair_store
from pipeline.joining import join_snapshots
from pipeline.snapshot_files import open_snapshot
from pipeline.snapshot_parts import CUT_ROWS, PIECES, UNDATED, cut, month_of, months_of, months_of_ordinals

MONTHS = ("2030-11", "2031-02", "2031-03", "2031-04", "2031-05")


def years(each: int) -> list[dict[str, str]]:
    """Articles of some months, so many of each."""
    return [
        row(f"{month}-{n}", f"{month}-{1 + n:02} Bree {n}", source=f"s{n}", published=f"{month}-{2 + n:02}")
        for month in MONTHS for n in range(each)
    ]  # fmt: skip


@pytest.fixture
def filled(toy, small_files, tmp_path) -> Settings:
    settings = settings_in(tmp_path)
    put(settings, "all", years(2))
    refresh(settings, now=NOW)
    return settings


def test_a_small_table_is_one_file_a_larger_one_is_cut_by_years_and_months() -> None:
    may, june = month_of(NOW.date()) - 1, month_of(NOW.date())
    assert cut("events", {}) == {"events.parquet": []}
    assert cut("events", {may: 9_000, june: 7_000}) == {"events.parquet": [may, june]}
    assert cut("events", {may - 12: 9_000, may: 9_000, june: 7_000, UNDATED: 1}) == {
        "events/2030.parquet": [may - 12], "events/2031.parquet": [may, june], "events/none.parquet": [UNDATED],
    }  # fmt: skip
    assert list(cut("events", {may: 9_000, june: 9_000})) == ["events/2031-05.parquet", "events/2031-06.parquet"]


def test_articles_are_cut_by_the_run_that_received_them() -> None:
    assert cut("articles", {PIECES: 10, 2 * PIECES: 10}) == {"articles.parquet": [PIECES, 2 * PIECES]}
    assert cut("articles", {PIECES + 3: 2_000, 2 * PIECES + 1: 3_000, 3 * PIECES: 10}) == {
        "articles/000001.parquet": [PIECES + 3, 2 * PIECES + 1], "articles/000003.parquet": [3 * PIECES],
    }  # fmt: skip
    many = {5 * PIECES + n: 200 for n in range(PIECES)}
    found = cut("articles", {4 * PIECES: 1} | many | {6 * PIECES: 1})
    assert [name.partition("/")[2] for name in found] == [
        "000004.parquet", *(f"000005-0{n}.parquet" for n in range(4)), "000006.parquet",
    ]  # fmt: skip
    assert sum(map(len, found.values())) == PIECES + 2 and max(map(len, found.values())) * 200 <= CUT_ROWS["articles"]


def test_old_news_that_come_late_are_put_behind_all_articles(filled: Settings) -> None:
    before = published_files(filled)
    put(filled, "more", [row("late", "2030-11-20 Dale 4", published="2030-11-21")])
    refresh(filled, now=NOW)
    found = {name for name, digest in published_files(filled).items() if before.get(name) != digest}
    assert {name for name in found if name.startswith("articles")} == {"articles/000002.parquet"}
    grown = published_files(filled)
    repair_store(filled, now=NOW)
    assert published_files(filled) == grown


def test_months_are_the_same_of_days_ordinals_and_dates() -> None:
    days = [pd.Timestamp("2031-05-31"), pd.Timestamp("0999-01-01"), pd.NaT, pd.Timestamp("1969-12-31")]
    of_days = months_of(pd.Series(days).astype("datetime64[ms]")).tolist()
    assert of_days == [2031 * 12 + 4, 999 * 12, UNDATED, 1969 * 12 + 11]
    ordinals = pd.Series([9_999_999 if pd.isna(d) else d.toordinal() for d in days]).to_numpy()
    assert months_of_ordinals(ordinals).tolist() == of_days
    assert [month_of(None if pd.isna(d) else d.date()) for d in days] == of_days


def test_only_the_files_of_touched_months_are_written_anew(filled: Settings) -> None:
    before = filled.store_dir / "snapshots" / snapshot_token(filled)
    assert {"events/2030.parquet", "events/2031-02.parquet", "articles/000001-00.parquet"} <= published_files(filled).keys()
    put(filled, "more", [row("late", "2031-05-20 Dale 4", published="2031-05-21")])
    refresh(filled, now=NOW)
    after = filled.store_dir / "snapshots" / snapshot_token(filled)
    anew = {p.relative_to(after).as_posix() for p in after.rglob("*.parquet")
            if not (before / p.relative_to(after)).exists() or not os.path.samefile(p, before / p.relative_to(after))}
    assert {name for name in anew if "/" in name and not name.startswith("changes")} == {
        "events/2031-05.parquet", "reports/2031-05.parquet", "articles/000002.parquet",
    }  # fmt: skip
    assert check_store(filled) == [] and set(load_snapshot(filled).articles["article_id"]) > {"late"}


def test_a_table_that_grows_or_shrinks_past_a_bound_is_cut_as_one_made_at_once(filled: Settings) -> None:
    put(filled, "all", [])
    for step in ([a["id"] for a in years(2)[4:]], [a["id"] for a in years(2)[:3]]):
        for article_id in step:
            withdraw_article(filled, article_id, why="w", now=NOW)
            found = published_files(filled)
            repair_store(filled, now=NOW)
            assert published_files(filled) == found
    assert {name for name in found if name.startswith("events")} == {"events.parquet"}
    put(filled, "grown", years(3))
    refresh(filled, now=NOW)
    found = published_files(filled)
    assert "events/2031-02.parquet" in found
    repair_store(filled, now=NOW)
    assert published_files(filled) == found


def test_a_damaged_part_is_named_and_made_again(filled: Settings) -> None:
    found = published_files(filled)
    path = filled.store_dir / "snapshots" / snapshot_token(filled) / "reports" / "2031-03.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    for opening in (load_snapshot, open_snapshot):
        with pytest.raises(BrokenStore, match=r"reports/2031-03\.parquet: damaged.*check --repair"):
            opening(filled)
    put(filled, "more", [row("late", "2031-05-20 Dale 4", published="2031-05-21")])
    refresh(filled, now=NOW)  # nothing damaged is taken over
    assert check_store(filled) == [] and published_files(filled)["reports/2031-03.parquet"] == found["reports/2031-03.parquet"]


def test_a_kept_snapshot_keeps_its_files_when_newer_ones_come(filled: Settings) -> None:
    opened = open_snapshot(filled)
    for n in range(5):
        put(filled, f"more{n}", [row(f"late{n}", f"2031-05-2{n} Dale 4", published="2031-05-26")])
        refresh(filled, now=NOW)
    assert opened.whole("events")["event_id"].nunique() == 10
    assert len(list((filled.store_dir / "snapshots").iterdir())) == 3
    assert len(load_snapshot(filled).events) == 15


def test_two_stores_of_several_files_are_joined_without_loss(toy, small_files, tmp_path) -> None:
    events: list[str] = []
    for name, some in (("a", years(2)), ("b", [row("late", "2029-05-20 Dale 4", published="2029-05-21")])):
        settings = settings_in(tmp_path / name)
        put(settings, "all", some)
        refresh(settings, now=NOW)
        events += load_snapshot(settings).events["event_id"].tolist()
    assert join_snapshots([tmp_path / name / "store" for name in ("a", "b")], tmp_path / "both", at=NOW) == len(events)
    joined = load_snapshot(Settings(store_dir=tmp_path / "both", read_only=True))
    assert sorted(joined.events["event_id"]) == sorted(events)
    assert len(joined.articles) == len(years(2)) + 1
