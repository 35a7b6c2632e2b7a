"""Files made to do harm are refused by name, and the others are read; no export is a program."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from forms import BODY, DOCUMENT, WORKBOOK, members, parquet, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sample_tables import sample_snapshot

from dashboard.export import to_bytes, to_csv_bytes, to_zip_bytes
from dashboard.foreign_shapes import as_acled, as_ged
from pipeline.articles import READABLE, read_bytes
from pipeline.build import build
from pipeline.errors import UnreadableArticle
from pipeline.models import Article
from pipeline.settings import Settings
from pipeline.table import read_event_csv

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =cmd|' /C calc'!A0", "=HYPERLINK(\"http://x.example\")")
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>"""


def read(name: str, raw: bytes, max_bytes: int = 1_000_000) -> list[Article | UnreadableArticle]:
    return list(read_bytes(name, raw, today=date(2026, 11, 1), max_bytes=max_bytes))


def office(kind: str, **parts: bytes) -> bytes:
    """A workbook or a document with parts of it replaced; `__` in a name stands for `/`."""
    sound = members(WORKBOOK if kind == ".xlsx" else DOCUMENT)
    return zipped(sound | {n.replace("__", "/"): raw for n, raw in parts.items()})


def test_many_members_are_refused_before_one_is_unpacked():
    [problem] = read("many.zip", zipped({f"{n}.txt": b"" for n in range(10_001)}))
    assert problem.name == "many.zip" and "far more" in problem.problem


def test_ten_thousand_files_in_one_archive_are_each_answered():
    found = read("many.zip", zipped({f"{n}.txt": BODY.encode() if n % 1000 == 0 else b" " for n in range(10_000)}))
    assert len(found) == 10_000
    assert sum(isinstance(f, Article) for f in found) == 10
    assert all(f.name.startswith("many.zip/") for f in found if isinstance(f, UnreadableArticle))


def test_a_zip_in_a_zip_in_a_zip_is_not_opened():
    inner = zipped({"a.txt": BODY.encode()})
    for _ in range(5):
        inner = zipped({"deeper.ZIP": inner})
    [problem] = read("outer.zip", inner)
    assert (problem.name, problem.problem) == ("outer.zip/deeper.ZIP", "a zip inside a zip")


def test_a_link_in_a_zip_is_no_article():
    linked, plain = read("a.zip", zipped({"a.txt": b"/etc/passwd", "b.txt": BODY.encode()}, link="a.txt"))
    assert linked.problem == "a link, not a file" and plain.text == BODY


@pytest.mark.parametrize("name", ["../../../etc/cron.d/x.txt", "/etc/x.txt", "a/../../x.txt", "C:\\Windows\\..\\x.txt"])
def test_a_climbing_name_is_only_a_name(name: str):
    [found] = read("a.zip", zipped({name: BODY.encode()}))
    assert found.origin.startswith("a.zip/") and ".." not in Path(found.origin).parts


def test_a_member_that_lies_about_its_size_is_refused():
    raw = bytearray(zipped({"a.txt": BODY.encode() * 100, "b.txt": BODY.encode()}))
    at = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"PK\x01\x02"))
    raw[at + 24 : at + 28] = (50).to_bytes(4, "little")
    first, second = read("a.zip", bytes(raw))
    assert "cannot be unpacked" in first.problem and second.text == BODY


def test_a_zip_whose_table_points_nowhere_is_refused_by_name():
    raw = bytearray(zipped({"a.txt": BODY.encode()}))
    at = raw.rindex(b"PK\x05\x06")
    raw[at + 16 : at + 20] = (6_000_000).to_bytes(4, "little")  # where the table of members is said to begin
    [problem] = read("a.zip", bytes(raw))
    assert problem.name.startswith("a.zip") and ("not a zip" in problem.problem or "cannot be unpacked" in problem.problem)


