"""Rewrites that the evaluator cannot be asked about: by BigQuery's documentation."""

from __future__ import annotations

import datetime as dt

import pytest
from google.cloud import bigquery

from sandbox.bigquery.errors import Failure
from tests.sandbox.bigquery import corpus
from tests.sandbox.bigquery.conftest import StandIn


def test_moments__are_those_of_the_statement(stand_in: StandIn) -> None:
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    [[stamp, date, civil, time, again]] = stand_in.rows(
        "select current_timestamp(), current_date(), current_datetime(), current_time(), (select current_timestamp())"
    )
    after = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    assert before <= stamp <= after
    assert (date, civil, time, again) == (stamp.date(), stamp, stamp.time(), stamp)
    [[in_kiribati, at_home]] = stand_in.rows(
        "select current_date('Pacific/Kiritimati'), date(current_timestamp(), 'Pacific/Kiritimati')"
    )
    assert in_kiribati == at_home


def test_chance__differs_from_row_to_row(stand_in: StandIn) -> None:
    rows = stand_in.rows("select rand(), generate_uuid() from unnest(generate_array(1, 50))")
    assert len({row[0] for row in rows}) == len({row[1] for row in rows}) == 50
    assert all(0 <= row[0] < 1 and len(row[1]) == 36 for row in rows)
    [[user]] = stand_in.rows("select session_user()")
    assert "@" in user


def test_approximate_count__is_exact_for_few(stand_in: StandIn) -> None:
    assert stand_in.rows("select approx_count_distinct(x) from unnest(['a', 'b', null, 'a']) as x") == [[2]]


def test_tables_variables_and_defaults__are_read(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.beyond (a int64, b string default 'none')")
    stand_in.run("insert into ds.beyond (a, b) values (1, default), (2, 'x')")
    stand_in.run("insert into ds.beyond (a) values (3)")
    assert stand_in.rows("select b from ds.beyond order by a") == [["none"], ["x"], ["none"]]
    script = (
        "declare least_of int64 default 2; select count(*), @@project_id from ds.beyond where a >= least_of"
    )
    assert stand_in.rows(script) == [[2, "p"]]


def test_parameters__by_name_and_by_place(client: bigquery.Client) -> None:
    named = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter("x", "INT64", 20)])
    assert next(iter(client.query_and_wait("select @x + 1", job_config=named)))[0] == 21
    placed = bigquery.QueryJobConfig(query_parameters=[bigquery.ScalarQueryParameter(None, "STRING", "a'b")])
    assert next(iter(client.query_and_wait("select ? || '!'", job_config=placed)))[0] == "a'b!"


def test_sample__is_refused(stand_in: StandIn) -> None:
    stand_in.run("create or replace table ds.whole_sample as select 1 as a")
    with pytest.raises(Failure, match="not supported by the stand-in: TABLESAMPLE"):
        stand_in.run("select * from ds.whole_sample tablesample system (10 percent)")


def test_list__is_no_longer_than_it_must_be() -> None:
    """What is said to be beyond the oracle is a rewrite."""
    assert set(corpus.REWRITES) >= corpus.BEYOND
