"""The embedded server, and proxies that stand before it and misbehave now and then."""

from __future__ import annotations

import itertools
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from .sockets import Handler, Listener, Peer, answer
from .suite import ROOT

Turn = Callable[[Peer, int, Callable[[], bytes]], None]
"""Serves one request: to whom, the how manieth it is, and what asks the embedded server."""


@contextmanager
def reference(*switches: str) -> Iterator[int]:
    """The embedded server; its port."""
    command = [sys.executable, str(ROOT / "tests" / "reference"), "--port", "0", *switches]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r":(\d+)/v1", said)
        assert found, said
        try:
            yield int(found[1])
        finally:
            process.kill()


def forget(port: int) -> None:
    """Have the embedded server put its transactions back."""
    urlopen(Request(f"http://127.0.0.1:{port}/reset", method="POST"), timeout=10).close()


def before(port: int, turn: Turn) -> Handler:
    """A proxy before the embedded server."""
    numbers = itertools.count(1)

    def handler(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            if peer.listener is not None:
                peer.listener.heads.append(request.partition(b"\r\n\r\n")[0])
            turn(peer, next(numbers), lambda request=request: ask(port, request))  # type: ignore[misc]

    return handler


def ask(port: int, request: bytes) -> bytes:
    """What the embedded server answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        upstream = Peer(connection)
        upstream.send(request)
        return upstream.message(has_body=not request.startswith(b"HEAD")) or b""


def with_header(reply: bytes, line: str) -> bytes:
    """An answer with one more header."""
    status, _, rest = reply.partition(b"\r\n")
    return b"\r\n".join([status, line.encode("latin-1"), rest])


# ----------------------------------------------------------------------- what they do


def interim(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Sends 100 and 103 before each answer."""
    del number
    peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
    peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n")
    peer.send(ask())


def cookies(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Sets a cookie with each answer."""
    peer.send(with_header(ask(), f"Set-Cookie: session={number}; Path=/"))


def bursts(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Answers 503 three times in a row, after every 60 requests."""
    busy = answer(503, b"busy", "Retry-After: 0", media="text/plain")
    peer.send(busy if number % 60 in (0, 1, 2) else ask())


def drops(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Resets the connection instead of an answer, after every 60 requests."""
    if number % 60:
        peer.send(ask())
    else:
        peer.reset()


def slows(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Takes a tenth of a second longer for each request, from the fiftieth on."""
    time.sleep(max(0, number - 50) * 0.1)
    peer.send(ask())


def dies(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Is gone from the hundredth request on."""
    if number >= 100 and peer.listener is not None:
        peer.listener.close()
    peer.send(ask())


def comes_back(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Is gone for a second at the hundredth request."""
    if number == 100 and peer.listener is not None:
        peer.listener.away(1.0)
    peer.send(ask())


def steady(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Takes a fiftieth of a second for each request, so that a run can be met in its middle."""
    del number
    time.sleep(0.02)
    peer.send(ask())


def passes(peer: Peer, number: int, ask: Callable[[], bytes]) -> None:
    """Passes everything on."""
    del number
    peer.send(ask())


def proxy(port: int, turn: Turn) -> Listener:
    """A proxy that listens."""
    return Listener(before(port, turn))
