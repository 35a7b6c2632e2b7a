"""The buttons under the list: what is on screen as files, made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import numpy as np
import streamlit as st

import pipeline
from dashboard.archive import Archive
from dashboard.export import to_bytes, to_csv_bytes, to_zip_bytes
from dashboard.filters import Filters, to_query
from dashboard.foreign_shapes import as_acled, as_ged
from dashboard.loading import settings
from dashboard.view_link import query_of

# the page's server holds a whole file in memory until it has been fetched; the command line writes it row by row
MOST_ROWS = 200_000


def offer_files(archive: Archive, filters: Filters, keep: np.ndarray) -> None:
    """CSV first, the rest behind a button."""
    rows = np.flatnonzero(keep)
    if len(rows) > MOST_ROWS:
        st.text(
            f"{len(rows):,} events are too many for a download from the page (at most {MOST_ROWS:,}): narrow them, or "
            "let this machine write the file: python -m pipeline export --out events.csv"
        )
        return

    def events() -> Any:
        return archive.rows(rows)

    def reports() -> Any:
        return archive.reports_of(rows)

    st.download_button(
        "Download these events (CSV)", lambda: to_csv_bytes(events()), "events.csv", "text/csv", on_click="ignore",
        key="csv",
    )  # fmt: skip
    view = urlencode(query_of(filters), doseq=True)
    link = f"{st.context.url}?{view}" if view else st.context.url  # which comes without its choices

    def about() -> dict[str, Any]:
        return {
            "filter": to_query(filters), "link": link, "snapshot_id": archive.snapshot_id,
            "published_at": archive.published_at,
            "version": {"reading": pipeline.extractor_version(settings()), "table": pipeline.table_version()},
        }  # fmt: skip

    formats: dict[str, tuple[str, Callable[[], bytes]]] = {
        "All formats (ZIP)": ("events.zip", lambda: to_zip_bytes(events(), reports(), about())),
        "Excel": ("events.xlsx", lambda: to_bytes(events(), ".xlsx")),
        "GeoJSON": ("events.geojson", lambda: to_bytes(events(), ".geojson")),
        "Parquet": ("events.parquet", lambda: to_bytes(events(), ".parquet")),
        "Reports with evidence (CSV)": ("reports.csv", lambda: to_csv_bytes(reports())),
        "ACLED-shaped (CSV)": ("events-acled-shaped.csv", lambda: to_csv_bytes(as_acled(events(), reports()))),
        "GED-shaped (CSV)": ("events-ged-shaped.csv", lambda: to_csv_bytes(as_ged(events(), reports()))),
    }
    with st.popover("Other formats"):
        for label, (name, make) in formats.items():
            st.download_button(label, make, name, on_click="ignore", key=name, width="stretch")
