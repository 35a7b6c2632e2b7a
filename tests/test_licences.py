"""Every package that the requirements bring is listed with its licence, and each licence lets this project be used and given on."""

from __future__ import annotations

import csv
import re

import pytest
from licences import ROOT, TABLE, licence_of, needed
from packaging.utils import canonicalize_name

LOCK = ROOT / ".ci" / "requirements.lock"

# All permissive, or (MPL, LGPL) asking only that changes to that one package stay open
ALLOWED = (
    r"MIT( License|-CMU|-0)?", r"BSD", r"BSD License", r"BSD-[23]-Clause", r"3-Clause BSD License", r"0BSD", r"Zlib", r"CC0-1\.0", r"ISC",
    r"Apache(-2\.0| License 2\.0| Software License)", r"PSF-2\.0", r"Python Software Foundation License", r"CNRI-Python",
    r"MPL-2\.0", r"MPL-1\.1", r"Mozilla Public License 2\.0 \(MPL 2\.0\)", r"LGPL-(2\.1|3\.0)-(only|or-later)", r"Unlicense",
)  # fmt: skip


def allowed(licence: str) -> bool:
    """Whether all parts of "A AND B", or one of "A OR B", are on the list."""
    if " OR " in licence:
        return any(allowed(choice) for choice in licence.split(" OR "))
    return all(any(re.fullmatch(one, part) for one in ALLOWED) for part in re.split(r" AND |; ", licence))


def listed() -> dict[str, str]:
    with TABLE.open(encoding="utf-8", newline="") as handle:
        return {row["package"]: row["licence"] for row in csv.DictReader(handle)}


def test_every_installed_package_is_listed_or_says_an_allowed_licence_itself():
    """Other systems and later releases bring a few packages that the list cannot know."""
    assert not {name: told for name in needed() if name not in listed() and not allowed(told := licence_of(name))}


def test_the_list_and_the_lock_know_every_required_package():
    lock = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE))
    pinned = re.findall(r"^([\w.-]+)(?:\[\w+\])?==([^\s;]+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    assert len(pinned) > 15
    for name, version in pinned:
        assert canonicalize_name(name) in listed(), f"run: python tests/licences.py, and read what {name} asks"
        assert lock.get(canonicalize_name(name)) == version, f"the lock is older than the list: {name}"


def test_everything_in_the_lock_has_its_hash():
    entries = re.split(r"\n(?=[\w])", LOCK.read_text("utf-8").strip())
    assert len(entries) > 60
    assert not [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry]


def test_every_licence_is_allowed():
    refused = {name: licence for name, licence in listed().items() if not allowed(licence)}
    assert not refused


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "not said", "Proprietary"])
def test_a_licence_that_binds_the_whole_program_is_refused(licence):
    assert not allowed(licence)
