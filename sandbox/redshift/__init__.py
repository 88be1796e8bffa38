"""A local stand-in of Amazon Redshift: its wire protocol before PostgreSQL."""
