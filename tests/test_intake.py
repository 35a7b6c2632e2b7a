"""Parts of an archive that workers read by themselves give what reading them here and sending them gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline import intake
from pipeline.build import build, keep_reports
from pipeline.engines import Broken, InProcess, Wait, open_engine
from pipeline.errors import UnreadableArticle
from pipeline.intake import Intake
from pipeline.settings import Settings
from pipeline.workspace import Workspace

TODAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, 12, tzinfo=UTC)


def line(number: int, text: str = "") -> str:
    return json.dumps({
        "id": f"a{number}", "published": f"202{number % 4}-05-0{1 + number % 7}", "source": f"p{number % 3}",
        "text": text or f"Shells killed {number % 9 + 2} farmers near Kutum on Tuesday, {number} people said.",
    })  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> str:
    """Three parts: articles that come twice, in one part or in two, with another text; lines that are refused."""
    folder = tmp_path / "archive"
    folder.mkdir()
    parts = [
        [*map(line, range(20)), line(3, "Gunmen killed 40 in Goma on Monday."), "{broken", line(20)],
        [line(20, "Gunmen killed 50 in Bunia on Monday."), *map(line, range(21, 30)), '{"id": "none", "text": " "}'],
        [line(0, "A bomb killed 60 in Aden on Sunday."), *map(line, range(30, 41))],
    ]
    for n, lines in enumerate(parts):
        (folder / f"{n}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"file://{folder}/*.jsonl"


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_workers_that_read_parts_write_the_same_bytes(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "PIECE", 8)
    extra = tmp_path / "more.jsonl"
    extra.write_text(line(41) + "\n" + line(7, "A bomb killed 70 in Taiz on Sunday.") + "\n", encoding="utf-8")
    last = tmp_path / "archive" / "0.jsonl"  # once more, as a file of this machine
    places = [extra, archive, last]
    one = build(places, tmp_path / "one", Settings(), today=TODAY, with_mentions=True, snapshot_at=NOW)
    with open_engine(Settings(), "dask", 2) as opened:
        monkeypatch.setattr(opened, "remote", True)
        sent = []
        monkeypatch.setattr(opened, "call", lambda *work, call=opened.call: sent.append(work[0]) or call(*work))
        two = build(
            places, tmp_path / "two", Settings(), today=TODAY, with_mentions=True, snapshot_at=NOW, engine=opened
        )
    assert sent.count(intake.read_part_into) == 3
    assert (one.articles, one.reports, one.events) == (two.articles, two.reports, two.events)
    assert one.articles == 42 and len(one.refused) == 3
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


class Fragile(InProcess):
    """Its workers die over the second part, and over an article of it."""

    remote = True

    def call(self, function: Callable[..., Any], *arguments: Any) -> Wait:
        dies = function is intake.read_part_into and arguments[0].endswith("1.jsonl")
        dies = dies or (function is not intake.read_part_into and "a25" in [a.article_id for a in arguments[0]])

        def wait() -> Any:
            raise Broken

        return wait if dies else super().call(function, *arguments)


def test_an_article_of_a_part_that_kills_its_reader_is_named_and_the_others_are_read(
    archive: str, tmp_path: Path
) -> None:
    work = Intake(Fragile(Settings()), Workspace(str(tmp_path / "work")), TODAY, keep_reports, keep_articles=True)
    found = list(work.answers([archive]))
    read = [a.name if isinstance(a, UnreadableArticle) else a[0].article_id for a in found]
    assert read[23:35] == [*(f"a{n}" for n in range(20, 30)), "1.jsonl line 11", "a0"]
    assert [r for r in read if r.startswith("a")][-1] == "a40"
    assert isinstance(found[read.index("a25")], UnreadableArticle)


def test_parts_that_the_workers_do_not_reach_are_sent_to_them(
    archive: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_engine(Settings(), "local", 2) as opened:
        monkeypatch.setattr(opened, "remote", True)
        monkeypatch.setattr(opened, "everywhere", lambda *_: [True, False])
        work = Intake(opened, Workspace(str(tmp_path / "work")), TODAY, keep_reports, keep_articles=False)
        sent = []
        monkeypatch.setattr(opened, "call", lambda *work, call=opened.call: sent.append(work[0]) or call(*work))
        here = Intake(InProcess(Settings()), Workspace(str(tmp_path / "here")), TODAY, keep_reports, keep_articles=False)
        assert [str(a) for a in work.answers([archive])] == [str(a) for a in here.answers([archive])]
    assert sent and intake.read_part_into not in sent
