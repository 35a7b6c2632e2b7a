"""Names of places and what each could be: the built file, mapped into memory."""

from __future__ import annotations

import json
import mmap
import os
import zlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from pipeline.errors import BrokenGazetteer
from pipeline.gazetteer_build import (
    ADMIN1,
    ALTERNATE,
    COUNTRY,
    MAGIC,
    ROW,
    SEATS,
    key_hash,
    read_table,
    signature,
    write_gazetteer,
)
from pipeline.models import GeoPrecision, Place
from pipeline.names import fold_key, name_key, number_key
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place that a name could be."""

    index: int
    name: str
    kind: int
    latitude: float
    longitude: float
    population: int
    iso2: str
    iso3: str
    country: str
    admin1: str
    radius_km: int
    alternate: bool  # the name asked for is not the main one
    folded: bool = False  # found by transliteration only

    def __hash__(self) -> int:
        return self.index  # one number instead of thirteen fields

    def as_place(self, precision: GeoPrecision) -> Place:
        """The record that travels."""
        return Place(self.name, self.admin1, self.country, self.iso3, round(self.latitude, 5),
                     round(self.longitude, 5), precision, f"gaz:{self.index}")  # fmt: skip


class Gazetteer:
    """Candidates of a name; demonyms and the countries they speak of."""

    def __init__(self, path: Path, tables: Path, expected: str) -> None:
        with path.open("rb") as handle:
            self._map = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError("not a gazetteer")
        start = len(MAGIC) + SEATS.size
        length = SEATS.unpack_from(self._map, len(MAGIC))[0]
        header = json.loads(self._map[start : start + length])
        if header["signature"] != expected:
            raise ValueError("made from other tables")
        view = memoryview(self._map)[start + length :]
        if len(view) != header["size"] or zlib.crc32(view) != header["crc"]:
            raise ValueError("damaged")
        self.version: str = expected
        self._countries: list[list[str]] = header["countries"]
        self._admins: list[list[str]] = header["admins"]
        parts = {name: view[at : at + size] for name, (at, size) in header["sections"].items()}
        self._hashes, self._starts = parts["hashes"].cast("Q"), parts["starts"].cast("I")
        self._posts, self._rows, self._blob = parts["posts"].cast("I"), parts["rows"], parts["blob"]
        self._mask = len(self._hashes) - 1
        self._tables = tables
        self._cache: dict[str, tuple[Candidate, ...]] = {}

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """Every place of that name in any spelling, exact ones first, most populous first."""
        key = name_key(name)
        return self.by_key(key or number_key(name)) or self.by_fold(key)

    def by_key(self, key: str) -> tuple[Candidate, ...]:
        """The places stored under a key of `names.name_key`."""
        found = self._cache.get(key)
        if found is None:
            if len(self._cache) > 200_000:
                self._cache.clear()
            found = self._cache[key] = self._read(key)
        return found

    def by_fold(self, key: str) -> tuple[Candidate, ...]:
        """The places whose name could be another transliteration of this key."""
        fold = fold_key(key)
        return self.by_key("~" + fold) if fold else ()

    @cached_property
    def peoples(self) -> dict[str, frozenset[str]]:
        """Word for a people -> iso2 of its countries."""
        found: dict[str, set[str]] = {}
        for row in read_table(self._tables / "countries.csv"):
            for word in filter(None, row["demonyms"].split("|")):
                found.setdefault(word, set()).add(row["iso2"])
        return {word: frozenset(countries) for word, countries in found.items()}

    @cached_property
    def demonyms(self) -> dict[str, str]:
        """Word for a people -> iso2 of the country; a word of two countries is left out."""
        return {word: min(countries) for word, countries in self.peoples.items() if len(countries) == 1}

    @cached_property
    def capitals(self) -> dict[str, str]:
        """Key of a capital's name -> iso2."""
        rows = read_table(self._tables / "countries.csv")
        return {name_key(row["capital"]): row["iso2"] for row in rows if row["capital"]}

    @cached_property
    def former_regions(self) -> dict[tuple[str, str], tuple[date, str]]:
        """(iso2, region) -> until which day its land belonged to another region, and to which."""
        rows = read_table(self._tables / "admin1_history.csv")
        names = {(iso2, code): name for iso2, code, name in self._admins}
        return {
            (row["iso2"], names[row["iso2"], row["code"]]): (date.fromisoformat(row["until"]), row["name"])
            for row in rows
        }

    @cached_property
    def around_cities(self) -> dict[tuple[str, str], str]:
        """(iso2, a city that is a region itself) -> the region that lies around it."""
        return {(row["iso2"], row["city"]): row["around"] for row in read_table(self._tables / "city_regions.csv")}

    def codes(self, country: str, region: str) -> tuple[str, str]:
        """iso2 and region code for names or codes, "" where unknown."""
        iso2 = next((row[0] for row in self._countries if country.upper() in row[:2]), "")
        if not iso2:
            iso2 = next((c.iso2 for c in self.by_key(name_key(country)) if c.kind == COUNTRY), "") if country else ""
        names = {c.admin1 for c in self.by_key(name_key(region)) if c.kind == ADMIN1 and c.iso2 == iso2}
        code = next((a[1] for a in self._admins if a[0] == iso2 and (a[1] == region or a[2] in names)), "")
        return iso2, code

    def country(self, iso2: str) -> Candidate | None:
        """The country itself."""
        name = next((row[2] for row in self._countries if row[0] == iso2), "")
        return next((c for c in self.by_key(name_key(name)) if c.kind == COUNTRY and c.iso2 == iso2), None)

    def admin1(self, iso2: str, name: str) -> Candidate | None:
        """The first-level region of that name in that country."""
        return next((c for c in self.by_key(name_key(name)) if c.kind == ADMIN1 and c.iso2 == iso2), None)

    def _read(self, key: str) -> tuple[Candidate, ...]:
        code = key_hash(key)
        slot = code & self._mask
        while self._hashes[slot] != code:
            if not self._hashes[slot]:
                return ()
            slot = (slot + 1) & self._mask
        start = self._starts[slot]
        found = [
            self._candidate(post, key[0] == "~") for post in self._posts[start + 1 : start + 1 + self._posts[start]]
        ]
        return tuple(sorted(found, key=lambda c: (-c.population, c.index)))

    def _candidate(self, post: int, folded: bool) -> Candidate:
        index = post & ~ALTERNATE
        latitude, longitude, population, country, admin, kind, length, radius, at, _ = ROW.unpack_from(
            self._rows, index * ROW.size
        )
        iso2, iso3, country_name = self._countries[country] if country >= 0 else ("", "", "")
        return Candidate(index, bytes(self._blob[at : at + length]).decode(errors="ignore"), kind, latitude, longitude,
                         population, iso2, iso3, country_name, self._admins[admin][2] if admin >= 0 else "", radius,
                         bool(post & ALTERNATE), folded)  # fmt: skip


