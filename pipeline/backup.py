"""The truth of a store as one file, and a store made of it: for keeping, and for moving from SQLite to PostgreSQL.

Gzipped lines of JSON: a head, every row but those of `extractions` (what can be read again), an end with their number
and digest. The end says that nothing is missing: a file cut short is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from pipeline import schema as db
from pipeline.checking import repair_store
from pipeline.errors import BrokenStore, PipelineError
from pipeline.schema import PUBLISHING, SCHEMA_VERSION, locked, open_store, writing
from pipeline.settings import Settings

BACKUP_FORMAT = 1
KEPT = (db.versions, db.articles, db.members, db.events, db.changes, db.corrections, db.runs, db.journal)
NUMBERED_BY_THE_DATABASE = {db.changes: "change_id", db.journal: "entry_id"}
ROWS = 500


def write_backup(settings: Settings, path: Path) -> int:
    """Write the store's truth to a file, whole or not at all; how many rows."""
    engine = open_store(settings)
    aside = path.with_name(f".{path.name}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, count = hashlib.sha256(), 0
    # nobody publishes meanwhile, so that all tables are of one moment
    with locked(engine, PUBLISHING), engine.connect() as connection, aside.open("wb") as raw:
        with gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write(_line({"backup": BACKUP_FORMAT, "schema": SCHEMA_VERSION}))
            for line in _rows(connection):
                packed.write(line)
                digest.update(line)
                count += 1
            packed.write(_line({"rows": count, "sha256": digest.hexdigest()}))
        raw.flush()
        os.fsync(raw.fileno())
    os.replace(aside, path)
    return count


def restore_backup(settings: Settings, path: Path, *, now: datetime) -> str:
    """Make an empty store of a backup and publish it; the snapshot's id. The articles are read again."""
    with writing(settings, PUBLISHING) as engine, engine.begin() as connection:
        if connection.scalar(select(func.count()).select_from(db.runs)):
            raise PipelineError("this store is not empty; name an empty one by CONFLICT_STORE_DIR or _DATABASE_URL")
        for table, rows in _batches(path):
            connection.execute(insert(table), rows)
    return repair_store(settings, now=now)


def _rows(connection: Connection) -> Iterator[bytes]:
    for table in KEPT:
        left_out = NUMBERED_BY_THE_DATABASE.get(table)
        query = select(*(c for c in table.c if c.name != left_out)).order_by(*table.primary_key.columns)
        for row in connection.execute(query):
            yield _line({"table": table.name, "row": dict(row._mapping)})


def _batches(path: Path) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    """The rows in the order of the file; raises BrokenStore, and so undoes all, where the file is not whole."""
    tables = {table.name: table for table in KEPT}
    digest, count, end, name = hashlib.sha256(), 0, None, ""
    batch: list[dict[str, Any]] = []
    try:
        with gzip.open(path) as lines:
            head = json.loads(next(lines, b"{}"))
            if head.get("backup") != BACKUP_FORMAT or head.get("schema") != SCHEMA_VERSION:
                raise BrokenStore(f"{path}: not a backup that this program reads; use the program that wrote it")
            for line in lines:
                record = json.loads(line)
                if "table" not in record:
                    end = record
                    continue
                if batch and (record["table"] != name or len(batch) == ROWS):
                    yield tables[name], batch
                    batch = []
                name = record["table"]
                batch.append(record["row"])
                digest.update(line)
                count += 1
    except (OSError, EOFError, ValueError, KeyError) as problem:
        raise BrokenStore(f"{path}: not a whole backup ({problem}); use another one") from problem
    if end != {"rows": count, "sha256": digest.hexdigest()}:
        raise BrokenStore(f"{path}: not a whole backup (its end does not match); use another one")
    if batch:
        yield tables[name], batch


def _line(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=True, separators=(",", ":")) + "\n").encode()
