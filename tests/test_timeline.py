"""Bars hold what is known to a day; what is known to a span is spread; claims and talks have their own lanes."""

import pandas as pd
import pytest
from sample_tables import sample_snapshot

from dashboard.key_figures import countable
from dashboard.timeline import bin_rule, bin_table, build_timeline, undated

EVENTS = sample_snapshot().events
COUNTED = countable(EVENTS)


def test_a_week_is_spread_over_its_days_and_sums_to_one() -> None:
    spread = bin_table(COUNTED)[lambda t: ~t["certain"]]
    assert list(spread["bin"]) == list(pd.date_range("2021-03-08", "2021-03-14"))
    assert spread["amount"].sum() == pytest.approx(1)


def test_a_week_inside_its_bin_is_certain() -> None:
    by_week = bin_table(COUNTED, rule="W-MON")
    assert by_week["certain"].all()
    assert dict(by_week.groupby("bin")["amount"].sum()) == {
        pd.Timestamp("2021-03-01"): 3.0,  # karm, karm-2, dol-total without its part
        pd.Timestamp("2021-03-08"): 1.0,
    }


def test_killed_sums_leave_out_claims_and_parts() -> None:
    assert bin_table(COUNTED, "fatalities")["amount"].sum() == pytest.approx(3 + 16 + 22 + 3)


def test_the_claim_is_a_line_over_its_whole_period() -> None:
    figure = build_timeline(EVENTS, COUNTED)
    [claim] = [t for t in figure.data if t.name == "Cumulative claim, not in the bars"]
    assert (claim.x[0], claim.x[-1]) == (pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-13"))
    assert claim.text[1] == "at least 30 killed"


def test_undated_events_are_counted_not_drawn() -> None:
    assert undated(EVENTS) == 1
    drawn = sum(len(t.x) for t in build_timeline(EVENTS, COUNTED).data if t.type == "bar" and t.x is not None)
    assert drawn == 3 + 7


def test_an_empty_table_gives_an_empty_chart() -> None:
    assert not [t for t in build_timeline(EVENTS.head(0), COUNTED.head(0)).data if t.type == "bar" and t.x]


@pytest.mark.parametrize(("last", "rule"), [("2021-04-30", "D"), ("2021-05-01", "W-MON"), ("2025-06-01", "MS")])
def test_bins_follow_the_period(last: str, rule: str) -> None:
    assert bin_rule(pd.Timestamp("2021-01-01"), pd.Timestamp(last)) == rule
