"""What DuckDB is taught: macros and Python functions that give BigQuery's results."""
