"""Requests and answers as they go over the wire."""

from __future__ import annotations

from dataclasses import dataclass, field

NO_ANSWER = "no answer"
"""What came where nothing did, in words."""

HeaderList = tuple[tuple[str, str], ...]

WEATHER = frozenset({408, 425, 429, 502, 503, 504, *range(520, 531)})
"""Statuses that say nothing about the contract (contract: "Weather, no answer")."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request, byte for byte: the path is raw, and a body of None is no body at all."""

    method: str
    path: str
    headers: HeaderList = ()
    body: bytes | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, by its lower-case name; None where it is not sent."""
        return _header(self.headers, name)

    @property
    def chunked(self) -> bool:
        """Whether the body goes in chunks, and its length is not told (RFC 9112, section 7.1)."""
        return (self.header("transfer-encoding") or "").lower() == "chunked"

    @property
    def unsized(self) -> bool:
        """Whether there is no body, and nothing says so, as many tools send it (RFC 9112, 6.3)."""
        return self.body is None and self.header("content-length") is None and not self.chunked

    @property
    def size(self) -> tuple[int, int, str]:
        """Sorts witnesses: the smallest body first, then the shortest path."""
        return (len(self.body or b""), len(self.path), repr(self.body))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; a status of None is no answer, and `trouble` says why."""

    status: int | None
    headers: HeaderList = ()
    body: bytes = b""
    seconds: float = 0.0
    trouble: str | None = None

    def header(self, name: str) -> str | None:
        """The value of a header, by its lower-case name; None where it did not come."""
        return _header(self.headers, name)

    @property
    def weather(self) -> bool:
        """True where the answer says nothing about the contract."""
        return self.status is None or self.status in WEATHER

    @property
    def success(self) -> bool:
        """True for any 2xx."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def refusal(self) -> bool:
        """True for any 4xx that is no weather."""
        return self.status is not None and 400 <= self.status < 500 and not self.weather

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case; empty where none came."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, what came back for it, and when it was sent (seconds since the epoch)."""

    request: Request
    answer: Answer
    sent: float = 0.0
    purpose: str = field(default="", compare=False)


def _header(headers: HeaderList, name: str) -> str | None:
    for key, value in headers:
        if key.lower() == name:
            return value
    return None
