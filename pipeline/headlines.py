"""What only the headline counts: the dead of "Guard killed in Halvar" where the text below tells of shots alone."""

from __future__ import annotations

from pipeline.clauses import Candidate
from pipeline.models import Document, Harm, Mentions


def count_by_headline(candidates: list[Candidate], document: Document, mentions: Mentions) -> None:
    """Give the main event the dead or the hurt of the headline, where the whole text below counts none."""
    if not candidates:
        return
    titles = {s.index for s in document.sentences if s.role == "title"}
    for harm in (Harm.KILLED, Harm.INJURED):
        if any(c.harm is harm and c.count.known for candidate in candidates for c in candidate.counts):
            continue
        said = [
            m for m in mentions.counts
            if m.sentence in titles and m.harm is harm and m.asserted and m.count.best and not m.count.vague
        ]  # fmt: skip
        if said:
            first = [m for m in said if m.sentence == said[0].sentence]
            candidates[0].counts = candidates[0].counts + first
