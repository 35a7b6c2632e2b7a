"""A toy extractor and small stores for the tests of refresh: invented places, one report a line, no gazetteer.

A line of an article reads "2031-05-02 Bree 3": day, town, killed. Towns lie far from each other.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy

from pipeline import PipelineError, batches, reading, refresh, snapshot_token
from pipeline.documents import prepare_document
from pipeline.models import (
    Article,
    Count,
    DateBasis,
    Extraction,
    GeoPrecision,
    Kind,
    Mentions,
    Place,
    Report,
    TimePrecision,
)
from pipeline.schema import _engine
from pipeline.settings import Settings

NOW = datetime(2031, 6, 1, 12, tzinfo=UTC)
TOWNS = {name: 10.0 + 3 * n for n, name in enumerate(("Bree", "Archet", "Staddle", "Combe", "Dale", "Esgaroth"))}


def toy_extract(article: Article, _gazetteer: object = None, *, shift: int = 0) -> Extraction:
    """One report a line; `shift` moves the report ids, as a new extractor might."""
    reports, start = [], 0
    for line in article.text.split("\n"):
        day, town, killed = line.split()[:3]
        reports.append(Report(
            report_id=f"{article.article_id}#{start + shift}", article_id=article.article_id, source=article.source,
            published=article.published, rank=len(reports) + 1, kind=Kind.INCIDENT,
            event_type="Explosions/Remote violence", sub_event_type="Air/drone strike",
            date_start=date.fromisoformat(day), date_end=date.fromisoformat(day), time_precision=TimePrecision.DAY,
            date_basis=DateBasis.EXPLICIT,
            places=(Place(town, "Eriador", "Arnor", "ARN", TOWNS[town], 20.0, GeoPrecision.PLACE, town),),
            killed=Count(int(killed), int(killed), int(killed)), sentence_start=start, sentence_end=start + len(line),
            evidence=line, reasons=(("fatalities_best", "the third word"),),
        ))  # fmt: skip
        start += len(line) + 1
    return Extraction(prepare_document(article), Mentions(), tuple(reports))


def use_toy(version: str = "toy", shift: int = 0, seconds: float = 0.0) -> None:
    """Put the toy in the place of the extractor, in this process."""

    def slow(article: Article, gazetteer: object = None) -> Extraction:
        time.sleep(seconds)
        return toy_extract(article, gazetteer, shift=shift)

    batches.extract = slow
    batches.load_gazetteer = lambda settings: None
    reading.extractor_version = lambda settings: version
    reading.WORTH_WORKERS = sys.maxsize  # another process would not know the toy


def settings_in(folder: Path, **more: object) -> Settings:
    """A store of its own."""
    return Settings(store_dir=folder / "store", inbox_dir=folder / "inbox", seeds_dir=folder / "none", **more)


@contextmanager
def a_schema(address: str) -> Iterator[str]:
    """A part of a PostgreSQL database of its own, by its address; dropped at the end."""
    name = f"t{uuid.uuid4().hex[:12]}"
    admin = sqlalchemy.create_engine(address)
    with admin.begin() as connection:
        connection.execute(sqlalchemy.text(f"CREATE SCHEMA {name}"))
    url = f"{address}?options=-csearch_path%3D{name}"
    yield url
    _engine(url).dispose()
    with admin.begin() as connection:
        connection.execute(sqlalchemy.text(f"DROP SCHEMA {name} CASCADE"))
    admin.dispose()


def row(article_id: str, lines: str, *, source: str = "Prancing Post", published: str = "2031-05-03") -> dict[str, str]:
    """One article as a JSON object."""
    return {"id": article_id, "title": "", "text": lines, "source": source, "url": "", "published": published}


def put(settings: Settings, name: str, rows: Iterable[dict[str, str]]) -> Path:
    """A .jsonl in the inbox."""
    settings.inbox_dir.mkdir(parents=True, exist_ok=True)
    path = settings.inbox_dir / f"{name}.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return path


def published_files(settings: Settings) -> dict[str, bytes]:
    """The files of the snapshot in force but for the log of changes."""
    home = settings.store_dir / "snapshots" / snapshot_token(settings)
    names = json.loads((home / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {p.relative_to(home).as_posix() for p in home.rglob("*.parquet")} == {*names}
    return {name: (home / name).read_bytes() for name in names if not name.startswith("changes")}


def many(count: int) -> list[dict[str, str]]:
    """So many articles over all towns and two months."""
    towns = list(TOWNS)
    return [
        row(f"a{n:05}", f"2031-{4 + n % 2:02}-{1 + n // 12 % 28:02} {towns[n % 6]} {1 + n % 7}", source=f"s{n % 9}",
            published="2031-05-30")
        for n in range(count)
    ]  # fmt: skip


if __name__ == "__main__":  # a refresh in a process of its own: FOLDER SECONDS_EACH [LARGEST_FILE]
    use_toy(seconds=float(sys.argv[2]))
    if len(sys.argv) > 3:
        import resource  # not on every system

        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
    try:
        where = settings_in(Path(sys.argv[1]), database_url=os.environ.get("CONFLICT_DATABASE_URL", ""))
        print(refresh(where, now=NOW).snapshot_id, flush=True)
    except PipelineError as problem:
        sys.exit(str(problem))
