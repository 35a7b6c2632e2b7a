"""The database: its tables, how it is opened, and who may write. SQLite by default, PostgreSQL by its URL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import NullPool

from pipeline.errors import BrokenStore, ReadOnlyStore, StoreBusy
from pipeline.settings import Settings

# Raise it when a table changes its shape; a store with a higher number is refused, not guessed at
SCHEMA_VERSION = 3  # 2: members.successor; 3: indexes
PATIENCE_SECONDS = 30  # how long a writer waits for another before it says that the store is busy
# Two locks, so that a correction need not wait until a long refresh has read all its articles
REFRESHING, PUBLISHING = "refreshing", "publishing"
LOCK_KEYS = {REFRESHING: 7_203_001, PUBLISHING: 7_203_002}  # any two numbers that nobody else uses in the database

metadata = MetaData()
meta = Table("meta", metadata, Column("key", String(40), primary_key=True), Column("value", Text, nullable=False))
# Articles as received: a row a version, never changed. `undone`: its refresh was taken back, so it counts as unseen
versions = Table(
    "article_versions", metadata, Column("article_id", Text), Column("content_hash", String(64)),
    Column("title", Text), Column("text", Text), Column("source", Text), Column("url", Text),
    Column("published", String(10)), Column("published_reason", Text), Column("origin", Text),
    Column("run_id", Integer), Column("undone", Boolean, nullable=False),
    PrimaryKeyConstraint("article_id", "content_hash"),
)  # fmt: skip
# Which version of an article counts, and whether the article was withdrawn
articles = Table(
    "articles", metadata, Column("article_id", Text, primary_key=True), Column("content_hash", String(64)),
    Column("withdrawn", Boolean, nullable=False), Column("withdrawn_why", Text, nullable=False),
)  # fmt: skip
# What the extractor said of a version: may be thrown away, an article is then read again
cache_table = Table(
    "extractions", metadata, Column("content_hash", String(64)), Column("extractor_version", String(64)),
    Column("reports", Text, nullable=False), Column("digest", String(64), nullable=False),
    PrimaryKeyConstraint("content_hash", "extractor_version"),
)  # fmt: skip
# The event each report is in, also of those that are gone: what keeps event ids from moving. `successor`: what a new
# extractor calls a report that it finds elsewhere; corrections follow it
members = Table(
    "members", metadata, Column("report_id", Text, primary_key=True), Column("event_id", Text, nullable=False),
    Column("article_id", Text, nullable=False), Column("sentence_start", Integer), Column("sentence_end", Integer),
    Column("successor", Text, nullable=False, server_default=""),
)  # fmt: skip
# An archive is large and what a refresh looks for is little
INDEXES = (
    Index("versions_by_hash", versions.c.content_hash), Index("versions_by_run", versions.c.run_id),
    Index("members_by_article", members.c.article_id), Index("members_by_event", members.c.event_id),
)  # fmt: skip
# The published table, and what became of the events that left it: state live | superseded | withdrawn
events = Table(
    "events", metadata, Column("event_id", Text, primary_key=True), Column("row", Text, nullable=False),
    Column("state", String(12), nullable=False), Column("superseded_by", Text, nullable=False),
)  # fmt: skip
changes = Table(
    "changes", metadata, Column("change_id", Integer, primary_key=True), Column("run_id", Integer, index=True),
    Column("event_id", Text), Column("what", String(12)), Column("field", Text), Column("old", Text),
    Column("new", Text), Column("because", Text),
)  # fmt: skip
corrections = Table(
    "corrections", metadata, Column("correction_id", Integer, primary_key=True), Column("action", String(12)),
    Column("target", Text), Column("field", Text), Column("value", Text), Column("anchors", Text),
    Column("why", Text), Column("who", Text), Column("at", String(40)),
)  # fmt: skip
runs = Table(
    "runs", metadata, Column("run_id", Integer, primary_key=True), Column("action", String(12)),
    Column("at", String(40)), Column("extractor_version", String(64)), Column("summary", Text),
    Column("snapshot_id", Text), Column("undone_by", Integer),
)  # fmt: skip
# What each run did to `articles` and `members` (before, after; "" for no row): undo walks it backwards
journal = Table(
    "journal", metadata, Column("entry_id", Integer, primary_key=True), Column("run_id", Integer, index=True),
    Column("kind", String(8)), Column("key", Text), Column("before", Text), Column("after", Text),
)  # fmt: skip


def database_url(settings: Settings) -> str:
    """Where the truth is."""
    return settings.database_url or f"sqlite:///{settings.store_dir / 'store.sqlite'}"


def open_store(settings: Settings) -> Engine:
    """The database, made at first use; raises BrokenStore where it is newer than this program or damaged."""
    settings.store_dir.mkdir(parents=True, exist_ok=True)
    engine = _engine(database_url(settings))
    try:
        _check_version(engine, may_write=not settings.read_only)
    except DatabaseError as problem:
        if "locked" in str(problem):
            raise StoreBusy("somebody else is writing to the store; try again") from problem
        raise BrokenStore(
            f"{engine.url.render_as_string()}: cannot be used ({problem.orig}); put back a copy, or move the file "
            "away and run `python -m pipeline refresh` with the articles to build it again"
        ) from problem
    return engine


@cache
def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    # no pool: a connection kept open would go on writing to a file that was moved away
    engine = create_engine(url, connect_args={"timeout": PATIENCE_SECONDS}, poolclass=NullPool)
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    # not WAL: SQLite 3.7.0 to 3.51.2 can lose committed pages there when a reset races with a checkpoint
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("PRAGMA synchronous=FULL")


def _check_version(engine: Engine, *, may_write: bool) -> None:
    found = None
    if inspect(engine).has_table("meta"):
        with engine.connect() as connection:
            found = connection.scalar(select(meta.c.value).where(meta.c.key == "schema_version"))
    if found is not None and int(found) > SCHEMA_VERSION:
        raise BrokenStore(
            f"the store has version {found}, this program knows {SCHEMA_VERSION}: "
            "it was written by a newer program; update this one"
        )
    if found is not None and int(found) < SCHEMA_VERSION and may_write:
        with locked(engine, PUBLISHING), engine.begin() as connection:
            if "successor" not in {c["name"] for c in inspect(connection).get_columns("members")}:
                connection.execute(text("ALTER TABLE members ADD COLUMN successor TEXT NOT NULL DEFAULT ''"))
            for index in INDEXES:
                index.create(connection, checkfirst=True)
            connection.execute(update(meta).where(meta.c.key == "schema_version").values(value=str(SCHEMA_VERSION)))
    if found is None and may_write:
        with locked(engine, PUBLISHING), engine.begin() as connection:
            metadata.create_all(connection)
            if not connection.scalar(select(meta.c.value).where(meta.c.key == "schema_version")):
                connection.execute(insert(meta).values(key="schema_version", value=str(SCHEMA_VERSION)))


@contextmanager
def writing(settings: Settings, lock: str) -> Iterator[Engine]:
    """The database under a lock; raises ReadOnlyStore where the settings forbid writing."""
    refuse_if_read_only(settings)
    try:
        engine = open_store(settings)
        with locked(engine, lock):
            yield engine
    except (DatabaseError, OSError) as problem:
        said = problem.orig if isinstance(problem, DatabaseError) else problem
        if "locked" in str(said):
            raise StoreBusy("somebody else is writing to the store; nothing was changed, try again") from problem
        raise BrokenStore(
            f"the store could not be written ({said}); the published table is whole; make room or put the disk right, "
            "then do the same again"
        ) from problem


def refuse_if_read_only(settings: Settings) -> None:
    """Raise ReadOnlyStore where the settings forbid writing."""
    if settings.read_only:
        raise ReadOnlyStore("this store is open for reading only (CONFLICT_READ_ONLY=1); nothing was changed")


@contextmanager
def locked(engine: Engine, lock: str, *, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold a lock that the system frees even after kill -9; StoreBusy when it is not to be had in time."""
    busy = StoreBusy(f"somebody else is {lock}; nothing was changed, try again in a moment")
    if engine.dialect.name == "sqlite":
        # a second, empty SQLite file: portable, unlike flock, and readers of the store never meet it
        path = f"{engine.url.database}.{lock}"
        holder = sqlite3.connect(path, timeout=patience_seconds, isolation_level=None, check_same_thread=False)
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as problem:
            holder.close()
            if "locked" in str(problem):
                raise busy from problem
            raise BrokenStore(f"{path}: {problem}; check the disk and the folder's rights") from problem
        try:
            yield
        finally:
            holder.close()
        return
    with engine.connect() as connection:
        until = time.monotonic() + patience_seconds
        while not _try_advisory(connection, LOCK_KEYS[lock]):
            if time.monotonic() > until:
                raise busy
            time.sleep(0.05)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEYS[lock]})
            connection.commit()


def _try_advisory(connection: Connection, key: int) -> bool:
    try:
        got = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        connection.commit()  # the lock belongs to the session; an idle transaction would hold back cleaning
        return got
    except OperationalError as problem:
        raise BrokenStore(f"the database does not answer ({problem.orig}); start it and try again") from problem
