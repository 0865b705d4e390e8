"""Sends requests byte for byte and reads answers within limits; what comes is never trusted."""

from __future__ import annotations

import datetime as dt
import select
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import lru_cache

from .connection import LIMIT, TOO_LONG, Connection, Proxy, Trouble
from .endpoint import Endpoint
from .wire import Answer, HeaderList, Request

HOLD = 2.0
"""Seconds in which a connection is to take a request that waits for others to be sent with it."""

MEMBERS = 64
"""Members of a gzip file that are read; nearly all have one."""


class Client:
    """Sends to one host, over one connection as long as it lasts; not shared between threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Take where to connect; nothing is connected yet."""
        self.endpoint = endpoint
        self._proxy = _proxy(endpoint)
        self._connection: Connection | None = None
        self._started = 0.0
        self._trouble: str | None = None
        self._host = _bytes(("Host", endpoint.host_header))

    def send(self, request: Request, meanwhile: Callable[[], None] | None = None) -> Answer:
        """Send a request once; an answer that does not come whole is an `Answer` with trouble.

        Args:
            request: what goes over the wire.
            meanwhile: what is to be done while the server is at work.
        """
        self.begin(request, self.endpoint.timeout)
        deadline = time.monotonic() + self.endpoint.timeout
        if meanwhile:
            meanwhile()
        return self.end(deadline)

    def begin(self, request: Request, limit: float, held: int = 0) -> bool:
        """Send a request within a limit of seconds, but for so many bytes of its end.

        Returns:
            Whether it was sent so far; `end` says what was in the way.
        """
        headers = [self._host, *(_bytes(header) for header in request.headers)]
        body = request.body or b""
        if body and request.header("content-length") is None and not request.chunked:
            headers.append((b"Content-Length", str(len(body)).encode()))
        self._started, self._trouble = time.perf_counter(), None
        try:
            deadline = time.monotonic() + limit
            connection = self._connected(deadline)
            connection.send(request.method, request.path, headers, body, deadline, held)
        except Exception as error:
            self._trouble = _told(error)
        return self._trouble is None

    def release(self, deadline: float) -> None:
        """Send what `begin` held back, before a time on the monotonic clock."""
        self._started = time.perf_counter()
        try:
            if self._connection is not None:
                self._connection.release(deadline)
        except Exception as error:
            self._trouble = self._trouble or _told(error)

    def end(self, deadline: float) -> Answer:
        """The answer to what was begun, if it comes before a time on the monotonic clock."""
        received: HeaderList = ()
        try:
            if self._trouble is None and self._connection is not None:
                status, raw, body = self._connection.receive(deadline)
                if not self._connection.lasts:
                    # Some servers wait for the other side to close before they go on.
                    self.close()
                received = _text(raw)
                body, received = _decoded(body, received)
                return Answer(status, received, body, time.perf_counter() - self._started)
        except Exception as error:  # nothing that a server sends may end the run
            self._trouble = _told(error)
        self.close()
        return Answer(None, received, b"", time.perf_counter() - self._started, self._trouble)

    def fileno(self) -> int:
        """What `select` wants to know of the connection."""
        return self._connection.fileno() if self._connection is not None else -1

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self, deadline: float) -> Connection:
        """A connection that is still good, or a new one."""
        if self._connection is None or not self._connection.usable:
            self.close()
            self._connection = Connection(self.endpoint, self._proxy, deadline)
        return self._connection


def send_at_once(endpoint: Endpoint, requests: Sequence[Request]) -> list[tuple[float, Answer]]:
    """Send requests at the same instant, each on a connection of its own.

    All are sent but for their last byte, and then these: so they are complete within microseconds
    of each other. What a server does not take beside the others is sent when it has answered those.

    Returns:
        For each, in their order, when it was complete (seconds since the epoch), and what came.
    """
    begun: list[Client] = []
    for request in requests:
        client = Client(endpoint)
        if not client.begin(request, min(HOLD, endpoint.timeout), held=1):
            client.close()
            break
        begun.append(client)
    sent = []
    deadline = time.monotonic() + endpoint.timeout
    for client in begun:
        sent.append(time.time())
        client.release(deadline)
    answers: dict[Client, Answer] = {}
    for client in _as_they_come(begun, deadline):
        # Some servers serve nobody else until the other side has closed, too.
        answers[client] = client.end(deadline)
        client.close()
    done = [(when, answers[client]) for client, when in zip(begun, sent, strict=True)]
    for request in requests[len(begun) :]:
        last = done[-1][1] if done else None
        if last is not None and last.status is None:
            # It has gone silent: to wait for each of the others in turn would take minutes.
            done.append((time.time(), last))
            continue
        client = Client(endpoint)
        done.append((time.time(), client.send(request)))
        client.close()
    return done


