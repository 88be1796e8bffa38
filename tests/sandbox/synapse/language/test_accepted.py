"""What a dedicated SQL pool accepts is read, and as what: the pages' own syntax, and what dbt's macros send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.synapse.language import read_batch
from sandbox.synapse.language import statements as s
from sandbox.synapse.language.cursor import Cursor
from sandbox.synapse.language.queries import query
from sandbox.synapse.language.tokens import Token

STATEMENTS: list[tuple[str, str]] = [
    # ---------- CREATE TABLE, CTAS: sql/t-sql/statements/create-table-azure-sql-data-warehouse, create-table-as-select-…
    ("CREATE TABLE t (a int)", "CreateTable"),
    ("CREATE TABLE dbo.t (a int NOT NULL, b varchar(20) NULL) WITH (DISTRIBUTION = HASH(a), CLUSTERED COLUMNSTORE INDEX)", "CreateTable"),
    ("CREATE TABLE [db].[dbo].[t] ([a] int) WITH (DISTRIBUTION = ROUND_ROBIN, HEAP)", "CreateTable"),
    ("CREATE TABLE t (a int) WITH (DISTRIBUTION = REPLICATE, CLUSTERED INDEX (a DESC))", "CreateTable"),
    ("CREATE TABLE t (a int, b int) WITH (DISTRIBUTION = HASH(a, b), CLUSTERED COLUMNSTORE INDEX ORDER (b))", "CreateTable"),
    ("CREATE TABLE t (a int) WITH (CLUSTERED COLUMNSTORE INDEX, DISTRIBUTION = HASH(a), PARTITION (a RANGE RIGHT FOR VALUES (1, 2, 3)))", "CreateTable"),
    ("CREATE TABLE t (d date) WITH (PARTITION (d RANGE LEFT FOR VALUES ('2020-01-01', '2021-01-01')))", "CreateTable"),
    ("CREATE TABLE t (a int IDENTITY(1,1) NOT NULL, b datetime2(7) DEFAULT '2020-01-01')", "CreateTable"),
    ("CREATE TABLE t (a int CONSTRAINT df DEFAULT 0, b varchar(10) COLLATE Latin1_General_100_BIN2_UTF8 NOT NULL)", "CreateTable"),
    ("CREATE TABLE t (a int NOT NULL PRIMARY KEY NONCLUSTERED NOT ENFORCED, b int UNIQUE NOT ENFORCED)", "CreateTable"),
    ("CREATE TABLE t (a int NOT NULL, CONSTRAINT pk PRIMARY KEY NONCLUSTERED (a) NOT ENFORCED)", "CreateTable"),
    ("CREATE TABLE #t (a int) WITH (LOCATION = USER_DB, DISTRIBUTION = ROUND_ROBIN)", "CreateTable"),
    ("CREATE TABLE t (a bigint, b smallint, c tinyint, d bit, e decimal(18,4), f numeric(10), g money, h smallmoney, i float, j real, k float(24))", "CreateTable"),
    ("CREATE TABLE t (a date, b time(3), c datetime, d smalldatetime, e datetime2, f datetimeoffset(7), g uniqueidentifier)", "CreateTable"),
    ("CREATE TABLE t (a char(10), b varchar(max), c nchar(5), d nvarchar(max), e binary(8), f varbinary(max), g sysname)", "CreateTable"),
    ("CREATE TABLE t (a double precision, b integer, c dec(5,2), d character varying(10), e national character varying(5))", "CreateTable"),
    ("CREATE TABLE t (e varchar(50) MASKED WITH (FUNCTION = 'email()'))", "CreateTable"),
    ("CREATE TABLE t WITH (DISTRIBUTION = ROUND_ROBIN) AS SELECT 1 AS a", "CreateTableAsSelect"),
    ("CREATE TABLE [d].[s].[t]WITH(DISTRIBUTION = ROUND_ROBIN,CLUSTERED COLUMNSTORE INDEX) AS (SELECT * FROM [d].[s].[v]);", "CreateTableAsSelect"),
    ("CREATE TABLE t (x, y) WITH (DISTRIBUTION = HASH(x), HEAP) AS SELECT 1, 2", "CreateTableAsSelect"),
    ("CREATE TABLE t WITH (DISTRIBUTION = HASH(a)) AS WITH c AS (SELECT 1 AS a) SELECT a FROM c OPTION (LABEL = 'load')", "CreateTableAsSelect"),
    ("CREATE TABLE #t WITH (DISTRIBUTION = ROUND_ROBIN, HEAP) AS SELECT TOP(1) * FROM t", "CreateTableAsSelect"),
    # ---------- views, schemas: sql/t-sql/statements/create-view-transact-sql, create-schema-transact-sql
    ("CREATE VIEW v AS SELECT 1 AS a", "CreateView"),
    ("create view \"d\".\"s\".\"v\" as with a as (select 1 as x) select x from a;", "CreateView"),
    ("CREATE VIEW v (a, b) AS SELECT 1, 2", "CreateView"),
    ("CREATE VIEW v AS SELECT TOP 10 a FROM t ORDER BY a", "CreateView"),
    ("ALTER VIEW v AS SELECT 2 AS a", "CreateView"),
    ("CREATE MATERIALIZED VIEW v WITH (DISTRIBUTION = HASH(a)) AS SELECT a, COUNT_BIG(*) AS n FROM t GROUP BY a", "CreateMaterializedView"),
    ("ALTER MATERIALIZED VIEW v REBUILD", "AlterMaterializedView"),
    ("CREATE SCHEMA x", "CreateSchema"),
    ("CREATE SCHEMA [x] AUTHORIZATION [dbo]", "CreateSchema"),
    # ---------- DROP, RENAME, ALTER
    ("DROP TABLE t", "DropObjects"),
    ("DROP TABLE IF EXISTS s.t, s.u", "DropObjects"),
    ("drop view \"d\".\"s\".\"v\"", "DropObjects"),
    ("DROP PROCEDURE IF EXISTS p", "DropObjects"),
    ("DROP EXTERNAL TABLE x.t", "DropObjects"),
    ("DROP MATERIALIZED VIEW v", "DropObjects"),
    ("DROP SCHEMA IF EXISTS x", "DropNamed"),
    ("DROP USER u", "DropNamed"),
    ("DROP EXTERNAL DATA SOURCE d", "DropNamed"),
    ("DROP STATISTICS s.t.st", "DropStatistics"),
    ("DROP INDEX i ON t", "DropIndex"),
    ("RENAME OBJECT t TO u", "RenameObject"),
    ("rename object \"s\".\"t__dbt_temp\" to t", "RenameObject"),
    ("RENAME OBJECT :: dbo.t TO u", "RenameObject"),
    ("RENAME OBJECT dbo.t COLUMN a TO b", "RenameObject"),
    ("ALTER TABLE t ADD a int NULL", "AlterTableAdd"),
    ("alter table \"s\".\"t\" add [a] int, [b] varchar(10)", "AlterTableAdd"),
    ("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a) NOT ENFORCED", "AlterTableAdd"),
    ("ALTER TABLE t ADD CONSTRAINT df DEFAULT 5 FOR a", "AlterTableAddDefault"),
    ("ALTER TABLE t DROP COLUMN a, b", "AlterTableDrop"),
    ("ALTER TABLE t DROP CONSTRAINT u", "AlterTableDrop"),
    ("ALTER TABLE t ALTER COLUMN a varchar(50) NOT NULL", "AlterTableColumn"),
    ("ALTER TABLE t SPLIT RANGE ('2020-01-01')", "AlterTablePartition"),
    ("ALTER TABLE t SWITCH PARTITION 1 TO u PARTITION 1 WITH (TRUNCATE_TARGET = ON)", "AlterTablePartition"),
    ("ALTER SCHEMA x TRANSFER OBJECT::dbo.t", "AlterSchemaTransfer"),
    ("ALTER AUTHORIZATION ON SCHEMA::x TO dbo", "AlterAuthorization"),
    ("CREATE CLUSTERED COLUMNSTORE INDEX cci ON s.t", "CreateIndex"),
    ("CREATE CLUSTERED INDEX i ON t (a, b DESC) WITH (DROP_EXISTING = ON)", "CreateIndex"),
    ("CREATE INDEX i ON t (a)", "CreateIndex"),
    ("ALTER INDEX ALL ON t REBUILD PARTITION = ALL", "AlterIndex"),
    ("CREATE STATISTICS st ON t (a) WITH FULLSCAN", "CreateStatistics"),
    ("CREATE STATISTICS st ON t (a, b) WITH SAMPLE 20 PERCENT", "CreateStatistics"),
    ("UPDATE STATISTICS s.t (st) WITH RESAMPLE", "UpdateStatistics"),
    ("UPDATE STATISTICS t", "UpdateStatistics"),
    # ---------- permissions
    ("GRANT SELECT ON dbo.t TO [u], [v]", "Permission"),
    ("grant select, insert on \"s\".\"t\" to [a@b.c]", "Permission"),
    ("GRANT SELECT ON SCHEMA::x TO u WITH GRANT OPTION", "Permission"),
    ("GRANT VIEW DEFINITION TO u", "Permission"),
    ("revoke select on \"s\".\"t\" from [u]", "Permission"),
    ("DENY DELETE ON OBJECT::t TO public", "Permission"),
    ("CREATE USER [u] FROM EXTERNAL PROVIDER", "CreatePrincipal"),
    ("CREATE USER u WITHOUT LOGIN", "CreatePrincipal"),
    ("CREATE USER u FOR LOGIN l WITH DEFAULT_SCHEMA = x", "CreatePrincipal"),
    ("CREATE ROLE r AUTHORIZATION dbo", "CreatePrincipal"),
    ("ALTER ROLE r ADD MEMBER u", "AlterPrincipal"),
    # ---------- loading: sql/t-sql/statements/copy-into-transact-sql
    ("COPY INTO t FROM 'https://a.blob.core.windows.net/c/*.csv'", "CopyInto"),
    ("COPY INTO dbo.t (a 1, b DEFAULT 5 2) FROM 'https://a.dfs.core.windows.net/c/x.csv', 'https://a.dfs.core.windows.net/c/y.csv' WITH (FILE_TYPE = 'CSV', CREDENTIAL = (IDENTITY = 'Managed Identity'), FIELDQUOTE = '\"', FIELDTERMINATOR = ';', ROWTERMINATOR = '0x0A', FIRSTROW = 2, ENCODING = 'UTF8', MAXERRORS = 10, ERRORFILE = '/err', IDENTITY_INSERT = 'OFF')", "CopyInto"),
    ("COPY INTO t FROM 'https://a.dfs.core.windows.net/c/' WITH (FILE_TYPE = 'PARQUET', CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = 'x'), AUTO_CREATE_TABLE = 'ON') OPTION (LABEL = 'l')", "CopyInto"),
    ("CREATE EXTERNAL DATA SOURCE d WITH (TYPE = HADOOP, LOCATION = 'abfss://c@a.dfs.core.windows.net', CREDENTIAL = k)", "CreateExternalThing"),
    ("CREATE EXTERNAL FILE FORMAT f WITH (FORMAT_TYPE = DELIMITEDTEXT, FORMAT_OPTIONS (FIELD_TERMINATOR = ','))", "CreateExternalThing"),
    ("CREATE EXTERNAL FILE FORMAT f WITH (FORMAT_TYPE = PARQUET, DATA_COMPRESSION = 'org.apache.hadoop.io.compress.SnappyCodec')", "CreateExternalThing"),
    ("CREATE DATABASE SCOPED CREDENTIAL k WITH IDENTITY = 'Managed Identity'", "CreateExternalThing"),
    ("CREATE MASTER KEY ENCRYPTION BY PASSWORD = 'x'", "CreateExternalThing"),
    ("CREATE EXTERNAL TABLE x.t WITH (LOCATION = 'out/', DATA_SOURCE = d, FILE_FORMAT = f) AS SELECT a FROM t", "CreateExternalTable"),
    ("CREATE EXTERNAL TABLE x.t (a int, b varchar(10)) WITH (LOCATION = 'in/', DATA_SOURCE = d, FILE_FORMAT = f, REJECT_TYPE = VALUE, REJECT_VALUE = 0)", "CreateExternalTable"),
    # ---------- changes of rows
    ("INSERT INTO t VALUES (1, DEFAULT, NULL)", "Insert"),
    ("INSERT t (a) VALUES (1)", "Insert"),
    ("INSERT INTO t DEFAULT VALUES", "Insert"),
    ("insert into \"s\".\"t\" (\"a\") ( select \"a\" from \"s\".\"t__dbt_temp\" )OPTION (LABEL = 'dbt-synapse');", "Insert"),
    ("INSERT INTO t SELECT 'a' UNION ALL SELECT 'b'", "Insert"),
    ("INSERT INTO t EXEC p", "InsertExecute"),
    ("UPDATE t SET a = 1, b = DEFAULT WHERE c = 2 OPTION (LABEL = 'u')", "Update"),
    ("UPDATE x SET x.a = s.a FROM t AS x INNER JOIN s ON s.k = x.k", "Update"),
    ("DELETE t", "Delete"),
    ("DELETE FROM t WHERE a IN (SELECT a FROM s)", "Delete"),
    ("delete DBT_INTERNAL_TARGET from \"s\".\"t\" AS DBT_INTERNAL_TARGET where (a >= '2024-01-01' and a < '2024-01-02')", "Delete"),
    ("TRUNCATE TABLE s.t", "Truncate"),
    ("TRUNCATE TABLE t WITH (PARTITIONS (1, 2 TO 3))", "Truncate"),
    ("MERGE t USING s ON t.a = s.a WHEN MATCHED AND s.d = 1 THEN DELETE WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED BY TARGET AND s.d = 0 THEN INSERT VALUES (s.a, s.b) WHEN NOT MATCHED BY SOURCE THEN DELETE OPTION (LABEL = 'm');", "Merge"),
    # ---------- SELECT
    ("SELECT 1", "SelectStatement"),
    ("SELECT a AS [b c], d 'e', f = 1 FROM t", "SelectStatement"),
    ("SELECT TOP (5) PERCENT a FROM t ORDER BY a DESC, 2", "SelectStatement"),
    ("SELECT a FROM t WITH (NOLOCK) JOIN u AS x WITH (NOLOCK) ON t.b = x.b", "SelectStatement"),
    ("SELECT a FROM t LEFT OUTER HASH JOIN u ON t.b = u.b RIGHT JOIN w ON 1 = 1 FULL JOIN z ON z.q = w.q", "SelectStatement"),
    ("SELECT a FROM (t INNER JOIN u ON t.b = u.b) CROSS JOIN w", "SelectStatement"),
    ("SELECT a FROM t CROSS APPLY (SELECT TOP 1 b FROM u WHERE u.k = t.k ORDER BY b) AS x OUTER APPLY STRING_SPLIT(t.s, ',')", "SelectStatement"),
    ("SELECT a FROM t GROUP BY a HAVING COUNT(*) > 1 ORDER BY COUNT(*)", "SelectStatement"),
    ("SELECT a, b FROM t GROUP BY ROLLUP (a, b)", "SelectStatement"),
    ("SELECT a FROM t GROUP BY a WITH (DISTRIBUTED_AGG)", "SelectStatement"),
    ("SELECT a FROM t UNION SELECT b FROM u INTERSECT SELECT c FROM w EXCEPT (SELECT d FROM z)", "SelectStatement"),
    ("WITH a AS (SELECT 1 AS x), b (y) AS (SELECT x FROM a) SELECT y FROM b ORDER BY y OPTION (LABEL = 'q', HASH JOIN, FORCE ORDER)", "SelectStatement"),
    ("SELECT * FROM t WHERE a IS NOT NULL AND NOT (b = 1 OR c LIKE 'x[_]%' ESCAPE '!') AND d NOT BETWEEN 1 AND 2 AND e NOT IN (1, 2) AND f > ALL (SELECT 1) AND NOT EXISTS (SELECT 1)", "SelectStatement"),
    ("SELECT CASE a WHEN 1 THEN 'x' ELSE 'y' END, CASE WHEN a = 1 THEN 1 END, IIF(a = 1, 2, 3), COALESCE(a, 1), NULLIF(a, 1) FROM t", "SelectStatement"),
    ("SELECT a FROM t WHERE a !< 1 AND b !> 2 AND c != 3 AND d <> 4", "SelectStatement"),
    ("SELECT SUM(a) OVER (PARTITION BY b ORDER BY c ROWS 3 PRECEDING), LAG(a, 1, 0) OVER (ORDER BY c), COUNT(*) OVER () FROM t", "SelectStatement"),
    ("SELECT STRING_AGG(a, ',') WITHIN GROUP (ORDER BY a), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a) OVER (PARTITION BY b) FROM t GROUP BY b", "SelectStatement"),
    ("SELECT * FROM (SELECT a, b FROM t) AS q PIVOT (MAX(b) FOR a IN ([x], [y])) AS p", "SelectStatement"),
    ("SELECT * FROM t UNPIVOT (v FOR n IN (a, b)) AS u", "SelectStatement"),
    ("SELECT a COLLATE Latin1_General_100_BIN2_UTF8 FROM t WHERE b COLLATE DATABASE_DEFAULT = 'x'", "SelectStatement"),
    ("SELECT CONVERT(varchar(10), a, 112), TRY_CONVERT(int, b), TRY_CAST(c AS date), CAST(d AS decimal(18, 4)) FROM t", "SelectStatement"),
    ("SELECT @@ROWCOUNT, @@VERSION, CURRENT_TIMESTAMP, CURRENT_USER, SESSION_USER", "SelectStatement"),
    ("SELECT a FROM db..t", "SelectStatement"),
    ("SELECT -1 - -2, +3, ~4, 1 & 2 | 3 ^ 4, 'a' + N'b', $1.5, 0xFF, 1e-3, .5", "SelectStatement"),
    ("select top 0 * from ( select a from t ) as __dbt_sbq", "SelectStatement"),
    ("SELECT a FROM OPENJSON(@j, '$.x') WITH (a int '$.a', b varchar(10)) AS j", "SelectStatement"),
    ("SELECT rule_, [rule], [key], \"order\" FROM [user]", "SelectStatement"),
    ("SELECT (SELECT MAX(a) FROM t) - (SELECT MIN(a) FROM t) AS spread", "SelectStatement"),
    ("SELECT a FROM t WHERE ((a)) = ((1)) AND ((a = 1) OR (b = 2))", "SelectStatement"),
    ("/* a /* nested */ comment */ SELECT 1 -- and another", "SelectStatement"),
    # ---------- control of flow, variables
    ("DECLARE @a int = 1, @b varchar(10), @c AS date", "Declare"),
    ("SET @a = @a + 1", "SetVariable"),
    ("SET @a += 1", "SetVariable"),
    ("SELECT @a = MAX(a), @b = 'x' FROM t", "SelectStatement"),
    ("IF @a = 1 PRINT 'x' ELSE IF @a = 2 BEGIN PRINT 'y'; PRINT 'z' END ELSE SELECT 1", "If"),
    ("WHILE @i < 10 BEGIN SET @i = @i + 1 IF @i = 5 BREAK END", "While"),
    ("BEGIN TRY SELECT 1 END TRY BEGIN CATCH THROW END CATCH", "TryCatch"),
    ("BEGIN TRY SELECT 1 END TRY BEGIN CATCH PRINT ERROR_MESSAGE(); THROW 50001, 'x', 1; END CATCH;", "TryCatch"),
    ("RAISERROR ('x %d', 16, 1, 5)", "RaiseError"),
    ("BEGIN TRANSACTION", "BeginTransaction"),
    ("BEGIN TRAN x", "BeginTransaction"),
    ("COMMIT TRANSACTION", "CommitTransaction"),
    ("COMMIT WORK", "CommitTransaction"),
    ("ROLLBACK TRAN", "RollbackTransaction"),
    ("SET NOCOUNT ON", "SetOption"),
    ("SET ANSI_NULLS, QUOTED_IDENTIFIER ON", "SetOption"),
    ("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED", "SetOption"),
    ("SET IDENTITY_INSERT dbo.t ON", "SetOption"),
    ("SET DATEFIRST 7", "SetOption"),
    ("SET LANGUAGE us_english", "SetOption"),
    ("EXEC('SELECT 1')", "ExecuteString"),
    ("EXEC ('CREATE SCHEMA [' + @s + ']')", "ExecuteString"),
    ("EXEC sp_rename 's.a', 'b'", "ExecuteProcedure"),
    ("EXECUTE dbo.p @a = 1, @b = 'x', @c = @d OUTPUT", "ExecuteProcedure"),
    ("EXEC @r = p 1, -2, NULL", "ExecuteProcedure"),
    ("sp_who", "ExecuteProcedure"),
    ("exec sp_executesql N'SELECT @p', N'@p int', @p = 1", "ExecuteProcedure"),
    ("CREATE PROCEDURE p @a int, @b varchar(10) = 'x' OUTPUT AS BEGIN SELECT @a; RETURN 1 END", "CreateProcedure"),
    ("CREATE PROC dbo.p AS SELECT 1 SELECT 2", "CreateProcedure"),
    ("USE dev", "UseDatabase"),
    ("EXPLAIN SELECT 1", "Explain"),
    ("DBCC PDW_SHOWSPACEUSED('dbo.t')", "DbccStatement"),
    # ---------- several statements in one batch, without semicolons, as dbt-synapse sends them
    ("IF NOT EXISTS (SELECT * FROM sys.schemas WHERE name = 'x') BEGIN EXEC('CREATE SCHEMA [x]') END", "If"),
    ("if object_id ('\"d\".\"s\".\"t\"','U') is not null drop table \"d\".\"s\".\"t\"", "If"),
    ("if object_id ('t','V') is not null begin drop view t end if object_id ('t','U') is not null begin drop table t end rename object \"s\".\"a\" to t", "If If RenameObject"),
    ("IF NOT EXISTS (SELECT 1) BEGIN EXEC('CREATE SCHEMA [x]') END EXEC('create view x.testview_5 as select 1 as a;') select count(*) as failures from ( select * from x.testview_5 ) dbt_internal_test; EXEC('drop view x.testview_5;')", "If ExecuteString SelectStatement ExecuteString"),
    ("update DBT_INTERNAL_DEST set dbt_valid_to = S.dbt_valid_to from \"s\".\"t\" as DBT_INTERNAL_DEST inner join \"s\".\"u\" as S on S.k = DBT_INTERNAL_DEST.k where S.dbt_change_type in ('update', 'delete') and DBT_INTERNAL_DEST.dbt_valid_to is null OPTION (LABEL = 'dbt'); insert into \"s\".\"t\" (\"k\") select S.\"k\" from \"s\".\"u\" as S where S.dbt_change_type = 'insert' OPTION (LABEL = 'dbt');", "Update Insert"),
    ("CREATE TABLE [s].[t] ( [a] int not null, [b] varchar(10) ) WITH( DISTRIBUTION = HASH(a), HEAP ) INSERT INTO [s].[t] ([a], [b]) SELECT [a], [b] FROM [s].[t__dbt_tmp_vw]", "CreateTable Insert"),
    ("if not exists(select name from sys.database_principals where name = 'u') create user [u] from external provider;", "If"),
    ("SELECT 1; ; SELECT 2", "SelectStatement SelectStatement"),
    ("DECLARE @a int SET @a = 1 SELECT @a DROP TABLE t", "Declare SetVariable SelectStatement DropObjects"),
    ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kinds"), STATEMENTS)
def test_accepted__as_these_statements(text: str, kinds: str) -> None:
    assert " ".join(type(statement).__name__ for statement in read_batch(text)) == kinds


def test_statement__knows_its_line_and_text() -> None:
    batch = read_batch("\n\nSELECT 1\n\nCREATE TABLE t (a int)\nGRANT SELECT ON t TO u")
    assert [statement.line for statement in batch] == [3, 5, 6]
    (view,) = read_batch("-- before\ncreate view v as\n  select 1 as a -- why\n;")
    assert isinstance(view, s.CreateView)
    assert view.text == "create view v as\n  select 1 as a"


def test_statement__keeps_what_it_says() -> None:
    (table,) = read_batch(
        "CREATE TABLE a.t (x int IDENTITY(5,2) NOT NULL) WITH (DISTRIBUTION = HASH(x), CLUSTERED INDEX (x DESC), PARTITION (x RANGE RIGHT FOR VALUES (1, 2)))"
    )
    assert isinstance(table, s.CreateTable)
    assert (table.name.schema, table.name.last) == ("a", "t")
    assert table.columns[0].identity == (5, 2)
    assert table.options == s.TableOptions(
        "HASH", ("x",), "CLUSTERED INDEX", (("x", True),), ("x", "RIGHT", ("1", "2"))
    )
    (copy,) = read_batch(
        "COPY INTO t (a 2) FROM 'x' WITH (FILE_TYPE = 'CSV', MAXERRORS = 3, CREDENTIAL = (IDENTITY = 'Managed Identity'))"
    )
    assert isinstance(copy, s.CopyInto)
    assert copy.options == {
        "FILE_TYPE": "CSV",
        "MAXERRORS": 3,
        "CREDENTIAL": {"IDENTITY": "Managed Identity"},
    }
    (select,) = read_batch("SELECT 1 OPTION (LABEL = 'x')")
    assert isinstance(select, s.SelectStatement)
    assert select.label == "x"


def test_compiled_columns_of_a_deep_chain__are_read_without_recursion(pool: Any) -> None:
    rows = " UNION ALL ".join(f"SELECT {i} AS n" for i in range(3000))
    assert pool.rows(f"SELECT COUNT(*), SUM(n) FROM ({rows}) AS q") == [(3000, 4498500)]


def test_parentheses_in_parentheses__are_read_in_time_that_does_not_double() -> None:
    read: list[int] = []
    for depth in (6, 12):
        text = "x"
        for _ in range(depth):
            text = f"(case when ({text} = 1) then 1 end)"
        cursor = Cursor(f"select 1 from t where {text} = 1")
        taken = 0
        advance = cursor.advance

        def counted(advance: Callable[[], Token] = advance) -> Token:
            nonlocal taken
            taken += 1
            return advance()

        cursor.advance = counted  # type: ignore[method-assign]
        query(cursor, allow_with=True)
        read.append(taken)
    assert read[1] < 4 * read[0]


def test_batch__read_again_is_the_same_and_nobody_elses_list() -> None:
    first = read_batch("select 1 as a; select 2 as b")
    again = read_batch("select 1 as a; select 2 as b")
    assert [first[0] is again[0], first == again, first is again] == [True, True, False]
