"""The command line as its user meets it: what each command says, its JSON, its exit status."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from toy_store import NOW, many, put, row

from pipeline import Settings, commands, load_event_table
from pipeline.__main__ import main, make_parser
from pipeline.commands import show_progress

COMMANDS = ("build", "explain", "refresh", "export", "status", "undo", "withdraw", "correct", "check", "backup", "restore",
            "gazetteer", "gazetteer add", "gazetteer lookup")
BREE, BREE_TOO = row("a1", "2031-05-02 Bree 3"), row("a2", "2031-05-02 Bree 4", source="Staddle Star")
DALE = row("a3", "2031-05-02 Dale 5")


@pytest.fixture
def run(settings: Settings, monkeypatch, capsys):
    """Run a command on the store; its exit status and what it printed."""
    monkeypatch.setattr(commands, "now", lambda: NOW)
    monkeypatch.setattr(Settings, "from_env", classmethod(lambda cls: settings))

    def call(*words: str) -> tuple[int, str]:
        try:
            status = main(list(words))
        except SystemExit as end:  # of argparse
            status = int(end.code or 0)
        told = capsys.readouterr()
        return status, told.out + told.err

    return call


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_like_documentation(command: str, capsys) -> None:
    with pytest.raises(SystemExit) as end:
        make_parser().parse_args([*command.split(), "--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0 and "exit status: 0 done; 1 not possible" in told and "CONFLICT_STORE_DIR" in told


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "gazetteer"])
def test_every_command_has_an_answer_for_machines(command: str, capsys) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args([*command.split(), "--help"])
    assert "--json" in capsys.readouterr().out


def test_explain_for_machines_tells_mentions_and_reports_with_all_their_fields(tmp_path, capsys) -> None:
    text = "KYIV, Sept 12 - Shelling killed three people in Kharkiv on Tuesday, officials said.\n"
    article = {"id": "a", "published": "2022-09-14", "title": "Dead in Kharkiv", "source": "s", "url": "", "text": text}
    (tmp_path / "a.jsonl").write_text(json.dumps(article) + "\nno json\n", encoding="utf-8")
    assert main(["explain", "--json", str(tmp_path / "a.jsonl")]) == 0
    told = json.loads(capsys.readouterr().out)
    [found] = told["articles"]
    assert len(told["refused"]) == 1 and (found["article_id"], found["day"]) == ("a", "2022-09-14")
    assert {"date", "place", "count", "violence"} == {m["kind"] for m in found["mentions"]}
    for m in found["mentions"]:
        assert article[m["field"]][m["start_char"] : m["end_char"]] == m["text"]
    assert (found["reports"][0]["killed"]["best"], found["reports"][0]["date_start"]) == (3, "2022-09-13")


def test_empty_store_says_what_to_do(run) -> None:
    assert run("status") == (0, "the store is empty; run `python -m pipeline refresh`\n")
    status, told = run("export", "--out", "x.csv")
    assert status == 1 and "run `python -m pipeline refresh`" in told
    assert run("undo")[0] == 1 and run("check") == (0, "the store is whole\n")


def test_status_tells_the_last_refresh_in_words(run, settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    assert run("refresh")[0] == 0
    put(settings, "day", [row("a1", "2031-05-02 Bree 6"), BREE_TOO])
    (settings.inbox_dir / "empty.txt").write_text("", encoding="utf-8")
    status, told = run("refresh")
    assert status == 0 and "articles: 1 new, 1 changed, 0 known, 1 refused; 2 read" in told
    assert "refused: empty.txt" in told
    run("refresh")  # of nothing new: the account stays that of the last change
    lines = run("status")[1].splitlines()
    assert lines[0].endswith("2 events from 3 reports in 3 articles")
    assert lines[1].startswith("run 3 refresh 2031-06-01 12:00; articles: 2 known; events: no change")
    assert "run 2 refresh 2031-06-01 12:00; articles: 1 new, 1 changed; events: 1 changed" in lines
    assert any(line.startswith("  refused: empty.txt") for line in lines)
    assert "what run 2 changed:" in lines
    [changed] = [line for line in lines if line.startswith("  changed ev-a1#0 fatalities_high: 3 -> 6 ")]
    assert changed.endswith(" (because of a1 | a2)")
    assert "[2031-05-02, Bree, " in changed and " killed]" in changed  # an id alone tells a reader nothing


def test_json_is_one_object_also_where_it_fails(run, settings: Settings) -> None:
    put(settings, "day", [BREE, DALE])
    facts = json.loads(run("refresh", "--json")[1])
    assert facts["articles_new"] == 2 and facts["changes"][0]["what"] == "new"
    facts = json.loads(run("status", "--json")[1])
    assert (facts["events"], facts["runs"][0]["summary"]["articles_new"], facts["runs"][0]["undone_by"]) == (2, 2, None)
    assert json.loads(run("check", "--json")[1]) == {"faults": [], "repaired": ""}
    status, told = run("correct", "confirm", "ev-nobody", "--why", "w", "--who", "r", "--json")
    assert status == 1 and "no event" in json.loads(told[: told.index("error: ")])["error"]
    assert run("correct", "confirm")[0] == 2 and run("nothing")[0] == 2


def test_every_kind_of_correction_goes_through_the_command_line(run, settings: Settings) -> None:
    put(settings, "day", [BREE, BREE_TOO, DALE, row("a4", "2031-05-09 Combe 1")])
    run("refresh")

    def correct(*words: str) -> str:
        status, told = run("correct", *words, "--why", "I was there", "--who", "Rosie")
        assert status == 0, told
        return told

    assert "correction 1 is kept" in correct("set", "ev-a3#0", "--field", "fatalities_high", "--value", "9")
    correct("confirm", "ev-a1#0")
    correct("reject", "ev-a4#0")
    correct("split", "a2#0")
    correct("move", "a2#0", "--value", "ev-a3#0")
    correct("not-same", "ev-a1#0", "--value", "ev-a4#0")
    correct("merge", "ev-a1#0", "--value", "ev-a3#0")
    correct("undo", "7")
    told = run("status")[1]
    assert "correction 1 applied: set ev-a3#0 fatalities_high 9 (machine: 5), by Rosie: I was there" in told
    assert "correction 7 taken back: merge ev-a1#0 ev-a3#0" in told
    table = load_event_table(settings).set_index("event_id")
    assert dict(table["status"].astype(str)) == {
        "ev-a1#0": "confirmed", "ev-a3#0": "corrected", "ev-a4#0": "rejected"
    }  # fmt: skip
    run("withdraw", "a4", "--why", "retracted")
    assert "correction 3 orphaned: reject ev-a4#0" in run("status")[1]


def test_undo_and_withdraw_say_what_came_of_it(run, settings: Settings) -> None:
    put(settings, "day", [BREE])
    run("refresh")
    status, told = run("withdraw", "a1", "--why", "retracted")
    assert status == 0 and "withdrawn ev-a1#0 (because of article a1 withdrawn: retracted)" in told
    assert "returned ev-a1#0" in run("withdraw", "a1", "--why", "a mistake", "--back")[1]
    put(settings, "more", [DALE])
    run("refresh")
    status, told = run("undo")
    assert status == 0 and "withdrawn ev-a3#0 (because of undo of run 4)" in told
    told = run("status")[1]
    assert "run 5 undo" in told and "takes back run 4" in told and "taken back by run 5" in told


def test_check_names_a_fault_and_repairs_it(run, settings: Settings) -> None:
    put(settings, "day", [BREE])
    run("refresh")
    current = (settings.store_dir / "CURRENT").read_text(encoding="utf-8").strip()
    (settings.store_dir / "snapshots" / current / "events.parquet").write_bytes(b"no table")
    status, told = run("check")
    assert status == 1 and "events.parquet: damaged" in told and "check --repair" in told
    assert run("check", "--repair") == (0, "the store is whole\n")


def test_progress_says_how_long_it_will_take(capsys) -> None:
    progress = show_progress()
    for done in range(1, 4):
        progress(done, 3)
    assert capsys.readouterr().err.endswith("3 of 3 articles, done   \nmerging and publishing ...\n")


SLOW = """
import signal, sys, toy_store
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it starts in the background ignore it
toy_store.use_toy(seconds=0.02)
from pipeline import commands
from pipeline.__main__ import main
def progress(done, total):
    print(done, flush=True)
