"""The sample's dispatches against the facts they were written from (UCDP GED 19.1, CC BY 4.0).

Gold is what the dispatch says of UCDP's event; `ucdp_best` is what UCDP says. The floors are what was measured, less
one row; they rise with the extraction and fall only on purpose. A failing floor lists what is missed.
"""

import csv
import math
import unicodedata
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import toy_store
from streamlit.testing.v1 import AppTest
from toy_store import put, settings_in

from pipeline.articles import read_articles
from pipeline.events import merge_reports
from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.loading import load_articles
from pipeline.models import Event, GeoPrecision, Kind, Report
from pipeline.refresh import refresh
from pipeline.sample import withdraw_sample
from pipeline.settings import Settings

SETTINGS = Settings()
GOLD = Path(__file__).parent / "gold" / "sample_events.csv"
NEAR_KM = 15  # UCDP's points and the gazetteer's differ by some kilometres, more in the mountains
TODAY = date(2026, 11, 1)

# share of the gold's rows of which the report is there, and has this right
FLOORS = {"found": 0.91, "day": 0.91, "place": 0.72, "killed": 0.82, "all": 0.65}
MAX_UNEXPECTED = 11  # reports that no row of the gold expects
ONE_EVENT_FLOOR = 0.66  # share of UCDP's events told more than once that end as one event

Row = dict[str, str]
REFRESH_PAGE = """
from dashboard.loading import latest
from dashboard.refresh_panel import show_refresh
from dashboard.sample_notice import show_sample_notice
show_sample_notice(latest())
show_refresh()
"""


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def admin1_key(name: str) -> str:
    return name.replace("Governorate", "").strip().replace("Hamah", "Hama").replace("Krasnodar Krai", "Krasnodar")


def letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalpha())


def right_day(row: Row, report: Report) -> bool:
    return (report.date_start, report.date_end) == (day(row["date_start"]), day(row["date_end"]))


def right_place(row: Row, report: Report) -> bool:
    """The named place within a few kilometres, or by its name in its province where the gazetteer has no point for it;
    where the text names no place, exactly the provinces it names."""
    if not row["latitude"]:
        return {admin1_key(p.admin1) for p in report.places} == set(row["admin1"].split(" | "))
    if not report.places or report.places[0].latitude is None or report.places[0].longitude is None:
        return False
    if report.places[0].geo_precision != GeoPrecision.PLACE and letters(report.places[0].name) == letters(row["place"]):
        return admin1_key(report.places[0].admin1) == row["admin1"]
    place, lat, lon = report.places[0], float(row["latitude"]), float(row["longitude"])
    north, east = place.latitude - lat, (place.longitude - lon) * math.cos(math.radians(lat))
    return 111.2 * math.hypot(north, east) <= NEAR_KM


def right_killed(row: Row, report: Report) -> bool:
    gold = tuple(int(row[f"killed_{bound}"]) if row[f"killed_{bound}"] else None for bound in ("low", "best", "high"))
    return (report.killed.low, report.killed.best, report.killed.high) == gold


CHECKS = {"day": right_day, "place": right_place, "killed": right_killed}


def pair(rows: list[Row], reports: list[Report]) -> list[tuple[Row, Report | None]]:
    """Each row with the report of its kind that has most of it right; a report serves one row."""
    scored = sorted(
        (-sum(check(row, report) for check in CHECKS.values()), i, j)
        for i, row in enumerate(rows)
        for j, report in enumerate(reports)
        if report.kind == row["kind"]
    )
    taken: dict[int, int] = {}
    for _, i, j in scored:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return [(row, reports[taken[i]] if i in taken else None) for i, row in enumerate(rows)]


@pytest.fixture(scope="module")
def extracted() -> dict[str, list[Report]]:
    gazetteer = load_gazetteer(SETTINGS)
    found: dict[str, list[Report]] = {}
    for path in sorted(SETTINGS.sample_dir.glob("*.txt")):
        [article] = read_articles(path, today=TODAY, max_bytes=SETTINGS.max_article_bytes)
        found[path.name] = list(extract(article, gazetteer).reports)
    return found


@pytest.fixture(scope="module")
def pairs(extracted: dict[str, list[Report]]) -> list[tuple[Row, Report | None]]:
    by_file: dict[str, list[Row]] = defaultdict(list)
    for row in gold_rows():
        if row["kind"] != "none":
            by_file[row["file"]].append(row)
    return [both for name, rows in by_file.items() for both in pair(rows, extracted[name])]


def gold_rows() -> list[Row]:
    with GOLD.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def brief(row: Row, report: Report | None) -> str:
    said = "no report"
    if report:
        count, place = report.killed, report.places[0].name if report.places else ""
        said = f"{report.date_start}..{report.date_end} {place} {count.low}/{count.best}/{count.high}"
    counts = "/".join(row[f"killed_{bound}"] for bound in ("low", "best", "high"))
    return f"{row['file']}: {row['date_start']}..{row['date_end']} {row['place']} {counts} <> {said}"


def test_every_dispatch_has_gold_says_what_it_is_and_names_an_invented_publisher():
    files = {path.name: path.read_text(encoding="utf-8") for path in SETTINGS.sample_dir.glob("*.txt")}
    assert files.keys() == {row["file"] for row in gold_rows()}
    for name, text in files.items():
        _, source, published, note = text.split("\n")[:4]
        assert source.startswith("Source: ") and source.endswith(" (sample)"), name
        assert published == f"Date: {name[:10]}"
        assert "written for this project from the facts of UCDP GED" in note, name


