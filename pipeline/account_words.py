"""A run and its changes in words, for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.corrections import cell_text

EVENT_WORDS = ("new", "changed", "merged", "split", "withdrawn", "returned")


def event_words(event: Mapping[Any, Any]) -> str:
    """An event of the table as a reader knows it: its day, place, kind of violence and dead."""
    first, last = cell_text(event["date_start"]), cell_text(event["date_end"])
    day = first if first == last else f"{first} to {last}"
    killed = cell_text(event["fatalities_best"]) or cell_text(event["fatalities_low"])
    where = event["places"] or event["country"]
    parts = [day or "day unknown", where or "place unknown", str(event["sub_event_type"] or event["event_type"])]
    return ", ".join([*parts, f"{killed} killed"] if killed else parts)


def change_words(change: Mapping[Any, Any], told: Mapping[str, str] | None = None) -> str:
    """One line: what, which event, from what to what, because of what. `told`: events in words, by their ids."""
    what, event_id = change["what"], change["event_id"]
    old, new = change["old"] or "unknown", change["new"] or "unknown"
    said = {
        "changed": f"changed {event_id} {change['field']}: {old} -> {new}",
        "merged": f"merged {event_id} into {change['new']}",
        "split": f"split {event_id} off {change['old']}",
    }.get(what, f"{what} {event_id}")
    if about := (told or {}).get(change["new"] if what == "merged" else event_id):
        said += f" [{about}]"
    return f"{said} (because of {change['because']})" if change["because"] else said


def run_words(run: Mapping[Any, Any]) -> list[str]:
    """A run of the log: one line on what it did, then a line for each article that it refused."""
    summary: dict[str, Any] = run["summary"]
    parts = []
    articles = [f"{n:,} {w}" for w in ("new", "changed", "known") if (n := summary.get(f"articles_{w}"))]
    if articles:
        parts.append("articles: " + ", ".join(articles))
    events = summary.get("events") or {}
    parts.append("events: " + (", ".join(f"{events[w]:,} {w}" for w in EVENT_WORDS if events.get(w)) or "no change"))
    for name, word in (("undone", "takes back run"), ("correction", "correction"), ("withdrawn", "article out:"),
                       ("reinstated", "article in again:")):  # fmt: skip
        if name in summary:
            parts.append(f"{word} {summary[name]}")
    if summary.get("why"):
        parts.append(f"by {summary['who']}: {summary['why']}" if summary.get("who") else str(summary["why"]))
    if run["undone_by"]:
        parts.append(f"taken back by run {run['undone_by']}")
    line = f"run {run['run_id']} {run['action']} {str(run['at'])[:16].replace('T', ' ')}; " + "; ".join(parts)
    return [line, *(f"  refused: {said}" for said in summary.get("refused") or ()),
            *(f"  taken in, but: {said}" for said in summary.get("warnings") or ())]  # fmt: skip


def correction_words(c: Mapping[Any, Any]) -> str:
    """One line: its number and state, what it does, the machine's value beside, who and why."""
    parts = [c["action"], c["target"], c["field"], c["value"]]
    if c["action"] == "set":
        parts[3] = f"{c['value'] or 'unknown'} (machine: {c['machine_value'] or 'unknown'})"
    if c["event_id"] and c["event_id"] != c["target"]:
        parts.append(f"(now at {c['event_id']})")
    return f"correction {c['correction_id']} {c['state']}: {' '.join(p for p in parts if p)}, by {c['who']}: {c['why']}"
