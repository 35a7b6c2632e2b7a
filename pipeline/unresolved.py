"""Names that the articles use for places and that the gazetteer lacks: what an analyst may want to add to it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pipeline.documents import prepare_document
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.mentions.dates import find_dates
from pipeline.mentions.places import find_places
from pipeline.models import Article, Document, Field, PlaceMention, Sentence
from pipeline.names import name_key
from pipeline.settings import Settings

NAME = r"(?:al-|el-|ash-|[A-Z])[\w’'-]+(?: (?:al-|el-|[A-Z])[\w’'-]+){0,2}"
# "the village of Dol", "in Dol,": followed by what ends a place's name, not by a verb or another noun
OF_PLACE = re.compile(
    r"\b(?:villages?|towns?|city|cities|districts?|suburbs?|neighbou?rhoods?|camps?|crossings?|areas?|hamlets?|outskirts)"
    rf"\s+of\s+({NAME})|\b(?:in|near|outside|around)\s+({NAME})"
    r"(?=\s*(?:[,.;)]|and\b|on\b|in\b|near\b|which\b|where\b|after\b|when\b|\Z))"
)
NOT_NAMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri"
    r"|Satur|Sun)day|Ramadan|Eid|Parliament|Congress|Islam|Christmas|Easter|Twitter|Facebook|English|Arabic)\b"
)


@dataclass
class UnresolvedName:
    """A name, how often it stands in the articles, and what is made of it for lack of a point."""

    name: str
    articles: set[str] = field(default_factory=set)
    example: str = ""
    stands_at: str = ""  # where events there stand now, "" for nowhere
    countries: Counter[str] = field(default_factory=Counter)

    @property
    def country(self) -> str:
        """The country that these articles name most."""
        return max(sorted(self.countries), key=self.countries.__getitem__, default="")


def unresolved_names(
    settings: Settings, articles: Iterable[Article], progress: Callable[[int], None] | None = None
) -> list[UnresolvedName]:
    """The names in these articles that have no point of their own, the most frequent first."""
    gazetteer = load_gazetteer(settings)
    found: dict[str, UnresolvedName] = {}
    for number, article in enumerate(articles, 1):
        document = prepare_document(article)
        places = find_places(document, gazetteer)
        countries = Counter(p.place.country for p in places if p.place and p.place.country)
        for name, sentence, stands_at in _names(document, places, gazetteer):
            one = found.setdefault(name_key(name), UnresolvedName(name))
            one.articles.add(article.article_id)
            one.example = one.example or sentence.text
            one.stands_at = one.stands_at or stands_at
            one.countries += countries
        if progress:
            progress(number)
    return sorted(found.values(), key=lambda one: (-len(one.articles), one.name))


def _names(document: Document, places: list[PlaceMention], gazetteer: Gazetteer) -> Iterable[tuple[str, Sentence, str]]:
    taken: dict[int, list[tuple[int, int]]] = {}
    for mention in [*places, *find_dates(document)]:
        taken.setdefault(mention.sentence, []).append((mention.start_char, mention.end_char))
    for mention in places:
        place = mention.place
        # no id: not a row of the gazetteer, but put into what contains it
        if place is None or place.place_id or gazetteer.candidates(mention.text):
            continue
        if mention.text not in gazetteer.demonyms:
            inside = ", ".join(filter(None, (place.admin1, place.country)))
            yield mention.text, document.sentences[mention.sentence], inside
    for sentence in document.sentences:
        if sentence.field is not Field.TEXT or sentence.role != "body":
            continue
        for match in OF_PLACE.finditer(sentence.text):
            which = 1 if match[1] else 2
            name = match[which]
            start, end = (sentence.start_char + at for at in match.span(which))
            free = all(end <= a or b <= start for a, b in taken.get(sentence.index, ()))
            known = NOT_NAMES.match(name) or name.isupper() or gazetteer.candidates(name)
            if free and not known and name not in gazetteer.demonyms:
                yield name, sentence, ""
