"""Writing what was parsed in PostgreSQL's words, with the types that Redshift would give it."""
