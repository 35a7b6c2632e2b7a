"""An event that is opened comes into view: its card stands beside the list, on narrow screens below it.

Who opened it from the keyboard goes on from the card: out of the list only Escape leads, which would close the event.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

SCRIPT = """
if (!('__keyed' in window)) {
  window.__keyed = false;
  addEventListener('keydown', () => { window.__keyed = true; }, true);
  addEventListener('pointerdown', () => { window.__keyed = false; }, true);
}
export default function ({data, parentElement}) {
  const before = window.__openEvent;
  window.__openEvent = data.event;
  // a page that comes with an open event begins at its top
  if (before === undefined || before === data.event || !data.event) return;
  const card = parentElement.closest('.st-key-card'), started = performance.now();
  const wait = setInterval(() => { // the card is still being drawn
    const there = card?.offsetHeight > 200;
    if (!there && performance.now() - started < 3000) return;
    clearInterval(wait);
    if (!there || window.__openEvent !== data.event) return;
    if (window.__keyed) card.querySelector('button')?.focus({preventScroll: true});
    const {top} = card.getBoundingClientRect();
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (top < 60 || top > innerHeight / 2) card.scrollIntoView({behavior: still ? 'auto' : 'smooth'});
  }, 50);
}
"""


@st.cache_resource
def _component() -> Any:
    return st.components.v2.component("bring_into_view", html="<span hidden></span>", js=SCRIPT, isolate_styles=False)


def bring_into_view(event_id: str) -> None:
    """Called within the card's container at every run, with "" where no event is open."""
    _component()(key="bring_into_view", data={"event": event_id}, height=1)
