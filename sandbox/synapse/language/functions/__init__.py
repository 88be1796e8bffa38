"""DuckDB macros and Python functions that the translation writes calls of."""
