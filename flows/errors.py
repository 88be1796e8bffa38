"""Errors a user can act on: one sentence that says what is wrong, where, and what to do.

Exit codes: 1 an unexpected fault (with a traceback), 2 wrong settings or arguments, 3 bad input (a file, a record,
a contract), 4 dbt failed, 5 totals do not reconcile, 6 another run holds the home folder, 7 a store, stream or secret
service cannot be reached, 8 the targets do not hold the same rows, or not everything could be compared.
"""

from __future__ import annotations


class Customer360Error(Exception):
    """Base of every expected error; ``exit_code`` is what the process ends with."""

    exit_code = 1


class SettingsError(Customer360Error):
    """A setting or an argument is wrong; the sentence names it."""

    exit_code = 2


class InputError(Customer360Error):
    """A file, record or contract cannot be used; the sentence names file, row and reason."""

    exit_code = 3


class DbtFailed(Customer360Error):
    """dbt failed; the sentence names the failed nodes."""

    exit_code = 4


class WarehouseUnreachable(DbtFailed):
    """The warehouse did not answer or is held by another process; another try may help."""


class TargetsFailed(DbtFailed):
    """Some warehouses could not be brought up to date; the sentence names each with its reason, the others are."""


class DoesNotReconcile(Customer360Error):
    """What was built does not give back what was read."""

    exit_code = 5


class AlreadyRunning(Customer360Error):
    """Another run works on the same home folder."""

    exit_code = 6


class Unreachable(Customer360Error):
    """An object store, stream or secret service did not answer, or asks for patience; another try may help."""

    exit_code = 7


class NotEqual(Customer360Error):
    """The targets do not hold the same rows, or not everything could be compared."""

    exit_code = 8
