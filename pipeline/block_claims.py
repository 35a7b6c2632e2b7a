"""Tolls over a period in an archive that is merged in blocks: set beside the incidents of their countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipeline.engines import Engine
from pipeline.models import Kind
from pipeline.reasons import COUNTED, as_corrected
from pipeline.reconciliation import Reconciliation, reconcile
from pipeline.steps import Step, run_steps
from pipeline.table import SEPARATOR
from pipeline.workspace import Workspace

SEVERAL = "several"  # countries, or places: looked at for every toll


def leave_counted(workspace: Workspace, year: str, machine: pd.DataFrame) -> None:
    """Leave what of a year's events tolls are held against: its incidents by country, and the tolls themselves."""
    counted = machine.loc[machine["kind"].ne(Kind.DIPLOMATIC), list(COUNTED)]
    claims = counted[counted["kind"].eq(Kind.CUMULATIVE)]
    incidents = counted[counted["kind"].eq(Kind.INCIDENT)]
    homes = incidents["iso3"].where(incidents["where"].eq(""), SEVERAL)
    found = {str(home): rows for home, rows in incidents.groupby(homes)}
    for home, rows in found.items():
        workspace.put(f"incidents/{home or '-'}/{year}", rows)
    workspace.put(f"claims/{year}", (claims, sorted(found)))


def reconcile_by_country(engine: Engine, workspace: Workspace, years: Sequence[str]) -> list[Reconciliation]:
    """A row for each toll with a period and a place, in the order of the events."""
    claims, years_of = [], dict[str, list[str]]()
    for year in years:
        told, homes = workspace.get(f"claims/{year}")
        claims.append(told)
        for home in homes:
            years_of.setdefault(home, []).append(year)
    if not claims:
        return []
    whole = pd.concat(claims, ignore_index=True)

    def steps() -> list[Step]:
        found: list[Step] = []
        for cell, some in whole.groupby("iso3", sort=True):
            homes = [*dict.fromkeys(str(cell).split(SEPARATOR)), SEVERAL]
            near = {home: years_of[home] for home in homes if home in years_of}
            found.append((reconcile_claims, (workspace, some, near)))
        return found

    order = {event_id: n for n, event_id in enumerate(whole["event_id"])}
    rows = [row for some in run_steps(engine, steps()) for row in some]
    return sorted(rows, key=lambda row: order[row.event_id])


def reconcile_claims(
    workspace: Workspace, claims: pd.DataFrame, near: Mapping[str, Sequence[str]]
) -> list[Reconciliation]:
    """Tolls of one country, or of the same few, beside the incidents of these."""
    incidents = [workspace.get(f"incidents/{home or '-'}/{year}") for home, years in near.items() for year in years]
    table = pd.concat([claims, *incidents], ignore_index=True)
    return reconcile(as_corrected(table, table))
