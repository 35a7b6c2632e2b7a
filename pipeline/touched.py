"""What of the database a publication looks at: what was written since the last one it remembers, or everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from pipeline import store
from pipeline.corrections import Action, Correction
from pipeline.remembered import Remembered
from pipeline.store import Member
from pipeline.text_columns import holds, take


@dataclass(frozen=True)
class Touched:
    """Articles and the members of their reports."""

    changed: frozenset[str]  # articles that may tell something else than is remembered
    # of the changed, of those whose events were written since, and of those that corrections speak of: all reports
    # that were ever read in them
    members: Mapping[str, Member]
    remembered: frozenset[str]  # of these the reports that still count as they are remembered

    def present(self, fresh: Iterable[Member]) -> list[Member]:
        """The reports of these articles that count now."""
        return [*fresh, *(self.members[r] for r in sorted(self.remembered))]


def find_touched(connection: Connection, last: Remembered, corrections: Sequence[Correction]) -> Touched:
    """Everything where nothing is remembered."""
    if not last.run_id:
        return Touched(frozenset(store.article_ids(connection)), store.members(connection), frozenset())
    written = store.written_since(connection, last.run_id, "article")
    reports = store.written_since(connection, last.run_id, "member") | _spoken_of(corrections)
    told = last.told
    placed = take(told.article_id, told.rows_of(reports)).to_pylist()
    articles = written | {*placed} | {m.article_id for m in store.members(connection, reports).values()}
    members = store.members_of_articles(connection, articles)
    here = told.take(np.flatnonzero(holds(told.article_id, articles)))
    rows = list(zip(here.report_id.to_pylist(), here.article_id.to_pylist(), strict=True))
    # what the database does not place is not what was published
    changed = written | {article_id for report_id, article_id in rows if report_id not in members}
    kept = frozenset(report_id for report_id, article_id in rows if article_id not in changed)
    return Touched(frozenset(changed), members, kept)


def _spoken_of(corrections: Iterable[Correction]) -> set[str]:
    """The reports that corrections are tied to."""
    found: set[str] = set()
    for c in corrections:
        found |= {*c.own_anchors, *c.other_anchors}
        if c.action in (Action.SPLIT, Action.MOVE):
            found.add(c.target)
    return found
