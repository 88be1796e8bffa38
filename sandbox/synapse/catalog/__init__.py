"""What the pool knows of its objects: kept in the same DuckDB transaction as the data, served as sys.* and INFORMATION_SCHEMA.*."""
