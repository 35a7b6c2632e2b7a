"""Files -> articles: every form, every fault by its name."""

import io
import json
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.articles import article_files, doubt_of_day, make_article, read_articles, read_bytes
from pipeline.columns import look_at_table, rename_columns
from pipeline.errors import UnreadableArticle
from pipeline.formats import Raw
from pipeline.models import Article
from pipeline.published import month_stands_first, read_day

TODAY = date(2026, 11, 1)
SEED = Path(__file__).parent.parent / "seeds" / "articles" / "idlib-2018-09-12.txt"
BODY = "Shells fell on the market of Minas Tirith on Tuesday, killing four people."


def read(name: str, raw: bytes, max_bytes: int = 1_000_000) -> list[Article | UnreadableArticle]:
    return list(read_bytes(name, raw, today=TODAY, max_bytes=max_bytes))


def only(name: str, raw: bytes) -> Article:
    [found] = read(name, raw)
    assert isinstance(found, Article), found
    return found


def refusal(name: str, raw: bytes, max_bytes: int = 1_000_000) -> UnreadableArticle:
    [found] = read(name, raw, max_bytes)
    assert isinstance(found, UnreadableArticle), found
    return found


def test_the_seed_has_its_day_and_its_text_after_the_day():
    [seed] = read_articles(SEED, today=TODAY, max_bytes=1_000_000)
    assert seed.published == date(2018, 9, 12)
    assert seed.text.startswith("A possible attack on Syria")
    assert SEED.read_text(encoding="utf-8").endswith(seed.text)


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n ", "empty"),
        ("head-only.txt", b" date 2018-09-12 ", "no text"),
        ("tomorrow.txt", b" date 2030-01-01 " + BODY.encode(), "future"),
        ("no-such-day.txt", b" date 2018-02-30 " + BODY.encode(), "2018-02-30"),
        ("broken.txt", b"\xc3\x28 shells fell \xff\xfe", "not valid UTF-8"),
        ("cut.txt", "killed in Dayr az-Zawr — “four”".encode()[:-1], "not valid UTF-8"),
        ("half16.txt", b"\xff\xfea\x00b", "not valid UTF-16"),
        ("huge.txt", b"a" * 1_000_001, "larger than"),
        ("picture.png", b"\x89PNG", 'the form ".png"'),
        ("list.json", b"[1]", "not a JSON object"),
        ("broken.json", b"{", "broken JSON"),
        ("no-text.csv", b"headline,day\nA,2018-09-12\n", "no column with the text"),
        ("no-rows.csv", b"title,text\n", "without rows"),
        ("not.zip", b"PK nothing", "not a zip"),
        ("not.pdf", b"%PDF nothing", "not a readable PDF"),
        ("not.docx", b"nothing", "not a readable .docx"),
        ("not.xlsx", b"nothing", "not a readable workbook"),
        ("menu.html", b"<html><body><nav>Home</nav></body></html>", "no article text"),
    ],
)
def test_a_bad_file_is_refused_by_name_with_its_fault_and_a_remedy(name, raw, says):
    problem = refusal(name, raw)
    assert problem.name == name and says in problem.problem and problem.remedy


def test_a_broken_line_does_not_spoil_the_others():
    good = json.dumps({"id": "a", "text": BODY, "published": "2018-09-12"}).encode()
    first, second, third, fourth = read("news.jsonl", b"\n".join([good, b'{"text": ', b"\xff", good.replace(b'"a"', b'"b"')]))
    assert (first.article_id, fourth.article_id) == ("a", "b")
    assert second.name == "news.jsonl line 2" and third.name == "news.jsonl line 3"


def test_a_text_whose_day_is_nowhere_is_read_without_one():
    assert only("plain.txt", BODY.encode()).published is None


@pytest.mark.parametrize("name", ["2018-09-12.txt", "report_20180912_idlib.txt"])
def test_the_day_may_stand_in_the_file_name(name):
    assert only(name, BODY.encode()).published == date(2018, 9, 12)


