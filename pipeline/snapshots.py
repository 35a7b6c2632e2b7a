"""Immutable Parquet snapshots of the published tables: what every reader opens.

snapshots/<snapshot_id>/*.parquet and manifest.json (digests); CURRENT names the one in force. A snapshot is written
aside, fsynced and renamed, then CURRENT is replaced: at any moment a reader finds the old one or the new one. A table
is one file, or a folder of several (events/2019.parquet, see snapshot_parts.py and partitioned.py), read in order of
name. A file that stays as it was is the same file in the next snapshot, under a second name.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import BrokenStore
from pipeline.settings import Settings
from pipeline.snapshot_parts import cut_frame
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, with_types

SNAPSHOT_FORMAT = 2  # 2: with near misses and reconciliations
KEPT = 3  # a reader that opened CURRENT just before it was replaced still finds its files
Read = TypeVar("Read")
TABLES = ("events", "reports", "articles", "changes", "corrections", "near_misses", "reconciliations")
# rows that are read together: a page of the list or an event's reports must not cost the whole file; articles are long
GROUP_ROWS = {"events": 16_384, "reports": 16_384, "articles": 2_048, "changes": 131_072, "corrections": 131_072,
              "near_misses": 16_384, "reconciliations": 2_048}  # fmt: skip
REPAIR = "run `python -m pipeline check --repair`: it makes it again from the articles and corrections in the database"


@dataclass(frozen=True)
class Snapshot:
    """One published state, as tables."""

    snapshot_id: str
    published_at: datetime
    events: pd.DataFrame  # EVENT_COLUMNS, with the corrections applied
    reports: pd.DataFrame  # REPORT_COLUMNS
    articles: pd.DataFrame  # article_id, title, source, url, published, text, origin, withdrawn
    changes: pd.DataFrame  # of the run that made it: event_id, what, field, old, new, because
    corrections: pd.DataFrame  # all, with the event each is at now, the machine's value beside, and its state
    near_misses: pd.DataFrame  # NEAR_MISS_COLUMNS: a row for two events that were nearly one (loading.near_misses_of)
    reconciliations: pd.DataFrame  # RECONCILIATION_COLUMNS: a row a cumulative claim (loading.reconciliation_of)


def snapshot_token(settings: Settings) -> str:
    """The id of the snapshot in force, "" where there is none: a new token means a new table."""
    try:
        return (settings.store_dir / "CURRENT").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def load_snapshot(settings: Settings) -> Snapshot | None:
    """The snapshot in force, every file held against its digest; None before the first refresh."""
    return in_force(settings, _load)


def in_force(settings: Settings, read: Callable[[Path], Read]) -> Read | None:
    """What `read` makes of the folder of the snapshot in force; None before the first refresh."""
    for _ in range(3):  # a writer may sweep the snapshot away while it is being opened: then CURRENT is new
        token = snapshot_token(settings)
        if not token:
            return None
        try:
            return read(settings.store_dir / "snapshots" / token)
        except FileNotFoundError as problem:
            missing = problem
            if snapshot_token(settings) == token:
                break
    raise BrokenStore(f"{missing.filename}: missing from the snapshot; {REPAIR}")


def _load(folder: Path) -> Snapshot:
    manifest = read_manifest(folder)
    frames = {}
    for name in TABLES:
        files = files_of(name, manifest)
        for file in files:
            check_digest(folder, file, manifest)
        parts = [pq.ParquetFile(folder / file).read() for file in files]
        frames[name] = pa.concat_tables(parts).to_pandas()
    frames["events"] = with_types(frames["events"], EVENT_COLUMNS)
    frames["reports"] = with_types(frames["reports"], REPORT_COLUMNS)
    return Snapshot(folder.name, datetime.fromisoformat(manifest["published_at"]), **frames)


def files_of(table: str, manifest: Mapping[str, Any]) -> list[str]:
    """The files of a table, in order; of one that the manifest does not know its usual name."""
    found = sorted(f for f in manifest["files"] if f == f"{table}.parquet" or f.startswith(f"{table}/"))
    return found or [f"{table}.parquet"]


def check_digest(folder: Path, file: str, manifest: Mapping[str, Any]) -> None:
    """Raise BrokenStore where a file is not as it was written."""
    if _digest(folder / file) != manifest["files"].get(file):
        raise BrokenStore(f"{folder / file}: damaged (its digest is not the one it was written with); {REPAIR}")


def read_manifest(folder: Path) -> dict:
    """The manifest of a snapshot; BrokenStore where it cannot be read or is newer than this program."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        found = int(manifest["format"])
    except (ValueError, KeyError, TypeError) as problem:
        raise BrokenStore(f"{folder / 'manifest.json'}: damaged; {REPAIR}") from problem
    if found > SNAPSHOT_FORMAT:
        raise BrokenStore(f"{folder}: written by a newer program (format {found}); update this one")
    if found < SNAPSHOT_FORMAT:
        raise BrokenStore(f"{folder}: written by an older program (format {found}); {REPAIR}")
    return manifest


