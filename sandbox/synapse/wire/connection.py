"""One client's connection: from its first packet to its last."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, Protocol

from sandbox.synapse.errors import SqlError
from sandbox.synapse.wire import packets, request, tokens
from sandbox.synapse.wire.collation import KNOWN
from sandbox.synapse.wire.login import (
    Login,
    agreed_size,
    login_reply,
    prelogin_reply,
    read_login,
    read_prelogin,
    wants_encryption,
)
from sandbox.synapse.wire.packets import Malformed, Message, Packets, read_message
from sandbox.synapse.wire.reply import Reply

log = logging.getLogger(__name__)
LOGIN_SECONDS = 30.0  # a client that says nothing for so long before it is in is let go
REFUSED_ENCRYPTION = (
    "the stand-in speaks without encryption, on loopback only: connect with Encrypt=no (dbt: encrypt: false)"
)


class Session(Protocol):
    """What serves a client that is in. All but cancel are called from one thread at a time."""

    def batch(self, text: str, reply: Reply) -> None: ...
    def call(self, calls: list[request.Call], reply: Reply) -> None: ...
    def transaction(self, number: int, reply: Reply) -> None: ...
    def reset(self, keep_transaction: bool) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


class Host(Protocol):
    """The server that takes clients in."""

    @property
    def collation(self) -> str: ...
    def admit(self, login: Login, process: int) -> tuple[Session, str]:
        """The client's session and its database. Raises SqlError 18456 or 4060."""


class Gone(Exception):
    """The client has left, or its session is over."""


class Connection:
    """Serves one client. Its faults end this connection and no other."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        host: Host,
        workers: Executor,
        process: int,
    ) -> None:
        self._reader, self._writer = reader, writer
        self._host, self._workers = host, workers
        self._packets = Packets(process)
        self._process = process
        self._session: Session | None = None

    async def serve(self) -> None:
        try:
            if await asyncio.wait_for(self._log_in(), LOGIN_SECONDS):
                await self._requests()
        except (Malformed, TimeoutError) as error:
            log.debug("connection %s ended: %s", self._process, error)
        except (Gone, ConnectionError):
            pass
        finally:
            if self._session is not None:
                await asyncio.get_running_loop().run_in_executor(self._workers, self._session.close)
            self._writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await self._writer.wait_closed()

    async def _log_in(self) -> bool:
        message = await read_message(self._reader, packets.LONGEST_LOGIN)
        if message is None:
            return False
        if message.kind == packets.PRELOGIN:
            options = read_prelogin(message.body)
            await self._send_whole(prelogin_reply())
            if wants_encryption(options):
                log.warning("a connection was refused: %s", REFUSED_ENCRYPTION)
                return False
            message = await read_message(self._reader, packets.LONGEST_LOGIN)
            if message is None:
                return False
        if message.kind != packets.LOGIN:
            raise Malformed("the first message is no login")
        login = read_login(message.body)
        try:
            self._session, database = await asyncio.get_running_loop().run_in_executor(
                self._workers, self._host.admit, login, self._process
            )
        except SqlError as problem:
            await self._send_whole(tokens.error(problem) + tokens.done(tokens.ERROR))
            return False
        await self._send_whole(login_reply(login, database, KNOWN[self._host.collation]))
        self._packets.size = agreed_size(login.packet_size)
        return True

    async def _send_whole(self, body: bytes) -> None:
        self._writer.write(self._packets.add(body) + self._packets.end())
        await self._writer.drain()

    async def _requests(self) -> None:
        message = await read_message(self._reader)
        while message is not None:
            if message.kind == packets.ATTENTION:
                # nothing runs any more: the reply and the attention have crossed
                await self._send_whole(tokens.done(tokens.ATTENTION))
                message = await read_message(self._reader)
            else:
                message = await self._answer(message)

    async def _answer(self, message: Message) -> Message | None:
        """Runs one request while the next message is awaited: an attention cancels it. Gives the next message."""
        session = self._session
        assert session is not None
        loop = asyncio.get_running_loop()

        def send(data: bytes) -> None:
            ready = self._packets.add(data)
            if ready:
                asyncio.run_coroutine_threadsafe(self._write(ready), loop).result()

        reply = Reply(send, self._host.collation)
        work = self._work(session, message, reply)
        running: asyncio.Future[None] = loop.run_in_executor(self._workers, work)
        coming: asyncio.Task[Message | None] = asyncio.create_task(read_message(self._reader))
        cancelled = False
        both: set[asyncio.Future[Any]] = {running, coming}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            try:
                following = coming.result()
            except Malformed:
                session.cancel()
                await asyncio.wait({running})
                raise
            if following is None or following.kind != packets.ATTENTION:
                # the client left (or broke the protocol): what it asked for is not wanted any more
                session.cancel()
                await asyncio.wait({running})
                raise Gone
            cancelled = True
            while not running.done():
                session.cancel()
                await asyncio.wait({running}, timeout=0.05)
        running.result()
        self._writer.write(self._packets.add(reply.end(attention=cancelled)) + self._packets.end())
        await self._writer.drain()
        return await (read_message(self._reader) if cancelled else coming)

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def _work(self, session: Session, message: Message, reply: Reply) -> Callable[[], None]:
        def work() -> None:
            try:
                if message.status & (packets.RESET | packets.RESET_KEEPING_TRANSACTION):
                    session.reset(bool(message.status & packets.RESET_KEEPING_TRANSACTION))
                if message.kind == packets.BATCH:
                    session.batch(request.read_batch_text(message.body), reply)
                elif message.kind == packets.RPC:
                    session.call(request.read_rpc(message.body), reply)
                elif message.kind == packets.TRANSACTION:
                    number, _ = request.read_transaction_request(message.body)
                    session.transaction(number, reply)
                else:
                    raise SqlError(
                        49999, f"not supported by the stand-in: a request of type {message.kind:#04x}."
                    )
            except SqlError as problem:
                reply.error(problem)
                reply.done(tokens.NOTHING, status=tokens.ERROR)
            except (Malformed, ConnectionError):
                raise
            except Exception as fault:
                # a fault of the stand-in harms this request alone
                log.exception("a fault of the stand-in")
                reply.error(
                    SqlError(49999, f"the stand-in failed: {type(fault).__name__}: {fault}", severity=16)
                )
                reply.done(tokens.NOTHING, status=tokens.ERROR)

        return work
