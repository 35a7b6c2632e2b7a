"""`python -m pipeline COMMAND`: the pipeline from the command line."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pipeline import commands as run
from pipeline.corrections import SETTABLE, Action
from pipeline.errors import PipelineError
from pipeline.gazetteer_commands import add_parsers, run_gazetteer
from pipeline.partitions import is_address
from pipeline.settings import Settings

ABOUT = """From articles to a table of conflict events.

`build` needs no store: articles in, CSV tables out. All other commands work on the store: a database that holds
articles, reports, corrections and the published events, and snapshots of it that the dashboard reads."""
STATUS = """exit status: 0 done; 1 not possible (the message says what to do); 2 wrong use; 130 stopped by Ctrl-C.
environment: CONFLICT_STORE_DIR, CONFLICT_INBOX_DIR, CONFLICT_DATABASE_URL (postgresql+psycopg://...),
CONFLICT_READ_ONLY=1."""
CORRECT = f"""Correct what the machine got wrong, once: the correction survives every later refresh.

  correct set EVENT --field fatalities_best --value 12     a value; without --value: unknown
  correct confirm EVENT | correct reject EVENT             the event as a whole
  correct merge EVENT --value OTHER                        two events are one
  correct not-same EVENT --value OTHER                     two events are not one, whatever the machine thinks
  correct split REPORT                                     the report is about another event
  correct move REPORT --value EVENT                        the report belongs to that event
  correct undo NUMBER                                      take a correction back

Ids stand in the tables (`export`, or the dashboard); numbers of corrections in `status`.
fields: {", ".join(SETTABLE)}"""


Adder = Callable[..., argparse.ArgumentParser]  # name, text, about -> a command without options


def a_day(text: str) -> date:
    """A day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is not a day; write it as YYYY-MM-DD') from None


def a_place(text: str) -> Path | str:
    """A path, or the address of an archive as it is: a path would lose a slash of "s3://"."""
    return text if is_address(text) else Path(text)


def make_parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m pipeline", description=ABOUT, epilog=STATUS, formatter_class=raw)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str, about: str = "") -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=about or text, epilog=STATUS, formatter_class=raw)
        made.add_argument("--json", action="store_true", help="print one JSON object, for machines")
        return made

    _add_reading(command)
    _add_looking(command)
    _add_deciding(command)
    _add_keeping(command)
    add_parsers(commands, epilog=STATUS)
    return parser


def _add_reading(command: Adder) -> None:
    """Articles in: build, explain, refresh."""
    builder = command("build", "read articles and write events.csv and reports.csv, without a store")
    builder.add_argument(
        "articles", nargs="+", type=a_place, metavar="ARTICLES",
        help="files or folders; or an archive in parts, .jsonl or .parquet, also compressed: s3://bucket/2019/*.jsonl.gz",
    )  # fmt: skip
    builder.add_argument("--out", type=a_place, required=True, help="folder for the tables, or an address")
    builder.add_argument(
        "--snapshot", action="store_true",
        help="write Parquet by year, not CSV; the dashboard opens it: CONFLICT_STORE_DIR=OUT CONFLICT_READ_ONLY=1",
    )  # fmt: skip
    builder.add_argument("--mentions", action="store_true", help="write mentions.csv too")
    builder.add_argument(
        "--engine", choices=["local", "dask"], default="local", help="who reads: this machine, or a Dask cluster"
    )
    builder.add_argument("--workers", type=int, default=1, help="processes that read; 0: one a core (1)")
    builder.add_argument(
        "--scheduler", default="", metavar="tcp://HOST:PORT", help="a Dask cluster that runs; without it one is started"
    )

    joiner = command("join", "make one snapshot of several that `build --snapshot` wrote, of different articles")
    joiner.add_argument("snapshots", nargs="+", type=a_place, metavar="SNAPSHOTS", help="their folders or addresses")
    joiner.add_argument("--out", type=a_place, required=True, help="folder or address of what is joined")

    explainer = command(
        "explain", "show how an article is read: mentions marked, values and reasons, reports",
        "Show how an article is read: its mentions marked, what each was resolved to and why, and its reports.\n\n"
        "Nothing is stored. With --json all fields of mentions and reports.",
    )  # fmt: skip
    explainer.add_argument("articles", nargs="+", type=Path, help="files or folders")

    refresher = command(
        "refresh", "take in the inbox (and ARTICLES), publish a new version of the event table",
        "Take in the inbox (and ARTICLES) and publish a new version of the event table.\n\nOnly what is new is read. "
        "It may be stopped with Ctrl-C at any time and goes on where it stopped.\nRefused articles are named on "
        "stderr with what is wrong and what to do; the others go on.",
    )  # fmt: skip
    refresher.add_argument("articles", nargs="*", type=Path, help="files or folders besides the inbox")
    refresher.add_argument(
        "--feeds", action="store_true", help="first read the feeds of data/feeds.txt (uses the network)"
    )
    refresher.add_argument(
        "--feed", action="append", default=[], metavar="URL", help="first read this RSS or Atom feed"
    )
    refresher.add_argument(
        "--workers", type=int, default=0, help="processes that read (one a core where more than a few hundred are new)"
    )
    refresher.add_argument("--watch", type=float, metavar="MINUTES", help="refresh again and again, with this pause")


def _add_looking(command: Adder) -> None:
    """The table out: export, status."""
    exporter = command(
        "export", "write the event table as .csv, .geojson, .parquet or .xlsx",
        "Write the event table, or a part of it, with the corrections applied.\n\n  export --out syria.csv --country "
        "Syria --kind incident --since 2018-09-01",
    )  # fmt: skip
    exporter.add_argument("--out", type=Path, required=True, help="the file; its ending says the format")
    for name, text in (("country", "as the table names it"), ("event-type", "as ACLED names it"),
                       ("kind", "incident, cumulative, diplomatic"), ("status", "machine, corrected ...")):  # fmt: skip
        exporter.add_argument(f"--{name}", action="append", help=f"only these; {text}; may be given again")
    exporter.add_argument("--since", type=a_day, metavar="YYYY-MM-DD", help="only events of this day or later")
    exporter.add_argument("--until", type=a_day, metavar="YYYY-MM-DD", help="only events of this day or earlier")

    status = command(
        "status", "what is published, what the last run changed, what was corrected",
        "What is published, from how much; the last runs, with what each took in and refused; what the last of them "
        "that\nchanged anything changed, field by field and because of which article; every correction with its "
        "state:\napplied, replaced (by a later one), taken back, against the rules (of the table; not applied),\n"
        "orphaned (its event is gone; it comes back with it).",
    )  # fmt: skip
    status.add_argument("--runs", type=int, default=5, help="how many runs to list (5)")
    status.add_argument("--run", type=int, help="what this run changed (the last that changed anything)")


def _add_deciding(command: Adder) -> None:
    """A person's decisions: undo, withdraw, correct."""
    command(
        "undo", "take the last refresh back whole",
        "Take the last refresh that changed anything back whole.\n\nCorrections made since then stay. Articles that "
        "still lie in the inbox are taken in again by the next refresh:\nmove them away to keep them out.",
    )  # fmt: skip

    withdrawer = command(
        "withdraw", "leave an article's reports out from now on",
        "Leave an article's reports out from now on, also when its publisher changes it.\n\nIt stays in the store, "
        "marked. Events that lived by it alone are withdrawn; corrections to them wait, orphaned.",
    )  # fmt: skip
    withdrawer.add_argument("article_id", help="as in the table of reports; `sample`: all that came as a sample")
    withdrawer.add_argument("--why", required=True, help="the reason, for colleagues")
    withdrawer.add_argument("--back", action="store_true", help="let it count again")

    corrector = command("correct", "correct an event, once and for all refreshes", CORRECT)
    corrector.add_argument("action", choices=[str(a) for a in Action])
    corrector.add_argument("target", help="event_id, report_id, or the number of a correction")
    corrector.add_argument("--field", default="", help="for set: the column")
    corrector.add_argument("--value", default="", help="the value, or the other event's id")
    corrector.add_argument("--why", required=True, help="the reason, for colleagues")
    corrector.add_argument("--who", required=True, help="your name")


def _add_keeping(command: Adder) -> None:
    """The store itself: check, backup, restore."""
    checker = command(
        "check", "hold database and snapshot against each other and name each fault",
        "Hold database and snapshot against each other and name each fault, with what to do.\n\nIt exits with 1 where "
        "there is one. --repair computes the table again from articles, corrections and\npublished ids: the same "
        "table, byte for byte.",
    )  # fmt: skip
    checker.add_argument("--repair", action="store_true", help="first write the snapshot again from the database")

    backup = command(
        "backup", "write articles, corrections and published ids to one file",
        "Write the truth of the store to one file: articles as received, corrections, published ids, the log of runs."
        "\n\nWhat was read in the articles is left out: `restore` reads them again. The file is whole or not there.",
    )  # fmt: skip
    backup.add_argument("file", type=Path, help="for example store.jsonl.gz")
    restorer = command(
        "restore", "make an empty store of a backup",
        "Make an empty store of a backup and publish it: the same table, byte for byte, by the same program.\n\nAlso "
        "the way from SQLite to PostgreSQL: back up the one, name the other by CONFLICT_DATABASE_URL, restore.",
    )  # fmt: skip
    restorer.add_argument("file", type=Path, help="what `backup` wrote")


def main(argv: list[str] | None = None) -> int:
    """Run one command and say how it went."""
    args = make_parser().parse_args(argv)
    try:
        command = run_gazetteer if args.command == "gazetteer" else getattr(run, f"run_{args.command}")
        return command(args, Settings.from_env())
    except PipelineError as problem:
        if getattr(args, "json", False):
            print(json.dumps({"error": str(problem)}, ensure_ascii=False))
        print(f"error: {problem}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # `explain ARTICLE | head`: who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains while it ends
        return 0
    except KeyboardInterrupt:
        print("\nstopped; what was read is kept, the published table is as it was", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
