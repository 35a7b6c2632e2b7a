"""Named views: kept as files, read back whole, harmless whatever their names."""

from pathlib import Path

import pytest

from dashboard.saved_views import delete_view, load_views, save_view

QUERY = {"country": ["Arnor", "Rhun"], "killed": ["16"], "event": ["karm"]}


@pytest.mark.parametrize("name", ["My view", "../../etc/passwd", "Ærø | 雪", "a" * 80, ".", "CON"])
def test_a_view_is_kept_under_any_name_and_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    save_view(tmp_path, name, QUERY)
    assert load_views(tmp_path) == {name: QUERY}
    assert [p.parent for p in tmp_path.rglob("*.json")] == [tmp_path / "views"]
    delete_view(tmp_path, name)
    assert load_views(tmp_path) == {}


def test_the_same_name_replaces_and_others_stay(tmp_path: Path) -> None:
    save_view(tmp_path, "b", QUERY)
    save_view(tmp_path, "A", {"killed": ["1"]})
    save_view(tmp_path, "b", {"killed": ["2"]})
    assert load_views(tmp_path) == {"A": {"killed": ["1"]}, "b": {"killed": ["2"]}}


@pytest.mark.parametrize("content", ["", "[]", '{"name": "x"}', '{"name": "x", "query": 3}', "\udcff"])
def test_a_damaged_file_is_left_out(tmp_path: Path, content: str) -> None:
    save_view(tmp_path, "good", QUERY)
    (tmp_path / "views" / "bad.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert list(load_views(tmp_path)) == ["good"]
