"""Servers that misbehave, one function each; each serves one connection."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from itertools import repeat

from .sockets import Handler, Listener, Peer, answer

DONE = b'{"message": "done"}'
HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x08\x08 \u202egnp.exe"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def always(reply: bytes | Callable[[], bytes]) -> Handler:
    """Answers every request alike, and keeps the connection."""

    def handler(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(reply if isinstance(reply, bytes) else reply())

    return handler


def once(reply: bytes) -> Handler:
    """Answers one request, and closes."""

    def handler(peer: Peer) -> None:
        peer.request()
        peer.send(reply)

    return handler


def endless(start: bytes, more: bytes) -> Handler:
    """Answers with a beginning, and then with the same piece for ever."""

    def handler(peer: Peer) -> None:
        peer.request()
        peer.send(start)
        for piece in repeat(more):
            peer.send(piece)

    return handler


def slow(reply: bytes, pause: float) -> Handler:
    """Answers byte by byte with a pause after each."""

    def handler(peer: Peer) -> None:
        peer.request()
        for number in range(len(reply)):
            peer.send(reply[number : number + 1])
            time.sleep(pause)

    return handler


def drips(peer: Peer) -> None:
    """Sends a good head, and then a chunk of one byte each 0.2 s."""
    peer.send(CHUNKED)
    slow(b"1\r\n{\r\n" * 100, 0.2)(peer)


def silent(peer: Peer) -> None:
    """Accepts, reads, and never answers."""
    peer.wait()


def hears(peer: Peer) -> None:
    """Accepts, notes what it was sent, and never answers."""
    heard = peer.request()
    if peer.listener is not None and heard is not None:
        peer.listener.heads.append(heard)
    peer.wait()


def never_reads(peer: Peer) -> None:
    """Accepts, and does not even read."""
    del peer
    time.sleep(20)


def hangs_up(peer: Peer) -> None:
    """Accepts, and closes at once."""
    del peer


def resets(peer: Peer) -> None:
    """Resets the connection in the middle of an answer."""
    peer.request()
    peer.send(HEAD + b"Content-Length: 100\r\n\r\n" + DONE)
    time.sleep(0.05)
    peer.reset()


def cuts_short(peer: Peer) -> None:
    """Closes in the middle of the head of an answer."""
    peer.request()
    peer.send(HEAD[:30])


def bomb() -> bytes:
    """A gigabyte of blanks that is a megabyte on the wire."""
    packed = gzip.compress(b" " * 2**20, 9) * 1024
    return answer(201, packed[: 1000 * 1000], "Content-Encoding: gzip")


def single_bomb() -> bytes:
    """50 MB of blanks in a single gzip member of 50 KB."""
    return answer(201, gzip.compress(b" " * 50_000_000, 9), "Content-Encoding: gzip")


def large_json() -> bytes:
    """50 MB of JSON."""
    return answer(201, b'{"message": "x", "more": [' + b"1," * 25_000_000 + b"1]}")


def nested(status: int = 201) -> bytes:
    """JSON nested 100,000 deep."""
    return answer(status, b"[" * 100_000 + b"]" * 100_000)


def message(text: str) -> bytes:
    """An answer that conforms, with a text of the server's choice."""
    return answer(201, json.dumps({"message": text}, ensure_ascii=False).encode())


def refusal(text: str) -> bytes:
    """A refusal of everything, with a text of the server's choice in all that a report may show."""
    error = {"message": text, "code": text, "errors": [{"message": text}]}
    return answer(400, json.dumps({"error": error}, ensure_ascii=False).encode())


def redirect(location: str, status: int = 307) -> bytes:
    """A redirect."""
    return answer(status, DONE, f"Location: {location}")


def refuses_connections() -> Listener:
    """A port that nobody listens on."""
    listener = Listener(silent)
    listener.close()
    return listener


YEAR = "Retry-After: 31536000"
LATER = answer(503, DONE, YEAR)
PAGE = answer(200, b"<html>hello</html>", media="text/html")

