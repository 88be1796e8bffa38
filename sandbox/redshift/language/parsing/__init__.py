"""The grammar: what is not Redshift's syntax does not parse."""
