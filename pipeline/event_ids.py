"""Names for events: born from the founding report, kept for ever, and those merged away remembered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence


def assign_ids(groups: Sequence[Sequence[str]], known_ids: Mapping[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """For each group of report ids (founding report first) its event id and the ids merged away into it.

    A known event goes on in the group that holds most of its reports; on a tie in the older group. A group in which
    several known events meet keeps the id that most of its reports had, on a tie the one of its oldest report.
    """
    claims: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)  # known id -> (-overlap, group)
    for n, group in enumerate(groups):
        for event_id, overlap in Counter(known_ids[r] for r in group if r in known_ids).items():
            claims[event_id].append((-overlap, n))
    heirs: defaultdict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for event_id, found in claims.items():
        overlap, n = min(found)
        oldest = next(i for i, r in enumerate(groups[n]) if known_ids.get(r) == event_id)
        heirs[n].append((overlap, oldest, event_id))
    kept = {n: min(found)[2] for n, found in heirs.items()}
    taken = set(claims)
    named = []
    for n, group in enumerate(groups):
        if n in kept:
            gone = tuple(sorted(e for _, _, e in heirs[n] if e != kept[n]))
            named.append((kept[n], gone))
            continue
        event_id = next((f"ev-{r}" for r in group if f"ev-{r}" not in taken), "")
        serial = 2
        while not event_id or event_id in taken:  # split off from events that keep all its names
            event_id, serial = f"ev-{group[0]}-{serial}", serial + 1
            event_id = event_id if event_id not in taken else ""
        taken.add(event_id)
        named.append((event_id, ()))
    return named
