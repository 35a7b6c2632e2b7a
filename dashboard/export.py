"""What is on screen as files. Same columns, order and words as the codebook; unknown is an empty cell."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import pipeline
from dashboard.foreign_shapes import as_acled, as_ged


def to_bytes(table: pd.DataFrame, suffix: str) -> bytes:
    """The table as .csv, .xlsx, .geojson or .parquet, as the command line writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"events{suffix}"
        pipeline.export_table(table, path)
        return path.read_bytes()


def to_csv_bytes(table: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it right; formulas disarmed."""
    return b"\xef\xbb\xbf" + to_bytes(table, ".csv")


def to_zip_bytes(shown: pd.DataFrame, reports: pd.DataFrame, about: Mapping[str, Any]) -> bytes:
    """All formats of these events and their reports, with `about.json`, which says of what they are."""
    files = {
        "events.csv": to_csv_bytes(shown),
        "events.xlsx": to_bytes(shown, ".xlsx"),
        "events.geojson": to_bytes(shown, ".geojson"),
        "events.parquet": to_bytes(shown, ".parquet"),
        "reports.csv": to_csv_bytes(reports),
        "events-acled-shaped.csv": to_csv_bytes(as_acled(shown, reports)),
        "events-ged-shaped.csv": to_csv_bytes(as_ged(shown, reports)),
    }
    counts = {"events": len(shown), "reports": len(reports)}
    account = {**about, "counts": counts, "files": sorted(files), "method": METHOD}
    files["about.json"] = json.dumps(account, ensure_ascii=False, indent=2, default=str).encode()
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return box.getvalue()


METHOD = (
    "Read by rules from the articles' sentences; every value rests on the sentence in `evidence`. Unknown is an empty "
    "cell, never 0. Cumulative claims and parts of totals (part_of) are not to be added to incidents. The ACLED- and "
    "GED-shaped files hold incidents only, with those datasets' column names and precision codes; they are not ACLED "
    "or UCDP data, and what has no counterpart stays empty."
)
