"""An archive merged in blocks of time is what merging it whole makes of it, byte for byte, whoever does the work."""

from __future__ import annotations

import errno
import os
import random
import signal
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from benchmarks.merge_scale import generate_reports
from test_merging import Desk

from pipeline import spread
from pipeline.block_claims import leave_counted, reconcile_by_country
from pipeline.block_misses import misses_of
from pipeline.block_steps import find_same_in
from pipeline.block_tables import events_of, reports_of
from pipeline.components import find_components
from pipeline.engines import Engine, InProcess, open_engine
from pipeline.errors import PipelineError
from pipeline.event_values import founding_order
from pipeline.events import merge_reports
from pipeline.facets import speaking
from pipeline.ledger import Ledger, Told, outline
from pipeline.models import Article, Count, GeoPrecision, Kind, Place, Report
from pipeline.near_misses import near_misses
from pipeline.reasons import as_corrected, build_machine_table, build_near_miss_table
from pipeline.reconciliation import reconcile
from pipeline.settings import Settings
from pipeline.steps import run_steps
from pipeline.table import build_report_table
from pipeline.voices import first_of_each
from pipeline.workspace import Workspace

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


def whole(reports: Sequence[Report]) -> Tables:
    """All at once, in one process."""
    events = merge_reports(reports)
    event_of = {r: e.event_id for e in events for r in e.report_ids}
    why = dict(pair for e in events for pair in e.reasons)
    misses = build_near_miss_table(near_misses(reports, event_of))
    return build_machine_table(events), build_report_table(reports, event_of, why), misses


def lay_down(reports: Iterable[Report], workspace: Workspace) -> Ledger:
    """As reading leaves them, some articles a piece."""
    articles: dict[str, list[Report]] = {}
    for report in reports:
        articles.setdefault(report.article_id, []).append(report)
    ledger, waiting = Ledger(), list(articles.items())
    for start in range(0, len(waiting), 7):
        told: list[Told] = []
        for n, (article_id, some) in enumerate(waiting[start : start + 7]):
            main = {r.report_id for r in speaking(sorted(some, key=founding_order)).values()}
            article = Article(article_id, "", "", "", "", max(some, key=founding_order).published)
            ledger.take(outline(article, some, str(start), n))
            told += [(n, r, r.report_id in main) for n, r in enumerate(some, len(told))]
        workspace.put(f"read/{start}", told)
    return ledger


def in_blocks(reports: Sequence[Report], folder: Path, block_reports: int, engine: Engine | None = None) -> Tables:
    """A block after the other."""
    workspace, engine = Workspace(str(folder)), engine or InProcess(Settings())
    ledger = lay_down(reports, workspace)
    merged = spread.merge_spread(
        engine, workspace, ledger, by_year=False, with_misses=True, block_reports=block_reports
    )
    tables = [
        pd.concat([read(workspace, part, parts[part]) for part in sorted(parts)], ignore_index=True)
        for read, parts in ((events_of, merged.events), (reports_of, merged.reports), (misses_of, merged.misses))
        if parts
    ]
    assert len(tables[0]) == merged.count
    if len(tables) < 3:
        return tables[0], tables[1], build_near_miss_table([])
    misses = tables[2].sort_values(
        ["points", "event_id", "other_event_id"], ascending=[False, True, True], ignore_index=True
    )
    return tables[0], tables[1], misses


def written(seed: int, *, crowded: bool) -> list[Report]:
    """Articles of some two years; some tell of what was long before, some are copies of one of another year."""
    desk = Desk(random.Random(seed), crowded=crowded)
    draw = desk.draw
    reports: list[Report] = []
    for n in range(200):
        later = timedelta(draw.choice((0, 0, 55, 61, 118, 240, 360)))
        ago = timedelta(draw.choice((0, 0, 0, 0, 60, 200)))
        reports += [
            replace(
                r, published=r.published and r.published + later,
                date_start=r.date_start and r.date_start + later - ago,
                date_end=r.date_end and r.date_end + later - ago,
            )
            for r in desk.write(f"{draw.randrange(16**6):06x}{n}")
        ]  # fmt: skip
    return reports


