"""Named views: the choices of the page, kept in the store as one small file each, so that two readers lose nothing."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

MAX_NAME = 80
Query = dict[str, list[str]]


def load_views(store_dir: Path) -> dict[str, Query]:
    """Name -> the parameters of its link, by name. A file that cannot be read is left out: it may be half copied."""
    found: dict[str, Query] = {}
    for path in (store_dir / "views").glob("*.json"):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            query = {str(k): [str(v) for v in values] for k, values in kept["query"].items()}
            found[str(kept["name"])[:MAX_NAME]] = query
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return dict(sorted(found.items(), key=lambda pair: pair[0].casefold()))


def save_view(store_dir: Path, name: str, query: Query) -> None:
    """Keep a view; one of the same name is replaced."""
    path = _path(store_dir, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    aside.write_text(json.dumps({"name": name, "query": query}, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(aside, path)


def delete_view(store_dir: Path, name: str) -> None:
    """Forget a view."""
    _path(store_dir, name).unlink(missing_ok=True)


def _path(store_dir: Path, name: str) -> Path:
    # the name is the reader's: it never becomes a path
    return store_dir / "views" / f"{hashlib.sha256(name.encode()).hexdigest()[:20]}.json"
