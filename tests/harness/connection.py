"""One HTTP/1.1 connection, kept alive; every wait on it ends at one deadline.

The protocol is h11's (RFC 9112); what is ours is the socket, TLS and the way through a proxy. No
redirect is followed, so that a token goes to the configured host alone.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import h11

from .endpoint import Endpoint
from .errors import UsageError

LIMIT = 1024 * 1024
"""Bytes of an answer that are read; the declared ones are below a thousandth of that."""

TOO_LONG = f"an answer of more than {LIMIT} bytes"

HEAD = 100 * 1024
"""Bytes of the head of an answer that are read."""

QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Has the head of an answer acknowledged at once: a server that sends head and body apart waits for
that with the body (RFC 896), 40 ms where the system takes its time. Linux alone has it, and forgets
it between two reads."""

Headers = Sequence[tuple[bytes, bytes]]
Returned = TypeVar("Returned")


class Trouble(Exception):
    """There is no whole answer; says why, without addresses or secrets."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy."""

    host: str
    port: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    """What it is to be told with every request that is meant for it."""

    @classmethod
    def at(cls, address: str, source: str) -> Proxy:
        """The proxy at an address.

        Raises:
            UsageError: its scheme is another than http; names the source of the address.
        """
        parts = urlsplit(address if "://" in address else f"http://{address}")
        if parts.scheme != "http" or not parts.hostname:
            raise UsageError(f"{source}: {parts.scheme}: only an http proxy can be used")
        pair = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}".encode()
        ours = ((b"Proxy-Authorization", b"Basic " + b64encode(pair)),) if parts.username else ()
        return cls(parts.hostname, parts.port or 80, ours)


