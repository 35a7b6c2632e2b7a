"""The file holds what is on screen, and no spreadsheet runs it."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from sample_tables import sample_snapshot

from dashboard.export import to_bytes, to_csv_bytes, to_zip_bytes
from dashboard.foreign_shapes import as_acled, as_ged
from pipeline import PipelineError, export, export_table, table

EVENTS, REPORTS = sample_snapshot().events, sample_snapshot().reports


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_columns_and_words_of_the_codebook() -> None:
    read = rows(to_csv_bytes(EVENTS))
    assert list(read[0]) == list(table.EVENT_COLUMNS)
    assert [r["event_id"] for r in read] == list(EVENTS["event_id"])
    assert read[1]["date_start"] == "2021-03-04"


def test_unknown_is_empty_and_zero_is_zero() -> None:
    events = EVENTS.copy()
    events.loc[0, ["injured_low", "injured_best", "injured_high"]] = 0
    read = rows(to_csv_bytes(events))
    assert (read[0]["injured_best"], read[1]["injured_best"], read[4]["fatalities_high"]) == ("0", "", "")


def test_the_lines_are_those_that_pandas_writes_whatever_stands_in_the_cells() -> None:
    odd = ['"', ",", "a\nb", "a\rb", "a\r\nb", "", " x ", "'", "ü “”", "NaN", "a|b", "\\"]
    texts = pd.Series(odd, dtype="str")
    events = pd.DataFrame({
        "text": texts, "kind": pd.Categorical(odd), "gap": texts.where(texts != "'"), "only": None,
        "count": pd.array([1, None, 0, -3, 10**12, None] * 2, dtype="Int64"),
        "number": [0.1, 37.0, -0.0001, None, 1e-7, 123456.789] * 2, "day": pd.to_datetime(["2021-03-04", None] * 6),
        "flag": pd.array([True, False, None] * 4, dtype="boolean"), "sure": [True, False] * 6, "int": range(12),
    })  # fmt: skip
    plainly = io.BytesIO()
    # pandas knows nothing of formulas: what looks like one is compared elsewhere
    events.to_csv(plainly, index=False, date_format="%Y-%m-%d", lineterminator="\r\n")
    assert to_csv_bytes(events).decode("utf-8-sig").split("\r\n") == plainly.getvalue().decode().split("\r\n")


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".parquet", ".xlsx"])
def test_many_batches_are_one_file_and_a_file_that_failed_leaves_nothing(tmp_path, monkeypatch, suffix: str) -> None:
    export_table(EVENTS, tmp_path / f"one{suffix}")
    monkeypatch.setattr(export, "BATCH_ROWS", 3)
    export_table(EVENTS, tmp_path / f"many{suffix}")
    read = {".parquet": pd.read_parquet, ".xlsx": pd.read_excel}.get(suffix, Path.read_bytes)
    one, many = (read(tmp_path / f"{name}{suffix}") for name in ("one", "many"))
    assert one.equals(many) if isinstance(one, pd.DataFrame) else one == many
    monkeypatch.setattr(export, "MAX_XLSX_ROWS", 5)
    if suffix == ".xlsx":
        with pytest.raises(PipelineError, match="too many for XLSX"):
            export_table(EVENTS, tmp_path / f"third{suffix}")
    assert sorted(p.stem for p in tmp_path.iterdir()) == ["many", "one"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "\r=1"])
def test_formulas_are_disarmed(text: str) -> None:
    events = EVENTS.assign(evidence=pd.Series(text, index=EVENTS.index, dtype="str"), longitude=-3.5)
    read = rows(to_csv_bytes(events))
    assert read[0]["evidence"] == "'" + text
    assert read[0]["longitude"] == "-3.5"


def test_parquet_gives_the_same_table() -> None:
    read = pd.read_parquet(io.BytesIO(to_bytes(EVENTS, ".parquet")))
    assert list(read["event_id"]) == list(EVENTS["event_id"])
    assert read["fatalities_high"].isna().tolist() == EVENTS["fatalities_high"].isna().tolist()


def test_a_country_or_several_places_have_no_point_in_geojson() -> None:
    features = {f["id"]: f for f in json.loads(to_bytes(EVENTS, ".geojson"))["features"]}
    assert features["claim"]["geometry"] is None
    assert features["karm"]["geometry"]["coordinates"] == [37.0, 36.0]


def test_a_feature_is_what_json_makes_of_its_row_whatever_stands_in_the_cells() -> None:
    odd = ['"', "\\", "a\nb", "a\x01b", "", "ü “” \u2028", "</script>", "null"]
    events = EVENTS.head(8).assign(evidence=pd.Series(odd, dtype="str"), longitude=[37.0, 1e-7, None, 0.1, 5, 6, 7, 8])
    events.loc[2, "latitude"] = None
    features = [line.rstrip(b",") for line in to_bytes(events, ".geojson").split(b"\n")[1:-2]]
    for row, feature in zip(events.to_dict("records"), features, strict=True):
        cells = {
            name: None if pd.isna(v) else f"{v:%Y-%m-%d}" if isinstance(v, pd.Timestamp) else getattr(v, "item", lambda v=v: v)()
            for name, v in row.items()
        }  # fmt: skip
        point = {"type": "Point", "coordinates": [cells["longitude"], cells["latitude"]]}
        told = {"type": "Feature", "id": cells["event_id"], "geometry": point if cells["latitude"] is not None else None,
                "properties": cells}  # fmt: skip
        assert feature.decode() == json.dumps(told, ensure_ascii=False)


def test_acled_shape_holds_incidents_with_its_codes() -> None:
    table = as_acled(EVENTS, REPORTS).set_index("event_id_cnty")
    assert list(table.index) == ["karm", "karm-2", "dol-total", "south-week", "rhun-undated"]
    assert table["time_precision"].fillna(0).tolist() == [1, 1, 1, 2, 0]
    assert table["geo_precision"].fillna(0).tolist() == [1, 1, 2, 3, 0]
    assert table.loc["karm", ["actor1", "actor2"]].tolist() == ["rangers", ""]
    assert table.loc["karm-2", "source"] == "Arnor Herald; Rhun Wire"


def test_ged_shape_holds_its_codes_and_bounds() -> None:
    table = as_ged(EVENTS, REPORTS).set_index("id")
    assert table["date_prec"].fillna(0).tolist() == [1, 1, 1, 3, 0]
    assert table["where_prec"].tolist() == [1, 1, 2, 4, 6]
    assert table.loc["karm-2", ["low", "best", "high"]].tolist() == [12, 16, 18]


def test_the_zip_says_of_what_it_is() -> None:
    told = REPORTS[REPORTS["event_id"].isin(EVENTS["event_id"].head(2))]
    made = to_zip_bytes(EVENTS.head(2), told, {"filter": {"country": ["Arnor"]}, "snapshot_id": "s1"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        about = json.loads(archive.read("about.json"))
        assert set(archive.namelist()) == {*about["files"], "about.json"}
        assert len(rows(archive.read("events.csv"))) == 2
    assert about["counts"] == {"events": 2, "reports": 3}
    assert about["snapshot_id"] == "s1"
