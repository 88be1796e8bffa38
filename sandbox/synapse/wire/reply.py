"""The reply to one request, written by the session's thread and sent by the loop as it grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sandbox.synapse.errors import SqlError
from sandbox.synapse.language.names import Column
from sandbox.synapse.wire import tokens
from sandbox.synapse.wire.rows import column_metadata

ENOUGH = 64 * 1024  # bytes that are gathered before they are sent


class Reply:
    """Tokens of a reply in their order. Every DONE but the last says that more follows.

    send: sends bytes and returns when the client has taken enough of them; raises ConnectionError where it is gone.
    """

    def __init__(self, send: Callable[[bytes], None], collation: str) -> None:
        self._send = send
        self._collation = collation
        self._held = bytearray()
        self._done: tuple[int, int, int, int] | None = None
        self.in_transaction = False
        self.procedure = 0  # how many procedures and EXEC('…') are being run

    def raw(self, token: bytes) -> None:
        self._flush_done(more=True)
        self._held += token
        if len(self._held) >= ENOUGH:
            self._send(bytes(self._held))
            self._held.clear()

    def error(self, problem: SqlError, procedure: str = "") -> None:
        self.raw(tokens.error(problem, procedure))

    def info(self, number: int, message: str, line: int = 1) -> None:
        self.raw(tokens.info(number, message, line=line))

    def columns(self, columns: Sequence[Column]) -> None:
        self.raw(column_metadata(columns, self._collation))

    def done(self, command: int, rows: int | None = None, status: int = 0) -> None:
        """A statement has ended. rows: how many it gave or changed, None = it does not count."""
        self._flush_done(more=True)
        if rows is not None:
            status |= tokens.COUNT
        token = tokens.DONE_IN_PROCEDURE if self.procedure else tokens.DONE
        self._done = (status, command, rows or 0, token)

    def done_procedure(self, status: int = 0) -> None:
        self._flush_done(more=True)
        self._done = (status, tokens.EXECUTE, 0, tokens.DONE_PROCEDURE)

    def end(self, attention: bool = False) -> bytes:
        """The rest of the reply. attention: the request was cancelled and the client waits to hear so."""
        if attention:
            self._flush_done(more=True)
            self._held += tokens.done(tokens.ATTENTION)
        else:
            if self._done is None:
                self._done = (0, tokens.NOTHING, 0, tokens.DONE)
            self._flush_done(more=False)
        rest = bytes(self._held)
        self._held.clear()
        return rest

    def _flush_done(self, *, more: bool) -> None:
        if self._done is None:
            return
        status, command, rows, token = self._done
        self._done = None
        status |= tokens.MORE if more else 0
        self._held += tokens.done(status, command, rows, token)
