"""One event opened: what was read, the sentences it rests on with day, place and numbers marked, and why."""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st

import pipeline
from dashboard.charts import show_chart
from dashboard.citation import cite
from dashboard.copy_button import copy_button
from dashboard.correction_panel import show_corrections
from dashboard.disagreement import build_disagreement, numbers_differ
from dashboard.event_reasons import claim_html, reasons_html
from dashboard.neighbours import show_neighbours
from dashboard.wording import (
    BASIS_WORDS,
    GEO_WORDS,
    STATUS_WORDS,
    TIME_WORDS,
    day_words,
    harm_words,
    number,
    place_words,
    split_cell,
)

MARKS = {"fatalities": "killed", "injured": "injured", "date": "day", "place": "place"}
MAX_REPORTS = 30
STYLE = """<style>
.ev mark { color: inherit; border-radius: 3px; padding: 0 2px; border-bottom: 2px solid; }
/* each its own line, too: who sees no colour tells them apart by it */
.ev .fatalities { background: rgba(213,94,0,.22); border-color: #D55E00; }
.ev .injured { background: rgba(230,159,0,.22); border-color: #E69F00; border-bottom: 4px double #E69F00; }
.ev .date { background: rgba(86,180,233,.25); border-color: #2F8FCB; border-bottom-style: dashed; }
.ev .place { background: rgba(0,158,115,.22); border: 1px solid #009E73; }
.ev blockquote { margin: .3em 0; padding: .3em .8em; border-left: 3px solid rgba(128,132,149,.5); white-space: pre-wrap;
  overflow-wrap: anywhere; }
.ev a { color: inherit; }
.ev .small { opacity: .75; font-size: .85em; overflow-wrap: anywhere; }
.ev h4, .ev dl { margin-left: 0; } .ev h4 { padding: .5em 0 .1em; margin: 0; font-size: 1.05em; }
.ev dl { display: grid; grid-template-columns: 5em 1fr; gap: .1em .8em; margin: .3em 0; }
.ev dt { opacity: .7; } .ev dd { margin: 0; overflow-wrap: anywhere; }
</style>"""


def mark_evidence(text: str, spans: list[tuple[int, int, str]]) -> str:
    """HTML of a text with its spans marked, everything escaped. Where two spans overlap the later one is cut."""
    out, at = [], 0
    for start, end, name in sorted(spans):
        start = max(start, at)
        if start >= end or end > len(text):
            continue
        out.append(html.escape(text[at:start]))
        out.append(f'<mark class="{name}" title="{MARKS[name]}">{html.escape(text[start:end])}</mark>')
        at = end
    return "".join(out) + html.escape(text[at:])


def evidence_html(report: Any, article: Any | None) -> str:
    """The report's sentence, marked; then what was read elsewhere in the article, each in its own words."""
    inside: list[tuple[int, int, str]] = []
    outside: list[str] = []
    begin = number(report["sentence_start"]) or 0
    for name in MARKS:
        start, end = number(report[f"{name}_span_start"]), number(report[f"{name}_span_end"])
        if start is None or end is None:
            continue
        where = report[f"{name}_span_field"]
        if where == report["field"] and begin <= start and end <= begin + len(report["evidence"]):
            inside.append((start - begin, end - begin, name))
        elif article is not None and where in ("title", "text"):
            outside.append(_elsewhere(str(article[where]), start, end, name))
    return f"<blockquote>{mark_evidence(report['evidence'], inside)}</blockquote>{''.join(outside)}"


def _elsewhere(text: str, start: int, end: int, name: str) -> str:
    first, last = max(0, start - 60), min(len(text), end + 60)
    marked = mark_evidence(text[first:last], [(start - first, end - first, name)])
    return f'<div class="small">{MARKS[name]} read elsewhere in the article: … {marked} …</div>'


def summary_html(event: Any) -> str:
    """What the machine read, in one sentence."""
    esc = html.escape
    when, where = day_words(event), place_words(event)
    harm = f"killed: {harm_words(event, 'fatalities')}; injured: {harm_words(event, 'injured')}"
    lead = {"cumulative": "A toll over a period, in no sum: ", "diplomatic": "Talks: "}.get(str(event["kind"]), "")
    facts = {
        "When": f"{when} ({_how_sure(event)})",
        "Where": f"{where} ({GEO_WORDS.get(str(event['geo_precision']), 'no place stated')})",
        "Who": event["actors"].replace(" | ", ", ") or "not stated",
        "Says who": event["attributions"].replace(" | ", ", ") or "not stated",
        "Told by": f"reports: {event['report_count']}; publishers: {event['source_count']}",
        "Status": STATUS_WORDS[str(event["status"])] + ("; the sources disagree" if event["disputed"] is True else ""),
    }
    if event["part_of"]:
        facts["Part of"] = f"{event['part_of']}: its count is already in that total"
    rows = "".join(f"<dt>{esc(name)}</dt><dd>{esc(value)}</dd>" for name, value in facts.items())
    return f"<h4>{esc(lead + str(event['sub_event_type']))}, {esc(where)}</h4><div>{esc(harm)}</div><dl>{rows}</dl>"


