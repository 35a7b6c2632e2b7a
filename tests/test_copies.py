"""Copied texts as the archive grows and shrinks: always what comparing all of it anew would say."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from toy_store import toy_extract

from pipeline.copies import Copies, compare_texts
from pipeline.models import Article, Report
from pipeline.voices import SKETCH_SIZE, find_voices


def report(draw: random.Random, number: int, words: int) -> Report:
    """One of an article, with a sketch of a few hashes that many share, some of them short."""
    day = date(2031, 5, draw.randrange(1, 9)) if draw.random() < 0.9 else None
    [made] = toy_extract(Article(f"a{number:03}", "", "2031-05-02 Bree 3", "s", "", day)).reports
    hashes = sorted(draw.sample(range(words), min(words, draw.choice([0, 5, 12, SKETCH_SIZE]))))
    return replace(made, voice="".join(f"{h:08x}" for h in hashes))


def nothing(articles: Collection[str]) -> dict[str, str]:
    """Of a new archive nothing is loaded."""
    assert not articles
    return {}


@pytest.mark.parametrize("seed", range(12))
def test_texts_that_come_and_go_leave_the_copies_that_comparing_all_finds(seed: int) -> None:
    draw = random.Random(seed)
    words = draw.choice([70, 90, 400])
    archive: dict[str, Report] = {}
    copies = Copies()
    for _ in range(8):
        fresh = [report(draw, draw.randrange(120), words) for _ in range(draw.choice([1, 5, 40]))]
        fresh = [*{r.article_id: r for r in fresh}.values()]
        gone = draw.sample(sorted(archive), min(len(archive), draw.choice([0, 1, 15])))
        changed = {*gone, *(r.article_id for r in fresh)}
        archive = {a: r for a, r in archive.items() if a not in changed} | {r.article_id: r for r in fresh}
        copies = compare_texts(copies, changed, fresh, lambda ids, now=archive: {a: now[a].voice for a in ids})
        wanted = {a: voice for a, voice in find_voices(archive.values()).items() if a != voice}
        assert copies.voices() == wanted
        anew = compare_texts(Copies(), (), archive.values(), nothing)
        assert copies.articles.equals(anew.articles) and np.array_equal(copies.same, anew.same)
    assert len(copies.same) or words == 400


def test_where_nothing_came_or_went_nothing_is_compared() -> None:
    copies = compare_texts(Copies(), (), [report(random.Random(1), 1, 70)], nothing)
    assert compare_texts(copies, {"another"}, (), nothing) is copies
