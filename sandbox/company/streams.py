"""What the collectors deliver: clicks and profile changes, late, twice and out of order."""

from __future__ import annotations

import duckdb


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Tables ``stream_events`` and ``stream_changes`` with ``file_date``, in the order of delivery."""
    for name, source, key in (("events", "click", "event_id"), ("changes", "profile_change", "change_id")):
        columns = "* exclude (occurred_at)"
        connection.execute(
            f"""
            create table stream_{name} as
            with received as (
                select {columns}, strftime(occurred_at, '%Y-%m-%dT%H:%M:%S.%fZ') as occurred_at,
                    occurred_at + to_milliseconds(200 + cast(unit('lag' || {key}) * 4000 as integer))
                        + case when mishap('late' || {key}) < 0.01 then to_hours(24 + cast(unit('how late' || {key}) * 47 as integer)) else to_hours(0) end as received
                from {source}
            ), delivered as (
                select *, cast(received as date) as file_date from received
                union all
                select *, cast(received as date) + case when unit('when again' || {key}) < 0.5 then 1 else 0 end from received where mishap('twice' || {key}) < 0.01
            )
            select * exclude (received, file_date), strftime(received, '%Y-%m-%dT%H:%M:%S.%fZ') as received_at, file_date
            from delivered order by file_date, md5({key})
            """
        )
