"""Sends requests byte for byte and reads answers within limits; what comes is never trusted.

The protocol is httpcore's; what is ours is that every wait ends at a deadline, every answer at a
size, and that no redirect is followed, so that a token goes to the configured host alone.
"""

from __future__ import annotations

import datetime as dt
import logging
import ssl
import time
import urllib.request
import zlib
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpcore

from .endpoint import Endpoint
from .errors import UsageError
from .wire import Answer, HeaderList, Request

LIMIT = 1024 * 1024
"""Bytes of an answer that are read; the declared ones are below a thousandth of that."""

MEMBERS = 64
"""Members of a gzip file that are read; nearly all have one."""

# At DEBUG it would log the headers of answers, in which a server may echo a secret.
logging.getLogger("httpcore").setLevel(logging.INFO)

FAULTS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    OSError,
)


class TooMuch(Exception):
    """The answer is longer than is read."""


class Deadline(httpcore.NetworkStream):
    """A stream whose every wait ends when the whole exchange has to."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream, self._clock = stream, clock
        self._unsent: list[bytes] = []
        self._last = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read some bytes, having sent what was to be sent."""
        self._clock.check()
        if self._unsent:
            whole = b"".join(self._unsent)
            self._unsent.clear()
            self._stream.write(whole, self._clock.left())
        self._last = self._stream.read(max_bytes, self._clock.left())
        return self._last

    def beyond(self, body: bytes) -> bool:
        """Whether more came than an answer with this body and its length."""
        end = body or b"\r\n\r\n"
        return not self._last.endswith(end[-len(self._last) :])

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Keep bytes until an answer is waited for."""
        # Head and body leave together, once an answer is waited for.
        self._unsent.append(buffer)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on over TLS."""
        secure = self._stream.start_tls(ssl_context, server_hostname, self._clock.left())
        return Deadline(secure, self._clock)

    def get_extra_info(self, info: str) -> Any:
        """What the stream underneath says."""
        return self._stream.get_extra_info(info)


class Clock:
    """When the exchange under way has to be over."""

    def __init__(self) -> None:
        self.end = float("inf")

    def start(self, seconds: float) -> None:
        """Set the deadline."""
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until the deadline; never zero, which would mean not to block."""
        return max(0.001, self.end - time.monotonic())

    def check(self) -> None:
        """Raise where the deadline is over."""
        if time.monotonic() > self.end:
            raise httpcore.ReadTimeout("the time for one exchange is over")


class Backend(httpcore.SyncBackend):
    """Connects within the deadline."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the deadline."""
        stream = super().connect_tcp(host, port, self._clock.left(), local_address, socket_options)
        return Deadline(stream, self._clock)


class Client:
    """One connection to one host, kept alive; not to be shared between threads."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Take where to connect; nothing is connected yet."""
        self.endpoint = endpoint
        self._clock = Clock()
        self._proxy = _proxy(endpoint, Backend(self._clock))
        self._direct: httpcore.HTTPConnection | None = None
        scheme, host, port = endpoint.origin
        self._origin = (scheme.encode(), host.encode("idna"), port)
        self._host = _bytes(("Host", endpoint.host_header))

    def send(self, request: Request) -> Answer:
        """Send a request once; an answer that does not come whole is an `Answer` with trouble."""
        headers = [self._host, *(_bytes(header) for header in request.headers)]
        if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
            headers.append((b"Content-Length", str(len(request.body or b"")).encode()))
        scheme, host, port = self._origin
        url = httpcore.URL(scheme=scheme, host=host, port=port, target=request.path.encode())
        self._clock.start(self.endpoint.timeout)
        started = time.perf_counter()
        status: int | None = None
        received: HeaderList = ()
        body = b""
        trouble: str | None = None
        leftover = False
        try:
            with self._connection().stream(
                request.method, url, headers=headers, content=request.body or None
            ) as response:
                received = _text(response.headers)
                body = _read(response)
                leftover = _beyond(response, body)
                body, received = _decoded(body, received)
                status = response.status
        except TooMuch:
            trouble = f"an answer of more than {LIMIT} bytes"
        except FAULTS as error:
            trouble = _words(error)
        except Exception as error:  # nothing that a server sends may end the run
            trouble = f"an answer that cannot be read ({type(error).__name__})"
        seconds = time.perf_counter() - started
        if trouble or leftover:
            self.close()
        if trouble:
            return Answer(None, received, b"", seconds, trouble)
        return Answer(status, received, body, seconds)

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self._proxy is not None:
            self._proxy.close()
        if self._direct is not None:
            self._direct.close()
            self._direct = None

    def _connection(self) -> httpcore.HTTPConnection | httpcore.HTTPProxy:
        """What the next request goes through: a proxy, or a connection that is still good."""
        if self._proxy is not None:
            return self._proxy
        found = self._direct
        if found is None or found.is_closed() or not found.is_idle() or found.has_expired():
            self.close()
            found = self._direct = httpcore.HTTPConnection(
                httpcore.Origin(*self._origin),
                ssl_context=self.endpoint.tls,
                network_backend=Backend(self._clock),
            )
        return found


