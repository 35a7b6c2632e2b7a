"""The reports that count, as the database keeps them: whole where they are merged, else as little as is asked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from pipeline import store
from pipeline.errors import BrokenStore
from pipeline.facets import season_of_day
from pipeline.models import Report
from pipeline.snapshots import REPAIR
from pipeline.store import Member


@dataclass(frozen=True, eq=False)
class StoredReports:
    """Those of one version of the extractor, of the articles as they are now."""

    connection: Connection
    version: str

    def reports(self, articles: Collection[str]) -> list[Report]:
        """All reports of these articles."""
        return [report for read in self._read(articles) for report in store.parse_reports(read)]

    def voices(self, articles: Collection[str]) -> dict[str, str]:
        """The sketch of the text of those of these articles that have one (voices.py)."""
        return {row["article_id"]: row["voice"] for row in self._rows(articles) if row.get("voice")}

    def received(self, articles: Collection[str]) -> dict[str, int]:
        """The run that took in each of these articles."""
        return store.first_received(self.connection, articles)

    def seasons(self, articles: Collection[str]) -> dict[str, int]:
        """Of those of these articles that tell of something the season of their news."""
        days = {row["article_id"]: row.get("published") or row.get("date_end") for row in self._rows(articles)}
        return {a: season_of_day(date.fromisoformat(day) if day else None) for a, day in days.items()}

    def members(self, articles: Collection[str]) -> list[Member]:
        """All reports of these articles, in no event yet."""
        return [
            Member(row["report_id"], "", row["article_id"], row.get("sentence_start", 0), row.get("sentence_end", 0))
            for row in self._rows(articles)
        ]

    def _rows(self, articles: Collection[str]) -> Iterator[Mapping[str, Any]]:
        for read in self._read(articles):
            for told in read.values():
                yield from json.loads(told)

    def _read(self, articles: Collection[str]) -> Iterator[dict[str, str]]:
        for some in store.chunks(sorted(articles)):
            heads = store.heads(self.connection, some).values()
            hashes = sorted(h.content_hash for h in heads if not h.withdrawn)
            read = store.cached(self.connection, hashes, self.version)
            if unread := len({*hashes} - {*read}):
                raise BrokenStore(f"what was read in {unread} articles is missing or damaged; {REPAIR}")
            yield read
