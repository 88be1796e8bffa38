"""The simulated company: deterministic, append-only, true to the real file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import duckdb

from tests.conftest import python


def digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file() and p.suffix != ".parquet" and p.name != "company.json"
    }


def write(out: Path, *more: str) -> None:
    done = python("-m", "sandbox.company", "--out", str(out), "--households", "6", "--quiet", *more)
    assert done.returncode == 0, done.stderr


def test_company__is_the_same_for_a_seed_however_it_is_delivered(tmp_path: Path) -> None:
    write(tmp_path / "once")
    write(tmp_path / "days", "--through", "2017-06-01")
    half = digests(tmp_path / "days")
    write(tmp_path / "days")
    whole = digests(tmp_path / "days")
    assert {name: whole[name] for name in half} == half, "a delivered file was changed"
    assert whole == digests(tmp_path / "once")


def test_company__keeps_the_real_totals(company: Path) -> None:
    stated = json.loads((company / "company.json").read_text())["control_totals"]
    lines = duckdb.connect().execute(
        f"""
        select count(*), cast(sum(cast(sales_amount as decimal(18, 4))) as varchar) from (
            select *, row_number() over (partition by order_line_id order by change_log_position desc) as recency
            from read_csv('{company}/shop/order_lines/**/*.csv', all_varchar = true, union_by_name = true)
            where order_line_id not like 'POISON%'
        ) where recency = 1 and Op <> 'D'
        """
    ).fetchall()  # fmt: skip
    assert lines == [(stated["order_lines"], stated["sales_amount"])]


def test_company__refuses_a_folder_of_another_one(company: Path) -> None:
    done = python("-m", "sandbox.company", "--out", str(company), "--households", "41")
    assert done.returncode == 2
    assert "holds another company" in done.stderr


def test_company__cannot_be_written_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = python("-m", "sandbox.company", "--out", str(tmp_path / "file"), "--households", "6")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"folder {tmp_path / 'file'} cannot be made" in done.stderr


def test_nasty_company__has_the_same_totals_and_far_more_that_goes_wrong(tmp_path: Path) -> None:
    write(tmp_path / "usual")
    write(tmp_path / "nasty", "--nastiness", "10")
    usual, nasty = (json.loads((tmp_path / name / "company.json").read_text()) for name in ("usual", "nasty"))
    assert usual["control_totals"] == nasty["control_totals"]
    lines = {
        name: [
            line
            for file in (tmp_path / name / "shop" / "order_lines").rglob("*.csv")
            for line in file.read_text(encoding="utf-8").splitlines()[1:]
        ]
        for name in ("usual", "nasty")
    }
    deleted = {name: sum(line.startswith("D,") for line in sold) for name, sold in lines.items()}
    repeated = {name: len(sold) - len(set(sold)) for name, sold in lines.items()}
    assert deleted["nasty"] > 4 * max(deleted["usual"], 1)
    assert repeated["nasty"] > 4 * max(repeated["usual"], 1)
    # a folder is of one nastiness
    done = python("-m", "sandbox.company", "--out", str(tmp_path / "usual"), "--households", "6", "--nastiness", "2")  # fmt: skip
    assert done.returncode == 2
    assert "nastiness 1" in done.stderr


def test_nastiness__is_from_1_to_10(tmp_path: Path) -> None:
    done = python("-m", "sandbox.company", "--out", str(tmp_path / "out"), "--nastiness", "11")
    assert done.returncode == 2
    assert "--nastiness is 11; it must be from 1 to 10." in done.stderr
