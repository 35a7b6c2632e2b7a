"""Prints every pattern that the pipeline compiles, at import or while it reads, as JSON: run in a process of its own."""

from __future__ import annotations

import json
import pkgutil
import re
import sys
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]
found: dict[tuple[str, int], set[str]] = {}
uses: dict[tuple[str, int], set[str]] = {}  # with which functions of `re` it was used by its text
BY_TEXT = ("compile", "search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def recording(name: str):
    """The function of `re` that also notes which module of the pipeline gave it which pattern."""
    plain = getattr(re, name)

    def noted(pattern, *args, **kwargs):
        module = sys._getframe(1).f_globals.get("__name__", "")
        if module.startswith("pipeline"):
            kept = plain(pattern, *args, **kwargs) if name == "compile" else re.compile(pattern)
            found.setdefault((kept.pattern, kept.flags), set()).add(module)
            uses.setdefault((kept.pattern, kept.flags), set()).add(name)
        return plain(pattern, *args, **kwargs)

    return noted


for name in BY_TEXT:
    setattr(re, name, recording(name))

import pipeline  # noqa: E402

for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
    if not module.name.endswith("__main__"):
        import_module(module.name)

from pipeline.extract import extract  # noqa: E402
from pipeline.gazetteer import load_gazetteer  # noqa: E402
from pipeline.models import Article  # noqa: E402
from pipeline.settings import Settings  # noqa: E402

gazetteer = load_gazetteer(Settings())
for path in [*sorted(Path("seeds").rglob("*.txt")), *sorted(Path("data/sample").rglob("*.txt"))]:
    extract(Article("a", path.stem, path.read_text(encoding="utf-8"), "desk", "", date(2018, 9, 12)), gazetteer)


def only_at_the_start(pattern: str, flags: int) -> bool:
    """Whether the program tries the pattern at one spot only (`match`), never all along a text."""
    if uses[pattern, flags] <= {"match", "fullmatch"}:
        return True
    told = {
        use
        for module in [m for n, m in sys.modules.items() if n.startswith("pipeline")]
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and (value.pattern, value.flags) == (pattern, flags)
        for use in re.findall(rf"\b{name}\b(?! = |,? as )(?:\.(\w+)\()?", source_of(module))
    }
    return bool(told) and told <= {"match", "fullmatch"}


@cache
def source_of(module) -> str:
    """A module's text without its imports."""
    text = Path(module.__file__).read_text(encoding="utf-8")
    return re.sub(r"^from .*(?:\((?:[^)]*)\))?$|^    [A-Z_]+,$", "", text, flags=re.MULTILINE)


print(json.dumps([[p, f, sorted(where), only_at_the_start(p, f)] for (p, f), where in found.items()]))
