"""Corrections: laid over the machine's table, found again after every change of the reports, never dropped."""

import pandas as pd
import pytest
from toy_store import NOW, many, put, row, use_toy

from pipeline import (
    RefusedCorrection,
    Settings,
    add_correction,
    correct_values,
    list_corrections,
    load_event_table,
    load_reports,
    refresh,
    undo_refresh,
    withdraw_article,
)

BREE, BREE_TOO = row("a1", "2031-05-02 Bree 3"), row("a2", "2031-05-02 Bree 3", source="Staddle Star")
DALE = row("a3", "2031-05-02 Dale 5")


def correct(settings: Settings, action: str, target: str, field: str = "", value: str = "") -> int:
    """A correction by Rosie, for a reason."""
    made = add_correction(settings, action, target, field, value, "I was there", "Rosie", now=NOW)
    return made.correction_id


def start(settings: Settings, *rows: dict[str, str]) -> dict[str, str]:
    """Refresh with these articles; town -> event id."""
    put(settings, "day", rows)
    refresh(settings, now=NOW)
    return ids(settings)


def ids(settings: Settings) -> dict[str, str]:
    """Town -> event id."""
    table = load_event_table(settings)
    return dict(zip(table["place"], table["event_id"], strict=True))


def event(settings: Settings, event_id: str) -> dict:
    """One row of the published table."""
    table = load_event_table(settings).set_index("event_id")
    return table.loc[event_id].to_dict()


def states(settings: Settings) -> dict[int, str]:
    """Correction -> state."""
    account = list_corrections(settings)
    return dict(zip(account["correction_id"], account["state"], strict=True))


def partition(settings: Settings) -> set[frozenset[str]]:
    """Which reports are of one event."""
    return {frozenset(group) for group in load_reports(settings).groupby("event_id")["report_id"].agg(list)}


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("fatalities_high", "40", 40),
        ("fatalities_high", "", None),
        ("injured_best", "0", 0),
        ("place", "Archet", "Archet"),
        ("civilians_targeted", "yes", True),
        ("sub_event_type", "Grenade", "Grenade"),
        ("latitude", "11.5", 11.5),
    ],
)
def test_set_value_stands_in_the_table_beside_the_machines(settings: Settings, field, value, stored) -> None:
    dale = start(settings, BREE, DALE)["Dale"]
    machine = event(settings, dale)[field]
    number = correct(settings, "set", dale, field, value)
    found = event(settings, dale)
    assert found["status"] == "corrected" and (found[field] == stored if stored is not None else found[field] != 5)
    account = list_corrections(settings).iloc[0]
    assert (account["correction_id"], account["state"], account["value"]) == (number, "applied", value)
    assert account["machine_value"] == ("" if pd.isna(machine) else str(machine))
    refresh(settings, now=NOW)
    assert event(settings, dale)["status"] == "corrected"


def test_new_place_never_keeps_the_old_places_pin(settings: Settings) -> None:
    dale = start(settings, DALE)["Dale"]
    correct(settings, "set", dale, "place", "Archet")
    assert event(settings, dale)["latitude"] != event(settings, dale)["latitude"]  # not a number


@pytest.mark.parametrize(
    ("action", "field", "value", "told"),
    [
        ("set", "fatalities_low", "50", "low <= best"),
        ("set", "fatalities_best", "many", "whole number"),
        ("set", "latitude", "123", "out of range"),
        ("set", "kind", "war", "choose one of incident"),
        ("set", "event_id", "x", "cannot be set"),
        ("set", "date_start", "2031-05-09", "first day"),
        ("merge", "", "ev-nobody", "no event"),
        ("explode", "", "", "choose one of set"),
    ],
)
def test_impossible_corrections_are_refused_and_change_nothing(settings: Settings, action, field, value, told) -> None:
    dale = start(settings, DALE)["Dale"]
    before = load_event_table(settings).to_csv()
    with pytest.raises(RefusedCorrection, match=told):
        correct(settings, action, dale, field, value)
    assert load_event_table(settings).to_csv() == before and list_corrections(settings).empty


def test_correction_needs_who_and_why(settings: Settings) -> None:
    dale = start(settings, DALE)["Dale"]
    with pytest.raises(RefusedCorrection, match="who makes it and why"):
        add_correction(settings, "confirm", dale, who="Rosie", why=" ", now=NOW)


def test_confirm_reject_and_undo_each_speak_last(settings: Settings) -> None:
    dale = start(settings, DALE)["Dale"]
    correct(settings, "confirm", dale)
    assert event(settings, dale)["status"] == "confirmed"
    second = correct(settings, "reject", dale)
    assert event(settings, dale)["status"] == "rejected"
    third = correct(settings, "undo", str(second))
    assert event(settings, dale)["status"] == "confirmed"
    correct(settings, "undo", str(third))  # an undo can be undone
    assert event(settings, dale)["status"] == "rejected"
    assert list(states(settings).values()) == ["replaced", "applied", "taken back", "applied"]


