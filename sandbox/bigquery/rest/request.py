"""A request as its handler sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.bigquery.errors import Failure


@dataclass
class Request:
    """``path`` are the names in the address, ``body`` the JSON object sent, ``host`` how the client called the server."""

    method: str
    path: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    host: str = ""

    def number(self, name: str, default: int) -> int:
        """A whole number in the query. Raises Failure for anything else."""
        text = self.query.get(name)
        if text is None or text == "":
            return default
        if not text.isdigit():
            raise Failure("invalid", f"Invalid value for {name}: {text}", name)
        return int(text)

    def check_tag(self, current: str) -> None:
        """If-Match: the client changes what it has seen. Raises Failure when that has changed since."""
        wanted = self.headers.get("if-match")
        if wanted and wanted != "*" and wanted.strip('"') != current:
            raise Failure("conditionNotMet", "Precondition check failed.")


def paged(r: Request, name: str, entries: Sequence[Any], told: dict[str, Any]) -> dict[str, Any]:
    """A page of a list; its token is the number of the next entry."""
    start = int(r.query["pageToken"]) if r.query.get("pageToken", "").isdigit() else 0
    most = r.number("maxResults", 10_000) or 10_000
    page = entries[start : start + most]
    body = {**told, name: list(page)}
    if start + most < len(entries):
        body["nextPageToken"] = str(start + most)
    return body
