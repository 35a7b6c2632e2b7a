"""Article -> reports: find, resolve, assemble."""

from __future__ import annotations

from pipeline.documents import prepare_document
from pipeline.gazetteer import Gazetteer
from pipeline.mentions import find_mentions
from pipeline.models import Article, Extraction
from pipeline.reports import assemble_reports

# Raise it whenever the same article would give other reports: a refresh then reads every article again
EXTRACTOR_VERSION = "1"


def extract(article: Article, gazetteer: Gazetteer) -> Extraction:
    """All that is read in one article: its sentences, its mentions, its reports."""
    document = prepare_document(article)
    mentions = find_mentions(document, gazetteer)
    return Extraction(document, mentions, tuple(assemble_reports(document, mentions)))
