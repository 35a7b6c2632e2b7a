"""The records that travel down the pipeline, from Article to Event. Imports nothing of ours.

Every span is a half-open range of characters: for a mention in the text, article.text[start_char:end_char] == text.
Days are datetime.date, both ends inclusive. Counts are whole persons. None means "not stated", never 0.
A long file on purpose: the whole way of the data in its records, to be read beside any other file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a report speaks of: one happening, a toll over a period or several happenings, or talks."""

    INCIDENT = "incident"
    CUMULATIVE = "cumulative"
    DIPLOMATIC = "diplomatic"


class TimePrecision(StrEnum):
    """How closely a date is known. Words, because numeric scales get mixed up."""

    DAY = "day"
    RANGE = "range"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class DateBasis(StrEnum):
    """What a day rests on. PUBLISHED: only the publication day was there, so no day is claimed."""

    EXPLICIT = "explicit"
    RELATIVE = "relative"
    PUBLISHED = "published"
    NONE = "none"


class GeoPrecision(StrEnum):
    """How closely a place is known. PLACE: the named place itself; AREA: near it or a part of a region."""

    PLACE = "place"
    AREA = "area"
    ADMIN1 = "admin1"
    COUNTRY = "country"
    NONE = "none"


class Harm(StrEnum):
    """What was done to the persons counted. CASUALTIES: the text does not say dead or hurt."""

    KILLED = "killed"
    INJURED = "injured"
    CASUALTIES = "casualties"


class Field(StrEnum):
    """Which part of an article a span points into."""

    TITLE = "title"
    TEXT = "text"


class Role(StrEnum):
    """What an actor did, only where the sentence says so."""

    PERPETRATOR = "perpetrator"
    TARGET = "target"
    PARTY = "party"


class Saying(StrEnum):
    """How a speaker stands to what is told. UNVERIFIED: the article itself says that nobody could check it."""

    SAID = "said"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNVERIFIED = "could not be verified"


class Status(StrEnum):
    """Whose word an event's values are."""

    MACHINE = "machine"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


# ACLED's six event types with their 25 sub-event types (ACLED codebook, 2023), and Diplomacy, which is ours.
SUB_EVENT_TYPES: dict[str, tuple[str, ...]] = {
    "Battles": ("Armed clash", "Government regains territory", "Non-state actor overtakes territory"),
    "Protests": ("Peaceful protest", "Protest with intervention", "Excessive force against protesters"),
    "Riots": ("Violent demonstration", "Mob violence"),
    "Explosions/Remote violence": (
        "Air/drone strike",
        "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED",
        "Suicide bomb",
        "Grenade",
        "Chemical weapon",
    ),
    "Violence against civilians": ("Attack", "Abduction/forced disappearance", "Sexual violence"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
    "Diplomacy": ("Meeting", "Statement", "Agreement"),
}
EVENT_TYPES: tuple[str, ...] = tuple(SUB_EVENT_TYPES)


# --- what comes in -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Article:
    """What a publisher put out, as received. `text` is kept as it is: every span points into it."""

    article_id: str
    title: str
    text: str
    source: str  # publisher; "" where nobody says
    url: str
    published: date | None
    published_reason: str = ""  # where the day came from, or why there is none
    origin: str = ""  # the file or feed it came from, for messages


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of an article that is read as one: field[start_char:end_char] == text."""

    index: int  # position in Document.sentences
    field: Field
    start_char: int
    end_char: int
    text: str
    paragraph: int = 0
    # "title": the headline, also where the text repeats it; "header": day, place or section line above what follows;
    # "body"; "boilerplate": related links, menus, captions, bylines: not read
    role: str = "body"


@dataclass(frozen=True, slots=True)
class Document:
    """An article made ready to read."""

    article: Article
    dct: date | None  # document creation time: the day from which "yesterday" counts
    dct_reason: str
    sentences: tuple[Sentence, ...]


# --- what is found in it -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's title or text."""

    field: Field
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of an article that says something: its field's [start_char:end_char] == text."""

    field: Field
    start_char: int
    end_char: int
    text: str
    sentence: int  # index of the sentence it stands in

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.field, self.start_char, self.end_char)


