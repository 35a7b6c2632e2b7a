"""Article -> reports: find, resolve, assemble."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.distinctive import distinctive_words
from pipeline.documents import prepare_document
from pipeline.gazetteer import Gazetteer
from pipeline.mentions import find_mentions
from pipeline.models import Article, Extraction, Report
from pipeline.reports import assemble_reports
from pipeline.voices import sketch_text

# Raise it whenever the same article would give other reports: a refresh then reads every article again
EXTRACTOR_VERSION = "10"


def extract(article: Article, gazetteer: Gazetteer) -> Extraction:
    """All that is read in one article: its sentences, its mentions, its reports."""
    document = prepare_document(article)
    mentions = find_mentions(document, gazetteer)
    return Extraction(document, mentions, tuple(mark_reports(article, assemble_reports(document, mentions))))


def mark_reports(article: Article, reports: Iterable[Report]) -> Iterator[Report]:
    """The reports with what lets them be known again in other articles: the text's sketch and its distinctive words.

    The words of the whole article speak for its main event; another event has only those of its own sentence.
    """
    voice, words = sketch_text(article.text), distinctive_words(f"{article.title}. {article.text}")
    for report in reports:
        own = words if report.rank == 1 else distinctive_words(report.evidence)
        yield replace(report, voice=voice, words=own)
