"""The reports that count, as the database keeps them: whole where they are merged, else as little as is asked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from pipeline import store
from pipeline.errors import BrokenStore
from pipeline.facets import season_of_day
from pipeline.models import Report
from pipeline.snapshots import REPAIR
from pipeline.store import Member
from pipeline.touched import Touched


class Outline(NamedTuple):
    """A report that is not in an event yet, and the season of its news."""

    member: Member
    season: int


@dataclass(frozen=True, eq=False)
class StoredReports:
    """Those of one version of the extractor, of the articles as they are now."""

    connection: Connection
    touched: Touched
    version: str

    def reports(self, articles: Collection[str]) -> list[Report]:
        """All reports of these articles."""
        return [report for read in self._read(articles) for report in store.parse_reports(read)]

    def voices(self, articles: Collection[str]) -> dict[str, str]:
        """The sketch of the text of those of these articles that have one (voices.py)."""
        return {row["article_id"]: row["voice"] for row in self._rows(articles) if row.get("voice")}

    def outlines(self, articles: Collection[str]) -> list[Outline]:
        """All reports of these articles, outlined."""
        found = []
        for row in self._rows(articles):
            where = (row.get("sentence_start", 0), row.get("sentence_end", 0))
            day = row.get("published") or row.get("date_end")
            season = season_of_day(date.fromisoformat(day) if day else None)
            found.append(Outline(Member(row["report_id"], "", row["article_id"], *where), season))
        return found

    def _rows(self, articles: Collection[str]) -> Iterator[Mapping[str, Any]]:
        for read in self._read(articles):
            for told in read.values():
                yield from json.loads(told)

    def _read(self, articles: Collection[str]) -> Iterator[dict[str, str]]:
        heads = [self.touched.heads[a] for a in articles if a in self.touched.heads]
        heads += store.heads(self.connection, {*articles} - self.touched.changed).values()
        for chunk in store.chunks(sorted({h.content_hash for h in heads if not h.withdrawn})):
            read = store.cached(self.connection, chunk, self.version)
            if unread := len({*chunk} - {*read}):
                raise BrokenStore(f"what was read in {unread} articles is missing or damaged; {REPAIR}")
            yield read
