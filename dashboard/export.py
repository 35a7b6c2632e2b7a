"""What is on screen as files. Same columns, order and words as the codebook; unknown is an empty cell."""

from __future__ import annotations

import pandas as pd

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run a cell that begins so


def to_csv_bytes(table: pd.DataFrame) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it right; formulas disarmed."""
    return ("\ufeff" + disarm(table).to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\r\n")).encode("utf-8")


def disarm(table: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would take for a formula."""
    safe = table.copy()
    for name in safe.columns:
        if isinstance(safe[name].dtype, pd.StringDtype) or safe[name].dtype == object:
            risky = safe[name].str.lstrip(" ").str.startswith(DANGEROUS, na=False)
            safe[name] = safe[name].where(~risky, "'" + safe[name].astype(str))
    return safe
