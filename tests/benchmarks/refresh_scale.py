"""What a refresh costs as the archive grows: N generated articles, then nothing new, then 100 new ones.

    python tests/benchmarks/refresh_scale.py [N]        # default 5,000; the issue asks for 100,000

Everything happens in a new folder that is removed afterwards (the gazetteer of the usual store is used). Printed for
each refresh: seconds by the clock, processor seconds of all processes, how those of the first divide, its most memory so
far, and that of the largest worker.
"""

from __future__ import annotations

import importlib
import json
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

NEW = 100
CHARACTERS = 2000
TOWNS = "Aleppo Idlib Hama Homs Mosul Kirkuk Baqubah Ramadi Aden Taiz Maiduguri Goma Bunia Kherson Kharkiv".split()  # noqa: SIM905
MEANS = ("An air strike", "Shelling", "A car bomb", "A suicide bomber", "Gunmen", "A roadside bomb")
# What else an article says: words in an order of its own, for two texts of the same sentences would be one voice
FILLER = ["residents", "described", "long", "hours", "without", "electricity", "water", "bread", "fuel", "after", "roads", "were", "closed", "aid", "workers", "said", "supplies", "run", "low", "clinic", "council", "called", "on", "sides", "let", "ambulances", "pass", "schools", "in", "surrounding", "villages", "stayed", "shut", "rest", "week", "market", "traders", "moved", "goods", "at", "night", "bridge", "repairs", "wait", "engineers", "families", "sleep", "in", "cellars"]
refreshing = importlib.import_module("pipeline.refresh")  # the package offers the function under the same name
publishing = importlib.import_module("pipeline.publish")
# What of a refresh is shown on its own
PARTS = (
    (refreshing, "lay_down", "taking in"), (refreshing, "read_missing", "reading"),
    (publishing.store, "cached", "loading"), (publishing.store, "parse_reports", "parsing"),
    (publishing, "load_base", "remembering"), (publishing, "merge_archive", "merging"),
    (publishing, "stage_snapshot", "writing"),
)  # fmt: skip
BOTH = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
spent_in: Counter[str] = Counter()


def processor_seconds() -> float:
    """Of this process and of the workers that have ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, BOTH))


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


def generate(count: int, seed: int) -> Iterator[dict[str, str]]:
    """Articles of some 2,000 characters; two in five tell of a happening that another tells of too."""
    draw = random.Random(seed)
    for n in range(count):
        twin = random.Random(f"{seed}-{n // 5 if n % 5 < 2 else n + count}")  # what happened
        day = date(2014, 1, 1) + timedelta(twin.randrange(3000))
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


def timed(settings: Settings, paths: list[Path], what: str) -> None:
    """One refresh, and where its time went."""
    spent_in.clear()
    began, started = time.monotonic(), processor_seconds()
    done = refreshing.refresh(settings, paths, now=datetime(2026, 1, 1, tzinfo=UTC))
    passed, spent = time.monotonic() - began, processor_seconds() - started
    told = ", ".join(f"{part} {seconds:.1f}" for part, seconds in spent_in.most_common())
    peak, worker = (resource.getrusage(who).ru_maxrss / 1024 for who in BOTH)
    print(f"{what}: {passed:.1f} s, {spent:.1f} s of processor ({done.articles_read} read; {told}); "
          f"peak {peak:.0f} MB, worker {worker:.0f} MB", flush=True)  # fmt: skip


def main() -> None:
    """Refresh three times."""
    size = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else 5_000
    usual = Settings.from_env()
    load_gazetteer(usual)
    for part in PARTS:
        watch(*part)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = replace(
            usual, store_dir=home / "store", inbox_dir=home / "inbox", seeds_dir=home / "none" / "articles"
        )
        shutil.copytree(usual.store_dir / "gazetteer", settings.store_dir / "gazetteer")
        first, more = home / "first.jsonl", home / "more.jsonl"
        for path, articles in ((first, generate(size, 1)), (more, generate(NEW, 2))):
            with path.open("w", encoding="utf-8") as handle:
                handle.writelines(json.dumps(a) + "\n" for a in articles)
        timed(settings, [first], f"{size:,} new articles")
        timed(settings, [first], "nothing new")
        timed(settings, [more], f"{NEW} new articles")


if __name__ == "__main__":
    main()
