"""Small files that claim to be immense, and immense ones: refused by name in a moment, and nothing is half done."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from forms import BODY, DOCUMENT, PAGE, SHEET, WORKBOOK, members, pdf, zipped

from pipeline import formats, parquet_rows
from pipeline.articles import READABLE, article_files, read_articles, read_bytes
from pipeline.encodings import clean
from pipeline.errors import UnreadableArticle
from pipeline.models import Article

TODAY, LIMIT = date(2026, 11, 1), 20_000_000
SHEET_HEAD = b"""<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>"""
SHEET_CELL = b'<row r="%d"><c r="%b%d" t="inlineStr"><is><t>' + BODY.encode() + b"</t></is></c></row>"


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    """Each of these would take minutes, or all memory, if it were obeyed."""
    start = time.process_time()
    yield
    assert time.process_time() - start < 20


def read(name: str, raw: bytes) -> list[Article | UnreadableArticle]:
    return list(read_bytes(name, raw, today=TODAY, max_bytes=LIMIT))


def parquet(folder: Path, **columns: pa.Array) -> bytes:
    path = folder / "a.parquet"
    pq.write_table(pa.table(columns), path, compression="zstd", use_dictionary=not isinstance(columns["text"], pa.StringArray))
    return path.read_bytes()


def equal(count: int, text: str) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([text]))


def test_a_parquet_file_of_one_text_told_endlessly_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_rows, "HARMLESS_BYTES", 1_000_000)
    raw = parquet(tmp_path, text=equal(1_000_000, BODY))
    found = read("a.parquet", raw)
    assert len(raw) < 100_000 and len(found) < 50_000
    assert found[-1].name == "a.parquet" and "far more" in found[-1].problem


@pytest.mark.parametrize("text", [equal(3_000, "a " * 50_000), pa.array(["a " * 50_000] * 1_000)], ids=["dictionary", "packed"])
def test_a_parquet_file_that_unpacks_to_gigabytes_is_refused(text: pa.Array, tmp_path: Path) -> None:
    problem = read("a.parquet", parquet(tmp_path, text=text))[-1]
    assert problem.name == "a.parquet" and "far more" in problem.problem


def test_a_sound_parquet_file_is_read_whatever_its_columns_are(tmp_path: Path) -> None:
    days = pa.array([date(2018, 9, 12), None])
    raw = parquet(tmp_path, text=pa.array([BODY, BODY + " Again."]), id=pa.array([7, 8]), date=days, source=equal(2, "desk"))
    first, second = read("a.parquet", raw)
    assert (first.article_id, first.published, first.source) == ("7", date(2018, 9, 12), "desk")
    assert second.published is None and second.text.endswith("Again.")


@pytest.mark.parametrize("at", [(b"A", 1_048_576), (b"XFD", 1_048_576), (b"A", 5_000)])
def test_a_cell_a_million_rows_below_is_no_table(at: tuple[bytes, int]) -> None:
    sheet = SHEET_HEAD + SHEET_CELL % (at[1], at[0], at[1]) + b"</sheetData></worksheet>"
    [problem] = read("a.xlsx", zipped(members(WORKBOOK) | {SHEET: sheet}))
    assert problem.name == "a.xlsx" and "empty rows" in problem.problem


def test_some_empty_rows_in_a_sheet_are_nothing() -> None:
    sheet = SHEET_HEAD + SHEET_CELL % (9, b"A", 9) + b"</sheetData></worksheet>"
    *empty, article = read("a.xlsx", zipped(members(WORKBOOK) | {SHEET: sheet}))
    assert article.text == BODY and article.origin == "a.xlsx row 9" and len(empty) == 7


@pytest.mark.parametrize("form", [".csv", ".tsv"])
def test_a_table_of_a_hundred_thousand_columns_is_refused(form: str) -> None:
    header = ("," if form == ".csv" else "\t").join(["text", *(f"c{n}" for n in range(100_000))])
    [problem] = read(f"a{form}", f"{header}\n{'x' + chr(10)}".encode() * 1 + b"x\n" * 100_000)
    assert problem.name == f"a{form}" and "columns" in problem.problem


def test_a_pdf_that_draws_one_page_again_and_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_OPERATIONS", 100)
    raw = pdf(BODY, pages=50)
    assert "draws far more" in read("a.pdf", raw)[0].problem
    monkeypatch.setattr(formats, "MOST_OPERATIONS", 2_000_000)
    assert read("a.pdf", raw)[0].text.count(BODY) == 50


def test_a_pdf_whose_pages_lead_to_themselves_is_refused() -> None:
    [problem] = read("a.pdf", pdf(BODY).replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"))
    assert problem.name == "a.pdf" and problem.remedy


def test_a_mail_of_parts_within_parts_is_refused() -> None:
    raw = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000)).encode()
    [problem] = read("a.eml", raw)
    assert problem.name == "a.eml" and "without end" in problem.problem


@pytest.mark.parametrize("head", ["Subject: " + "=?utf-8?q?a?= " * 20_000, "From: " + "a<" * 20_000, "Content-Type: text/plain; " + "a=b; " * 20_000])
def test_a_mail_with_a_head_without_end_is_refused(head: str) -> None:
    [problem] = read("a.eml", f"{head}\n\n{BODY}".encode())
    assert problem.name == "a.eml" and "head longer" in problem.problem


def test_a_heap_of_accents_on_one_letter_is_cut() -> None:
    text = clean("Killed " + "a" + "\u0323\u0301" * 200_000 + " in Aleppo, in Ḥalab and in नई दिल्ली.")
    assert len(text) < 100 and text.endswith("in Aleppo, in Ḥalab and in नई दिल्ली.")


@pytest.mark.parametrize("raw", [b"[" * 500_000, b'{"a":' * 100_000, b'{"text": ' + b"9" * 100_000 + b"}", b'{"text": "\\ud800"}'])
@pytest.mark.parametrize("form", [".json", ".jsonl"])
def test_json_without_end_is_refused_or_read(raw: bytes, form: str) -> None:
    assert [f for f in read(f"a{form}", raw) if isinstance(f, Article) or f.name.startswith(f"a{form}")]


@pytest.mark.parametrize("raw", [b"<div>" * 100_000 + BODY.encode() * 3, b"<p " + b"a=b " * 50_000 + b">" + BODY.encode() * 3, b"<table><tr>" * 20_000])
def test_a_page_of_marks_without_end_is_refused_or_read(raw: bytes) -> None:
    [found] = read("a.html", raw)
    assert isinstance(found, Article) or found.name == "a.html"


def test_a_word_file_of_paragraphs_within_paragraphs_is_refused() -> None:
    page = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    [problem] = read("a.docx", zipped(members(DOCUMENT) | {PAGE: page + b"<w:p>" * 50_000}))
    assert problem.name == "a.docx" and "not a readable" in problem.problem


# files on disk


@pytest.mark.parametrize("form", READABLE)
def test_a_file_of_500_megabytes_is_refused_by_name_and_not_held_in_memory(form: str, tmp_path: Path) -> None:
    import resource

    path = tmp_path / f"a{form}"
    with path.open("wb") as handle:
        handle.truncate(500_000_000)  # takes no room on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    [problem] = read_articles(path, today=TODAY, max_bytes=LIMIT)
    assert problem.name.startswith(f"a{form}") and problem.problem
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # kB: a record of 20 MB may be


def test_an_archive_larger_than_an_article_is_read_a_member_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped({f"{n}.txt": BODY.encode() + os.urandom(3_000).hex().encode() for n in range(20)}))
    found = list(read_articles(tmp_path / "a.zip", today=TODAY, max_bytes=10_000))
    assert (tmp_path / "a.zip").stat().st_size > 10_000 and [type(f) for f in found] == [Article] * 20


def test_ten_thousand_files_in_a_folder_are_each_answered(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number}.txt").write_bytes(BODY.encode() if number % 1_000 == 0 else b" ")
    found = [f for path in article_files([tmp_path]) for f in read_articles(path, today=TODAY, max_bytes=LIMIT)]
    assert len(found) == 10_000 and sum(isinstance(f, Article) for f in found) == 10


def test_links_pipes_and_loops_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    inbox.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(BODY)
    (inbox / "a.txt").write_text(BODY)
    (inbox / "file.txt").symlink_to(outside / "secret.txt")
    (inbox / "folder").symlink_to(outside)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "dangling.txt").symlink_to(outside / "none.txt")
    os.mkfifo(inbox / "pipe.txt")  # reading it would wait for ever
    assert [p.name for p in article_files([inbox])] == ["a.txt"]
