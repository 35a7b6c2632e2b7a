"""Snapshots built apart -> one that the dashboard opens: years built on several machines, one archive to look at.

Files are copied as they are, each held against its digest; nothing is merged anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline.errors import BrokenStore, PipelineError
from pipeline.partitioned import SnapshotWriter
from pipeline.snapshots import SNAPSHOT_FORMAT
from pipeline.targets import Target

OWN = ("changes", "corrections")  # of a store and its runs: what is joined has none
PIECE = 1 << 22  # bytes copied at a time


def join_snapshots(places: Iterable[Path | str], out: Path | str, *, at: datetime) -> int:
    """Copy the snapshots in force at these places into one at `out`; how many events it has."""
    target = Target(out)
    writer = SnapshotWriter(target, f"joined-{at:%Y%m%dT%H%M%S}", at=at)
    ids: list[np.ndarray] = []
    parts: Counter[str] = Counter()  # by folder: a store's tables are several files of one
    for place in places:
        files, folder, manifest = _in_force(place)
        for file, digest in manifest["files"].items():
            table = file.partition("/")[0].removesuffix(".parquet")
            if table in OWN:
                continue
            source = f"{folder}/{file}"
            if table == "events":
                with files.open(source, "rb") as handle:
                    found = pq.ParquetFile(handle).read(columns=["event_id"]).column(0).to_pandas()
                ids.append(pd.util.hash_array(found.to_numpy(dtype=object)))
            home = file.rpartition("/")[0] or table
            name = f"{home}/part-{parts[home]}.parquet"
            parts[home] += 1
            with files.open(source, "rb") as handle:
                writer.copy(name, _pieces(handle))
            if writer.digests[name] != digest:
                raise BrokenStore(f"{source}: damaged (its digest is not the one it was written with); build it again")
    if not ids:
        raise PipelineError("nothing to join; name the folders that `build --snapshot` wrote")
    rows = np.concatenate(ids)
    if twice := len(rows) - len(np.unique(rows)):
        raise PipelineError(f"{twice} events stand in more than one of them: an article was given to two builds")
    for table in OWN:
        writer.write(table, "", pd.DataFrame())
    writer.put_in_force()
    return len(rows)


def _pieces(handle: Any) -> Iterator[bytes]:
    while piece := handle.read(PIECE):
        yield piece


def _in_force(place: Path | str) -> tuple[Any, str, dict[str, Any]]:
    """The file system, the folder and the manifest of the snapshot at a place."""
    try:
        files, root = fsspec.core.url_to_fs(str(place))
        folder = f"{root}/snapshots/{files.cat_file(f'{root}/CURRENT').decode().strip()}"
        manifest = json.loads(files.cat_file(f"{folder}/manifest.json"))
    except (ImportError, ValueError, OSError) as problem:
        raise PipelineError(f"{place}: holds no snapshot that can be read ({problem})") from problem
    if manifest.get("format") != SNAPSHOT_FORMAT:
        raise PipelineError(f"{place}: written by another version of the program; build it again")
    return files, folder, manifest
