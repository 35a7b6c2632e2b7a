"""Names for events: born from the founding report, kept for ever, and those merged away remembered.

The founding report is the one received first, of those received together the one published first: an older article
that arrives late finds its event named already, and a rebuild from the articles and their arrivals says the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence


def assign_ids(
    groups: Sequence[Sequence[str]], known_ids: Mapping[str, str], rank: Mapping[str, int]
) -> list[tuple[str, tuple[str, ...]]]:
    """For each group of report ids its event id and the ids merged away into it; `rank`: who founds before whom.

    A known event goes on where the first of its reports is. Where several known events meet the oldest gives the name.
    """
    first_of: dict[str, tuple[int, int]] = {}  # known id -> (rank of its first report, group of that report)
    for n, group in enumerate(groups):
        for report_id in group:
            if (event_id := known_ids.get(report_id)) is not None:
                here = (rank[report_id], n)
                first_of[event_id] = min(first_of.get(event_id, here), here)
    meeting: defaultdict[int, list[tuple[bool, int, str]]] = defaultdict(list)
    for event_id, (place, n) in first_of.items():
        meeting[n].append((_split_off(event_id), place, event_id))
    kept = {n: min(found)[2] for n, found in meeting.items()}
    taken = set(first_of)
    named = []
    for n, group in enumerate(groups):
        if n in kept:
            named.append((kept[n], tuple(sorted(e for *_, e in meeting[n] if e != kept[n]))))
            continue
        in_order = sorted(group, key=rank.__getitem__)
        event_id = next((f"ev-{r}" for r in in_order if f"ev-{r}" not in taken), "")
        serial = 2
        while not event_id:  # split off from events that keep all its names
            name, serial = f"ev-{in_order[0]}-{serial}", serial + 1
            event_id = name if name not in taken else ""
        taken.add(event_id)
        named.append((event_id, ()))
    return named


def _split_off(event_id: str) -> bool:
    """Whether the name was made because its report's own was taken: "ev-a#0-2" is younger than "ev-a#0"."""
    return "-" in event_id.rpartition("#")[2]


def founder(event_id: str) -> str:
    """The report after which an event is called, "" for no event."""
    article, mark, rest = event_id.removeprefix("ev-").rpartition("#")
    return f"{article}{mark}{rest.partition('-')[0]}"
