"""What the counts of one event come to."""

from __future__ import annotations

from datetime import date

from pipeline.documents import prepare_document
from pipeline.mentions.casualties import find_casualties
from pipeline.models import UNKNOWN, Article, Count, Harm
from pipeline.tolls import combine_counts


def toll(text: str, harm: Harm = Harm.KILLED, title: str = "") -> Count:
    article = Article("a", title, text, "Halvar Herald", "", date(2016, 5, 18))
    return combine_counts(find_casualties(prepare_document(article)), harm)


def test_nothing_said_is_unknown_and_no_casualties_is_none() -> None:
    assert toll("The council met on Monday.") == UNKNOWN
    assert toll("No casualties were reported.") == Count(0, 0, 0)
    assert toll("No casualties were reported.", Harm.INJURED) == Count(0, 0, 0)


def test_the_same_persons_count_once() -> None:
    assert toll("Five miners were killed. Police said the five miners were killed in their sleep.") == Count(5, 5, 5)


def test_another_six_adds() -> None:
    assert toll("Four guards were killed. Another six were killed at the bridge.") == Count(10, 10, 10)


def test_an_addition_told_twice_counts_once() -> None:
    text = "Seven soldiers were killed. Two rebels were also killed. The army said two rebels were also killed."
    assert toll(text) == Count(9, 9, 9)


def test_the_losses_of_both_sides_add_up() -> None:
    assert toll("Three soldiers were killed. The army said nine rebels were killed.") == Count(12, 12, 12)


def test_a_total_and_its_parts_are_the_total() -> None:
    text = "Eight people were killed in the market. Five people died on the spot, while three others died in hospital."
    assert toll(text) == Count(8, 8, 8)


def test_a_toll_that_rose_replaces() -> None:
    assert toll("Six people were killed. The death toll later rose to 11.") == Count(11, 11, 11)


def test_open_stays_open_when_counts_are_added() -> None:
    assert toll("At least three soldiers were killed. Nine rebels were killed.") == Count(12, 12, None)


def test_who_dies_later_is_not_among_the_injured() -> None:
    text = "A girl was shot at a bus stop. She died in hospital on Sunday."
    assert (toll(text), toll(text, Harm.INJURED)) == (Count(1, 1, 1), UNKNOWN)


def test_single_persons_of_other_age_add_up() -> None:
    text = "A 24-year-old man was shot in the leg. A 31-year-old man was shot in the arm."
    assert toll(text, Harm.INJURED) == Count(2, 2, 2)


def test_denied_and_threatened_killings_count_nothing() -> None:
    assert toll("The group denied killing nine villagers and threatened to kill more hostages.") == UNKNOWN
