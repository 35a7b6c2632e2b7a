"""What is doubtful about each event of an archive: one pass over its columns, however many events there are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import pipeline
from dashboard.archive import Archive
from dashboard.lean import EVENT_ROW, is_among, rows_of, texts_of, with_a_report

# In the order in which a case's reasons are told; the words stand on the page's filter
DOUBTS = {
    "pair": "Nearly one event",
    "disputed": "Sources disagree",
    "alone": "A big number from one publisher",
    "vague": "A number that is a word",
    "place": "Place coarse or unknown",
    "day": "No day but the publication's",
    "record": "The publication day is in doubt",
}
BIT = {doubt: 1 << n for n, doubt in enumerate(DOUBTS)}
BIG = 10  # killed, said by one publisher alone: what a colleague asks about first


@dataclass(frozen=True, eq=False)
class Doubts:
    """What nobody has decided yet, by the rows of the events."""

    told: np.ndarray  # of each event the BITs of its doubts
    killed: np.ndarray  # of each event, as far as a number is known
    stake: np.ndarray  # killed in the sums that hang on it: 0 for a claim over a period, which is in no sum
    pairs: np.ndarray  # the rows of two events that may be one, a row each
    misses: np.ndarray  # where each of these pairs stands in the table of near misses


def find_doubts(archive: Archive) -> Doubts:
    """The doubts of all events. What an analyst has decided is not asked again."""
    events = archive.events
    waiting = (events["status"] == "machine").to_numpy()
    kind, basis = events["kind"], events["date_basis"]
    low, best, high = (events[f"fatalities_{part}"].to_numpy() for part in ("low", "best", "high"))
    killed = np.nan_to_num(np.where(np.isnan(best), np.where(np.isnan(low), high, low), best)).astype(np.int64)
    publishers = archive.files.columns("events", ["source_count"]).column(0).fill_null(0).to_numpy()
    exactly = ~(events["geo_precision"].isin(["country", "none"]) | events["geo_precision"].isna())
    violent = (kind != "diplomatic").to_numpy()
    found = {
        "disputed": events["disputed"].to_numpy(),
        "alone": violent & (killed >= BIG) & (publishers == 1),
        "vague": violent & _told_in_words(archive),
        "place": violent & ~exactly.to_numpy(),
        "day": violent & basis.isin(["published", "none"]).to_numpy(),
        "record": basis.isin(["relative", "published"]).to_numpy() & _from_a_doubtful_day(archive),
    }
    told = np.zeros(len(events), dtype=np.uint8)
    for doubt, of_which in found.items():
        told[of_which & waiting] |= BIT[doubt]
    pairs = _near_pairs(archive)
    misses = np.flatnonzero((pairs >= 0).all(axis=1) & waiting[pairs].all(axis=1))
    return Doubts(told, killed, np.where(kind == "incident", killed, 0), pairs[misses], misses)


def _near_pairs(archive: Archive) -> np.ndarray:
    """The rows of the two events of each near miss, -1 for one that is not there."""
    if "other_event_id" not in archive.files.names("near_misses"):
        return np.empty((0, 2), dtype=np.int64)
    sides = archive.files.columns("near_misses", ["event_id", "other_event_id"])
    there = archive.events["event_id"]
    there = there[is_among(there, _chained(sides.columns))]
    found = [rows_of(ids, there) for ids in sides.columns]
    return np.stack([np.where(at < 0, -1, there.index.to_numpy()[at]) for at in found], axis=1)


def _told_in_words(archive: Archive) -> np.ndarray:
    """Events of which no report has a figure, only "several" or "dozens"."""

    def read(reports: pa.Table) -> tuple[np.ndarray, np.ndarray]:
        reasons = pc.fill_null(reports.column(0), "")
        # as patterns: a plain one is found five times faster than by match_substring
        counted = pc.match_substring_regex(reasons, "_best:").to_numpy()
        worded = pc.match_substring_regex(reasons, r"_best: [^|]*\(vague\)").to_numpy()
        return counted & ~worded, worded

    parts = archive.files.scan("reports", ["reasons"], read)
    nothing = np.zeros(0, dtype=bool)
    figures, words = (np.concatenate([nothing, *(part[n] for part in parts)]) for n in (0, 1))
    events, row = archive.events, archive.reports[EVENT_ROW].to_numpy()
    return with_a_report(events, row[words]) & ~with_a_report(events, row[figures])


def _from_a_doubtful_day(archive: Archive) -> np.ndarray:
    """Events of which an article's own publication day is in doubt."""
    files = archive.files
    if "published_reason" not in files.names("articles"):
        return np.zeros(len(archive.events), dtype=bool)

    def doubted(articles: pa.Table) -> pa.ChunkedArray:
        reasons = pc.fill_null(articles["published_reason"], "")
        return articles["article_id"].filter(pc.match_substring_regex(reasons, re.escape(pipeline.DOUBT)))

    wanted = _chained(files.scan("articles", ["article_id", "published_reason"], doubted))
    if not len(wanted):
        return np.zeros(len(archive.events), dtype=bool)
    told = is_among(files.columns("reports", ["article_id"]).column(0), wanted)
    return with_a_report(archive.events, archive.reports[EVENT_ROW].to_numpy()[told])


def _chained(ids: Iterable[pa.ChunkedArray]) -> pa.ChunkedArray:
    return pa.chunked_array([chunk for some in ids for chunk in texts_of(some).chunks], pa.large_string())
