"""What goes in and out of the service: a request, a reply, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Request:
    """One request of the operation as it arrived; header names are in lower case."""

    method: str
    account: str
    headers: dict[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of one header (name in lower case), None where it is missing."""
        return self.headers.get(name)


@dataclass(slots=True)
class Reply:
    """One answer: status, body, its media type, and further headers.

    `streamed` sends the body in pieces without its length, `dropped` cuts the connection after
    the headers.
    """

    status: int
    content: bytes
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    streamed: bool = False
    dropped: bool = False


class Refusal(Exception):
    """A request that is not served: status, message for people, and what exactly is wrong.

    `field` names the offending property (empty where it is the whole request), `reason` is the
    kind of offence: type, bounds, required, date, order, combination, malformed, and so on.
    """

    def __init__(self, status: int, message: str, *, field: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field
        self.reason = reason
