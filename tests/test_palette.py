"""Types can be told apart by who sees colours otherwise."""

from itertools import combinations

import numpy as np
import pytest

from dashboard.palette import OTHER, REJECTED, TYPE_COLOURS

# of light, not of its written numbers: Machado, Oliveira and Fernandes (2009), at full strength
SEEN = {
    "all colours": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]),
}


def lab(colour: str, seen: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of a colour as somebody sees it."""
    written = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    light = np.where(written <= 0.04045, written / 12.92, ((written + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ np.clip(seen @ light, 0, 1) / np.array([0.9505, 1, 1.089])
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen", list(SEEN))
@pytest.mark.parametrize("colours", [[*TYPE_COLOURS.values()], OTHER[:-1]], ids=["types", "countries"])
def test_no_two_colours_of_one_picture_look_alike(colours: list[str], seen: str) -> None:
    apart = {pair: np.linalg.norm(np.subtract(*(lab(c, SEEN[seen]) for c in pair))) for pair in combinations(colours, 2)}
    closest = min(apart, key=apart.__getitem__)
    # 14: at 8.5 (deuteranopia: this pink and a grey as light as it) bars could not be told apart on the screen
    assert apart[closest] > 14, (closest, apart[closest])


def test_what_was_rejected_is_paler_than_every_type() -> None:
    light = {colour: lab(colour, SEEN["all colours"])[0] for colour in TYPE_COLOURS.values()}
    assert lab(REJECTED[1], SEEN["all colours"])[0] - light["#6A6A6A"] > 20
