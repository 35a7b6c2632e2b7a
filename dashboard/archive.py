"""One published version, opened: what is searched stands in memory, what is read of single events stays in the files.

Shared by all visitors, changed by none. A visitor holds no rows of it: a choice is a mask, a yes or no for each event.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

import pipeline
from dashboard.lean import EVENT_ROW, latest_first, lean_articles, lean_events, lean_reports, with_a_report

NEAR_ROWS = 1000  # before and after an event: those it may be the same as
MOST_KEPT = 100  # answers that are kept, so that the same question of another visitor costs nothing
Answer = TypeVar("Answer")


@dataclass(frozen=True, eq=False)
class Archive:
    """The lean tables of lean.py, and the way to everything else."""

    files: Any
    events: pd.DataFrame
    reports: pd.DataFrame
    articles: pd.DataFrame
    order: np.ndarray  # the rows as the list shows them
    kept: dict[Any, Any] = field(default_factory=dict)

    @property
    def snapshot_id(self) -> str:
        """Of which version."""
        return str(self.files.snapshot_id)

    @property
    def published_at(self) -> datetime:
        """When it was published."""
        return self.files.published_at

    def once(self, question: Any, answer: Callable[[], Answer]) -> Answer:
        """The answer, asked for once in the life of this version; of many questions the oldest are forgotten."""
        found = self.kept.get(question)  # another visitor may be forgetting it
        if found is not None:
            return found
        found = answer()
        self.kept[question] = found
        for old in list(self.kept)[:-MOST_KEPT]:
            self.kept.pop(old, None)
        return found

    def rows(self, rows: np.ndarray, names: Sequence[str] | None = None) -> pd.DataFrame:
        """These events as the codebook has them, in this order."""
        return self.files.rows("events", rows, names)

    def reports_of(self, rows: np.ndarray) -> pd.DataFrame:
        """The reports of these events, in the order of the table."""
        chosen = with_a_report(self.events, rows)[self.reports[EVENT_ROW].to_numpy()]
        return self.files.rows("reports", np.flatnonzero(chosen & (self.reports[EVENT_ROW].to_numpy() >= 0)))

    def row_of(self, event_id: str) -> int:
        """Where the event stands, -1 where there is none of that id."""
        found = self.once(("row", event_id), lambda: self._rows_of([event_id]))
        return int(found[0]) if len(found) else -1

    def around(self, event_id: str) -> pipeline.Snapshot:
        """A small snapshot of one event: its reports and their articles, its near misses, the claims over it, and the
        events that stand near it in the table. Without the event where there is none of that id."""
        at = self.row_of(event_id)
        if at < 0:
            return self.files.part()
        reports = self.reports_of(np.array([at]))
        sides = ("event_id", "other_event_id")
        misses = pd.concat([self.files.where("near_misses", side, [event_id]) for side in sides])
        claims = self._claims_over(event_id)
        others = {*claims.get("event_id", ()), *(other for side in sides for other in misses.get(side, ()))}
        near = np.arange(max(0, at - NEAR_ROWS), min(len(self.events), at + NEAR_ROWS + 1))
        rows = np.union1d(near, self._rows_of(others))
        return self.files.part(
            events=self.rows(rows), reports=reports, near_misses=misses, reconciliations=claims,
            articles=self._articles_of(reports),
        )  # fmt: skip

    def opened(self, rows: np.ndarray) -> pipeline.Snapshot:
        """A small snapshot of these events alone, in this order, with their reports and the articles of these."""
        reports = self.reports_of(rows)
        return self.files.part(events=self.rows(rows), reports=reports, articles=self._articles_of(reports))

    def rows_by_id(self, ids: Collection[str]) -> dict[str, int]:
        """Where each of these events stands; nothing of an id that is not there."""
        rows = self._rows_of(ids)
        return dict(zip(self.events["event_id"].iloc[rows], rows.tolist(), strict=True))

    def changes_of(self, run_id: int) -> np.ndarray:
        """Where the changes that a run made stand in their table."""
        if "run_id" not in self.files.names("changes"):
            return np.array([], dtype=int)
        return np.flatnonzero(self.files.columns("changes", ["run_id"]).column(0).to_numpy() == run_id)

    def said(self, word: str) -> np.ndarray:
        """Which events have a report whose evidence holds the word, whatever its case."""
        packed = self.once(("said", word.lower()), lambda: np.packbits(self._search(word)))
        return np.unpackbits(packed, count=len(self.events)).view(bool)

    def _search(self, word: str) -> np.ndarray:
        def holds(reports: pa.Table) -> np.ndarray:
            found = pc.match_substring(reports.column(0), word, ignore_case=True)
            return pc.fill_null(found, False).to_numpy()

        told = self.files.scan("reports", ["evidence"], holds)
        chosen = np.concatenate(told) if told else np.zeros(0, dtype=bool)
        return with_a_report(self.events, self.reports[EVENT_ROW].to_numpy()[chosen])

    def _articles_of(self, reports: pd.DataFrame) -> pd.DataFrame:
        return self.files.where("articles", "article_id", sorted({*reports["article_id"]}))

    def _rows_of(self, ids: Collection[str]) -> np.ndarray:
        among = pc.is_in(pa.array(self.events["event_id"]), value_set=pa.array(sorted(ids), pa.large_string()))
        return np.flatnonzero(among.to_numpy(zero_copy_only=False))

    def _claims_over(self, event_id: str) -> pd.DataFrame:
        """Its row where it is a claim itself, and those of the claims that count it among their incidents."""
        own = self.files.where("reconciliations", "event_id", [event_id])
        if "incident_ids" not in own:
            return own
        parts = [own]
        for batch in self.files.batches("reconciliations"):
            holding = pc.match_substring(batch.column("incident_ids"), event_id)
            if pc.any(holding).as_py():
                parts.append(batch.filter(holding).to_pandas())
        return pd.concat(parts, ignore_index=True)


def open_archive(settings: Any) -> Archive | None:
    """The version in force, None before the first refresh."""
    files = pipeline.open_snapshot(settings)
    if files is None:
        return None
    events = lean_events(files)
    found = Archive(files, events, lean_reports(files, events["event_id"]), lean_articles(files), latest_first(events))
    pa.default_memory_pool().release_unused()
    return found
