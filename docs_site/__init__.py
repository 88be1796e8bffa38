"""The documentation site: a static folder built from dbt's artifacts and the last run's summary."""