def test_same_reports_are_one_event_until_split_and_again_after_undo(settings: Settings) -> None:
    bree = start(settings, BREE, BREE_TOO)["Bree"]
    assert partition(settings) == {frozenset({"a1#0", "a2#0"})}
    number = correct(settings, "split", "a2#0")
    assert partition(settings) == {frozenset({"a1#0"}), frozenset({"a2#0"})}
    refresh(settings, now=NOW)
    assert len(load_event_table(settings)) == 2 and bree in set(load_event_table(settings)["event_id"])
    correct(settings, "undo", str(number))
    assert partition(settings) == {frozenset({"a1#0", "a2#0"})} and ids(settings)["Bree"] == bree


def test_merged_events_stay_merged_and_the_lost_id_leads_to_the_kept_one(settings: Settings) -> None:
    found = start(settings, BREE, DALE)
    number = correct(settings, "merge", found["Bree"], value=found["Dale"])
    table = load_event_table(settings)
    assert len(table) == 1
    kept, lost = table["event_id"][0], ({*found.values()} - {table["event_id"][0]}).pop()
    refresh(settings, now=NOW)
    assert list(load_event_table(settings)["event_id"]) == [kept]
    with pytest.raises(RefusedCorrection, match="it was superseded"):
        correct(settings, "confirm", lost)
    correct(settings, "undo", str(number))
    assert ids(settings) == found


def test_correction_follows_its_event_into_another(settings: Settings) -> None:
    found = start(settings, BREE, DALE)
    for event_id in found.values():
        correct(settings, "set", event_id, "fatalities_high", "77")
    correct(settings, "merge", found["Bree"], value=found["Dale"])
    table = load_event_table(settings)
    assert list(table["fatalities_high"]) == [77]
    assert set(list_corrections(settings)["event_id"]) == set(table["event_id"])


def test_split_of_what_was_merged_gives_each_side_its_name_and_its_corrections_back(settings: Settings) -> None:
    found = start(settings, BREE, DALE)
    correct(settings, "set", found["Bree"], "fatalities_high", "77")
    correct(settings, "confirm", found["Dale"])
    correct(settings, "merge", found["Bree"], value=found["Dale"])
    correct(settings, "split", "a1#0")  # the founding report of the merged event
    for _ in range(2):
        assert ids(settings) == found
        assert (event(settings, found["Bree"])["fatalities_high"], event(settings, found["Dale"])["status"]) == (
            77, "confirmed"
        )  # fmt: skip
        assert list(states(settings).values()) == ["applied", "applied", "replaced", "applied"]
        refresh(settings, now=NOW)


def test_what_was_corrected_as_a_whole_stays_with_most_of_it_when_its_founding_report_is_split_off(
    settings: Settings,
) -> None:
    third = row("a4", "2031-05-02 Bree 3", source="Combe Courier")
    bree = start(settings, BREE, BREE_TOO, third, DALE)["Bree"]
    correct(settings, "set", bree, "fatalities_high", "77")
    correct(settings, "merge", bree, value="ev-a3#0")
    correct(settings, "split", "a1#0")
    assert {frozenset({"a2#0", "a4#0"}), frozenset({"a1#0"}), frozenset({"a3#0"})} == partition(settings)
    assert set(load_reports(settings).query("event_id == @bree")["report_id"]) == {"a2#0", "a4#0"}
    assert event(settings, bree)["fatalities_high"] == 77
    assert sorted(load_event_table(settings)["status"].astype("str")) == ["corrected", "machine", "machine"]


def test_corrections_follow_most_of_the_reports_they_were_made_on(settings: Settings) -> None:
    third = row("a4", "2031-05-02 Bree 3", source="Combe Courier")
    bree = start(settings, BREE, BREE_TOO, third)["Bree"]
    correct(settings, "confirm", bree)
    # the founding article now tells of another place: the event that two of three still tell of is the confirmed one
    put(settings, "day", [row("a1", "2031-05-02 Dale 3"), BREE_TOO, third])
    refresh(settings, now=NOW)
    assert event(settings, ids(settings)["Bree"])["status"] == "confirmed"
    assert event(settings, ids(settings)["Dale"])["status"] == "machine"


def test_moved_report_is_of_the_other_event(settings: Settings) -> None:
    found = start(settings, BREE, BREE_TOO, DALE)
    correct(settings, "move", "a2#0", value=found["Dale"])
    assert partition(settings) == {frozenset({"a1#0"}), frozenset({"a2#0", "a3#0"})}


def test_two_events_said_not_to_be_the_same_are_kept_apart(settings: Settings) -> None:
    found = start(settings, BREE, DALE)
    correct(settings, "not-same", found["Bree"], value=found["Dale"])
    put(settings, "day", [BREE, row("a3", "2031-05-02 Bree 3", source="Staddle Star")])  # now they look the same
    refresh(settings, now=NOW)
    assert partition(settings) == {frozenset({"a1#0"}), frozenset({"a3#0"})}


