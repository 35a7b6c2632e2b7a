"""Sentences have exact offsets, and the head of a text that repeats day and title is known as such."""

from __future__ import annotations

from pipeline.documents import prepare_document
from pipeline.models import Article, Document


def _document(text: str, title: str = "") -> Document:
    return prepare_document(Article("a", title, text, "", "", None))


def test_spans_are_the_text() -> None:
    text = "Gen. Ivo spoke. Two men died in Arnor.\n\nRead also\nThe end."
    for sentence in _document(text).sentences:
        assert text[sentence.start_char : sentence.end_char] == sentence.text


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    assert [s.text for s in _document("Gen. Ivo spoke. He left.").sentences] == ["Gen. Ivo spoke.", "He left."]


def test_a_repeated_title_and_its_day_are_not_body() -> None:
    document = _document("3 May 2019 Shells Hit Market in Arnor. Shells hit a market.", "Shells Hit Market in Arnor")
    assert [(s.role, s.text) for s in document.sentences] == [
        ("title", "Shells Hit Market in Arnor"),
        ("header", "3 May 2019"),
        ("title", "Shells Hit Market in Arnor."),
        ("body", "Shells hit a market."),
    ]


def test_related_links_are_not_read() -> None:
    document = _document("Shells hit a market.\n\nRead also: Ten killed elsewhere")
    assert [s.role for s in document.sentences] == ["body", "boilerplate"]