commands.show_progress = lambda: progress
commands.now = lambda: toy_store.NOW
sys.stderr.isatty = lambda: True
sys.exit(main(["refresh"]))
"""


def test_ctrl_c_stops_a_long_refresh_which_then_goes_on(run, settings: Settings) -> None:
    put(settings, "day", [BREE])
    run("refresh")
    before = load_event_table(settings)
    put(settings, "more", many(200))
    here = Path(__file__).parent
    environment = os.environ | {
        "PYTHONPATH": f"{here}{os.pathsep}{here.parent}", "CONFLICT_STORE_DIR": str(settings.store_dir),
        "CONFLICT_INBOX_DIR": str(settings.inbox_dir), "CONFLICT_DATABASE_URL": settings.database_url,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    for line in process.stdout:
        if line.strip() == "60":
            process.send_signal(signal.SIGINT)
            break
    told = process.communicate()[1]
    assert process.returncode == 130 and "what was read is kept, the published table is as it was" in told, told
    assert load_event_table(settings).equals(before)
    read = json.loads(run("refresh", "--json")[1].partition("taken in, but")[0])["articles_read"]
    assert 0 < read <= 140


def test_export_takes_only_days_that_are_days(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--out", "x.csv", "--since", "yesterday"])
    assert '"yesterday" is not a day; write it as YYYY-MM-DD' in capsys.readouterr().err
