"""From articles to a table of conflict events. These names are all that the dashboard may use."""

from pipeline.corrections import SETTABLE, Action, Correction
from pipeline.decisions import add_correction, correct_values, list_corrections
from pipeline.errors import (
    BrokenStore,
    BrokenTable,
    PipelineError,
    ReadOnlyStore,
    RefusedCorrection,
    StoreBusy,
    UnreadableArticle,
)
from pipeline.export import export_table
from pipeline.extract import extract
from pipeline.gazetteer import load_gazetteer
from pipeline.history import list_runs, undo_refresh, withdraw_article
from pipeline.inbox import take_in
from pipeline.loading import load_articles, load_event_table, load_reports, near_misses_of, reconciliation_of
from pipeline.lookup import PlaceChoice, places_named
from pipeline.models import SUB_EVENT_TYPES
from pipeline.refresh import RefreshSummary, refresh
from pipeline.sample import SAMPLE_MARK, withdraw_sample
from pipeline.settings import Settings
from pipeline.snapshots import Snapshot, load_snapshot, snapshot_token
from pipeline.table import CLOSED, EVENT_COLUMNS, REPORT_COLUMNS

__all__ = [
    "CLOSED", "EVENT_COLUMNS", "REPORT_COLUMNS", "SAMPLE_MARK", "SETTABLE", "SUB_EVENT_TYPES", "Action",
    "BrokenStore", "BrokenTable", "Correction", "PipelineError", "PlaceChoice", "ReadOnlyStore", "RefreshSummary",
    "RefusedCorrection", "Settings", "Snapshot", "StoreBusy", "UnreadableArticle", "add_correction", "correct_values",
    "export_table", "extract", "list_corrections", "list_runs", "load_articles", "load_event_table", "load_gazetteer",
    "load_reports", "load_snapshot", "near_misses_of", "places_named", "reconciliation_of", "refresh",
    "snapshot_token", "take_in", "undo_refresh", "withdraw_article", "withdraw_sample",
]  # fmt: skip
