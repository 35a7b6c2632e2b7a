"""Articles of a build -> pieces of a workspace: read by an engine's workers, reports and articles left there.

Parts of an archive that every worker of a cluster reaches are read by the workers themselves; all else is read here and
sent to them.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import groupby, islice
from pathlib import Path

from pipeline.articles import Found, article_files, read_articles
from pipeline.batches import Answer, Work, read_all, read_batch
from pipeline.block_tables import leave_articles
from pipeline.engines import Broken, Engine, Wait
from pipeline.errors import UnreadableArticle
from pipeline.event_values import founding_order
from pipeline.facets import speaking
from pipeline.ledger import Told, outline
from pipeline.models import Article
from pipeline.partitions import find_parts, reaches, read_part
from pipeline.settings import Settings
from pipeline.workspace import Workspace

PIECE = 1_000  # articles of a part whose reports lie together


@dataclass(frozen=True)
class Intake:
    """How the articles of a build are read."""

    engine: Engine
    workspace: Workspace
    today: date
    work: Work
    keep_articles: bool  # leave them in the workspace, too
    _once: set[str] = field(default_factory=set)

    def answers(self, places: Iterable[Path | str]) -> Iterator[Answer]:
        """For each article its outline and the rest of what `work` gives, or why it cannot be read; in their order.

        An article that a part holds twice, or two parts, has two answers: the first counts.
        """
        for sent, some in groupby(self._parts(places), key=lambda part: part[1]):
            found = (place for place, _ in some)
            yield from self._send(found) if sent else self._let_read(found)

    def _parts(self, places: Iterable[Path | str]) -> Iterator[tuple[Path | str, bool]]:
        """Files and parts, each with whether it is read here and sent."""
        for place in places:
            if isinstance(place, str):
                parts = find_parts(place)
                here = not self.engine.remote or not all(self.engine.everywhere(reaches, parts[0]))
                yield from ((part, here) for part in parts)
            else:
                yield place, True

    def _send(self, places: Iterable[Path | str]) -> Iterator[Answer]:
        refused: deque[tuple[int, UnreadableArticle]] = deque()  # each with how many articles came before it
        count = 0

        def articles() -> Iterator[Article]:
            nonlocal count
            for found in self._found(places):
                if isinstance(found, UnreadableArticle):
                    refused.append((count, found))
                elif found.article_id not in self._once:
                    self._once.add(found.article_id)
                    count += 1
                    yield found

        read = partial(read_into, workspace=self.workspace, keep_articles=self.keep_articles)
        for n, answer in enumerate(read_all(articles(), self.engine, self.work, read)):
            while refused and refused[0][0] <= n:
                yield refused.popleft()[1]
            yield answer
        yield from (problem for _, problem in refused)

    def _found(self, places: Iterable[Path | str]) -> Iterator[Found]:
        limit = self.engine.settings.max_article_bytes
        for place in places:
            if isinstance(place, str):
                yield from read_part(place, today=self.today, max_bytes=limit)
            else:
                for path in article_files([place]):
                    yield from read_articles(path, today=self.today, max_bytes=limit)

    def _let_read(self, parts: Iterable[Path | str]) -> Iterator[Answer]:
        waiting: deque[tuple[Path | str, Wait]] = deque()

        def take_first() -> Iterator[Answer]:
            part, wait = waiting.popleft()
            try:
                yield from wait()
            except Broken:  # over one of its articles: sent in batches it is found and named
                yield from self._send([part])

        for part in parts:
            arguments = (self.today, self.engine.settings, self.work, self.workspace, self.keep_articles)
            waiting.append((part, self.engine.call(read_part_into, part, *arguments)))
            if len(waiting) >= self.engine.width:
                yield from take_first()
        while waiting:
            yield from take_first()


def read_into(
    batch: Sequence[Article], settings: Settings, work: Work, workspace: Workspace, keep_articles: bool,
    label: str = "",
) -> list[Answer]:  # fmt: skip
    """Read a batch and leave its reports in the workspace; of each article its outline and the rest of the answer."""
    answers = read_batch(batch, settings, work)
    name = hashlib.sha256(" ".join([label, *(a.article_id for a in batch)]).encode()).hexdigest()
    told: list[Told] = []
    kept: list[Article] = []
    found: list[Answer] = []
    for article, answer in zip(batch, answers, strict=True):
        if isinstance(answer, UnreadableArticle):
            found.append(answer)
            continue
        reports, *rest = answer
        main = {r.report_id for r in speaking(sorted(reports, key=founding_order)).values()}
        found.append((outline(article, reports, name, len(kept)), *rest))
        told += [(n, report, report.report_id in main) for n, report in enumerate(reports, len(told))]
        kept.append(article)
    workspace.put(f"read/{name}", told)
    if keep_articles:
        leave_articles(workspace, name, kept)
    return found


def read_part_into(
    part: str, today: date, settings: Settings, work: Work, workspace: Workspace, keep_articles: bool
) -> list[Answer]:  # fmt: skip
    """Read a part of an archive, some articles at a time, as a batch is read."""
    answers: list[Answer] = []
    articles = read_part(part, today=today, max_bytes=settings.max_article_bytes)
    while some := list(islice(articles, PIECE)):
        batch = [found for found in some if not isinstance(found, UnreadableArticle)]
        read = iter(read_into(batch, settings, work, workspace, keep_articles, f"{part} {len(answers)}"))
        answers += [found if isinstance(found, UnreadableArticle) else next(read) for found in some]
    return answers