def _how_sure(event: Any) -> str:
    closely = TIME_WORDS.get(str(event["time_precision"]))
    return "; ".join(filter(None, (closely, BASIS_WORDS.get(str(event["date_basis"]), "the text names no day"))))


def show_event(event_id: str, snapshot: Any) -> None:
    """The card of the open event, or a sentence on how to open one."""
    found = snapshot.events[snapshot.events["event_id"] == event_id]
    if found.empty:
        st.info(
            "The link names an event that this version of the table does not hold; it may have been merged."
            if event_id
            else "Choose a row of the list, a mark on the map or a claim on the timeline to read where it comes from."
        )
        return
    event = found.iloc[0]
    reports = reports_of(event_id, snapshot)
    with st.container(horizontal=True, key="card_buttons"):
        st.button("Close", key="close_event", on_click=_close)
        copy_button("Copy link", key="copy_link")
        copy_button("Copy citation", key="copy_citation", text=cite(event, reports, snapshot.articles, snapshot))
    st.html(card_html(event, reports, snapshot.articles))
    if numbers_differ(reports):
        st.text("Who said which number, when (a triangle: at least)")
        show_chart(build_disagreement(reports), f"said {event_id}", label="Who said which number")
    why = reasons_html(event, reports)
    if "event_id" in snapshot.reconciliations:
        why += claim_html(pipeline.reconciliation_of(snapshot, event_id))
    if why:
        st.html(f'{STYLE}<div class="ev">{why}</div>')
    show_neighbours(event_id, snapshot)
    show_corrections(event_id, event, reports, snapshot.events)


def reports_of(event_id: str, snapshot: Any) -> pd.DataFrame:
    """An event's reports in order of publication."""
    return snapshot.reports[snapshot.reports["event_id"] == event_id].sort_values(["published", "report_id"])


def card_html(event: Any, reports: pd.DataFrame, articles: pd.DataFrame) -> str:
    """What was read, then each report with its sentence marked; everything escaped."""
    legend = " ".join(f'<mark class="{name}">{word}</mark>' for name, word in MARKS.items())
    parts = [STYLE, '<div class="ev">', summary_html(event), f'<div class="small">marked: {legend}</div>']
    for _, report in reports.head(MAX_REPORTS).iterrows():
        parts.append(_report_html(report, article_of(articles, report["article_id"])))
    if len(reports) > MAX_REPORTS:
        parts.append(f"<div>… and {len(reports) - MAX_REPORTS} more reports, in the export</div>")
    return "".join([*parts, "</div>"])


def _close() -> None:
    st.session_state["event"] = ""


def article_of(articles: pd.DataFrame, article_id: str) -> Any | None:
    """The article with this id, None where the snapshot has none."""
    if "article_id" not in articles:
        return None
    found = articles[articles["article_id"] == article_id]
    return None if found.empty else found.iloc[0]


def _report_html(report: Any, article: Any | None) -> str:
    esc = html.escape
    day = "day not stated" if pd.isna(report["published"]) else f"{report['published']:%Y-%m-%d}"
    title = ""
    if article is not None:
        words = esc(str(article["title"])) or "the article"
        title = f'<a href="article?article={quote(str(report["article_id"]))}" target="_blank">{words}</a>'
    source = esc(report["source"] or "publisher not stated")
    head = f"<h4>{source}, published {day}</h4><div class='small'>{title}</div>"
    claims = report.get("claims")  # "residents said: 2 killed"
    who = esc((claims or report["attributions"]).replace(" | ", "; "))
    said = f"<div class='small'>{'' if claims else 'according to '}{who}</div>" if who else ""
    numbers = f"killed {harm_words(report, 'fatalities')}, injured {harm_words(report, 'injured')}; {day_words(report)}"
    why = "".join(f"<li>{esc(pipeline.plain_reason(reason))}</li>" for reason in split_cell(report["reasons"]))
    details = f"<details><summary class='small'>why it was read so</summary><ul class='small'>{why}</ul></details>"
    read = f"<div class='small'>read as: {esc(numbers)}; {esc(place_words(report))}</div>"
    return head + said + evidence_html(report, article) + read + (details if why else "")
