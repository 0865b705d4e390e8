"""Sockets for servers that misbehave: what stands here behaves, what uses it need not."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from types import TracebackType

IDLE = 60.0
"""Seconds after which a connection that nobody uses is given up."""


class Peer:
    """One connection, from the side of the server, or from that of a proxy's client."""

    def __init__(self, connection: socket.socket, listener: Listener | None = None) -> None:
        self.socket = connection
        self.listener = listener
        self._rest = b""

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self.socket.sendall(data)

    def request(self) -> bytes | None:
        """The next request, head and body; None where the other side has gone."""
        return self.message(has_body=True)

    def message(self, *, has_body: bool) -> bytes | None:
        """The next message; its end is where Content-Length says, or behind the last chunk."""
        head = self._until_blank_line()
        if head is None:
            return None
        if has_body and header(head, "transfer-encoding") == "chunked":
            return head + self._chunks()
        length = int(header(head, "content-length") or 0) if has_body else 0
        while len(self._rest) < length:
            piece = self.socket.recv(65536)
            if not piece:
                return None
            self._rest += piece
        body, self._rest = self._rest[:length], self._rest[length:]
        return head + body

    def _chunks(self) -> bytes:
        while not self._rest.endswith(b"0\r\n\r\n"):
            piece = self.socket.recv(65536)
            if not piece:
                break
            self._rest += piece
        chunks, self._rest = self._rest, b""
        return chunks

    def _until_blank_line(self) -> bytes | None:
        while b"\r\n\r\n" not in self._rest:
            piece = self.socket.recv(65536)
            if not piece:
                return None
            self._rest += piece
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def wait(self) -> None:
        """Do nothing until the other side goes."""
        while self.socket.recv(65536):
            pass

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


Handler = Callable[[Peer], None]


class Listener:
    """Listens on loopback and serves each connection in a thread of its own."""

    def __init__(
        self,
        handler: Handler,
        family: socket.AddressFamily = socket.AF_INET,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.connections = 0
        self.heads: list[bytes] = []
        self._handler, self._tls, self._family = handler, tls, family
        self._open: set[socket.socket] = set()
        self._socket = self._listen(port)
        self.port = int(self._socket.getsockname()[1])

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening, and end every connection."""
        # Without shutdown, a thread that waits in accept() would keep the port open.
        for each in (self._socket, *self._open):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()
        self._open.clear()

    def away(self, seconds: float) -> None:
        """Close, and listen on the same port again later."""
        self.close()

        def back() -> None:
            time.sleep(seconds)
            self._socket = self._listen(self.port)

        threading.Thread(target=back, daemon=True).start()

    def _listen(self, port: int) -> socket.socket:
        host = "::1" if self._family == socket.AF_INET6 else "127.0.0.1"
        listening = socket.create_server((host, port), family=self._family, backlog=128)
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        self._open.add(connection)
        try:
            connection.settimeout(IDLE)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            self._handler(Peer(connection, self))
        except (OSError, ValueError):
            pass
        finally:
            self._open.discard(connection)
            connection.close()


def header(head: bytes, name: str) -> str | None:
    """The value of a header in the head of a message."""
    for line in head.decode("latin-1").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == name:
            return value.strip()
    return None


def answer(status: int, body: bytes, *headers: str, media: str = "application/json") -> bytes:
    """An answer that is right as far as HTTP goes."""
    lines = [f"HTTP/1.1 {status:03} Something", f"Content-Type: {media}", *headers]
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body
