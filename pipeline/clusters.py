"""Pairs that are the same -> groups, the surest pairs first, and no group with two reports that bar each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.facets import Facet

_CHECKED_EACH = 6  # of a large group this many members, evenly taken, are asked whether the newcomer fits


class Groups:
    """Groups of positions that grow by joining; every decision depends on the pairs alone, not on their order."""

    def __init__(self, facets: Sequence[Facet]) -> None:
        self.facets = facets
        self.leader = list(range(len(facets)))
        self.members: dict[int, list[int]] = {}
        self.articles: dict[int, set[str]] = {}
        self.apart: dict[int, set[int]] = {}

    def find(self, i: int) -> int:
        """The position that stands for the group of i."""
        while self.leader[i] != i:
            self.leader[i] = self.leader[self.leader[i]]
            i = self.leader[i]
        return i

    def of(self, leader: int) -> list[int]:
        """All positions of a group."""
        return self.members.get(leader) or [leader]

    def keep_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Pairs that may never meet in one group."""
        for i, j in pairs:
            self.apart.setdefault(i, set()).add(j)
            self.apart.setdefault(j, set()).add(i)

    def may_join(self, a: int, b: int) -> bool:
        """Whether the groups of two leaders fit: no article twice, no pair kept apart."""
        if not self._articles(a).isdisjoint(self._articles(b)):
            return False
        if self.apart:
            there = set(self.of(b))
            return all(self.apart[i].isdisjoint(there) for i in self.of(a) if i in self.apart)
        return True

    def join(self, a: int, b: int) -> None:
        """Make one group of two; the smaller position leads."""
        first, second = min(a, b), max(a, b)
        articles = self._articles(first) | self._articles(second)
        self.members[first] = self.of(first) + self.of(second)
        self.members.pop(second, None)
        self.articles.pop(second, None)
        self.articles[first] = articles
        self.leader[second] = first

    def sample(self, leader: int) -> list[int]:
        """Some members of a group, the same whatever order they came in."""
        members = sorted(self.of(leader))
        step = max(1, -(-len(members) // _CHECKED_EACH))
        return members[::step]

    def all(self) -> list[list[int]]:
        """Every group, members in ascending order."""
        return [sorted(self.of(i)) for i in range(len(self.leader)) if self.leader[i] == i]

    def _articles(self, leader: int) -> set[str]:
        found = self.articles.get(leader)
        return found if found is not None else {self.facets[leader].report.article_id}
