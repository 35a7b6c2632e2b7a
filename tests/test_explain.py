"""`explain`: why an article was read as it was, in words that an analyst knows, fit for a terminal or a pipe."""

import csv
import os
import pty
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.articles import read_articles
from pipeline.explain import explain
from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.reason_words import ABOUT, WORDS, plain_reason
from pipeline.settings import Settings
from pipeline.terminal import fit, paint

ROOT = Path(__file__).parent.parent
SETTINGS = Settings()
TODAY = date(2026, 11, 1)
DISPATCH = SETTINGS.sample_dir / "2018-08-08-latakia-mountains-2.txt"
FIELDS = {*ABOUT, "day", "count", "number", "violence", "date_role", "place_role", "count_relation"}
# What only somebody who knows the rules understands: a letter that stands for a number, a lexicon's own words
JARGON = re.compile(r"\bN\b(?! “)|\bplural\b|\bvague\b|not asserted|\bweak\b|\bverb\b|\bnoun\b|unresolved|_")

SAID = {
    "date_start: latest weekday": "Day: a weekday: the last such day before the article appeared, or that day",
    "place: first-level region; 2 of this name": "Place: a province or state: somewhere in it; the list of places knows"
    " 2 of this name: this one goes best with the rest of the article",
    "fatalities_best: killed: at least N": "Killed: beside “killed”: a number with “at least”",
    "injured_best: wounded: tens of (vague)":
        "Injured: beside “wounded”: “tens of”, no exact number; the least it can mean is counted",
    "event_type: “shelling”": "What happened: from the word “shelling”",
    "place: a war's toll is the country's": "Place: a war's toll is the country's",
    "of no column": "of no column",
}  # fmt: skip


@pytest.mark.parametrize("reason", SAID)
def test_a_reason_is_told_in_plain_words_and_an_unknown_one_as_it_is(reason: str) -> None:
    assert plain_reason(reason) == SAID[reason]


def test_each_row_of_the_words_has_a_field_a_pattern_and_words() -> None:
    with WORDS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len({(row["field"], row["part"]) for row in rows})
    for row in rows:
        assert set(row) == {"field", "part", "words"} and all(row.values()), row
        assert row["field"] in FIELDS
        asked = re.findall(r"\\(\d)", row["words"])
        assert all(int(n) <= re.compile(row["part"]).groups for n in asked), row


@pytest.fixture(scope="module")
def sample_lines() -> dict[str, list[str]]:
    gazetteer = load_gazetteer(SETTINGS)
    found = {}
    for path in sorted([*SETTINGS.sample_dir.glob("*.txt"), *SETTINGS.seeds_dir.glob("*.txt")]):
        [article] = read_articles(path, today=TODAY, max_bytes=SETTINGS.max_article_bytes)
        found[path.name] = list(explain(extract(article, gazetteer)))
    return found


def test_no_line_about_the_sample_needs_knowledge_of_the_rules(sample_lines) -> None:
    told = [line for lines in sample_lines.values() for line in lines if line.startswith("    ")]
    unquoted = [re.sub(r"“[^”]*”", "“”", line) for line in told]
    assert len(told) > 1000 and [line for line in unquoted if JARGON.search(line)] == []


def test_a_mention_says_its_value_and_why_and_an_event_where_each_value_is_from(sample_lines) -> None:
    told = sample_lines[DISPATCH.name]
    assert any(line.startswith("    D “yesterday”: 2018-08-07 — counted back from the day of the article") for line in told)
    assert any(line.startswith("    N “At least seven members”: killed at least 7 — beside “died”: ") for line in told)
    assert "    When: 2018-08-07" in told and "      Killed: beside “died”: a number with “at least”" in told


def test_lines_are_broken_at_the_width_and_keep_their_indent() -> None:
    line = "    D “Friday”: 2018-08-10 — " + "so many words " * 20
    broken = "\n".join(fit(["", line.rstrip()], 60)).split("\n")
    assert broken[0] == "" and all(len(part) <= 60 for part in broken)
    assert broken[1].startswith("    D “Friday”") and all(part.startswith("      so") or " so" in part for part in broken[2:])
    assert " ".join(part.strip() for part in broken[1:]) == line.strip()


def test_marks_have_a_colour_also_across_a_broken_line() -> None:
    assert paint("in [P: Khan\nSheikhoun] on [D: Friday]; [Q: no]") == (
        "in \x1b[32m[P: Khan\nSheikhoun]\x1b[0m on \x1b[36m[D: Friday]\x1b[0m; [Q: no]"
    )


def run_explain(*articles: str, terminal: bool = False, **settings: str) -> tuple[int, str, str]:
    """Status, stdout and stderr; stdout is a pipe, or a terminal of 80 columns."""
    command = [sys.executable, "-m", "pipeline", "explain", *articles]
    env = {k: v for k, v in os.environ.items() if k != "NO_COLOR"} | {"COLUMNS": "80", "TERM": "xterm"} | settings
    if not terminal:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=theirs, stderr=subprocess.PIPE, text=True)
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 65536):
            told += part
    except OSError:  # how a terminal ends on Linux
        pass
    return process.wait(), told.decode("utf-8").replace("\r\n", "\n"), process.stderr.read()


def test_a_pipe_gets_whole_lines_without_colour_and_each_article_under_its_own_line() -> None:
    other = SETTINGS.sample_dir / "2018-08-10-nubl.txt"
    status, told, problems = run_explain(str(DISPATCH), str(other))
    assert status == 0 and "\x1b" not in told and problems == ""
    first, second = told.split("\n" + "=" * 20 + "\n")
    assert first.startswith("Insurgents raid outpost in Latakia\n") and second.startswith("Rocket kills one in Nubl\n")
    assert max(map(len, first.split("\n"))) > 120


def test_a_terminal_gets_colours_and_its_own_width_and_no_color_is_respected() -> None:
    status, told, _ = run_explain(str(DISPATCH), terminal=True)
    assert status == 0 and "\x1b[36m[D: yesterday]\x1b[0m" in told
    assert all(len(re.sub(r"\x1b\[\d+m", "", line)) <= 80 for line in told.split("\n"))
    assert "\x1b" not in run_explain(str(DISPATCH), terminal=True, NO_COLOR="1")[1]


def test_a_file_that_is_not_there_is_named_and_the_others_are_explained() -> None:
    status, told, problems = run_explain("nowhere.txt", str(DISPATCH))
    assert status == 0 and told.startswith("Insurgents raid") and "nowhere.txt" in problems
    status, told, problems = run_explain("nowhere.txt")
    assert status == 1 and told == "" and "nowhere.txt" in problems and "Traceback" not in problems


def test_a_reader_who_stops_reading_gets_no_traceback() -> None:
    command = f"{sys.executable} -m pipeline explain {SETTINGS.sample_dir} | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "Four civilians die as shells hit Aleppo\n" and done.stderr == ""
