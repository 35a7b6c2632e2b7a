"""Who may import whom: the tables here are the drawing of the architecture."""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STORE = {"stored_reports", "account", "arrivals", "article_table", "touched", "backup", "whereabouts", "publication", "refresh", "sample", "schema", "store", "publish", "reading", "decisions", "history", "checking"}
# A library -> the modules of pipeline that may know it
MAY_KNOW = {
    "sqlalchemy": STORE,
    "pyarrow": {"parquet_rows", "remembered", "memory_files", "told", "text_columns", "near_table", "copies", "ties", "snapshots",
                "snapshot_files", "snapshot_parts", "export", "csv_lines", "geojson_lines", "joining", "partitioned"},  # fmt: skip
    "pandas": {"table", "snapshots", "corrections", "decisions", "history", "publish", "loading", "export", "account",
               "reasons", "snapshot_files", "snapshot_parts", "near_misses", "near_table", "publication", "commands", "article_table", "remembered", "turns", "report_table",
               "joining", "partitioned", "build", "block_tables", "block_misses",
               "block_claims"},  # fmt: skip
    "streamlit": set(),
    "dashboard": set(),
    "plotly": set(),
}
# A module -> all of ours that it may import
MAY_IMPORT = {"models": set(), "errors": set(), "settings": set()}
AFTER_EXTRACTION = STORE | {
    "snapshots", "corrections", "table", "events", "near_misses", "reasons", "export", "commands", "build", "inbox",
    "loading", "snapshot_files", "joining", "partitioned", "spread", "block_steps", "block_misses", "block_claims", "block_tables", "ledger", "intake",
}  # fmt: skip
WITHOUT_STREAMLIT = ("filters", "timeline", "event_map", "export", "palette")


def imports_of(path: Path) -> set[str]:
    """Full names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            folder = ROOT / node.module.replace(".", "/")  # of a package: which of its modules
            found |= {
                f"{node.module}.{a.name}" if node.module == "pipeline" or (folder / f"{a.name}.py").exists()
                else node.module for a in node.names
            }  # fmt: skip
    return found


def modules(folder: str) -> dict[str, set[str]]:
    """Module ("store", "mentions.dates") -> what it imports."""
    home = ROOT / folder
    return {
        ".".join(p.relative_to(home).with_suffix("").parts): imports_of(p)
        for p in sorted(home.rglob("*.py"))
    }  # fmt: skip


PIPELINE = modules("pipeline")
OURS = {name: {i.removeprefix("pipeline.") for i in found if i.startswith("pipeline.")}
        for name, found in PIPELINE.items()}  # fmt: skip


@pytest.mark.parametrize("library", MAY_KNOW)
def test_library_is_known_only_where_it_may_be(library: str) -> None:
    users = {n for n, found in PIPELINE.items() if any(i.split(".")[0] == library for i in found)}
    assert users <= MAY_KNOW[library]


@pytest.mark.parametrize("module", MAY_IMPORT)
def test_ground_floor_imports_the_standard_library_only(module: str) -> None:
    assert OURS[module] <= MAY_IMPORT[module]
    assert {i.split(".")[0] for i in PIPELINE[module]} <= {*sys.stdlib_module_names, "pipeline"}


def reached_from(module: str) -> set[str]:
    """The module and all that it imports, and they, and so on."""
    seen, waiting = set(), [module]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += OURS.get(name if name in OURS else f"{name}.__init__", ())
    return seen


@pytest.mark.parametrize(("module", "never"), [
    ("extract", AFTER_EXTRACTION), ("events", STORE | {"table", "snapshots", "extract"}), ("table", STORE | {"events"}),
])  # fmt: skip
def test_a_stage_knows_nothing_of_later_ones(module: str, never: set[str]) -> None:
    assert "models" in reached_from(module) and not reached_from(module) & never


def kind_of(module: str) -> str:
    """Which kind of mention a module of pipeline/mentions finds; "" for the words that all share."""
    name = module.removeprefix("mentions.")
    for start, kind in (("date", "day"), ("place", "place"), ("toponyms", "place"), ("violence", "violence")):
        if name.startswith(start):
            return kind
    return "" if name == "words" else "count"


def test_the_four_kinds_of_mention_do_not_know_each_other() -> None:
    pairs = {(name, i) for name, found in OURS.items() if name.startswith("mentions.") and name != "mentions.__init__"
             for i in found if i.startswith("mentions.")}  # fmt: skip
    assert {(n, i) for n, i in pairs if kind_of(i) and kind_of(n) != kind_of(i)} == set()
    assert {kind_of(name) for pair in pairs for name in pair} == {"", "day", "place", "count", "violence"}


def test_each_file_stands_once_in_the_list_of_files_by_stage() -> None:
    listed = (ROOT / "pipeline" / "README.md").read_text("utf-8").split("## The files, by stage")[1].split("\n## ")[0]
    named = re.findall(r"`(\w+)`", "\n".join(line for line in listed.split("\n") if "`mentions/`" not in line))
    there = {name for name in PIPELINE if not name.startswith("mentions.")}
    assert (there - set(named), set(named) - there) == (set(), set()), "name it in pipeline/README.md, by its stage"
    assert len(named) == len(there)


def test_inside_the_package_nobody_imports_the_package_itself() -> None:
    assert not [name for name, found in PIPELINE.items() if "pipeline" in found]


def test_imports_make_no_circle() -> None:
    graph = {name.removesuffix(".__init__"): found for name, found in OURS.items() if name != "__init__"}
    list(TopologicalSorter(graph).static_order())  # raises CycleError with the circle


def test_dashboard_uses_only_what_the_package_offers() -> None:
    inside = {(n, i) for n, found in modules("dashboard").items() for i in found if i.startswith("pipeline.")}
    offered = set(ast.literal_eval((ROOT / "pipeline" / "__init__.py").read_text("utf-8").split("__all__ = ")[1]
                                   .split("]")[0] + "]"))  # fmt: skip
    assert {(n, i) for n, i in inside if i.removeprefix("pipeline.") not in offered} == set()


@pytest.mark.parametrize("module", WITHOUT_STREAMLIT)
def test_what_draws_and_filters_is_free_of_streamlit(module: str) -> None:
    assert not [i for i in modules("dashboard")[module] if i.split(".")[0] == "streamlit"]
