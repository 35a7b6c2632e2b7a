"""A store of N generated events: seasons, hot spots, ranges, disputes, totals and parts, one to three reports each."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.models import EVENT_TYPES, SUB_EVENT_TYPES
from pipeline.settings import Settings
from pipeline.snapshots import TABLES, write_snapshot
from pipeline.table import EVENT_COLUMNS, REPORT_COLUMNS, with_types

WORDS = "shells fell on the market of the old town while farmers gathered near the bridge, residents and medics said"


def make_events(size: int, seed: int = 7) -> pd.DataFrame:
    """The event table, sorted by day and id as the pipeline publishes it."""
    rng = np.random.default_rng(seed)
    days = np.datetime64("1997-01-01") + np.sort((rng.beta(2.5, 1.2, size) * 10_500).astype(int))
    season = (np.sin(np.arange(size) / 40_000) > 0.6) & (rng.random(size) < 0.3)
    spans = np.where(rng.random(size) < 0.06, rng.integers(1, 27, size), 0)
    country = np.minimum(rng.zipf(1.6, size), 60) - 1
    admin = rng.integers(0, 18, size)
    spot = rng.integers(0, 120, size)
    precision = rng.choice(["place", "area", "admin1", "country"], size, p=[0.62, 0.15, 0.18, 0.05])
    kind = rng.choice(["incident", "cumulative", "diplomatic"], size, p=[0.95, 0.02, 0.03])
    types = np.where(kind == "diplomatic", "Diplomacy", rng.choice(EVENT_TYPES[:6], size))
    first_sub = {t: s[0] for t, s in SUB_EVENT_TYPES.items()}
    killed = rng.negative_binomial(1, 0.3, size) * np.where(season, 4, 1)
    known = (rng.random(size) < 0.8) & (kind != "diplomatic")
    disputed = rng.random(size) < 0.04
    place = np.char.add(
        np.char.add("Town ", (admin * 120 + spot).astype(str)), np.char.add(" of ", country.astype(str))
    )
    region = np.char.add(np.char.add("Region ", admin.astype(str)), np.char.add(" of ", country.astype(str)))
    sentences = pa.array([" ".join(rng.permutation(WORDS.split())) + f", in case {n}" for n in range(2000)])
    ids = np.char.add("ev", np.char.zfill(np.arange(size).astype(str), 9))
    count = pd.array(np.where(known, killed, 0), dtype="Int64")
    count[~known] = pd.NA
    high = count + pd.array(np.where(disputed, rng.integers(1, 9, size), 0), dtype="Int64")
    high[rng.random(size) < 0.2] = pd.NA
    frame = pd.DataFrame({
        "event_id": ids, "kind": kind, "date_start": days, "date_end": days + spans,
        "time_precision": np.where(spans == 0, "day", "range"), "date_basis": rng.choice(["explicit", "relative"], size),
        "place": np.where(precision == "country", "", place), "admin1": np.where(precision == "country", "", region),
        "country": np.char.add("Country ", country.astype(str)), "iso3": np.char.add("C", country.astype(str)),
        "latitude": np.round(-30 + country * 1.1 + admin * 0.2 + spot / 700, 4),
        "longitude": np.round(-60 + country * 2.7 + admin * 0.3 + spot % 11 / 40, 4), "geo_precision": precision,
        "places": np.where(precision == "country", "", place), "event_type": types,
        "sub_event_type": pd.Series(types).map(first_sub), "actors": np.char.add("Group ", rng.integers(0, 900, size).astype(str)),
        "civilians_targeted": pd.array(rng.random(size) < 0.3, dtype="boolean"), "fatalities_low": count,
        "fatalities_best": count, "fatalities_high": high, "injured_low": count, "injured_best": count,
        "injured_high": high, "report_count": 1, "source_count": 1,
        "attributions": np.char.add("witness ", rng.integers(0, 3000, size).astype(str)), "disputed": disputed, "part_of": "",
        "status": "machine", "first_reported": days + spans, "last_updated": days + spans,
        # no two alike, as in life: what repeats would be searched and kept for nothing
        "evidence": pc.binary_join_element_wise(sentences.take(rng.integers(0, 2000, size)), pa.array(ids), " of file ")
        .to_pandas(),
    })  # fmt: skip
    parts = rng.random(size) < 0.01
    frame.loc[parts, "part_of"] = ids[np.maximum(0, np.flatnonzero(parts) - 3)]
    return with_types(frame, EVENT_COLUMNS)


def make_reports(events: pd.DataFrame, seed: int = 8) -> pd.DataFrame:
    """A report for each event, a second one for each tenth."""
    rng = np.random.default_rng(seed)
    rows = np.sort(np.concatenate([np.arange(len(events)), rng.choice(len(events), len(events) // 10, replace=False)]))
    told = events.iloc[rows].reset_index(drop=True)
    told["report_id"] = np.char.add("article", np.char.add(np.arange(len(rows)).astype(str), "#0"))
    told["article_id"] = np.char.add("article", np.arange(len(rows)).astype(str))
    told["source"] = np.char.add("Publisher ", rng.integers(0, 400, len(rows)).astype(str))
    told["published"], told["rank"], told["field"], told["landmarks"] = told["date_end"], 1, "text", ""
    told["sentence_start"], told["sentence_end"] = 0, 100
    number = np.where(rng.random(len(rows)) < 0.03, "dozens (vague)", "a number beside its verb")
    # as long as in life, and no two alike
    told["reasons"] = pc.binary_join_element_wise(
        "date_start: a weekday counted from the article's day", "place: the gazetteer's only one of this name, in",
        pa.array(told["country"], pa.string()), pa.array(told["report_id"], pa.string()), "| fatalities_best: killed:",
        pa.array(number.astype(str)), " ",
    ).to_pandas()  # fmt: skip
    for column in REPORT_COLUMNS:
        if column not in told:
            told[column] = "" if column.endswith("_field") else None
    return with_types(told[list(REPORT_COLUMNS)], REPORT_COLUMNS)


def make_near_misses(events: pd.DataFrame, seed: int = 10) -> pd.DataFrame:
    """Each twentieth event and one of its neighbours in the table."""
    rng = np.random.default_rng(seed)
    rows = np.flatnonzero(rng.random(len(events)) < 0.05)[:-10]
    ids = events["event_id"].to_numpy()
    others = ids[rows + rng.integers(1, 10, len(rows))]
    why = pd.Series(others).radd("same place; same type; but one at the market, the other at house ")
    return pd.DataFrame({"event_id": ids[rows], "other_event_id": others, "report_id": "", "other_report_id": "",
                         "points": 3.5, "why": why})  # fmt: skip


def write_store(folder: Path, size: int) -> Settings:
    """A published snapshot of that many events, in a folder of its own."""
    settings = Settings(store_dir=folder)
    events = make_events(size)
    reports = make_reports(events)
    rng = np.random.default_rng(9)
    doubt = np.where(rng.random(len(reports)) < 0.01, "the record; but the dateline is another day", "the record")
    articles = pd.DataFrame({
        "article_id": reports["article_id"], "title": "", "source": reports["source"], "url": "",
        "published": reports["published"], "published_reason": doubt, "text": reports["evidence"], "origin": "",
        "withdrawn": False,
    })  # fmt: skip
    tables = {"events": events, "reports": reports, "articles": articles, "near_misses": make_near_misses(events)}
    tables |= {name: pd.DataFrame() for name in TABLES if name not in tables}
    folder.mkdir(parents=True, exist_ok=True)
    write_snapshot(settings, "generated", tables, at=datetime(2026, 1, 1, tzinfo=UTC))
    return settings
