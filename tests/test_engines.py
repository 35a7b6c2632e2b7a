"""Every engine gives the same bytes; a worker that dies costs no article but the one that kills it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.batches import BATCH, read_all
from pipeline.build import build
from pipeline.engines import InProcess, open_engine
from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.models import Article, Extraction
from pipeline.settings import Settings

ROOT = Path(__file__).parent.parent
ARTICLES = [
    Article(f"a{n}", "", f"Shells killed {n + 2} farmers near Kutum on Tuesday.", "The Herald", "", date(2024, 5, 1))
    for n in range(3 * BATCH)
]


def count_killed(article: Article, extraction: Extraction) -> int | None:
    return extraction.reports[0].killed.best


def die_once(article: Article, extraction: Extraction) -> int | None:
    """Ends its process the first time that article a40 comes."""
    flag = Path(article.url)  # not by the environment: workers are forked from a server that has an older one
    if article.article_id == "a40" and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return count_killed(article, extraction)


def die_always(article: Article, extraction: Extraction) -> int | None:
    if article.article_id == "a40":
        os.kill(os.getpid(), signal.SIGKILL)
    return count_killed(article, extraction)


def stumble(article: Article, extraction: Extraction) -> int | None:
    if article.article_id == "a40":
        raise ZeroDivisionError("as a fault of the program would")
    return count_killed(article, extraction)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_every_engine_writes_the_same_bytes(engine: str, tmp_path: Path) -> None:
    places, settings = [ROOT / "seeds", ROOT / "data/sample"], Settings()
    one = build(places, tmp_path / "one", settings, today=date(2026, 1, 1), with_mentions=True)
    with open_engine(settings, engine, 2) as opened:
        two = build(places, tmp_path / "two", settings, today=date(2026, 1, 1), with_mentions=True, engine=opened)
    assert one == two and one.articles > 60
    for name in ("events.csv", "reports.csv", "mentions.csv", "refused.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_worker_killed_midway_costs_nothing(engine: str, tmp_path: Path) -> None:
    flag = tmp_path / "died"
    articles = [replace(a, url=str(flag)) for a in ARTICLES]
    with open_engine(Settings(), engine, 2) as opened:
        answers = list(read_all(articles, opened, die_once))
    assert flag.exists()
    assert answers == [n + 2 for n in range(len(ARTICLES))]


@pytest.mark.parametrize(("engine", "last"), [("local", 42), ("dask", 41)])
def test_an_article_that_kills_its_reader_is_named_and_the_others_go_on(engine: str, last: int) -> None:
    with open_engine(Settings(), engine, 2) as opened:
        answers = list(read_all(ARTICLES[40:last], opened, die_always))
    refused = [a for a in answers if isinstance(a, UnreadableArticle)]
    assert [r.name for r in refused] == ["a40"]
    assert [a for a in answers if a not in refused] == [n + 2 for n in range(41, last)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_of_the_reader_is_named_with_its_article(workers: int) -> None:
    with open_engine(Settings(), workers=workers) as opened:
        answers = list(read_all(ARTICLES[38:43], opened, stumble))
    assert answers[:2] == [40, 41] and answers[3:] == [43, 44]
    assert isinstance(answers[2], UnreadableArticle) and "ZeroDivisionError" in str(answers[2])


def test_a_cluster_that_cannot_load_the_project_says_so(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    # elsewhere, so that the project is not found
    scheduler = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with pytest.raises(PipelineError, match="PYTHONPATH"):
            open_engine(Settings(), "dask", 2, address)
    finally:
        scheduler.kill()
        scheduler.wait()


def test_a_folder_that_the_workers_do_not_reach_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with open_engine(Settings(), "dask", 1) as opened:
        monkeypatch.setattr(opened, "remote", True)
        summary = build([ROOT / "seeds"], tmp_path, Settings(), today=date(2026, 1, 1), engine=opened)
        assert summary.events > 5 and {p.name for p in tmp_path.iterdir()} == {"events.csv", "reports.csv", "refused.csv"}
        with pytest.raises(PipelineError, match="not every worker of the cluster reaches it"):
            build([ROOT / "seeds"], "memory://alone", Settings(), today=date(2026, 1, 1), engine=opened)


def test_wrong_engines_say_what_to_do() -> None:
    with pytest.raises(PipelineError, match="goes with --engine dask"):
        open_engine(Settings(), "local", 1, "tcp://127.0.0.1:1")
    assert isinstance(open_engine(Settings(), "local", 1).__enter__(), InProcess)
