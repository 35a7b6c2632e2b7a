"""Time and memory of the merge at 10,000, 100,000 and 1,000,000 generated reports.

    python -m tests.benchmarks.merge_scale [SIZE ...] [--workers N]

Each size runs in a process of its own. Three reports an event, as in the news: one the day of another publisher, one
a later update, one that knows only the region or only the publication day; towns by a power law, ten years of days.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

from pipeline.engines import open_engine
from pipeline.events import FindSame, merge_reports
from pipeline.models import Count, DateBasis, GeoPrecision, Kind, Place, Report, TimePrecision
from pipeline.settings import Settings
from pipeline.spread import find_same_on

SIZES = (10_000, 100_000, 1_000_000)
KINDS = (
    ("Explosions/Remote violence", "Air/drone strike"),
    ("Explosions/Remote violence", "Shelling/artillery/missile attack"),
    ("Violence against civilians", "Attack"),
    ("Battles", "Armed clash"),
)


def generate_reports(size: int) -> tuple[list[Report], dict[str, int]]:
    """`size` reports, and for each which happening it tells of."""
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
    reports: list[Report] = []
    truth: dict[str, int] = {}
    event = 0
    while len(reports) < size:
        event += 1
        town = min(int(draw.paretovariate(0.6)) - 1, 7_999) if draw.random() < 0.2 else draw.randrange(8_000)
        day = date(2012, 1, 1) + timedelta(draw.randrange(3650))
        kind, dead, words = draw.choice(KINDS), int(draw.paretovariate(1.1)), tuple(draw.sample(names, 6))
        for n in range(draw.choice((1, 2, 3, 3, 6))):
            article = f"a{len(reports)}"
            count = Count(dead + n // 2, dead + n // 2, dead + n // 2)
            undated, vague = draw.random() < 0.15, draw.random() < 0.15
            said = day + timedelta(draw.randrange(3))
            reports.append(
                Report(
                    f"{article}#0", article, f"publisher{draw.randrange(400)}", said, 1, Kind.INCIDENT, *kind,
                    date_start=said if undated else day, date_end=said if undated else day,
                    time_precision=TimePrecision.DAY,
                    date_basis=DateBasis.PUBLISHED if undated else DateBasis.RELATIVE,
                    places=((regions if vague else towns)[town],), killed=count,
                    words=(*draw.sample(words, 4), draw.choice(names)), evidence="",
                )
            )  # fmt: skip
            truth[f"{article}#0"] = event
    return reports[:size], truth


def run(size: int, workers: int) -> None:
    """Merge `size` reports once and print what it took; the processor's seconds and the peak are of this process."""
    reports, truth = generate_reports(size)
    with open_engine(Settings.from_env(), workers=workers) as engine:
        _run(reports, truth, find_same_on(engine))


def _run(reports: list[Report], truth: dict[str, int], find: FindSame) -> None:
    size = len(reports)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    start, begun = time.perf_counter(), time.process_time()
    events = merge_reports(reports, find=find)
    took, worked = time.perf_counter() - start, time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    whole = sum(len({truth[i] for i in e.report_ids}) == 1 for e in events)
    print(
        f"{size:>9,} reports -> {len(events):>7,} events ({100 * whole / len(events):.1f} % of one happening, "
        f"{len(set(truth.values())):,} generated) in {took:.1f} s ({worked:.1f} s of processor, "
        f"{1e6 * worked / size:.0f} us a report); "
        f"peak {peak:.2f} GB, {before:.2f} of it the reports themselves",
        flush=True,
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    if len(options.sizes) == 1:
        run(options.sizes[0], options.workers)
    else:
        for each in options.sizes:
            command = [sys.executable, "-m", "tests.benchmarks.merge_scale", str(each), f"--workers={options.workers}"]
            subprocess.run(command, check=True)
