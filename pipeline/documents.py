"""Article -> Document: sentences with exact offsets, and what role each plays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.datelines import find_dct
from pipeline.models import Article, Document, Field, Sentence

ABBREVIATIONS = frozenset(  # noqa: SIM905
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "sgt",
        "cpl",
        "brig",
        "adm",
        "gov",
        "sen",
        "rep",
        "rev",
        "hon",
        "st",
        "jr",
        "sr",
        "no",
        "vs",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
        "u.s",
        "u.n",
        "u.k",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "approx",
        "dist",
        "pvt",
        "insp",
        "supt",
        "cmdr",
        "spc",
        "dep",
        "asst",
    ]
)
# An end of sentence: closing mark, closing quotes, then space and the start of something new
SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])|\n\s*\n|\n(?=\s*\S)")
LAST_WORD = re.compile(r"([\w.]+)\.\Z")


def prepare_document(article: Article) -> Document:
    """The article, cut into sentences, with the day from which its relative days count."""
    dct, reason = find_dct(article)
    sentences: list[Sentence] = []
    for field, text in ((Field.TITLE, article.title), (Field.TEXT, article.text)):
        for paragraph, start, end in split_sentences(text):
            role = "title" if field is Field.TITLE else "body"
            sentences.append(Sentence(len(sentences), field, start, end, text[start:end], paragraph, role))
    return Document(article, dct, reason, tuple(sentences))


def split_sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """(paragraph, start, end) of each sentence, without the white space around it."""
    start = paragraph = 0
    for mark in SENTENCE_END.finditer(text):
        if "\n" not in mark[0]:
            word = LAST_WORD.search(text[max(start, mark.start() - 12) : mark.start() + 1])
            if (
                word
                and mark[0] == "."
                and (word[1].lower() in ABBREVIATIONS or len(word[1]) == 1 and word[1].isupper())
            ):
                continue
        if stripped := _strip(text, start, mark.end()):
            yield paragraph, *stripped
        start = mark.end()
        paragraph += "\n" in mark[0]
    if stripped := _strip(text, start, len(text)):
        yield paragraph, *stripped


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
