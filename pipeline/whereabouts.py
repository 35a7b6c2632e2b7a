"""What reports are called and where events are now: a new extractor renames reports, a merge takes events away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from pipeline import schema as db
from pipeline.corrections import Action, Correction
from pipeline.models import Report
from pipeline.store import Member


class Called:
    """What each report is called now. A new extractor may find the same sentence under another report id."""

    def __init__(self, reports: Sequence[Report | Member], before: Mapping[str, Member]) -> None:
        self._before = before
        # reports that stood beside the one that is gone are others, not its successors
        self._stood = {report_id for report_id, member in before.items() if not member.successor}
        self._now = {r.report_id: r for r in reports}
        self._by_article: dict[str, list[Report | Member]] = {}
        for report in reports:
            self._by_article.setdefault(report.article_id, []).append(report)

    def now(self, report_id: str) -> str | None:
        """Its present id: its own, or that of the report whose sentence overlaps its own the most."""
        if report_id in self._now:
            return report_id
        old = self._before.get(report_id)
        if old is None:
            return None
        for _ in range(100):  # from one extractor to the next; a number, because two may take turns
            if old.successor in self._now:
                return old.successor
            if old.successor not in self._before:
                break
            old = self._before[old.successor]
        shared = [
            (min(r.sentence_end, old.sentence_end) - max(r.sentence_start, old.sentence_start), r.report_id)
            for r in self._by_article.get(old.article_id, ())
            if r.report_id not in self._stood
        ]
        best = max(shared, default=(0, ""))
        return best[1] if best[0] > 0 else None

    def members(self, placed: Mapping[str, Member]) -> dict[str, Member]:
        """Those placed, and those gone with what they are called now: they stay known, with their event."""
        gone = {r: m for r, m in self._before.items() if r not in placed}
        return {r: replace(m, successor=self.now(r) or m.successor) for r, m in gone.items()} | dict(placed)

    def known_ids(self, overruled: Iterable[Correction] = ()) -> dict[str, str]:
        """Report id -> the event it was in, also for reports that are called otherwise now.

        Where a later decision parts what an analyst had merged, each side goes on under the name it had before.
        """
        known: dict[str, str] = {}
        for report_id, member in sorted(self._before.items()):
            now = self.now(report_id)
            if now == report_id or (now and now not in known):
                known[now] = member.event_id
        for merge in overruled:
            if merge.action == Action.MERGE:
                sides = ((merge.target, merge.own_anchors), (merge.value, merge.other_anchors))
                here = [{r: e for a in anchors if (r := self.now(a)) and (e := known.get(r))} for _, anchors in sides]
                for (name, _), reports in zip(sides, here, strict=True):
                    merged = {*here[0].values()} & {*here[1].values()}
                    known |= {r: name for r, event_id in reports.items() if event_id in merged}
        return known


class Whereabouts:
    """Where the event that a correction speaks of is now."""

    def __init__(
        self, connection: Connection, live: Collection[str], placed: Mapping[str, Member], called: Called,
        moved: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._connection, self._live = connection, live
        self._placed, self._called, self._moved = placed, called, moved

    def event_of(self, c: Correction) -> str | None:
        """Its event's present id, None where nothing is left of it.

        It stays with most of the reports it was made on; one put elsewhere by hand since then does not count.
        """
        if c.action == Action.UNDO:
            return None
        if c.action in (Action.SPLIT, Action.MOVE):
            return self._of_report(c.target)
        named = self._of_name(c.target)
        now = [r for a in c.own_anchors if (r := self._called.now(a))]
        held = Counter(self._placed[r].event_id for r in [r for r in now if r not in self._moved] or now)
        if not held:
            return named
        most = max(held.values())
        return named if named and held[named] == most else min(e for e, n in held.items() if n == most)

    def _of_name(self, event_id: str) -> str | None:
        for _ in range(100):  # a chain of merges; a number, because two undone merges could make a ring
            if event_id in self._live:
                return event_id
            heir = select(db.events.c.superseded_by).where(db.events.c.event_id == event_id)
            event_id = self._connection.scalar(heir) or ""
            if not event_id:
                break
        return None

    def _of_report(self, report_id: str) -> str | None:
        now = self._called.now(report_id)
        return self._placed[now].event_id if now else None
