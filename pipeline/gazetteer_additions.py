"""The analyst's own places: read from a GeoNames country dump or a CSV, kept beside the built file."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BrokenGazetteer
from pipeline.gazetteer import additions_file, load_gazetteer
from pipeline.gazetteer_build import read_table
from pipeline.names import name_key, number_key
from pipeline.schema import refuse_if_read_only
from pipeline.settings import Settings

COLUMNS = ("name", "latitude", "longitude", "iso2", "admin1_code", "population", "alternate_names", "origin")
GEONAMES_COLUMNS = 19
SETTLED = ("P", "L", "H", "T", "S", "A", "V", "R")  # GeoNames' feature classes; ADM rows of class A are left out
HEADINGS = {"lat": "latitude", "lon": "longitude", "lng": "longitude", "long": "longitude", "alternatenames":
            "alternate_names", "alternate names": "alternate_names", "alternates": "alternate_names"}  # fmt: skip


@dataclass(frozen=True)
class Added:
    """What an addition did."""

    read: int
    added: int
    known: int
    refused: tuple[str, ...]


def add_places(path: Path, settings: Settings) -> Added:
    """Merge a file into the analyst's own places; the gazetteer is built anew with them."""
    refuse_if_read_only(settings)
    return _merge(_rows(path, settings), path.name, settings)


def add_place(
    settings: Settings, name: str, latitude: float, longitude: float, country: str = "", admin1: str = ""
) -> Added:
    """Add one place by hand; the next refresh reads all articles again with it."""
    refuse_if_read_only(settings)
    iso2, code = load_gazetteer(settings).codes(country, admin1)
    row = {"name": name.strip(), "latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}", "iso2": iso2,
           "admin1_code": code, "population": "", "alternate_names": ""}  # fmt: skip
    return _merge(iter([(1, row)]), "by hand", settings)


def _merge(rows_found: Iterator[tuple[int, dict[str, str]]], origin: str, settings: Settings) -> Added:
    table = additions_file(settings)
    rows = read_table(table) if table.exists() else []
    have = {_identity(row) for row in rows}
    read = known = 0
    refused: list[str] = []
    fresh = []
    for number, row in rows_found:
        read += 1
        problem = _problem(row)
        if problem:
            refused.append(f"line {number}: {problem}")
        elif _identity(row) in have:
            known += 1
        else:
            have.add(_identity(row))
            fresh.append(row | {"origin": origin})
    if fresh:
        _write(table, rows + fresh)
        load_gazetteer(settings)
    return Added(read, len(fresh), known, tuple(refused))


def _rows(path: Path, settings: Settings) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            handle.seek(0)
            if first.count("\t") == GEONAMES_COLUMNS - 1:
                yield from _dump_rows(handle)
            else:
                yield from _csv_rows(path, handle, settings)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BrokenGazetteer(
            f"{path}: cannot be read ({problem}); give a GeoNames dump or a CSV in UTF-8"
        ) from problem


def _dump_rows(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) != GEONAMES_COLUMNS:
            yield number, {"problem": f"{len(cells)} columns, not {GEONAMES_COLUMNS}"}
        elif cells[6] in SETTLED and not cells[7].startswith("ADM") and not cells[7].startswith("PCL"):
            yield number, {"name": cells[1], "latitude": cells[4], "longitude": cells[5], "iso2": cells[8],
                           "admin1_code": cells[10], "population": cells[14],
                           "alternate_names": "|".join(filter(None, [cells[2], *cells[3].split(",")]))}  # fmt: skip


def _csv_rows(path: Path, handle: Iterator[str], settings: Settings) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(handle)
    names = {h: HEADINGS.get(h.strip().lower(), h.strip().lower()) for h in reader.fieldnames or ()}
    if not {"name", "latitude", "longitude"} <= set(names.values()):
        raise BrokenGazetteer(f"{path}: a CSV needs the columns name, lat, lon; it has {', '.join(names)}")
    gazetteer = load_gazetteer(settings)
    for number, cells in enumerate(reader, 2):
        row = {names[h]: (v or "").strip() for h, v in cells.items() if h in names}
        country, region = row.get("country", row.get("iso2", "")), row.get("admin1", row.get("admin1_code", ""))
        iso2, code = gazetteer.codes(country, region)
        yield number, {"name": row["name"], "latitude": row["latitude"], "longitude": row["longitude"], "iso2": iso2,
                       "admin1_code": code, "population": row.get("population", ""),
                       "alternate_names": row.get("alternate_names", "").replace(";", "|")}  # fmt: skip


def _identity(row: dict[str, str]) -> tuple[str, str, str]:
    return row.get("name", ""), row.get("latitude", ""), row.get("longitude", "")


def _problem(row: dict[str, str]) -> str:
    """What is wrong with a row, "" if nothing is."""
    if "problem" in row:
        return row["problem"]
    if not any(name_key(name) or number_key(name) for name in (row["name"], *row["alternate_names"].split("|"))):
        return f"no name that begins with a word in Latin letters: {row['name']!r}"
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        people = int(row["population"] or 0)
    except ValueError:
        return f"{row['name']}: latitude, longitude or population is no number"
    return "" if -90 <= latitude <= 90 and -180 <= longitude <= 180 and people >= 0 else f"{row['name']}: off the globe"


def _write(table: Path, rows: list[dict[str, str]]) -> None:
    aside = table.with_name(f"{table.name}.{os.getpid()}.tmp")
    try:
        table.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        os.replace(aside, table)
    except OSError as problem:
        raise BrokenGazetteer(
            f"{table} cannot be written ({problem.strerror or problem}); "
            "set CONFLICT_STORE_DIR to a folder that can be written"
        ) from problem
    finally:
        aside.unlink(missing_ok=True)
