"""A citation says what is claimed, on whose word, in which version of the table."""

from sample_tables import sample_snapshot

from dashboard.citation import cite

SNAPSHOT = sample_snapshot()


def citation_of(event_id: str) -> str:
    event = SNAPSHOT.events.set_index("event_id", drop=False).loc[event_id]
    reports = SNAPSHOT.reports[SNAPSHOT.reports["event_id"] == event_id]
    return cite(event, reports, SNAPSHOT.articles, SNAPSHOT)


def test_a_citation_names_every_publisher_and_the_version() -> None:
    assert citation_of("karm-2") == (
        "Air/drone strike, Karm · North · Arnor, 2021-03-04; killed: 12–18, best 16; injured: not stated. "
        "Event karm-2, machine, in: Conflict event timeline, table sample of 2021-03-16. On the word of: "
        "Arnor Herald, “About karm-2”, 2021-03-15; Rhun Wire, “About karm-2”, 2021-03-15. {link}"
    )


def test_what_is_not_stated_is_said() -> None:
    assert "Armed clash, Rhun, not stated; killed: not stated" in citation_of("rhun-undated")
