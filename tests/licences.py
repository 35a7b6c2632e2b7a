"""Writes data/licences.csv, the licence of every package that the requirements bring: python tests/licences.py"""

from __future__ import annotations

import csv
import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "data" / "licences.csv"


def needed() -> dict[str, str]:
    """Package -> version of all that requirements.txt brings to this machine, extras included."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines())
    waiting = [Requirement(line) for line in lines if line]
    found: dict[str, str] = {}
    asked = set()
    while waiting:
        wish = waiting.pop()
        name = canonicalize_name(wish.name)
        for extra in ("", *wish.extras):
            if (name, extra) in asked:
                continue
            asked.add((name, extra))
            try:
                package = metadata.distribution(name)
            except metadata.PackageNotFoundError:
                continue  # for another system or another Python
            found[name] = package.version
            more = [Requirement(text) for text in package.requires or ()]
            waiting += [m for m in more if m.marker is None or m.marker.evaluate({"extra": extra})]
    return found


def licence_of(name: str) -> str:
    """What the package says of itself: the SPDX expression, the classifier, or the first line of its licence."""
    told = metadata.metadata(name)
    if said := told.get("License-Expression"):
        return said
    classes = [c.rpartition(" :: ")[2] for c in told.get_all("Classifier") or () if c.startswith("License ::")]
    named = [c for c in classes if c != "OSI Approved"]
    first = (told.get("License") or "").strip().partition("\n")[0]
    return "; ".join(named) or re.sub(r"\s+", " ", first)[:60] or "not said"


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(["package", "licence"])
        table.writerows((name, licence_of(name)) for name in sorted(needed()))
