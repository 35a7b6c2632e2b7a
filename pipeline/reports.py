"""Mentions of one document -> what the article says of each event."""

from __future__ import annotations

from pipeline.models import Document, Harm, Kind, Mentions, Report
from pipeline.tolls import combine_counts


def assemble_reports(document: Document, mentions: Mentions) -> list[Report]:
    """One report for each event that the article asserts, the main event first (rank 1)."""
    article = document.article
    if not mentions.counts:
        return []
    first = document.sentences[mentions.counts[0].sentence]
    return [
        Report(
            report_id=f"{article.article_id}#{first.start_char}", article_id=article.article_id, source=article.source,
            published=article.published, rank=1, kind=Kind.INCIDENT, event_type="Violence against civilians",
            sub_event_type="Attack", killed=combine_counts(mentions.counts, Harm.KILLED),
            injured=combine_counts(mentions.counts, Harm.INJURED), field=first.field,
            sentence_start=first.start_char, sentence_end=first.end_char, evidence=first.text,
        )
    ]  # fmt: skip