def test_a_member_without_a_name_is_refused_and_the_others_are_read():
    raw = zipped({"\x00": b"what has no name", "b.txt": BODY.encode()})
    nameless, plain = read("a.zip", raw)
    assert nameless.name == "a.zip/" and plain.text == BODY


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("at", [0, 4, 9, 30])
def test_damage_inside_a_member_is_named_and_the_others_are_read(method: int, at: int):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", method) as archive:
        archive.writestr("a.txt", BODY * 20)
        archive.writestr("b.txt", BODY)
    raw = bytearray(box.getvalue())
    raw[30 + len("a.txt") + at : 30 + len("a.txt") + at + 4] = b"\xff\xff\xff\xff"
    first, second = read("a.zip", bytes(raw))
    assert first.name == "a.zip/a.txt" and "cannot be unpacked" in first.problem and second.text == BODY


def test_a_parquet_file_damaged_in_a_page_is_refused_by_name():
    raw = bytearray(parquet())
    raw[4:12] = b"\xff" * 8  # the head of the first page
    [problem] = read("a.parquet", bytes(raw))
    assert problem.name == "a.parquet" and "damaged" in problem.problem


@pytest.mark.parametrize("kind", [".xlsx", ".docx"])
def test_an_office_file_that_is_a_bomb_is_refused_unopened(kind: str):
    start = time.process_time()
    raw = office(kind, xl__media=b" " * 60_000_000)
    spent = time.process_time() - start
    [problem] = read(f"a{kind}", raw)
    assert "far more" in problem.problem
    assert time.process_time() - start < spent + 1


