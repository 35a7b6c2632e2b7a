"""Records <-> JSON text, led by the records' own type hints: the same records always give the same text."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from pipeline.models import Report


def reports_to_json(reports: Sequence[Report]) -> str:
    """The reports of one article as one line of JSON; fields that have their default are left out."""
    return json.dumps([_plain(r) for r in reports], ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def reports_from_json(text: str) -> list[Report]:
    """What reports_to_json wrote."""
    return [_typed(Report, row) for row in json.loads(text)]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {
            f.name: _plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if getattr(value, f.name) != f.default
        }
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _hints(record: type) -> dict[str, Any]:
    return typing.get_type_hints(record)


def _typed(hint: Any, value: Any) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if value is None or value is dataclasses.MISSING:
        return None
    if origin in (types.UnionType, typing.Union):
        return _typed(next(a for a in arguments if a is not type(None)), value)
    if origin is tuple:
        kinds = [arguments[0]] * len(value) if arguments[1:] == (...,) else arguments
        return tuple(_typed(kind, v) for kind, v in zip(kinds, value, strict=True))
    if dataclasses.is_dataclass(hint):
        hints = _hints(typing.cast(type, hint))
        return typing.cast(type, hint)(**{name: _typed(hints[name], v) for name, v in value.items()})
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return float(value) if hint is float else value
