"""Who was at the table, and who spoke."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.parties import full_name, parties_of, speaker_of

with (Path(__file__).parent / "gold/diplomacy.csv").open(encoding="utf-8", newline="") as handle:
    GOLD = list(csv.DictReader(handle))


@pytest.mark.parametrize("row", GOLD, ids=[r["sentence"][:40] for r in GOLD])
def test_parties_of_talks(row: dict[str, str]) -> None:
    start = row["sentence"].index(row["act"])
    found = parties_of(row["sentence"], start, start + len(row["act"]))
    assert " | ".join(a.name for a in found) == row["parties"]


def test_a_speaker_has_the_full_name_that_the_article_told_before() -> None:
    before = "Foreign Minister Ana Maria Lopes arrived on Monday. "
    said = "Lopes said at a press conference with her Chilean and Peruvian counterparts."
    assert [a.name for a in speaker_of(said, ("Lopes",), before)] == ["Ana Maria Lopes", "Chile", "Peru"]
    assert [a.name for a in speaker_of("Jean Dupont's remarks came after the vote.", (), "")] == ["Jean Dupont"]
    assert full_name("the ministry", "Minister Ana Lopes") == "the ministry"
