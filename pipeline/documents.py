"""Article -> Document: sentences with exact offsets, and what role each plays."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.datelines import find_dct
from pipeline.models import Article, Document, Field, Sentence

ABBREVIATIONS = frozenset(
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
        "mt",
        "ft",
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
SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s+[\"'“‘(\[]?[A-Z0-9])|\n\s*\n|\n(?=\s*\S)")
# Letters: none of 35,000 sentences of real articles has more. Readers compare the words of a sentence with one another,
# and must not do so over a text without a full stop
LONGEST_SENTENCE = 2_000
AGENCY = re.compile(r" \([A-Z][\w .]{1,20}\) ?[-–—]")  # "MT. JULIET, Tenn. (Desk) – Three": the line goes on
WORDS, NO_WORD = re.compile(r"\w+"), re.compile(r"\W+")
NO_LETTER = re.compile(r"[^\w.]")


# A day and a section line that a page prints above its text: "Published April 2 2017", "Monday 15 February 2016"
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
HEADER = re.compile(
    r"(?:date of publication|published(?: on)?|last updated|updated|posted(?: on)?|date)?:?[ \n]*"
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?[ ]+)?"
    rf"(?:\d{{1,2}}[ ]+{MONTH},?[ ]+\d{{4}}|{MONTH}[ ]+\d{{1,2}},?[ ]+\d{{4}}|\d{{4}}-\d\d-\d\d"
    rf"|\d\d?[-./]\d\d?[-./]\d{{4}})",
    re.IGNORECASE,
)
LINE_GOES_ON = re.compile(r"[ ]*:[ ]+\S")  # "03/14/2015: Assailants attacked": the day of what follows, not of the page
BOILERPLATE = re.compile(
    r"(?:read also|read more|also read|see also|related (?:news|stories|articles|coverage)|more on this"
    r"|follow us|subscribe"
    r"|share this|sign up|click here|copyright|all rights reserved|advertisement|tags?:|photo:|photo by|image:"
    r"|caption|"
    r"file photo|source:|\(source:|newsletter|most read|recommended|watch:|listen:|cookies?)\b"
    r"|(?:[A-Z]\.? ?[A-Z][\w. ]*/ ?){2}",
    re.IGNORECASE,
)

# A list of other headlines that lost its line breaks
RELATED = re.compile(r"\b(?:Related (?:News|Stories|Articles)|Read (?:Also|More)|Also Read|Most Read)\b")


def prepare_document(article: Article) -> Document:
    """The article, cut into sentences, with the day from which its relative days count."""
    dct, reason = find_dct(article)
    sentences: list[Sentence] = []
    paragraph = 0
    for field, start, end, role in _parts(article):
        text = article.title if field is Field.TITLE else article.text
        for offset, left, right in split_sentences(text[start:end]):
            words = text[start + left : start + right]
            skip = role == "body" and (BOILERPLATE.match(words) or "Re" in words and RELATED.search(words))
            mine = "boilerplate" if skip else role
            sentences.append(
                Sentence(len(sentences), field, start + left, start + right, words, paragraph + offset, mine)
            )
        paragraph = sentences[-1].paragraph + 1 if sentences else 0
    return Document(article, dct, reason, tuple(sentences))


def _parts(article: Article) -> Iterator[tuple[Field, int, int, str]]:
    """(field, start, end, role): the title, then the text's head, which often repeats day and title, then its body."""
    yield Field.TITLE, 0, len(article.title), "title"
    text, at = article.text, 0
    again = _title_again(article.title, text[: len(article.title) + 250])
    if again and (again.start() == 0 or len(text) > again.end()):
        yield Field.TEXT, 0, again.start(), "header"
        at = again.end()
        while at < len(text) and text[at] in ".!?\"”' ":
            at += 1
        yield Field.TEXT, again.start(), at, "title"
    if (header := HEADER.match(text, at)) and not LINE_GOES_ON.match(text, header.end()):
        yield Field.TEXT, at, header.end(), "header"
        at = header.end()
    yield Field.TEXT, at, len(text), "body"


def _title_again(title: str, head: str) -> re.Match[str] | None:
    """Where a text's head repeats its title, whatever stands between the words."""
    words = WORDS.findall(title)
    if len(words) < 4:
        return None
    # A pattern is costly to make, and most heads do not need it
    if head.isascii() and title.isascii() and " ".join(words).lower() not in NO_WORD.sub(" ", head).lower():
        return None
    return re.search(r"\W+".join(words), head, re.IGNORECASE)


def split_sentences(text: str) -> Iterator[tuple[int, int, int]]:
    """(paragraph, start, end) of each sentence, without the white space around it; what is endless is cut."""
    for paragraph, start, end in _told_apart(text):
        while end - start > LONGEST_SENTENCE:
            space = max(text.rfind(mark, start, start + LONGEST_SENTENCE) for mark in (" ", "\n"))
            cut = space if space > start else start + LONGEST_SENTENCE
            if stripped := _strip(text, start, cut):
                yield paragraph, *stripped
            start = cut
        if stripped := _strip(text, start, end):
            yield paragraph, *stripped


def _told_apart(text: str) -> Iterator[tuple[int, int, int]]:
    """The same by its marks alone."""
    start = paragraph = 0
    for mark in SENTENCE_END.finditer(text):
        if mark[0] == ".":
            word = NO_LETTER.split(text[max(start, mark.start() - 12) : mark.start()])[-1]
            if word.lower() in ABBREVIATIONS or len(word) == 1 and word.isupper():
                continue
            if mark.start() - start < 40 and AGENCY.match(text, mark.end()):
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
