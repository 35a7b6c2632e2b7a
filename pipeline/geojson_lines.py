"""Rows of the event table -> the bytes of GeoJSON features, many at a time; unknown is null."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.csv_lines import as_texts, bytes_of, joined

ESCAPED = r'["\\\x00-\x1f]'
END = "}},\n"


def geojson_lines(batch: pa.RecordBatch) -> memoryview:
    """A feature a line, each with a comma behind; an event without a point has no geometry, as RFC 7946 wants it."""
    cells = {name: as_texts(batch.column(name), _quoted, "true", "false", "null") for name in batch.schema.names}
    latitude, longitude = cells["latitude"], cells["longitude"]
    point = joined('{"type": "Point", "coordinates": [', longitude, ", ", latitude, "]}")
    geometry = pc.if_else(pc.equal(latitude, "null"), "null", point)
    properties = [part for name, each in cells.items() for part in (f", {json.dumps(name)}: ", each)]
    properties[0] = str(properties[0]).removeprefix(", ")
    return bytes_of(joined(
        '{"type": "Feature", "id": ', cells["event_id"], ', "geometry": ', geometry, ', "properties": {', *properties,
        END,
    ))  # fmt: skip


def _quoted(cells: pa.Array) -> pa.Array:
    """As JSON writes them."""
    needed = pc.fill_null(pc.match_substring_regex(cells, ESCAPED), False)
    if pc.any(needed).as_py():
        some = [json.dumps(text, ensure_ascii=False)[1:-1] for text in cells.filter(needed).to_pylist()]
        cells = pc.replace_with_mask(cells, needed, pa.array(some, pa.large_string()))
    return joined('"', cells, '"')
