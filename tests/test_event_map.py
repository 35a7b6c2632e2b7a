"""A mark says how closely a place is known; a country gets none."""

from sample_tables import sample_snapshot

from dashboard.event_map import SHARED, build_map, place_marks

EVENTS = sample_snapshot().events


def test_no_mark_for_a_country_or_several_places() -> None:
    marks = place_marks(EVENTS)
    assert marks["events"].sum() == len(EVENTS) - 2
    assert not marks["geo_precision"].isin(["country", "none"]).any()


def test_events_of_one_place_share_a_mark() -> None:
    [karm] = place_marks(EVENTS)[lambda t: t["name"] == "Karm"].to_dict("records")
    assert (karm["events"], karm["killed"]) == (2, 19)


def test_near_is_hollow_and_a_region_is_a_circle() -> None:
    traces = build_map(EVENTS)["data"]
    hollow = [t for t in traces if t.get("mode") == "markers" and t.get("hoverinfo") == "skip"]
    assert [t["lat"] for t in hollow] == [[35.0]]
    [region] = [t for t in traces if t.get("fill") == "toself"]
    assert len(region["lat"]) == 34


def test_a_toll_of_several_places_is_joined_rings_where_their_points_are_known() -> None:
    snapshot = sample_snapshot()
    rings = [t for t in build_map(EVENTS, reports=snapshot.reports)["data"] if t.get("name") == SHARED]
    assert [t["lat"] for t in rings] == [[36.0, 35.0, None]]
    assert set(rings[0]["customdata"]) == {"claim"}
    only_karm = snapshot.reports[snapshot.reports["place"] == "Karm"]
    assert not [t for t in build_map(EVENTS, reports=only_karm)["data"] if t.get("name") == SHARED]


def test_names_from_articles_cannot_become_markup() -> None:
    risky = EVENTS.assign(place=EVENTS["place"].where(EVENTS["place"] == "", "<img src=x>"))
    assert "<img" not in "".join(place_marks(risky)["label"])


def test_nothing_to_draw_is_a_map_without_marks() -> None:
    [nothing] = build_map(EVENTS.head(0))["data"]
    assert (nothing["type"], nothing["lat"]) == ("scattermap", [])
