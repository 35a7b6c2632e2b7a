"""Milliseconds a kilobyte on each strange text, the slowest first: python tests/benchmarks/hostile_speed.py [RANDOM_TEXTS]

With a number it also reads that many random texts and says how many were read and how long the slowest took.
"""

import random
import sys
import time
from datetime import date
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from hostile_texts import STRANGE, WORDS  # noqa: E402

from pipeline.extract import extract  # noqa: E402
from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.models import Article  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

GAZETTEER = load_gazetteer(Settings())


def milliseconds_a_kilobyte(text: str) -> float:
    start = time.perf_counter()
    extract(Article("a", "", text, "", "", date(2018, 9, 12)), GAZETTEER)
    return (time.perf_counter() - start) * 1e3 / max(1.0, len(text.encode("utf-8", "replace")) / 1000)


if __name__ == "__main__":
    times = {name: milliseconds_a_kilobyte(text) for name, text in STRANGE.items()}
    for name, spent in sorted(times.items(), key=lambda pair: -pair[1]):
        print(f"{spent:9.2f} ms/kB  {name}")
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    dice, slowest = random.Random(1), (0.0, "")
    for _ in range(tries):
        text = "".join(dice.choice(WORDS) + dice.choice((" ", "", ", ")) for _ in range(dice.randint(1, 60)))
        slowest = max(slowest, (milliseconds_a_kilobyte(text), text))
    if tries:
        print(f"{tries} random texts read, none failed; slowest {slowest[0]:.1f} ms/kB: {slowest[1][:100]!r}")
