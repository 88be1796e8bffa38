"""Tables, views, names and what the system views tell of them."""

from __future__ import annotations

from tests.sandbox.synapse.conftest import Client, Running

LAYOUT = "with (distribution = round_robin, heap)"


def test_table__keeps_its_declared_types_and_layout(client: Client) -> None:
    client.run(
        "create table {s}.t (id int not null, v varchar(20), n nvarchar(30), d decimal(18,4), at datetime2(3), big varchar(max))"
        " with (distribution = hash(id), heap, partition (id range right for values (10, 20)))"
    )
    assert client.rows(
        "select c.name, t.name, c.max_length, c.precision, c.scale, c.is_nullable from sys.columns as c join sys.types as t"
        " on t.user_type_id = c.user_type_id where c.object_id = object_id('{s}.t') order by c.column_id"
    ) == [
        ("id", "int", 4, 10, 0, False), ("v", "varchar", 20, 0, 0, True), ("n", "nvarchar", 60, 0, 0, True),
        ("d", "decimal", 9, 18, 4, True), ("at", "datetime2", 7, 23, 3, True), ("big", "varchar", -1, 0, 0, True),
    ]  # fmt: skip
    assert client.rows(
        "select data_type, character_maximum_length from information_schema.columns where table_schema = '{s}' and column_name = 'n'"
    ) == [("nvarchar", 30)]
    assert client.rows(
        "select distribution_ordinal from sys.pdw_column_distribution_properties where object_id = object_id('{s}.t') and column_id = 1"
    ) == [(1,)]


def test_create_table__refuses_what_the_pool_refuses(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int) {LAYOUT}")
    assert client.error(f"create table {{s}}.t (id int) {LAYOUT}")[0] == 2714
    assert client.error(f"create table nowhere.t (id int) {LAYOUT}")[0] == 2760
    assert (
        client.error("create table {s}.u (id int, id int) with (distribution = round_robin, heap)")[0] == 2705
    )
    assert client.error("create table {s}.u (v varchar(max)) with (distribution = round_robin)")[0] == 35343
    assert client.error("create table {s}.u (id int) with (distribution = hash(other), heap)")[0] == 1911
    assert (
        client.error("create table other.{s}.u (id int) with (distribution = round_robin, heap)")[0] == 40515
    )
    assert client.error("drop table {s}.nothing")[0] == 3701
    assert client.error("drop view {s}.t")[0] == 3705
    assert client.error("select * from {s}.nothing")[0] == 208


def test_merge__into_a_table_that_is_not_hashed_is_refused(client: Client) -> None:
    client.run(f"create table {{s}}.r (id int, v int) {LAYOUT}")
    client.run("create table {s}.h (id int, v int) with (distribution = hash(id), heap)")
    statement = "merge into {s}.%s as t using (select 1 as id, 2 as v) as s on t.id = s.id when matched then update set v = s.v when not matched then insert (id, v) values (s.id, s.v);"
    assert client.error(statement % "r")[0] == 100087
    client.run(statement % "h")
    client.run(statement % "h")
    assert client.rows("select id, v from {s}.h") == [(1, 2)]


def test_view__binds_by_name_and_keeps_its_columns(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int, name varchar(5)) {LAYOUT}")
    client.run("insert into {s}.t select 1, 'a'")
    client.run("create view {s}.v as select * from {s}.t")
    client.run("drop table {s}.t")
    number, text = client.error("select * from {s}.v")
    assert number == 208
    assert "because of binding errors" in text
    client.run(f"create table {{s}}.t (id bigint, name varchar(9), more int) {LAYOUT}")
    client.run("insert into {s}.t select 2, 'b', 3")
    assert client.rows("select * from {s}.v") == [(2, "b")]
    client.run("exec sp_refreshview '{s}.v'")
    assert client.rows("select * from {s}.v") == [(2, "b", 3)]
    client.run("alter view {s}.v as select id from {s}.t")
    assert client.rows("select * from {s}.v") == [(2,)]
    assert client.rows(
        "select referenced_entity_name from sys.sql_expression_dependencies where referencing_id = object_id('{s}.v')"
    ) == [("t",)]
    assert client.rows("select definition from sys.sql_modules where object_id = object_id('{s}.v')")[0][
        0
    ].endswith(f"select id from {client.schema}.t")


def test_views_upon_views__follow_what_they_read(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int) {LAYOUT}")
    client.run("create view {s}.a as select id from {s}.t")
    client.run("create view {s}.b as select id + 1 as next from {s}.a")
    client.run("insert into {s}.t select 1")
    assert client.rows("select next from {s}.b") == [(2,)]
    client.run("alter view {s}.a as select id * 10 as id from {s}.t")
    assert client.rows("select next from {s}.b") == [(11,)]


