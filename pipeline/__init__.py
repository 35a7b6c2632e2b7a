"""From articles to a table of conflict events. These names are all that the dashboard may use."""

from pipeline.articles import DOUBT, READABLE
from pipeline.checking import repair_store
from pipeline.columns import TableHead, look_at_table, rename_columns
from pipeline.corrections import SETTABLE, Action, Correction
from pipeline.datelines import find_dct
from pipeline.decisions import add_correction, correct_values, list_corrections
from pipeline.encodings import clean
from pipeline.errors import (
    BrokenStore,
    BrokenTable,
    PipelineError,
    ReadOnlyStore,
    RefusedCorrection,
    StoreBusy,
    TooManyUploads,
    UnreadableArticle,
)
from pipeline.explain import count_words, resolved
from pipeline.export import export_table
from pipeline.extract import extract
from pipeline.feed_list import Feed, add_feed, feeds_file, load_feed_list, load_feed_state, remove_feed
from pipeline.feeds import take_in_feeds
from pipeline.fingerprint import extractor_version, table_version
from pipeline.gazetteer import load_gazetteer
from pipeline.gazetteer_additions import Added, add_place
from pipeline.history import list_runs, run_to_undo, undo_refresh, withdraw_article
from pipeline.inbox import admit, take_in
from pipeline.loading import load_articles, load_event_table, load_reports, near_misses_of, reconciliation_of
from pipeline.lookup import PlaceChoice, places_named
from pipeline.models import SUB_EVENT_TYPES, Article
from pipeline.preview import Preview, preview_files, preview_text
from pipeline.reason_words import plain_reason
from pipeline.refresh import RefreshSummary, refresh
from pipeline.sample import SAMPLE_MARK, withdraw_sample
from pipeline.settings import Settings
from pipeline.snapshot_files import SnapshotFiles, open_snapshot
from pipeline.snapshots import Snapshot, load_snapshot, snapshot_token
from pipeline.table import CLOSED, EVENT_COLUMNS, REPORT_COLUMNS
from pipeline.unresolved import UnresolvedName, unresolved_names

__all__ = [
    "CLOSED", "DOUBT", "EVENT_COLUMNS", "READABLE", "REPORT_COLUMNS", "SAMPLE_MARK", "SETTABLE", "SUB_EVENT_TYPES",
    "Action", "Added", "Article", "BrokenStore", "BrokenTable", "Correction", "Feed", "PipelineError", "PlaceChoice",
    "Preview", "ReadOnlyStore", "RefreshSummary", "RefusedCorrection", "Settings", "Snapshot", "SnapshotFiles",
    "StoreBusy", "TableHead", "TooManyUploads", "UnreadableArticle", "UnresolvedName", "add_correction", "add_feed",
    "add_place", "admit", "clean", "correct_values", "count_words", "export_table", "extract", "extractor_version",
    "feeds_file", "find_dct", "list_corrections", "list_runs", "load_articles", "load_event_table", "load_feed_list",
    "load_feed_state", "load_gazetteer", "load_reports", "load_snapshot", "look_at_table", "near_misses_of",
    "open_snapshot", "places_named", "plain_reason", "preview_files", "preview_text", "reconciliation_of", "refresh",
    "remove_feed", "rename_columns", "repair_store", "resolved", "run_to_undo", "snapshot_token", "table_version",
    "take_in", "take_in_feeds", "undo_refresh", "unresolved_names", "withdraw_article", "withdraw_sample",
]  # fmt: skip
