"""An article with every mention marked by its kind, and the table of what each was resolved to and why."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

import pipeline

# Class of the mark -> its word; colours in STYLE
KINDS = {"date": "day", "place": "place", "killed": "killed", "injured": "injured", "casualties": "casualties",
         "violence": "what happened"}  # fmt: skip
STYLE = """<style>
.mt { overflow-wrap: anywhere; } .mt p { white-space: pre-wrap; line-height: 1.6; margin: .4em 0; }
.mt mark { color: inherit; border-radius: 3px; padding: 0 2px; border-bottom: 2px solid; }
.mt .date { background: rgba(86,180,233,.25); border-color: #2F8FCB; border-bottom-style: dashed; }
.mt .place { background: rgba(0,158,115,.22); border: 1px solid #009E73; }
.mt .killed { background: rgba(213,94,0,.22); border-color: #D55E00; }
.mt .injured { background: rgba(230,159,0,.22); border-color: #E69F00; border-bottom: 4px double #E69F00; }
.mt .casualties { background: rgba(240,228,66,.25); border-color: #B8A200; border-bottom-width: 4px; }
.mt .violence { background: rgba(204,121,167,.22); border: 1px dashed #CC79A7; }
.mt mark.not { background: none; border-style: none none dotted; }
.mt .small { opacity: .75; font-size: .85em; }
</style>"""


def kind_of(mention: Any) -> str:
    """The key in KINDS of a mention."""
    if hasattr(mention, "harm"):
        return str(mention.harm)
    return "violence" if hasattr(mention, "event_type") else "place" if hasattr(mention, "place") else "date"


def all_mentions(extraction: Any) -> list[Any]:
    """The mentions of all four kinds in the order of the text."""
    found = extraction.mentions
    every = (*found.dates, *found.places, *found.counts, *found.violence)
    return sorted(every, key=lambda m: (m.field != "title", m.start_char, -m.end_char))


def counts_for_events(mention: Any) -> bool:
    """Whether the mention may give an event a value; others are shown dotted."""
    kind = kind_of(mention)
    if kind in ("date", "place"):
        resolved = mention.place if kind == "place" else mention.date_start
        return resolved is not None and mention.role in ("event", "location", "header")
    return bool(mention.asserted)


def text_html(extraction: Any) -> str:
    """Title and text, marked and escaped; a mark's tooltip says what it was resolved to.

    Of two that overlap the first and longer is marked; the table has both.
    """
    article, mentions = extraction.document.article, all_mentions(extraction)
    legend = " ".join(f'<mark class="{kind}">{word}</mark>' for kind, word in KINDS.items())
    title = _marked(article.title, [m for m in mentions if m.field == "title"])
    text = _marked(article.text, [m for m in mentions if m.field == "text"])
    return (
        f'{STYLE}<div class="mt"><h4>{title}</h4><div class="small">{legend} <mark class="not">dotted: gives no event '
        f"its value</mark></div><p>{text}</p></div>"
    )


def _marked(text: str, mentions: list[Any]) -> str:
    out, at = [], 0
    for mention in mentions:
        if mention.start_char < at:
            continue
        style = kind_of(mention) + ("" if counts_for_events(mention) else " not")
        tip = html.escape(pipeline.resolved(mention), quote=True)
        words = html.escape(text[mention.start_char : mention.end_char])
        out.append(f'{html.escape(text[at : mention.start_char])}<mark class="{style}" title="{tip}">{words}</mark>')
        at = mention.end_char
    return "".join(out) + html.escape(text[at:])


def mention_table(extraction: Any) -> pd.DataFrame:
    """A row a mention: its kind, its words, what it was resolved to, and why."""
    rows = [
        {"Kind": KINDS[kind_of(m)], "Words": m.text, "Read as, and why": pipeline.resolved(m),
         "Gives a value": counts_for_events(m)} for m in all_mentions(extraction)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["Kind", "Words", "Read as, and why", "Gives a value"])


def report_rows(extraction: Any) -> pd.DataFrame:
    """A row a report: what would stand in the table."""
    rows = []
    for report in extraction.reports:
        days = " – ".join(dict.fromkeys(str(d) for d in (report.date_start, report.date_end) if d)) or "not stated"
        if report.date_basis == "published":
            days = f"not stated (published {report.date_start})"
        rows.append({
            "What": f"{report.sub_event_type or report.event_type} ({report.kind})",
            "Killed": _count(report.killed), "Injured": _count(report.injured),
            "When": days, "Where": " | ".join(p.name or p.admin1 or p.country for p in report.places) or "not stated",
            "Says": report.evidence,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["What", "Killed", "Injured", "When", "Where", "Says"])


def _count(count: Any) -> str:
    return pipeline.count_words(count.low, count.best, count.high)