def test_rename__keeps_rows_permissions_and_id(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int) {LAYOUT}")
    client.run("if user_id('somebody') is null create user somebody without login")
    client.run("grant select on {s}.t to somebody")
    before = client.rows("select object_id('{s}.t')")
    client.run("insert into {s}.t select 7; rename object {s}.t to t2")
    assert client.rows("select object_id('{s}.t2')") == before
    assert client.rows("select id from {s}.t2") == [(7,)]
    assert client.rows(
        "select table_name from information_schema.table_privileges where table_schema = '{s}'"
    ) == [("t2",)]
    client.run("exec sp_rename '{s}.t2.id', 'number', 'COLUMN'")
    assert client.rows("select number from {s}.t2") == [(7,)]
    client.run(f"create table {{s}}.t (id int) {LAYOUT}")
    assert client.error("rename object {s}.t to t2")[0] == 15335
    client.run("revoke select on {s}.t2 from somebody")
    assert client.rows(
        "select count(*) from information_schema.table_privileges where table_schema = '{s}'"
    ) == [(0,)]


def test_alter_table__adds_changes_and_drops_columns(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int, v varchar(3)) {LAYOUT}")
    client.run("insert into {s}.t select 1, 'abc'")
    client.run("alter table {s}.t add n int null")
    client.run("alter table {s}.t alter column v varchar(10)")
    client.run("insert into {s}.t select 2, 'abcdefghij', 5")
    assert client.rows("select * from {s}.t order by id") == [(1, "abc", None), (2, "abcdefghij", 5)]
    assert client.error("alter table {s}.t alter column v varchar(4)")[0] == 2628
    client.run("alter table {s}.t drop column n")
    assert client.rows(
        "select name from sys.columns where object_id = object_id('{s}.t') order by column_id"
    ) == [("id",), ("v",)]
    assert client.error("alter table {s}.t add m int not null")[0] == 4901
    client.run("alter table {s}.t add constraint pk primary key nonclustered (id) not enforced")
    client.run("insert into {s}.t (id, v) select 1, 'again'")
    assert client.rows(
        "select constraint_type from information_schema.table_constraints where table_schema = '{s}'"
    ) == [("PRIMARY KEY",)]


def test_identity_and_default__fill_what_is_left_out(client: Client) -> None:
    client.run(
        "create table {s}.t (id int identity(5, 10) not null, name varchar(5) default 'x', n int) with (distribution = round_robin, heap)"
    )
    client.run("insert into {s}.t (n) select 1")
    client.run("insert into {s}.t (n, name) select 2, 'y'")
    assert sorted(client.rows("select id, name, n from {s}.t")) == [(5, "x", 1), (15, "y", 2)]
    assert client.error("insert into {s}.t (id, n) select 1, 1")[0] == 544


def test_not_null_and_truncation__are_refused(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int not null, v varchar(3)) {LAYOUT}")
    assert client.error("insert into {s}.t (v) select 'a'")[0] == 515
    assert client.error("insert into {s}.t select 1, 'abcd'")[0] == 2628
    assert client.rows("select count(*) from {s}.t") == [(0,)]


def test_labels__are_found_in_the_log_of_requests(client: Client) -> None:
    client.run("select 1 as a option (label = '{s}')")
    assert client.rows("select status from sys.dm_pdw_exec_requests where [label] = '{s}'") == [
        ("Completed",)
    ]


def test_odbc_catalog__lists_tables_and_columns(client: Client) -> None:
    client.run(f"create table {{s}}.t (id int not null, v varchar(3)) {LAYOUT}")
    cursor = client.connection.cursor()
    assert [row.table_name for row in cursor.tables(schema=client.schema)] == ["t"]
    assert [(row.column_name, row.type_name) for row in cursor.columns(table="t", schema=client.schema)] == [
        ("id", "int"),
        ("v", "varchar"),
    ]


def test_odbc_catalog__lists_primary_keys(client: Client) -> None:
    client.run(
        f"create table {{s}}.k (a int not null, b int not null, constraint pk_k primary key nonclustered (b, a) not enforced) {LAYOUT}"
    )
    cursor = client.connection.cursor()
    found = [
        (row.column_name, row.key_seq, row.pk_name) for row in cursor.primaryKeys("k", schema=client.schema)
    ]
    assert found == [("b", 1, "pk_k"), ("a", 2, "pk_k")]
    assert cursor.primaryKeys("none", schema=client.schema).fetchall() == []
    assert client.rows("select count(*) from sys.computed_columns") == [(0,)]


def test_system_view__is_read_again_after_a_rollback(client: Client, server: Running) -> None:
    connection = server.connect(autocommit=False)
    found = []
    for _ in range(2):
        found.append(connection.execute("select count(*) from sys.schemas").fetchval())
        connection.rollback()
    connection.close()
    assert found[0] == found[1] > 0


def test_identity_columns__are_columns_too(client: Client) -> None:
    client.run(f"create table {{s}}.counted (a int, n bigint identity(5, 2) not null) {LAYOUT}")
    told = "select name, column_id, is_identity, is_nullable, seed_value, increment_value from sys.identity_columns where object_id = object_id('{s}.counted')"
    assert client.rows(told) == [("n", 2, True, False, 5, 2)]
