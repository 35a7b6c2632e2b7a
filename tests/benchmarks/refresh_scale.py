"""What publishing costs as the archive grows: N generated articles, nothing new, 100 new ones, three decisions.

    python tests/benchmarks/refresh_scale.py [N ...]        # default 5,000; 100,000 take some twenty minutes

The 100 are of the last month, as news are, and then of all eight years, the worst case: each touches another part of
the archive. With several N the last lines set them side by side. Everything happens in a new folder that is removed
afterwards (the gazetteer of the usual store is used). Printed for each: seconds by the clock, processor seconds of this
process and of its workers, how those of this one divide, the most memory so far of this one and of the largest worker.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline import add_correction, load_event_table  # noqa: E402
from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

NEW = 100
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHARACTERS = 2000
DAYS, RECENT_DAYS = 3000, 30
RECENT, SPREAD = f"{NEW} of the last month", f"{NEW} spread over all years"
TOWNS = "Aleppo Idlib Hama Homs Mosul Kirkuk Baqubah Ramadi Aden Taiz Maiduguri Goma Bunia Kherson Kharkiv".split()  # noqa: SIM905
MEANS = ("An air strike", "Shelling", "A car bomb", "A suicide bomber", "Gunmen", "A roadside bomb")
# What else an article says: words in an order of its own, for two texts of the same sentences would be one voice
FILLER = ["residents", "described", "long", "hours", "without", "electricity", "water", "bread", "fuel", "after", "roads", "were", "closed", "aid", "workers", "said", "supplies", "run", "low", "clinic", "council", "called", "on", "sides", "let", "ambulances", "pass", "schools", "in", "surrounding", "villages", "stayed", "shut", "rest", "week", "market", "traders", "moved", "goods", "at", "night", "bridge", "repairs", "wait", "engineers", "families", "sleep", "in", "cellars"]
refreshing = importlib.import_module("pipeline.refresh")  # the package offers the function under the same name
publishing = importlib.import_module("pipeline.publish")
publication = importlib.import_module("pipeline.publication")
# What of a refresh is shown on its own
PARTS = (
    (refreshing, "lay_down", "taking in"), (refreshing, "read_missing", "reading"),
    (publication.store, "cached", "loading"), (publication.store, "parse_reports", "parsing"),
    (publishing, "load_base", "remembering"), (publication, "merge_in_turns", "merging"),
    (publishing, "stage_snapshot", "writing"),
)  # fmt: skip
TICKS = os.sysconf("SC_CLK_TCK")
spent_in: Counter[str] = Counter()


class Workers(threading.Thread):
    """The processes that this one started, and those that they started: what they used, as /proc tells once a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.seconds: dict[int, float] = {}
        self.peak_mb = 0.0

    def run(self) -> None:
        """Look until the end."""
        while True:
            self.look()
            time.sleep(1)

    def look(self) -> None:
        """Once."""
        told: dict[int, list[str]] = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                told[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
        mine = {os.getpid()}
        while new := {pid for pid, cells in told.items() if int(cells[1]) in mine} - mine:
            mine |= new
        for pid in mine - {os.getpid()}:
            self.seconds[pid] = (int(told[pid][11]) + int(told[pid][12])) / TICKS
            self.peak_mb = max(self.peak_mb, int(told[pid][21]) * resource.getpagesize() / 1e6)


workers = Workers()


def processor_seconds() -> tuple[float, float]:
    """Of this process, and of its workers."""
    return time.process_time(), sum(workers.seconds.values())


def watch(module: ModuleType, name: str, part: str) -> None:
    """Add up the processor time of a function."""
    function = getattr(module, name)

    def timed_function(*args: Any, **kwargs: Any) -> Any:
        started = time.process_time()
        try:
            return function(*args, **kwargs)
        finally:
            spent_in[part] += time.process_time() - started

    setattr(module, name, timed_function)


def generate(count: int, seed: int, *, last_days: int = DAYS) -> Iterator[dict[str, str]]:
    """Articles of some 2,000 characters on the last of eight years' days; two in five tell of a happening that another
    tells of too."""
    draw = random.Random(seed)
    for n in range(count):
        twin = random.Random(f"{seed}-{n // 5 if n % 5 < 2 else n + count}")  # what happened
        day = date(2014, 1, 1) + timedelta(DAYS - last_days + twin.randrange(last_days))
        means, town, dead = twin.choice(MEANS), twin.choice(TOWNS), twin.randint(1, 40)
        lead = (
            f"{means} killed {dead} people in {town} on {day:%B} {day.day}, officials said on {day + timedelta(1):%A}."
        )
        text = lead
        while len(text) < CHARACTERS:
            text += f" {' '.join(draw.sample(FILLER, 14)).capitalize()}, a block of {draw.randrange(10**6)} said."
        yield {
            "id": f"g{seed}-{n}", "published": (day + timedelta(1)).isoformat(), "title": f"{dead} dead in {town}",
            "source": f"publisher{draw.randrange(40)}", "text": text,
        }  # fmt: skip


def timed(what: str, work: Callable[[], object]) -> float:
    """One piece of work, and where its time went; processor seconds of this process."""
    spent_in.clear()
    began, started = time.monotonic(), processor_seconds()
    work()
    passed = time.monotonic() - began
    own, others = (now - before for now, before in zip(processor_seconds(), started, strict=True))
    told = ", ".join(f"{part} {seconds:.2f}" for part, seconds in spent_in.most_common())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what}: {passed:.1f} s, {own:.1f} + {others:.1f} s of processor ({told}); "
          f"peak {peak:.0f} MB, worker {workers.peak_mb:.0f} MB", flush=True)  # fmt: skip
    return own


