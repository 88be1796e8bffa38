"""What a pool does and this stand-in does not says so: `not supported by the stand-in: …`, error 49999."""

from __future__ import annotations

from typing import Any

import pytest

TEXTS = [
    "SELECT a FROM u TABLESAMPLE (10 PERCENT)",
    "SELECT CHECKSUM(a) FROM u",
    "SELECT BINARY_CHECKSUM(a) FROM u",
    "SELECT RAND()",
    "SELECT COMPRESS('a')",
    "SELECT JSON_MODIFY('{}', '$.a', 1)",
    "SELECT STRING_ESCAPE('a', 'json')",
    "SELECT PARSENAME('a.b', 1)",
    "SELECT HASHBYTES('MD4', 'a')",
    "SELECT FORMAT(1, 'C', 'de-DE')",
    "SELECT FORMAT(1, 'X')",
    "SELECT FORMAT(GETDATE(), 'K')",
    "SELECT CONVERT(varchar(50), GETDATE(), 130)",
    "SELECT b COLLATE French_CI_AS FROM u",
    "SELECT GETDATE() AT TIME ZONE 'Samoa Standard Time'",
    "SELECT DATEDIFF(day, SYSDATETIMEOFFSET(), SYSDATETIMEOFFSET())",
    "SELECT CAST('2020-01-01 00:00+02:00' AS datetime2)",
    "SELECT CAST('2020-01-01 00:00:00.1234567' AS datetime2)",
    "SELECT MIN(g) FROM u",
    "SELECT a FROM u ORDER BY g",
    "SELECT STRING_AGG(b, b) FROM u",
    "SELECT ROUND(1.234, a) FROM u",
    "SELECT CONVERT(varchar(10), GETDATE(), a) FROM u",
    "SELECT PERCENTILE_CONT(0.1 * 5) WITHIN GROUP (ORDER BY a) OVER () FROM u",
    "SELECT a FROM u WHERE b LIKE 'x' ESCAPE b",
    "EXEC @procedure",
    "CREATE FUNCTION f () RETURNS int AS BEGIN RETURN 1 END",
    "CREATE WORKLOAD GROUP g WITH (MIN_PERCENTAGE_RESOURCE = 1)",
    "RENAME DATABASE a TO b",
    "ALTER TABLE t SET (X = ON)",
]


@pytest.mark.parametrize("text", TEXTS)
def test_not_supported__says_so(pool: Any, text: str) -> None:
    pool.table("u", a="int", b="varchar(10)", g="uniqueidentifier")
    pool.query("INSERT INTO u (a) VALUES (1)")
    error = pool.error(text)
    assert error.number == 49999
    assert error.message.startswith("not supported by the stand-in: ")
