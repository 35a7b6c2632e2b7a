"""Whose tiles a map may show, and what is refused."""

import pytest

from dashboard.map_tiles import OPEN_STREET_MAP, UnusableTiles, tiles_of


def test_openstreetmap_is_offered_with_its_credit_where_nothing_is_said() -> None:
    tiles = tiles_of({})
    assert tiles is not None
    assert (tiles.address, tiles.host) == (OPEN_STREET_MAP, "tile.openstreetmap.org")
    assert (tiles.credit, tiles.credit_link) == (
        "© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright"
    )  # fmt: skip


def test_a_house_names_its_own_server_and_is_not_credited_to_another() -> None:
    named = {"CONFLICT_MAP_TILES": "http://maps.house.example:8080/{z}/{x}/{y}@2x.png", "CONFLICT_MAP_TILES_CREDIT": "© us"}
    tiles = tiles_of(named)
    assert tiles is not None
    assert (tiles.host, tiles.credit, tiles.credit_link) == ("maps.house.example:8080", "© us", "")
    silent = tiles_of({"CONFLICT_MAP_TILES": named["CONFLICT_MAP_TILES"]})
    assert silent is not None and silent.credit == ""


def test_a_house_may_offer_none() -> None:
    assert tiles_of({"CONFLICT_MAP_TILES": "none"}) is None


@pytest.mark.parametrize(
    "address",
    ["tiles", "file:///etc/{z}/{x}/{y}", "javascript:alert({x}{y}{z})", "https://maps.example/{z}/{x}.png",
     "https:///{z}/{x}/{y}.png", "https://me:secret@maps.example/{z}/{x}/{y}.png"],
)  # fmt: skip
def test_what_is_no_address_of_tiles_is_refused_by_name_and_not_repeated(address: str) -> None:
    with pytest.raises(UnusableTiles, match="CONFLICT_MAP_TILES") as refused:
        tiles_of({"CONFLICT_MAP_TILES": address})
    assert "secret" not in str(refused.value)
