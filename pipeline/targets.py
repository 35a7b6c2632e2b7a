"""Where a build writes: a local folder, or any address that fsspec reaches (s3://bucket/run1, memory://x)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import fsspec

from pipeline.csv_lines import disarmed_text
from pipeline.errors import PipelineError

WriteRows = Callable[[Iterable[dict[str, Any]]], None]


class Digested(io.RawIOBase):
    """A file that is being written, and the digest of what was written."""

    def __init__(self, handle: Any) -> None:
        self._handle, self._digest = handle, hashlib.sha256()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Write on."""
        self._digest.update(data)
        return self._handle.write(data)

    def digest(self) -> str:
        """Of all that was written."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """Now the file is there."""
        if not self.closed:
            self._handle.close()
        super().close()


class Target:
    """A folder to write files into, local or far."""

    def __init__(self, place: Path | str) -> None:
        try:
            self._files, self._root = fsspec.core.url_to_fs(str(place))
            self.place = str(self._files.unstrip_protocol(self._root))  # whole, for processes that run elsewhere
            self._files.makedirs(self._root, exist_ok=True)
        except (ImportError, ValueError, OSError) as problem:
            raise PipelineError(f"{place}: cannot be written to ({problem})") from problem

    @property
    def shared(self) -> bool:
        """Whether other processes of this machine reach it."""
        return not self.place.startswith("memory:")

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return bool(self._files.exists(f"{self._root}/{name}"))

    def open(self, name: str) -> Digested:
        """A file to be written; its folders are made."""
        path = f"{self._root}/{name}"
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        return Digested(self._files.open(path, "wb"))

    @contextmanager
    def text(self, name: str) -> Iterator[TextIO]:
        """A text file to be written, UTF-8, its line ends as they are given."""
        with io.TextIOWrapper(io.BufferedWriter(self.open(name)), encoding="utf-8", newline="") as handle:
            yield handle

    @contextmanager
    def rows(self, name: str, columns: Iterable[str]) -> Iterator[WriteRows]:
        """A CSV of these columns, some rows at a time; cells disarmed, what rows hold besides left out."""
        with self.text(name) as handle:
            writer = csv.DictWriter(handle, list(columns), extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            yield lambda rows: writer.writerows({c: disarmed_text(cell) for c, cell in row.items()} for row in rows)

    def write_rows(self, name: str, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
        """All of a CSV."""
        with self.rows(name, columns) as write:
            write(rows)