def show(done: int, total: int) -> None:
    """Every twentieth of a long reading, with the memory of both kinds."""
    if total >= 1_000 and done % (total // 20) == 0:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {done:,} of {total:,} read, {peak:.0f} MB, worker {workers.peak_mb:.0f} MB", flush=True)


def measure(size: int, usual: Settings) -> dict[str, float]:
    """Refresh a new store four times, decide three times; processor seconds of each."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(
            usual, store_dir=home / "store", inbox_dir=home / "inbox", seeds_dir=home / "none" / "articles"
        )
        shutil.copytree(usual.store_dir / "gazetteer", settings.store_dir / "gazetteer")
        spent: dict[str, float] = {}

        def take_in(what: str, articles: Iterator[dict[str, str]]) -> None:
            path = home / f"{what}.jsonl"
            with path.open("w", encoding="utf-8") as handle:
                handle.writelines(json.dumps(a) + "\n" for a in articles)
            spent[what] = timed(what, lambda: refreshing.refresh(settings, [path], now=NOW, progress=show))

        take_in(f"{size:,} new articles", generate(size, 1))
        take_in("nothing new", iter(()))
        take_in("10 more, which warm up", generate(10, 4))
        take_in(RECENT, generate(NEW, 3, last_days=RECENT_DAYS))
        take_in(SPREAD, generate(NEW, 2))
        ids = list(load_event_table(settings)["event_id"])
        for action, field, value in (("confirm", "", ""), ("set", "fatalities_high", "900"), ("merge", "", ids[-1])):
            timed(f"correct {action}", lambda told=(action, ids[0], field, value): add_correction(  # type: ignore[misc]
                settings, *told, why="w", who="r", now=NOW
            ))  # fmt: skip
    return spent


def main() -> None:
    """Each size, and what the increments cost there, in times of what they cost at the first."""
    sizes = sorted(int(told.replace("_", "")) for told in sys.argv[1:] or ["5_000"])
    usual = Settings.from_env()
    load_gazetteer(usual)
    for part in PARTS:
        watch(*part)
    workers.start()
    found = {size: measure(size, usual) for size in sizes}
    for what in (RECENT, SPREAD):
        first = found[sizes[0]][what]
        told = (f"{size:,}: {some[what]:.1f} s (x {some[what] / first:.1f})" for size, some in found.items())
        print(f"{what}, processor seconds: {', '.join(told)}")


if __name__ == "__main__":
    main()
