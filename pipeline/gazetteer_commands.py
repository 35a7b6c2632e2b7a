"""`gazetteer add FILE` and `gazetteer lookup NAME`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.documents import prepare_document
from pipeline.gazetteer import Gazetteer, load_gazetteer
from pipeline.gazetteer_additions import add_places
from pipeline.gazetteer_build import ADMIN1
from pipeline.lookup import PLACE_KINDS
from pipeline.mentions.places import find_places
from pipeline.models import Article, PlaceMention
from pipeline.settings import Settings

ADD = """Add your own places, or a fuller gazetteer of a country.

FILE is a GeoNames country dump (SY.txt: 19 columns, tab-separated) or a CSV with the columns name, lat, lon and, if
you have them, country, admin1, population, alternate names (joined with | or ;). What is added survives rebuilds."""

LOOKUP = """Show the places that a name could be, and which of them is chosen, and why.

  gazetteer lookup Palma --in Mozambique

The first column says what the place is called there; the last how the name was found. It exits with 1 where no place
has the name, in no spelling."""


def add_parsers(commands: Any, epilog: str) -> None:
    """Hook `gazetteer` into the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    text = "add places of your own; see what a name could be"
    parser = commands.add_parser("gazetteer", help=text, description=text, epilog=epilog, formatter_class=raw)
    actions = parser.add_subparsers(dest="action", required=True, metavar="add|lookup")

    def action(name: str, text: str, about: str) -> argparse.ArgumentParser:
        made = actions.add_parser(name, help=text, description=about, epilog=epilog, formatter_class=raw)
        made.add_argument("--json", action="store_true", help="print one JSON object, for machines")
        return made

    adder = action("add", "merge a GeoNames dump or a CSV", ADD)
    adder.add_argument("file", type=Path, help="for example SY.txt, or places.csv")
    looker = action("lookup", "show the candidates of a name and which is chosen, and why", LOOKUP)
    looker.add_argument("name", help="as an article writes it")
    looker.add_argument("--in", dest="context", default="", metavar="WORDS", help='context, as in "Idlib, Syria"')


def run_gazetteer(args: argparse.Namespace, settings: Settings) -> int:
    """`gazetteer add` or `gazetteer lookup`; exit status 1 when nothing was added or found."""
    if args.action == "add":
        return _add(args.file, settings, as_json=args.json)
    return _lookup(args.name, args.context, settings, as_json=args.json)


def _add(path: Path, settings: Settings, *, as_json: bool) -> int:
    done = add_places(path, settings)
    status = 0 if done.added or done.known else 1
    if as_json:
        _print_json(asdict(done))
        return status
    for problem in done.refused[:20]:
        print(f"refused: {problem}")
    if len(done.refused) > 20:
        print(f"refused: {len(done.refused) - 20} more lines")
    print(
        f"{path}: {done.read} places read, {done.added} added, {done.known} already there, {len(done.refused)} refused"
    )
    return status


def _lookup(name: str, context: str, settings: Settings, *, as_json: bool) -> int:
    gazetteer = load_gazetteer(settings)
    candidates = gazetteer.candidates(name)
    sentence = f"Shells fell in {name}{', ' + context if context else ''}."
    chosen = _choose(sentence, name, gazetteer) if candidates else None
    if as_json:
        told = [asdict(c) | {"kind": PLACE_KINDS[c.kind]} for c in candidates]
        _print_json(
            {
                "name": name,
                "candidates": told,
                "sentence": sentence,
                "chosen": asdict(chosen.place) | {"reason": chosen.reason} if chosen and chosen.place else None,
            }
        )
        return 0 if candidates else 1
    if not candidates:
        print(f"{name}: not in the gazetteer, in no spelling; `gazetteer add FILE` takes a fuller one")
        return 1
    for c in candidates:
        how = "by transliteration" if c.folded else "other name" if c.alternate else "main name"
        where = ", ".join(filter(None, (c.name, c.admin1 if c.kind != ADMIN1 else "", c.country)))
        print(f"{where:48.48} {PLACE_KINDS[c.kind]:18} {c.population:>11,} {c.latitude:9.4f} {c.longitude:9.4f}  {how}")
    if chosen and (place := chosen.place):
        print(f'chosen in "{sentence}": {place.name}, {place.admin1}, {place.country} ({chosen.reason})')
    return 0


def _choose(sentence: str, name: str, gazetteer: Gazetteer) -> PlaceMention | None:
    """What the name is taken for in this sentence."""
    at = sentence.index(name)
    found = find_places(prepare_document(Article("lookup", "", sentence, "", "", None)), gazetteer)
    return next((m for m in found if m.place and m.start_char < at + len(name) and at < m.end_char), None)


def _print_json(facts: dict[str, Any]) -> None:
    print(json.dumps(facts, ensure_ascii=False, indent=1))