def test_head_lines_are_read_and_left_out_of_the_text():
    article = only("a.md", f"Title: Shells\nSource: Gondor Post\nDate: 12 September 2018\nURL: http://a.example/1\n\n{BODY}".encode())
    assert (article.title, article.source, article.published) == ("Shells", "Gondor Post", date(2018, 9, 12))
    assert article.text == BODY and article.url == "http://a.example/1"


def test_table_columns_are_found_by_their_names_and_a_column_of_days_is_settled_by_one_row():
    table = f"unit_id,article_title,article_content,source,date\n1,T,{BODY.replace(',', '')},post,4/5/2017\n2,U,{BODY.replace(',', '')} More.,post,4/27/2017\n"
    first, second = read("a.csv", table.encode())
    assert (first.published, second.published) == (date(2017, 4, 5), date(2017, 4, 27))
    assert (first.article_id, first.title, first.source) == ("1", "T", "post")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-09-12T08:00:00Z", date(2018, 9, 12)), ("12/09/2018", date(2018, 9, 12)), ("9/27/2018", date(2018, 9, 27)),
        ("12 September 2018", date(2018, 9, 12)), ("Wed, 12 Sep 2018 08:00:00 GMT", date(2018, 9, 12)),
    ],
)  # fmt: skip
def test_days_of_publication(text, day):
    assert read_day(text, TODAY) == day


def test_a_column_that_settles_nothing_says_so():
    assert month_stands_first(["4/5/2017"]) is None
    assert month_stands_first(["14/5/2017", "4/5/2017"]) is False


def test_html_gives_the_body_title_and_day_without_menus():
    paragraphs = "".join(f"<p>{BODY} Sentence number {n} tells more about the shelling of the town.</p>" for n in range(5))
    page = f'<html><head><title>Shells on Minas Tirith</title><meta property="article:published_time" content="2018-09-12"></head><body><nav><a href="/">Home</a></nav><article><h1>Shells on Minas Tirith</h1>{paragraphs}</article></body></html>'
    article = only("page.html", page.encode())
    assert article.published == date(2018, 9, 12) and "Shells" in article.title
    assert BODY in article.text and "Home" not in article.text


def test_mail_sheet_and_word():
    import docx
    import openpyxl

    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["Date"] = "Shells", "desk@gondor.example", "Wed, 12 Sep 2018 08:00:00 +0000"
    mail.set_content(BODY)
    assert only("a.eml", mail.as_bytes()).published == date(2018, 9, 12)

    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["headline", "body", "published"])
    book.active.append(["Shells", BODY, date(2018, 9, 12)])
    book.save(buffer)
    sheet = only("a.xlsx", buffer.getvalue())
    assert (sheet.title, sheet.text, sheet.published) == ("Shells", BODY, date(2018, 9, 12))

    document, buffer = docx.Document(), io.BytesIO()
    document.add_paragraph(BODY)
    document.save(buffer)
    assert only("2018-09-12.docx", buffer.getvalue()).text == BODY


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_zip_is_read_member_by_member_and_climbing_names_are_only_names():
    first, second = read("a.zip", zipped({"../../etc/x.txt": BODY.encode(), "y.txt": b""}))
    assert first.origin == "a.zip/x.txt" and second.problem == "empty"


def test_bombs_and_nested_zips_are_refused():
    assert "far more" in refusal("bomb.zip", zipped({"a.txt": b"a" * 5_000_000}), 1_000_000).problem
    assert "inside a zip" in refusal("n.zip", zipped({"i.zip": zipped({"a.txt": b"a"})})).problem


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text(BODY)
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "secret")
    (folder / "b.txt").write_text(BODY)
    assert [p.name for p in article_files([folder])] == ["b.txt"]


def test_a_missing_file_is_refused_by_name(tmp_path):
    [problem] = read_articles(tmp_path / "none.txt", today=TODAY, max_bytes=10)
    assert problem.name == "none.txt" and "cannot be read" in problem.problem


def test_an_id_does_not_depend_on_the_file_name():
    assert make_article(Raw("a", BODY), TODAY).article_id == make_article(Raw("b", BODY), TODAY).article_id


