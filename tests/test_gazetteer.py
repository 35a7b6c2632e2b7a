"""The built gazetteer: spellings, damage, two builders, a folder that cannot be written, places of one's own."""

import csv
import json
import multiprocessing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import gazetteer_build
from pipeline.__main__ import main
from pipeline.documents import prepare_document
from pipeline.errors import BrokenGazetteer, ReadOnlyStore
from pipeline.fingerprint import extractor_version
from pipeline.gazetteer import gazetteer_file, load_gazetteer
from pipeline.gazetteer_additions import add_place, add_places
from pipeline.mentions.places import find_places
from pipeline.models import Article
from pipeline.names import fold_key, name_key
from pipeline.settings import Settings
from pipeline.unresolved import unresolved_names

TABLES = Path(__file__).parent.parent / "data" / "gazetteer"


@pytest.fixture
def settings(tmp_path):
    return replace(Settings(), store_dir=tmp_path / "store")


@pytest.fixture
def small(monkeypatch):
    """A gazetteer of one town: it is built in a moment."""
    town = {"geonameid": 1, "name": "Aleppo", "latitude": 36.2, "longitude": 37.16, "countrycode": "SY",
            "population": 2_000_000, "admin1code": "09", "alternatenames": ["Halab", ""]}  # fmt: skip
    monkeypatch.setattr(gazetteer_build, "read_towns", lambda: {"1": town})


@pytest.mark.parametrize(
    ("one", "other"),
    [("Deir ez-Zor", "DEIR EZ ZOR"), ("Ma'rib", "Marib"), ("São Paulo", "Sao Paulo"), ("Saint Louis", "St. Louis"),
     ("Łódź", "Lodz"), ("Nu‘mān", "Numan")],
)  # fmt: skip
def test_one_key_for_the_ways_to_write_a_name(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hudaydah", "al-Hudaida"), ("Khan Sheikhoun", "Khan Shaykhun"), ("Raqqa", "ar-Raqqah"),
     ("Rajnandgaon", "Raj Nandgaon")],
)  # fmt: skip
def test_transliterations_of_one_name_fold_to_one_key(one, other):
    assert fold_key(name_key(one)) == fold_key(name_key(other)) != ""


def test_different_towns_do_not_fold_together():
    assert len({fold_key(name_key(n)) for n in ("Homs", "Hama", "Aleppo", "Idlib", "Daraa", "Douma")}) == 6


def test_a_region_s_spelling_is_its_seat_s_too():
    kinds = {c.kind for c in load_gazetteer(Settings()).candidates("Deir Ezzor")}
    assert kinds == {gazetteer_build.TOWN, gazetteer_build.ADMIN1}


def test_a_damaged_file_is_noticed_and_built_again(settings, small):
    load_gazetteer(settings)
    path = gazetteer_file(settings)
    good = path.read_bytes()
    path.write_bytes(good[:-50_000] + b"\xff" * 10 + good[-49_990:])
    assert load_gazetteer(settings).candidates("Halab")
    assert path.read_bytes() == good


@pytest.mark.parametrize("content", [b"", b"CONF", b"\0" * 5000])
def test_a_half_built_file_is_built_again(settings, small, content):
    path = gazetteer_file(settings)
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert load_gazetteer(settings).by_key("syria")


def test_a_folder_that_cannot_be_written_names_the_setting(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BrokenGazetteer, match="CONFLICT_STORE_DIR"):
        load_gazetteer(replace(Settings(), store_dir=tmp_path / "file" / "store"))


def write_places(path: Path, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("name", "lat", "lon", "country", "admin1", "alternate names"), *rows])
    return path


def test_an_analyst_s_places_are_added_once_and_found(settings, small, tmp_path):
    table = write_places(
        tmp_path / "mine.csv",
        ("Arnorstead", "35.9", "36.4", "Syria", "Idlib", "Arnorsted"), ("Off", "95", "1", "", "", ""),
        ("Wrong", "x", "1", "", "", ""),
    )  # fmt: skip
    done = add_places(table, settings)
    assert (done.read, done.added, len(done.refused)) == (3, 1, 2)
    [found] = load_gazetteer(settings).candidates("Arnorsted")
    assert (found.iso3, found.admin1, found.latitude) == ("SYR", "Idlib", pytest.approx(35.9, abs=1e-4))
    assert add_places(table, settings).known == 1
    gazetteer_file(settings).unlink()
    assert load_gazetteer(settings).candidates("Arnorstead"), "lost in a rebuild"


