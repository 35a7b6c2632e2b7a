"""What the process that leads a build keeps of an archive: numbers. The reports themselves stay in the workspace."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from pipeline.block_tables import NO_YEAR, year_of
from pipeline.blocking import Ints
from pipeline.copies import UNDATED
from pipeline.facets import season_of
from pipeline.models import Article, Report
from pipeline.time_blocks import Blocks
from pipeline.voices import BUCKETS, SKETCH_SIZE, Hashes, find_meetings, first_of_each, read_sketches, same_text

_AT_ONCE = 10_000  # pairs of texts whose sketches are unpacked at once
_HASH_BYTES = 4


Told = tuple[int, Report, bool]  # its number, the report, whether it speaks for its article


class Source(NamedTuple):
    """A piece of the workspace that holds reports, the number of its first, and which of them do not count."""

    name: str
    first: int
    without: frozenset[int] = frozenset()


class Outline(NamedTuple):
    """What is kept of one article of a piece of the workspace."""

    article_id: str
    piece: str  # the reports of its articles stand in it in the order of reading, and the articles
    position: int  # in the piece
    published: int  # its day as an ordinal, UNDATED for none
    seasons: tuple[int, ...]  # of each report
    wholes: tuple[int, ...]  # of each report the position of the one it is part of, -1 for none
    sketch: str


def outline(article: Article, reports: Sequence[Report], piece: str, position: int) -> Outline:
    """What to keep of an article."""
    at = {r.report_id: n for n, r in enumerate(reports)}
    return Outline(
        article.article_id, piece, position, article.published.toordinal() if article.published else UNDATED,
        tuple([season_of(r) for r in reports]), tuple([at.get(r.part_of, -1) for r in reports]),
        reports[0].voice if reports else "",
    )  # fmt: skip


class Ledger:
    """Articles and reports by numbers, in the order of reading."""

    def __init__(self) -> None:
        self._pieces: dict[str, int] = {}  # with reports: the number of the first
        self._twice: defaultdict[str, set[int]] = defaultdict(set)  # piece -> places of reports that do not count
        self._articles_of: defaultdict[str, dict[str, set[int]]] = defaultdict(dict)  # year -> piece -> likewise
        self._seasons, self._articles, self._parts = array("i"), array("q"), array("q")
        self._ids: set[str] = set()
        self._count = 0  # articles, also those that do not count
        # of those whose text is long enough to be known again
        self._texts, self._days = array("q"), array("i")
        self._names: list[str] = []
        self._sketches, self._ends = bytearray(), array("q", [0])

    def take(self, told: Outline) -> bool:
        """Write down an article; False where it came before: then it does not count."""
        new = told.article_id not in self._ids
        first = len(self._seasons)
        piece, year = f"read/{told.piece}", year_of_ordinal(told.published)
        absent = self._articles_of[year].setdefault(told.piece, set())
        if told.seasons:
            start = self._pieces.setdefault(piece, first)
            self._seasons.extend(told.seasons)
            self._articles.extend([self._count] * len(told.seasons))
            if not new:
                self._twice[piece].update(range(first - start, len(self._seasons) - start))
        self._count += 1
        if not new:
            absent.add(told.position)
            return False
        self._ids.add(told.article_id)
        for n, whole in enumerate(told.wholes):
            if whole >= 0:
                self._parts.extend((first + n, first + whole))
        if told.sketch:
            self._texts.append(self._count - 1)
            self._days.append(told.published)
            self._names.append(told.article_id)
            self._sketches += bytes.fromhex(told.sketch)
            self._ends.append(len(self._sketches))
        return True

    @property
    def sources(self) -> list[Source]:
        """The pieces with reports."""
        return [Source(name, first, frozenset(self._twice.get(name, ()))) for name, first in self._pieces.items()]

    def articles_of(self) -> dict[str, list[tuple[str, frozenset[int]]]]:
        """For each year of publication the pieces with its articles, and the places of those that do not count."""
        return {
            year: [(piece, frozenset(absent)) for piece, absent in pieces.items()]
            for year, pieces in sorted(self._articles_of.items())
        }

    def __len__(self) -> int:
        """How many numbers of reports there are; some may not count."""
        return len(self._seasons)

    @property
    def counts(self) -> tuple[int, int]:
        """How many articles, how many reports."""
        return len(self._ids), len(self._seasons) - sum(map(len, self._twice.values()))

    @property
    def seasons(self) -> Ints:
        """The season of each report."""
        return np.array(self._seasons, dtype=np.int64)

    @property
    def articles(self) -> Ints:
        """The article of each report."""
        return np.array(self._articles, dtype=np.int64)

    @property
    def parts(self) -> Ints:
        """Pairs of reports of which the first is part of the second."""
        return np.array(self._parts, dtype=np.int64).reshape(-1, 2)

    def find_copies(self, blocks: Blocks) -> Copied:
        """The articles that have a text in common with another, and who speaks for each."""
        ids = self._names
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
        order = order[np.argsort(np.array(self._days, dtype=np.int64)[order], kind="stable")]
        met = find_meetings(self._unpack(order, BUCKETS))
        same = [
            some[same_text(self._unpack(order[rows], SKETCH_SIZE), where.reshape(-1, 2))]
            for some in (met[start : start + _AT_ONCE] for start in range(0, len(met), _AT_ONCE))
            for rows, where in [np.unique(some, return_inverse=True)]
        ]
        leaders = first_of_each(row for some in same for row in some.tolist())
        members = order[np.array(sorted(leaders), dtype=np.int64)]
        speakers = order[np.array([leaders[n] for n in sorted(leaders)], dtype=np.int64)]
        by_number = np.argsort(members)
        texts = np.array(self._texts, dtype=np.int64)
        articles, spoken = texts[members[by_number]], texts[speakers[by_number]]
        # the block of a voice is that of the first report of the article that speaks
        firsts = np.searchsorted(self.articles, spoken)
        return Copied(
            articles, [ids[n] for n in speakers[by_number].tolist()], [ids[n] for n in members[by_number].tolist()],
            blocks.of_seasons(self.seasons[firsts]), self.articles,
        )  # fmt: skip

    def _unpack(self, rows: Ints, size: int) -> Hashes:
        """So many hashes of each of these texts."""
        ends, most = self._ends, size * _HASH_BYTES
        texts = [self._sketches[ends[n] : min(ends[n + 1], ends[n] + most)].hex() for n in rows.tolist()]
        return read_sketches(texts, size)


def year_of_ordinal(day: int) -> str:
    """The part of a table that a day belongs to."""
    return NO_YEAR if day == UNDATED else year_of(date.fromordinal(day))


class Copied(NamedTuple):
    """Articles that are not the only one of their text."""

    articles: Ints  # their numbers, ascending
    speakers: list[str]  # the id of the article that speaks for each: the first of those with its text
    ids: list[str]
    homes: Ints  # the block in which all of its text meet
    article_of: Ints  # of every report

    def among(self, reports: Ints) -> dict[str, tuple[str, int]]:
        """Of these reports' articles: article id -> who speaks for it, and where its copies meet."""
        wanted = np.flatnonzero(np.isin(self.articles, np.unique(self.article_of[reports])))
        return {self.ids[n]: (self.speakers[n], int(self.homes[n])) for n in wanted.tolist()}
