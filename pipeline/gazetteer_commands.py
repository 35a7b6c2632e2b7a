"""`gazetteer add FILE` and `gazetteer lookup NAME`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pipeline.documents import prepare_document
from pipeline.gazetteer import load_gazetteer
from pipeline.gazetteer_additions import add_places
from pipeline.gazetteer_build import ADMIN1
from pipeline.lookup import PLACE_KINDS
from pipeline.mentions.places import find_places
from pipeline.models import Article
from pipeline.settings import Settings

ADD = """Add your own places, or a fuller gazetteer of a country.

FILE is a GeoNames country dump (SY.txt: 19 columns, tab-separated) or a CSV with the columns name, lat, lon and, if
you have them, country, admin1, population, alternate names (joined with | or ;). What is added survives rebuilds."""


def add_parsers(commands: Any) -> None:
    """Hook `gazetteer` into the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = commands.add_parser("gazetteer", help="add places of your own; see what a name could be")
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|lookup")
    adder = actions.add_parser("add", help="merge a GeoNames dump or a CSV", description=ADD, formatter_class=raw)
    adder.add_argument("file", type=Path)
    looker = actions.add_parser("lookup", help="show the candidates of a name and which is chosen, and why")
    looker.add_argument("name")
    looker.add_argument("--in", dest="context", default="", metavar="WORDS", help='context, as in "Idlib, Syria"')


def run_gazetteer(args: argparse.Namespace, settings: Settings) -> int:
    """`gazetteer add` or `gazetteer lookup`; exit status 1 when nothing was added or found."""
    return _add(args.file, settings) if args.action == "add" else _lookup(args.name, args.context, settings)


def _add(path: Path, settings: Settings) -> int:
    done = add_places(path, settings)
    for problem in done.refused[:20]:
        print(f"refused: {problem}")
    if len(done.refused) > 20:
        print(f"refused: {len(done.refused) - 20} more lines")
    print(
        f"{path}: {done.read} places read, {done.added} added, {done.known} already there, {len(done.refused)} refused"
    )
    return 0 if done.added or done.known else 1


def _lookup(name: str, context: str, settings: Settings) -> int:
    gazetteer = load_gazetteer(settings)
    candidates = gazetteer.candidates(name)
    if not candidates:
        print(f"{name}: not in the gazetteer, in no spelling; `gazetteer add FILE` takes a fuller one")
        return 1
    for c in candidates:
        how = "by transliteration" if c.folded else "other name" if c.alternate else "main name"
        where = ", ".join(filter(None, (c.name, c.admin1 if c.kind != ADMIN1 else "", c.country)))
        print(f"{where:48.48} {PLACE_KINDS[c.kind]:18} {c.population:>11,} {c.latitude:9.4f} {c.longitude:9.4f}  {how}")
    sentence = f"Shells fell in {name}{', ' + context if context else ''}."
    article = Article("lookup", "", sentence, "", "", None)
    at = sentence.index(name)
    for mention in find_places(prepare_document(article), gazetteer):
        if mention.place is not None and mention.start_char < at + len(name) and at < mention.end_char:
            place = mention.place
            print(f'chosen in "{sentence}": {place.name}, {place.admin1}, {place.country} ({mention.reason})')
            break
    return 0
