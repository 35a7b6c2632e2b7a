"""find_violence: the words that say what happened, with ACLED's type, and whether the clause asserts it."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path

from pipeline.models import Document, Sentence, ViolenceMention

LEXICONS = Path(__file__).parents[2] / "data" / "lexicons"
# Where one clause may end and another begin, for what an earlier modal or denial still reaches
CLAUSE_BREAK = re.compile(r"[;:—–]|,? (?:but|after|while|when|and then|which|who|killing|wounding|injuring) |\. |, ")


@lru_cache(maxsize=1)
def _lexicon() -> tuple[re.Pattern[str], tuple[dict[str, str], ...]]:
    with (LEXICONS / "violence.csv").open(encoding="utf-8", newline="") as handle:
        rows = tuple(csv.DictReader(handle))
    alternatives = "|".join(f"(?P<r{i}>{row['pattern']})" for i, row in enumerate(rows))
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE), rows


@lru_cache(maxsize=1)
def _doubt() -> re.Pattern[str]:
    with (LEXICONS / "assertion.csv").open(encoding="utf-8", newline="") as handle:
        return re.compile(r"\b(?:" + "|".join(row["pattern"] for row in csv.DictReader(handle)) + r")\b", re.IGNORECASE)


def priority(sub_event_type: str) -> int:
    """How surely a sub-type outranks others that the same sentence names."""
    return next((int(row["priority"]) for row in _lexicon()[1] if row["sub_event_type"] == sub_event_type), 0)


def find_violence(document: Document) -> list[ViolenceMention]:
    """The violence mentions of a document, in text order."""
    return [m for s in document.sentences if s.role in ("body", "title") for m in _in_sentence(s)]


def _in_sentence(sentence: Sentence) -> list[ViolenceMention]:
    pattern, rows = _lexicon()
    found = []
    for match in pattern.finditer(sentence.text):
        row = rows[int((match.lastgroup or "r0")[1:])]
        doubt = doubt_before(sentence.text, match.start())
        reason = f'"{match[0]}"' + (f', but "{doubt}" stands before it' if doubt else "")
        found.append(
            ViolenceMention(
                sentence.field, sentence.start_char + match.start(), sentence.start_char + match.end(), match[0],
                sentence.index, row["event_type"], row["sub_event_type"], doubt is None, reason,
            )
        )  # fmt: skip
    return found


def doubt_before(text: str, at: int) -> str | None:
    """The word before `at` in its clause that takes back what follows: a modal, a threat, a denial, a call."""
    head = text[max(0, at - 160) : at]
    breaks = [m.end() for m in CLAUSE_BREAK.finditer(head)]
    clause = head[breaks[-1] :] if breaks else head
    found = list(_doubt().finditer(clause))
    return found[-1][0] if found else None
