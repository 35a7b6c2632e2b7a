"""Time and memory of the merge at 10,000, 100,000 and 1,000,000 generated reports.

    python -m tests.benchmarks.merge_scale [SIZE ...] [--workers N] [--whole]

In blocks, as `build` merges, or with --whole all at once. Each size runs in a process of its own. Three reports an event, as in the news: one the day of another publisher, one
a later update, one that knows only the region or only the publication day; towns by a power law, ten years of days.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from pipeline.block_tables import reports_of
from pipeline.engines import open_engine
from pipeline.events import merge_reports
from pipeline.ledger import Ledger, outline
from pipeline.models import Article, Count, DateBasis, GeoPrecision, Kind, Place, Report, TimePrecision
from pipeline.settings import Settings
from pipeline.spread import merge_spread
from pipeline.workspace import Workspace

SIZES = (10_000, 100_000, 1_000_000)
PIECE = 2_000  # reports that lie together before they are merged
KINDS = (
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Violence against civilians", "Attack"),
    ("Battles", "Armed clash"),
)


def generate_reports(size: int) -> tuple[list[Report], dict[str, int]]:
    """`size` reports, and for each which happening it tells of."""
    told = list(generate(size))
    return [report for report, _ in told], {report.report_id: event for report, event in told}


def generate(size: int) -> Iterator[tuple[Report, int]]:
    """`size` reports, each with the number of the happening that it tells of."""
    draw = random.Random(size)
    towns = [
        Place(
            f"T{n}", f"R{n // 40}", f"C{n // 800}", f"C{n // 800:02}", draw.uniform(-35, 60), draw.uniform(-100, 140),
            GeoPrecision.PLACE,
        )
        for n in range(8_000)
    ]  # fmt: skip
    regions = [
        Place(t.admin1, t.admin1, t.country, t.iso3, t.latitude, t.longitude, GeoPrecision.ADMIN1) for t in towns
    ]
    names = [f"name{n}" for n in range(60_000)]
    event = made = 0
    while made < size:
        event += 1
        town = min(int(draw.paretovariate(0.6)) - 1, 7_999) if draw.random() < 0.2 else draw.randrange(8_000)
        day = date(2012, 1, 1) + timedelta(draw.randrange(3650))
        kind, dead, words = draw.choice(KINDS), int(draw.paretovariate(1.1)), tuple(draw.sample(names, 6))
        for n in range(draw.choice((1, 2, 3, 3, 6))):
            if made == size:
                return
            article = f"a{made}"
            count = Count(dead + n // 2, dead + n // 2, dead + n // 2)
            undated, vague = draw.random() < 0.15, draw.random() < 0.15
            said = day + timedelta(draw.randrange(3))
            made += 1
            yield (
                Report(
                    f"{article}#0", article, f"publisher{draw.randrange(400)}", said, 1, Kind.INCIDENT, *kind,
                    date_start=said if undated else day, date_end=said if undated else day,
                    time_precision=TimePrecision.DAY,
                    date_basis=DateBasis.PUBLISHED if undated else DateBasis.RELATIVE,
                    places=((regions if vague else towns)[town],), killed=count,
                    words=(*draw.sample(words, 4), draw.choice(names)), evidence="",
                ),
                event,
            )  # fmt: skip


def merge_at_once(size: int) -> Iterable[list[str]]:
    """The reports of each event, merged in one process."""
    reports, _ = generate_reports(size)
    return timed(size, lambda: [list(event.report_ids) for event in merge_reports(reports)])


def merge_in_blocks(size: int, workers: int) -> Iterable[list[str]]:
    """The reports of each event, merged as a build merges them."""
    with tempfile.TemporaryDirectory() as folder, open_engine(Settings.from_env(), workers=workers) as engine:
        workspace, ledger, told = Workspace(folder), Ledger(), generate(size)
        for n, some in enumerate(iter(lambda: [report for report, _ in islice(told, PIECE)], [])):
            workspace.put(f"read/{n}", [(at, report, True) for at, report in enumerate(some)])
            for at, report in enumerate(some):
                article = Article(report.article_id, "", "", report.source, "", report.published)
                ledger.take(outline(article, [report], str(n), at))
        merged = timed(size, lambda: merge_spread(engine, workspace, ledger, by_year=True, with_misses=False))
        events: defaultdict[str, list[str]] = defaultdict(list)
        for year, blocks in merged.reports.items():
            table = reports_of(workspace, year, blocks)
            for event_id, report_id in zip(table["event_id"], table["report_id"], strict=True):
                events[event_id].append(report_id)
    return events.values()


def timed(size: int, merge: Callable[[], Any]) -> Any:
    """Print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    start, begun = time.perf_counter(), time.process_time()
    result = merge()
    took, worked = time.perf_counter() - start, time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{size:>9,} reports in {took:.1f} s ({worked:.1f} s of this process, {1e6 * worked / size:.0f} us a report); "
        f"peak {peak:.2f} GB, {before:.2f} of it before",
        flush=True,
    )
    return result


def run(size: int, workers: int, whole: bool) -> None:
    """Merge once and print what it took and how well it did."""
    events = list(merge_at_once(size) if whole else merge_in_blocks(size, workers))
    truth = {report.report_id: event for report, event in generate(size)}
    right = sum(len({truth[i] for i in reports}) == 1 for reports in events)
    print(
        f"{'':>9} {len(events):,} events ({100 * right / len(events):.1f} % of one happening, "
        f"{len({*truth.values()}):,} generated)",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    if len(options.sizes) == 1:
        run(options.sizes[0], options.workers, options.whole)
    else:
        for each in options.sizes:
            command = [sys.executable, "-m", "tests.benchmarks.merge_scale", str(each), f"--workers={options.workers}"]
            subprocess.run([*command, *["--whole"] * options.whole], check=True)
