"""The app over a store whose every word was written by an attacker; started by test_browser_hostile.py."""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from hostile_texts import PAYLOADS  # noqa: E402
from toy_store import put, row, toy_extract, use_toy  # noqa: E402

import pipeline  # noqa: E402
from pipeline import batches, refresh  # noqa: E402
from pipeline.models import Actor, DateBasis, Kind, Role, TimePrecision  # noqa: E402

KINDS = (Kind.INCIDENT, Kind.CUMULATIVE, Kind.DIPLOMATIC)


def hostile_extract(article, _gazetteer=None):
    """The toy's reports, with the article's payload in every field that takes words."""
    found = toy_extract(article)
    reports = []
    for report in found.reports:
        kind = KINDS[report.date_start.day % 3]
        place = report.places[0]
        names = replace(place, name=f"{place.name} {article.title}", admin1=article.title, country=article.title)
        more = {"date_start": date(2031, 5, 1), "time_precision": TimePrecision.RANGE, "date_basis": DateBasis.RELATIVE}
        talks = {"event_type": "Diplomacy", "sub_event_type": "Meeting"}
        reports.append(replace(
            report, kind=kind, places=(names,), actors=(Actor(article.title, Role.PERPETRATOR),),
            attributions=(article.title,), reasons=(("fatalities_best", article.title),),
            **(more if kind == Kind.CUMULATIVE else talks if kind == Kind.DIPLOMATIC else {}),
        ))  # fmt: skip
    return replace(found, reports=tuple(reports))


def fill(settings) -> None:
    """Each payload as title, publisher, address, place, actor and evidence of its own events; two tolls, to disagree."""
    rows = []
    for n, words in enumerate(PAYLOADS):
        towns = ("Bree", "Archet", "Staddle", "Combe", "Dale", "Esgaroth")
        for copy, killed in enumerate((12, 30)):
            lines = "\n".join(f"2031-05-{d:02} {towns[n % 6]} {killed} {words}" for d in (3 + n, 4 + n, 5 + n))
            article = row(f"a{n}{copy}{words}", lines, source=f"{'AB'[copy]} {words}", published="2031-05-28")
            rows.append(article | {"title": words, "url": words})
    put(settings, "hostile", rows)
    (settings.inbox_dir / f"{PAYLOADS[0].replace('/', '')[:60]}.txt").write_bytes(b"")  # refused by name, on "Quality"
    refresh(settings, now=datetime(2031, 6, 1, tzinfo=UTC))


use_toy()
batches.extract = pipeline.extract = hostile_extract
pipeline.load_gazetteer = lambda settings: None  # type: ignore[assignment, return-value]
OWN = pipeline.Settings.from_env()
WHERE = replace(OWN, seeds_dir=OWN.store_dir / "none", data_dir=OWN.store_dir / "data")

if __name__ == "__main__":
    if sys.argv[1:] == ["fill"]:
        fill(WHERE)
    else:
        import runpy

        class Settings:
            """Everything in the folder of the test."""

            from_env = staticmethod(lambda: WHERE)

        pipeline.Settings = Settings  # type: ignore[misc, assignment]
        runpy.run_path(str(ROOT / "dashboard" / "pages.py"), run_name="__main__")