@dataclass(frozen=True, slots=True)
class DateMention(Mention):
    """A time expression, resolved against the dct. Unresolved: date_start is None and reason says why."""

    date_start: date | None
    date_end: date | None
    precision: TimePrecision | None
    basis: DateBasis  # EXPLICIT ("September 10") or RELATIVE ("on Tuesday"); NONE where unresolved
    # "event": may date what happens in its clause; "statement": dates a saying ("said on Wednesday that");
    # "header": stands above a list or at the head of the article; "background": an era, an anniversary, an old war
    role: str
    reason: str  # the rule that resolved it, or why nothing could


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer. geo_precision says how closely it stands for where something happened."""

    name: str
    admin1: str
    country: str
    iso3: str
    latitude: float | None  # degrees, WGS 84
    longitude: float | None
    geo_precision: GeoPrecision
    place_id: str = ""  # stable key in the gazetteer


@dataclass(frozen=True, slots=True)
class PlaceMention(Mention):
    """A toponym, resolved. Unresolved: place is None and reason says why."""

    place: Place | None
    # "location": may be where something happened; "speech": where it was said; "origin": who is from there;
    # "actor": stands for a government or army ("Moscow said", "Russian warplanes"); "name": part of another name;
    # "care": where the hurt or the dead were taken
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many persons: lowest, most likely, highest. An open bound is None, and so is an unknown count."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    vague: bool = False  # "dozens", "several"
    approximate: bool = False  # "about 30"

    @property
    def known(self) -> bool:
        """Whether the text says anything about it."""
        return not (self.low is None and self.best is None and self.high is None)


UNKNOWN = Count()


@dataclass(frozen=True, slots=True)
class CountMention(Mention):
    """Persons killed or hurt, as one phrase says it."""

    harm: Harm
    count: Count
    # "total": stands alone; "subset": part of another count ("including 4 children"); "addition": more than another
    # count ("another six"); "repeat": the same persons again ("the two men were killed")
    relation: str
    victims: str  # the words that say who: "civilians", "soldiers"; "" where not said
    civilian: bool | None  # None where the words do not say
    asserted: bool  # False for denials, threats, conditionals, the dead of another time
    rule: str  # why it is this number
    fate_open: bool = False  # "shot", "hit": hurt, unless the text says dead elsewhere
    groups: tuple[str, ...] = ()  # "civilian", "forces", "militants", "" (not said): the sides it adds up
    named: bool = False  # persons given by their names


@dataclass(frozen=True, slots=True)
class ViolenceMention(Mention):
    """Words that say what happened."""

    event_type: str
    sub_event_type: str
    asserted: bool
    reason: str  # the lexicon row, and what decided the assertion


@dataclass(frozen=True, slots=True)
class Mentions:
    """All mentions of one document, each list in text order."""

    dates: tuple[DateMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    counts: tuple[CountMention, ...] = ()
    violence: tuple[ViolenceMention, ...] = ()
    home: Place | None = None  # where the article plays by its groups, peoples and publisher, should it name no place


# --- what it says --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who took part, as named, with the group it belongs to where the table of groups knows it."""

    name: str
    role: Role | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one speaker says of an event: the article's [start_char:end_char] says who and how."""

    speaker: str  # "" where the article itself speaks: "the figure could not be verified"
    how: Saying
    field: Field
    start_char: int
    end_char: int
    killed: Count = UNKNOWN
    injured: Count = UNKNOWN


@dataclass(frozen=True, slots=True)
class Report:
    """What one article claims about one event."""

    report_id: str  # article_id + "#" + position of the evidence in the article
    article_id: str
    source: str  # publisher of the article
    published: date | None
    rank: int  # 1: the article's main event
    kind: Kind
    event_type: str
    sub_event_type: str
    date_start: date | None = None
    date_end: date | None = None
    time_precision: TimePrecision | None = None
    date_basis: DateBasis = DateBasis.NONE
    places: tuple[Place, ...] = ()  # first: the event's place; several where one toll is shared by several
    landmarks: tuple[str, ...] = ()  # names below the gazetteer: a market, a hospital, a quarter
    actors: tuple[Actor, ...] = ()
    civilians_targeted: bool | None = None
    killed: Count = UNKNOWN
    injured: Count = UNKNOWN
    attributions: tuple[str, ...] = ()
    part_of: str = ""  # report_id of the total that includes this one
    field: Field = Field.TEXT
    sentence_start: int = 0
    sentence_end: int = 0
    evidence: str = ""  # the words of [sentence_start:sentence_end]
    date_span: Span | None = None
    place_span: Span | None = None
    killed_span: Span | None = None
    injured_span: Span | None = None
    reasons: tuple[tuple[str, str], ...] = ()  # (column, why it has its value), in the order of the columns
    voice: str = ""  # sketch of the article's text: copies of one text have like sketches (voices.py)
    words: tuple[str, ...] = ()  # names and numbers that tell this happening from others (distinctive.py)
    kind_span: Span | None = None  # the words that decided it, where words did
    event_type_span: Span | None = None
    actors_span: Span | None = None
    attributions_span: Span | None = None
    claims: tuple[Claim, ...] = ()  # who says so, and how; several speakers of one event are several claims


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that was read in one article."""

    document: Document
    mentions: Mentions
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, on the evidence of one or more reports."""

    event_id: str
    kind: Kind
    event_type: str
    sub_event_type: str
    date_start: date | None
    date_end: date | None
    time_precision: TimePrecision | None
    date_basis: DateBasis
    places: tuple[Place, ...]
    actors: tuple[Actor, ...]
    civilians_targeted: bool | None
    killed: Count
    injured: Count
    report_count: int
    source_count: int
    attributions: tuple[str, ...]
    disputed: bool
    part_of: str  # event_id of the total, "" if part of nothing
    status: Status
    first_reported: date | None
    last_updated: date | None
    evidence: str
    report_ids: tuple[str, ...]  # founding report first
    reasons: tuple[tuple[str, str], ...] = ()  # (report_id, why it is in this event)
    superseded_ids: tuple[str, ...] = field(default=())  # ids of events that were merged into this one
