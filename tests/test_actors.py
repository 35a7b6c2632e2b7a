"""Actors and their roles against tests/gold/actors.csv."""

import csv
from pathlib import Path

import pytest

from pipeline.actors import actors_of
from pipeline.models import Role

GOLD = list(csv.DictReader((Path(__file__).parent / "gold" / "actors.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", GOLD, ids=[row["text"][:50] for row in GOLD])
def test_gold_row(row):
    found = " | ".join(f"{a.name} ({a.role})" if a.role else a.name for a in actors_of(row["text"]))
    assert found == row["actors"]


def test_who_may_be_anyone_contradicts_no_named_group():
    named, anyone = actors_of("Boko Haram attacked Bama."), actors_of("Gunmen attacked Bama.")
    assert named[0].group == "Boko Haram"
    assert anyone[0].role is Role.PERPETRATOR and not anyone[0].group
