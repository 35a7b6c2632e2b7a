"""One article, however it was saved: every encoding, line end and invisible mark, in every form of text file."""

import csv
import io
import itertools
import json
from datetime import date

import pytest

from pipeline.articles import read_bytes
from pipeline.models import Article

TITLE = "Shells on Minas Tirith"
BODY = "OSGILIATH, 3 May — Shells fell on the café market, killing three.\n\nNobody’s house was hit.\nIt was quiet."
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-be with its mark", "cp1252")
LINE_ENDS = ("\n", "\r\n", "\r")
MARKS = {
    "none": ("", ""), "soft hyphen": ("killing", "kil\u00adling"), "no-break space": (" market", "\u00a0market"),
    "narrow no-break space": (" market", "\u202fmarket"), "zero-width space": ("killing", "kil\u200bling"),
    "accent apart": ("é", "e\u0301"),
}  # fmt: skip


def as_form(form: str, body: str) -> str:
    """The text of a file of that form."""
    if form in (".jsonl", ".json"):
        return json.dumps({"title": TITLE, "text": body}, ensure_ascii=False)
    if form in (".csv", ".tsv"):
        out = io.StringIO()
        rows = csv.writer(out, delimiter="," if form == ".csv" else "\t", lineterminator="\n")
        rows.writerows([("title", "text"), (TITLE, body)])
        return out.getvalue()
    if form == ".html":
        paragraphs = "".join(f"<p>{line}</p>" for line in body.split("\n"))
        head = f'<meta charset="CODE"><title>{TITLE}</title>'
        return f"<html><head>{head}</head><body><article><h1>{TITLE}</h1>{paragraphs}</article></body></html>"
    return f"{TITLE}\n\n{body}"


def saved(form: str, mark: str, encoding: str, line_end: str) -> bytes:
    """The bytes of the file; UnicodeEncodeError where the encoding has no such sign."""
    text = as_form(form, BODY.replace(*MARKS[mark])).replace("\n", line_end).replace("CODE", encoding.split()[0])
    if encoding == "utf-16-be with its mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return text.encode(encoding)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("form", [".txt", ".md", ".jsonl", ".json", ".csv", ".tsv", ".html"])
def test_every_way_of_saving_is_the_same_article(form: str, mark: str) -> None:
    ids = {}
    for encoding, line_end in itertools.product(ENCODINGS, LINE_ENDS):
        try:
            raw = saved(form, mark, encoding, line_end)
        except UnicodeEncodeError:
            assert encoding == "cp1252"
            continue
        [found] = read_bytes("a" + form, raw, today=date(2026, 11, 1), max_bytes=100_000)
        assert isinstance(found, Article), (encoding, line_end, found)
        ids[encoding, line_end] = found.article_id
    [plain] = read_bytes("b.txt", as_form(".txt", BODY).encode(), today=date(2026, 11, 1), max_bytes=100_000)
    assert set(ids.values()) == {plain.article_id}
    assert len(ids) >= 18


def test_a_file_of_text_is_read_clean_and_a_record_of_json_as_it_is() -> None:
    raw = saved(".txt", "soft hyphen", "cp1252", "\r\n")
    [text] = read_bytes("a.txt", raw, today=date(2026, 11, 1), max_bytes=100_000)
    assert text.text == f"{TITLE}\n\n{BODY}"
    [record] = read_bytes("a.jsonl", saved(".jsonl", "soft hyphen", "utf-16", "\n"), today=date(2026, 11, 1), max_bytes=999)
    assert record.text == BODY.replace("killing", "kil\u00adling")  # somebody's offsets may point into it
