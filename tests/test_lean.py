"""The lean tables answer as the plain ones do, and leave no trace in files."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from dashboard.bins import bin_table
from dashboard.event_map import place_marks
from dashboard.export import to_csv_bytes
from dashboard.filters import Filters, apply_filters
from dashboard.foreign_shapes import as_acled
from dashboard.key_figures import add_up, countable
from dashboard.lean import latest_first, lean_events, lean_reports, plain
from dashboard.wording import cell_counts

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from many_events import make_events, make_reports  # noqa: E402

EVENTS = make_events(3000)
REPORTS = make_reports(EVENTS)
LEAN = lean_events(EVENTS)
LEAN_REPORTS = lean_reports(REPORTS, LEAN)
CHOICES = {
    "all": Filters(),
    "country": Filters(country=("Country 1",)),
    "publisher": Filters(publisher=("Publisher 7", "Publisher 9")),
    "words": Filters(words="market 17"),
    "killed": Filters(killed=9, disputed=True),
    "box": Filters(box=(-60.0, -30.0, -50.0, 10.0)),
    "nothing": Filters(country=("Nowhere",)),
}


@pytest.mark.parametrize("choice", CHOICES)
def test_lean_tables_give_what_plain_ones_give(choice: str) -> None:
    shown = apply_filters(EVENTS, REPORTS, CHOICES[choice])
    lean = apply_filters(LEAN, LEAN_REPORTS, CHOICES[choice])
    assert list(lean["event_id"]) == list(shown["event_id"])
    assert add_up(lean, LEAN_REPORTS) == add_up(shown, REPORTS)
    assert list(countable(lean)["event_id"]) == list(countable(shown)["event_id"])
    assert list(lean["event_id"].iloc[latest_first(lean)]) == list(shown["event_id"].iloc[latest_first(shown)])
    assert cell_counts(lean["actors"]) == cell_counts(shown["actors"])
    pd.testing.assert_frame_equal(bin_table(lean, "fatalities", "country", "MS"), bin_table(shown, "fatalities", "country", "MS"))
    pd.testing.assert_frame_equal(place_marks(lean), place_marks(shown))
    assert to_csv_bytes(lean) == to_csv_bytes(shown)
    assert to_csv_bytes(as_acled(lean, LEAN_REPORTS)) == to_csv_bytes(as_acled(shown, REPORTS))
    pd.testing.assert_frame_equal(plain(lean), shown, check_index_type=False)


def test_events_in_any_order_become_lean_by_day_and_id() -> None:
    mixed = EVENTS.sample(frac=1, random_state=3)
    assert list(lean_events(mixed)["event_id"]) == list(LEAN["event_id"])


def test_the_latest_day_comes_first_and_undated_events_last() -> None:
    frame = LEAN.head(3).assign(date_start=pd.to_datetime([None, "2020-01-01", "2021-01-01"]).as_unit("ms"))
    assert list(latest_first(frame)) == [2, 1, 0]


def test_a_formula_in_a_repeating_cell_is_disarmed() -> None:
    lean = lean_events(EVENTS.head(2).assign(place="=HYPERLINK(1)"))
    assert b",'=HYPERLINK(1)," in to_csv_bytes(lean)
    assert b",'=HYPERLINK(1)," in to_csv_bytes(as_acled(lean, LEAN_REPORTS))
