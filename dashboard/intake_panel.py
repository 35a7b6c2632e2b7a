"""The ways in: files, one pasted text, feeds. What comes of them is shown before anything is taken in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import streamlit as st

import pipeline
from dashboard.loading import settings
from dashboard.preview_panel import show_preview
from dashboard.wording import label_text

FIELDS = {"text": "Text", "published": "Published", "title": "Title", "source": "Publisher", "url": "Address",
          "article_id": "Id"}  # fmt: skip
NONE = "(none)"
Files = list[tuple[str, bytes]]


def ask_files() -> Files:
    """Dropped files, tables with the columns that the analyst confirmed; a preview of them stands below."""
    version = st.session_state.get("emptied", 0)  # a new key empties the widget after taking in
    dropped = st.file_uploader("Articles as files", [form.lstrip(".") for form in pipeline.READABLE],
                               accept_multiple_files=True, key=f"files_{version}")  # fmt: skip
    files = [_with_columns(f.name, f.getvalue(), f"{version}_{n}") for n, f in enumerate(dropped or ())]
    if files:
        show_preview(_preview(tuple(files), datetime.now(UTC).date(), str(settings())), "files_preview")
    return files


@st.cache_resource(max_entries=4, show_spinner="Looking into the files …")
def _preview(files: tuple[tuple[str, bytes], ...], today: Any, _where: str) -> Any:
    return pipeline.preview_files(settings(), files, today=today)


@st.cache_resource(max_entries=8, show_spinner=False)
def _look(name: str, content: bytes) -> Any:
    return pipeline.look_at_table(name, content)


def _with_columns(name: str, content: bytes, key: str) -> tuple[str, bytes]:
    """A table under the columns that were found, or that the analyst chose instead; other files as they are."""
    try:
        head = _look(name, content)
    except pipeline.UnreadableArticle:
        return name, content  # the preview says what is wrong with it
    if head is None or not head.columns:
        return name, content
    with st.expander(f"Columns of {label_text(name)} ({head.rows:,} rows): which is what?", expanded=True):
        chosen = {}
        for column, (field, label) in zip(st.columns(len(FIELDS)), FIELDS.items(), strict=True):
            choices = [NONE, *head.columns]
            found = head.chosen[field] or NONE
            picked = column.selectbox(label, choices, choices.index(found), key=f"col_{key}_{field}",
                                      help=_help(field))  # fmt: skip
            chosen[field] = "" if picked == NONE else str(picked)
        st.dataframe(list(head.sample), hide_index=True, key=f"sample_{key}")
    return (name, content) if chosen == head.chosen else pipeline.rename_columns(name, content, chosen)


def _help(field: str) -> str | None:
    if field != "published":
        return None
    return ("The day each article was published. A day that the article itself prints and that is later is taken "
            "instead. Choose (none) to take only what the articles print.")  # fmt: skip


def ask_text() -> Files:
    """One article as text with its day and publisher."""
    version = st.session_state.get("emptied", 0)  # day and publisher stay: they are often those of the next text
    text = st.text_area("Text", key=f"pasted_{version}", height=160, max_chars=200_000)
    left, middle, right, last = st.columns(4)
    day = left.date_input(
        "Published", None, key="pasted_day", format="YYYY-MM-DD",
        help="Relative days (“on Tuesday”) count from here; without it they stay unresolved.",
    )  # fmt: skip
    source = middle.text_input("Publisher", key="pasted_source", max_chars=200)
    title = right.text_input("Title", key=f"pasted_title_{version}", max_chars=500)
    url = last.text_input("Address", key=f"pasted_url_{version}", max_chars=2000)
    if not text.strip():
        return []
    text = pipeline.clean(text).strip()
    preview = pipeline.preview_text(text, published=day, source=source, title=title, url=url,
                                    today=datetime.now(UTC).date())  # fmt: skip
    show_preview(preview, "pasted_preview")
    record = {"published": day.isoformat() if day else "", "source": source, "title": title, "url": url, "text": text}
    return [("pasted.jsonl", json.dumps(record, ensure_ascii=False).encode())]


def ask_feeds() -> None:
    """The list of feeds: shown, added to, asked when the button is pressed and never otherwise."""
    feeds = pipeline.load_feed_list(pipeline.feeds_file(settings()))
    state = pipeline.load_feed_state(settings().store_dir / "feeds.json")
    if feeds:
        st.dataframe(
            [{"Feed": f.url, "Every (minutes)": f.every_minutes,
              "Last asked": state.get(f.url, {}).get("asked", "never")[:16].replace("T", " ")} for f in feeds],
            hide_index=True, key="feeds",
        )  # fmt: skip
    else:
        st.text("No feed is on the list. Nothing is fetched from anywhere unless you add one and press the button.")
    left, middle, right = st.columns([4, 1, 1], vertical_alignment="bottom")
    url = left.text_input("Address of an RSS or Atom feed", key="feed_url", max_chars=2000,
                          placeholder="https://…").strip()  # fmt: skip
    hours = middle.number_input("Every … hours", 1, 720, 6, key="feed_hours")
    if right.button("Add to the list", key="feed_add", disabled=not url):
        _change(lambda: pipeline.add_feed(settings(), url, int(hours) * 60))
    gone = st.selectbox("Take one off the list", [f.url for f in feeds], None, key="feed_gone") if feeds else None
    if gone and st.button("Take it off", key="feed_remove"):
        _change(lambda: pipeline.remove_feed(settings(), gone))


def _change(act: Any) -> None:
    try:
        act()
    except (pipeline.PipelineError, OSError) as problem:
        st.error("The list of feeds could not be changed.")
        st.text(str(problem))
    else:
        st.rerun()


def fetch_feeds() -> tuple[int, list[Any]]:
    """Ask all feeds of the list now; how many articles were put in the inbox, and what could not be had."""
    bar = st.progress(0.0, "Asking the feeds, one page a second …")

    def progress(done: int, of: int) -> None:
        bar.progress(done / of, f"Feeds: {done} of {of}")

    urls = [f.url for f in pipeline.load_feed_list(pipeline.feeds_file(settings()))]
    try:
        return pipeline.take_in_feeds(
            urls, settings().inbox_dir, settings().store_dir / "feeds.json", now=datetime.now(UTC),
            progress=progress, read_only=settings().read_only,
        )  # fmt: skip
    finally:
        bar.empty()