UNDECIDED: dict[str, tuple[Handler, str]] = {
    "accepts and never answers": (silent, "within the time limit"),
    "accepts and never reads": (never_reads, "within the time limit"),
    "accepts and hangs up": (hangs_up, "stopped answering"),
    "one byte a second": (slow(answer(201, DONE), 1.0), "within the time limit"),
    "a body of one byte each 0.2 s": (drips, "within the time limit"),
    "head cut short": (cuts_short, "not HTTP, or was cut short"),
    "body cut short in a chunk": (once(CHUNKED + b"40\r\n" + DONE), "cut short"),
    "reset in the middle": (resets, "the connection was reset"),
    "endless body": (endless(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), "more than"),
    "endless body without a length": (endless(HEAD + b"\r\n", b"x" * 65536), "more than"),
    "endless headers": (endless(HEAD, b"X-More: and more\r\n" * 100), "not HTTP"),
    "endless header": (endless(HEAD + b"X-More: ", b"x" * 65536), "not HTTP"),
    "endless interim answers": (
        endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 50),
        "within the time limit",
    ),
    "gzip bomb": (always(single_bomb()), "more than"),
    "gzip bomb of many members": (always(bomb()), "more than"),
    "content length too long": (
        once(HEAD + b"Content-Length: 1000\r\n\r\n" + DONE),
        "cut short",
    ),
    "content length that is none": (
        once(HEAD + b"Content-Length: many\r\n\r\n" + DONE),
        "not HTTP",
    ),
    "two content lengths": (
        once(HEAD + b"Content-Length: 3\r\nContent-Length: 19\r\n\r\n" + DONE),
        "not HTTP",
    ),
    "invalid status line": (once(b"HTTP/1.1 OK 201\r\n\r\n" + DONE), "not HTTP"),
    "another protocol": (once(b"SSH-2.0-OpenSSH_9.6\r\n"), "not HTTP"),
    "HTTP/0.9": (once(DONE), "not HTTP"),
    "status 099": (once(answer(99, DONE)), "not HTTP"),
    "redirect to itself": (always(redirect("")), "does not seem to be the API"),
    "redirect to file:": (always(redirect("file:///etc/passwd", 302)), "does not seem to be"),
    "50 MB of JSON": (once(large_json()), "more than"),
    "message of 10 MB": (once(message("x" * 10_000_000)), "more than"),
    "Retry-After of a year": (always(answer(429, DONE, YEAR)), "429"),
    "Retry-After of a year, 503": (always(LATER), "503"),
    "Retry-After of nonsense": (always(answer(503, DONE, "Retry-After: 9" + "9" * 400)), "503"),
    "a page of HTML": (always(PAGE), "does not seem to be the API"),
}
"""Nothing can be said of these, and the sentence says why."""

BROKEN: dict[str, tuple[Handler, str]] = {
    "content length too short": (
        once(HEAD + b"Content-Length: 5\r\nConnection: close\r\n\r\n" + DONE),
        "answer.success",
    ),
    "content length too short, kept alive": (
        always(HEAD + b"Content-Length: 5\r\n\r\n" + DONE),
        "answer.success",
    ),
    "invalid UTF-8": (always(answer(201, b'{"message": "\xff\xfe"}')), "answer.success"),
    "JSON nested 100,000 deep": (always(nested()), "answer.success"),
    "status 299": (always(answer(299, DONE)), "answer.status"),
    "status 600": (always(answer(600, DONE)), "answer.no-500"),
    "a message of 900 KB": (always(message("x" * 900_000)), ""),
    "terminal escapes": (always(refusal(ESCAPES)), ""),
    "HTML and script": (always(refusal(SCRIPT)), ""),
    "HTML and script, accepting": (always(message(SCRIPT + ESCAPES)), ""),
}
"""These answer, and break the contract; the clause has to be among the broken ones."""