def test_own_places_with_a_number_in_their_name_are_read(settings, small, tmp_path):
    table = tmp_path / "camps.csv"
    table.write_text("name,lat,lon,country\nCamp 23,35.9,36.6,Syria\nHighway 5 Checkpoint,35.5,36.6,Syria\n77,1,1,Syria\n",
                     encoding="utf-8")  # fmt: skip
    done = add_places(table, settings)
    assert (done.added, len(done.refused)) == (2, 1) and "begins with a word" in done.refused[0]
    gazetteer = load_gazetteer(settings)
    assert gazetteer.candidates("Camp 23") and not gazetteer.candidates("Camp 24")
    text = "Shells fell in Camp 23 and killed 4. Near Highway 5 Checkpoint 2 men died. In Camp 230 people wait, in Camp 24 too."
    found = find_places(prepare_document(Article("a", "", text, "", "", None)), gazetteer)
    assert [m.text for m in found if m.place] == ["Camp 23", "Highway 5 Checkpoint"]


def test_a_geonames_dump_is_read(settings, small, tmp_path):
    cells = ["1", "Tell Arnor", "Tell Arnor", "Tal Arnor", "35.5", "36.6", "P", "PPL", "SY", "", "12", "", "", "", "500",
             "", "", "Asia/Damascus", "2020-01-01"]  # fmt: skip
    dump = tmp_path / "SY.txt"
    dump.write_text("\t".join(cells) + "\n" + "\t".join(cells[:6] + ["A", "ADM1"] + cells[8:]) + "\n", encoding="utf-8")
    assert add_places(dump, settings).added == 1
    assert load_gazetteer(settings).candidates("Tal Arnor")[0].population == 500


def test_a_file_without_the_columns_is_refused(settings, small, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BrokenGazetteer, match="name, lat, lon"):
        add_places(wrong, settings)


def test_lookup_shows_candidates_and_the_choice(capsys):
    assert main(["gazetteer", "lookup", "Palma", "--in", "Mozambique"]) == 0
    said = capsys.readouterr().out
    assert "Spain" in said
    assert "Cabo Delgado, Mozambique" in said.splitlines()[-1]
    assert main(["gazetteer", "lookup", "Qqxyzzy"]) == 1
    capsys.readouterr()
    assert main(["gazetteer", "lookup", "Palma", "--in", "Mozambique", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chosen"]["country"] == "Mozambique" and told["chosen"]["reason"]
    assert {"Spain", "Mozambique"} <= {c["country"] for c in told["candidates"]}
    assert main(["gazetteer", "lookup", "Qqxyzzy", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["candidates"] == []


@pytest.mark.parametrize("table", ["countries.csv", "admin1.csv", "admin2.csv", "regions.csv"])
def test_tables_hold_what_they_promise(table):
    rows = gazetteer_build.read_table(TABLES / table)
    assert len(rows) > 100
    for row in rows:
        assert -90 <= float(row["latitude"]) <= 90 and -180 <= float(row["longitude"]) <= 180, row
        assert row["name"] == row["name"].strip() != "", row
        variants = row["variants"].split("|") if row["variants"] else []
        assert all(variants) and row["name"] not in variants, row
    keys = [tuple(row[k] for k in ("iso2", "code", "admin1_code", "name") if k in row) for row in rows]
    assert len(set(keys)) == len(keys)


def _build(store: str) -> None:
    load_gazetteer(replace(Settings(), store_dir=Path(store)))


def test_two_builders_do_not_spoil_it(settings, small):
    context = multiprocessing.get_context("fork")
    builders = [context.Process(target=_build, args=(str(settings.store_dir),)) for _ in range(2)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(timeout=120)
    assert [builder.exitcode for builder in builders] == [0, 0]
    assert load_gazetteer(settings).candidates("Aleppo")
    assert not list(gazetteer_file(settings).parent.glob("*.tmp"))


def test_a_place_added_by_hand_is_found_survives_a_rebuild_and_makes_a_new_reading(settings, small):
    before = extractor_version(settings)
    assert add_place(settings, "Dol", 36.5, 37.2, "Syria").added == 1
    assert add_place(settings, "Dol", 36.5, 37.2, "Syria").known == 1
    assert "off the globe" in add_place(settings, "Nowhere", 95.0, 0.0).refused[0]
    gazetteer_file(settings).unlink()
    [dol] = load_gazetteer(settings).candidates("Dol")
    assert (dol.country, dol.kind) == ("Syria", gazetteer_build.OWN)
    assert extractor_version(settings) != before
    with pytest.raises(ReadOnlyStore):
        add_place(replace(settings, read_only=True), "Karm", 36.0, 37.0)


def test_names_that_the_gazetteer_lacks_are_told_with_their_articles(settings, small):
    texts = [
        "Two men were killed in the village of Dolgrad on 3 May 2021, officials in Aleppo said.",
        "Shells fell near Dolgrad, and one child was hurt in Ramadan.",
        "The mayor of Aleppo spoke in Parliament.",
    ]
    articles = [Article(str(n), "", text, "", "", date(2021, 5, 4)) for n, text in enumerate(texts)]
    [one] = unresolved_names(settings, articles)
    assert (one.name, one.articles, one.country) == ("Dolgrad", {"0", "1"}, "Syria")
    assert one.example == texts[0]
    add_place(settings, "Dolgrad", 36.5, 37.2, "Syria")
    assert unresolved_names(settings, articles) == []
