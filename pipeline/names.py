"""Spellings of place names: one key for the ways to write a name, one coarser fold for the ways to transliterate it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

APOSTROPHES = "'’‘ʼʻ`´ʿʾ′"
_ASIDE = str.maketrans(
    {**dict.fromkeys(APOSTROPHES, ""), "ı": "i", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d",
     "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "Ə": "a", "-": " ", "–": " ", "‐": " ", ".": " ", ",": " ", "/": " "}
)  # fmt: skip
_PLAIN = re.compile(r"[a-z ]+\Z")
_NUMBERED = re.compile(r"[a-z][a-z ]* \d{1,4}(?: [a-z0-9 ]+)?\Z")
_SAINT = re.compile(r"\b(?:saint|sainte)\b")
# The Arabic article as its own word, with the sun letters it takes on
ARTICLES = frozenset(
    [
        "al",
        "el",
        "ar",
        "as",
        "ash",
        "at",
        "ath",
        "ad",
        "adh",
        "az",
        "an",
        "ul",
        "ud",
        "il",
        "er",
        "es",
        "ez",
        "ed",
        "en",
        "et",
    ]
)
_BROAD_U, _BROAD_I, _DOUBLE = re.compile(r"ou|oo|aw|ow|au"), re.compile(r"ei|ay|ai|ey|ee|iy|y"), re.compile(r"(.)\1+")


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """The name without case, accents, apostrophes and hyphens; "" if nothing Latin is left of it."""
    text = name.translate(_ASIDE)
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = " ".join(text.lower().split())
    if "saint" in text:
        text = _SAINT.sub("st", text)
    return text if _PLAIN.match(text) else ""


@lru_cache(maxsize=5_000)
def number_key(name: str) -> str:
    """The key of a name with a number in it, as camps and crossings have: "Camp 23"; "" for any other.

    It begins with a word: a number alone, or one that stands first, is a number in the text.
    """
    text = " ".join(name.translate(_ASIDE).lower().split())
    return text if _NUMBERED.match(text) else ""


@lru_cache(maxsize=50_000)
def fold_key(key: str) -> str:
    """A coarser key under which the usual transliterations of one name meet; "" if too little is left to tell."""
    text = "".join([_without_article(word) for word in key.split() if word not in ARTICLES])
    text = _BROAD_I.sub("i", _BROAD_U.sub("u", text))
    text = text[:1] + text[1:].replace("h", "")
    for written, letter in (
        ("dj", "j"), ("w", "v"), ("ck", "kk"), ("ca", "ka"), ("co", "ko"), ("cu", "ku"), ("q", "k"), ("o", "u"),
    ):  # fmt: skip
        text = text.replace(written, letter)
    text = _DOUBLE.sub(r"\1", text[:1] + text[1:].replace("e", "a"))
    return text if len(text) >= 4 else ""


def _without_article(word: str) -> str:
    """ "azzor" -> "zor": an article that was glued to its word, its sun letter doubled."""
    glued = len(word) > 2 and word[0] in "ae" and word[1] == word[2] and word[1] in "zrsdnt"
    return word[2:] if glued else word