def snapshot_is_whole(settings: Settings) -> bool:
    """Whether every file of the snapshot in force is as it was written."""
    folder = settings.store_dir / "snapshots" / snapshot_token(settings)
    try:
        manifest = read_manifest(folder)
        files = [file for name in TABLES for file in files_of(name, manifest)]
        return all(_digest(folder / file) == manifest["files"].get(file) for file in files)
    except (BrokenStore, OSError):
        return False


@dataclass(frozen=True)
class Staged:
    """A snapshot written aside, not yet in force."""

    folder: Path
    files: Mapping[str, str]  # name -> digest

    @property
    def digest(self) -> str:
        """Twelve characters that are the same where all tables but the log of changes are the same."""
        tables = "".join(
            f"{f} {self.files[f]}\n" for f in sorted(self.files) if not f.startswith(("changes.", "changes/"))
        )
        return hashlib.sha256(tables.encode()).hexdigest()[:12]


# The files of a table with their rows; None: the file, or all of the table, is that of the snapshot in force
Files = Iterable[tuple[str, pd.DataFrame | None]]


def stage_snapshot(settings: Settings, tables: Mapping[str, Files | None]) -> Staged:
    """Write the tables aside, a file at a time."""
    home = settings.store_dir / "snapshots"
    aside, before = home / f"{os.getpid()}.tmp", home / snapshot_token(settings)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    digests: dict[str, str] = {}
    for name in TABLES:
        files = tables[name]
        if files is None:
            files = [(file, None) for file in files_of(name, read_manifest(before))]
        for file, rows in files:
            path = aside / file
            path.parent.mkdir(exist_ok=True)
            if rows is None:
                _take_over(before / file, path)
                digests[file] = read_manifest(before)["files"][file]
            else:
                digests[file] = _write(path, rows, GROUP_ROWS[name])
    for folder in {aside / Path(file).parent for file in digests} - {aside}:
        _sync(folder)
    return Staged(aside, digests)


def _take_over(old: Path, new: Path) -> None:
    """The same file in another snapshot; copied where the file system gives it no second name."""
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)
        _sync(new)


def _write(path: Path, rows: pd.DataFrame, group_rows: int) -> str:
    # in one piece: how a table was put together must not show in the file
    table = pa.Table.from_pandas(rows, preserve_index=False).combine_chunks()
    with pq.ParquetWriter(path, table.schema, compression="zstd", write_page_checksum=True) as writer:
        writer.write_table(table, row_group_size=group_rows)
    _sync(path)
    return _digest(path)


def put_in_force(settings: Settings, staged: Staged, snapshot_id: str, *, at: datetime) -> None:
    """From now on readers find this one."""
    home = settings.store_dir / "snapshots"
    folder = home / snapshot_id
    manifest = {"format": SNAPSHOT_FORMAT, "published_at": at.isoformat(), "files": staged.files}
    _write_synced(staged.folder / "manifest.json", json.dumps(manifest, indent=1))
    shutil.rmtree(folder, ignore_errors=True)  # only ever a damaged one that is being repaired
    os.replace(staged.folder, folder)
    _sync(home)
    _write_synced(settings.store_dir / "CURRENT.tmp", snapshot_id + "\n")
    os.replace(settings.store_dir / "CURRENT.tmp", settings.store_dir / "CURRENT")
    _sync(settings.store_dir)
    _sweep(home, keep=snapshot_id)


def write_snapshot(settings: Settings, snapshot_id: str, tables: Mapping[str, pd.DataFrame], *, at: datetime) -> None:
    """Write the tables and put them in force."""
    files = {name: cut_frame(name, table) for name, table in tables.items()}
    put_in_force(settings, stage_snapshot(settings, files), snapshot_id, at=at)


def drop_staged(staged: Staged) -> None:
    """Nothing has changed: what was written aside is not needed."""
    shutil.rmtree(staged.folder, ignore_errors=True)


def _sweep(home: Path, *, keep: str) -> None:
    """Remove what killed writers left, and all but the latest snapshots."""
    whole = sorted((p for p in home.iterdir() if p.suffix != ".tmp"), key=lambda p: p.stat().st_mtime_ns)
    for path in [*home.glob("*.tmp"), *whole[:-KEPT]]:
        if path.name != keep:
            shutil.rmtree(path, ignore_errors=True)


def _write_synced(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no fsync of folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
