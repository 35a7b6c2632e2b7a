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
_GLUED_ARTICLE = re.compile(r"\b[ae]([zrsdnt])\1")
_FOLDS = (
    (re.compile(r"ou|oo|aw|ow|au"), "u"),
    (re.compile(r"ei|ay|ai|ey|ee|iy|y"), "i"),
    (re.compile(r"(?<=[a-z])h"), ""),
    (re.compile(r"dj|zh"), "j"),
    (re.compile(r"w"), "v"),
    (re.compile(r"q|c(?=[kaou])"), "k"),
    (re.compile(r"o"), "u"),
    (re.compile(r"(?<=[a-z])e"), "a"),
    (re.compile(r"([a-z])\1+"), r"\1"),
)


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


def fold_key(key: str) -> str:
    """A coarser key under which the usual transliterations of one name meet; "" if too little is left to tell."""
    text = "".join(_GLUED_ARTICLE.sub(r"\1", w) for w in key.split() if w not in ARTICLES)
    for pattern, letter in _FOLDS:
        text = pattern.sub(letter, text)
    return text if len(text) >= 4 else ""
