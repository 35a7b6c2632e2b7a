"""What a publication remembers for the next one, on disk: memory/<run>/*.arrow and a manifest, beside the snapshots.

It may be lost: the next publication then computes everything. So a failure to write it is no failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Maker:
    """What made a memory, and of which snapshot it is: not to be taken for another program's or database's."""

    run_id: int
    at: str  # the moment of that run, as the database has it
    program: str


def write_memory(
    settings: Settings, maker: Maker, tables: Mapping[str, pa.Table | None], *, snapshot_id: str
) -> None:  # fmt: skip
    """Remember this with a snapshot; what was remembered before is forgotten. None: that table is as it was."""
    home = settings.store_dir / "memory"
    aside, folder = home / f"{os.getpid()}.tmp", home / f"{maker.run_id:06d}"
    try:
        before = next(home.glob("*/manifest.json"), None)
        last = json.loads(before.read_text(encoding="utf-8"))["files"] if before else {}
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        digests: dict[str, str] = {}
        for name, table in tables.items():
            path = aside / f"{name}.arrow"
            if table is None and before:
                os.replace(before.parent / path.name, path)  # of a memory half taken away nothing is used
            digests[name] = last[name] if table is None else _write(path, table)
        manifest = {"snapshot_id": snapshot_id, "maker": asdict(maker), "files": digests}
        (aside / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        for old in home.iterdir():
            if old != aside:
                shutil.rmtree(old)
        os.replace(aside, folder)
    except (OSError, ValueError, KeyError, TypeError):
        shutil.rmtree(home, ignore_errors=True)


def find_memory(settings: Settings, *, snapshot_id: str) -> Maker | None:
    """Who made the memory of this snapshot; None where there is none."""
    found = _manifest(settings, snapshot_id)
    return found[1] if found else None


def load_memory(settings: Settings, *, snapshot_id: str) -> dict[str, pa.Table] | None:
    """What is remembered of this snapshot; None where it is not whole."""
    found = _manifest(settings, snapshot_id)
    if found is None:
        return None
    folder, _, files = found
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


def _manifest(settings: Settings, snapshot_id: str) -> tuple[Path, Maker, dict[str, str]] | None:
    try:
        [folder] = (settings.store_dir / "memory").iterdir()
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if told["snapshot_id"] == snapshot_id:
            return folder, Maker(**told["maker"]), {str(name): str(digest) for name, digest in told["files"].items()}
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
