"""The page on which an analyst spends the day: figures, timeline, map, list, and one event opened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import event_map, filter_panel, timeline
from dashboard.archive import Archive
from dashboard.bins import dated
from dashboard.bring_into_view import bring_into_view
from dashboard.charts import gesture, show_chart, warm_up
from dashboard.claims_lane import numbered, numbered_html
from dashboard.event_card import show_event
from dashboard.event_list import show_list
from dashboard.event_map import build_map
from dashboard.export_panel import offer_files
from dashboard.filters import Filters, drawn_on_map, matching, short_lasso
from dashboard.key_figures import KeyFigures, add_up, countable, headline
from dashboard.legend import legend_html
from dashboard.map_tiles import chosen_tiles, offer_tiles
from dashboard.map_view import View, first_view
from dashboard.newer_notice import watch_for_newer
from dashboard.palette import TYPE_COLOURS
from dashboard.timeline import MEASURES, STACKS, build_timeline
from dashboard.view_link import mirror_in_link, restore_from_link
from dashboard.view_panel import show_views
from dashboard.wording import many


def show_explorer(archive: Archive) -> None:
    """Choose -> narrow -> show. Each picture leaves out its own gesture, so that what was brushed stays visible."""
    restore_from_link()
    warm_up()
    # every part that may be missing has a container: else what follows would move up and be made anew, zoom and all
    with st.container():
        watch_for_newer()
    with st.sidebar:
        show_views()
        filter_panel.show_filters(archive)
    filters = filter_panel.current()
    mirror_in_link(filters)
    with st.container():
        for problem in st.session_state.get("link_problems", ()):
            st.warning("The link holds a choice that cannot be read; it is left out.")
            st.text(problem)
    with st.container(key="chips"):
        filter_panel.show_chips(filters)
    keep = _narrow(archive, filters)
    counted = countable(archive.events, keep)
    figures = archive.once(("figures", filters), lambda: add_up(archive, keep, counted))
    with st.container(key="figures"):
        _show_figures(figures, len(archive.events))
    with st.container():
        if not figures.events:
            st.info("No event fits all choices. Take one off above, or reset all in the side bar.")
    chosen = "; ".join(filter_panel.chips(filters)) or "all events"
    credit = f"{figures.events:,} events · {chosen[:110]} · table {archive.snapshot_id}"
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _show_timeline(archive, filters, keep, counted, credit)
    with right:
        _show_map(archive, filters, keep, figures.unplaced, credit)
    # the list has the whole width until an event is opened beside it
    opened = st.session_state.get("event", "")
    left, right = st.columns([11, 9] if opened else [99, 1], gap="medium" if opened else None)
    with left:
        _show_list(archive, filters, keep, figures.events)
    with right, st.container(key="card"):
        bring_into_view(opened)
        if opened:
            show_event(opened, archive.around(opened))


def _narrow(archive: Archive, filters: Filters) -> np.ndarray:
    if not filters.words.split():
        return matching(archive, filters)
    with st.spinner("Searching the sentences …"):
        return matching(archive, filters)


def _show_figures(figures: KeyFigures, all_events: int) -> None:
    cells = {
        "Events shown": (f"{figures.events:,}", f"of {all_events:,}"),
        "Killed in incidents": headline(figures.killed),
        "Injured in incidents": headline(figures.injured),
        "Publishers": (f"{figures.publishers:,}", "who tell of them"),
        "Sources disagree": (f"{figures.disputed:,}", "events" if figures.disputed != 1 else "event"),
    }
    st.html('<div class="figures">' + "".join(
        f"<div><span>{name}</span><b>{value}</b><span>{more}</span></div>" for name, (value, more) in cells.items()
    ) + "</div>")  # fmt: skip
    st.caption(
        f"{many(figures.incidents, 'incident')}, {many(figures.cumulative, 'cumulative claim')} (in no sum), "
        f"{many(figures.diplomatic, 'diplomatic event')} · "
        + (f"{figures.rejected:,} rejected (in no sum) · " if figures.rejected else "")
        + f"{many(figures.killed_not_stated, 'incident')} without a number killed · "
        f"{figures.loosely_dated:,} without an exact day · {figures.loosely_placed:,} without an exact place"
    )


def _show_timeline(archive: Archive, filters: Filters, keep: np.ndarray, counted: np.ndarray, credit: str) -> None:
    if filters.brush:
        keep = _narrow(archive, filters.without("brush"))
        counted = countable(archive.events, keep)
    keep, rejected = _drawn(archive, filters, keep)
    with st.container(horizontal=True, vertical_alignment="bottom", key="time_tools"):
        measure = st.segmented_control(
            "Measure", list(MEASURES), format_func=MEASURES.__getitem__, key="measure",
            label_visibility="collapsed", required=True, persist_state="session",
        )  # fmt: skip
        by = st.segmented_control(
            "Stacked", list(STACKS), format_func=STACKS.__getitem__, key="stack",
            label_visibility="collapsed", required=True, persist_state="session",
        )  # fmt: skip
        all_days = st.session_state.get("all_days", False)
        looks = {
            "period": (filters.since, filters.until),
            "measure": measure or "events", "by": by or "event_type", "all_days": all_days, "brush": filters.brush,
            "open_row": archive.row_of(st.session_state.get("event", "")),
        }  # fmt: skip
        figure = archive.once(("timeline", filters, *looks.values()), lambda: build_timeline(
            archive.events, keep, counted, order=_order(archive, by or "event_type"),
            published=days_of_articles(archive, filters), **looks,
        ))  # fmt: skip
        told = figure["layout"].get("meta", {})
        st.button("Clear brush", disabled=not filters.brush, on_click=filter_panel.reset, args=("brush",))
    show_chart(
        figure, "time", label="Timeline of events", on_select=_brushed, on_click=_clicked("time"), credit=credit,
        spoken=f"{credit}. With the keyboard: From and To in the side bar choose days, the list opens events.",
        selected=bool(filters.brush), keep=f"{filters.since} {filters.until} {all_days}",
    )  # fmt: skip
    st.html(numbered_html(numbered(figure)) + legend_html(timeline.legend_of(figure)))
    with st.container():
        if told.get("outside") or all_days:
            st.toggle(f"All days (also {told['outside']:,} far off)", key="all_days")
    words = ["Drag over the bars to choose days."] if figure["data"] else []
    if missing := int((keep & ~dated(archive.events)).sum()):
        words.append(f"{many(missing, 'event')} without a stated day: not on the timeline.")
    if rejected:
        words.append(f"{rejected:,} rejected, in the list only; the status “rejected” draws them, in no sum.")
    if told.get("claims_left_out"):
        words.append(f"{many(told['claims_left_out'], 'claim')} without room here: in the list.")
    st.caption(" ".join(words))


def _drawn(archive: Archive, filters: Filters, keep: np.ndarray) -> tuple[np.ndarray, int]:
    """What the pictures show, and how many they leave out: rejected events stand there only where one asks for them."""
    rejected = keep & (archive.events["status"] == "rejected").to_numpy()
    if "rejected" in filters.status:
        return keep, 0
    return keep & ~rejected, int(rejected.sum())


def days_of_articles(archive: Archive, filters: Filters) -> pd.Series:
    """When the articles were published that could have told of something: those of the chosen publishers."""

    def days() -> pd.Series:
        articles = archive.articles
        some = articles[articles["source"].isin(filters.publisher)] if filters.publisher else articles
        return some["published"].drop_duplicates()

    return archive.once(("days of articles", filters.publisher), days)


def _order(archive: Archive, by: str) -> list[str]:
    """The groups by size in the whole table, so that a filter changes no colour."""
    if by == "event_type":
        return list(TYPE_COLOURS)
    sizes = archive.once(("sizes", by), archive.events[by].value_counts)
    return [str(g) for g in sizes.index if g and " | " not in g][:7]


def _show_map(archive: Archive, filters: Filters, keep: np.ndarray, without: int, credit: str) -> None:
    drawn = bool(drawn_on_map(filters))
    if drawn:
        keep = _narrow(archive, filters.without("box", "lasso"))
    keep, _ = _drawn(archive, filters, keep)
    with st.container(horizontal=True, vertical_alignment="bottom", key="map_tools"):
        st.button(
            f"{many(without, 'event')} without a point", disabled=not without,
            on_click=filter_panel.put, args=("unplaced", True),
            help="Known only to a country, to several places, or to none: a point would claim too much. Lists them.",
        )  # fmt: skip
        st.button("Clear box or lasso", disabled=not drawn, on_click=filter_panel.reset, args=("box", "lasso"))
    # the view moves only when the choice of where does
    where = Filters(country=filters.country, admin1=filters.admin1, place=filters.place, near=filters.near)
    first = archive.once(("first view", where), lambda: first_view(archive.events, _narrow(archive, where)))
    # where the reader went, unless the chart has gone elsewhere since
    view = gesture("map", "view") or {}
    now = View(*view["at"]) if view.get("keep") == str(where) else View.of(first)
    opened = archive.row_of(st.session_state.get("event", ""))
    figure = archive.once(
        ("map", filters, now, opened),
        lambda: build_map(archive.events, keep, now, opened, first, drawn_on_map(filters)),
    )
    show_chart(
        figure, "map", label="Map of events", on_select=_boxed, on_click=_clicked("map"), selected=drawn,
        follow=figure["layout"]["meta"]["follow"], credit=credit, keep=str(where),
        spoken=f"{credit}. With the keyboard: Country, Region and More in the side bar choose places.",
        tiles=chosen_tiles(),
    )  # fmt: skip
    st.html(legend_html(event_map.legend_of(figure)))
    st.caption(
        "Size: killed. A shaded region is the land nearest to its towns, not its border. Choose with the box or "
        "lasso tool. Borders as the United Nations draw them; no judgement on any of them is meant."
    )
    with st.container():
        offer_tiles()


def _show_list(archive: Archive, filters: Filters, keep: np.ndarray, shown: int) -> None:
    if not shown:
        return
    show_list(archive, keep, shown)
    with st.container(horizontal=True):
        offer_files(archive, filters, keep)


def _brushed() -> None:
    selection = gesture("time", "selection")
    if not selection or "x" not in selection:
        filter_panel.reset("brush")
        return
    first, last = sorted(pd.Timestamp(str(x)[:26]) for x in selection["x"])
    # a brush that ends at midnight ends on the day before
    last = max(first, last - timedelta(microseconds=1))
    filter_panel.put("brush", (first.date(), last.date()))


def _boxed() -> None:
    selection = gesture("map", "selection") or {}
    filter_panel.reset("box", "lasso")
    if len(corners := selection.get("map") or []) >= 2:
        longitudes, latitudes = zip(*corners, strict=True)
        filter_panel.put("box", (min(longitudes), min(latitudes), max(longitudes), max(latitudes)))
    elif len(corners := selection.get("lasso") or []) >= 3:
        filter_panel.put("lasso", short_lasso(corners))


def _clicked(key: str) -> Any:
    def open_event() -> None:
        if clicked := gesture(key, "clicked"):
            st.session_state["event"] = str(clicked)

    return open_event
