"""Archives in parts: JSONL and Parquet files wherever fsspec reaches, read a line or a batch at a time.

A part may be larger than memory. An address is a folder, a file or a pattern: s3://bucket/2019/*.jsonl.gz,
hdfs://…, /data/archive/*.parquet. What a scheme needs (s3fs, gcsfs, …) is installed by whoever uses it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import PurePosixPath

import fsspec

from pipeline.articles import Found, checked_articles
from pipeline.errors import PipelineError, UnreadableArticle
from pipeline.formats import STREAMS


def is_address(text: str) -> bool:
    """Whether it names an archive rather than local files to be read whole: a URL or a pattern."""
    return "://" in text or "*" in text


def find_parts(address: str) -> list[str]:
    """The parts that an address names, in order of name; PipelineError where there is none or no way there."""
    try:
        files, path = fsspec.core.url_to_fs(address)
        found = files.glob(path) if "*" in path else files.find(path) if files.isdir(path) else [path]
    except (ImportError, ValueError, OSError) as problem:
        raise PipelineError(f"{address}: cannot be reached ({problem})") from problem
    parts = sorted(files.unstrip_protocol(str(f)) for f in found if _form(str(f)) in STREAMS)
    if not parts:
        raise PipelineError(f"{address}: no part ends in {' or '.join(STREAMS)} (or .jsonl.gz, .jsonl.zst)")
    return parts


def reaches(address: str) -> bool:
    """Whether there is such a part for the machine that asks."""
    try:
        files, path = fsspec.core.url_to_fs(address)
        return bool(files.exists(path))
    except (ImportError, ValueError, OSError):
        return False


def read_part(address: str, *, today: date, max_bytes: int) -> Iterator[Found]:
    """The articles of one part, in order; what is wrong with a record names part and line. `max_bytes`: of a record."""
    name = PurePosixPath(address).name
    try:
        with fsspec.open(address, "rb", compression="infer") as handle:
            yield from checked_articles(STREAMS[_form(address)](handle, name, max_bytes), today)
    except (OSError, EOFError, ValueError, zlib.error) as problem:
        yield UnreadableArticle(name, f"cannot be read to its end ({problem})", "check the file and how it is reached")


def _form(name: str) -> str:
    """The form of a part's content: that of its name without the compression's ending."""
    suffixes = [s.lower() for s in PurePosixPath(name).suffixes]
    return next((s for s in reversed(suffixes) if s not in (".gz", ".zst", ".bz2", ".xz")), "")
