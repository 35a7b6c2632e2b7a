"""The app over the sample tables, for the browser tests: started by test_browser.py with `streamlit run`."""

import json
import os
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import streamlit as st  # noqa: E402
from sample_tables import sample_snapshot  # noqa: E402

import pipeline  # noqa: E402

where = SimpleNamespace(read_only=False, store_dir=Path(os.environ["CONFLICT_STORE_DIR"]))
snapshot = st.cache_resource(sample_snapshot)()
pipeline.Settings = SimpleNamespace(from_env=lambda: where)  # type: ignore[misc, assignment]
token = where.store_dir / "CURRENT"  # a story may write another
pipeline.snapshot_token = lambda s: token.read_text(encoding="utf-8") if token.exists() else "sample"
pipeline.load_snapshot = lambda s: snapshot  # type: ignore[assignment, return-value]
# decisions are only noted: the sample has no database
noted = where.store_dir / "decisions.jsonl"


def note(settings: object, *words: str, now: object) -> None:
    """Keep what was decided where a story finds it."""
    with noted.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(words) + "\n")


pipeline.add_correction = note  # type: ignore[assignment]
where.store_dir.mkdir(exist_ok=True)
runpy.run_path(str(ROOT / "dashboard" / "app.py"))
