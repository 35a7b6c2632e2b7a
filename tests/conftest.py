"""A store to write to, on SQLite and, where CONFLICT_TEST_POSTGRES names one, on PostgreSQL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import browser, fresh, page, sample, sample_store, window  # noqa: F401 -- fixtures of the stories
from toy_store import a_schema, settings_in, use_toy

from pipeline import batches, reading, snapshot_parts, turns
from pipeline.settings import Settings

POSTGRES = os.environ.get("CONFLICT_TEST_POSTGRES", "")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy extractor in the place of the true one."""
    put_back = ((batches, "extract"), (batches, "load_gazetteer"), (reading, "extractor_version"),
                (reading, "WORTH_WORKERS"))  # fmt: skip
    for module, name in put_back:
        monkeypatch.setattr(module, name, getattr(module, name))
    use_toy()


@pytest.fixture
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables of a few rows are cut into several files, and a few articles merged in turns, as many are."""
    monkeypatch.setattr(turns, "TURN_ARTICLES", 1)
    for table in snapshot_parts.CUT_ROWS:
        monkeypatch.setitem(snapshot_parts.CUT_ROWS, table, 3)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, toy: None) -> Iterator[Settings]:
    """A store of its own, empty."""
    if request.param == "sqlite":
        yield settings_in(tmp_path)
        return
    if not POSTGRES:
        pytest.skip("no PostgreSQL: CONFLICT_TEST_POSTGRES is not set")
    with a_schema(POSTGRES) as url:
        yield settings_in(tmp_path, database_url=url)
