"""The list of feeds with its schedule, and what earlier requests learned."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.schema import refuse_if_read_only
from pipeline.settings import Settings

DEFAULT_MINUTES = 60  # newspapers' feeds change a few times an hour; asking more often is impolite
LEAST_MINUTES = 5
SCHEDULE = re.compile(r"(\S+)(?:\s+every\s+(\d{1,5})\s*(minute|hour|day)s?)?\s*\Z", re.IGNORECASE)
MINUTES = {"minute": 1, "hour": 60, "day": 1440}


@dataclass(frozen=True, slots=True)
class Feed:
    """One line of the list."""

    url: str
    every_minutes: int = DEFAULT_MINUTES


def load_feed_list(path: Path) -> list[Feed]:
    """One feed a line: an address and, if wanted, "every 6 hours"; # begins a comment."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    feeds: dict[str, Feed] = {}
    for line in lines:
        found = SCHEDULE.match(re.split(r"(?:\A|\s)#", line)[0].strip())
        if found:
            minutes = int(found[2]) * MINUTES[found[3].lower()] if found[2] else DEFAULT_MINUTES
            feeds[found[1]] = Feed(found[1], max(LEAST_MINUTES, minutes))
    return list(feeds.values())


def due_feeds(feeds: Iterable[Feed], state: Mapping[str, Mapping[str, str]], now: datetime) -> list[str]:
    """The addresses whose turn it is: never asked, or asked longer ago than their schedule says."""
    due = []
    for feed in feeds:
        asked = state.get(feed.url, {}).get("asked", "")
        if not asked or now - datetime.fromisoformat(asked) >= timedelta(minutes=feed.every_minutes):
            due.append(feed.url)
    return due


def feeds_file(settings: Settings) -> Path:
    """Where the list is."""
    return settings.data_dir / "feeds.txt"


def add_feed(settings: Settings, url: str, every_minutes: int = DEFAULT_MINUTES) -> None:
    """Append a feed to the list, comments and order kept; one that is there gets the new schedule."""
    refuse_if_read_only(settings)
    remove_feed(settings, url)
    path = feeds_file(settings)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    _write(path, before.rstrip("\n") + "\n" * bool(before.strip()) + f"{url} every {every_minutes} minutes\n")


def remove_feed(settings: Settings, url: str) -> None:
    """Take a feed off the list."""
    refuse_if_read_only(settings)
    path = feeds_file(settings)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept = [line for line in lines if line.split(" ")[0].strip() != url]
    if kept != lines:
        _write(path, "\n".join(kept) + "\n" * bool(kept))


def load_feed_state(path: Path) -> dict[str, dict[str, str]]:
    """What earlier requests learned; empty where there is none or it is damaged (then all is asked again)."""
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def save_feed_state(path: Path, state: Mapping[str, Mapping[str, str]]) -> None:
    """Written aside and replaced, so that a stop in between leaves the old one."""
    _write(path, json.dumps(state, sort_keys=True))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, path)
