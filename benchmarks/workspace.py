"""One simulated company at one scale, carried through the lake into a DuckDB file, ready to be built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LAST_DAY_BUT_ONE = "2017-12-30"
LAST_DAY = "2017-12-31"


@dataclass(frozen=True)
class Workspace:
    """Folders and commands for one scale. ``home`` holds the benchmarks of all scales."""

    home: Path
    scale: int
    households: int | None

    @property
    def folder(self) -> Path:
        subset = f"-{self.households}-households" if self.households else ""
        return self.home / f"scale-{self.scale}{subset}"

    @property
    def loaded(self) -> Path:
        """DuckDB file with every landing table loaded up to the last day but one, and nothing built."""
        return self.folder / "loaded.duckdb"

    def environment(self, database: Path, target_path: Path) -> dict[str, str]:
        """Environment of a dbt or flows process that works on ``database``."""
        return {
            **os.environ,
            "DO_NOT_TRACK": "1",
            "CUSTOMER_360_HOME": str(self.folder),
            "CUSTOMER_360_DUCKDB_PATH": str(database),
            "DBT_TARGET_PATH": str(target_path),
            "DBT_LOG_PATH": str(target_path / "logs"),
        }

    def load(self, database: Path, through: str) -> None:
        """Let the company write up to ``through`` and carry it into ``database``; what is done is skipped."""
        subset = ["--households", str(self.households)] if self.households else []
        self._call(
            [
                "-m",
                "sandbox.company",
                "--out",
                str(self.folder / "company"),
                "--scale",
                str(self.scale),
                "--through",
                through,
                "--quiet",
                *subset,
            ],
            database,
        )
        self._call(["-m", "benchmarks.carry"], database)

    def copy(self, source: Path, name: str) -> Path:
        """A fresh copy of a DuckDB file in a folder ``name``; the file's own name is that of the catalog in every statement."""
        target = self.folder / name / source.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
        return target

    def _call(self, arguments: list[str], database: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(database, self.folder / "target"),
            check=False,
        )
        if done.returncode:
            raise SystemExit(
                f"bench: `python {' '.join(arguments)}` failed with exit code {done.returncode}."
            )
