"""What a dedicated SQL pool refuses is refused, with its error number.

Syntax that is not in the pool's grammar is its parser's error 103010; the pages named beside the probes say that it is
not there.
"""

from __future__ import annotations

from typing import Any

import pytest

SYNTAX = 103010
OVERVIEW = "azure/synapse-analytics/sql/overview-features"
SELECT = "sql/t-sql/queries/select-transact-sql"
FROM = "sql/t-sql/queries/from-transact-sql"
GROUP = "sql/t-sql/queries/select-group-by-transact-sql"
CTE = "sql/t-sql/queries/with-common-table-expression-transact-sql"
TABLE = "sql/t-sql/statements/create-table-azure-sql-data-warehouse"
CTAS = "sql/t-sql/statements/create-table-as-select-azure-sql-data-warehouse"
LANGUAGE = "azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-reference-tsql-language-elements"
TYPES = "azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-tables-data-types"
CONDITION = "sql/t-sql/queries/search-condition-transact-sql"
ERRORS = "sql/relational-databases/errors-events/database-engine-events-and-errors"

PROBES: list[tuple[str, int, str]] = [
    # ---------- other databases' SELECT
    ("SELECT id FROM t LIMIT 5", SYNTAX, SELECT),
    ("SELECT id FROM t ORDER BY id OFFSET 5 ROWS", SYNTAX, OVERVIEW),
    ("SELECT id FROM t ORDER BY id OFFSET 0 ROWS FETCH NEXT 5 ROWS ONLY", SYNTAX, OVERVIEW),
    ("SELECT id FROM t FETCH FIRST 5 ROWS ONLY", SYNTAX, OVERVIEW),
    ("SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM t QUALIFY n = 1", SYNTAX, SELECT),
    ("SELECT id::varchar FROM t", SYNTAX, "sql/t-sql/functions/cast-and-convert-transact-sql"),
    ("SELECT name || 'x' FROM t", SYNTAX, "sql/t-sql/language-elements/string-operators-transact-sql"),
    ("SELECT id FROM t JOIN s USING (id)", SYNTAX, FROM),
    ("SELECT id FROM t NATURAL JOIN s", SYNTAX, FROM),
    ("SELECT * EXCLUDE (id) FROM t", SYNTAX, SELECT),
    ("SELECT * REPLACE (1 AS id) FROM t", SYNTAX, SELECT),
    ("SELECT id FROM t WHERE name ILIKE 'a%'", SYNTAX, CONDITION),
    ("SELECT id FROM t WHERE name SIMILAR TO 'a'", SYNTAX, CONDITION),
    ("SELECT id FROM t WHERE name ~ 'a'", SYNTAX, CONDITION),
    ("SELECT COUNT(*) FILTER (WHERE id = 1) FROM t", SYNTAX, "sql/t-sql/functions/count-transact-sql"),
    ("SELECT id FROM t EXCEPT ALL SELECT id FROM s", SYNTAX, "sql/t-sql/language-elements/set-operators-except-and-intersect-transact-sql"),
    ("SELECT id FROM t ORDER BY id NULLS LAST", SYNTAX, "sql/t-sql/queries/select-order-by-clause-transact-sql"),
    ("SELECT INTERVAL '1 day'", 207, ERRORS),
    ("SELECT DATE '2020-01-01'", 207, ERRORS),
    ("SELECT CAST('2020-01-01' AS timestamp)", 104304, TYPES),
    ("SELECT EXTRACT(year FROM d) FROM t", SYNTAX, "sql/t-sql/functions/date-and-time-data-types-and-functions-transact-sql"),
    ("SELECT [1, 2]", 207, ERRORS),
    ("SELECT ARRAY[1]", 207, TYPES),
    ("SELECT x -> 'a' FROM t", SYNTAX, OVERVIEW),
    ("SELECT id FROM t WHERE id = ?", SYNTAX, ERRORS),
    ("SELECT `id` FROM t", SYNTAX, ERRORS),
    # ---------- booleans
    ("SELECT true", 207, ERRORS),
    ("SELECT (id = 1) FROM t", SYNTAX, CONDITION),
    ("SELECT id > 1 FROM t", SYNTAX, CONDITION),
    ("SELECT id FROM t WHERE flag", 4145, ERRORS),
    ("SELECT id FROM t WHERE NOT flag", 4145, ERRORS),
    ("SELECT CASE WHEN flag THEN 1 END FROM t", 4145, ERRORS),
    ("SELECT id FROM t WHERE flag IS TRUE", SYNTAX, CONDITION),
    ("SELECT id FROM t WHERE id IS DISTINCT FROM 1", SYNTAX, "sql/t-sql/queries/is-distinct-from-transact-sql"),
    ("SELECT id FROM t WHERE (id, name) IN (SELECT id, name FROM s)", SYNTAX, CONDITION),
    ("SELECT NOT 1", SYNTAX, CONDITION),
    # ---------- WITH
    ("WITH a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT n FROM a", 100084, "github.com/MicrosoftDocs/sql-docs/issues/4695"),
    ("WITH RECURSIVE a AS (SELECT 1 AS n) SELECT n FROM a", SYNTAX, CTE),
    ("WITH a AS (WITH b AS (SELECT 1 AS n) SELECT n FROM b) SELECT n FROM a", SYNTAX, CTE),
    ("SELECT n FROM (WITH b AS (SELECT 1 AS n) SELECT n FROM b) AS x", SYNTAX, CTE),
    ("WITH a AS (SELECT 1 AS id) INSERT INTO s (id) SELECT id FROM a", SYNTAX, CTE),
    ("WITH a AS (SELECT 1 AS id) DELETE FROM t", SYNTAX, CTE),
    ("WITH a AS (SELECT 1 AS id) UPDATE t SET id = 1", SYNTAX, CTE),
    ("INSERT INTO s (id) WITH a AS (SELECT 1 AS id) SELECT id FROM a", SYNTAX, CTE),
    ("WITH a AS (SELECT 1) SELECT * FROM a", 8155, ERRORS),
    ("WITH a AS (SELECT 1 AS x, 2 AS x) SELECT * FROM a", 8156, ERRORS),
    ("WITH a (x, y) AS (SELECT 1 AS x) SELECT * FROM a", 8159, ERRORS),
    ("WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT * FROM a", 239, ERRORS),
    ("WITH a AS (SELECT id FROM t ORDER BY id) SELECT id FROM a", 1033, ERRORS),
    ("SELECT 1 AS x WITH a AS (SELECT 1 AS y) SELECT y FROM a", 319, ERRORS),
    # ---------- ORDER BY and GROUP BY
    ("SELECT id FROM (SELECT id FROM t ORDER BY id) AS q", 1033, ERRORS),
    ("SELECT id FROM t WHERE id IN (SELECT id FROM s ORDER BY id)", 1033, ERRORS),
    ("SELECT name, COUNT(*) FROM t GROUP BY 1", 164, ERRORS),
    ("SELECT name AS n, COUNT(*) FROM t GROUP BY n", 207, ERRORS),
    ("SELECT name, COUNT(*) FROM t GROUP BY ALL", SYNTAX, GROUP),
    ("SELECT name, COUNT(*) FROM t GROUP BY CUBE (name)", SYNTAX, GROUP),
    ("SELECT name, COUNT(*) FROM t GROUP BY GROUPING SETS ((name), ())", SYNTAX, GROUP),
    ("SELECT name, COUNT(*) FROM t GROUP BY name WITH ROLLUP", SYNTAX, GROUP),
    ("SELECT name, COUNT(*) FROM t GROUP BY name WITH CUBE", SYNTAX, GROUP),
    ("SELECT name, MAX(id) FROM t", 8120, ERRORS),
    ("SELECT name FROM t GROUP BY name HAVING id > 1", 8121, ERRORS),
    ("SELECT name FROM t GROUP BY name ORDER BY id", 8127, ERRORS),
    ("SELECT DISTINCT name FROM t ORDER BY id", 145, ERRORS),
    ("SELECT id FROM t UNION ALL SELECT id FROM s ORDER BY qty", 104, ERRORS),
    ("SELECT id FROM t ORDER BY 2", 108, ERRORS),
    ("SELECT id FROM t ORDER BY 'x'", 408, ERRORS),
    ("SELECT id FROM t WHERE MAX(id) = 1", 147, ERRORS),
    ("SELECT SUM(MAX(id)) FROM t", 130, ERRORS),
    ("SELECT id FROM t WHERE ROW_NUMBER() OVER (ORDER BY id) = 1", 4108, ERRORS),
    ("SELECT ROW_NUMBER() OVER (PARTITION BY name) FROM t", 4112, ERRORS),
    ("SELECT ROW_NUMBER() OVER (ORDER BY 1) FROM t", 5308, ERRORS),
    ("SELECT LAG(id) IGNORE NULLS OVER (ORDER BY id) FROM t", SYNTAX, "sql/t-sql/functions/lag-transact-sql"),
    ("SELECT LAST_VALUE(id IGNORE NULLS) OVER (ORDER BY id) FROM t", SYNTAX, "sql/t-sql/functions/last-value-transact-sql"),
    ("SELECT SUM(id) OVER w FROM t WINDOW w AS (ORDER BY id)", SYNTAX, "sql/t-sql/queries/select-window-transact-sql"),
    ("SELECT COUNT(DISTINCT id) OVER (PARTITION BY name) FROM t", 10759, ERRORS),
    ("SELECT SUM(id) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t", 4194, ERRORS),
    ("SELECT SUM(id) OVER (ROWS UNBOUNDED PRECEDING) FROM t", 10756, ERRORS),
    ("SELECT TOP 1 WITH TIES id FROM t", 1062, ERRORS),
    # ---------- functions that are not in the pool
    ("SELECT GREATEST(1, 2)", 195, "sql/t-sql/functions/logical-functions-greatest-transact-sql"),
    ("SELECT LEAST(1, 2)", 195, "sql/t-sql/functions/logical-functions-least-transact-sql"),
    ("SELECT TRANSLATE('a', 'a', 'b')", 195, OVERVIEW),
    ("SELECT DATETRUNC(month, d) FROM t", 195, "sql/t-sql/functions/datetrunc-transact-sql"),
    ("SELECT value FROM STRING_SPLIT('a,b', ',', 1)", 8144, "sql/t-sql/functions/string-split-transact-sql"),
    ("SELECT value FROM GENERATE_SERIES(1, 5)", SYNTAX, "sql/t-sql/functions/generate-series-transact-sql"),
    ("SELECT JSON_OBJECT('a':1)", SYNTAX, "sql/t-sql/functions/json-object-transact-sql"),
    ("SELECT JSON_ARRAY(1)", 195, "sql/t-sql/functions/json-array-transact-sql"),
    ("SELECT BOOL_OR(1)", 195, ERRORS),
    ("SELECT LISTAGG(name, ',') FROM t", 195, ERRORS),
    ("SELECT MD5('a')", 195, ERRORS),
    ("SELECT NOW()", 195, ERRORS),
    ("SELECT LENGTH('a')", 195, ERRORS),
    ("SELECT SUBSTR('a', 1, 1)", 195, ERRORS),
    ("SELECT TO_DATE('2020-01-01')", 195, ERRORS),
    ("SELECT LTRIM('a', 'b')", 174, OVERVIEW),
    ("SELECT IFNULL(1, 2)", 195, ERRORS),
    ("SELECT dbo.f(1)", 4121, ERRORS),
    # ---------- FROM
    ("SELECT a FROM (VALUES (1), (2)) AS v(a)", SYNTAX, "sql/t-sql/queries/table-value-constructor-transact-sql"),
    ("SELECT 1 FROM (SELECT 1 AS x)", SYNTAX, FROM),
    ("SELECT x FROM OPENROWSET(BULK 'a.csv', FORMAT = 'CSV') AS r", SYNTAX, OVERVIEW),
    ("SELECT id FROM t WITH (TABLOCKX)", SYNTAX, FROM),
    ("SELECT id FROM t FOR SYSTEM_TIME AS OF '2020-01-01'", SYNTAX, FROM),
    ("SELECT id FROM t FOR XML AUTO", SYNTAX, OVERVIEW),
    ("SELECT id FROM t FOR JSON PATH", SYNTAX, OVERVIEW),
    ("SELECT id FROM t, LATERAL (SELECT 1 AS x) AS y", SYNTAX, FROM),
    ("SELECT id FROM t OPTION (MAXDOP 1)", SYNTAX, "sql/t-sql/queries/option-clause-transact-sql"),
    ("SELECT id FROM t OPTION (RECOMPILE)", SYNTAX, "sql/t-sql/queries/option-clause-transact-sql"),
    ("SELECT t.id FROM t AS x", 4104, ERRORS),
    ("SELECT id FROM t JOIN s ON t.id = s.id", 209, ERRORS),
    ("SELECT nosuch FROM t", 207, ERRORS),
    ("SELECT id FROM nosuch", 208, ERRORS),
    ("SELECT id FROM other.dbo.t", 40515, ERRORS),
    ("SELECT t.id FROM t JOIN t ON t.id = t.id", 1013, ERRORS),
    ("SELECT x.id FROM t AS x JOIN s AS x ON x.id = x.id", 1011, ERRORS),
    ("SELECT id FROM t UNION ALL SELECT id, name FROM s", 205, ERRORS),
    ("SELECT (SELECT id, name FROM s) FROM t", 116, ERRORS),
    ("SELECT *", 263, ERRORS),
    # ---------- changes of rows
    ("INSERT INTO s (id) VALUES (1), (2)", SYNTAX, "sql/t-sql/queries/table-value-constructor-transact-sql"),
    ("INSERT INTO s (id) VALUES (1) RETURNING id", SYNTAX, "sql/t-sql/statements/insert-transact-sql"),
    ("INSERT INTO s (id) OUTPUT inserted.id VALUES (1)", SYNTAX, "sql/t-sql/statements/insert-transact-sql"),
    ("INSERT INTO s (id, name) VALUES (1)", 109, ERRORS),
    ("INSERT INTO s (id) SELECT id, name FROM t", 121, ERRORS),
    ("INSERT INTO s VALUES (1)", 213, ERRORS),
    ("INSERT INTO s (nosuch) VALUES (1)", 207, ERRORS),
    ("UPDATE TOP (1) s SET id = 1", SYNTAX, "sql/t-sql/statements/update-transact-sql"),
    ("UPDATE s SET id = 1 RETURNING id", SYNTAX, "sql/t-sql/statements/update-transact-sql"),
    ("UPDATE s SET id = 1, id = 2", 264, ERRORS),
    ("DELETE TOP (1) FROM s", SYNTAX, "sql/t-sql/statements/delete-transact-sql"),
    ("DELETE FROM s USING t WHERE s.id = t.id", SYNTAX, "sql/t-sql/statements/delete-transact-sql"),
    ("MERGE INTO s USING t ON s.id = t.id WHEN MATCHED THEN DELETE", 10713, ERRORS),
    ("MERGE INTO s USING t ON s.id = t.id WHEN MATCHED THEN DELETE WHEN MATCHED THEN UPDATE SET id = 1;", 5324, ERRORS),
    ("MERGE INTO s USING t ON s.id = t.id WHEN MATCHED THEN DELETE OUTPUT deleted.id;", SYNTAX, "sql/t-sql/statements/merge-transact-sql"),
    ("MERGE INTO s USING t ON s.id = t.id WHEN NOT MATCHED THEN DELETE;", SYNTAX, "sql/t-sql/statements/merge-transact-sql"),
    # ---------- definitions
    ("CREATE TABLE x AS SELECT 1 AS a", SYNTAX, CTAS),
    ("CREATE TABLE x WITH (HEAP) AS SELECT 1 AS a", SYNTAX, CTAS),
    ("CREATE TABLE x (a int PRIMARY KEY)", 104467, "azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-table-constraints"),
    ("CREATE TABLE x (a int UNIQUE)", 104467, "azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-table-constraints"),
    ("CREATE TABLE x (a int PRIMARY KEY CLUSTERED NOT ENFORCED)", SYNTAX, "azure/synapse-analytics/sql-data-warehouse/sql-data-warehouse-table-constraints"),
    ("CREATE TABLE x (a int REFERENCES t (id))", SYNTAX, TABLE),
    ("CREATE TABLE x (a int, FOREIGN KEY (a) REFERENCES t (id))", SYNTAX, TABLE),
    ("CREATE TABLE x (a int CHECK (a > 0))", SYNTAX, TABLE),
    ("CREATE TABLE x (a int, b AS a + 1)", SYNTAX, TABLE),
    ("CREATE TABLE x (a xml)", 104304, TYPES),
    ("CREATE TABLE x (a geography)", 104304, TYPES),
    ("CREATE TABLE x (a text)", 104304, TYPES),
    ("CREATE TABLE x (a boolean)", 243, TYPES),
    ("CREATE TABLE x (a string)", 243, TYPES),
    ("CREATE TABLE x (a int) WITH (DISTRIBUTION = EVEN)", SYNTAX, TABLE),
    ("CREATE TABLE x (a int) WITH (CLUSTER BY (a))", SYNTAX, TABLE),
    ("CREATE TABLE x (a int, A int)", 2705, ERRORS),
    ("CREATE TABLE IF NOT EXISTS x (a int)", SYNTAX, TABLE),
    ("CREATE OR REPLACE TABLE x (a int)", SYNTAX, TABLE),
    ("CREATE OR REPLACE VIEW x AS SELECT 1 AS a", SYNTAX, "sql/t-sql/statements/create-view-transact-sql"),
    ("CREATE OR ALTER VIEW x AS SELECT 1 AS a", SYNTAX, "sql/t-sql/statements/create-view-transact-sql"),
    ("CREATE VIEW x WITH SCHEMABINDING AS SELECT 1 AS a", SYNTAX, "sql/t-sql/statements/create-view-transact-sql"),
    ("CREATE VIEW x AS SELECT id FROM t ORDER BY id", 1033, ERRORS),
    ("SELECT 1 AS a CREATE VIEW x AS SELECT 1 AS a", 111, ERRORS),
    ("CREATE TABLE x CLONE t", SYNTAX, TABLE),
    ("CREATE TABLE x AS CLONE OF t", SYNTAX, CTAS),
    ("CREATE INDEX i ON t (id) INCLUDE (name)", SYNTAX, "sql/t-sql/statements/create-index-transact-sql"),
    ("CREATE UNIQUE INDEX i ON t (id)", SYNTAX, "sql/t-sql/statements/create-index-transact-sql"),
    ("CREATE SEQUENCE x", SYNTAX, OVERVIEW),
    ("CREATE TRIGGER x ON t AFTER INSERT AS SELECT 1", SYNTAX, OVERVIEW),
    ("CREATE SYNONYM x FOR t", SYNTAX, OVERVIEW),
    ("CREATE TYPE x FROM int", SYNTAX, OVERVIEW),
    ("ALTER TABLE t RENAME TO u", SYNTAX, "sql/t-sql/statements/alter-table-transact-sql"),
    ("ALTER TABLE t ADD COLUMN a int", SYNTAX, "sql/t-sql/statements/alter-table-transact-sql"),
    # ---------- language elements
    ("DECLARE c CURSOR FOR SELECT 1", SYNTAX, LANGUAGE),
    ("DECLARE @t TABLE (a int)", SYNTAX, LANGUAGE),
    ("OPEN c", SYNTAX, LANGUAGE),
    ("GOTO x", SYNTAX, LANGUAGE),
    ("WAITFOR DELAY '00:00:01'", SYNTAX, LANGUAGE),
    ("SAVE TRANSACTION x", SYNTAX, LANGUAGE),
    ("BEGIN DISTRIBUTED TRANSACTION", SYNTAX, LANGUAGE),
    ("SET SEARCH_PATH TO x", SYNTAX, LANGUAGE),
    ("SHOW TABLES", SYNTAX, ERRORS),
    ("BEGIN END", SYNTAX, LANGUAGE),
    ("IF 1 SELECT 1", SYNTAX, LANGUAGE),
    ("SELECT 'x", 105, ERRORS),
    ("SELECT 1 /* x", 113, ERRORS),
    ("SELECT [x", 105, ERRORS),
    ("SELECT @a = 1, id FROM t", 141, ERRORS),
    ("SELECT id FROM t WHERE id = 1 = 1", SYNTAX, CONDITION),
    ("SELECT FROM t", SYNTAX, SELECT),
    ("SELECT id, FROM t", SYNTAX, SELECT),
    ("SELECT id t FROM", SYNTAX, SELECT),
    ("SELECT user FROM FROM t", SYNTAX, SELECT),
    ("SELECT 1 AS select", SYNTAX, "sql/t-sql/language-elements/reserved-keywords-transact-sql"),
    ("SELECT key FROM t", SYNTAX, "sql/t-sql/language-elements/reserved-keywords-transact-sql"),
    ("SELECT id FROM t WHERE name COLLATE NOCASE = 'a'", 49999, "sql/t-sql/statements/collations"),
    ("SELECT name COLLATE SQL_Latin1_General_CP1_CI_AS + name COLLATE Latin1_General_100_BIN2_UTF8 FROM t", 468, ERRORS),
]  # fmt: skip


@pytest.fixture(scope="module")
def with_tables(pool: Any) -> Any:
    pool.table("t", id="int", name="varchar(20)", flag="bit", d="date")
    pool.table("s", id="int", name="varchar(20)", qty="int")
    return pool


@pytest.mark.parametrize(("text", "number", "page"), PROBES)
def test_refused__with_the_error_of_the_pool(with_tables: Any, text: str, number: int, page: str) -> None:
    assert with_tables.error(text).number == number, page


def test_parse_error__tells_line_column_and_word(with_tables: Any) -> None:
    error = with_tables.error("SELECT id\nFROM t\nWHERE id ILIKE 'a'")
    assert (error.line, error.severity, error.state) == (3, 16, 1)
    assert error.message == "Parse error at line: 3, column: 10: Incorrect syntax near 'ILIKE'."


def test_deep_nesting__is_refused_and_does_no_harm(with_tables: Any) -> None:
    assert with_tables.error("SELECT " + "(" * 5000 + "1" + ")" * 5000).number == 191
    assert with_tables.error("SELECT 1 WHERE " + "(" * 5000 + "1=1" + ")" * 5000).number == 191
