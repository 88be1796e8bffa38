"""Which of GoogleSQL's features, statements and types are BigQuery's: what this page leaves out, the gate refuses.

The lists follow what Google's own toolkit passes to the analyzer for BigQuery and, for what is newer than that
toolkit, BigQuery's reference.
https://github.com/GoogleCloudPlatform/zetasql-toolkit
https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax
"""

from __future__ import annotations

from typing import Any

from zetasql.wasi._pb2.zetasql.proto import options_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as enums
from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_node_kind_pb2 as kinds

FEATURES = [
    "ANALYTIC_FUNCTIONS",
    "TABLESAMPLE",
    "TABLE_VALUED_FUNCTIONS",
    "TEMPLATE_FUNCTIONS",
    "PIPES",
    "NAMED_ARGUMENTS",
    "GEOGRAPHY",
    "NUMERIC_TYPE",
    "BIGNUMERIC_TYPE",
    "INTERVAL_TYPE",
    "JSON_TYPE",
    "PARAMETERIZED_TYPES",
    "RANGE_TYPE",
    "JSON_ARRAY_FUNCTIONS",
    "JSON_VALUE_EXTRACTION_FUNCTIONS",
    "JSON_LAX_VALUE_EXTRACTION_FUNCTIONS",
    "JSON_CONSTRUCTOR_FUNCTIONS",
    "JSON_MUTATOR_FUNCTIONS",
    "JSON_QUERY_LAX",
    "JSON_KEYS_FUNCTION",
    "ROUND_WITH_ROUNDING_MODE",
    "CBRT_FUNCTIONS",
    "INVERSE_TRIG_FUNCTIONS",
    "TIME_BUCKET_FUNCTIONS",
    "ENCRYPTION",
    "ANONYMIZATION",
    "CREATE_TABLE_FUNCTION",
    "CREATE_AGGREGATE_FUNCTION",
    "CREATE_TABLE_PARTITION_BY",
    "CREATE_TABLE_CLUSTER_BY",
    "CREATE_TABLE_NOT_NULL",
    "CREATE_TABLE_FIELD_ANNOTATIONS",
    "CREATE_TABLE_AS_SELECT_COLUMN_LIST",
    "CREATE_TABLE_LIKE",
    "CREATE_TABLE_CLONE",
    "CREATE_TABLE_COPY",
    "CREATE_SNAPSHOT_TABLE",
    "CREATE_VIEW_WITH_COLUMN_LIST",
    "CREATE_VIEWS_WITH_COLUMN_OPTIONS",
    "ALTER_VIEWS_ALTER_COLUMN_SET_OPTIONS",
    "CREATE_MATERIALIZED_VIEW_PARTITION_BY",
    "CREATE_MATERIALIZED_VIEW_CLUSTER_BY",
    "CREATE_EXTERNAL_TABLE_WITH_TABLE_ELEMENT_LIST",
    "CREATE_EXTERNAL_TABLE_WITH_PARTITION_COLUMNS",
    "CREATE_EXTERNAL_TABLE_WITH_CONNECTION",
    "FOREIGN_KEYS",
    "UNENFORCED_PRIMARY_KEYS",
    "ALTER_COLUMN_SET_DATA_TYPE",
    "ALTER_TABLE_RENAME_COLUMN",
    "ALLOW_MISSING_PATH_EXPRESSION_IN_ALTER_DDL",
    "PARAMETERS_IN_GRANTEE_LIST",
    "NON_SQL_PROCEDURE",
    "REMOTE_FUNCTION",
    "V_1_4_LOAD_DATA_PARTITIONS",
    "V_1_4_LOAD_DATA_TEMP_TABLE",
    "GROUP_BY_ROLLUP",
    "V_1_4_GROUPING_SETS",
    "V_1_4_GROUPING_BUILTIN",
    "V_1_4_GROUP_BY_ALL",
    "V_1_2_GROUP_BY_STRUCT",
    "V_1_2_GROUP_BY_ARRAY",
    "DML_UPDATE_WITH_JOIN",
    "V_1_3_OMIT_INSERT_COLUMN_LIST",
    "V_1_3_COLUMN_DEFAULT_VALUE",
    "V_1_1_WITH_ON_SUBQUERY",
    "V_1_1_SELECT_STAR_EXCEPT_REPLACE",
    "V_1_1_ORDER_BY_IN_AGGREGATE",
    "V_1_1_LIMIT_IN_AGGREGATE",
    "V_1_1_HAVING_IN_AGGREGATE",
    "V_1_1_NULL_HANDLING_MODIFIER_IN_ANALYTIC",
    "V_1_1_NULL_HANDLING_MODIFIER_IN_AGGREGATE",
    "V_1_1_FOR_SYSTEM_TIME_AS_OF",
    "V_1_2_CIVIL_TIME",
    "V_1_2_SAFE_FUNCTION_CALL",
    "V_1_2_WEEK_WITH_WEEKDAY",
    "V_1_3_ADDITIONAL_STRING_FUNCTIONS",
    "V_1_3_ALLOW_DASHES_IN_TABLE_NAME",
    "V_1_3_ALLOW_REGEXP_EXTRACT_OPTIONALS",
    "V_1_3_ANNOTATION_FRAMEWORK",
    "V_1_3_COLLATION_SUPPORT",
    "V_1_3_CASE_STMT",
    "V_1_3_CONCAT_MIXED_TYPES",
    "V_1_3_DATE_ARITHMETICS",
    "V_1_3_DATE_TIME_CONSTRUCTORS",
    "V_1_3_DECIMAL_ALIAS",
    "V_1_3_EXTENDED_DATE_TIME_SIGNATURES",
    "V_1_3_FORMAT_IN_CAST",
    "V_1_3_FOR_IN",
    "V_1_3_IS_DISTINCT",
    "V_1_3_LIKE_ANY_SOME_ALL",
    "V_1_3_NULLS_FIRST_LAST_IN_ORDER_BY",
    "V_1_3_PIVOT",
    "V_1_3_UNPIVOT",
    "V_1_3_QUALIFY",
    "V_1_3_REPEAT",
    "V_1_3_SCRIPT_LABEL",
    "V_1_3_UNNEST_AND_FLATTEN_ARRAYS",
    "V_1_3_WITH_RECURSIVE",
    "V_1_3_WITH_GROUP_ROWS",
    "V_1_3_ALLOW_CONSECUTIVE_ON",
    "V_1_4_WITH_EXPRESSION",
    "V_1_4_ARRAY_AGGREGATION_FUNCTIONS",
    "V_1_4_CORRESPONDING",
    "V_1_4_CORRESPONDING_FULL",
    "V_1_4_BY_NAME",
    "V_1_4_SINGLE_TABLE_NAME_ARRAY_PATH",
    "V_1_4_SINGLETON_UNNEST_INFERS_ALIAS",
    "V_1_4_DISABLE_FLOAT32",
    "V_1_4_LITERAL_CONCATENATION",
    "V_1_4_CHAINED_FUNCTION_CALLS",
]

