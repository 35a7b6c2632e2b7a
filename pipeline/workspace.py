"""A folder in which the steps of a build leave each other what they made: local, or wherever all workers reach."""

from __future__ import annotations

import gc
import io
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec

from pipeline import models
from pipeline.errors import PipelineError
from pipeline.facets import Facet


@dataclass(frozen=True)
class Workspace:
    """Named pieces of work. They live as long as the build and are read by the program that wrote them."""

    address: str

    def put(self, name: str, content: object) -> None:
        """Leave a piece; one of that name is replaced. A worker killed midway leaves nothing under the name."""
        data = _pickled(content)
        try:
            self._write(name, data)
        except OSError as problem:
            raise PipelineError(
                f"{self.address}: working files cannot be written ({problem.strerror or problem}); make room there, or "
                "set TMPDIR to a larger disk"
            ) from problem

    def _write(self, name: str, data: bytes) -> None:
        files, root = fsspec.core.url_to_fs(self.address)
        path = f"{root}/{name}"
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        if not _is_local(files):
            files.pipe_file(path, data)
            return
        aside = Path(f"{path}.{uuid4().hex}.tmp")
        aside.write_bytes(data)
        os.replace(aside, path)

    def get(self, name: str) -> Any:
        """The piece of that name."""
        files, root = fsspec.core.url_to_fs(self.address)
        data = files.cat_file(f"{root}/{name}")
        with no_circles():
            return pickle.loads(data)

    def has(self, name: str) -> bool:
        """Whether there is such a piece."""
        files, root = fsspec.core.url_to_fs(self.address)
        return bool(files.exists(f"{root}/{name}"))

    def drop(self) -> None:
        """Remove all of it."""
        files, root = fsspec.core.url_to_fs(self.address)
        if files.exists(root):
            files.rm(root, recursive=True)


def _pickled(content: object) -> bytes:
    sink = io.BytesIO()
    pickler = pickle.Pickler(sink, protocol=5)
    pickler.dispatch_table = _RECORDS
    pickler.dump(content)
    return sink.getvalue()


def _as_call(record: type) -> Callable[[object], tuple[type, tuple[object, ...]]]:
    """A record as the call that makes it: three times faster than what a frozen dataclass with slots does by itself."""
    values = attrgetter(*(field.name for field in fields(record)))
    return lambda one: (record, values(one))


_RECORDS = {
    kind: _as_call(kind)
    for kind in (*vars(models).values(), Facet)
    if isinstance(kind, type) and is_dataclass(kind) and len(fields(kind)) > 1
}  # fmt: skip


def _is_local(files: Any) -> bool:
    return "file" in ((files.protocol,) if isinstance(files.protocol, str) else files.protocol)


@contextmanager
def no_circles() -> Iterator[None]:
    """Without looking for circles, of which records make none: it takes a third of the time where there are many."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
