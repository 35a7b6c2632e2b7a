"""A saved mail, parsed: what would hold the parser up or break it is refused before."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, Message

from pipeline.errors import UnreadableArticle

# a subject of 10,000 characters is none; the parser of heads takes the square of their length in time and memory
MOST_OF_A_HEAD = 10_000


def open_mail(raw: bytes, name: str) -> EmailMessage:
    """The mail; UnreadableArticle where its heads or its parts are none that a mail has."""
    try:
        rough: Message = email.message_from_bytes(raw)  # reads no head but that of the parts' borders
        heads = [str(value) for part in rough.walk() for value in part.values()]
    except RecursionError:
        raise UnreadableArticle(name, "parts within parts without end", "save its text as .txt") from None
    if any(len(head) > MOST_OF_A_HEAD for head in heads):
        raise UnreadableArticle(name, f"a head longer than {MOST_OF_A_HEAD:,} characters", "save its text as .txt")
    return email.message_from_bytes(raw, policy=email.policy.default)
