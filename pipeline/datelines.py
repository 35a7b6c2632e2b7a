"""The article's own day: from its metadata or, lacking that, from what stands at its head."""

from __future__ import annotations

from datetime import date

from pipeline.models import Article


def find_dct(article: Article) -> tuple[date | None, str]:
    """The day from which relative days count, and where it came from; None where no day is anywhere."""
    if article.published:
        return article.published, article.published_reason or "publication day"
    return None, "no publication day: relative days stay unresolved"
