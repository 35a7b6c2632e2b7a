"""What a date dates: a happening, a saying, the article or list below it, or something told for background."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from pipeline.mentions.date_words import IN_MARGIN, Reading
from pipeline.models import DateBasis, Sentence, TimePrecision

SAID = (
    r"(?:said|says|told|announced|stated|confirmed|added|warned|claimed|acknowledged|denied|declared|urged|condemned|"
    r"insisted|tweeted|testified|reiterated|explained|noted|argued|accused|admitted|revealed|vowed|pledged)"
)
# What may stand between the verb of saying and its day: who was told, where, in what
SAID_GAP = (
    r"(?:,?\s+(?:[A-Z][\w.’'-]*|reporters?|journalists?|lawmakers|state|television|tv|news|agency|agencies|media|in|at|to|a|an|the|its|"
    r"his|her|their|press|conference|briefing|statement|interview|speech|parliament|late|early|earlier|by|telephone|phone|via|online|"
    r"separate|brief|written|video|local|national|website|report|post|radio|daily|newspaper|channel|on|of|from|with|for)){0,9}"
)
SAID_BEFORE = re.compile(rf"\b{SAID}{SAID_GAP}\s+(?:on\s+)?\Z")
REPORTED_BEFORE = re.compile(rf"(?<!was )(?<!were )(?<!been )(?<!is )\breported{SAID_GAP}\s+(?:on\s+)?\Z")
STATEMENT_BEFORE = re.compile(
    r"\b(?:statement|report|interview|video|letter|tweet|release|bulletin|briefing|communiqu[eé]|press\s+conference|news\s+conference|"
    r"speech|remarks|message)\s+(?:(?:was\s+)?(?:released|issued|published|posted|dated|aired|broadcast|carried|made|delivered|given|held)"
    r"(?:\s+(?:by|in|to|at|from)(?:\s+(?:the|a|its|[A-Z][\w.-]*|[a-z]+)){1,4})?\s+)?(?:late\s+|early\s+)?(?:on\s+)?\Z"
)
# "The number of wounded had climbed to 97 by Saturday morning": the day of the count
TOLL_ROSE = re.compile(
    r"\b(?:toll|number|dead|deaths|fatalities|wounded|injured|casualties)\b[^.;]{0,90}?\b(?:rose|risen|rises|rising|climbed|climbs"
    r"|increased|jumped|grew|grown|stood|stands|reached|passed|topped|revised)\s+(?:(?:up|to|at|by|more|than|at|least|past|above"
    r"|over|about|around|nearly|some|almost)\s+)*[\w,-]+\s+(?:(?:dead|people|deaths|killed|wounded|injured|civilians|fatalities)\s+)?"
    r"(?:(?:by|on|as\s+of|late|early)\s+)*\Z",
    re.I,
)
# "On Sunday the death toll stood at 21"
TOLL_AFTER = re.compile(
    r"\A,?\s+(?:the|its)\s+(?:\w+\s+){0,2}?(?:toll|number\s+of\s+(?:the\s+)?(?:dead|deaths|killed|victims|injured))\b"
    r"[^.;]{0,40}?\b(?:rose|risen|climbed|increased|jumped|grown|stood|reached|passed|topped|revised)\b",
    re.I,
)
HOUR_AFTER = re.compile(
    r"\A\s*(?:at|around|about|shortly\s+(?:after|before))\s+(?:about\s+)?\d{1,2}(?::\d\d)?\s*[ap]\.?m\b"
)
SAID_AFTER = re.compile(rf"\A[,]?\s+(?:also\s+|reportedly\s+)?(?:{SAID}|reported(?=\s+that)|called\s+(?:on|for))\b")
# "On Wednesday, the ministry said": no verb of happening in between
SUBJECT_SAID_AFTER = re.compile(rf"\A[,]?\s+(?:(?:the|a|an|his|its|[A-Z][\w.’'-]*|[\w’'-]+)\s+){{1,9}}?{SAID}\b")
HAPPENED = re.compile(
    r"\b(?:was|were|been|killed|wounded|injured|died|struck|hit|shot|attacked|bombed|fired|launched|clashed|exploded|shelled|"
    r"stormed|seized|captured|arrested|detained|carried|blew|broke|took|left|targeted|ambushed|raided|opened|who|which|when|where)\b"
)
CLAUSE_START = re.compile(
    r"(?:\A|(?<!\b[ap]\.m)[.;:\"“”]|\b(?:and|but|while|meanwhile|earlier|later),?)\s*(?:late\s+|early\s+|earlier\s+)?(?:on\s+)?\Z",
    re.I,
)
LAST_CLAUSE = re.compile(r"[;.]\s|,\s")
ANNIVERSARY = re.compile(
    r"\banniversary\s+of(?:\s+\w+){0,5}\s+\Z|\b(?:born|founded|established|formed|created|married|graduated)\s+(?:on|in)\s+(?:the\s+)?\Z"
)  # noqa: E501
ANNIVERSARY_AFTER = re.compile(r"\A\s*(?:\w+\s+){0,2}anniversary\b")
OLD_EVENT_AFTER = re.compile(
    r"\A,?\s+(?:war|attacks?|genocide|revolution|uprising|coup|invasion|intifada|annexation|census|election|accords?|agreement)\b"
)  # noqa: E501
# "On November 12, 1991, troops fired at mourners": a day told for its own sake
TELLS = re.compile(
    r"\A,\s+(?!(?:the|when|and|but|which|who|a)\s+(?:war|uprising|conflict|revolution)\b)[^.;,]{0,90}?\b(?:killed|killing|shot|fired|attacked"
    r"|massacred|bombed|stormed|ambushed|executed|murdered|raided|blew|exploded|died|set|herded|opened fire)\b"
)
HEAD_LENGTH = 260
PUBLISHED_BEFORE = re.compile(
    r"(?:\bdate\s+of\s+publication|\bpublished(?:\s+(?:on|at))?|\b(?:last\s+)?updated(?:\s+(?:on|at))?|\bposted(?:\s+on)?|\bdate)\s*+(?::\s*+)?\Z",
    re.I,
)
PREPOSITION = re.compile(
    r"\b(?:on|in|of|since|until|from|by|the|before|after|between|and|to|during|late|early|mid|last)\s*\Z", re.I
)
BULLETS = " \t\n-–—•*·▪●"
MONTH_HEAD = re.compile(r"\A\s*:\s")  # "- January 2018: a bomb in ..."
LIST_HEAD_AFTER = re.compile(r"\A\s*(?:[:–—]|-\s|\n|\Z)")
# "Reported for Monday:", "Tuesday" alone on a line
LIST_HEAD_BEFORE = re.compile(r"\A\W{0,3}(?:(?:[A-Z]\w+\s+){0,2}(?:for|on|of|On|For)\s+(?:the\s+)?)?\Z")
LIST_HEAD_END = re.compile(r"\A\s*+(?:[:–—.-]\s*+)?\Z")
# "IDLIB, Syria, Sept 12 (Reuters) -"
DATELINE_BEFORE = re.compile(
    r"(?:\A\s*|\n[^\S\n]*|[/.]\s*)[A-Z][A-Z'’.]{2,30}(?:[ /-][A-Z][A-Z'’.]{1,30}){0,6},?"
    r"(?:\s+[A-Z][\w.]{1,30},?){0,3}\s*\Z"
)
DATELINE_AFTER = re.compile(r"\A,?\s*(?:\([A-Z][\w\s./]{1,20}\)|[-–—:]|/[A-Z])")
# "Kathmandu, Sept 11: …", "Guayaquil, Sept 11 (Agency).- …" at the very head
PLAIN_DATELINE = re.compile(r"\A\s*[A-Z][\w'’]+(?: [A-Z][\w'’]+){0,2}(?:, [A-Z][\w'’]+(?: [A-Z][\w'’]+)?)?,\s*\Z")
PLAIN_DATELINE_AFTER = re.compile(r"\A\s*(?:\([^)]{2,24}\)\s*)?(?:\.?[-–—]{1,2}|:)(?:\s|\Z)")
LONG_AGO = timedelta(days=731)


def date_role(sentence: Sentence, start: int, end: int, reading: Reading, dct: date | None) -> str:
    """The role of the date at sentence.text[start:end]."""
    text = sentence.text
    before, after = text[max(0, start - HEAD_LENGTH) : start], text[end : end + 100]
    if sentence.role == "header" or _stands_above(sentence, start, before, after, reading, dct):
        return "header"
    if is_statement(text, start, end):
        return "statement"
    if reading.background or ANNIVERSARY.search(before[-60:]) or ANNIVERSARY_AFTER.match(after[:60]):
        return "background"
    if dct and reading.end and reading.end < dct - LONG_AGO:
        told = reading.precision is TimePrecision.DAY and TELLS.match(after) and CLAUSE_START.search(before)
        return "event" if told else "background"
    if (
        dct
        and reading.year_given
        and reading.end
        and reading.end < dct - LONG_AGO / 2
        and OLD_EVENT_AFTER.match(after[:30])
    ):
        return "background"
    return "event"


@lru_cache(maxsize=200)  # asked while a day is read, when it is read, and for its role
def is_statement(text: str, start: int, end: int) -> bool:
    """Whether the words around a date make it the day of a saying."""
    before, after = text[max(0, start - 140) : start], text[end : end + 140]
    if before.endswith("called on ") and after.startswith(" for "):
        return True
    if HOUR_AFTER.match(after):  # "said on Sunday around 3 p.m. a shell hit": an hour belongs to what happened
        return False
    if TOLL_ROSE.search(before):
        return True
    if before and (SAID_BEFORE.search(before) or REPORTED_BEFORE.search(before) or STATEMENT_BEFORE.search(before)):
        return True
    if not after.startswith(",") and SAID_AFTER.match(after) and not HAPPENED.search(LAST_CLAUSE.split(before)[-1]):
        return True
    if TOLL_AFTER.match(after) and CLAUSE_START.search(before):
        return True
    if (found := SUBJECT_SAID_AFTER.match(after)) and CLAUSE_START.search(before):
        return not HAPPENED.search(found[0])
    return False


def _stands_above(sentence: Sentence, start: int, before: str, after: str, reading: Reading, dct: date | None) -> bool:
    margin = sentence.role == "body" and len(before) < 4 and not before.strip(BULLETS)
    if margin and (reading.reason.startswith(IN_MARGIN) or MONTH_HEAD.match(after) and reading.year_given):
        return True
    if reading.precision is not TimePrecision.DAY:
        return False
    if sentence.role == "body" and LIST_HEAD_BEFORE.match(before) and LIST_HEAD_END.match(after):
        return True
    if reading.basis is not DateBasis.EXPLICIT:
        return False
    in_head = sentence.start_char + start < HEAD_LENGTH and sentence.field == "text"
    if in_head and PUBLISHED_BEFORE.search(before[-40:]):
        return True
    if in_head and DATELINE_BEFORE.search(before[-80:]) and DATELINE_AFTER.match(after[:40]):
        return True
    if in_head and PLAIN_DATELINE.match(sentence.text[:start]) and PLAIN_DATELINE_AFTER.match(after[:40]):
        return dct is None or reading.start is None or abs((reading.start - dct).days) <= 2
    if in_head and reading.year_given and not PREPOSITION.search(before[-12:]):
        return dct is None or reading.start is None or abs((reading.start - dct).days) <= 2
    if margin and LIST_HEAD_AFTER.match(after[:12]):
        return True
    alone = len(before.split()) + len(after.split()) <= 2 and not PREPOSITION.search(before)
    return alone and sentence.role != "title"
