"""Records <-> JSON text, led by the records' own type hints: the same records always give the same text."""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from pipeline.models import Report

SHARED_CHARACTERS = 80  # longer ones are evidence and marks of texts, of which each has its own


def reports_to_json(reports: Sequence[Report]) -> str:
    """The reports of one article as one line of JSON; fields that have their default are left out."""
    return json.dumps([_plain(r) for r in reports], ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def reports_from_json(text: str) -> list[Report]:
    """What reports_to_json wrote."""
    return [_reader(Report)(row) for row in json.loads(text)]


def _plain(value: Any) -> Any:
    if fields := _fields(value.__class__):
        return {name: _plain(told) for name, default in fields if (told := getattr(value, name)) != default}
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a kind of record, each with its default; none where it is no record."""
    return tuple((f.name, f.default) for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()


Reader = Callable[[Any], Any]


@cache
def _reader(hint: Any) -> Reader:
    """How a value of this type is made of what JSON says; found out once, for reports come by the hundred thousand."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        inner = _reader(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        if arguments[1:] == (...,):
            each = _reader(arguments[0])
            return lambda value: tuple([each(v) for v in value])
        readers = [_reader(kind) for kind in arguments]
        return lambda value: tuple([read(v) for read, v in zip(readers, value, strict=True)])
    if dataclasses.is_dataclass(hint):
        record = typing.cast(type, hint)
        fields = {name: _reader(kind) for name, kind in typing.get_type_hints(record).items()}
        return lambda value: record(**{name: fields[name](v) for name, v in value.items()})
    if hint is date:
        return date.fromisoformat
    if hint is str:
        return _shared
    if hint is float or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return typing.cast(Reader, hint)
    return lambda value: value


def _shared(value: Any) -> Any:
    """The text, in memory once however many records say it: most name the same places, kinds and reasons."""
    return sys.intern(value) if type(value) is str and len(value) <= SHARED_CHARACTERS else value
