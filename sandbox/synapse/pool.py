"""The dedicated SQL pool: one database, its sessions, its log of requests."""

from __future__ import annotations

import datetime as dt
import hmac
import itertools
import threading
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.synapse.catalog.names import ViewTexts
from sandbox.synapse.catalog.snapshot import RequestRecord, Snapshot
from sandbox.synapse.engine import Engine
from sandbox.synapse.errors import SqlError
from sandbox.synapse.session import Session
from sandbox.synapse.wire.login import Login

if TYPE_CHECKING:
    from sandbox.synapse.files.lake import Lake

KEPT_REQUESTS = 10_000  # rows of sys.dm_pdw_exec_requests, as the pool keeps


@dataclass(frozen=True)
class Account:
    user: str
    password: str


class Pool:
    """Takes clients in (wire.connection.Host) and holds what they share."""

    def __init__(
        self, folder: Path | None, database: str, collation: str, account: Account, lake: Lake
    ) -> None:
        self.engine = Engine(folder, collation, account.user)
        self.database = database
        self._collation = collation
        self._account = account
        self.lake = lake
        self.view_texts = ViewTexts()
        self._created = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        self._numbers = itertools.count(1)
        self._request_numbers = itertools.count(1)
        self._sessions: dict[str, Session] = {}
        self._requests: deque[RequestRecord] = deque(maxlen=KEPT_REQUESTS)
        self._guard = threading.Lock()

    @property
    def collation(self) -> str:
        return self._collation

    def admit(self, login: Login, process: int) -> tuple[Session, str]:
        known = hmac.compare_digest(login.user.lower().encode(), self._account.user.lower().encode())
        right = hmac.compare_digest(login.password.encode(), self._account.password.encode())
        if not (known and right):
            raise SqlError(18456, f"Login failed for user '{login.user}'.", severity=14)
        fold = self.engine.state.key
        if login.database and fold(login.database) != fold(self.database):
            raise SqlError(
                4060,
                f'Cannot open database "{login.database}" requested by the login. The login failed.',
                severity=11,
            )
        session = Session(self, login.user, login.application, login.host, process, next(self._numbers))
        with self._guard:
            self._sessions[session.facts.session_id] = session
        return session, self.database

    def leave(self, session: Session) -> None:
        with self._guard:
            self._sessions.pop(session.facts.session_id, None)

    def count(self, session: Session) -> None:
        session.record = replace(session.record, queries=session.record.queries + 1)

    def begin_request(self, session: Session, command: str, label: str | None) -> RequestRecord:
        record = RequestRecord(
            f"QID{next(self._request_numbers)}",
            session.facts.session_id,
            "Running",
            _now(),
            None,
            0,
            label,
            command,
        )
        with self._guard:
            self._requests.append(record)
        return record

    def end_request(self, record: RequestRecord, status: str, error: str | None = None) -> None:
        now = _now()
        elapsed = int((now - record.start).total_seconds() * 1000)
        with self._guard:
            for place in range(len(self._requests) - 1, -1, -1):
                if self._requests[place].id == record.id:
                    self._requests[place] = replace(
                        record, status=status, end=now, elapsed=elapsed, error=error
                    )
                    return

    def snapshot(self) -> Snapshot:
        with self._guard:
            requests = list(self._requests)
            sessions = [
                replace(s.record, transactional=s.facts.transactions > 0) for s in self._sessions.values()
            ]
        return Snapshot(self.engine.state, self.database, self._collation, self._created, requests, sessions)

    def close(self) -> None:
        self.engine.close()


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
