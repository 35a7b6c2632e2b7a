"""The table of reports, a file at a time: what was merged anew in the place of what it was, the rest as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.snapshot_parts import LastTable, cut, months_of, months_of_ordinals
from pipeline.table import REPORT_COLUMNS, with_types
from pipeline.told import Told
from pipeline.turns import MergedRows


def report_files(
    merged: MergedRows, before: Told, last: LastTable | None
) -> tuple[Iterator[tuple[str, pd.DataFrame | None]], Mapping[int, int]]:
    """The files of all reports, each in order of their ids, and how many reports each month has. `before`: the reports
    of the last table."""
    months, sizes = np.unique(months_of_ordinals(merged.memory.told.day), return_counts=True)
    counts = dict(zip(months.tolist(), sizes.tolist(), strict=True))
    touched = {*months_of(merged.reports["published"]).tolist()}
    touched |= {*months_of_ordinals(before.day[before.rows_of(merged.gone)]).tolist()}
    return _filled(merged, cut("reports", counts), touched, last), counts


def _filled(
    merged: MergedRows, files: Mapping[str, list[int]], touched: set[int], last: LastTable | None
) -> Iterator[tuple[str, pd.DataFrame | None]]:  # fmt: skip
    new, gone = merged.reports, list(merged.gone)
    month, before = months_of(new["published"]), last.files if last else {}
    for file, mine in files.items():
        if last and mine and before.get(file) == mine and touched.isdisjoint(mine):
            yield file, None
            continue
        parts = [new[np.isin(month, mine)]]
        if last:
            read = last.read(mine)
            here = np.isin(months_of(read["published"]), mine) & ~read["report_id"].isin(gone).to_numpy()
            parts.append(with_types(read[here], REPORT_COLUMNS))
        rows = pd.concat([part for part in parts if len(part)] or parts[:1])
        yield file, rows.sort_values("report_id", ignore_index=True)
