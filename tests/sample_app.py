"""The app over the sample tables, for the browser tests: started by test_browser.py with `streamlit run`."""

import json
import os
import runpy
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sample_tables import publish_sample  # noqa: E402

import pipeline  # noqa: E402

store_dir = Path(os.environ["CONFLICT_STORE_DIR"])
if not (store_dir / "CURRENT").exists():  # a story may publish another
    publish_sample(store_dir)
# decisions are only noted: the sample has no database
noted = store_dir / "decisions.jsonl"


def note(settings: object, *words: str, now: object) -> None:
    """Keep what was decided where a story finds it."""
    with noted.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(words) + "\n")


pipeline.add_correction = note  # type: ignore[assignment]
runpy.run_path(str(ROOT / "dashboard" / "pages.py"), run_name="__main__")
