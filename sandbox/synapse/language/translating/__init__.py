"""T-SQL trees to DuckDB's SQL, with T-SQL's types."""
