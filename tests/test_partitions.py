"""Archives in parts, by address: the same articles as from local files, however the parts are packed."""

import gzip
import json
from datetime import date
from pathlib import Path

import fsspec
import pandas as pd
import pytest

from pipeline.__main__ import a_place
from pipeline.articles import read_articles
from pipeline.build import build
from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.models import Article
from pipeline.partitions import find_parts, read_part
from pipeline.settings import Settings

TODAY = date(2026, 1, 1)
ROWS = [
    {"id": f"p{n}", "published": "2024-05-03", "title": "", "source": "The Herald",
     "text": f"Shells killed {n + 2} farmers near Kutum on Tuesday."}
    for n in range(6)
]  # fmt: skip


def lines(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


@pytest.fixture
def bucket() -> str:
    """An archive of three parts in fsspec's memory, each packed otherwise, and a file that is none."""
    files = fsspec.filesystem("memory")
    files.pipe("/archive/a.jsonl", lines(ROWS[:2]))
    files.pipe("/archive/b.jsonl.gz", gzip.compress(lines(ROWS[2:4])))
    with files.open("/archive/c.parquet", "wb") as handle:
        pd.DataFrame(ROWS[4:]).to_parquet(handle)
    files.pipe("/archive/notes.txt", b"no article")
    return "memory://archive"


def test_an_archive_gives_the_tables_of_its_articles_in_one_file(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_bytes(lines(ROWS))
    one = build([tmp_path / "one.jsonl"], tmp_path / "one", Settings(), today=TODAY)
    two = build([f"{bucket}/*"], tmp_path / "two", Settings(), today=TODAY)
    assert one.articles == two.articles == 6 and not two.refused
    for name in ("events.csv", "reports.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_folder_and_a_pattern_name_the_parts_in_order(bucket: str) -> None:
    assert [p.rpartition("/")[2] for p in find_parts(bucket)] == ["a.jsonl", "b.jsonl.gz", "c.parquet"]
    assert [p.rpartition("/")[2] for p in find_parts(f"{bucket}/*.parquet")] == ["c.parquet"]


@pytest.mark.parametrize(
    ("address", "says"),
    [("memory://nowhere/*.jsonl", "no part ends in"), ("nosuchscheme://x/*.jsonl", "cannot be reached")],
)
def test_an_address_without_parts_says_so(address: str, says: str) -> None:
    with pytest.raises(PipelineError, match=says):
        find_parts(address)


def test_a_damaged_part_is_named_and_what_came_before_it_is_kept(bucket: str) -> None:
    whole = gzip.compress(lines(ROWS[:3]) * 2000)
    fsspec.filesystem("memory").pipe("/archive/cut.jsonl.gz", whole[: len(whole) // 2])
    found = list(read_part(f"{bucket}/cut.jsonl.gz", today=TODAY, max_bytes=10_000))
    assert isinstance(found[0], Article)
    assert isinstance(found[-1], UnreadableArticle) and found[-1].name == "cut.jsonl.gz"
    assert "cannot be read to its end" in found[-1].problem


def test_a_large_file_of_lines_is_read_and_only_a_line_that_is_too_long_refused(tmp_path: Path) -> None:
    long_row = ROWS[2] | {"text": "Shells fell. " * 500}
    path = tmp_path / "archive.jsonl"
    path.write_bytes(lines([*ROWS[:2], long_row, *ROWS[3:]]))
    found = list(read_articles(path, today=TODAY, max_bytes=700))
    assert [a.article_id for a in found if isinstance(a, Article)] == ["p0", "p1", "p3", "p4", "p5"]
    [refused] = [a for a in found if isinstance(a, UnreadableArticle)]
    assert refused.name == "archive.jsonl line 3" and refused.problem.startswith("larger than")


def test_a_parquet_file_without_texts_says_what_it_has(tmp_path: Path) -> None:
    pd.DataFrame({"headline": ["x"], "day": ["2024-05-03"]}).to_parquet(tmp_path / "a.parquet")
    [problem] = read_articles(tmp_path / "a.parquet", today=TODAY, max_bytes=1_000_000)
    assert isinstance(problem, UnreadableArticle) and "no column with the text among headline, day" in problem.problem
    (tmp_path / "b.parquet").write_bytes(b"PAR1 nothing")
    [problem] = read_articles(tmp_path / "b.parquet", today=TODAY, max_bytes=1_000_000)
    assert isinstance(problem, UnreadableArticle) and "not a readable Parquet file" in problem.problem


def test_addresses_of_the_command_line_stay_as_they_are() -> None:
    assert a_place("s3://bucket/2019/*.jsonl") == "s3://bucket/2019/*.jsonl"
    assert a_place("seeds/articles") == Path("seeds/articles")
