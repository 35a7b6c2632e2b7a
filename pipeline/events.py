"""Reports of all articles -> events: a pure function, whatever the order."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.models import Event, Report, Status


def merge_reports(reports: Sequence[Report]) -> list[Event]:
    """What happened, on the evidence of all reports; sorted by day and id."""
    return [
        Event(
            event_id=f"ev-{r.report_id}", kind=r.kind, event_type=r.event_type, sub_event_type=r.sub_event_type,
            date_start=r.date_start, date_end=r.date_end, time_precision=r.time_precision, date_basis=r.date_basis,
            places=r.places, actors=r.actors, civilians_targeted=r.civilians_targeted, killed=r.killed,
            injured=r.injured, report_count=1, source_count=1, attributions=r.attributions, disputed=False,
            part_of=f"ev-{r.part_of}" if r.part_of else "", status=Status.MACHINE, first_reported=r.published,
            last_updated=r.published, evidence=r.evidence, report_ids=(r.report_id,),
            reasons=((r.report_id, "its only report"),),
        )
        for r in sorted(reports, key=lambda r: r.report_id)
    ]  # fmt: skip