def _as_they_come(clients: Iterable[Client], deadline: float) -> Iterator[Client]:
    """The clients in the order of their answers; those without one when the time is over."""
    left = list(clients)
    while left:
        ready, _, _ = select.select(left, [], [], max(0.0, deadline - time.monotonic()))
        for client in ready or list(left):
            left.remove(client)
            yield client


def _told(error: Exception) -> str:
    """What went wrong with an exchange, in words."""
    if isinstance(error, Trouble):
        return str(error)
    return f"an answer that cannot be read ({type(error).__name__})"


@lru_cache(maxsize=256)
def _bytes(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].encode(), header[1].encode()


def _proxy(endpoint: Endpoint) -> Proxy | None:
    """The proxy that the usual variables name; None where they name none."""
    if endpoint.loopback:
        return None
    scheme, host, _ = endpoint.origin
    address = urllib.request.getproxies().get(scheme)
    if not address or urllib.request.proxy_bypass(host):
        return None
    return Proxy.at(address, f"{scheme}_proxy")


def _text(headers: Iterable[tuple[bytes, bytes]]) -> HeaderList:
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in headers)


def _decoded(body: bytes, headers: HeaderList) -> tuple[bytes, HeaderList]:
    """Undo a content coding, up to the limit; one that was not offered is only marked."""
    coding = next((value for key, value in headers if key.lower() == "content-encoding"), "")
    if not body or coding.lower() in ("", "identity"):
        return body, headers
    undecodable = (*headers, ("x-undecodable", coding))
    if coding.lower() not in ("gzip", "deflate"):
        return body, undecodable
    wrappers = [zlib.MAX_WBITS | 32]
    if coding.lower() == "deflate":
        # Some servers leave its wrapper out (RFC 9110, section 8.4.1.2).
        wrappers.append(-zlib.MAX_WBITS)
    for wrapper in wrappers:
        with suppress(zlib.error):
            return _inflated(body, wrapper), headers
    return body, undecodable


def _inflated(body: bytes, wrapper: int) -> bytes:
    """What was compressed, in one member or a few; `wrapper` as zlib's `wbits`.

    Raises:
        Trouble: it is longer than is read.
        zlib.error: it is damaged, or cut short.
    """
    plain = b""
    for _ in range(MEMBERS):
        decoder = zlib.decompressobj(wbits=wrapper)
        plain += decoder.decompress(body, LIMIT + 1 - len(plain))
        if len(plain) > LIMIT:
            raise Trouble(TOO_LONG)
        if not decoder.eof:
            raise zlib.error
        body = decoder.unused_data
        if not body:
            return plain
    raise Trouble(TOO_LONG)


def retry_after(answer: Answer, now: float) -> float | None:
    """The seconds that Retry-After asks for (RFC 9110, section 10.2.3); None without one."""
    value = (answer.header("retry-after") or "").strip()
    if value.isdecimal() and value.isascii():
        return float(value[:9])
    if value:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        if when.tzinfo is None:
            when = when.replace(tzinfo=dt.UTC)
        return max(0.0, when.timestamp() - now)
    return None


def pause_before(attempt: int, answer: Answer, again: bool) -> float | None:
    """How many seconds to wait before the next try; None to give the request up.

    Args:
        attempt: how many tries there were.
        answer: what came of the last one: weather, or nothing.
        again: the target has not been silent before: a time limit is worth a second try.
    """
    asked = retry_after(answer, time.time())
    if asked is not None:
        return max(asked, 0.05 if attempt < 3 else 0.5)
    if answer.status is None and "time limit" in (answer.trouble or ""):
        return 0.1 if attempt < 2 and again else None
    if answer.status is None:
        return 0.1 * attempt if attempt < 4 else None
    return min(0.2 * 2**attempt, 5.0) if attempt < 6 else None
