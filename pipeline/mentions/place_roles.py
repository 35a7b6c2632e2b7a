"""What a toponym does in its sentence: where it happened, where it was said, who is from there, who acts."""

from __future__ import annotations

import re

from pipeline.gazetteer import Gazetteer
from pipeline.gazetteer_build import COUNTRY
from pipeline.mentions.toponyms import Toponym, place_words

DATELINE = re.compile(
    r"\s*(?:,\s*[\w. ]{2,30})?\s*(?:\([^)]{2,40}\)\s*)?(?:[A-Z][a-z]{2,8}\.? \d{1,2}\s*)?"
    r"(?:\([^)]{2,40}\)\s*)?(?:--?|—|–)\s"
)
HEAD = re.compile(r"\s?[,(:]|\s[-–—]")  # after a name in capitals at the head: "KARACHI: ...", "ALEPPO (Agency)"
SAID_AT = re.compile(
    r"\b(?:said|told|speaking|spoke|statement|interview|conference|briefing|announced|meeting|talks|met|summit|"
    r"reporters|journalists|press|by (?:tele)?phone)\b[^.;:]{0,40}?\b(?:in|from|at)\s(?:the\s)?(?:\w+\s){0,3}\Z"
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
        return "speech", "dateline"
    if after.startswith("-based") or after.startswith("-born") or nxt in ("native", "natives", "resident", "residents"):
        return "origin", f"{toponym.text} {nxt}"
    if TREATY_OF.search(before) or nxt in words["treaty"]:
        return "name", "name of an agreement or institution"
    if toponym.first >= 2 and toponym.before in ("of", "from"):
        owner = tokens[toponym.first - 2]
        if owner.low in words["person"] or owner.text.isdigit() and toponym.before == "of":
            return "origin", f"{owner.text} {toponym.before} {toponym.text}"
        if owner.low in ("government", "army", "president", "minister", "ministry", "king", "forces", "republic"):
            return "actor", f"{owner.text} of {toponym.text}"
    if SAID_AT.search(before) and not re.search(
        r"\b(?:killed|wounded|injured|attack|blast|shot|shelled|died)\b", before
    ):
        return "speech", "where something was said"
    chosen = toponym.chosen
    is_capital = gazetteer.capitals.get(toponym.key) is not None
    if chosen is not None and (chosen.kind == COUNTRY or is_capital):
        possessive = after[:2] in ("'s", "’s")
        follow = after[2:].split(None, 4)[:4] if possessive else after.split(None, 2)[:1]
        plain_in = toponym.before in words["in"]
        if any(w.strip(".,").lower() in words["army"] for w in follow) and not plain_in:
            return "actor", "its government or army"
        if nxt in words["says"] and not plain_in and toponym.before not in words["weak"] - {"and"}:
            return "actor", f"{toponym.text} {nxt}"
        if after.startswith(("-backed", "-led", "-allied", "-supported", "-made")):
            return "actor", "its side"
    return "location", ""
