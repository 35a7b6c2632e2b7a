"""Does a regular expression of the pipeline blow up? Every one is tried on texts made to make it.

    python tests/benchmarks/pattern_growth.py        # some seconds
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))
from adversarial import adversarial_units, grown  # noqa: E402

SHORT, LONG = 500, 2_000
# At four times the length a straight line takes 4 times as long, a square 16 times; what is over in a millisecond is not measured
MOST_GROWTH, NOT_WORTH_MEASURING = 8, 0.001


def shape(source: str) -> str:
    """The pattern with every word alike: a thousand phrases of the word lists are some dozen shapes."""
    return re.sub(r"(?<![\\(?])[A-Za-z]+", "w", re.sub(r"\[[a-z][A-Z]\]", "[w]", source))


@cache
def patterns() -> list[tuple[str, int, str, bool]]:
    """(pattern, flags, module, whether it is only tried at one spot) of all that the pipeline compiles."""
    script = [sys.executable, str(TESTS / "recorded_patterns.py")]
    said = subprocess.run(script, capture_output=True, text=True, encoding="utf-8", cwd=TESTS.parent, check=True).stdout
    return [(pattern, flags, where[0], at_the_start) for pattern, flags, where, at_the_start in json.loads(said)]


def spent(pattern: re.Pattern[str], text: str, at_the_start: bool) -> float:
    start = time.process_time()
    if at_the_start:
        pattern.match(text)
    else:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - start


def growth(pattern: re.Pattern[str], pair: tuple[str, str], at_the_start: bool = False) -> float:
    """How many times longer the long text takes than the short one; 0 where both are over at once."""
    long = grown(pair, LONG)
    if spent(pattern, long, at_the_start) < NOT_WORTH_MEASURING:
        return 0
    times = [min(spent(pattern, t, at_the_start) for _ in range(5)) for t in (grown(pair, SHORT), long)]
    return times[1] / times[0] if times[1] > NOT_WORTH_MEASURING else 0


def growing() -> list[str]:
    """Every pattern that grows faster than its text: said three times, since a busy machine may say it once."""
    tried = {(shape(p[0]), p[3]): p for p in patterns()}
    found = []
    for source, flags, where, at_the_start in tried.values():
        pattern = re.compile(source, flags)
        for pair in adversarial_units(source, flags):
            times = growth(pattern, pair, at_the_start)
            if times > MOST_GROWTH and (times := min(growth(pattern, pair, at_the_start) for _ in range(3))) > MOST_GROWTH:
                found.append(f"{where}: {times:.0f} times as long on {pair!r}: {source[:90]}")
                break
    return found


def main() -> int:
    """Name them; 1 where there is one."""
    found = growing()
    print(*found, sep="\n")
    print(f"{len({(shape(p[0]), p[3]) for p in patterns()})} shapes of {len(patterns())} patterns, {len(found)} grow")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
