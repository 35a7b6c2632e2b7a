"""What tells the country of an article: places of one meaning, peoples, groups, offices, and where its publisher is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache, lru_cache

from pipeline.gazetteer import Candidate, Gazetteer
from pipeline.gazetteer_build import ADMIN1, COUNTRY, TOWN, read_table
from pipeline.lexicons import phrase_pattern
from pipeline.mentions.toponyms import Toponym
from pipeline.models import Article, Document, GeoPrecision, Place
from pipeline.names import name_key
from pipeline.settings import ROOT

HOMES = ROOT / "data" / "gazetteer" / "homes.csv"
# A publisher's name without the words that papers and stations share: "abc7chicago", "The Kyiv Post"
AFFIX = re.compile(
    r"\A(?:the|my|www|abc|nbc|cbs|fox|cw|news|crimein|visit|go|local|radio|\d)+"
    r"|(?:news|newspaper|online|times|tribune|post|gazette|herald|journal|star|blade|register|press|live|daily|today"
    r"|local|tv|radio|crime|brew|patch|examiner|chronicle|inquirer|courier|mail|globe|citizen|leader|record|sentinel"
    r"|dispatch|observer|telegraph|standard|watch|report|monitor|independent|fm|\d){1,9}\Z"
)
# Generic, though the letters are those of a country
NOT_NATIONAL = frozenset(["ai", "cc", "cf", "co", "fm", "ga", "gg", "gq", "im", "io", "la", "me", "ml", "nu", "tk",
                          "to", "tv", "vc", "ws"])  # fmt: skip
CALL_SIGN = re.compile(r"(?:www\.)?[kw][a-z]{3}\d*(?:tv|news|radio|am|fm)?\.com\Z")  # US stations
CAPITALISED = re.compile(r"[A-Z](?<!\w.)[a-z]+")
SITE_JOINT = re.compile(r" [-–—|:]+ | ?\| ?|-(?=[A-Z][a-z])")  # between a headline and its site's name
HEAD_SENTENCES, HEAD_WEIGHT = 3, 1.5  # a headline's country, a dateline's town
HOME_TOWN = 50_000  # persons: a smaller town's name in a publisher's is as often a word


@cache
def _homes() -> tuple[re.Pattern[str], dict[str, tuple[str, ...]], dict[str, tuple[str, str]]]:
    """(pattern of the signs in texts, sign -> countries, publisher -> country and town)."""
    rows = read_table(HOMES)
    signs = {r["name"]: tuple(r["iso2"].split("|")) for r in rows if r["kind"] != "publisher"}
    papers = {r["name"].lower(): (r["iso2"], r["place"]) for r in rows if r["kind"] == "publisher"}
    return phrase_pattern(signs, ignore_case=False), signs, papers


def country_signs(document: Document) -> dict[str, float]:
    """iso2 -> weight of the groups, forces, offices and units of that country, each counted once."""
    signs = _homes()[1]
    seen = {sign for s in document.sentences if s.role != "boilerplate" for sign in _signs_in(s.text)}
    votes: dict[str, float] = {}
    for sign in sorted(seen & signs.keys()):
        for iso2 in signs[sign]:
            votes[iso2] = min(2.0, votes.get(iso2, 0.0) + 1.0 / len(signs[sign]))
    return votes


@lru_cache(maxsize=200)  # for what the article names, for where it plays, and for its home
def _signs_in(text: str) -> tuple[str, ...]:
    return tuple(_homes()[0].findall(text))


@lru_cache(maxsize=2)
def _capitalised(text: str) -> tuple[str, ...]:
    return tuple(CAPITALISED.findall(text))


@lru_cache(maxsize=4096)
def _publisher(source: str, gazetteer: Gazetteer) -> tuple[str, Candidate | None]:
    _, _, papers = _homes()
    name = re.sub(r"\A(?:https?://)?(?:www\.)?", "", source.lower()).rstrip("/")
    labels = name.split(".") if "." in name and " " not in name else [name.replace(" ", "")]
    national = labels[-1].upper() if len(labels) > 1 and labels[-1] not in NOT_NATIONAL else ""
    iso2 = "GB" if national == "UK" else national if national and gazetteer.country(national) else ""
    for at in range(len(labels) - 1):
        if (known := papers.get(".".join(labels[at:]))) is not None:
            return known[0], _town(known[1], known[0], gazetteer)
    if (known := papers.get(name)) is not None:
        return known[0], _town(known[1], known[0], gazetteer)
    if not iso2 and CALL_SIGN.match(source.lower()):
        return "US", None
    for label in labels[:-1] or labels:
        bare = AFFIX.sub("", AFFIX.sub("", label.replace("-", "")))
        if len(bare) >= 4 and (town := _town(bare, iso2, gazetteer)) is not None:
            return town.iso2, None if gazetteer.capitals.get(name_key(town.name)) == town.iso2 else town
    return iso2, None


def publisher_home(document: Document, gazetteer: Gazetteer) -> tuple[str, Candidate | None]:
    """(country of the publisher or "", the town it is named after, if that is no capital)."""
    country, town = _publisher(document.article.source, gazetteer)
    if town is None and (signed := _signed_town(document.article, country, gazetteer)) is not None:
        return signed.iso2, signed
    return country, town


def _signed_town(article: Article, iso2: str, gazetteer: Gazetteer) -> Candidate | None:
    """The town that a site's name at the end of the headline tells: "... - WXYZ.com - Columbus, GA"."""
    label = re.sub(r"\A(?:https?://)?(?:www\.)?", "", article.source.lower()).partition(".")[0]
    pieces = SITE_JOINT.split(article.title)
    signed = next((i for i, piece in enumerate(pieces) if i and label in re.sub(r"\W", "", piece).lower()), 0)
    if len(label) < 4 or not signed:
        return None
    words = [w.lower() for w in re.findall(r"[^\W\d_]+", " ".join(pieces[signed:]))]
    names = [" ".join(words[i : i + n]) for n in (3, 2, 1) for i in range(len(words) - n + 1)]
    keys = [name_key(name) for name in names if name not in label] + [f".{w}" for w in words if len(w) == 2]
    regions = {(c.iso2, c.admin1) for key in keys for c in gazetteer.by_key(key) if c.kind == ADMIN1}
    for key in keys:
        towns = [c for c in gazetteer.by_key(key) if c.kind == TOWN and c.population >= HOME_TOWN and not c.alternate]
        towns = [c for c in towns if iso2 in ("", c.iso2)]
        if towns:
            return max(towns, key=lambda c: ((c.iso2, c.admin1) in regions, c.population, -c.index))
    return None


