"""What a toponym does in its sentence: where it happened, where it was said, who is from there, who acts."""

from __future__ import annotations

import re

from pipeline.gazetteer import Gazetteer
from pipeline.gazetteer_build import COUNTRY
from pipeline.mentions.toponyms import Toponym, place_words

DATELINE = re.compile(
    r"\A\s*+(?:,\s*+[\w. ]{2,30})?\s*+(?:\([^)]{2,40}\)\s*+)?(?:[A-Z][a-z]{2,8}\.? \d{1,2}\s*+)?"
    r"(?:\([^)]{2,40}\)\s*+)?(?:--?|—|–)\s"
)
HEAD = re.compile(r"\s?[,(:]|\s[-–—]")  # after a name in capitals at the head: "KARACHI: ...", "ALEPPO (Agency)"
CAPITAL_DATELINE, STAMP_REGION = "dateline of a capital", "region of a dateline"
ABROAD = "a capital or country far from the news"
# "ST. LOUIS, Mo. (Desk) –": the region belongs to the town
STAMP_BEFORE = re.compile(r"[A-Z][A-Z.' -]{2,28},\s*\Z")
STAMP_END = re.compile(r"\.?\s*(?:\([^)]{2,40}\)\s*)?(?:--?|—|–|>>)")
# "CARACAS / ARAUQUITA — Clashes"
TWO_STAMPS = re.compile(r"[A-Z][A-Z' .-]{2,30}/\s*[A-Z][A-Z' .-]{2,30}(?=[,(:]|\s[(–—-])")
HEAD_SENTENCES = 4  # "Updated 9 May BEIRUT Two people ...": a dateline stands in the first sentences
GROUP_OF = re.compile(
    r"\b(?:(?:Islamic (?:State|Emirate|Movement)|Qaeda|Qaida|Army|Front|(?:Communist |Workers' )?Party)"
    r" (?:in|of|for)) (?:the )?(?:\w+ and (?:the )?)?\Z"
)
# Words before the name of a capital or a country far from the news that say that it is a place all the same
PLACING = frozenset(
    [
        "of",
        "on",
        "to",
        "from",
        "over",
        "hit",
        "rocked",
        "shook",
        "struck",
        "bombed",
        "shelled",
        "attacked",
        "capital",
        "city",
    ]
)
FOR_OR_AGAINST = re.compile(r"\b(?:pro|anti)[-–]\Z", re.IGNORECASE)  # "pro-Damascus media"
# "the US-Russia truce deal"; but "the Turkey-Syria border" is a place
BETWEEN_TWO = re.compile(r"[-–][A-Z]\w+(?!(?: [a-z]+)? (?:borders?|frontier|crossing)\b) ")
WITH_OTHERS = re.compile(r"\s+(?:and|or)\s+[A-Z]\w+(?P<rest>(?:\s+[a-z-]+){1,3})")
HAS_DONE = re.compile(r"\s+(?:has|have|had|is|was|will|would|may|might|could|should)\s+(?!been (?:hit|rocked|shaken))")
SAID_AT = re.compile(
    r"\b(?:said|told|speaking|spoke|statement|interview|conference|briefing|announced|meeting|talks|met|summit|"
    r"reporters|journalists|press|by (?:tele)?phone)\b[^.;:]{0,40}?\b(?:in|from|at)\s(?:the\s)?(?:\w+\s){0,3}\Z"
)
SIGNED_AT = re.compile(
    r"\b(?:deal|accord|agreement|treaty|truce|ceasefire|pact|protocol) (?:that was |which was )?"
    r"(?:signed|agreed|reached|brokered|struck|sealed|concluded) (?:in|at) (?:the )?\Z",
    re.IGNORECASE,
)
# "A bus travelling from Mombasa to Lamu": where it came from
ROUTE_FROM = re.compile(
    r"\b(?:travel+ing|travel+ed|driving|heading|headed|bound|going|coming|returning|flying|on (?:its|their|his|her) way"
    r"|en route|plying|journey)\s+(?:back\s+)?from\s+(?:the\s+)?(?:[a-z]+\s+){0,3}\Z"
)
# Where the hurt were carried: "taken to a hospital in Drodro", "the general hospital, Kafanchan"
CARRIED = re.compile(
    r"\b(?:hospitals?|clinics?|morgues?|mortuary|infirmary|health (?:centre|center|post)|medical cent(?:re|er))"
    r"(?:,| in| at| of| near)? (?:the )?(?:(?:town|city|capital|village|nearby|neighbou?ring|provincial|regional|state"
    r"|district|of),? )*\Z"
    r"|\b(?:taken|brought|rushed|airlifted|flown|evacuated|transferred|ferried|moved|referred|transported|carried)"
    r" (?:by \w+ )?(?:to|in) (?:(?:the|a|hospitals?|clinics?|in|at|of|town|city|capital|nearby|neighbou?ring|provincial"
    r"|regional|military|district|for|treatment) )*\Z",
    re.IGNORECASE,
)
HARM_AT = re.compile(
    r"\b(?:attack|raid|storm|bomb|shell|hit|struck|strike|blast|explo|fire|target|destroy)", re.IGNORECASE
)
# "In Paris, the minister condemned the attack in Niamey"
REACTED = re.compile(
    r",[^.;:]{0,80}?\b(?:condemned|denounced|deplored|expressed|voiced|urged|called (?:for|on)|offered condolences"
    r"|welcomed|hailed)\b"
)
TREATY_OF = re.compile(
    r"\b(?:Treaty|Agreement|Accord|Convention|Conference|Declaration|University|Bank|Battle) of (?:the )?\Z"
)


