"""Map tiles, for who asks for them: a server's pictures under the marks. Off, the map asks nobody for anything.

A link never turns them on: whoever opens it would tell the server where they look without having been asked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import streamlit as st

from dashboard.wording import label_text

OPEN_STREET_MAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
NONE = "none"  # a house that offers no tiles at all


@dataclass(frozen=True)
class Tiles:
    """Where tiles come from, and whose they are."""

    address: str
    credit: str
    credit_link: str = ""

    @property
    def host(self) -> str:
        """The server, as a reader knows it."""
        return urlsplit(self.address).netloc


class UnusableTiles(ValueError):
    """What is configured is no address of tiles."""


def tiles_of(environment: Mapping[str, str]) -> Tiles | None:
    """The tiles of CONFLICT_MAP_TILES, credited as CONFLICT_MAP_TILES_CREDIT says; OpenStreetMap's where neither is."""
    address = environment.get("CONFLICT_MAP_TILES", "") or OPEN_STREET_MAP
    credit = environment.get("CONFLICT_MAP_TILES_CREDIT", "")
    if address == NONE:
        return None
    parts = urlsplit(address)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or {"x", "y", "z"} - {*re.findall(r"{(\w+)}", address)}
    ):
        raise UnusableTiles(
            "CONFLICT_MAP_TILES is no address of map tiles: it is https://HOST/…/{z}/{x}/{y}.png, or none for no tiles."
        )
    if parts.username or parts.password:
        raise UnusableTiles("CONFLICT_MAP_TILES holds a password, which every reader's browser would be told.")
    if address == OPEN_STREET_MAP:
        return Tiles(address, credit or "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")
    return Tiles(address, credit)


def chosen_tiles() -> Tiles | None:
    """The tiles, where the reader has asked for them."""
    if not st.session_state.get("tiles"):
        return None
    with suppress(UnusableTiles):
        return tiles_of(os.environ)
    return None


def offer_tiles() -> None:
    """The switch, with what it does beside it; a house that offers none has no switch."""
    try:
        tiles = tiles_of(os.environ)
    except UnusableTiles as problem:
        st.text(str(problem))
        return
    if tiles is None:
        return
    st.toggle(
        f"Map tiles from {label_text(tiles.host)}, which then sees the places you look at", key="tiles",
        persist_state="session",
        help="Off, the map is drawn from files of this program and asks nobody for anything. On, your browser asks "
        "that server for each piece of the map in view, and for nothing else. No link turns it on.",
    )  # fmt: skip