def test_a_note_in_the_head_is_skipped_but_an_article_may_begin_with_one():
    noted = only("noted.txt", b"Title: Shells\nDate: 2018-09-12\nNote: for the archive\n\n" + BODY.encode())
    assert (noted.title, noted.text) == ("Shells", BODY)
    assert only("plain.txt", b"Note: " + BODY.encode()).text == "Note: " + BODY


def record(published: str, text: str, url: str = "") -> Article:
    return only("a.jsonl", json.dumps({"published": published, "text": text, "url": url}).encode())


@pytest.mark.parametrize(
    ("head", "url", "day", "doubt"),
    [
        ("Published 20 September 2018 ", "", date(2018, 9, 20), "says 2018-09-12, which is earlier"),
        ("Thu 20 Sep 2018 at 0914 ", "", date(2018, 9, 20), "says 2018-09-12"),
        ("", "https://post.example/2018/09/20/shells", date(2018, 9, 20), "says 2018-09-12"),
        ("Published 2 September 2018 ", "", date(2018, 9, 12), 'the day after "published" is 2018-09-02'),
        ("Last updated 20 September 2018 ", "", date(2018, 9, 12), ""),
        ("Published 13 September 2018 ", "", date(2018, 9, 12), ""),  # time zones
        ("", "", date(2018, 9, 12), ""),
    ],
)
def test_the_records_day_stands_unless_the_article_prints_a_later_one(head, url, day, doubt):
    article = record("2018-09-12", head + BODY, url)
    assert article.published == day
    assert doubt in doubt_of_day(article) and bool(doubt) == bool(doubt_of_day(article))


def test_a_person_may_say_which_column_is_what():
    table = f"nr;Überschrift;Wortlaut;Tag;Quelle\n7;T;{BODY};12.09.2018;post\n".encode()
    head = look_at_table("a.csv", table)
    assert head.columns == ("nr", "Überschrift", "Wortlaut", "Tag", "Quelle") and not any(head.chosen.values())
    assert refusal("a.csv", table).problem.startswith("no column with the text")
    chosen = {"title": "Überschrift", "text": "Wortlaut", "published": "Tag", "source": "Quelle", "url": ""}
    article = only(*rename_columns("a.csv", table, chosen))
    assert (article.title, article.text, article.published, article.source) == ("T", BODY, date(2018, 9, 12), "post")


def test_the_head_of_a_table_shows_what_was_found_and_other_forms_have_none():
    head = look_at_table("a.csv", f"unit_id,headline,body,date\n1,T,{BODY.replace(',', '')},2018-09-12\n".encode())
    assert head.chosen["title"] == "headline" and head.chosen["text"] == "body" and head.chosen["url"] == ""
    assert head.rows == 1 and head.sample[0]["date"] == "2018-09-12"
    assert look_at_table("a.txt", b"text") is None


def test_without_a_record_the_printed_day_counts_and_then_the_files_name():
    assert only("2018-09-20.txt", b"Published 12 September 2018\n" + BODY.encode()).published == date(2018, 9, 12)
    assert only("2018-09-20.txt", BODY.encode()).published_reason == "the file's name"
    assert only("a.txt", BODY.encode()).published is None


def test_a_folder_names_the_files_of_unknown_form_but_not_hidden_ones(tmp_path):
    for name in ("note.rtf", ".gitkeep", "README.md", "b.txt"):
        (tmp_path / name).write_text(BODY)
    assert [p.name for p in article_files([tmp_path])] == ["b.txt", "note.rtf"]
    [problem] = read_articles(tmp_path / "note.rtf", today=TODAY, max_bytes=10_000)
    assert ".rtf" in problem.problem and "use one of" in problem.remedy


def test_a_text_whose_only_day_lies_ahead_is_refused_by_name():
    problem = refusal("kabul.txt", f"Two shells fell\nKabul, 3 March 2099\n\n{BODY}".encode())
    assert "2099-03-03 lies in the future" in problem.problem