def test_where_a_dispatch_gives_a_full_count_it_is_ucdps():
    partial = {
        row["file"] for row in gold_rows() if row["killed_best"] not in ("", row["ucdp_best"] or row["killed_best"])
    }
    # first figures that were revised later, an "at least", a "dozens", one speaker of two, a "between"
    assert {name[11:] for name in partial} == {
        "urem-strike-1.txt", "urem-strike-3.txt", "mhardeh-1.txt", "latakia-mountains-2.txt", "jisr-raids-1.txt",
        "masyaf-strike-2.txt", "salqin.txt",
    }  # fmt: skip


@pytest.mark.parametrize("what", FLOORS)
def test_share_of_rows_read_right(what: str, pairs: list[tuple[Row, Report | None]]):
    checks = {"found": [], "all": list(CHECKS.values())}.get(what) or ([CHECKS[what]] if what in CHECKS else [])
    missed = [brief(row, rep) for row, rep in pairs if rep is None or not all(check(row, rep) for check in checks)]
    share = 1 - len(missed) / len(pairs)
    assert share >= FLOORS[what], f"{what} {share:.3f}\n" + "\n".join(missed)


def test_few_reports_that_nobody_made(extracted: dict[str, list[Report]], pairs: list[tuple[Row, Report | None]]):
    expected = {report.report_id for _, report in pairs if report}
    unexpected = [
        f"{name}: {report.kind} {report.evidence}"
        for name, reports in extracted.items()
        for report in reports
        if report.report_id not in expected
    ]
    assert len(unexpected) <= MAX_UNEXPECTED, f"{len(unexpected)}\n" + "\n".join(unexpected)


@pytest.fixture(scope="module")
def events_of(extracted: dict[str, list[Report]], pairs: list[tuple[Row, Report | None]]) -> dict[str, set[str]]:
    """UCDP's id -> the events in which the dispatches about it ended."""
    events: list[Event] = merge_reports([report for reports in extracted.values() for report in reports])
    event_of = {report_id: event.event_id for event in events for report_id in event.report_ids}
    ended: dict[str, set[str]] = defaultdict(set)
    for row, report in pairs:
        if row["kind"] == Kind.INCIDENT and report and "+" not in row["ucdp_id"]:
            ended[row["ucdp_id"]].add(event_of[report.report_id])
    return ended


def test_an_event_that_several_publishers_tell_is_one_event(events_of: dict[str, set[str]]):
    told = [row["ucdp_id"] for row in gold_rows()]
    repeated = {ucdp: events_of.get(ucdp, set()) for ucdp in told if told.count(ucdp) > 1 and ucdp and "+" not in ucdp}
    once = sum(len(events) == 1 for events in repeated.values()) / len(repeated)
    assert once >= ONE_EVENT_FLOOR, f"{once:.3f} {repeated}"


# A list line whose village is not read ("Tah, southern Idlib") joins a strike on another village that day
WRONG_MERGES = 1


def test_two_events_of_ucdp_end_as_one_in_one_known_place_only(events_of: dict[str, set[str]]):
    by_event: dict[str, set[str]] = defaultdict(set)
    for ucdp, events in events_of.items():
        for event in events:
            by_event[event].add(ucdp)
    wrong = {event: ucdp for event, ucdp in by_event.items() if len(ucdp) > 1}
    assert len(wrong) <= WRONG_MERGES, wrong


def test_the_first_start_reads_the_sample_and_one_call_takes_it_out_and_back(tmp_path, toy):
    for folder, source in (("seeds/articles", "Prancing Post"), ("data/sample", "Prancing Post (sample)")):
        (tmp_path / folder).mkdir(parents=True)
        text = f"Title: In {folder.split('/')[1]}\nSource: {source}\nDate: 2031-05-03\n\n2031-05-02 Bree 3"
        (tmp_path / folder / "bree.txt").write_text(text, encoding="utf-8")
    settings = Settings(
        store_dir=tmp_path / "store", inbox_dir=tmp_path / "inbox", seeds_dir=tmp_path / "seeds" / "articles"
    )
    settings.inbox_dir.mkdir()
    now = datetime(2031, 6, 1, tzinfo=UTC)

    def withdrawn() -> dict[str, bool]:
        return dict(load_articles(settings)[["title", "withdrawn"]].itertuples(index=False))

    refresh(settings, now=now)
    assert withdrawn() == {"In articles": False, "In sample": False}
    withdraw_sample(settings, why="seen", now=now)
    assert withdrawn() == {"In articles": False, "In sample": True}
    refresh(settings, now=now)
    assert withdrawn() == {"In articles": False, "In sample": True}
    withdraw_sample(settings, why="again", now=now, withdrawn=False)
    assert withdrawn() == {"In articles": False, "In sample": False}


def test_pages_say_that_they_show_the_sample_and_one_click_ends_it(tmp_path, toy, monkeypatch):
    settings = settings_in(tmp_path)
    own, ours = toy_store.row("a", "2031-05-02 Bree 3"), toy_store.row("b", "2031-05-04 Dale 4", source="Prancing Post (sample)")
    put(settings, "day", [own, ours])
    refresh(settings, now=datetime(2031, 6, 1, tzinfo=UTC))
    monkeypatch.setattr(Settings, "from_env", classmethod(lambda cls: settings))

    def notices(page_shown) -> list[str]:
        assert not page_shown.exception
        return [c.value for c in page_shown.caption if c.value.startswith("**Sample**: 1 of 2 articles")]

    page = AppTest.from_file(str(SETTINGS.data_dir.parent / "dashboard" / "pages.py"), default_timeout=30).run()
    assert len(notices(page)) == 1
    assert len(notices(AppTest.from_string(REFRESH_PAGE, default_timeout=30).run())) == 1
    refresh_page = AppTest.from_string(REFRESH_PAGE, default_timeout=30).run()
    refresh_page.button(key="drop_sample").click().run()
    assert notices(refresh_page) == [] and "drop_sample" not in {b.key for b in refresh_page.button}
