"""What goes wrong, with the status and reason that BigQuery's interface gives it.

https://cloud.google.com/bigquery/docs/error-messages
"""

from __future__ import annotations

from typing import Any

STATUS = {
    "invalid": 400, "invalidQuery": 400, "badRequest": 400, "parseError": 400, "required": 400, "notFound": 404, "duplicate": 409,
    "resourceInUse": 400, "stopped": 200, "notImplemented": 501, "backendError": 503, "internalError": 500,
    "responseTooLarge": 403, "accessDenied": 403, "resourcesExceeded": 400, "conditionNotMet": 412, "uploadTooLarge": 413,
}  # fmt: skip


class Failure(Exception):
    """An error of BigQuery's: a reason, a message, and where it is ('query', or a field of the request)."""

    def __init__(self, reason: str, message: str, location: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.location = location

    @property
    def status(self) -> int:
        return STATUS[self.reason]

    def proto(self) -> dict[str, Any]:
        """The ErrorProto of the REST interface."""
        told = {"reason": self.reason, "message": self.message}
        return told | ({"location": self.location} if self.location else {})

    def body(self) -> dict[str, Any]:
        """The whole answer to a request that failed."""
        entry = {"domain": "global", **self.proto()}
        if self.location:
            entry["locationType"] = "other"
        return {
            "error": {
                "code": self.status,
                "message": self.message,
                "errors": [entry],
                "status": "NOT_FOUND" if self.status == 404 else "INVALID_ARGUMENT",
            }
        }


class InvalidQuery(Failure):
    """SQL that BigQuery would refuse."""

    def __init__(self, message: str, position: tuple[int, int] | None = None) -> None:
        at = f" at [{position[0]}:{position[1]}]" if position else ""
        super().__init__("invalidQuery", f"{message}{at}", "query")


class Unsupported(Failure):
    """Something that is valid on BigQuery and that the stand-in does not do faithfully, so not at all."""

    def __init__(self, what: str) -> None:
        super().__init__("invalidQuery", f"not supported by the stand-in: {what}", "query")


class NotFound(Failure):
    """A dataset, table, routine or job that is not there."""

    def __init__(self, message: str) -> None:
        super().__init__("notFound", message)