@pytest.mark.parametrize(("kind", "part"), [(".xlsx", "xl__worksheets__sheet1.xml"), (".docx", "word__document.xml")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_an_office_file_are_refused(kind: str, part: str, encoding: str):
    [problem] = read(f"a{kind}", office(kind, **{part: (LAUGHS + b"<l>&c;&x;</l>").decode().encode(encoding)}))
    assert problem.problem == "its XML declares entities"


@pytest.mark.parametrize("kind", [".xlsx", ".docx"])
def test_a_harmless_office_file_is_read(kind: str):
    assert BODY in read(f"2018-09-12{kind}", office(kind))[0].text


def test_entities_of_a_feed_are_not_followed():
    from pipeline.feeds import parse_feed

    body = LAUGHS + b"<rss version='2.0'><channel><title>t</title><item><title>&x;</title><description>&c;</description></item></channel></rss>"
    try:
        found = parse_feed(body, "http://a.example/feed")
    except UnreadableArticle:
        return
    assert "root:" not in str(found) and len(str(found)) < 2_000


def test_a_page_reads_no_file_of_this_machine():
    page = LAUGHS + f"<html><body><article>{'<p>' + BODY + ' &x;</p>'}</article></body></html>".encode()
    assert "root:" not in str(read("a.html", page))


def test_a_huge_cell_is_read_or_refused_by_name():
    row = f"text,published\n{'a ' * 200_000},2018-09-12\n".encode()
    [article] = read("a.csv", row)
    assert len(article.text) > 390_000
    assert read("a.csv", row, max_bytes=1000)[0].problem.startswith("larger than")


@pytest.mark.parametrize("form", [f for f in READABLE if f != ".zip"])
def test_what_is_larger_than_the_limit_is_refused_in_every_form(form: str):
    [problem] = read(f"a{form}", b"x" * 1_000_001)
    assert problem.name == f"a{form}" and "larger than 1 MB" in problem.problem


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(form=st.sampled_from([f for f in READABLE if f not in (".pdf", ".html", ".htm")]), raw=st.binary(max_size=400))
def test_random_bytes_are_an_article_or_a_refusal_in_every_form(form: str, raw: bytes):
    assert all(isinstance(found, Article | UnreadableArticle) for found in read(f"a{form}", raw))


# what is written out

EVENTS, REPORTS = sample_snapshot().events, sample_snapshot().reports


def armed(table: pd.DataFrame, formula: str) -> pd.DataFrame:
    """The table with the formula in every cell that takes words."""
    words = [c for c in table if pd.api.types.is_string_dtype(table[c].dtype) and c not in ("event_id", "kind")]
    return table.assign(**{c: pd.Series(formula, index=table.index, dtype="str") for c in words})


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_written_csv_holds_a_formula(formula: str):
    events, reports = armed(EVENTS, formula), armed(REPORTS, formula).assign(event_id=REPORTS["event_id"])
    for table in (events, reports, as_acled(events, reports), as_ged(events, reports)):
        assert_no_formula(to_csv_bytes(table).decode("utf-8-sig"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_written_workbook_holds_a_formula(formula: str):
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(to_bytes(armed(EVENTS, formula), ".xlsx"))).active
    assert {c.data_type for row in sheet.iter_rows() for c in row} <= {"s", "n", "d", "b", "inlineStr"}
    with zipfile.ZipFile(io.BytesIO(to_bytes(armed(EVENTS, formula), ".xlsx"))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def assert_no_formula(text: str) -> int:
    """How many cells were looked at."""
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    for cell in cells:
        try:
            float(cell)
        except ValueError:
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell
    return len(cells)


def test_no_table_in_the_written_zip_holds_a_formula():
    events, reports = armed(EVENTS, FORMULAS[0]), armed(REPORTS, FORMULAS[0]).assign(event_id=REPORTS["event_id"])
    with zipfile.ZipFile(io.BytesIO(to_zip_bytes(events, reports, {"link": FORMULAS[0]}))) as archive:
        tables = [n for n in archive.namelist() if n.endswith(".csv")]
        assert len(tables) == 4
        assert all(assert_no_formula(archive.read(n).decode("utf-8-sig")) > 100 for n in tables)
        with zipfile.ZipFile(io.BytesIO(archive.read("events.xlsx"))) as book:
            assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_table_of_a_build_holds_a_formula(formula: str, tmp_path: Path):
    words = formula.strip() or formula
    row = {"id": words, "title": words, "source": words, "url": words, "published": "2018-09-12",
           "text": f"{words} soldiers were killed in Aleppo on Tuesday, the army said."}  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(row) + "\n" + json.dumps({"text": "x", "published": words}) + "\n")
    (tmp_path / "=1+1.txt").write_bytes(b"")
    build([tmp_path / "a.jsonl", tmp_path / "=1+1.txt"], tmp_path / "out", Settings(), today=date(2026, 11, 1), with_mentions=True)
    told = {n: (tmp_path / "out" / f"{n}.csv").read_bytes().decode() for n in ("events", "reports", "mentions", "refused")}
    assert all(assert_no_formula(text) > 5 for text in told.values())
    assert not read_event_csv(tmp_path / "out" / "events.csv").apply(lambda c: c.astype(str).str.startswith("'")).any().any()


def test_geojson_and_parquet_keep_the_words_as_they_are():
    events = armed(EVENTS, FORMULAS[0])
    assert json.loads(to_bytes(events, ".geojson"))["features"][0]["properties"]["evidence"] == FORMULAS[0]
    assert pd.read_parquet(io.BytesIO(to_bytes(events, ".parquet")))["evidence"][0] == FORMULAS[0]


def test_names_in_the_written_zip_are_fixed():
    events = armed(EVENTS, "../../x").assign(event_id=[f"../../{i}" for i in EVENTS["event_id"]])
    with zipfile.ZipFile(io.BytesIO(to_zip_bytes(events, REPORTS, {"link": "../../x", "snapshot": "=1+1"}))) as archive:
        assert all(n.replace("-", "").replace(".", "").isalnum() for n in archive.namelist())


def test_no_password_of_the_database_is_told(tmp_path, caplog):
    from pipeline.errors import PipelineError
    from pipeline.schema import open_store, writing

    where = replace(Settings(), store_dir=tmp_path, database_url="postgresql+psycopg://desk:hunter2secret@127.0.0.1:1/x")
    said = []
    for attempt in (lambda: open_store(where), lambda: writing(where, "refreshing").__enter__()):
        with pytest.raises(PipelineError) as problem:
            attempt()
        while problem is not None:
            error = getattr(problem, "value", problem)
            said.append(str(error))
            problem = error.__cause__
    said += [repr(where), str(where), caplog.text]
    assert not [words for words in said if "hunter2secret" in words]
