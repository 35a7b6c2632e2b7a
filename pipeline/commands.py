"""What each command does and prints. Each returns its exit status: 0 done, 1 not possible."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from pipeline.account_words import EVENT_WORDS, change_words, correction_words, event_words, run_words
from pipeline.articles import article_files, read_articles
from pipeline.backup import restore_backup, write_backup
from pipeline.build import build
from pipeline.checking import check_store, repair_store
from pipeline.decisions import add_correction
from pipeline.engines import open_engine
from pipeline.errors import BrokenStore, UnreadableArticle
from pipeline.explain import explain, explain_facts
from pipeline.export import export_batches
from pipeline.extract import extract
from pipeline.feed_list import due_feeds, feeds_file, load_feed_list, load_feed_state
from pipeline.feeds import take_in_feeds
from pipeline.gazetteer import load_gazetteer
from pipeline.history import list_runs, undo_refresh, withdraw_article
from pipeline.joining import join_snapshots
from pipeline.publish import Published
from pipeline.refresh import Progress, refresh
from pipeline.sample import withdraw_sample
from pipeline.settings import Settings
from pipeline.snapshot_files import open_snapshot
from pipeline.snapshots import load_snapshot
from pipeline.terminal import fit, paint

EXPORT_LISTS = ("country", "event_type", "kind", "status")


def now() -> datetime:
    """The clock; nothing below this module looks at it."""
    return datetime.now(UTC)


def tell(args: argparse.Namespace, facts: dict[str, Any], *lines: str) -> None:
    """The facts as one JSON object with --json, else the lines for people."""
    if args.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1, default=str))
    else:
        print("\n".join(lines))


def run_build(args: argparse.Namespace, settings: Settings) -> int:
    """`build`."""
    with open_engine(settings, args.engine, args.workers, args.scheduler) as engine:
        summary = build(
            args.articles, args.out, settings, today=now().date(), with_mentions=args.mentions, engine=engine,
            snapshot_at=now() if args.snapshot else None,
        )  # fmt: skip
    for problem in summary.refused:
        print(f"refused: {problem}", file=sys.stderr)
    facts = {"articles": summary.articles, "reports": summary.reports, "events": summary.events,
             "refused": [str(r) for r in summary.refused], "folder": str(args.out)}  # fmt: skip
    tell(args, facts, f"{summary.articles} articles, {summary.reports} reports, {summary.events} events -> {args.out}")
    return 0 if summary.articles else 1


def run_join(args: argparse.Namespace, settings: Settings) -> int:
    """`join`."""
    events = join_snapshots(args.snapshots, args.out, at=now())
    tell(args, {"events": events, "folder": str(args.out)}, f"{events} events -> {args.out}")
    return 0


def run_explain(args: argparse.Namespace, settings: Settings) -> int:
    """`explain`."""
    gazetteer, today, read = load_gazetteer(settings), now().date(), 0
    facts: dict[str, list[Any]] = {"articles": [], "refused": []}
    for path in article_files(args.articles):
        for found in read_articles(path, today=today, max_bytes=settings.max_article_bytes):
            if isinstance(found, UnreadableArticle):
                print(f"refused: {found}", file=sys.stderr)
                facts["refused"].append(str(found))
                continue
            if read and not args.json:
                print("\n" + "=" * 20)
            read += 1
            extraction = extract(found, gazetteer)
            if args.json:
                facts["articles"].append(explain_facts(extraction))
            else:
                print_lines(explain(extraction))
    if args.json:
        tell(args, facts)
    return 0 if read else 1


def print_lines(lines: Iterable[str]) -> None:
    """To a terminal broken at its width and in colour, unless NO_COLOR is set; to a file or a pipe as they are."""
    if not sys.stdout.isatty():
        print("\n".join(lines))
        return
    text = "\n".join(fit(lines, shutil.get_terminal_size().columns))
    print(text if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else paint(text))


def run_refresh(args: argparse.Namespace, settings: Settings) -> int:
    """`refresh`, once or with --watch until Ctrl-C."""
    status = refresh_once(args, settings)
    while args.watch:
        time.sleep(max(args.watch, 1.0) * 60)
        status = refresh_once(args, settings)
    return status


def refresh_once(args: argparse.Namespace, settings: Settings) -> int:
    """Feeds if asked for, then one refresh."""
    state = settings.store_dir / "feeds.json"
    listed = load_feed_list(feeds_file(settings)) if args.feeds else []
    # asked once, all are read; while watching, each in its turn
    due = due_feeds(listed, load_feed_state(state), now()) if args.watch else [feed.url for feed in listed]
    urls = [*args.feed, *due]
    if urls:
        taken, unread = take_in_feeds(urls, settings.inbox_dir, state, now=now(), read_only=settings.read_only)
        print(f"feeds: {taken} articles from {len(urls)} feeds", file=sys.stderr)
        for problem in unread:
            print(f"refused: {problem}", file=sys.stderr)
    progress = show_progress() if sys.stderr.isatty() else None
    summary = refresh(settings, args.articles, now=now(), progress=progress, workers=args.workers)
    facts = summary.as_dict()
    for problem in summary.refused:
        print(f"refused: {problem}", file=sys.stderr)
    for warning in summary.warnings:
        print(f"taken in, but: {warning}", file=sys.stderr)
    tell(
        args, facts | {"changes": [asdict(c) for c in summary.changes]},
        f"articles: {facts['articles_new']} new, {facts['articles_changed']} changed, "
        f"{facts['articles_known']} known, {len(summary.refused)} refused; {facts['articles_read']} read",
        "events: " + ", ".join(f"{facts[f'events_{w}']} {w}" for w in EVENT_WORDS),
        f"snapshot {summary.snapshot_id}",
    )  # fmt: skip
    took = summary.articles_new + summary.articles_changed + summary.articles_known
    return 0 if took or not summary.refused else 1


def show_progress() -> Progress:
    """A line that renews itself, with the time that is left."""
    start, last = time.monotonic(), [0.0]

    def progress(done: int, total: int) -> None:
        passed = time.monotonic() - start
        if done < total and passed - last[0] < 0.2:
            return
        last[0] = passed
        left = f"about {passed / done * (total - done):.0f} s left" if done < total else "done"
        print(f"\r{done} of {total} articles, {left}   ", end="", file=sys.stderr, flush=True)
        if done == total:
            print("\nmerging and publishing ...", file=sys.stderr)

    return progress


def run_export(args: argparse.Namespace, settings: Settings) -> int:
    """`export`."""
    files = open_snapshot(settings)
    if files is None:
        raise BrokenStore("the store is empty; run `python -m pipeline refresh`")
    table = files.columns("events", ["date_start", "date_end", *EXPORT_LISTS], EXPORT_LISTS).to_pandas()
    keep = pd.Series(True, index=table.index)
    for name in EXPORT_LISTS:
        if wanted := getattr(args, name):
            cells = table[name]
            for word in sorted({*wanted} - {*cells.unique()}):
                there = ", ".join(sorted({*cells.dropna().unique()} - {""})[:40])
                print(f'no event has the {name} "{word}"; there are: {there}', file=sys.stderr)
            keep &= cells.isin(wanted)
    # an event is in a span of time when any of its days is
    if args.since:
        keep &= table["date_end"] >= args.since.isoformat()
    if args.until:
        keep &= table["date_start"] <= args.until.isoformat()
    events = export_batches(files.schema("events"), files.kept("events", keep.to_numpy()), args.out)
    tell(args, {"events": events, "file": str(args.out)}, f"{events} events -> {args.out}")
    return 0


def run_status(args: argparse.Namespace, settings: Settings) -> int:
    """`status`."""
    snapshot, runs = load_snapshot(settings), list_runs(settings)
    if snapshot is None or runs.empty:
        tell(args, {"snapshot_id": "", "runs": []}, "the store is empty; run `python -m pipeline refresh`")
        return 0
    # a refresh of nothing new changes nothing: the account is that of the last run that did
    at = args.run or snapshot.changes["run_id"].max()
    changes = snapshot.changes[snapshot.changes["run_id"] == at].to_dict("records")
    corrections = snapshot.corrections.to_dict("records")
    spoken_of = snapshot.events["event_id"].isin([e for c in changes for e in (c["event_id"], c["new"])])
    told = {e["event_id"]: event_words(e) for e in snapshot.events[spoken_of].to_dict("records")}
    listed = runs.head(args.runs).astype("object")
    log = listed.where(listed.notna(), None).to_dict("records")
    facts = {
        "snapshot_id": snapshot.snapshot_id, "published_at": snapshot.published_at.isoformat(),
        "events": len(snapshot.events), "reports": len(snapshot.reports), "articles": len(snapshot.articles),
        "runs": log, "changes": changes, "corrections": corrections,
    }  # fmt: skip
    lines = [
        f"snapshot {snapshot.snapshot_id} of {snapshot.published_at:%Y-%m-%d %H:%M} UTC: "
        f"{len(snapshot.events)} events from {len(snapshot.reports)} reports in {len(snapshot.articles)} articles",
        *(line for run in log for line in run_words(run)),
        f"what run {at} changed:" if changes else f"run {at} changed nothing",
        *(f"  {change_words(c, told)}" for c in changes),
        *(correction_words(c) for c in corrections),
    ]
    tell(args, facts, *lines)
    return 0


def run_undo(args: argparse.Namespace, settings: Settings) -> int:
    """`undo`."""
    return _tell_published(args, undo_refresh(settings, now=now()), "taken back")


def run_withdraw(args: argparse.Namespace, settings: Settings) -> int:
    """`withdraw`."""
    if args.article_id == "sample":
        done = withdraw_sample(settings, why=args.why, now=now(), withdrawn=not args.back)
    else:
        done = withdraw_article(settings, args.article_id, why=args.why, now=now(), withdrawn=not args.back)
    return _tell_published(args, done, "reinstated" if args.back else "withdrawn")


def _tell_published(args: argparse.Namespace, done: Published, word: str) -> int:
    changes = [asdict(c) for c in done.changes]
    facts = {"run_id": done.run_id, "snapshot_id": done.snapshot_id, "changes": changes}
    tell(args, facts, word, *(f"  {change_words(c)}" for c in changes))
    return 0


def run_correct(args: argparse.Namespace, settings: Settings) -> int:
    """`correct`."""
    made = add_correction(settings, args.action, args.target, args.field, args.value, args.why, args.who, now=now())
    tell(args, {"correction_id": made.correction_id}, f"correction {made.correction_id} is kept and published")
    return 0


def run_check(args: argparse.Namespace, settings: Settings) -> int:
    """`check`."""
    repaired = repair_store(settings, now=now()) if args.repair else ""
    faults = check_store(settings)
    tell(args, {"faults": faults, "repaired": repaired}, *(faults or ["the store is whole"]))
    return 1 if faults else 0


def run_backup(args: argparse.Namespace, settings: Settings) -> int:
    """`backup`."""
    rows = write_backup(settings, args.file)
    tell(args, {"rows": rows, "file": str(args.file)}, f"{rows} rows -> {args.file}")
    return 0


def run_restore(args: argparse.Namespace, settings: Settings) -> int:
    """`restore`."""
    snapshot_id = restore_backup(settings, args.file, now=now())
    tell(args, {"snapshot_id": snapshot_id}, f"the store is made of {args.file}; snapshot {snapshot_id}")
    return 0
