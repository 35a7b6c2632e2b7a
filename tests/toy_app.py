"""The app over an empty store and the toy extractor, for the browser stories of taking in and reviewing."""

import runpy
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from toy_store import toy_extract, use_toy  # noqa: E402

import pipeline  # noqa: E402

use_toy()
OWN = pipeline.Settings.from_env()
WHERE = replace(OWN, seeds_dir=OWN.store_dir / "none", data_dir=OWN.store_dir / "data")


class Settings:
    """Everything in the folder of the test."""

    from_env = staticmethod(lambda: WHERE)


pipeline.Settings = Settings  # type: ignore[misc, assignment]
pipeline.extract = toy_extract
pipeline.load_gazetteer = lambda settings: None  # type: ignore[assignment, return-value]
runpy.run_path(str(ROOT / "dashboard" / "pages.py"), run_name="__main__")