_LOADED: dict[tuple[Path, str, int], Gazetteer] = {}


def gazetteer_file(settings: Settings) -> Path:
    """Where the built file stands."""
    return settings.store_dir / "gazetteer" / "places.bin"


def additions_file(settings: Settings) -> Path:
    """Where the analyst's own places stand; it survives rebuilds."""
    return settings.store_dir / "gazetteer" / "additions.csv"


def load_gazetteer(settings: Settings) -> Gazetteer:
    """The gazetteer, built at first use and again when damaged or when a table has changed."""
    path, tables = gazetteer_file(settings), settings.data_dir / "gazetteer"
    expected = signature(tables, additions_file(settings))
    try:
        return _open(path, tables, expected)
    except (OSError, ValueError, KeyError, TypeError):
        pass  # absent, half built, damaged or outdated: all mean "build it"
    try:
        write_gazetteer(path, tables, additions_file(settings))
        return _open(path, tables, expected)
    except OSError as problem:
        raise BrokenGazetteer(
            f"the gazetteer cannot be written to {path.parent} ({problem.strerror or problem}); "
            "set CONFLICT_STORE_DIR to a folder that can be written"
        ) from problem


def _open(path: Path, tables: Path, expected: str) -> Gazetteer:
    stat = os.stat(path)
    key = (path, expected, stat.st_mtime_ns ^ stat.st_size)
    if key not in _LOADED:
        _LOADED.clear()
        _LOADED[key] = Gazetteer(path, tables, expected)
    return _LOADED[key]
