"""Columns of texts as Arrow keeps them: asked, cut and joined for all rows at once, never a text at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Texts: TypeAlias = pa.LargeStringArray
Rows = NDArray[np.int64]
Marks = NDArray[np.bool_]


def texts_of(values: Iterable[str] = ()) -> Texts:
    """A column of these."""
    return pa.array(values, pa.large_string())


def one_array(column: pa.ChunkedArray) -> pa.Array:
    """A column as a file gives it back, in one piece."""
    joined = column.combine_chunks()
    return joined if isinstance(joined, pa.Array) else pa.concat_arrays(joined.chunks)


def holds(column: Texts, wanted: Collection[str] | Texts) -> Marks:
    """Which cells are one of the wanted."""
    if not len(wanted):
        return np.zeros(len(column), dtype=bool)
    few = wanted if isinstance(wanted, pa.Array) else texts_of(wanted)
    return np.asarray(pc.is_in(column, value_set=few).to_numpy(zero_copy_only=False))


def take(column: Texts, rows: Rows) -> Texts:
    """The cells of these rows."""
    return column.take(pa.array(rows))


def join(column: Texts, rows: Rows, new: Iterable[str]) -> Texts:
    """The cells of these rows, and behind them new ones."""
    return pa.concat_arrays([take(column, rows), texts_of(new)])


def insert(column: Texts, at: Collection[int], new: Iterable[str]) -> Texts:
    """The column with new cells before those at these positions, as numpy.insert does it."""
    return take(pa.concat_arrays([column, texts_of(new)]), inserted_rows(len(column), at))


def inserted_rows(size: int, at: Collection[int]) -> Rows:
    """Which of `size` rows and of those behind them stand where, when these are put in at the positions."""
    return np.insert(np.arange(size), [*at], np.arange(size, size + len(at)))


class Words:
    """The words of some rows, each as a number, with the row of the given ones that it stands in."""

    def __init__(self, joined: Texts, separator: str) -> None:
        some = np.flatnonzero(np.asarray(pc.binary_length(joined).to_numpy(zero_copy_only=False)) > 0)
        lists = pc.split_pattern(take(joined, some), separator)
        coded = lists.flatten().dictionary_encode()
        self.vocabulary: Texts = coded.dictionary
        self.words: Rows = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        self.rows: Rows = np.repeat(some, pc.list_value_length(lists).to_numpy(zero_copy_only=False))

    def number(self, words: Collection[str]) -> Iterator[int]:
        """The numbers of words; -1 where a word stands nowhere."""
        found: Any = pc.index_in(texts_of(words), value_set=self.vocabulary)
        yield from (-1 if n is None else n for n in found.to_pylist())