@pytest.mark.parametrize("crowded", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_blocks_of_any_size_make_the_same_tables(seed: int, crowded: bool, tmp_path: Path) -> None:
    reports = written(seed, crowded=crowded)
    wanted = whole(reports)
    assert len(wanted[0]) < len(reports) and len(wanted[2]) > 20
    for block_reports in (1, 10_000):
        found = in_blocks(reports, tmp_path / str(block_reports), block_reports)
        for one, other in zip(found, wanted, strict=True):
            pd.testing.assert_frame_equal(one, other)


def test_reports_of_a_block_meet_those_of_another(tmp_path: Path) -> None:
    """What the test above is about happens: events of several blocks, copies far apart, reports that move."""
    reports = written(1, crowded=False)
    workspace = Workspace(str(tmp_path))
    in_blocks(reports, tmp_path, 1)
    blocks = {int(p.name) for p in tmp_path.glob("home/*")}
    moved = [one for p in tmp_path.glob("moved/*/*") for one in workspace.get(str(p.relative_to(tmp_path)))]
    assert len(blocks) > 6 and len(moved) > 2
    filed = [p for p in tmp_path.glob("filed/*/*") if abs(int(p.parent.name) - int(p.name)) > 1]
    assert len(filed) > 5


def test_workers_merge_to_the_same_tables(tmp_path: Path) -> None:
    reports = written(9, crowded=False)
    with open_engine(Settings(), workers=2) as opened:
        found = in_blocks(reports, tmp_path, 50, opened)
    for one, other in zip(found, whole(reports), strict=True):
        pd.testing.assert_frame_equal(one, other)


def die_once(workspace: Workspace, block: int, *rest: object) -> object:
    """Ends its process the first time that it comes to the third block."""
    flag = Path(workspace.address) / "died"
    if block == 2 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return find_same_in(workspace, block, *rest)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_worker_killed_while_it_merges_costs_nothing(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "find_same_in", die_once)
    reports = written(9, crowded=False)
    with open_engine(Settings(), engine, 2) as opened:
        found = in_blocks(reports, tmp_path, 50, opened)
    assert (tmp_path / "died").exists()
    for one, other in zip(found, whole(reports), strict=True):
        pd.testing.assert_frame_equal(one, other)


def die_always(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_step_that_kills_every_worker_is_named() -> None:
    with open_engine(Settings(), "local", 2) as opened:
        found = run_steps(opened, ((die_always, (n,)) for n in range(6)))
        with pytest.raises(PipelineError, match=r"over one step \(die_always\)"):
            list(found)


def test_generated_reports_make_the_same_tables(tmp_path: Path) -> None:
    reports, _ = generate_reports(3_000)
    for one, other in zip(in_blocks(reports, tmp_path, 250), whole(reports), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_components_are_what_the_pairs_tie_together() -> None:
    draw = random.Random(4)
    for _ in range(200):
        size = draw.randrange(1, 60)
        pairs = [(draw.randrange(size), draw.randrange(size)) for _ in range(draw.randrange(60))]
        leaders = first_of_each(pairs)
        found = find_components(size, np.array(pairs, dtype=np.int64).reshape(-1, 2))
        assert found.tolist() == [leaders.get(n, n) for n in range(size)]


def test_a_piece_half_written_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace(str(tmp_path))
    workspace.put("a/b", [1])
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        workspace.put("a/b", [2])
    assert workspace.get("a/b") == [1]


def test_tolls_are_set_beside_the_incidents_of_their_countries_as_in_the_whole(tmp_path: Path) -> None:
    """Tolls of one country and of two, incidents told of several places and of none."""
    draw = random.Random(2)
    lands = [Place("", "", name, code, None, None, GeoPrecision.COUNTRY) for name, code in (("A", "AAA"), ("B", "BBB"))]
    towns = [Place(f"T{n}", "R", "AB"[n % 2], "AB"[n % 2] * 3, 10.0 + n, 20.0, GeoPrecision.PLACE) for n in range(6)]
    nowhere = Place("Sea", "", "", "", 1.0, 2.0, GeoPrecision.AREA)
    events = []
    for n in range(400):
        claim, start = draw.random() < 0.1, date(2019, 1, 1) + timedelta(draw.randrange(900))
        where = draw.choice(([lands[0]], [lands[1]], lands)) if claim else draw.choice(
            ([draw.choice(towns)], draw.sample(towns, 2), [nowhere, towns[0]], [nowhere], []))  # fmt: skip
        dead = Count(n % 5, n % 5, n % 5)
        report = Report(
            f"a{n}#0", f"a{n}", "s", start, 1, Kind.CUMULATIVE if claim else Kind.INCIDENT, "Battles", "Armed clash",
            start, start + timedelta(200 if claim else 0), places=tuple(where), killed=dead,
        )  # fmt: skip
        events += merge_reports([report])
    machine = build_machine_table(sorted(events, key=lambda e: (e.date_start, e.event_id)))
    years = machine["date_start"].dt.year.astype(str)
    workspace = Workspace(str(tmp_path))
    for year in sorted(set(years)):
        leave_counted(workspace, year, machine[years == year])
    wanted = reconcile(as_corrected(machine, machine))
    assert len(wanted) > 20 and sum(row.incidents > 3 for row in wanted) > 15
    assert reconcile_by_country(InProcess(Settings()), workspace, sorted(set(years))) == wanted


def test_a_full_disk_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(PipelineError, match=r"No space left on device\); make room there, or set TMPDIR"):
        Workspace(str(tmp_path)).put("a", 1)
