"""The identity layer as a dbt project of its own: the project's models, macros and seeds over records given as tables."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import duckdb

from benchmarks.identity_project import PROJECT
from benchmarks.measure import Measurement, measure

ROOT = Path(__file__).resolve().parents[1]
DBT = Path(sys.executable).parent / "dbt"
# what the layer reads; everything else below models/identity is built
GIVEN = ("int_identity__records", "int_identity__profiles", "stg_privacy__erasure_requests", "int_data_clock")
LEFT_OUT = {*GIVEN, "int_identity__order_customers"}


class Layer:
    """A folder with the project and a DuckDB file, in whose schema ``given`` the caller writes the tables of GIVEN."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.database = folder, folder / "layer.duckdb"
        (folder / "models").mkdir(parents=True, exist_ok=True)
        settings = "models: {+materialized: table}\n"
        (folder / "dbt_project.yml").write_text(PROJECT + settings, encoding="utf-8")
        if not (folder / "macros").exists():
            (folder / "macros").symlink_to(ROOT / "macros")
        for path in sorted((ROOT / "models" / "identity").glob("*.sql")):
            if path.stem not in LEFT_OUT:
                (folder / "models" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        self.database.unlink(missing_ok=True)
        with duckdb.connect(str(self.database)) as connection:
            connection.execute("create schema given")
            for seed in sorted((ROOT / "seeds").glob("identity_*.csv")):
                connection.execute(
                    f"create table given.{seed.stem} as from read_csv('{seed}', header = true, sample_size = -1)"
                )
        for name in [*GIVEN, *(seed.stem for seed in (ROOT / "seeds").glob("identity_*.csv"))]:
            (folder / "models" / f"{name}.sql").write_text(f"select * from given.{name}", encoding="utf-8")

    def write(self, *statements: str) -> None:
        """Run SQL on the file, such as the statements that make the given tables."""
        with duckdb.connect(str(self.database)) as connection:
            for sql in statements:
                connection.execute(sql)

    def build(self) -> Measurement:
        """``dbt run`` of the whole layer; raises SystemExit with the log's end when it fails."""
        return measure(
            [
                str(DBT),
                "--no-use-colors",
                "run",
                "--target",
                "local",
                "--project-dir",
                str(self.folder),
                "--profiles-dir",
                str(ROOT / "profiles"),
            ],
            environment={
                **os.environ,
                "CUSTOMER_360_DUCKDB_PATH": str(self.database),
                "CUSTOMER_360_SCHEMA": "built",
                "DBT_TARGET_PATH": str(self.folder / "target"),
                "DBT_LOG_PATH": str(self.folder / "target" / "logs"),
            },
            log=self.folder / "build.log",
        )

    def unload(self) -> tuple[Path, Path, Path]:
        """Parquet of identity_map, int_identity__edges and int_identity__edges_rejected, as the flow unloads them."""
        files = []
        with duckdb.connect(str(self.database), read_only=True) as connection:
            for name in ("identity_map", "int_identity__edges", "int_identity__edges_rejected"):
                files.append(self.folder / f"{name}.parquet")
                connection.execute(f"copy (from built.{name}) to '{files[-1]}' (format parquet)")
        return files[0], files[1], files[2]
