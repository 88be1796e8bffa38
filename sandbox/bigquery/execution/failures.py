"""What DuckDB says went wrong, as BigQuery's failure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sandbox.bigquery.errors import Failure, InvalidQuery, Unsupported

# the words that DuckDB and its Python functions put in front
FRONT = re.compile(
    r"^(?:\w+(?: \w+)* Error: |Python exception occurred while executing the UDF: |ValueError: )+", re.ASCII
)


def translated(error: duckdb.Error) -> Failure:
    """An error of the data is the query's; one of the SQL written here is a refusal."""
    text = str(error).split("\n")[0]
    said = FRONT.sub("", text)
    required = re.search(r"NOT NULL constraint failed: \w+\.(.+)$", said)
    if required:
        return InvalidQuery(f"Required field {required[1].strip()} cannot be null")
    if isinstance(error, duckdb.InterruptException):
        return Failure("stopped", "Job execution was cancelled: User requested cancellation")
    if isinstance(
        error,
        duckdb.ParserException
        | duckdb.BinderException
        | duckdb.CatalogException
        | duckdb.NotImplementedException,
    ):
        return Unsupported(f"this statement (the engine said: {said})")
    if "More than one row returned by a subquery" in said:
        return InvalidQuery("Scalar subquery produced more than one element")
    if isinstance(error, duckdb.OutOfMemoryException):
        return Failure("resourcesExceeded", f"Resources exceeded during query execution: {said}", "query")
    overflow = re.match(r"Overflow in (\w+) of INT64 \((.*)\)", said)
    if overflow:
        return InvalidQuery(f"int64 overflow: {overflow[2]}")
    if isinstance(error, duckdb.InternalException | duckdb.IOException | duckdb.TransactionException):
        return Failure(
            "backendError", f"Error encountered during execution. Retrying may solve the problem. ({said})"
        )
    return InvalidQuery(said)


@contextmanager
def engine_errors() -> Iterator[None]:
    """Errors of DuckDB leave as failures."""
    try:
        yield
    except duckdb.Error as error:
        raise translated(error) from error