def find_role(toponym: Toponym, gazetteer: Gazetteer) -> tuple[str, str]:
    """The role of a toponym and why it has it."""
    words, text = place_words(), toponym.sentence.text
    tokens, last = toponym.tokens, toponym.last
    after = text[toponym.end : toponym.end + 60]
    before = text[max(0, toponym.start - 90) : toponym.start]
    nxt = toponym.after if last + 1 < len(tokens) and text[toponym.end : toponym.end + 1] in " -" else ""
    if toponym.start == 0 and (DATELINE.match(after) or (toponym.text.isupper() and HEAD.match(after))):
        chosen = toponym.chosen
        capital = chosen is not None and gazetteer.capitals.get(toponym.key) == chosen.iso2
        return "speech", CAPITAL_DATELINE if capital else "dateline"
    if toponym.start < 40 and STAMP_BEFORE.match(text[: toponym.start]) and STAMP_END.match(after):
        return "speech", STAMP_REGION
    if toponym.text.isupper() and (stamps := TWO_STAMPS.match(text)) and toponym.end <= stamps.end():
        return "speech", "dateline"
    if toponym.sentence.index <= HEAD_SENTENCES and _is_stamp(toponym):
        return "speech", "dateline"
    if after.startswith("-based") or after.startswith("-born") or nxt in ("native", "natives", "resident", "residents"):
        return "origin", f"{toponym.text} {nxt}"
    if FOR_OR_AGAINST.search(before):
        return "actor", "who is for or against it"
    if GROUP_OF.search(before):
        return "name", "name of a group"
    if TREATY_OF.search(before) or nxt in words["treaty"]:
        return "name", "name of an agreement or institution"
    if toponym.first >= 2 and toponym.before in ("of", "from"):
        owner = tokens[toponym.first - 2]
        if owner.low in words["person"] or owner.text.isdigit() and toponym.before == "of":
            return "origin", f"{owner.text} {toponym.before} {toponym.text}"
        if owner.low in ("government", "army", "president", "minister", "ministry", "king", "forces", "republic"):
            return "actor", f"{owner.text} of {toponym.text}"
    if ROUTE_FROM.search(before):
        return "origin", "where a journey began"
    if (carried := CARRIED.search(before)) and not HARM_AT.search(before[: carried.start()][-40:]):
        return "care", "where the hurt or the dead were taken"
    if SIGNED_AT.search(before) or before.endswith("that of "):
        return "speech", "where something was agreed, or whose figure it is"
    if SAID_AT.search(before) and not re.search(
        r"\b(?:killed|wounded|injured|attack|blast|shot|shelled|died)\b", before
    ):
        return "speech", "where something was said"
    if toponym.first == 1 and toponym.before == "in" and REACTED.match(text, toponym.end):
        return "speech", "where somebody spoke of it"
    chosen = toponym.chosen
    is_capital = gazetteer.capitals.get(toponym.key) is not None
    if chosen is not None and (chosen.kind == COUNTRY or is_capital):
        possessive = after[:2] in ("'s", "’s")
        follow = after[2:].split(None, 4)[:4] if possessive else after.split(None, 2)[:1]
        plain_in = toponym.before in words["in"] and toponym.key[0] != "^"  # "in US air strikes" is no place
        if (joint := WITH_OTHERS.match(after)) is not None:  # "Russia and Syrian regime warplanes"
            follow = joint["rest"].split()
        if chosen.kind == COUNTRY and HAS_DONE.match(after) and toponym.before in ("", "that", "but", "while", "as"):
            return "actor", f"{toponym.text} as the subject"
        if any(w.strip(".,").lower() in words["army"] for w in follow) and not plain_in:
            return "actor", "its government or army"
        if nxt in words["says"] and not plain_in and toponym.before not in words["weak"] - {"and"}:
            return "actor", f"{toponym.text} {nxt}"
        if toponym.abroad and not plain_in and toponym.parent is None and toponym.before not in PLACING:
            return "location", ABROAD
        if BETWEEN_TWO.match(after):
            return "actor", "one of two sides"
        if after.startswith(("-backed", "-led", "-allied", "-supported", "-made")):
            return "actor", "its side"
    return "location", ""


def _is_stamp(toponym: Toponym) -> bool:
    """Whether it alone stands in capitals, with a new sentence or an agency behind it."""
    last, tokens = toponym.last, toponym.tokens
    if not toponym.text.isupper() or len(toponym.text) < 4 or last + 1 >= len(tokens):
        return False
    loud = sum(len(t.text) > 3 and t.text.isupper() for t in tokens)
    follows = toponym.sentence.text[toponym.end :].lstrip()
    return loud <= last - toponym.first + 2 and (tokens[last + 1].capital or follows[:1] in "(:-–—")
