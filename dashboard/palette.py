"""Colours that the colour-blind can tell apart: Okabe and Ito's, and a grey dark enough to be no faded pink.

Who sees no colour at all finds the names under the pointer: seven greys cannot be told apart.
"""

from __future__ import annotations

TYPE_COLOURS = {
    "Battles": "#D55E00",
    "Explosions/Remote violence": "#E69F00",
    "Violence against civilians": "#CC79A7",
    "Protests": "#56B4E9",
    "Riots": "#009E73",
    "Strategic developments": "#6A6A6A",
    "Diplomacy": "#0072B2",
}
REJECTED = ("rejected", "#B0B0B0")  # by an analyst; drawn only on request
OTHER = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6A6A6A", "#B8A200"]
# stand-ins that Plotly accepts as colours; live_chart.js puts those of the page's theme in their place
TEXT, BACKGROUND, SOFT, LINE = "#010203", "#010204", "#010205", "#010206"
