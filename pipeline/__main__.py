"""`python -m pipeline COMMAND`: the pipeline from the command line."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.build import build
from pipeline.errors import PipelineError
from pipeline.settings import Settings


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 when something could be read, 1 when nothing could, 2 for wrong use."""
    parser = argparse.ArgumentParser(prog="python -m pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    builder = commands.add_parser("build", help="read articles and write events.csv and reports.csv, without a store")
    builder.add_argument("articles", nargs="+", type=Path, help="files or folders")
    builder.add_argument("--out", type=Path, required=True, help="folder for the tables")
    builder.add_argument("--mentions", action="store_true", help="write mentions.csv too")
    args = parser.parse_args(argv)
    try:
        return run_build(args)
    except PipelineError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 1


def run_build(args: argparse.Namespace) -> int:
    """`build`."""
    today = datetime.now(UTC).date()
    summary = build(args.articles, args.out, Settings.from_env(), today=today, with_mentions=args.mentions)
    for problem in summary.refused:
        print(f"refused: {problem}", file=sys.stderr)
    print(f"{summary.articles} articles, {summary.reports} reports, {summary.events} events -> {args.out}")
    return 0 if summary.articles else 1


if __name__ == "__main__":
    sys.exit(main())