def test_corrections_survive_a_new_extractor(settings: Settings) -> None:
    found = start(settings, BREE, BREE_TOO, DALE)
    correct(settings, "set", found["Dale"], "fatalities_high", "77")
    correct(settings, "split", "a2#0")
    use_toy("newer", shift=2)
    for _ in range(3):  # also at every later publication, when the new ids are not new any more
        refresh(settings, now=NOW)
    assert set(states(settings).values()) == {"applied"}
    assert event(settings, found["Dale"])["fatalities_high"] == 77
    assert partition(settings) == {frozenset({"a1#2"}), frozenset({"a2#2"}), frozenset({"a3#2"})}


def test_corrections_survive_extractors_that_take_turns(settings: Settings) -> None:
    start(settings, BREE, BREE_TOO)
    correct(settings, "split", "a2#0")
    for shift in (2, 5, 0, 2, 7):
        use_toy(f"toy{shift}", shift=shift)
        for _ in range(2):
            refresh(settings, now=NOW)
        assert partition(settings) == {frozenset({f"a1#{shift}"}), frozenset({f"a2#{shift}"})}
    assert list(states(settings).values()) == ["applied"]


def test_correction_without_an_event_is_shown_as_orphaned_and_comes_back_with_it(settings: Settings) -> None:
    dale = start(settings, BREE, DALE)["Dale"]
    number = correct(settings, "set", dale, "fatalities_high", "77")
    withdraw_article(settings, "a3", why="retracted", now=NOW)
    assert states(settings) == {number: "orphaned"}
    withdraw_article(settings, "a3", why="not retracted", now=NOW, withdrawn=False)
    assert states(settings) == {number: "applied"} and event(settings, dale)["fatalities_high"] == 77


def test_correction_that_new_reports_put_against_the_rules_waits_visibly(settings: Settings) -> None:
    dale = start(settings, DALE)["Dale"]
    number = correct(settings, "set", dale, "fatalities_high", "6")
    put(settings, "day", [row("a3", "2031-05-02 Dale 9")])
    refresh(settings, now=NOW)
    assert states(settings) == {number: "against the rules"}
    assert (event(settings, dale)["fatalities_high"], event(settings, dale)["status"]) == (9, "machine")


def test_corrections_survive_the_undo_of_a_refresh(settings: Settings) -> None:
    start(settings, BREE)
    put(settings, "more", [DALE])
    refresh(settings, now=NOW)
    bree, dale = ids(settings)["Bree"], ids(settings)["Dale"]
    correct(settings, "confirm", bree)
    correct(settings, "confirm", dale)
    undo_refresh(settings, now=NOW)
    assert list(states(settings).values()) == ["applied", "orphaned"]
    refresh(settings, now=NOW)
    assert [event(settings, e)["status"] for e in (bree, dale)] == ["confirmed", "confirmed"]


def test_correction_finds_its_event_again_whose_article_is_received_anew_under_a_new_extractor(settings: Settings) -> None:
    start(settings, BREE)
    put(settings, "more", [DALE])
    refresh(settings, now=NOW)
    dale = ids(settings)["Dale"]
    use_toy("newer", shift=2)
    refresh(settings, now=NOW)
    correct(settings, "confirm", dale)  # made on a report that the first refresh did not have
    undo_refresh(settings, now=NOW)
    undo_refresh(settings, now=NOW)
    assert list(states(settings).values()) == ["orphaned"]
    refresh(settings, now=NOW)  # nothing of the article is known any more
    assert list(states(settings).values()) == ["applied"]
    assert event(settings, ids(settings)["Dale"])["status"] == "confirmed"


def test_five_corrections_among_many_events(settings: Settings) -> None:
    put(settings, "many", many(60))
    refresh(settings, now=NOW)
    table = load_event_table(settings)
    for event_id in table["event_id"][:5]:
        correct(settings, "set", event_id, "fatalities_high", "99")
    assert (load_event_table(settings)["fatalities_high"] == 99).sum() == 5


def test_several_values_are_held_against_the_rules_together(settings: Settings) -> None:
    dale = start(settings, DALE)["Dale"]
    values = {"date_start": "2031-05-09", "date_end": "2031-05-10", "time_precision": "range"}
    made = correct_values(settings, dale, values, "a later report", "Rosie", now=NOW)
    found = event(settings, dale)
    assert (str(found["date_start"])[:10], str(found["date_end"])[:10]) == ("2031-05-09", "2031-05-10")
    assert [c.field for c in made] == list(values) and set(states(settings).values()) == {"applied"}
    with pytest.raises(RefusedCorrection, match="low <= best"):
        correct_values(settings, dale, {"fatalities_low": "9", "fatalities_best": "8"}, "x", "Rosie", now=NOW)
    assert len(list_corrections(settings)) == 3
    with pytest.raises(RefusedCorrection, match="no value differs"):
        correct_values(settings, dale, {}, "x", "Rosie", now=NOW)
