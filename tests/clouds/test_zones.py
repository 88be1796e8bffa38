"""The flows on every brand of store by settings alone: the same raw files, the same curated bytes, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.capture import capture
from flows.curate import curate, manifests
from flows.errors import InputError
from flows.lake import open_lake
from flows.settings import Settings
from tests.clouds.conftest import Clouds
from tests.clouds.days import settings_of

STORES = ("s3", "azure", "gcs")
HEADER = "Op,change_committed_at,change_log_position,store_id,store_name,city,region,country_code,legal_entity_id,opened_date,updated_at\n"


def curated(settings: Settings) -> list[tuple[object, ...]]:
    return [
        (t["source"], t["table"], t["rows"], t["rejected"], t["duplicates"], t["sha256"], t["inputs"])
        for m in manifests(settings)
        for t in m["tables"]
    ]


@pytest.mark.parametrize("brand", STORES)
def test_capture_and_curation__give_the_same_bytes_on_every_brand(
    clouds: Clouds, brand: str, deliveries: Path, by_files: Settings, tmp_path: Path
) -> None:
    """Small tables from an outbox in a store of the brand, through a lake in it. A second run changes nothing."""
    outbox = clouds.lake(brand, tmp_path)
    tables = ("shop/stores", "shop/customers", "finance/fx_rates")
    for table in tables:
        for path in sorted((deliveries / table).rglob("*.csv")):
            outbox.copy_in(path, path.relative_to(deliveries).as_posix())
    settings = replace(
        settings_of(tmp_path / "home", clouds.access, lake=clouds.root(brand, tmp_path)),
        outboxes={"": outbox.root},
    )
    first = capture(settings)
    assert first.new_files >= 10
    curate(settings)
    assert curated(settings) == [t for t in curated(by_files) if f"{t[0]}/{t[1]}" in tables]
    again = capture(settings)
    assert (again.new_files, again.known_files) == (0, first.new_files)
    assert curate(settings).number == 0
    (settings.state / "capture.json").unlink()
    assert capture(settings).new_files == 0, "without the journal too"


def change(op: str, second: int, store: str, name: str) -> str:
    return f"{op},2017-03-01 10:00:{second:02d}.000000,{second:020d},{store},{name},Paris,IDF,FR,FR01,2010-01-01,2017-03-01 10:00:00.000000\n"


@pytest.mark.fault(6)
@pytest.mark.fault(11)
@pytest.mark.fault(24)
def test_dms_files__insert_update_delete_key_change_and_reinsert(clouds: Clouds, tmp_path: Path) -> None:
    """Full load and changes as DMS leaves them in S3: out of order within a file, one file twice under another name.
    A changed key comes as the deletion of the old row and the insertion of the new one."""
    outbox = clouds.lake("s3", tmp_path)
    outbox.write_new(
        "shop/stores/LOAD00000001.csv",
        (
            HEADER + change("I", 0, "1", "One") + change("I", 0, "2", "Two") + change("I", 0, "3", "Three")
        ).encode(),
    )
    day = (
        HEADER
        + change("D", 5, "2", "Two")
        + change("U", 2, "1", "Uno")
        + change("U", 3, "1", "Eins")
        + change("I", 6, "4", "Two")
        + change("D", 4, "3", "Three")
    )
    outbox.write_new("shop/stores/2017/03/01/20170301-100000000.csv", day.encode())
    settings = replace(
        settings_of(tmp_path / "home", clouds.access, lake=clouds.root("s3", tmp_path)),
        outboxes={"": outbox.root},
    )
    capture(settings)
    curate(settings)
    outbox.write_new(
        "shop/stores/2017/03/02/20170302-100000000.csv",
        (HEADER + change("I", 9, "3", "Drei") + change("U", 3, "1", "Eins")).encode(),
    )
    outbox.write_new("shop/stores/2017/03/02/20170301-100000000.csv", day.encode())
    capture(settings)
    curate(settings)
    assert newest(settings) == {"1": "Eins", "3": "Drei", "4": "Two"}
    assert [m["tables"][0]["duplicates"] for m in manifests(settings)] == [0, 0]


def newest(settings: Settings) -> dict[str, str]:
    """Live stores by the newest change of each, as the staging models choose it."""
    import duckdb

    lake = open_lake(settings.curated, settings.access)
    names = [t["file"] for m in manifests(settings) for t in m["tables"]]
    near = lake.at_hand(names, settings.home / "read")
    with duckdb.connect() as connection:
        rows = connection.execute(
            """select store_id, arg_max(store_name, (change_committed_at, change_log_position)), arg_max(change_operation, (change_committed_at, change_log_position))
            from read_parquet(?) group by store_id""",
            [[near.uri(n) for n in names]],
        ).fetchall()
    return {store: name for store, name, op in sorted(rows) if op != "D"}


@pytest.mark.fault(6)
@pytest.mark.parametrize("brand", ["folder", *STORES])
def test_same_name_with_new_content__is_refused_and_nothing_overwritten(
    clouds: Clouds, brand: str, tmp_path: Path
) -> None:
    outbox = clouds.lake(brand, tmp_path)
    name = "shop/stores/LOAD00000001.csv"
    outbox.write_new(name, (HEADER + change("I", 0, "1", "One")).encode())
    settings = replace(
        settings_of(tmp_path / "home", clouds.access, lake=clouds.root(brand, tmp_path)),
        outboxes={"": outbox.root},
    )
    capture(settings)
    outbox.put(name, (HEADER + change("I", 0, "1", "Two")).encode(), "", create_only=False)
    with pytest.raises(InputError, match=r"LOAD00000001\.csv exists with other content"):
        capture(settings)
    raw = open_lake(settings.raw, settings.access)
    assert [b"One" in raw.read(stored.name) for stored in raw.list()] == [True]
