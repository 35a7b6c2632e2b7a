"""Where things are, and the limits that are not data. Read once at the start, passed as an argument."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders and limits. `from_env` may move the folders; nothing else is read from the environment."""

    data_dir: Path = ROOT / "data"  # lexicons and gazetteer tables, part of the project
    store_dir: Path = ROOT / "data" / "store"  # made by the program: database, snapshots, built gazetteer
    inbox_dir: Path = ROOT / "data" / "inbox"
    seeds_dir: Path = ROOT / "seeds" / "articles"
    database_url: str = field(default="", repr=False)  # "" means a SQLite file in store_dir; may hold a password
    read_only: bool = False  # no refresh, no corrections, no uploads: enforced by the store
    # 20 MB: the largest real page seen is under 1 MB of text; above this a file is a dump, not an article
    max_article_bytes: int = 20_000_000
    # of all sessions of a server together: far above what people drop, below what fills a disk unseen
    max_uploads_a_minute: int = 1_000
    max_upload_bytes_a_minute: int = 500_000_000

    @property
    def sample_dir(self) -> Path:
        """Dispatches written to show what it can do, apart from the seeds; their publishers end in " (sample)"."""
        return self.seeds_dir.parent.parent / "data" / "sample"

    @classmethod
    def from_env(cls) -> Settings:
        """The defaults, moved by CONFLICT_STORE_DIR, CONFLICT_INBOX_DIR, CONFLICT_DATABASE_URL, CONFLICT_READ_ONLY."""
        return cls(
            store_dir=Path(os.environ.get("CONFLICT_STORE_DIR", cls.store_dir)),
            inbox_dir=Path(os.environ.get("CONFLICT_INBOX_DIR", cls.inbox_dir)),
            database_url=os.environ.get("CONFLICT_DATABASE_URL", ""),
            read_only=os.environ.get("CONFLICT_READ_ONLY", "") == "1",
        )
