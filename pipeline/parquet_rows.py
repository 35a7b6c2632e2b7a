"""The rows of a Parquet file, some at a time, as long as they are in proportion to the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from pipeline.archives import HARMLESS_BYTES, MAX_ZIP_RATIO
from pipeline.columns import Rows
from pipeline.errors import UnreadableArticle

ROWS_AT_ONCE = 100  # of some megabytes each at the most
ROW = 100  # what a row costs beside its text, in characters: a few bytes may stand for millions of equal rows


def parquet_rows(handle: IO[bytes], name: str, choose: Callable[[list[str]], list[str]]) -> Iterator[Rows]:
    """Only the columns that `choose` takes of those that there are.

    UnreadableArticle where the file is damaged, after the rows before the damage, or unpacks to far more than it is.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    faults = (pa.ArrowException, OSError, ValueError, OverflowError, MemoryError)
    most = max(HARMLESS_BYTES, MAX_ZIP_RATIO * handle.seek(0, 2))
    bomb = UnreadableArticle(name, "unpacks to far more than a table of articles", "split it")
    try:
        table = pq.ParquetFile(handle)
        wanted = choose(table.schema_arrow.names)
        # equal texts are kept once in the file: they stay so in memory
        table = pq.ParquetFile(handle, read_dictionary=wanted)
        if _unpacked(table.metadata) > most:
            raise bomb
    except faults as problem:
        raise UnreadableArticle(name, f"not a readable Parquet file ({str(problem)[:120]})", "write it again") from None
    batches, told = table.iter_batches(batch_size=ROWS_AT_ONCE, columns=wanted), 0
    while True:
        try:
            batch = next(batches, None)
            columns = {} if batch is None else {c: _cells(batch.column(c)) for c in wanted}
        except faults as problem:
            fault = f"a damaged Parquet file ({str(problem)[:120]})"
            raise UnreadableArticle(name, fault, "write it again") from None
        if batch is None:
            return
        rows = [{c: cells[at] for c, cells in columns.items()} for at in range(batch.num_rows)]
        told += sum(ROW + sum(len(cell) for cell in row.values() if isinstance(cell, str)) for row in rows)
        if told > most:
            raise bomb
        yield rows


def _unpacked(metadata: Any) -> int:
    groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def _cells(column: Any) -> list[Any]:
    import pyarrow as pa

    if not pa.types.is_dictionary(column.type):
        cells: list[Any] = column.to_pylist()
        return cells
    texts = column.dictionary.to_pylist()
    return [None if at is None else texts[at] for at in column.indices.to_pylist()]
