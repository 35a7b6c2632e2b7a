"""Bytes of a fuzzer -> a file of some form: as it is, or wrapped so that the bytes stand where a person's text would."""

from __future__ import annotations

import io
import json
import stat
import zipfile

BODY = "Shells fell on the market of Minas Tirith on Tuesday, killing four people and wounding at least 12."
SHEET, PAGE = "xl/worksheets/sheet1.xml", "word/document.xml"
# as they are; in wrapping the container is sound and the bytes are what stands inside
PLAIN = (".txt", ".jsonl", ".json", ".csv", ".tsv", ".html", ".eml", ".pdf", ".parquet", ".zip", ".xlsx", ".docx")
WRAPPED = ("member", "sheet", "page", "feed", "cell", "name")
FORMS = (*PLAIN, *WRAPPED)


def file_of(data: bytes) -> tuple[str, bytes]:
    """(name, bytes) of the file that the fuzzer's bytes stand for; the first one says of which form."""
    form, rest = FORMS[data[0] % len(FORMS)], data[1:]
    if form == "member":
        name = rest[1 : 1 + rest[0] % 40].decode("latin-1") if rest else ""
        return "a.zip", zipped({name or "a.txt": rest[1 + rest[0] % 40 :] if rest else b"", "b.txt": BODY.encode()})
    if form == "sheet":
        return "a.xlsx", zipped(members(WORKBOOK) | {SHEET: rest})
    if form == "page":
        return "a.docx", zipped(members(DOCUMENT) | {PAGE: rest})
    if form == "cell":
        text = rest.decode("utf-8", "replace")
        return "a.jsonl", json.dumps({"text": text[40:], "published": text[:40], "title": text[40:80]}).encode()
    if form == "name":
        return rest.decode("latin-1")[:60] + ".txt", BODY.encode()
    return ("feed" if form == "feed" else f"a{form}"), rest


def beginnings() -> list[bytes]:
    """A sound file of each form, for the fuzzer to begin with."""
    record = json.dumps({"id": "a", "title": "Four killed", "text": BODY, "published": "2018-09-12", "source": "desk"})
    head = f"Title: Four killed\nSource: desk\nDate: 12 September 2018\n\n{BODY}"
    sound = {
        ".txt": head.encode("utf-16"), ".jsonl": record.encode(), ".json": f'{{"items": [{record}]}}'.encode(),
        ".csv": f'title;text;date\n"Four ""killed""";"{BODY}";4/27/2018\n'.encode(),
        ".tsv": f"headline\tbody\tpublished\nFour\t{BODY}\tTue, 11 Sep 2018 10:00:00 +0200\n".encode("cp1252"),
        ".html": f"<html><head><title>Four</title></head><body><article><p>{BODY}</p></article></body></html>".encode(),
        ".eml": f"Subject: =?utf-8?q?Four?=\nFrom: a@desk.example\nDate: Tue, 11 Sep 2018 10:00:00 +0200\n"
        f'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain; charset=utf-8\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{BODY}=\n\n--x--\n".encode(),
        ".pdf": pdf(BODY), ".parquet": parquet(), ".zip": zipped({"a.txt": head.encode(), "b/c.jsonl": record.encode()}),
        ".xlsx": WORKBOOK, ".docx": DOCUMENT, "member": b"\x08../a.txt" + head.encode(),
        "sheet": members(WORKBOOK)[SHEET], "page": members(DOCUMENT)[PAGE], "cell": b"2018-09-12".ljust(40) + BODY.encode(),
        "feed": f"<rss version='2.0'><channel><title>desk</title><item><title>Four</title><link>http://desk.example/a</link>"
        f"<pubDate>Tue, 11 Sep 2018 10:00:00 +0200</pubDate><description>{BODY}</description></item></channel></rss>".encode(),
        "name": b"report_20180912_idlib",
    }  # fmt: skip
    return [bytes([FORMS.index(form)]) + raw for form, raw in sound.items()]


def zipped(members: dict[str, bytes], link: str = "") -> bytes:
    """A zip of these members; `link` is the name of the one that is marked as a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (stat.S_IFLNK if name == link else stat.S_IFREG) << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def members(raw: bytes) -> dict[str, bytes]:
    """The members of a zip."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook() -> bytes:
    """A sound table of one article."""
    import openpyxl

    buffer, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["text"])
    book.active.append([BODY])
    book.save(buffer)
    return buffer.getvalue()


def document() -> bytes:
    """A sound Word file of one paragraph."""
    import docx

    buffer, paper = io.BytesIO(), docx.Document()
    paper.add_paragraph(BODY)
    paper.save(buffer)
    return buffer.getvalue()


def parquet() -> bytes:
    """A sound table of one article."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": [BODY], "published": ["2018-09-12"]}), buffer)
    return buffer.getvalue()


def pdf(words: str, pages: int = 1) -> bytes:
    """A file of one page with one line of text, drawn so often."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    kids = b" ".join(b"%d 0 R" % number for number in (3, *range(6, 5 + pages)))
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages), page,
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *[page] * (pages - 1),
    )  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + tail


WORKBOOK, DOCUMENT = workbook(), document()
