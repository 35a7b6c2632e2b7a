"""How a table is cut into files, so that a publication writes anew only those that its changes touch.

A small table is one file, a larger one a file a year, a year with many rows a file a month (events/2019.parquet,
events/2020-05.parquet). Articles are long and seldom change: they are cut by the run that received them, so that old
news that come late are put at the end. The log of changes is cut by its row numbers, for nothing of it ever changes.
The cut follows from rows and runs alone: a table that grew by many refreshes and one made at once are the same files.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.blocking import Ints, name_numbers

# Rows from which a table, or a year, is cut: many small files cost who opens them (2 ms each), a large one who writes
CUT_ROWS = {"events": 16_384, "reports": 16_384, "articles": 4_096, "changes": 32_768}
CUT_BY = {"events": "date_start", "reports": "published"}
UNDATED = 12 * 10_000  # behind every month; months are numbers, 12 a year
PIECES = 64  # into which the articles of one run may be cut


@dataclass(frozen=True, eq=False)
class LastTable:
    """A table of the last publication, read by the files that hold some months."""

    folder: Path
    name: str
    counts: Mapping[int, int]  # month -> rows

    @property
    def files(self) -> dict[str, list[int]]:
        """The months in each file."""
        return cut(self.name, self.counts)

    def holding(self, months: Collection[int]) -> set[int]:
        """All months of the files that hold any of these; and these."""
        return {*months, *(m for mine in self.files.values() if not {*mine}.isdisjoint(months) for m in mine)}

    def read(self, months: Collection[int], columns: list[str] | None = None) -> pd.DataFrame:
        """The rows of the files of these months."""
        wanted = [file for file, mine in self.files.items() if not {*mine}.isdisjoint(months)]
        read = []
        for file in wanted or [*self.files][:1]:  # where there is none: of the first the columns, and no row
            with pq.ParquetFile(self.folder / file) as source:
                read.append(source.read(columns=columns))
        return pa.concat_tables(read).slice(0, None if wanted else 0).to_pandas()


@dataclass(frozen=True, eq=False)
class Spliced:
    """A table now: the rows of the files that are written anew, and the files."""

    rows: pd.DataFrame
    files: Mapping[str, Ints | None]  # which of the rows, in their order; None: the file is as before
    counts: Mapping[int, int]
    months: Collection[int]  # of the last table, read

    def frames(self, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame | None]]:
        """The files with their rows, taken from a frame with a row for each of `rows`."""
        for file, at in self.files.items():
            yield file, None if at is None else rows.take(at).reset_index(drop=True)


def splice(
    name: str, last: LastTable | None, touched: Collection[int], edit: Callable[[pd.DataFrame | None], pd.DataFrame],
    months_in: Callable[[pd.DataFrame], Ints], columns: list[str] | None = None,
) -> Spliced:  # fmt: skip
    """The table after a change to the rows of these months. `edit`: the rows of before -> those of now, in order."""
    months = last.holding(touched) if last else set()
    while True:
        rows = edit(last.read(months, columns) if last else None)
        month = months_in(rows)
        counts = {m: n for m, n in last.counts.items() if m not in months} if last else {}
        counts |= Counter(month.tolist())
        files = cut(name, counts)
        before = last.files if last else {}
        kept = {f for f, mine in files.items() if before.get(f) == mine and mine and months.isdisjoint(mine)}
        # another cut: rows that are not touched go into another file
        wanted = {m for f, mine in files.items() if f not in kept for m in mine if m in counts} - months
        if not wanted or last is None:
            break
        months = last.holding(months | wanted)
    at = {f: None if f in kept else np.flatnonzero(np.isin(month, mine)) for f, mine in files.items()}
    return Spliced(rows, at, counts, months)


def cut(table: str, counts: Mapping[int, int]) -> dict[str, list[int]]:
    """File -> the months in it, both in order."""
    if sum(counts.values()) <= CUT_ROWS[table]:
        return {f"{table}.parquet": sorted(counts)}
    if table == "changes":
        return {f"{table}/{block:06}.parquet": [block] for block in sorted(counts)}
    if table == "articles":
        return _cut_by_runs(counts)
    years: defaultdict[int, list[int]] = defaultdict(list)
    for month in sorted(counts):
        years[month // 12].append(month)
    files: dict[str, list[int]] = {}
    for year, months in years.items():
        if year * 12 >= UNDATED:
            files[f"{table}/none.parquet"] = months
        elif sum(counts[m] for m in months) <= CUT_ROWS[table]:
            files[f"{table}/{year:04}.parquet"] = months
        else:
            files |= {f"{table}/{year:04}-{m % 12 + 1:02}.parquet": [m] for m in months}
    return files


def _cut_by_runs(counts: Mapping[int, int]) -> dict[str, list[int]]:
    """Runs of few articles together, one of many in pieces."""
    most = CUT_ROWS["articles"]
    files: dict[str, list[int]] = {}
    filling, rows = "", 0
    for run, pieces in groupby(sorted(counts), lambda piece: piece // PIECES):
        mine = [*pieces]
        size = sum(counts[piece] for piece in mine)
        if size > most:
            cuts = min(PIECES, 1 << (-(-size // most) - 1).bit_length())
            for piece in mine:
                files.setdefault(f"articles/{run:06}-{piece % PIECES * cuts // PIECES:02}.parquet", []).append(piece)
            filling = ""
            continue
        if not filling:
            filling, rows = f"articles/{run:06}.parquet", 0
        files.setdefault(filling, []).extend(mine)
        rows += size
        if rows >= most:
            filling = ""
    return files


def pieces_of(article_ids: Sequence[str], runs: Ints) -> Ints:
    """The piece of its run's articles to which each belongs."""
    return runs * PIECES + name_numbers(article_ids) % PIECES


def count_rows(folder: Path, table: str) -> dict[int, int]:
    """The rows of each file of a log."""
    files = sorted((folder / table).glob("*.parquet")) or [folder / f"{table}.parquet"]
    return {n: rows for n, file in enumerate(files) if (rows := pq.read_metadata(file).num_rows)}


def month_of(day: date | None) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1 if day else UNDATED


def months_of(days: pd.Series) -> Ints:
    """The month of each day."""
    months = days.dt.year * 12 + days.dt.month - 1
    return months.fillna(UNDATED).to_numpy(dtype=np.int64)


def months_of_ordinals(days: Ints) -> Ints:
    """The same of days as ordinals; one behind all days is none."""
    known = days <= date.max.toordinal()
    since = np.where(known, days - date(1970, 1, 1).toordinal(), 0).astype("datetime64[D]")
    return np.where(known, since.astype("datetime64[M]").astype(np.int64) + 1970 * 12, UNDATED)


def cut_frame(name: str, frame: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame | None]]:
    """A whole table in its files."""
    if name not in CUT_BY or CUT_BY[name] not in frame:
        return [(f"{name}.parquet", frame)]
    day = CUT_BY[name]
    spliced = splice(name, None, (), lambda _: frame, lambda rows: months_of(pd.to_datetime(rows[day])))
    return spliced.frames(frame)
