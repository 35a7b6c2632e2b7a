"""Merging what has changed: after any step the archive is what merging it whole would make of it."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta

import pandas as pd
import pytest

from pipeline import turns
from pipeline.facets import season_of
from pipeline.merging import Merged, Naming, merge_archive
from pipeline.models import Count, DateBasis, Event, GeoPrecision, Kind, Place, Report, TimePrecision
from pipeline.reasons import build_machine_table
from pipeline.remembered import Decided, Remembered, as_tables, from_tables
from pipeline.table import build_report_table
from pipeline.told import Told
from pipeline.turns import MergedRows, merge_in_turns
from pipeline.voices import sketch_text

STEPS = 6
FIRST = date(2031, 3, 1)
TOWNS = [
    Place(name, f"Region {n % 3}", "Arnor", "ARN", 10.0 + 0.2 * n, 20.0, GeoPrecision.PLACE)
    for n, name in enumerate(("Bree", "Archet", "Staddle", "Combe", "Dale"))
]
REGIONS = [Place(f"Region {n}", f"Region {n}", "Arnor", "ARN", 10.2, 20.2, GeoPrecision.ADMIN1) for n in range(3)]
TYPES = [("Explosions/Remote violence", "Air/drone strike"), ("Battles", "Armed clash"), ("Riots", "Mob violence")]
TEXTS = [
    " ".join(random.Random(text).choices([f"w{n}" for n in range(400)], k=60)) for text in range(25)
]  # fmt: skip


@dataclass
class Desk:
    """Articles that come, change and go in the hands of one who decides a lot."""

    draw: random.Random
    crowded: bool  # most in one town within two days
    articles: dict[str, list[Report]] = field(default_factory=dict)
    arrived: dict[str, int] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    decided: Decided = field(default_factory=Decided)
    made: int = 0

    def write(self, article_id: str) -> list[Report]:
        """What an article tells: one to three happenings, some of them parts of another."""
        draw = self.draw
        published = FIRST + timedelta(draw.randrange(2 if self.crowded else 150))
        text = draw.choice(TEXTS) if draw.random() < 0.3 else " ".join(draw.choices("abcdefghijklmnop", k=40))
        reports: list[Report] = []
        for rank in range(1, draw.choice((1, 1, 2, 3)) + 1):
            day = published - timedelta(draw.randrange(3))
            killed = draw.choice((None, draw.randrange(6)))
            kind = Kind.CUMULATIVE if draw.random() < 0.1 else Kind.INCIDENT
            undated = draw.random() < 0.2
            event_type, sub_event_type = draw.choice(TYPES)
            start = None if undated else day - timedelta(draw.choice((0, 0, 1, 12)) if kind is Kind.INCIDENT else 20)
            reports.append(Report(
                f"{article_id}#{rank}", article_id, f"s{draw.randrange(6)}", None if draw.random() < 0.1 else published,
                rank, kind, event_type, sub_event_type, start, None if undated else day,
                None if undated else TimePrecision.DAY, DateBasis.NONE if undated else DateBasis.EXPLICIT,
                (TOWNS[0] if self.crowded and draw.random() < 0.8 else draw.choice(TOWNS + REGIONS),),
                killed=Count(killed, killed, killed), sentence_start=rank * 10, sentence_end=rank * 10 + 9,
                part_of=reports[0].report_id if reports and draw.random() < 0.3 else "", voice=sketch_text(text),
                words=tuple(sorted({f"name{draw.randrange(40)}" for _ in range(draw.randrange(5))})),
            ))  # fmt: skip
        return reports

    def change(self, run: int) -> set[str]:
        """One step: the articles for which anything is new."""
        draw = self.draw
        new = [f"{draw.randrange(16**6):06x}" for _ in range(draw.choice((0, 1, 4, 30)))]
        new += draw.sample(sorted(self.articles), min(len(self.articles), draw.randrange(4)))
        gone = draw.sample(sorted(self.articles), min(len(self.articles), draw.choice((0, 0, 1, 5))))
        for article_id in new:
            self.articles[article_id] = self.write(article_id)
            self.arrived.setdefault(article_id, run)
        for article_id in gone:
            self.articles.pop(article_id, None)
        if new and draw.random() < 0.2:  # taken back and received anew
            self.arrived[draw.choice(new)] = run
        self.decide()
        return {*new, *gone}

    def decide(self) -> None:
        """Some pairs held together or apart; some of it taken back."""
        reports = sorted(r.report_id for found in self.articles.values() for r in found)
        if len(reports) < 2 or self.draw.random() < 0.3:
            return
        pairs = [tuple(sorted(self.draw.sample(reports, 2))) for _ in range(self.draw.randrange(4))]
        must = {*self.decided.must, *pairs[:2]} if self.draw.random() < 0.7 else {*self.decided.must[1:]}
        cannot = {*self.decided.cannot[1:], *pairs[2:]} - must
        moved = {*self.decided.moved[1:], *(pair[0] for pair in pairs[:1])}
        self.decided = Decided(tuple(sorted(must)), tuple(sorted(cannot)), tuple(sorted(moved)))

    def reports(self, articles: Collection[str]) -> list[Report]:
        return [r for a in articles for r in self.articles.get(a, ())]

    def received(self, articles: Collection[str]) -> dict[str, int]:
        return {a: self.arrived[a] for a in articles if a in self.arrived}

    def seasons(self, articles: Collection[str]) -> dict[str, int]:
        return {r.article_id: season_of(r) for r in self.reports(articles)}

    def voices(self, articles: Collection[str]) -> dict[str, str]:
        return {r.article_id: r.voice for r in self.reports(articles) if r.voice}

    def naming(self) -> Naming:
        names = {r.report_id for found in self.articles.values() for r in found}
        return Naming({r: e for r, e in self.known.items() if r in names})

    def merge(self, last: Remembered, changed: Collection[str]) -> Merged:
        return merge_archive(last, changed, self.reports(changed), self, self.decided, self.naming())

    def merge_in_turns(self, last: Remembered, changed: Collection[str]) -> MergedRows:
        return merge_in_turns(last, changed, self, self.decided, self.naming())


def as_rows(merged: Merged | Remembered) -> dict[str, list[object]]:
    """What is remembered of each report, but the number of its tie, which is any, and what was before."""
    columns = {f.name: getattr(merged.told, f.name) for f in fields(Told) if f.name not in ("tie", "was")}
    return {name: column.tolist() for name, column in columns.items()}


def remembered(merged: Merged, decided: Decided) -> Remembered:
    """As it comes back from the files of a snapshot."""
    memory = Remembered(1, merged.told, merged.copies, merged.filed, merged.weights, merged.near, decided)
    return from_tables(as_tables(memory))


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_merging_what_has_changed_makes_what_merging_the_whole_makes(seed: int, crowded: bool) -> None:
    desk = Desk(random.Random(f"{seed} {crowded}"), crowded)
    for n in range(60):
        desk.articles[f"first{n}"] = desk.write(f"first{n}")
        desk.arrived[f"first{n}"] = 1
    memory, events, changed = Remembered(), dict[str, Event](), {*desk.articles}
    anew = 0
    for run in range(2, STEPS + 2):
        part = desk.merge(memory, changed)
        whole = desk.merge(Remembered(), {*desk.articles})
        events = {e: event for e, event in events.items() if e not in part.gone_events}
        assert events.keys().isdisjoint(e.event_id for e in part.events)
        # which names met in an event is news of one publication, and no part of the table
        events |= {e.event_id: replace(e, superseded_ids=()) for e in part.events}
        assert events == {e.event_id: replace(e, superseded_ids=()) for e in whole.events}
        assert as_rows(part) == as_rows(whole)
        assert all((a.keys == b.keys).all() and (a.owners == b.owners).all()
                   for a, b in zip(part.filed, whole.filed, strict=True))  # fmt: skip
        assert part.weights == whole.weights
        assert part.near.rows.equals(whole.near.rows)
        anew += len(part.reports) < len(whole.reports)
        memory = remembered(part, desk.decided)
        desk.known |= {r: e.event_id for e in part.events for r in e.report_ids}
        changed = desk.change(run)
    assert anew  # the rest was not merged again


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_merging_in_turns_makes_what_merging_at_once_makes(seed: int, crowded: bool, monkeypatch) -> None:
    monkeypatch.setattr(turns, "TURN_ARTICLES", 1)  # a turn a season
    desk = Desk(random.Random(f"turns {seed} {crowded}"), crowded)
    memory = Remembered()
    for run in range(1, STEPS):
        changed = desk.change(run)
        for n in range(40 if run in (1, 3) else 0):
            changed.add(f"{run}-{n}")
            desk.articles[f"{run}-{n}"] = desk.write(f"{run}-{n}")
            desk.arrived[f"{run}-{n}"] = run
        whole = desk.merge(Remembered(), {*desk.articles})
        event_of = {r: e.event_id for e in whole.events for r in e.report_ids}
        why = {r: reason for e in whole.events for r, reason in e.reasons}
        for last, some in ((Remembered(), {*desk.articles}), (memory, changed)):
            found = desk.merge_in_turns(last, some)
            assert as_rows(found.memory) == as_rows(whole)
            assert found.memory.weights == whole.weights and found.memory.near.rows.equals(whole.near.rows)
            assert all((a.keys == b.keys).all() and (a.owners == b.owners).all()
                       for a, b in zip(found.memory.filed, whole.filed, strict=True))  # fmt: skip
            events = build_machine_table(whole.events).set_index("event_id")
            reports = build_report_table(whole.reports, event_of, why).set_index("report_id")
            pd.testing.assert_frame_equal(found.events.set_index("event_id"), events.loc[found.events["event_id"]])
            pd.testing.assert_frame_equal(found.reports.set_index("report_id"), reports.loc[found.reports["report_id"]])
            assert last.run_id or (len(found.events), len(found.reports)) == (len(events), len(reports))
        memory = replace(from_tables(as_tables(found.memory)), run_id=run)
        desk.known |= event_of


def test_a_new_article_far_from_all_others_is_merged_alone() -> None:
    desk = Desk(random.Random(3), crowded=False)
    desk.articles = {f"a{n}": desk.write(f"a{n}") for n in range(40)}
    memory = remembered(desk.merge(Remembered(), {*desk.articles}), Decided())
    [one, *_] = desk.write("far")
    desk.articles["far"] = [replace(one, published=date(2040, 1, 1), date_start=date(2040, 1, 1),
                                    date_end=date(2040, 1, 1), words=("elsewhere",))]  # fmt: skip
    assert [r.article_id for r in desk.merge(memory, {"far"}).reports] == ["far"]
