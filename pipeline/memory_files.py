"""What a publication remembers for the next one, on disk: memory/<run>/*.arrow and a manifest, beside the snapshots.

It may be lost: the next publication then computes everything. So a failure to write it is no failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from pipeline.settings import Settings


def write_memory(
    settings: Settings, run_id: int, tables: Mapping[str, pa.Table], *, snapshot_id: str, made_by: str
) -> None:
    """Remember this with a snapshot; what was remembered before is forgotten."""
    home = settings.store_dir / "memory"
    aside, folder = home / f"{os.getpid()}.tmp", home / f"{run_id:06d}"
    try:
        shutil.rmtree(home, ignore_errors=True)
        aside.mkdir(parents=True)
        digests = {name: _write(aside / f"{name}.arrow", table) for name, table in tables.items()}
        manifest = {"snapshot_id": snapshot_id, "made_by": made_by, "files": digests}
        (aside / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        os.replace(aside, folder)
    except OSError:
        shutil.rmtree(home, ignore_errors=True)


def keep_memory(settings: Settings, *, snapshot_id: str) -> None:
    """What is remembered holds for this snapshot too."""
    for path in (settings.store_dir / "memory").glob("*/manifest.json"):
        told = json.loads(path.read_text(encoding="utf-8")) | {"snapshot_id": snapshot_id}
        aside = path.with_suffix(".tmp")
        aside.write_text(json.dumps(told, indent=1), encoding="utf-8")
        os.replace(aside, path)


def is_remembered(settings: Settings, *, snapshot_id: str, made_by: str) -> bool:
    """Whether there is a memory of this snapshot, made by this program."""
    return _manifest(settings, snapshot_id, made_by) is not None


def load_memory(settings: Settings, *, snapshot_id: str, made_by: str) -> dict[str, pa.Table] | None:
    """What is remembered of this snapshot; None where it is not whole, or was made by another program."""
    found = _manifest(settings, snapshot_id, made_by)
    if found is None:
        return None
    folder, files = found
    try:
        tables = {}
        for name, digest in files.items():
            path = folder / f"{name}.arrow"
            if _digest(path) != digest:
                return None
            with pa.OSFile(str(path), "rb") as source:
                tables[name] = pa.ipc.open_file(source).read_all()
        return tables
    except (OSError, pa.ArrowException):
        return None


def _manifest(settings: Settings, snapshot_id: str, made_by: str) -> tuple[Path, dict[str, str]] | None:
    try:
        [folder] = (settings.store_dir / "memory").iterdir()
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if (manifest["snapshot_id"], manifest["made_by"]) == (snapshot_id, made_by):
            return folder, {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def _write(path: Path, table: pa.Table) -> str:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
