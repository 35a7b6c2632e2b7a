"""Bars hold what is known to a day; what is known to a span is spread; claims and talks have their own lanes."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from sample_tables import archive_of, sample_archive, sample_snapshot

from dashboard import bins, timeline
from dashboard.bins import bin_rule, dated, first_view, gaps
from dashboard.claims_lane import NAME, claim_trace, lay_claims, numbered, numbered_html
from dashboard.key_figures import countable
from dashboard.lean import days_of
from dashboard.palette import REJECTED
from dashboard.timeline import legend_of

EVENTS = sample_archive().events


def counted(events: pd.DataFrame) -> np.ndarray:
    return countable(events, everything(events))


def everything(events: pd.DataFrame) -> np.ndarray:
    return np.ones(len(events), dtype=bool)


def bin_table(measure: str = "events", rule: str = "D") -> pd.DataFrame:
    return bins.bin_table(EVENTS, counted(EVENTS), measure, rule=rule)


def build_timeline(events: pd.DataFrame = EVENTS, **choices: object) -> dict:
    return timeline.build_timeline(events, everything(events), counted(events), **choices)


def test_a_week_is_spread_over_its_days_and_sums_to_one() -> None:
    spread = bin_table()[lambda t: ~t["certain"]]
    assert list(spread["bin"]) == list(pd.date_range("2021-03-08", "2021-03-14"))
    assert spread["amount"].sum() == pytest.approx(1)


def test_a_week_inside_its_bin_is_certain() -> None:
    by_week = bin_table(rule="W-MON")
    assert by_week["certain"].all()
    assert dict(by_week.groupby("bin")["amount"].sum()) == {
        pd.Timestamp("2021-03-01"): 3.0,  # karm, karm-2, dol-total without its part
        pd.Timestamp("2021-03-08"): 1.0,
    }


def test_killed_sums_leave_out_claims_and_parts() -> None:
    assert bin_table("fatalities")["amount"].sum() == pytest.approx(3 + 16 + 22 + 3)


def bars(figure: dict) -> list[dict]:
    return [t for t in figure["data"] if t["type"] == "bar"]


def test_the_claim_is_a_line_over_its_whole_period() -> None:
    figure = build_timeline()
    [claim] = [t for t in figure["data"] if t.get("name") == NAME]
    assert (claim["x"][0], claim["x"][2]) == (pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-13"))
    assert [t.strip() for t in claim["text"] if t.strip()] == ["at least 30 killed"]
    assert all(claim["text"])  # Plotly never writes again where there was nothing


def test_labels_of_claims_get_room_and_the_rest_are_counted() -> None:
    table = sample_snapshot().events
    claims = pd.concat([table[table["event_id"] == "claim"]] * 9).assign(event_id=[f"claim {n}" for n in range(9)])
    many = archive_of(events=claims).events
    laid = lay_claims(many, pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-20"))
    assert sorted(laid["lane"]) == [0, 1, 2, 3, 4]
    assert build_timeline(many)["layout"]["meta"]["claims_left_out"] == 4


def test_undated_events_are_counted_not_drawn() -> None:
    assert (~dated(EVENTS)).sum() == 1
    assert sum(len(t["x"]) for t in bars(build_timeline())) == 3 + 7


def test_an_empty_table_gives_an_empty_chart() -> None:
    assert said(timeline.build_timeline(EVENTS, ~everything(EVENTS), ~everything(EVENTS))) == "No event to draw."


def said(figure: dict) -> str:
    return " ".join(note["text"] for note in figure["layout"].get("annotations", ()))


def shown(names: list[str], **choices: object) -> dict:
    keep = EVENTS["event_id"].isin(names).to_numpy()
    return timeline.build_timeline(EVENTS, keep, countable(EVENTS, keep), **choices)


def test_where_nothing_can_be_drawn_a_sentence_says_why_and_no_axis_claims_days() -> None:
    undated = shown(["rhun-undated"])
    assert said(undated) == "None of these events has a stated day."
    assert not any(axis["visible"] for name, axis in undated["layout"].items() if "axis" in name)
    talks = shown(["talks"])
    assert said(talks) == "No incident with a stated day among these."
    assert not talks["layout"]["yaxis"]["showticklabels"]
    assert said(shown(["karm-2"], measure="injured")) == "No incident of these states a number injured."
    assert said(shown(["karm-2"], measure="fatalities")) == ""


def test_a_few_days_are_marked_by_the_day_not_by_the_hour() -> None:
    assert shown(["talks"])["layout"]["xaxis"]["dtick"] == 24 * 3600 * 1000
    assert "dtick" not in build_timeline()["layout"]["xaxis"]


def test_few_events_are_marked_by_whole_numbers() -> None:
    assert shown(["karm-2"])["layout"]["yaxis"]["dtick"] == 1
    assert "dtick" not in shown(["karm-2"], measure="fatalities")["layout"]["yaxis"]


def test_the_label_of_the_open_event_goes_inwards_at_an_edge() -> None:
    order = np.argsort(EVENTS["date_start"].to_numpy())
    days = [int(row) for row in order if EVENTS["time_precision"].iloc[row] == "day"]
    ends = EVENTS["event_id"].iloc[[days[0], days[-1]]].tolist()
    drawn = [shown(ends, open_row=row)["layout"]["shapes"][0]["label"] for row in (days[0], days[-1])]
    assert [label["textposition"] for label in drawn] == ["top left", "top right"]


def test_stacked_by_country_keeps_the_colours_of_the_order_and_calls_the_rest_other() -> None:
    figure = build_timeline(EVENTS, by="country", order=["Rhun"])
    assert {t["name"].removesuffix(", spread over its days") for t in bars(figure)} == {"other"}
    named = build_timeline(EVENTS, by="country", order=["Rhun", "Arnor"])
    assert [name for name, _, form in legend_of(named) if form == "bar"] == ["Arnor"]


def test_sums_of_killed_carry_their_bounds() -> None:
    binned = bin_table("fatalities").groupby("bin")[["low", "amount", "high", "open"]].max()
    assert binned.loc["2021-03-04"].tolist() == [12, 16, 18, False]
    assert binned.loc["2021-03-08", "open"]
    names = [t.get("name") for t in build_timeline(EVENTS, measure="fatalities")["data"]]
    assert "open above" in names


def test_days_of_which_no_article_was_read_are_no_zeros() -> None:
    published = pd.to_datetime(pd.Series(["2021-03-06", "2021-03-12", None]))
    found = gaps(published, pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-14"), "D")
    assert [(a.day, b.day) for a, b in found] == [(1, 3), (7, 9), (13, 15)]
    assert gaps(published.head(0), pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-02"), "D")


def test_the_view_is_the_period_chosen_whatever_reaches_out_of_it() -> None:
    starts = EVENTS["date_start"].where(EVENTS["event_id"] != "south-week", pd.Timestamp("2020-09-01"))
    events = archive_of(events=sample_snapshot().events.assign(date_start=starts)).events
    assert "week" in build_timeline(events)["layout"]["yaxis"]["title"]["text"]
    layout = build_timeline(events, period=(date(2021, 3, 4), date(2021, 3, 10)))["layout"]
    assert [day.date() for day in layout["xaxis"]["range"]] == [date(2021, 3, 3), date(2021, 3, 11)]
    assert "day" in layout["yaxis"]["title"]["text"]


def test_one_far_off_event_does_not_flatten_the_others() -> None:
    near = pd.DataFrame({"date_start": pd.date_range("2021-03-01", periods=60)})
    near["date_end"] = near["date_start"]
    far = pd.DataFrame({"date_start": [pd.Timestamp("2015-01-01")], "date_end": [pd.Timestamp("2015-01-31")]})
    both = pd.concat([far, near])
    start, _, outside = first_view(days_of(both["date_start"]), days_of(both["date_end"]))
    assert (start.year, outside) == (2021, 1)
    assert first_view(days_of(near["date_start"]), days_of(near["date_end"]))[2] == 0


@pytest.mark.parametrize(("last", "rule"), [("2021-04-30", "D"), ("2021-05-01", "W-MON"), ("2025-06-01", "MS"), ("2034-01-01", "QS")])
def test_bins_follow_the_period(last: str, rule: str) -> None:
    assert bin_rule(pd.Timestamp("2021-01-01"), pd.Timestamp(last)) == rule


def test_what_was_rejected_is_drawn_crossed_where_it_is_asked_for_and_is_in_no_bar() -> None:
    status = EVENTS["status"].copy()
    status[(EVENTS["event_id"] == "karm-2").to_numpy()] = "rejected"
    events = EVENTS.assign(status=status)
    for measure, of_karm, most in (("events", 1, 1), ("fatalities", 16, 22)):
        figure = build_timeline(events, measure=measure)
        [gone] = [t for t in bars(figure) if t["name"] == timeline.REJECTED_BARS]
        assert (gone["x"], gone["y"]) == ([pd.Timestamp("2021-03-04")], [of_karm])
        others = [(x, y) for t in bars(figure) if t is not gone for x, y in zip(t["x"], t["y"], strict=True)]
        assert pd.Timestamp("2021-03-04") not in [x for x, _ in others] and max(y for _, y in others) == most
        assert (timeline.REJECTED_BARS, REJECTED[1], "crossed") in legend_of(figure)
    kept = (status != "rejected").to_numpy()
    left_out = timeline.build_timeline(events, kept, countable(events, kept))
    assert timeline.REJECTED_BARS not in [t.get("name") for t in left_out["data"]]


def test_a_rejected_claim_says_so() -> None:
    events = EVENTS.assign(status=EVENTS["status"].where(EVENTS["event_id"] != "claim", "rejected"))
    assert numbered(build_timeline(events)) == ["Rejected: at least 30 killed"]


def test_claims_are_numbered_in_the_order_of_their_days() -> None:
    claim = EVENTS[EVENTS["event_id"] == "claim"]
    later = claim.assign(event_id="b", fatalities_low=7.0, fatalities_best=7.0, fatalities_high=7.0, injured_low=None,
                         date_start=pd.Timestamp("2021-03-04"), date_end=pd.Timestamp("2021-03-05"))  # fmt: skip
    laid = lay_claims(pd.concat([later, claim]), pd.Timestamp("2021-03-01"), pd.Timestamp("2021-03-20"))
    figure = {"data": [claim_trace(laid)]}
    assert numbered(figure) == ["at least 30 killed", "7 killed"]
    assert "<li>at least 30 killed</li><li>7 killed</li>" in numbered_html(numbered(figure))


def test_the_brush_is_a_box_that_holds_every_bar_of_its_days() -> None:
    figure = build_timeline(measure="fatalities", brush=(date(2021, 3, 4), date(2021, 3, 5)))
    [box] = figure["layout"]["selections"]
    assert (box["x0"], box["x1"]) == (pd.Timestamp("2021-03-04"), pd.Timestamp("2021-03-06"))
    assert 22 < box["y1"] < 24  # 22 killed on the 5th
