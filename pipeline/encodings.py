"""Bytes of a file -> text: the encoding is found, and what a copy may differ in is made alike."""

from __future__ import annotations

import re
import unicodedata

from pipeline.errors import UnreadableArticle

# what differs between two copies of one article: soft hyphens, marks of direction and order, joiners, NULs
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00]")
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " "})  # that forbid a line break
MOST_ACCENTS = 30
HEAP = re.compile(r"[^\w\s!-~]{31,}")  # accents are among these
BYTE_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(raw: bytes, name: str) -> str:
    """Text of a file for people, made clean."""
    return clean(decode_exactly(raw, name))


def clean(text: str) -> str:
    """Line ends as \\n, plain spaces, no invisible marks, accents in one character."""
    return composed(text.replace("\r\n", "\n").replace("\r", "\n").translate(SPACES))


def composed(text: str) -> str:
    """Without invisible marks, accents in one character; of a heap of accents on one letter only the first 30.

    No script has more (Unicode's stream-safe form), and sorting a heap takes the square of its height.
    """
    return unicodedata.normalize("NFC", HEAP.sub(_flattened, INVISIBLE.sub("", text)))


def _flattened(heap: re.Match[str]) -> str:
    kept, height = [], 0
    for char in heap[0]:
        height = height + 1 if unicodedata.combining(char) else 0
        if height <= MOST_ACCENTS:
            kept.append(char)
    return "".join(kept)


def decode_exactly(raw: bytes, name: str) -> str:
    """UTF-8, UTF-16 with or without its mark, or Windows-1252 where it reads as text; else UnreadableArticle."""
    encoding = utf_16(raw) or "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as problem:
        if not _reads_as_windows_1252(raw):
            fault = f"not valid {problem.encoding.upper().removesuffix('-LE').removesuffix('-BE')}"
            raise UnreadableArticle(name, f"{fault} (byte {problem.start})", "save it as UTF-8") from None
        return raw.decode("cp1252")


def utf_16(raw: bytes) -> str:
    """The name of the UTF-16 that the bytes are in, "" for none: by its mark, or by a NUL beside most Latin letters."""
    if raw.startswith(BYTE_MARKS):
        return "utf-16"
    start = raw[:2000]
    first, second = start[::2].count(0), start[1::2].count(0)
    if len(start) % 2 == 0 and max(first, second) > 0.35 * len(start):  # 70 % of the characters
        return "utf-16-be" if first > second else "utf-16-le"
    return ""


def plain(text: str) -> str:
    """A text without regard to white space, invisible marks and the way accents are written: for telling copies."""
    return " ".join(composed(text).split())


def _reads_as_windows_1252(raw: bytes) -> bool:
    """Whether every high byte is a quotation mark, a dash or a letter beside a letter: damaged UTF-8 has others."""
    marks = set(b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xab\xad\xb0\xb4\xb7\xbb")
    for at, byte in enumerate(raw):
        if byte < 0x80 or byte in marks:
            continue
        beside = raw[max(0, at - 1) : at] + raw[at + 1 : at + 2]
        if not (0xC0 <= byte <= 0xFC) or not any(chr(b).isalpha() and b < 0x80 for b in beside):
            return False
        if byte < 0xE0 and at and 0x61 <= raw[at - 1] <= 0x7A:  # a capital inside a word
            return False
    return True