def told_home(document: Document, gazetteer: Gazetteer) -> Place | None:
    """The country, or a local publisher's region, of an article that names no place; None where two could be it."""
    country, town = publisher_home(document, gazetteer)
    votes = sorted(((n, iso2) for iso2, n in country_votes(document, [], gazetteer, country).items()), reverse=True)
    if not votes or votes[0][0] < 1.0 or len(votes) > 1 and votes[1][0] == votes[0][0]:
        return None
    iso2 = votes[0][1]
    if town is not None and iso2 == country and (region := gazetteer.admin1(iso2, town.admin1)) is not None:
        return region.as_place(GeoPrecision.ADMIN1)
    home = gazetteer.country(iso2)
    return Place(home.name, "", home.name, home.iso3, None, None, GeoPrecision.COUNTRY) if home else None


def sign_home(document: Document, gazetteer: Gazetteer) -> Candidate | None:
    """The one country whose groups, forces and offices an article names."""
    signs = country_signs(document)
    return gazetteer.country(min(signs)) if len(signs) == 1 and max(signs.values()) >= 1.0 else None


def _town(name: str, iso2: str, gazetteer: Gazetteer) -> Candidate | None:
    """The most populous town of exactly that name, written in one word or several."""
    joined = name_key(name).replace(" ", "")
    fits = [c for c in (*gazetteer.by_key(name_key(name)), *gazetteer.by_fold(name_key(name)))
            if c.kind == TOWN and c.population >= HOME_TOWN and iso2 in ("", c.iso2)
            and name_key(c.name).replace(" ", "").removesuffix("city") == joined.removesuffix("city")]  # fmt: skip
    return max(fits, key=lambda c: (c.population, -c.index), default=None) if joined else None


def country_votes(
    document: Document, toponyms: list[Toponym], gazetteer: Gazetteer, publisher: str
) -> dict[str, float]:
    """iso2 -> how much of the article speaks for that country."""
    votes: dict[str, float] = defaultdict(float)
    seen: Counter[str] = Counter()
    for toponym in toponyms:
        kinds = {c.iso2 for c in toponym.candidates if c.kind == COUNTRY}
        rivals = {c.iso2 for c in toponym.candidates if c.kind == ADMIN1}
        if len(kinds) == 1 and not rivals - kinds:
            iso2 = min(kinds)
            votes[iso2] += (2.0, 1.0)[min(seen[iso2], 1)] if seen[iso2] < 4 else 0.0
            seen[iso2] += 1
        elif toponym.sure and len(rivals) == 1 and not kinds:
            iso2 = min(rivals)
            rival = max((c.population for c in toponym.candidates if c.iso2 != iso2), default=0)
            if rival < 500_000:
                votes[iso2] += 2.0 if toponym.key not in seen else 0.5
            seen[toponym.key] += 1
        elif toponym.sure and toponym.key not in seen:
            seen[toponym.key] += 1
            if len({c.iso2 for c in toponym.candidates}) == 1 and not toponym.candidates[0].folded:
                votes[toponym.candidates[0].iso2] += 1.0
            elif toponym.candidates[0].population >= 1_000_000:
                votes[toponym.candidates[0].iso2] += 0.7
    for toponym in toponyms:
        title = toponym.sentence.role == "title" and any(c.kind == COUNTRY for c in toponym.candidates)
        stamp = toponym.start == 0 and toponym.text.isupper() and toponym.sentence.index <= HEAD_SENTENCES
        if (
            title
            or stamp
            and len({c.iso2 for c in toponym.candidates if c.kind != TOWN or c.population >= 50_000}) == 1
        ):
            first = max(toponym.candidates, key=lambda c: (c.kind == COUNTRY, c.population))
            votes[first.iso2] += HEAD_WEIGHT
            break
    for iso2, weight in country_signs(document).items():
        votes[iso2] += weight
    if publisher:
        votes[publisher] += 1.0
    demonyms = gazetteer.demonyms
    for word in _capitalised(document.article.text):
        if (of_people := demonyms.get(word)) is not None and seen["~" + of_people] < 4:
            votes[of_people] += 1.0 if not seen["~" + of_people] else 0.4
            seen["~" + of_people] += 1
    return dict(votes)
