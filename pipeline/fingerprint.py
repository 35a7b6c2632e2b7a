"""Which extractor read an article: its number, and a digest of its code and word lists, so that nobody can forget."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline.extract import EXTRACTOR_VERSION
from pipeline.gazetteer import additions_file
from pipeline.settings import Settings

PACKAGE = Path(__file__).resolve().parent
# What comes after the reports (merging, table, store) can change without reading articles again
AFTER_REPORTS = {
    "__init__.py", "__main__.py", "articles.py", "formats.py", "published.py", "build.py", "corrections.py",
    "events.py", "export.py", "fingerprint.py", "inbox.py", "publish.py", "records_json.py", "refresh.py",
    "schema.py", "snapshots.py", "store.py", "table.py", "settings.py", "errors.py", "history.py", "decisions.py",
    "feeds.py", "commands.py", "checking.py", "reading.py", "loading.py", "blocking.py",
    "clusters.py", "event_ids.py", "event_values.py", "facets.py", "near_misses.py",
    "reasons.py", "account.py", "backup.py", "account_words.py", "whereabouts.py", "reconciliation.py",
    "same_event.py", "explain.py", "reason_words.py", "terminal.py", "sample.py",
    "columns.py", "encodings.py", "feed_list.py", "gazetteer_additions.py", "gazetteer_commands.py", "lookup.py",
    "preview.py", "unresolved.py", "arrivals.py", "engines.py", "batches.py", "spread.py", "partitions.py",
    "merging.py", "remembered.py", "article_table.py", "stirring.py", "ties.py", "copies.py",
    "memory_files.py", "touched.py", "workspace.py", "steps.py", "ledger.py", "time_blocks.py", "components.py",
    "block_steps.py", "block_tables.py", "block_misses.py", "block_claims.py", "intake.py", "publication.py",
    "snapshot_parts.py", "told.py", "text_columns.py", "near_table.py", "turns.py",
    "stored_reports.py", "report_table.py",
}  # fmt: skip


def extractor_version(settings: Settings) -> str:
    """The same where the same article gives the same reports."""
    sources = [p for p in PACKAGE.rglob("*.py") if str(p.relative_to(PACKAGE)) not in AFTER_REPORTS]
    tables = [p for folder in ("lexicons", "gazetteer") for p in (settings.data_dir / folder).rglob("*.csv")]
    digest = hashlib.sha256()
    own = additions_file(settings)  # the analyst's own places: with a new one the articles are read again
    for path in [*sorted(sources), *sorted(tables), *([own] if own.exists() else [])]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{EXTRACTOR_VERSION}-{digest.hexdigest()[:12]}"


@cache
def table_version() -> str:
    """The same where the same reports and corrections give the same tables, byte for byte."""
    digest = hashlib.sha256(" ".join(version(name) for name in ("pandas", "pyarrow", "numpy")).encode())
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
