"""A mark says how closely a place is known; a country gets none."""

from pathlib import Path

import numpy as np
import pandas as pd
from sample_tables import archive_of, sample_archive, sample_snapshot

from dashboard import event_map
from dashboard.event_map import SHARED, build_map, places_of
from dashboard.filters import Filters, drawn_on_map, within_lasso
from dashboard.map_view import View
from dashboard.palette import REJECTED
from dashboard.region_areas import rings_of

TABLES = Path(__file__).parent.parent / "data" / "gazetteer"
EVENTS = sample_archive().events
ALL = np.ones(len(EVENTS), dtype=bool)


def place_marks(events: pd.DataFrame, keep: np.ndarray = ALL, view: View | None = None) -> pd.DataFrame:
    return event_map.place_marks(events, *places_of(events, keep), view)


def test_no_mark_for_a_country_or_several_places() -> None:
    marks = place_marks(EVENTS)
    assert marks["events"].sum() == len(EVENTS) - 2
    assert not marks["geo_precision"].isin(["country", "none"]).any()


def test_events_of_one_place_share_a_mark() -> None:
    [karm] = place_marks(EVENTS)[lambda t: t["name"] == "Karm"].to_dict("records")
    assert (karm["events"], karm["killed"]) == (2, 19)


def test_near_is_hollow_and_a_region_without_a_known_area_is_a_circle() -> None:
    traces = build_map(EVENTS, ALL)["data"]
    hollow = [t for t in traces if t.get("mode") == "markers" and t.get("hoverinfo") == "skip"]
    assert [t["lat"] for t in hollow] == [[35.0]]
    [region] = [t for t in traces if t.get("fill") == "toself"]
    assert len(region["lat"]) == 34


def test_a_place_is_grey_where_all_of_its_events_were_rejected_and_counts_none_of_their_dead() -> None:
    at_karm = (EVENTS["place"] == "Karm").to_numpy()
    one, both = EVENTS["status"].copy(), EVENTS["status"].copy()
    one[np.flatnonzero(at_karm)[0]] = "rejected"
    both[at_karm] = "rejected"
    for status, killed, grey in ((one, (3, 16), False), (both, (0,), True)):
        [karm] = place_marks(EVENTS.assign(status=status))[lambda t: t["name"] == "Karm"].to_dict("records")
        assert karm["killed"] in killed
        assert (karm["type"] == "rejected") == grey
    figure = build_map(EVENTS.assign(status=both), ALL)
    assert ("rejected", REJECTED[1], "dot") in event_map.legend_of(figure)


def test_a_region_is_the_area_of_its_towns() -> None:
    known = EVENTS.assign(country=pd.Categorical(["Syria"] * len(EVENTS)), admin1=pd.Categorical(["Aleppo"] * len(EVENTS)))
    [region] = [t for t in build_map(known, ALL)["data"] if t.get("fill") == "toself"]
    assert region["lat"] == [*rings_of("Syria", "Aleppo")[0][0], None]
    [middle] = [t for t in build_map(known, ALL)["data"] if "somewhere in" in str(t.get("text"))]
    assert middle["customdata"]  # it opens with a click


def test_regions_are_drawn_where_their_towns_are() -> None:
    countries = pd.read_csv(TABLES / "countries.csv", keep_default_na=False).set_index("iso2")["name"]
    regions = pd.read_csv(TABLES / "admin1.csv", keep_default_na=False)
    drawn, held = 0, 0
    for row in regions.itertuples():
        rings = rings_of(countries[row.iso2], row.name)
        drawn += bool(rings)
        # a lasso asks the same question: is the point inside?
        corners = [tuple(n for at in zip(lon, lat, strict=True) for n in at) for lat, lon in rings]
        at = pd.Series([row.longitude]), pd.Series([row.latitude])
        held += any(within_lasso(*at, ring)[0] for ring in corners)
    assert drawn > 0.85 * len(regions)
    assert held > 0.9 * drawn  # a middle may lie in a bay, or in a neighbour that it surrounds
    assert rings_of("Rhun", "West") == []


def test_a_toll_of_several_places_is_joined_rings_where_their_points_are_known() -> None:
    rings = [t for t in build_map(EVENTS, ALL)["data"] if t.get("name") == SHARED]
    assert [t["lat"] for t in rings] == [[36.0, 35.0, None]]
    assert set(rings[0]["customdata"]) == {"claim"}
    table = sample_snapshot().events
    without_dol = archive_of(events=table[table["place"] != "Dol"]).events
    assert not [t for t in build_map(without_dol, ALL[: len(without_dol)])["data"] if t.get("name") == SHARED]


def test_names_from_articles_cannot_become_markup() -> None:
    risky = EVENTS.assign(place=pd.Series("<img src=x>", index=EVENTS.index).where(EVENTS["place"] != "", ""))
    assert "<img" not in "".join(place_marks(risky)["label"])


def test_nothing_to_draw_is_a_map_without_marks() -> None:
    figure = build_map(EVENTS, ~ALL)
    [nothing] = figure["data"]
    assert (nothing["type"], nothing["lat"]) == ("scattermap", [])
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["No event to draw."]
    abroad = build_map(EVENTS, (EVENTS["event_id"] == "rhun-undated").to_numpy())
    assert [note["text"] for note in abroad["layout"]["annotations"]] == ["None of these events has a point."]
    assert "annotations" not in build_map(EVENTS, ALL)["layout"]


def test_what_was_chosen_on_the_map_stays_drawn() -> None:
    box = drawn_on_map(Filters(box=(36.0, 34.0, 38.0, 36.5)))
    figure = build_map(EVENTS, ALL, drawn=box)
    [ring] = [t for t in figure["data"] if t.get("name") == event_map.CHOSEN]
    assert [*zip(ring["lon"], ring["lat"], strict=True)] == [(36, 34), (38, 34), (38, 36.5), (36, 36.5), (36, 34)]
    assert event_map.CHOSEN in [name for name, _, _ in event_map.legend_of(figure)]