@lru_cache(maxsize=256)
def _bytes(header: tuple[str, str]) -> tuple[bytes, bytes]:
    return header[0].encode(), header[1].encode()


def _proxy(endpoint: Endpoint, backend: Backend) -> httpcore.HTTPProxy | None:
    """The proxy that the usual variables name, with one connection; None where they name none."""
    scheme, host, _ = endpoint.origin
    proxy = urllib.request.getproxies().get(scheme)
    if not proxy or endpoint.loopback or urllib.request.proxy_bypass(host):
        return None
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{scheme}_proxy: {parts.scheme}: only an http(s) proxy can be used")
    return httpcore.HTTPProxy(
        f"{parts.scheme}://{parts.hostname}:{parts.port or 80}",
        proxy_auth=(parts.username, parts.password or "") if parts.username else None,
        ssl_context=endpoint.tls,
        max_connections=1,
        network_backend=backend,
    )


def _read(response: httpcore.Response) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > LIMIT:
            raise TooMuch
        chunks.append(chunk)
    return b"".join(chunks)


def _beyond(response: httpcore.Response, body: bytes) -> bool:
    """Whether bytes are left that the next request would take for its answer."""
    stream = response.extensions.get("network_stream")
    counted = any(key.lower() == b"content-length" for key, _ in response.headers)
    return counted and isinstance(stream, Deadline) and stream.beyond(body)


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
    try:
        return _inflated(body), headers
    except zlib.error:
        return body, undecodable


def _inflated(body: bytes) -> bytes:
    """What was compressed, in one member or a few.

    Raises:
        TooMuch: it is longer than is read.
        zlib.error: it is damaged, or cut short.
    """
    plain = b""
    for _ in range(MEMBERS):
        decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        plain += decoder.decompress(body, LIMIT + 1 - len(plain))
        if len(plain) > LIMIT:
            raise TooMuch
        if not decoder.eof:
            raise zlib.error
        body = decoder.unused_data
        if not body:
            return plain
    raise TooMuch


def _words(error: BaseException) -> str:
    """Why there is no answer, in words and without addresses or secrets."""
    name = type(error).__name__
    sentences = {
        "ConnectError": "the connection was refused",
        "ConnectTimeout": "no connection within the time limit",
        "ReadTimeout": "no whole answer within the time limit",
        "WriteTimeout": "the request was not taken within the time limit",
        "ReadError": "the connection was reset",
        "WriteError": "the connection was closed while sending",
        "RemoteProtocolError": "what came back is not HTTP, or was cut short",
    }
    text = str(error)
    if "CERTIFICATE" in text.upper() or "SSL" in text.upper():
        return "TLS failed: " + text.split("(_ssl")[0].strip()[-160:]
    if name == "ConnectError" and ("Name or service" in text or "getaddrinfo" in text):
        return "the host name is not known"
    return sentences.get(name, f"the connection failed ({name})")


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