class Connection:
    """A connection to an endpoint; not to be shared between threads."""

    def __init__(self, endpoint: Endpoint, proxy: Proxy | None, deadline: float) -> None:
        """Connect.

        Args:
            endpoint: whom to reach.
            proxy: whom to ask for it.
            deadline: when the exchange under way has to be over, on the monotonic clock.

        Raises:
            Trouble: it cannot be reached.
        """
        scheme, host, port = endpoint.origin
        secure = scheme == "https"
        self._deadline = deadline
        self._held = b""
        self._through = proxy if not secure else None
        self._origin = f"http://{endpoint.host_header}".encode()
        self._parser = _parser()
        nearest = (proxy.host, proxy.port) if proxy else (host, port)
        self._socket = self._reach(lambda: socket.create_connection(nearest, self._left()))
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if proxy and secure:
                self._tunnel(proxy, f"{f'[{host}]' if ':' in host else host}:{port}")
            if secure:
                tls = endpoint.tls or ssl.create_default_context()
                self._socket.settimeout(self._left())
                self._socket = self._reach(
                    lambda: tls.wrap_socket(self._socket, server_hostname=host)
                )
        except BaseException:
            self._socket.close()
            raise

    @property
    def usable(self) -> bool:
        """Whether another request can go over it: whole answers, nothing after, not closed."""
        if not self.lasts or self._parser.trailing_data[0]:
            return False
        readable, _, _ = select.select([self._socket], [], [], 0)
        return not readable

    @property
    def lasts(self) -> bool:
        """Whether the other side means to keep it (RFC 9112, section 9.3)."""
        return self._parser.our_state is h11.IDLE

    def fileno(self) -> int:
        """What `select` wants to know."""
        return self._socket.fileno()

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def send(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes,
        deadline: float,
        held: int = 0,
    ) -> None:
        """Send a request, but for so many bytes of its end: `release` sends those.

        Raises:
            Trouble: it cannot be sent.
        """
        self._deadline = deadline
        target = path.encode()
        if self._through is not None:
            target, headers = self._origin + target, [*headers, *self._through.headers]
        self._send(h11.Request(method=method, target=target, headers=list(headers)), body, held)

    def release(self, deadline: float) -> None:
        """Send what was held back.

        Raises:
            Trouble: it cannot be sent.
        """
        self._deadline = deadline
        self._write(self._held)

    def receive(self, deadline: float) -> tuple[int, Headers, bytes]:
        """Read the answer.

        Returns:
            Status, headers and body as they came; a body within `LIMIT`.

        Raises:
            Trouble: there is no whole answer.
        """
        self._deadline = deadline
        try:
            status, received, content = self._read()
        except h11.RemoteProtocolError:
            raise Trouble("what came back is not HTTP, or was cut short") from None
        if self._parser.our_state is h11.DONE and self._parser.their_state is h11.DONE:
            self._parser.start_next_cycle()
        return status, received, content

    def _send(self, request: h11.Request, body: bytes, held: int = 0) -> None:
        parts = [self._parser.send(request)]
        if body:
            parts.append(self._parser.send(h11.Data(data=body)))
        parts.append(self._parser.send(h11.EndOfMessage()))
        # Head and body leave together.
        whole = b"".join(part for part in parts if part)
        now = len(whole) - held
        self._held = whole[now:]
        self._write(whole[:now])

    def _write(self, piece: bytes) -> None:
        self._socket.settimeout(self._left())
        try:
            self._socket.sendall(piece)
        except TimeoutError:
            raise Trouble("the request was not taken within the time limit") from None
        except (BrokenPipeError, ConnectionResetError):
            # A server may refuse before it has read all (RFC 9112, section 9.6): see what it said.
            pass
        except OSError as error:
            raise Trouble(f"the connection failed ({type(error).__name__})") from None

    def _read(self) -> tuple[int, Headers, bytes]:
        """The answer, once it is there whole; interim ones are passed over."""
        status, chunks, size = 0, [], 0
        headers: Headers = ()
        while True:
            event = self._parser.next_event()
            if event is h11.NEED_DATA:
                self._parser.receive_data(self._receive())
            elif isinstance(event, h11.Data):
                size += len(event.data)
                if size > LIMIT:
                    raise Trouble(TOO_LONG)
                chunks.append(bytes(event.data))
            elif isinstance(event, h11.Response):
                status, headers = event.status_code, event.headers.raw_items()
            elif isinstance(event, h11.EndOfMessage):
                return status, headers, b"".join(chunks)
            elif not isinstance(event, h11.InformationalResponse):
                raise Trouble("the connection was closed without an answer")

    def _receive(self) -> bytes:
        left = self._left()
        if left <= 0.001:
            raise Trouble("no whole answer within the time limit")
        self._socket.settimeout(left)
        try:
            if QUICKACK is not None:
                self._socket.setsockopt(socket.IPPROTO_TCP, QUICKACK, 1)
            return self._socket.recv(65536)
        except TimeoutError:
            raise Trouble("no whole answer within the time limit") from None
        except OSError:
            raise Trouble("the connection was reset") from None

    def _tunnel(self, proxy: Proxy, address: str) -> None:
        """Have a proxy open a way to the host (RFC 9110, section 9.3.6)."""
        headers = [(b"Host", address.encode()), *proxy.headers]
        self._send(h11.Request(method="CONNECT", target=address.encode(), headers=headers), b"")
        while True:
            event = self._parser.next_event()
            if event is h11.NEED_DATA:
                self._parser.receive_data(self._receive())
            elif isinstance(event, h11.Response):
                if not 200 <= event.status_code < 300:
                    raise Trouble(f"the proxy answered {event.status_code}")
                self._parser = _parser()
                return

    def _left(self) -> float:
        """Seconds until the deadline; never zero, which would mean not to block."""
        return max(0.001, self._deadline - time.monotonic())

    def _reach(self, step: Callable[[], Returned]) -> Returned:
        """Do what opens a connection.

        Raises:
            Trouble: it failed.
        """
        try:
            return step()
        except TimeoutError:
            raise Trouble("no connection within the time limit") from None
        except ssl.SSLError as error:
            told = str(error).split("(_ssl")[0].strip()[-160:]
            raise Trouble(f"TLS failed: {told}") from None
        except ConnectionRefusedError:
            raise Trouble("the connection was refused") from None
        except (socket.gaierror, UnicodeError):
            raise Trouble("the host name is not known") from None
        except OSError as error:
            raise Trouble(f"no connection ({error.strerror or type(error).__name__})") from None


def _parser() -> h11.Connection:
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