STATEMENTS = [
    "QUERY",
    "INSERT",
    "UPDATE",
    "DELETE",
    "MERGE",
    "TRUNCATE",
    "CREATE_TABLE",
    "CREATE_TABLE_AS_SELECT",
    "CREATE_SNAPSHOT_TABLE",
    "CREATE_EXTERNAL_TABLE",
    "CREATE_VIEW",
    "CREATE_MATERIALIZED_VIEW",
    "CREATE_SCHEMA",
    "CREATE_FUNCTION",
    "CREATE_TABLE_FUNCTION",
    "CREATE_PROCEDURE",
    "CREATE_ROW_ACCESS_POLICY",
    "CREATE_INDEX",
    "CREATE_MODEL",
    "DROP",
    "DROP_FUNCTION",
    "DROP_TABLE_FUNCTION",
    "DROP_MATERIALIZED_VIEW",
    "DROP_SNAPSHOT_TABLE",
    "DROP_ROW_ACCESS_POLICY",
    "ALTER_TABLE",
    "ALTER_VIEW",
    "ALTER_MATERIALIZED_VIEW",
    "ALTER_SCHEMA",
    "EXPORT_DATA",
    "AUX_LOAD_DATA",
    "GRANT",
    "REVOKE",
    "ASSERT",
    "CALL",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "EXECUTE_IMMEDIATE",
    "ASSIGNMENT",
]

# BigQuery's other names of INT64; VARCHAR, TEXT and the like are no types there
INTEGER_NAMES = ("INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT")

# System variables and their types.
# https://cloud.google.com/bigquery/docs/reference/system-variables
SYSTEM_VARIABLES = {
    "project_id": "STRING",
    "dataset_id": "STRING",
    "time_zone": "STRING",
    "row_count": "INT64",
    "error.message": "STRING",
    "error.statement_text": "STRING",
    "script.job_id": "STRING",
}


def language() -> Any:
    """The language options of BigQuery, as the analyzer's message."""
    options = options_pb2.LanguageOptionsProto(
        product_mode=enums.PRODUCT_EXTERNAL,
        enabled_language_features=[enums.LanguageFeature.Value(f"FEATURE_{name}") for name in FEATURES],
        supported_statement_kinds=[
            kinds.ResolvedNodeKind.Value(f"RESOLVED_{name}_STMT") for name in STATEMENTS
        ],
    )
    options.reserved_keywords.append("QUALIFY")
    return options
