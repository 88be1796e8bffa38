"""What each kind of statement does, on the session's DuckDB connection and the catalog."""
