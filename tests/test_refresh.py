"""What a refresh promises: nothing twice, nothing lost, the same table whatever the order."""

import shutil
from dataclasses import replace

import pytest
from toy_store import NOW, many, put, row, settings_in, use_toy

from pipeline import (
    PipelineError,
    ReadOnlyStore,
    Settings,
    UnreadableArticle,
    arrivals,
    articles,
    list_runs,
    load_event_table,
    load_reports,
    load_snapshot,
    refresh,
    snapshot_token,
    take_in,
    undo_refresh,
    withdraw_article,
)
from pipeline.__main__ import make_parser
from pipeline.commands import run_status
from pipeline.history import store_exists

BREE = row("a1", "2031-05-02 Bree 3")
DALE = row("a2", "2031-05-02 Dale 5\n2031-05-01 Combe 2")


def table_text(settings: Settings) -> str:
    """The published table as CSV."""
    return load_event_table(settings).to_csv(index=False)


def test_empty_store_has_no_snapshot(settings: Settings) -> None:
    assert load_snapshot(settings) is None and snapshot_token(settings) == ""


def test_refresh_takes_in_the_inbox_and_says_what_is_new(settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    summary = refresh(settings, now=NOW)
    assert (summary.articles_new, summary.articles_read, len(summary.events("new"))) == (2, 2, 3)
    assert sorted(load_event_table(settings)["place"]) == ["Bree", "Combe", "Dale"]
    assert {c.because for c in summary.changes} == {"a1", "a2"}
    snapshot = load_snapshot(settings)
    assert snapshot is not None and list(snapshot.articles["text"]) == [BREE["text"], DALE["text"]]
    assert str(snapshot.events["fatalities_best"].dtype) == "Int64"
    assert str(snapshot.events["kind"].dtype) == "category"


def test_refresh_twice_changes_nothing(settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    refresh(settings, now=NOW)
    before, token = table_text(settings), snapshot_token(settings)
    again = refresh(settings, now=NOW)
    assert (again.articles_new, again.articles_read, again.changes) == (0, 0, ())
    assert (table_text(settings), snapshot_token(settings)) == (before, token)


def test_article_order_does_not_matter_and_two_refreshes_equal_one(tmp_path, toy) -> None:
    rows = [*many(9), row("b1", "2031-04-01 Bree 9", source="other"), DALE]
    tables = set()
    for number, order in enumerate((rows, rows[::-1])):
        settings = Settings(tmp_path, tmp_path / f"s{number}", tmp_path / f"i{number}", tmp_path / "none")
        put(settings, "all", order)
        refresh(settings, now=NOW)
        tables.add(table_text(settings))
    settings = Settings(tmp_path, tmp_path / "s2", tmp_path / "i2", tmp_path / "none")
    # in order of publication: an event that an older report joins later keeps the id it was published under
    rows.sort(key=lambda r: r["published"])
    for number, some in enumerate((rows[:4], rows[4:])):
        put(settings, f"part{number}", some)
        refresh(settings, now=NOW)
    assert tables == {table_text(settings)}


def test_two_versions_of_one_article_give_one_whatever_the_order_of_files(tmp_path, toy) -> None:
    early, late = row("a1", "2031-05-02 Bree 3"), row("a1", "2031-05-02 Bree 4", published="2031-05-04")
    found = []
    for number, order in enumerate(((early, late), (late, early))):
        settings = Settings(tmp_path, tmp_path / f"s{number}", tmp_path / f"i{number}", tmp_path / "none")
        put(settings, "all", order)
        for _ in range(3):
            refresh(settings, now=NOW)
        found.append(table_text(settings))
    assert found[0] == found[1] and ",4," in found[0]


def test_changed_article_is_told_field_by_field_and_keeps_its_event(settings: Settings) -> None:
    put(settings, "day", [BREE])
    refresh(settings, now=NOW)
    ids = list(load_event_table(settings)["event_id"])
    put(settings, "day", [row("a1", "2031-05-02 Bree 4")])
    summary = refresh(settings, now=NOW)
    assert (summary.articles_new, summary.articles_changed) == (0, 1)
    told = {(c.field, c.old, c.new, c.because) for c in summary.changes}
    assert ("fatalities_best", "3", "4", "a1") in told
    assert list(load_event_table(settings)["event_id"]) == ids


def test_new_extractor_reads_everything_again_and_events_keep_their_ids(settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    refresh(settings, now=NOW)
    before = load_event_table(settings)
    (settings.inbox_dir / "day.jsonl").unlink()  # the articles are in the store
    use_toy("newer", shift=1)  # all report ids move
    summary = refresh(settings, now=NOW)
    assert summary.articles_read == 2
    after = load_event_table(settings)
    assert dict(zip(after["place"], after["event_id"], strict=True)) == dict(
        zip(before["place"], before["event_id"], strict=True)
    )
    assert not summary.events("new") and not summary.events("withdrawn")
    assert set(load_reports(settings)["report_id"]) == {"a1#1", "a2#1", "a2#19"}


def test_undo_takes_the_last_refresh_back_whole(settings: Settings) -> None:
    put(settings, "day", [BREE])
    refresh(settings, now=NOW)
    before = table_text(settings)
    put(settings, "next", [row("a1", "2031-05-02 Bree 4"), DALE, row("a3", "2031-05-02 Bree 9", source="other")])
    refresh(settings, now=NOW)
    refresh(settings, now=NOW)  # one that changed nothing is not what "the last" means
    after = table_text(settings)
    undo_refresh(settings, now=NOW)
    assert table_text(settings) == before != after
    (settings.inbox_dir / "day.jsonl").unlink()
    refresh(settings, now=NOW)
    assert table_text(settings) == after


def test_undo_of_a_new_extractor_brings_the_old_reports_back(settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    refresh(settings, now=NOW)
    before = table_text(settings), set(load_reports(settings)["report_id"])
    use_toy("newer", shift=1)
    refresh(settings, now=NOW)
    undo_refresh(settings, now=NOW)
    assert (table_text(settings), set(load_reports(settings)["report_id"])) == before


def test_nothing_to_undo_is_said(settings: Settings) -> None:
    with pytest.raises(PipelineError, match="no refresh to undo"):
        undo_refresh(settings, now=NOW)


def test_withdrawn_article_takes_its_reports_along_and_stays_away(settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    refresh(settings, now=NOW)
    before = table_text(settings)
    done = withdraw_article(settings, "a2", why="retracted", now=NOW)
    assert {c.what for c in done.changes} == {"withdrawn"} and "retracted" in done.changes[0].because
    refresh(settings, now=NOW)
    assert list(load_event_table(settings)["place"]) == ["Bree"]
    snapshot = load_snapshot(settings)
    assert snapshot is not None and list(snapshot.articles["withdrawn"]) == [False, True]
    withdraw_article(settings, "a2", why="a mistake", now=NOW, withdrawn=False)
    assert table_text(settings) == before


def test_refused_articles_are_named_and_the_rest_goes_on(settings: Settings) -> None:
    put(settings, "day", [BREE])
    (settings.inbox_dir / "empty.txt").write_text("", encoding="utf-8")
    summary = refresh(settings, now=NOW)
    assert [r.name for r in summary.refused] == ["empty.txt"] and summary.refused[0].remedy
    assert summary.articles_new == 1


def test_interrupted_refresh_keeps_the_table_and_goes_on_where_it_stopped(settings: Settings) -> None:
    put(settings, "day", [BREE])
    refresh(settings, now=NOW)
    before = table_text(settings)
    put(settings, "more", many(200))

    def stop(done: int, total: int) -> None:
        assert total == 200
        if done == 120:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh(settings, now=NOW, progress=stop)
    assert table_text(settings) == before
    assert refresh(settings, now=NOW).articles_read == 80


def test_characters_that_no_database_keeps_are_replaced_in_place(settings: Settings) -> None:
    article = row("a1", "2031-05-02 Bree 3 \x00\ud800 end")
    put(settings, "day", [article])
    refresh(settings, now=NOW)
    snapshot = load_snapshot(settings)
    assert snapshot is not None and snapshot.articles["text"][0] == "2031-05-02 Bree 3 \ufffd\ufffd end"


def test_first_start_reads_the_seeds_and_later_ones_do_not(tmp_path, toy) -> None:
    seeds = Settings(inbox_dir=tmp_path / "seeds")
    put(seeds, "seed", [BREE])
    settings = Settings(tmp_path, tmp_path / "store", tmp_path / "inbox", tmp_path / "seeds")
    assert refresh(settings, now=NOW).articles_new == 1
    assert refresh(settings, now=NOW).articles_known == 0


def test_read_only_store_is_read_and_never_written(settings: Settings) -> None:
    put(settings, "day", [BREE])
    refresh(settings, now=NOW)
    locked = replace(settings, read_only=True)
    assert len(load_event_table(locked)) == 1 and len(list_runs(locked)) == 1
    for attempt in (
        lambda: refresh(locked, now=NOW),
        lambda: undo_refresh(locked, now=NOW),
        lambda: withdraw_article(locked, "a1", why="w", now=NOW),
        lambda: take_in(locked, "x.txt", b"x"),
    ):
        with pytest.raises(ReadOnlyStore):
            attempt()


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\a b.txt", "a b.txt"),
        (".hidden.txt", "hidden.txt"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("новости.jsonl", "новости.jsonl"),
        ("x" * 300 + ".txt", "x" * 96 + ".txt"),
    ],
)
def test_uploads_get_safe_names(tmp_path, name: str, stored: str) -> None:
    settings = Settings(inbox_dir=tmp_path / "inbox")
    path = take_in(settings, name, b"one")
    assert path == settings.inbox_dir / stored
    assert take_in(settings, name, b"one") == path
    other = take_in(settings, name, b"two")
    assert other != path and path.read_bytes() == b"one" and other.read_bytes() == b"two"


@pytest.mark.parametrize("name", ["run.exe", "noending", "page.html.sh"])
def test_uploads_of_other_kinds_are_refused(tmp_path, name: str) -> None:
    with pytest.raises(UnreadableArticle):
        take_in(Settings(inbox_dir=tmp_path / "inbox"), name, b"x")


def test_status_prints_the_last_change(settings: Settings, capsys) -> None:
    put(settings, "day", [BREE])
    refresh(settings, now=NOW)
    assert run_status(make_parser().parse_args(["status"]), settings) == 0
    assert "1 events from 1 reports in 1 articles" in (out := capsys.readouterr().out) and "new ev-a1#0" in out
    assert store_exists(settings)


def test_articles_without_a_day_are_counted_in_one_line(settings: Settings, monkeypatch) -> None:
    monkeypatch.setattr(articles, "printed_day", lambda article: None)
    monkeypatch.setattr(arrivals, "find_dct", lambda article: (article.published, ""))
    undated = [row("b", "2031-05-02 Bree 4", published=""), row("c", "2031-05-02 Dale 5", published="")]
    put(settings, "a", [row("a", "2031-05-02 Bree 3"), *undated])
    [warning] = refresh(settings, now=NOW).warnings
    assert warning.startswith("2 articles have no day of publication") and "“published”" in warning


@pytest.mark.parametrize("first", [0, 1])
def test_a_copy_saved_otherwise_is_known_and_which_came_first_does_not_matter(tmp_path, toy, first: int) -> None:
    copies = [row("a", "2031-05-02 Bree 3"), row("a", "2031-05-02\u00a0Bree 3")]
    settings = settings_in(tmp_path)
    put(settings, "one", [copies[first]])
    refresh(settings, now=NOW)
    put(settings, "two", [copies[1 - first]])
    account = refresh(settings, now=NOW)
    assert (account.articles_new, account.articles_changed, account.articles_known) == (0, 0, 2)
    assert load_snapshot(settings).articles["text"].tolist() == ["2031-05-02 Bree 3"]
    assert refresh(settings, now=NOW).articles_known == 2


def test_a_doubtful_day_is_told_and_taken_in(settings: Settings) -> None:
    put(settings, "a", [row("a", "2031-05-20 Bree 3", published="2031-05-03")])
    [warning] = refresh(settings, now=NOW).warnings
    assert "published 2031-05-20" in warning and "says 2031-05-03, which is earlier" in warning


def test_refresh_on_several_processes_publishes_the_same_table(tmp_path) -> None:
    sample = sorted((Settings().data_dir / "sample").glob("*"))
    usual, found = Settings(), []
    for workers in (1, 2):
        settings = replace(
            usual, store_dir=tmp_path / str(workers), inbox_dir=tmp_path / "none", seeds_dir=tmp_path / "none" / "none"
        )
        if (built := usual.store_dir / "gazetteer").exists():
            shutil.copytree(built, settings.store_dir / "gazetteer")
        assert refresh(settings, sample, now=NOW, workers=workers).articles_read > 60
        found.append(snapshot_token(settings))
    assert found[0] == found[1]


def test_article_that_the_reader_fails_on_is_refused_and_the_rest_goes_on(settings: Settings) -> None:
    put(settings, "day", [BREE, row("bad", "no day in this line"), DALE])
    summary = refresh(settings, now=NOW)
    assert [r.name for r in summary.refused] == ["bad"] and "the reader fails on it" in summary.refused[0].problem
    assert (summary.articles_new, len(load_event_table(settings))) == (2, 3)
    assert refresh(settings, now=NOW).articles_read == 1  # it is tried again, as if it had just come
