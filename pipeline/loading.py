"""One table of the snapshot in force, for readers who want no more than that."""

from __future__ import annotations

import pandas as pd

from pipeline.errors import BrokenStore
from pipeline.settings import Settings
from pipeline.snapshots import Snapshot, load_snapshot


def load_event_table(settings: Settings) -> pd.DataFrame:
    """The event table, with the corrections applied."""
    return _present(settings).events


def load_reports(settings: Settings) -> pd.DataFrame:
    """One row a report."""
    return _present(settings).reports


def load_articles(settings: Settings) -> pd.DataFrame:
    """One row an article, with its text."""
    return _present(settings).articles


def _present(settings: Settings) -> Snapshot:
    snapshot = load_snapshot(settings)
    if snapshot is None:
        raise BrokenStore("the store is empty; run `python -m pipeline refresh`")
    return snapshot
